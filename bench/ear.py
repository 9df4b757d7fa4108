"""How well the ear hears: keys, chords and feelings against people's labels, what the composer wrote, and how fast.

    KMIDI_SHARED=... uv run --group bench python -m bench.ear

Models are judged on songs they were not trained on: keys and feelings by folds over songs, chords by a net trained
here on three songs in four (a few minutes) and judged on the fourth.
"""

from __future__ import annotations

import warnings
from itertools import islice
from tempfile import NamedTemporaryFile

import numpy as np

from kmidi.affect import feel
from kmidi.analysis import analyze
from kmidi.analysis.chord_net import fits_of, views
from kmidi.analysis.chords import hear_chords
from kmidi.analysis.heard import Heard
from kmidi.analysis.key_cues import correlations, pitch_class_time
from kmidi.composer import compose
from kmidi.intent import Intent
from kmidi.midi import read
from kmidi.planner import plan
from kmidi.score import ChordSpan, Score
from kmidi.theory.key import MODES
from scripts import train_chords, train_feeling, train_form, train_keys

from .table import figure, medians, show
from .truth import Song, chorales, pop_songs

Row = tuple[str, str, str, str]
MIR = {"": "maj", "m": "min", "dim": "dim", "aug": "aug", "7": "7", "maj7": "maj7", "m7": "min7", "m7b5": "hdim7", "dim7": "dim7",
       "sus4": "sus4", "sus2": "sus2", "7sus4": "sus4(b7)", "mmaj7": "minmaj7", "6": "maj6", "m6": "min6",
       "9": "9", "maj9": "maj9", "m9": "min9", "add9": "maj(9)", "madd9": "min(9)"}  # fmt: skip
FAMILIES = {"maj": "maj", "min": "min", "dim": "dim", "aug": "aug", "sus": "sus4"}
TEXTS = ("I lost my father", "so happy today", "a quiet evening", "rage at everything", "hope after the storm")
PLANS = 108


def key_rows() -> list[Row]:
    """Keys on songs not trained on, beside the plain profile."""
    folded = train_keys.folded()
    told = {
        "pop909": [(s.score, s.keys[0]) for s in pop_songs() if s.keys],
        "chorales": [(s, k) for _, s, k in chorales()],
    }
    rows: list[Row] = []
    for name, bar in (("pop909", 0.92), ("chorales", 0.93)):
        right, count = folded[name]
        plain = np.mean([
            int(np.argmax(correlations(pitch_class_time(Heard.of(score))))) == train_keys.number(key) for score, key in told[name]
        ])  # fmt: skip
        rows.append(
            figure(f"key exact, {name} ({count} pieces, 5 folds; plain Albrecht-Shanahan {plain:.3f})", right, bar)
        )
    return rows


def chord_rows() -> list[Row]:
    """Chords of every fourth song under a net that never saw it, time-weighted; roots and tetrads by mir_eval."""
    songs = [song for song in pop_songs() if song.chords]
    net = train_chords.train([train_chords.rows_of(song) for i, song in enumerate(songs) if i % 4])
    turned = net.turned()
    shares: list[tuple[float, float, float, float]] = []
    weights: list[float] = []
    for song in songs[::4]:
        heard = Heard.of(song.score)
        spans, _, _ = hear_chords(heard, fits_of(net, turned, *views(heard)))
        share, weight = agreement(song, spans)
        shares.append(share)
        weights.append(weight)
    root, triad, tetrad, family = np.average(shares, axis=0, weights=weights).tolist()
    return [
        figure(f"chord root, {len(shares)} songs (mir_eval)", root, 0.95),
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
    return [
        figure(f"phrase starts, F1 against a person, {songs} songs, 5 folds (two people: {people:.3f})", found, 0.667)
    ]


def loop_rows() -> list[Row]:
    """What the composer planned, found in what it wrote: tonic and mode, meter, tempo, chords by root and family."""
    found = np.zeros(6)
    for number in range(PLANS):
        mode = list(MODES)[number % len(MODES)] if number % 2 else None
        tonic = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")[number % 12]
        intent = Intent(text=TEXTS[number % len(TEXTS)], key=tonic, mode=mode, seed=1000 + number)
        planned = plan(intent, feel(intent))
        score = compose(planned)
        heard = analyze(score)
        key = heard.key
        same = key is not None and key.pitch_class == planned.key.pitch_class
        found += (
            same and key is not None and key.is_minor == planned.key.is_minor,
            same and key is not None and key.mode == planned.key.mode,
            heard.meter == planned.meter,
            heard.bpm is not None and abs(heard.bpm - planned.bpm) < 0.05,
            *_chords_found(score, heard.chords),
        )
    names = (
        "key (tonic, major or minor)",
        "key with its mode",
        "meter",
        "tempo",
        "chord roots",
        "chord roots and families",
    )
    return [
        figure(f"composed: {name} of {PLANS} plans", value / PLANS, 0.97)
        for name, value in zip(names, found, strict=True)
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
        *speed_rows(),
    ]
    show(rows, ("what", "figure", "bar", "met"))


if __name__ == "__main__":
    main()
