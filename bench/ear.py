"""How well the ear hears: keys, chords and feelings against people's labels, what the composer wrote, and how fast.

    KMIDI_SHARED=... uv run --group bench python -m bench.ear

Models are judged on songs they were not trained on: keys, chords, phrases and feelings by folds over songs, each
trained here on the other songs (some minutes in all).
"""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import islice, product
from random import Random
from tempfile import NamedTemporaryFile

import numpy as np

from kmidi.analysis import analyze
from kmidi.analysis.chord_net import fits_of
from kmidi.analysis.chords import hear_chords
from kmidi.analysis.form import compared, phrase_names
from kmidi.analysis.form_views import form_views
from kmidi.analysis.heard import Heard
from kmidi.analysis.key_cues import correlations, pitch_class_time
from kmidi.midi import read, write
from kmidi.score import PPQ, ChordSpan, MeterChange, Part, Score, Tempo, notes_array
from kmidi.theory import Meter
from scripts import train_chords, train_feeling, train_form, train_keys

from . import bar_lines, key_changes, melody, pulse
from .old_music import ESSEN, ONEILL, tunes
from .plans import composed
from .table import figure, medians, show
from .truth import Song, letters_f1, phrase_letters, pop_songs, shared

Row = tuple[str, str, str, str]
MIR = {"": "maj", "m": "min", "dim": "dim", "aug": "aug", "7": "7", "maj7": "maj7", "m7": "min7", "m7b5": "hdim7", "dim7": "dim7",
       "sus4": "sus4", "sus2": "sus2", "7sus4": "sus4(b7)", "mmaj7": "minmaj7", "6": "maj6", "m6": "min6",
       "9": "9", "maj9": "maj9", "m9": "min9", "add9": "maj(9)", "madd9": "min(9)"}  # fmt: skip
FAMILIES = {"maj": "maj", "min": "min", "dim": "dim", "aug": "aug", "sus": "sus4"}
KEY_BARS = {"pop909": 0.92, "chorales": 0.93}  # elsewhere the plain profile is the bar
FOLDS = 4  # of songs, for chords
PLANS = 276
PLAN_FOUND = 0.8
LETTERED = 4  # one song in so many has its letters judged
SONGS = 100  # in which remarks are counted


def key_rows() -> list[Row]:
    """Keys on pieces not trained on, beside the plain profile."""
    rows: list[Row] = []
    for made in (train_keys.harmony, train_keys.melodies):
        told = list(made())
        for name, (right, count) in train_keys.folded(train_keys.Lessons.of(told)).items():
            plain = np.mean(
                [_plain_key(score) == train_keys.number(key) for corpus, score, key in told if corpus == name]
            )
            bar = KEY_BARS.get(name, round(float(plain), 3))
            rows.append(
                figure(f"key exact, {name} ({count} pieces, 5 folds; plain Albrecht-Shanahan {plain:.3f})", right, bar)
            )
    for name, every, what in ((ONEILL, 5, "key exact"), (ESSEN, 20, "tonic")):
        right, plain = [], []
        for _, score, key in tunes(name, every):
            heard, profile = analyze(score).key, _plain_key(score)
            third = what == "tonic" or (heard is not None and heard.is_minor == key.is_minor)
            right.append(heard is not None and heard.pitch_class == key.pitch_class and third)
            plain.append(profile % 12 == key.pitch_class and (what == "tonic" or (profile >= 12) == key.is_minor))
        rows.append(figure(
            f"{what}, {name} ({len(right)} tunes, a collection not trained on; plain Albrecht-Shanahan {np.mean(plain):.3f})",
            float(np.mean(right)), round(float(np.mean(plain)), 3),
        ))  # fmt: skip
    return rows


def _plain_key(score: Score) -> int:
    return int(np.argmax(correlations(pitch_class_time(Heard.of(score)))))


def chord_rows() -> list[Row]:
    """Chords of every song under a net that never saw it, time-weighted; roots and tetrads by mir_eval."""
    songs = [song for song in pop_songs() if song.chords]
    lessons = [train_chords.Lesson.of(song.score, song.chords) for song in songs]
    composed_too = train_chords.composed_lessons()
    shares: list[tuple[float, float, float, float]] = []
    weights: list[float] = []
    for fold in range(FOLDS):
        net = train_chords.train([lesson for i, lesson in enumerate(lessons) if i % FOLDS != fold] + composed_too)
        turned = net.turned()
        for song, lesson in list(zip(songs, lessons, strict=True))[fold::FOLDS]:
            bars = compared(lesson.heard)
            fit = fits_of(net, turned, lesson.view, lesson.place)
            share, weight = agreement(song, hear_chords(lesson.heard, fit, bars and bars.returns)[0])
            shares.append(share)
            weights.append(weight)
    root, triad, tetrad, family = np.average(shares, axis=0, weights=weights).tolist()
    return [
        figure(f"chord root, {len(shares)} songs, {FOLDS} folds (mir_eval)", root, 0.95),
        figure(f"chord root and family (mir_eval triads: {triad:.3f})", family, 0.91),
        figure("chord exact quality (mir_eval tetrads)", tetrad, 0.86),
    ]


def agreement(song: Song, spans: tuple[ChordSpan, ...]) -> tuple[tuple[float, float, float, float], float]:
    """((root, triads, tetrads, family) as shares of labelled time, that time in ticks)."""
    import mir_eval

    edges = sorted({tick for s in (*song.chords, *spans) for tick in (s.onset, s.onset + s.duration)})
    lasting = np.diff(edges).astype(float)
    told, found = labels(song.chords, edges), labels(spans, edges)
    known = np.array([label is not None for label in told])
    weight = lasting * known
    names = [[_mir(span) for span in each] for each in (told, found)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = [
            np.average(np.maximum(compare(*names), 0), weights=weight)
            for compare in (mir_eval.chord.root, mir_eval.chord.triads, mir_eval.chord.tetrads)
        ]
    alike = [
        a is not None and b is not None and (a.chord.root, a.chord.family) == (b.chord.root, b.chord.family)
        for a, b in zip(told, found, strict=True)
    ]
    return (*(float(s) for s in scores), float(np.average(alike, weights=weight))), float(weight.sum())  # type: ignore[return-value]


def labels(spans: tuple[ChordSpan, ...], edges: list[int]) -> list[ChordSpan | None]:
    """The chord of each cell between edges."""
    cells: list[ChordSpan | None] = [None] * (len(edges) - 1)
    for span in spans:
        first, last = np.searchsorted(edges, [span.onset, span.onset + span.duration])
        cells[first:last] = [span] * (last - first)
    return cells


def _mir(span: ChordSpan | None) -> str:
    names = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
    if span is None:
        return "N"
    quality = MIR.get(span.chord.quality, FAMILIES[span.chord.family])
    return f"{names[span.chord.root]}:{quality}"


def form_rows() -> list[Row]:
    """Where phrases start, against either of two people, on songs not trained on."""
    found, people, songs = train_form.folded()
    letters: list[float] = []
    for song in islice(pop_songs(), 0, None, LETTERED):
        told = phrase_letters(song)
        if not told:
            continue
        alike = form_views(Heard.of(song.score))[1]
        for names, edges in told:
            inside = [i for i in range(len(names)) if edges[i] >= 0 and edges[i + 1] <= len(alike)]
            if len(inside) > 1:
                given, _ = phrase_names([edges[i] for i in (*inside, inside[-1] + 1)], alike)
                letters.append(letters_f1(given, [names[i] for i in inside]))
    return [
        figure(f"phrase starts, F1 against a person, {songs} songs, 5 folds (two people: {people:.3f})", found, 0.667),
        (f"letters of a person's phrases, F1 of pairs alike, {len(letters)} forms", f"{np.mean(letters):.3f}", "", ""),
    ]


def loop_rows() -> list[Row]:
    """What the composer planned, found in what it wrote, as shares of plans.

    Key: the tonic, and major or minor, from the notes alone. Chords: a plan's are found where root and family agree for
    PLAN_FOUND of its time. Meter and tempo stand in the file and are read there.
    """
    found: list[tuple[float, ...]] = []
    for planned, score in composed(PLANS, "held out"):
        heard = analyze(score)
        key = heard.key
        same = key is not None and (key.pitch_class, key.is_minor) == (planned.key.pitch_class, planned.key.is_minor)
        root, family = _chords_found(score, heard.chords)
        found.append((
            same, same and key is not None and key.mode == planned.key.mode, heard.meter == planned.meter,
            heard.bpm is not None and abs(heard.bpm - planned.bpm) < 0.05, family >= PLAN_FOUND, root, family,
        ))  # fmt: skip
    key, mode, meter, bpm, chords, root, family = np.mean(found, 0).tolist()
    return [
        figure(f"composed: key, tonic and major or minor, {PLANS} plans (with its very mode: {mode:.3f})", key, 0.97),
        figure("composed: meter (read from the file)", meter, 0.97),
        figure("composed: tempo (read from the file)", bpm, 0.97),
        figure(f"composed: plans with chords right for {PLAN_FOUND:.0%} of their time or more", chords, 0.97),
        figure("composed: share of time with the right root", root, 0.97),
        figure("composed: share of time with the right root and family", family, 0.97),
    ]


def _chords_found(score: Score, spans: tuple[ChordSpan, ...]) -> tuple[float, float]:
    edges = sorted({tick for s in (*score.chords, *spans) for tick in (s.onset, s.onset + s.duration)})
    lasting = np.diff(edges)
    pairs = list(zip(labels(score.chords, edges), labels(spans, edges), strict=True))
    root = [a is not None and b is not None and a.chord.root == b.chord.root for a, b in pairs]
    family = [
        r and a is not None and b is not None and a.chord.family == b.chord.family
        for r, (a, b) in zip(root, pairs, strict=True)
    ]
    return float(np.average(root, weights=lasting)), float(np.average(family, weights=lasting))


def remark_rows() -> list[Row]:
    """How many troubles a song of people is said to have, and of which kind: people's music is mostly well made."""
    kinds: Counter[str] = Counter()
    folder = shared() / "data" / "pop909" / "song"
    for path in sorted(folder.glob("*.mid"))[:SONGS]:
        kinds.update(finding.id for finding in analyze(read(path.read_bytes())).findings if finding.kind == "trouble")
    often = ", ".join(f"{kind} {count / SONGS:.2f}" for kind, count in kinds.most_common())
    return [
        figure(f"troubles remarked in a song of people ({often})", kinds.total() / SONGS, 2, at_least=False, digits=2)
    ]


def swing_rows() -> list[Row]:
    """Planted swing found again from bytes: the greatest error of the ratio, played with 8 ms of unevenness."""
    errors: list[float] = []
    for at, (ratio, bpm) in enumerate(product((1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0), (80, 120, 180))):
        dice = Random(f"swing/{at}")
        ticks = PPQ * bpm / 60_000
        offs = [
            round(i // 2 * PPQ + (i % 2) * PPQ * ratio / (1 + ratio) + 8 * ticks * dice.uniform(-1, 1))
            for i in range(128)
        ]
        part = Part(name="hat", channel=9, notes=notes_array([(max(o, 0), 30, 42, 80, 0) for o in offs]))
        score = Score(
            length=65 * PPQ, tempos=(Tempo(0, round(6e7 / bpm)),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,)
        )
        heard = analyze(read(write(score))).grooves[0].swing
        errors.append(abs((heard or 0) - ratio) / ratio)
    return [figure(f"swing ratios found again, greatest error of {len(errors)}", max(errors), 0.05, at_least=False)]


def speed_rows() -> list[Row]:
    """Reading and analysing a pop song, against music21 reading it and finding its key."""
    from music21 import converter

    song = next(islice(pop_songs(), 40, 41))
    with NamedTemporaryFile(suffix=".mid") as file:
        file.write(song.data)
        file.flush()
        score = read(song.data)
        ours = medians({"ours": lambda: analyze(score)})["ours"]
        theirs = medians({"music21": lambda: converter.parse(file.name, forceSource=True).analyze("key")}, repeats=1)[
            "music21"
        ]
    return [
        figure(
            f"analysis, times faster than music21's parse and key ({ours * 1000:.1f} ms, {theirs:.2f} s)",
            theirs / ours,
            100,
            digits=0,
        ),
    ]


def main() -> None:
    """Print every figure beside its bar."""
    quadrant, arousal, valence = train_feeling.folded()
    rows = [
        *key_rows(),
        *chord_rows(),
        *form_rows(),
        figure(f"EMOPIA quadrant, 5 folds by song (arousal {arousal:.3f}, valence {valence:.3f})", quadrant, 0.66),
        *loop_rows(),
        *remark_rows(),
        *swing_rows(),
        *key_changes.rows(),
        *melody.rows(),
        *pulse.rows(),
        *bar_lines.rows(),
        *speed_rows(),
    ]
    show(rows, ("what", "figure", "bar", "met"))


if __name__ == "__main__":
    main()
