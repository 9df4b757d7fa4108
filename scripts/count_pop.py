"""Count what pop songs do, for the composer's tables: KMIDI_SHARED=... uv run --group bench python -m scripts.count_pop

Reads the 454 songs of `data/pop909` (odd numbers of POP909 and POP909-CL, MIT) and writes
`packages/kmidi/src/kmidi/tables/counted.json.gz`: transition counts, rhythm cells, phrase schemes and accompaniment
cells. Only what at least MIN_SONGS songs share is kept, so that the table holds habits and never a song.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import symusic

from scripts.packing import gzipped

MIN_SONGS = 3
SLOT = 120  # ticks of a 16th at 480 a quarter
OUT = Path(__file__).resolve().parents[1] / "packages/kmidi/src/kmidi/tables/counted.json.gz"
NUMERALS = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
SHAPES = {
    (0, 4, 7): "", (0, 3, 7): "m", (0, 3, 6): "dim", (0, 4, 8): "aug", (0, 5, 7): "sus4", (0, 2, 7): "sus2", (0, 4, 7, 10): "7",
    (0, 4, 7, 11): "maj7", (0, 3, 7, 10): "m7", (0, 3, 6, 10): "m7b5", (0, 3, 6, 9): "dim7", (0, 4, 7, 9): "6", (0, 2, 4, 7): "add9",
    (0, 5, 7, 10): "7sus4", (0, 2, 4, 7, 10): "9", (0, 2, 3, 7, 10): "m9", (0, 2, 4, 7, 11): "maj9",
}  # fmt: skip
SCALES = {0: (0, 2, 4, 5, 7, 9, 11), 1: (0, 2, 3, 5, 7, 8, 10)}


class Song:
    """One song on a grid of 16ths from the first bar of its form: notes by track, chords, section letters."""

    def __init__(self, data: Path, name: str) -> None:
        score = symusic.Score(str(data / f"score/{name}.mid"))
        if len(score.tracks) < 2 or [(t.numerator, t.denominator) for t in score.time_signatures] != [(4, 4)]:
            raise ValueError("no chord track, or not in 4/4")
        whole, chords = (track.notes.numpy() for track in score.tracks[:2])
        played = {t.name: t.notes.numpy() for t in symusic.Score(str(data / f"song/{name}.mid")).tracks if len(t.notes)}
        shift = _shift(whole, played)
        form = re.findall(r"([A-Za-z])(\d+)", (data / f"phrases/{name}.1.txt").read_text())
        self.letters = [letter for letter, bars in form for _ in range(int(bars))]
        self.phrases = [(letter, int(bars)) for letter, bars in form]
        onsets = np.unique(chords["time"]) / SLOT
        melody = (played["MELODY"]["time"] + shift) / SLOT
        first, fit = _first_bar(onsets, melody, self.letters)
        if fit < 0.85:
            raise ValueError("the form does not fit the notes")
        self.tracks = {
            name: [
                (round((t + shift) / SLOT - first), max(1, round(d / SLOT)), int(p), int(v))
                for t, d, p, v in zip(n["time"], n["duration"], n["pitch"], n["velocity"], strict=True)
            ]
            for name, n in played.items()
        }
        key = score.key_signatures[0]
        self.minor = int(key.tonality)
        self.tonic = int((key.key * 7 + (9 if self.minor else 0)) % 12)
        self.chords = _chords(chords, first, self.tonic)


def _shift(whole: dict[str, Any], played: dict[str, dict[str, Any]]) -> int:
    """Ticks from the played song to the score: the commonest distance between equal pitches."""
    at = defaultdict(list)
    for time, pitch in zip(whole["time"][:300].tolist(), whole["pitch"][:300].tolist(), strict=True):
        at[pitch].append(time)
    distances = Counter(
        there - time
        for notes in played.values()
        for time, pitch in zip(notes["time"][:300].tolist(), notes["pitch"][:300].tolist(), strict=True)
        for there in at.get(pitch, ())
        if abs(there - time) < 8000
    )
    return distances.most_common(1)[0][0]


def _first_bar(onsets: Any, melody: Any, letters: list[str]) -> tuple[int, float]:
    """(16th at which the form starts, how well sung letters have melody) over every start on an eighth."""
    sung = np.array([letter.isupper() and letter != "X" for letter in letters])
    best = (-1.0, 0, 0.0)
    for start in range(-32, 80, 2):
        bar = np.floor((melody - start) / 16).astype(int)
        has = np.bincount(bar[(bar >= 0) & (bar < len(sung))], minlength=len(sung)) > 1
        fit = float(np.mean(has == sung))
        total = fit + 0.5 * float(np.mean((np.round(onsets) - start) % 16 == 0))
        if total > best[0] + 1e-9:
            best = (total, start, fit)
    return best[1], best[2]


def _chords(notes: dict[str, Any], first: int, tonic: int) -> list[tuple[int, int, str, int]]:
    """(onset, length, numeral with quality, root pitch class) of each chord, in 16ths from the first bar."""
    groups: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for time, length, pitch in zip(
        notes["time"].tolist(), notes["duration"].tolist(), notes["pitch"].tolist(), strict=True
    ):
        groups[time].append((pitch, length))
    rows = []
    for time in sorted(groups):
        pitches = sorted(p for p, _ in groups[time])
        classes = {p % 12 for p in pitches}
        for root in [pitches[0] % 12, *sorted(classes)]:
            quality = SHAPES.get(tuple(sorted((c - root) % 12 for c in classes)))
            if quality is not None:
                rows.append(
                    (round(time / SLOT) - first, round(groups[time][0][1] / SLOT), numeral(root - tonic, quality), root)
                )
                break
    return rows


def numeral(step: int, quality: str) -> str:
    """A Roman numeral as the composer writes it: minor and diminished in lower case."""
    name = NUMERALS[step % 12]
    if quality.startswith("m") and not quality.startswith("maj"):
        head = name[0] + name[1:].lower() if name[0] in "b#" else name.lower()
        return head + {"m": "", "m7": "7", "m9": "9", "m7b5": "m7b5"}[quality]
    if quality.startswith("dim"):
        return (name[0] + name[1:].lower() if name[0] in "b#" else name.lower()) + quality
    return name + quality


def shared(counts: dict[Any, Counter[str]], least: int = MIN_SONGS) -> dict[Any, int]:
    """Counts of what at least `least` songs have, commonest first. `counts` is thing -> songs."""
    kept = {thing: sum(songs.values()) for thing, songs in counts.items() if len(songs) >= least}
    return dict(sorted(kept.items(), key=lambda kv: (-kv[1], str(kv[0]))))


def count(data: Path) -> dict[str, Any]:
    """Every table, from every song that can be laid on its form."""
    songs: dict[str, Song] = {}
    for path in sorted((data / "score").glob("*.mid")):
        try:
            songs[path.stem] = Song(data, path.stem)
        except (ValueError, KeyError, IndexError):
            continue
    return {
        "source": "POP909 and POP909-CL, odd numbers (Wang et al., ISMIR 2020; Lu et al. 2025), MIT licence",
        "songs": len(songs),
        **count_harmony(songs),
        **count_melody(songs),
        **count_accompaniment(songs),
        **count_touch(songs),
        **count_temper(songs),
        **count_form(songs),
    }


def simple(roman: str) -> str:
    """The numeral with its third and fifth only."""
    return re.sub(r"(maj7|maj9|7sus4|sus4|sus2|add9|6|7|9)$", "", re.sub("m7b5", "dim", re.sub("dim7", "dim", roman)))


def count_harmony(songs: dict[str, Song]) -> dict[str, Any]:
    """Progressions of phrases (two slots a bar), transitions by place in the phrase, colours, lengths."""
    loops: dict[str, dict[str, Counter[str]]] = {"major": defaultdict(Counter), "minor": defaultdict(Counter)}
    moves: dict[str, dict[str, Counter[str]]] = {m: defaultdict(Counter) for m in loops}
    starts: dict[str, Counter[str]] = {m: Counter() for m in loops}
    ends: dict[str, Counter[str]] = {m: Counter() for m in loops}
    colours: dict[str, dict[str, Counter[str]]] = {m: defaultdict(Counter) for m in loops}
    lengths: Counter[str] = Counter()
    for name, song in songs.items():
        mode = "minor" if song.minor else "major"
        line: dict[int, str] = {}
        for onset, length, roman, _ in song.chords:
            lengths[str(length)] += 1
            colours[mode][simple(roman)][roman] += 1
            for slot in range((onset + 2) // 8, max((onset + 2) // 8 + 1, (onset + length + 2) // 8)):
                line[slot] = simple(roman)
        for (_, _, a, _), (_, _, b, _) in zip(song.chords, song.chords[1:], strict=False):
            moves[mode][simple(a)][simple(b)] += 1
        bar = 0
        for _, bars in song.phrases:
            if bars % 4 == 0:
                starts[mode][line.get(bar * 2, "")] += 1
                ends[mode][f"{line.get((bar + bars) * 2 - 2, '')} {line.get((bar + bars) * 2 - 1, '')}"] += 1
                for four in range(bar, bar + bars, 4):
                    cells = [line.get(slot, "") for slot in range(four * 2, four * 2 + 8)]
                    if all(cells):
                        text = " | ".join(
                            a if a == b else f"{a} {b}" for a, b in zip(cells[::2], cells[1::2], strict=True)
                        )
                        loops[mode][text][name] += 1
            bar += bars

    def top(counter: Counter[str], least: int) -> dict[str, int]:
        return {k: v for k, v in sorted(counter.items(), key=lambda kv: (-kv[1], kv[0])) if v >= least and k}

    return {
        "progressions": {mode: shared(table) for mode, table in loops.items()},
        "moves": {
            mode: {a: top(b, 8) for a, b in sorted(table.items()) if sum(b.values()) >= 40}
            for mode, table in moves.items()
        },
        "phrase_starts": {mode: top(c, 5) for mode, c in starts.items()},
        "phrase_ends": {mode: top(c, 5) for mode, c in ends.items()},
        "colours": {
            mode: {a: top(b, 8) for a, b in sorted(t.items()) if sum(b.values()) >= 40} for mode, t in colours.items()
        },
        "chord_sixteenths": top(lengths, 20),
    }


def mask_of(slots: set[int]) -> str:
    """A bar's onsets as text: x an onset, . none."""
    return "".join("x" if slot in slots else "." for slot in range(16))


def count_melody(songs: dict[str, Song]) -> dict[str, Any]:
    """Rhythm cells, phrase schemes, intervals in scale steps, chord tones by weight of the beat, gaps."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    beats: dict[str, Counter[str]] = defaultdict(Counter)
    follow: dict[str, Counter[str]] = defaultdict(Counter)
    schemes: dict[str, Counter[str]] = defaultdict(Counter)
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    tones = {level: [0, 0] for level in ("bar", "half", "beat", "eighth", "sixteenth")}
    first_step: Counter[str] = Counter()
    held: dict[str, list[float]] = defaultdict(list)
    pauses: Counter[str] = Counter()
    same_pitch = [[0, 0], [0, 0], [0, 0], [0, 0]]
    over_root: Counter[str] = Counter()
    for name, song in songs.items():
        notes = sorted(song.tracks["MELODY"])
        by_bar: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for onset, _, pitch, _ in notes:
            by_bar[onset // 16].append((onset % 16, pitch))
        for bar_notes in by_bar.values():
            mask = mask_of({slot for slot, _ in bar_notes})
            cells[mask][name] += 1
            for beat in range(4):
                beats[mask[4 * beat : 4 * beat + 4]][name] += 1
                if beat:
                    follow[mask[4 * beat - 4 : 4 * beat]][mask[4 * beat : 4 * beat + 4]] += 1
        _schemes(song, by_bar, schemes, same_pitch, name)
        _steps(song, notes, steps, tones, over_root)
        for (onset, length, _, _), (following, _, _, _) in itertools.pairwise(notes):
            gap = following - onset
            if 0 < gap <= 16:
                held[str(gap)].append(min(1.0, length / gap))
            if gap > length:
                pauses[str(min(16, gap - length))] += 1
        if notes:
            first_step[str((notes[0][2] - song.tonic) % 12)] += 1
    return {
        "melody_cells": shared(cells),
        "beat_cells": shared(beats),
        "beat_follows": {
            a: {k: v for k, v in sorted(b.items()) if v >= 20}
            for a, b in sorted(follow.items())
            if sum(b.values()) >= 60
        },
        "phrase_schemes": shared(schemes),
        "steps": {a: {k: v for k, v in sorted(b.items()) if v >= 10} for a, b in sorted(steps.items())},
        "chord_tone_share": {k: round(a / max(1, b), 3) for k, (a, b) in tones.items()},
        "over_root": dict(over_root.most_common()),
        "held_share": {k: round(float(np.mean(v)), 3) for k, v in sorted(held.items(), key=lambda kv: int(kv[0]))},
        "same_rhythm_same_pitches": [round(a / max(1, b), 3) for a, b in same_pitch],
    }


def _alike(a: str, b: str) -> bool:
    """True where two bars share at least three quarters of their onsets."""
    first, second = ({i for i, c in enumerate(x) if c == "x"} for x in (a, b))
    return bool(first | second) and len(first & second) / len(first | second) >= 0.75


def _schemes(song: Song, by_bar: dict[int, list[tuple[int, int]]], schemes: Any, same_pitch: Any, name: str) -> None:
    bar = 0
    for letter, bars in song.phrases:
        if letter.isupper() and bars % 4 == 0:
            for four in range(bar, bar + bars, 4):
                masks = [mask_of({s for s, _ in by_bar.get(b, [])}) for b in range(four, four + 4)]
                text: list[str] = []
                for at, mask in enumerate(masks):
                    like = next((j for j in range(at) if _alike(masks[j], mask)), None)
                    text.append(
                        "-"
                        if "x" not in mask
                        else text[like]
                        if like is not None
                        else chr(ord("A") + len({t for t in text if t != "-"}))
                    )
                    if like is not None and masks[like] == mask:
                        pair = [[p for _, p in by_bar[four + x]] for x in (like, at)]
                        moves = [np.diff(p).tolist() for p in pair]
                        same_pitch[at - like][0] += pair[0] == pair[1]
                        same_pitch[at - like][1] += 1
                        same_pitch[0][0] += moves[0] == moves[1]
                        same_pitch[0][1] += 1
                schemes["".join(text)][name] += 1
        bar += bars


def _steps(song: Song, notes: Any, steps: Any, tones: Any, over_root: Any) -> None:
    scale = SCALES[song.minor]
    spans = {}
    for onset, length, roman, root in song.chords:
        for slot in range(onset, onset + length):
            spans[slot] = (roman, root)
    before = ""
    for (onset, _, pitch, _), (following, _, target, _) in itertools.pairwise(notes):
        here, there = (_degree(p - song.tonic, scale) for p in (pitch, target))
        if here is None or there is None or following - onset > 16:
            before = ""
            continue
        move = max(-9, min(9, there - here))
        steps[before][str(move)] += 1
        before = str(max(-4, min(4, move)))
    for onset, length, pitch, _ in notes:
        slot = onset % 16
        level = (
            "bar"
            if slot == 0
            else "half"
            if slot == 8
            else "beat"
            if slot % 4 == 0
            else "eighth"
            if slot % 2 == 0
            else "sixteenth"
        )
        span = spans.get(onset)
        if span:
            classes = {0, 3 if span[0].lower() == span[0] else 4, 7}
            tones[level][1] += 1
            tones[level][0] += (pitch - span[1]) % 12 in classes
            over_root[str((pitch - span[1]) % 12)] += length


def _degree(step: int, scale: tuple[int, ...]) -> int | None:
    """The note's place on the staff of the scale, counted from the tonic; None where it is off the scale."""
    octave, rest = divmod(step, 12)
    return octave * 7 + scale.index(rest) if rest in scale else None


def count_accompaniment(songs: dict[str, Song]) -> dict[str, Any]:
    """Half-bar cells of the piano: per onset which rungs of the chord's ladder are struck, and for how long."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    follow: dict[str, Counter[str]] = defaultdict(Counter)
    low: dict[str, Counter[str]] = defaultdict(Counter)
    span: list[int] = []
    for name, song in songs.items():
        ladder_at: dict[int, list[int]] = {}
        for onset, length, roman, root in song.chords:
            third = 3 if simple(roman).lower() == simple(roman) else 4
            classes = sorted({root % 12, (root + third) % 12, (root + 7) % 12})
            for slot in range(onset, onset + length):
                ladder_at[slot] = classes
        halves: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for onset, length, pitch, _ in song.tracks.get("PIANO", []):
            halves[onset // 8].append((onset % 8, length, pitch))
        before = ("", -9)
        for half in sorted(halves):
            notes = halves[half]
            classes = ladder_at.get(half * 8 + 2)
            if classes is None:
                continue
            bottom = min(p for _, _, p in notes)
            ladder = [p for p in range(bottom, 100) if p % 12 in classes] or [bottom]
            cell: dict[int, set[int]] = defaultdict(set)
            for slot, _, pitch in notes:
                rung = min(range(len(ladder)), key=lambda r, p=pitch: abs(ladder[r] - p))
                cell[slot].add(rung)
            text = " ".join(f"{slot}:{','.join(map(str, sorted(rungs)))}" for slot, rungs in sorted(cell.items()))
            cells[text][name] += 1
            if before[1] == half - 1:
                follow[before[0]][text] += 1
            before = (text, half)
            low[mask_of({s for s, _, p in notes if p < bottom + 7 and p < 55})[:8]][name] += 1
            span.append(max(p for _, _, p in notes) - bottom)
    kept = shared(cells)
    return {
        "piano_cells": kept,
        "piano_follows": {
            a: f
            for a, b in sorted(follow.items())
            if a in kept and (f := {k: v for k, v in sorted(b.items()) if v >= 4 and k in kept})
        },
        "low_rhythms": shared(low),
        "piano_half_bar_span": [float(x) for x in np.percentile(span, [10, 50, 90])],
    }


TOUCHES = 5  # kinds of players, from those who let go early to those who let notes lie over each other
LONGEST = 16  # sixteenths


def count_touch(songs: dict[str, Song]) -> dict[str, Any]:
    """How long pianists hold a note against the time to the next: kind of player -> time -> length -> count, in 16ths.

    A low note (the lowest of its stroke, under the middle) against the next low one, the others against the next
    stroke. Players are ranked by how much longer than the time to the next stroke they hold, and cut into equal fifths.
    """
    rows: dict[str, list[tuple[str, int, int]]] = {}
    for name, song in songs.items():
        notes = song.tracks.get("PIANO", [])
        bottom: dict[int, int] = {}
        for onset, _, pitch, _ in notes:
            bottom[onset] = min(bottom.get(onset, 128), pitch)
        lows = {o for o, p in bottom.items() if p < 53}
        after = {k: dict(itertools.pairwise(sorted(v))) for k, v in (("low", lows), ("up", set(bottom)))}
        rows[name] = [
            (hand, min(LONGEST, after[hand][onset] - onset), min(LONGEST, length))
            for onset, length, pitch, _ in notes
            for hand in ("low" if onset in lows and pitch == bottom[onset] else "up",)
            if onset in after[hand]
        ]
    held = {n: np.mean([np.log2(d / g) for hand, g, d in r if hand == "up" and g <= 4]) for n, r in rows.items()}
    order = sorted(held, key=lambda name: (held[name], name))
    table: dict[str, list[dict[str, dict[str, int]]]] = {"low": [], "up": []}
    for kind in range(TOUCHES):
        players = order[kind * len(order) // TOUCHES : (kind + 1) * len(order) // TOUCHES]
        for hand, kinds in table.items():
            lengths: dict[int, Counter[int]] = defaultdict(Counter)
            for name in players:
                for which, gap, length in rows[name]:
                    if which == hand:
                        lengths[gap][length] += 1
            kinds.append({
                str(gap): {str(d): n for d, n in sorted(c.items())} for gap, c in sorted(lengths.items()) if sum(c.values()) >= 60
            })  # fmt: skip
    return {"touch": table}


TEMPER = ("onsets", "off_beat", "fine", "notes", "repeats", "contrast", "empty", "touch")
AT = [step / 2 for step in range(-5, 6)]  # standard deviations at which a habit's spread is kept


def count_temper(songs: dict[str, Song]) -> dict[str, Any]:
    """How songs differ in what their players do, and what of it goes together: no song's own numbers are kept.

    Of the melody, bridge and piano of a song: onsets a quarter; the share of them off the beat and off the eighths; notes
    an onset; the share of bars whose rhythm comes again; the deviation of notes a bar against their mean; the share of
    quarters in which nothing is struck; and how long the piano holds against the next stroke (log 2). Kept are each
    habit's values at AT, and the lower triangle whose product with itself are the correlations of their ranks.
    """
    rows: list[list[float]] = []
    for song in songs.values():
        notes = np.array([n[0] for name in ("MELODY", "BRIDGE", "PIANO") for n in song.tracks.get(name, [])])
        at = notes - notes.min() // 16 * 16
        bars, onsets = at.max() // 16 + 1, np.unique(at)
        grid = np.zeros((bars, 16), bool)
        grid[at // 16, at % 16] = True
        seen = Counter(bar.tobytes() for bar in grid if bar.any())
        per_bar = np.bincount(at // 16, minlength=bars)
        piano = song.tracks.get("PIANO", [])
        after = dict(itertools.pairwise(sorted({o for o, *_ in piano})))
        held = [np.log2(min(LONGEST, d) / (after[o] - o)) for o, d, *_ in piano if o in after and after[o] - o <= 4]
        rows.append([
            len(onsets) / bars / 4, float(np.mean(onsets % 4 != 0)), float(np.mean(onsets % 2 != 0)), len(at) / len(onsets),
            sum(n for n in seen.values() if n > 1) / seen.total(), float(per_bar.std() / per_bar.mean()),
            1 - len(np.unique(onsets // 4)) / (int(at.max()) // 4 + 1), float(np.mean(held)),
        ])  # fmt: skip
    table = np.array(rows)
    ranks = table.argsort(0, kind="stable").argsort(0, kind="stable")
    shares = [NormalDist().cdf(z) for z in AT]
    lower = np.linalg.cholesky(np.corrcoef(ranks.T))
    return {
        "temper": {
            "at": AT,
            "values": {name: np.quantile(table[:, i], shares).round(4).tolist() for i, name in enumerate(TEMPER)},
            "lower": [row[: i + 1].round(4).tolist() for i, row in enumerate(lower)],
        }
    }


def count_form(songs: dict[str, Song]) -> dict[str, Any]:
    """Phrase lengths, and how dense each kind of phrase is against its song."""
    lengths: Counter[str] = Counter()
    strings: dict[str, Counter[str]] = defaultdict(Counter)
    density: dict[str, list[float]] = defaultdict(list)
    for name, song in songs.items():
        kinds = []
        per_bar = Counter(onset // 16 for notes in song.tracks.values() for onset, _, _, _ in notes)
        usual = np.mean([per_bar[b] for b in range(len(song.letters))])
        bar = 0
        for letter, bars in song.phrases:
            lengths[str(bars)] += 1
            kinds.append(letter)
            kind = letter if letter in "iox" else "sung" if letter.isupper() else "unsung"
            density[kind].append(float(np.mean([per_bar[b] for b in range(bar, bar + bars)]) / max(1e-9, usual)))
            bar += bars
        strings["".join(k for k, before in zip(kinds, ["", *kinds], strict=False) if k != before)][name] += 1
    return {
        "phrase_bars": {k: v for k, v in sorted(lengths.items(), key=lambda kv: -kv[1]) if v >= 10},
        "forms": shared(strings, 2),
        "density_by_kind": {
            k: [round(float(x), 3) for x in np.percentile(v, [10, 50, 90])]
            for k, v in sorted(density.items())
            if len(v) > 20
        },
    }


def main() -> None:
    """Write the table and say how big it is."""
    table = count(Path(os.environ["KMIDI_SHARED"]) / "data/pop909")
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"), sort_keys=False) + "\n"
    OUT.write_bytes(gzipped(text.encode()))
    print(f"{OUT.name}: {OUT.stat().st_size} bytes from {table['songs']} songs")
    for name, value in table.items():
        print(f"  {name}: {len(value) if isinstance(value, dict | list) else value}")


if __name__ == "__main__":
    main()
