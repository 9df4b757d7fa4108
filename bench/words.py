"""How well feelings are read: EmoBank's dev split, VADER beside it; KMIDI_MODELS adds the stronger reader,
KMIDI_RATED texts that people rated.
"""

from __future__ import annotations

import csv
import os
import statistics
import time
from pathlib import Path

import numpy as np

from bench.denials import FRAMES, clear_words, turned
from bench.table import figure, show
from kmidi import Affect, Intent
from kmidi.affect import StrongReader, feel
from kmidi.affect.story import read_text
from kmidi.tables import table_path
from scripts.word_texts import RATED_KINDS, RATED_PLANE, rated

SENTENCES = Path(__file__).parents[1] / "packages/kmidi/tests/sentences.txt"
MISREAD = SENTENCES.with_name("sentences_misread.txt")
# valence, arousal, text: written and given its points by a language model, apart from what is learned from
SAID = Path(__file__).with_name("said_held_out.tsv")
# texts that could make a reader slow, each repeated
NASTY = {
    "plain words": "the rain fell on the quiet town and she went home, ", "one long word": "ab", "combining marks": "e\u0301\u0323\u0308",
    "emoji": "😭🔥💔🎉", "zero-width": "a\u200b\u200d", "turns: but": "happy but sad but ", "turns: then": "happy then sad then ",
    "turns: from to": "from joy to grief ", "hidden sides": "grief hidden as love ", "hidden as": "hidden as ", "smiling": "smiling under pain, ",
    "outside": "fine on the outside ", "wishes": "slow piano in D minor, ", "keys": "in D minor ", "players": "piano, ", "no players": "no drums ", "denials": "not not never no ",
    "denied": "not sad but ", "quotes": '"', "brackets": "((", "newlines": "\n", "blanks": " ", "marks": "!?", "numbers": "1/2 3,4 ",
    "irony": "thanks for lying. ", "situations": "my old dog has just died ", "almost situations": "my old very still just ", "after": "after after ", "very": "very sad, ", "very alone": "very very ", "questions": "sad? no. ", "unplayed": "piano is piano was ",
    "thinking": "they think see say ", "openings": "hip lo slow my ", "looks": "looks but sounds but ", "blanks and marks": " . ? ", "good ways": "sad in a good way ", "too much": "so happy i cried ", "tears": "crying happy 😭 ", "no one": "no one hurt ",
    "for whom": "calm for a bad ", "soothed": "calm my fear ", "used to": "used to be sad ", "starts": "starts sad, ends glad, ", "smiling while": "smiling while crying, ", "masks": "joy was a mask for pain ", "after, now": "after rain, sun, ",
}  # fmt: skip
PLEASANT = {"admiration", "amusement", "approval", "caring", "excitement", "gratitude", "joy", "love", "optimism", "pride", "relief"}  # fmt: skip
UNPLEASANT = {"anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear", "grief", "nervousness", "remorse", "sadness"}  # fmt: skip


SIZES = (2**12, 2**14, 2**16)  # bytes


def _growth(name: str, unit: str) -> tuple[str, ...]:
    """The exponent with which the time of reading (of the processor, the less of two) grows from 4 to 64 kB: 1 is linear."""
    took: list[float] = []
    for size in SIZES:
        text = (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode(errors="ignore")
        runs: list[float] = []
        for _ in range(2):
            began = time.process_time()
            read_text(text)
            runs.append(time.process_time() - began)
        took.append(min(runs))
    slope = float(np.polyfit(np.log(SIZES), np.log(took), 1)[0])
    return figure(f"growth, {name} (64 kB in {took[-1]:.2f} s)", slope, 1.15, at_least=False, digits=2)


def main() -> None:
    """Print the figures; needs KMIDI_SHARED."""
    folder = Path(os.environ["KMIDI_SHARED"]) / "data/text"
    with (folder / "emobank_train_dev.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "dev"]
    truth = np.array([[float(row["V"]), float(row["A"])] for row in rows])
    texts = [Intent(text=row["text"]) for row in rows]
    read = [feel(text) for text in texts]
    lines = [*_agreement("table", read, truth, (0.60, 0.35)), figure("table: calibration error", _calibration(read, truth), 0.1, at_least=False)]  # fmt: skip
    judged = labelled(folder)
    lines.append(_sides("table", [feel(Intent(text=text)) for text, _ in judged], judged))
    lines += _said()
    lines += _rated()
    lines.append(figure("table: ms a sentence (processor)", _cost(texts[:300]), 1, at_least=False))
    lines.append(figure("words.npz: bytes", table_path("words.npz").stat().st_size, 1e6, at_least=False, digits=0))
    models = os.environ.get("KMIDI_MODELS")
    if models:
        strong = StrongReader.open(Path(models))
        lines += _agreement("model", [feel(text, strong) for text in texts], truth, (0.68, 0.45))
    lines += _vader([row["text"] for row in rows], truth, judged)
    lines += [_sentences(), _denial(), *_degree()]
    lines += [_growth(name, unit) for name, unit in NASTY.items()]
    show(lines, ("figure", "value", "bar", "met?"))


def lives_told() -> list[tuple[float, float]]:
    """How the table reads the held-out sentences: r and the share on the right side, of valence and of arousal."""
    rows = [line.split("\t") for line in SAID.read_text(encoding="utf-8").splitlines()]
    read = np.array([[r.valence, r.arousal] for r in (read_text(text) for _, _, text in rows)])
    truth = np.array([[float(v), float(a)] for v, a, _ in rows])
    return [_met(read[:, i], truth[:, i], 0.3) for i in (0, 1)]


def _met(read: np.ndarray, truth: np.ndarray, clear: float) -> tuple[float, float]:
    """r of readings with what people say, and the share on the right side of those that lie so far from the middle."""
    return float(np.corrcoef(read, truth)[0, 1]), float((read * truth > 0)[np.abs(truth) >= clear].mean())


def _said() -> list[tuple[str, ...]]:
    """How lives told in plain words are read; two thirds of these sentences name no feeling."""
    bars = (("valence", 0.55, 0.75), ("arousal", 0.65, 0.75))
    return [
        line
        for (axis, least, side), (r, right) in zip(bars, lives_told(), strict=True)
        for line in (
            figure(f"lives told: r {axis}", r, least),
            figure(f"lives told: right side of {axis}", right, side),
        )
    ]


def _rated() -> list[tuple[str, ...]]:
    """Tweets, news and reviews that people rated, the fifth that nothing learned from: r of valence, right side
    where it is clear.
    """
    if "KMIDI_RATED" not in os.environ:
        return [("texts rated by people", "no KMIDI_RATED", "", "")]
    lines: list[tuple[str, ...]] = []
    for kind, least, side in zip(RATED_KINDS, (0.8, 0.5, 0.5, 0.65), (0.88, 0.75, 0.7, 0.8), strict=True):
        texts = rated(kind, held_out=True)
        read = np.array([read_text(text).valence for text in texts.texts])
        r, right = _met(read, texts.truth[:, 0], 0.5 / RATED_PLANE)
        lines += [
            figure(f"{kind}, {len(read)} rated by people: r valence", r, least),
            figure(f"{kind}: right side of valence", right, side),
        ]
    return lines


def _sentences() -> tuple[str, ...]:
    """The share of the labelled sentences that are read right: the tests hold that those of one file are, those of
    the other not.
    """
    right, wrong = (
        sum("|" in line for line in path.read_text(encoding="utf-8").splitlines()) for path in (SENTENCES, MISREAD)
    )
    return figure(f"sentences read as a person reads them ({right + wrong})", right / (right + wrong), 0.9)


def _denial() -> tuple[str, ...]:
    """The share of all clear words in all frames of denial that are turned to the other side."""
    right = [
        said * denied < 0 for word in clear_words() for frame in FRAMES for _, said, denied in [turned(word, frame)]
    ]
    return figure(f"denial turns the side ({len(right)} words in frames)", statistics.mean(right), 1.0)


def _degree() -> list[tuple[str, ...]]:
    """The share of feelings named in the sentences of the tests that a word of degree before them makes no weaker."""
    found: list[tuple[str, ...]] = []
    texts = [
        line.rsplit("|", 1)[0]
        for line in SENTENCES.read_text(encoding="utf-8").splitlines()
        if "|" in line and line[0] != "#"
    ]
    plain = [(text, read_text(text)) for text in dict.fromkeys(texts)]
    places = [
        (text, e.start, read.intensity)
        for text, read in plain
        for e in read.evidence
        if e.note and e.words.isalpha() and text[: e.start][-1:] in ("", " ")
    ]
    for degree in ("very", "so", "too", "so very", "pretty much", "such a"):
        right = [read_text(f"{text[:at]}{degree} {text[at:]}").intensity >= intensity for text, at, intensity in places]
        found.append(figure(f"{degree!r} lowers no intensity ({len(right)} places)", statistics.mean(right), 0.99))
    return found


def labelled(folder: Path) -> list[tuple[str, int]]:
    """GoEmotions' dev comments whose labels are of one side, and that side (1 pleasant, -1 unpleasant)."""
    names = (folder / "goemotions_labels.txt").read_text(encoding="utf-8").split()
    found: list[tuple[str, int]] = []
    for line in (folder / "goemotions_dev.tsv").open(encoding="utf-8"):
        text, numbers, *_ = line.rstrip("\n").split("\t")
        labels = {names[int(number)] for number in numbers.split(",")}
        if bool(labels & PLEASANT) != bool(labels & UNPLEASANT):
            found.append((text, 1 if labels & PLEASANT else -1))
    return found


def _sides(name: str, read: list[Affect], judged: list[tuple[str, int]]) -> tuple[str, ...]:
    right = statistics.mean(r.valence * side > 0 for r, (_, side) in zip(read, judged, strict=True))
    return figure(f"{name}: GoEmotions dev, share on the right side", right, 0.5)


def _cost(texts: list[Intent]) -> float:
    """Milliseconds of the processor a sentence, the least of five runs."""
    took: list[float] = []
    for _ in range(5):
        began = time.process_time()
        for text in texts:
            feel(text)
        took.append((time.process_time() - began) / len(texts) * 1e3)
    return min(took)


def _agreement(name: str, read: list[Affect], truth: np.ndarray, bars: tuple[float, float]) -> list[tuple[str, ...]]:
    points = np.array([[r.valence, r.arousal] for r in read])
    return [
        figure(f"{name}: r {axis}", float(np.corrcoef(points[:, i], truth[:, i])[0, 1]), bars[i])
        for i, axis in enumerate(("valence", "arousal"))
    ]


def _calibration(read: list[Affect], truth: np.ndarray) -> float:
    """Expected calibration error of confidence against the side of valence, where people are off the middle."""
    clear = [
        (r.confidence, int(r.valence * (v - 3) > 0)) for r, v in zip(read, truth[:, 0], strict=True) if abs(v - 3) > 0.2
    ]
    bins = [[pair for pair in clear if low <= pair[0] < low + 0.1] for low in np.arange(0, 1, 0.1)]
    gaps = [len(b) * abs(statistics.mean(c for c, _ in b) - statistics.mean(h for _, h in b)) for b in bins if b]
    return sum(gaps) / len(clear)


def _vader(texts: list[str], truth: np.ndarray, judged: list[tuple[str, int]]) -> list[tuple[str, ...]]:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return [("VADER", "not installed", "", "")]
    peer = SentimentIntensityAnalyzer()
    scores = [peer.polarity_scores(text) for text in texts]
    valence = np.corrcoef([s["compound"] for s in scores], truth[:, 0])[0, 1]
    arousal = np.corrcoef([s["pos"] + s["neg"] for s in scores], truth[:, 1])[0, 1]
    right = statistics.mean(peer.polarity_scores(text)["compound"] * side > 0 for text, side in judged)
    return [
        ("VADER: r valence", f"{valence:.3f}", "", ""),
        ("VADER: r arousal", f"{arousal:.3f}", "", ""),
        ("VADER: GoEmotions dev, share on the right side", f"{right:.3f}", "", ""),
    ]


if __name__ == "__main__":
    main()
