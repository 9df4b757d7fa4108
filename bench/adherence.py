"""What was asked is in the file: random intents, and what mido reads in their bytes."""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import mido

from bench.table import figure, show
from kmidi import Intent, KmidiError, SectionWish
from kmidi.studio import LocalStudio, Take
from kmidi.tables import genres, instruments
from kmidi.theory import Key, Meter
from kmidi.theory.key import MODES
from kmidi.theory.meter import GROUPS

TONICS = ("C", "C#", "Db", "D", "D#", "Eb", "E", "F", "F#", "Gb", "G", "G#", "Ab", "A", "A#", "Bb", "B")
SECTIONS = ("intro", "verse", "chorus", "bridge", "outro", "theme", "breakdown", "the long night")
WORDS = (
    "missing you",
    "we won",
    "rage at the sea",
    "nothing to do on a sunday",
    "hope after a hard winter",
    "smiling through it",
)


def some_intent(dice: Random) -> Intent:
    """An Intent with a random choice of settings, all legal."""
    asked: dict[str, Any] = {"text": dice.choice(WORDS), "seed": dice.randrange(10_000)}
    meter = dice.choice(sorted(GROUPS))
    bar_quarters = Meter.parse(meter).bar_quarters
    if dice.random() < 0.6:
        asked["genre"] = dice.choice(sorted(genres()))
    if dice.random() < 0.6:
        asked["key"] = dice.choice(TONICS)
    if dice.random() < 0.5:
        asked["mode"] = dice.choice(sorted(MODES))
    if dice.random() < 0.6:
        asked["meter"] = meter
    if dice.random() < 0.5:
        asked["bpm"] = round(dice.uniform(40, 200), dice.choice((0, 2)))
    length = dice.random()
    if length < 0.3:
        asked["bars"] = dice.randint(1, 48)
    elif length < 0.6:
        asked["seconds"] = round(dice.uniform(8, 90), 1)
    elif length < 0.8:
        names = dice.sample(SECTIONS, dice.randint(1, 4))
        asked["sections"] = tuple(SectionWish(name=name, bars=dice.randint(1, 12)) for name in names)
    if "bars" in asked and "bpm" not in asked and dice.random() < 0.2:
        asked["meter"] = meter
        asked["seconds"] = round(asked["bars"] * bar_quarters * 60 / dice.uniform(60, 150), 2)
    if dice.random() < 0.5:
        asked["instruments"] = tuple(dice.sample(sorted(instruments()), dice.randint(1, 6)))
    return Intent(**asked)


def check(take: Take) -> list[str]:
    """What the file does not hold of what was asked; empty where it holds all."""
    asked, wrong = take.intent, []
    file = mido.MidiFile(file=io.BytesIO(take.midi))
    metas = {m.type: m for m in reversed(file.tracks[0])}  # the first of each
    texts = [m.text for m in file.tracks[0] if m.type == "text"]
    ticks = {sum(m.time for m in track) for track in file.tracks}
    tempo, meter = metas["set_tempo"].tempo, metas["time_signature"]
    bar = Meter(meter.numerator, meter.denominator).bar_ticks(file.ticks_per_beat)
    signature = metas["key_signature"].key
    if asked.key is not None and Key(signature.rstrip("m")).pitch_class != Key(asked.key).pitch_class:
        wrong.append("key")
    if asked.mode is not None:
        plain = {"ionian": "", "aeolian": "m"}
        if signature.endswith("m") != (MODES[asked.mode][2] == 3) or (
            asked.mode not in plain and f"mode: {asked.mode}" not in texts
        ):
            wrong.append("mode")
    if asked.bpm is not None and tempo != round(60e6 / asked.bpm):
        wrong.append("bpm")
    if asked.meter is not None and f"{meter.numerator}/{meter.denominator}" != asked.meter:
        wrong.append("meter")
    if len(ticks) != 1:
        wrong.append("track ends")
    tick_seconds = tempo / 1e6 / file.ticks_per_beat
    if asked.seconds is not None and abs(max(ticks) * tick_seconds - asked.seconds) > max(0.002, 0.51 * tick_seconds):
        wrong.append("seconds")
    bars = asked.bars if asked.sections is None else sum(s.bars for s in asked.sections)
    if bars is not None and max(ticks) != bars * bar:
        wrong.append("bars")
    if asked.instruments is not None:
        # one instrument may take two seats, a track each: a guitar alone plays the tune and the chords
        programs = {m.program for t in file.tracks for m in t if m.type == "program_change"}
        if programs != {instruments()[i].program for i in asked.instruments}:
            wrong.append("instruments")
        silent = [t.name for t in file.tracks[1:] if not any(m.type == "note_on" for m in t)]
        if silent and max(ticks) >= 8 * bar:
            wrong.append("instruments that are silent")
    tick, found, keys = 0, [], []
    for message in file.tracks[0]:
        tick += message.time
        if message.type == "marker":
            found.append((message.text, tick))
        elif message.type == "key_signature":
            keys.append(Key(message.key.rstrip("m")).pitch_class)
    if asked.form is not None and [name.rstrip(" 0123456789") for name, _ in found] != asked.form.split():
        wrong.append("form")
    if asked.rise is not None and (keys[-1] - keys[0]) % 12 != (asked.rise if len(found) > 1 else 0):
        wrong.append("rise")
    if asked.sections is not None:
        at, wanted = 0, []
        names = [section.name for section in asked.sections]
        for number, section in enumerate(asked.sections):  # those that return are numbered
            again = f" {names[: number + 1].count(section.name)}" if names.count(section.name) > 1 else ""
            wanted.append((section.name + again, at))
            at += section.bars * bar
        if found != wanted:
            wrong.append("sections")
    return wrong


def wide_intent(dice: Random) -> Intent:
    """An Intent at the edges: 20 to 300 bpm, a second or 130 bars, sections that return, a last key far up, up to twelve
    instruments.
    """
    asked: dict[str, Any] = {
        "text": dice.choice(WORDS),
        "seed": dice.randrange(10_000),
        "genre": dice.choice(sorted(genres())),
    }
    if dice.random() < 0.7:
        asked["key"] = dice.choice(TONICS)
    if dice.random() < 0.6:
        asked["mode"] = dice.choice(sorted(MODES))
    if dice.random() < 0.7:
        asked["meter"] = dice.choice(sorted(GROUPS))
    if dice.random() < 0.6:
        asked["bpm"] = dice.choice((20.0, 300.0, round(dice.uniform(20, 300), 3)))
    length = dice.random()
    if length < 0.3:
        asked["bars"] = dice.choice((1, 2, 3, 7, dice.randint(1, 130)))
    elif length < 0.6:
        asked["seconds"] = round(dice.choice((dice.uniform(1, 8), dice.uniform(8, 200))), 2)
    elif length < 0.85:
        asked["sections"] = tuple(
            SectionWish(name=dice.choice(SECTIONS), bars=dice.randint(1, 10)) for _ in range(dice.randint(1, 7))
        )
    elif length < 0.95:
        asked["form"] = " ".join(dice.choice(SECTIONS[:-1]) for _ in range(dice.randint(1, 7)))
    if dice.random() < 0.25:
        asked["rise"] = dice.randint(0, 6)
    if dice.random() < 0.7:
        asked["instruments"] = tuple(dice.sample(sorted(instruments()), dice.choice((1, 1, 2, 3, 5, 8, 12))))
    if dice.random() < 0.2:
        asked["loop"] = True
    if dice.random() < 0.2:
        asked["humanize"] = dice.choice((0.0, 0.5, 1.0))
    return Intent(**asked)


def check_lock(studio: LocalStudio, take: Take, dice: Random) -> list[str]:
    """What of a lock on bars, a part, a section or the chords is not as it was in the next take."""
    plan = take.plan
    last = plan.bars if plan.end_quarters is None else plan.bars - 1
    kind = dice.choice(("bars", "bars", "part", "section", "chords"))
    name, first, end = "", 0, plan.bars
    if kind == "bars":
        if last < 2:
            return []
        first = dice.randint(1, last - 1) - 1
        end = dice.randint(first + 1, last - 1)
        lock = f"bars:{first + 1}-{end}"
    elif kind == "part":
        name = dice.choice(plan.parts).name
        lock = f"part:{name}"
    elif kind == "section":
        at = dice.randrange(max(1, len(plan.sections) - 1))
        first = sum(section.bars for section in plan.sections[:at])
        end = first + plan.sections[at].bars
        lock = f"section:{plan.sections[at].name}"
    else:
        lock = "chords"
    child = studio.compose(replace(take.intent, parent=take.intent, locks=(lock,), seed=take.intent.seed + 1))
    bar = plan.meter.bar_ticks(480)

    def kept(t: Take) -> list[Any]:
        if lock == "chords":
            return [(span.onset, span.duration, span.roman) for span in t.score.chords]
        found: list[Any] = []
        for p in t.score.parts:
            if name in ("", p.name):
                notes = p.notes[(p.notes["onset"] >= first * bar) & (p.notes["onset"] < end * bar)]
                found.append(sorted((int(n["onset"] + n["shift"]), int(n["pitch"]), int(n["velocity"])) for n in notes))
        return found

    return [] if kept(child) == kept(take) else [f"lock of {kind}"]


def main(count: int = 2000) -> None:
    """Print the share of random intents whose file holds all that was asked: everyday ones and those at the edges."""
    missed, rows = Counter[str](), list[tuple[str, ...]]()
    for name, start, made in (
        ("random intents", "adherence", some_intent),
        ("others of the kind", "another start", some_intent),
        ("intents at the edges", "edges", wide_intent),
    ):
        share = _met(count, Random(start), made, missed)
        rows.append(figure(f"share of {count} {name} whose file holds what was asked", share, 1.0, digits=4))
    show(rows, ("figure", "value", "bar", ""))
    for what, times in missed.most_common(12):
        print(f"  {times} × {what}")


def _met(count: int, dice: Random, made: Callable[[Random], Intent], missed: Counter[str]) -> float:
    studio, good = LocalStudio(), 0
    for number in range(count):
        intent = made(dice)
        try:
            take = studio.compose(intent)
            wrong = check(take) + (check_lock(studio, take, dice) if number % 4 == 0 else [])
        except KmidiError as error:
            wrong = [f"{type(error).__name__}: {error}"]
        good += not wrong
        missed.update(wrong)
        if wrong and "-v" in sys.argv:
            print(wrong, intent.set_fields())
    return good / count


if __name__ == "__main__":
    main()
