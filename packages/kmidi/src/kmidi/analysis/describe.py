"""An Analysis in plain lines, for a screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..score import Score
from .heard import Ints
from .pulse import SURE
from .result import Analysis, Finding, HeardGroove, keys_at, of_each

QUADRANTS = {1: "happy, stirred", 2: "tense, angry", 3: "sad, heavy", 4: "calm, tender"}
MOST_FINDINGS = 12
MOST_REPAIRS = 6
WIDTH = 118
LINE_BARS = 8
MOST_BARS = 3  # that are named where a remark is of more
SWUNG = 1.1  # long over short, from which a swing is told
LAG_MS = 3.0  # no farther apart than this, and farther from the grid, parts lie beside it as a whole,
FEWEST_ALIKE, MOST_ALIKE = 3, 0.75  # where they are so many, and such a share of all
NEAR_MS = 0.5  # of the grid: what is no later, and strays no more, stands on it


def describe(analysis: Analysis, score: Score | None = None) -> str:
    """What was heard, a line each, with how sure it is: key, meter, tempo, chords, parts, feeling, then the remarks.

    score: what was heard, whose parts are called by their names (without, by their numbers from 1).
    """
    return "\n".join(_lines(analysis, score))


def _lines(analysis: Analysis, score: Score | None) -> Iterator[str]:
    def called(part: int) -> str:
        named = score is not None and score.parts[part].name.strip()
        return f"part {part + 1} ({score.labels[part]})" if score and named else f"part {part + 1}"

    for name, value, confidence in (
        ("key", analysis.key, analysis.key_confidence),
        ("meter", analysis.meter, analysis.meter_confidence),
        ("tempo", f"{analysis.bpm:.5g} bpm" if analysis.bpm else None, analysis.bpm_confidence),
    ):
        yield f"{name}: {value} ({confidence:.0%} sure)" if value is not None else f"{name}: can't be told"
    if 0 < max(analysis.meter_confidence, analysis.bpm_confidence) < SURE:
        yield "meter and tempo are what the file states: too few strokes stand on its grid"
    if analysis.pulse:
        yield f"pulse: heard in the strokes, {len(analysis.pulse.beats)} beats; they stand on no grid of the file"
    if analysis.stated_key and analysis.stated_key != analysis.key:
        yield f"the file says: {analysis.stated_key}"
    starts = score.bar_starts() if score and not analysis.pulse else None
    if len(analysis.keys) > 1:
        said = [
            str(span.key) + (f" from bar {_bar(starts, span.onset) + 1}" if starts is not None else "")
            for span in analysis.keys
        ]
        yield from _wrapped("keys by section:", [f"{each}," for each in said[:-1]] + said[-1:])
    if analysis.chords:
        yield from _charted("chords:", analysis, chord_symbols(analysis), starts)
        if analysis.key:
            yield from _charted("roman:", analysis, [c.roman for c in analysis.chords], starts)
    if analysis.form:
        yield f"form: {analysis.form.text} ({analysis.form.confidence:.0%} sure)"
    if analysis.melody:
        melody = analysis.melody
        yield f"melody: in {called(melody.part)}, {len(melody.notes)} notes, {melody.steps:.0%} of its moves by step or repeat ({melody.confidence:.0%} sure)"
    for texture in analysis.textures:
        yield (
            f"{called(texture.part)}: {texture.kind}, {texture.density:.3g} notes/s, pitches {texture.lowest}-{texture.highest}, "
            f"velocity {texture.velocity_mean:.0f} ± {texture.velocity_sd:.0f}"
        )
    yield from _grooves(analysis.grooves)
    if analysis.feeling:
        felt = analysis.feeling
        yield (
            f"feeling: {QUADRANTS[felt.quadrant]} ({felt.confidence:.0%} sure), "
            f"valence {felt.feeling.valence:+.2f}, arousal {felt.feeling.arousal:+.2f}"
        )
    yield from _remarks(analysis.findings)
    yield from analysis.repairs


def repaired(score: Score) -> Iterator[str]:
    """What the file broke of the format and how it was read all the same, a line each."""
    yield from (f"read with a repair: {repair}" for repair in score.repairs[:MOST_REPAIRS])
    if len(score.repairs) > MOST_REPAIRS:
        yield f"… and {len(score.repairs) - MOST_REPAIRS} more repairs"


def said_once(findings: Sequence[Finding]) -> list[tuple[Finding, str]]:
    """Remarks with their bars in words; what is said of one part in the same words in several bars is one remark."""
    alike: dict[tuple[str, int, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.id, finding.part, finding.what), []).append(finding)
    return [(same[0], _in_bars(sorted({finding.bar + 1 for finding in same}))) for same in alike.values()]


def _in_bars(bars: list[int]) -> str:
    if len(bars) == 1:
        return f"bar {bars[0]}"
    more = len(bars) - MOST_BARS
    named, last = (bars[:MOST_BARS], f"{more} more") if more > 0 else (bars[:-1], bars[-1])
    return f"bars {', '.join(map(str, named))} and {last}"


def _remarks(findings: Sequence[Finding]) -> Iterator[str]:
    """The loudest remarks, a line each; why is told once of each kind."""
    told: set[tuple[str, str]] = set()
    remarks = said_once(findings)
    for finding, where in remarks[:MOST_FINDINGS]:
        why = "" if (finding.id, finding.why) in told else f": {finding.why}"
        told.add((finding.id, finding.why))
        yield f"{where}, {finding.kind}: {finding.what}{why}" + (f" -> {finding.fix.transform}" if finding.fix else "")
    if len(remarks) > MOST_FINDINGS:
        yield f"… and {len(remarks) - MOST_FINDINGS} quieter remarks"


def _grooves(grooves: Sequence[HeardGroove]) -> Iterator[str]:
    """A line a part; those that stand on the grid share one, and where most lie as much beside it, those."""
    alike: list[HeardGroove] = []
    if len(grooves) >= FEWEST_ALIKE:
        late = sorted(groove.late_ms for groove in grooves)[len(grooves) // 2]
        alike = [
            groove for groove in grooves if abs(groove.late_ms - late) <= LAG_MS < abs(late) and not _swings(groove)
        ]
    whole = alike if len(alike) >= max(FEWEST_ALIKE, MOST_ALIKE * len(grooves)) else []
    still = [groove for groove in grooves if _on_grid(groove)]
    for groove in grooves:
        if groove not in (*whole, *still):
            swing = f", swing {groove.swing:g}:1" if _swings(groove) else ""
            yield f"groove, {groove.name}: {groove.late_ms:+.0f} ms against the grid, spread {groove.sd_ms:.0f} ms{swing}"
    if whole:
        spread, late = max(groove.sd_ms for groove in whole), sum(groove.late_ms for groove in whole) / len(whole)
        yield from _named(f"groove: as a whole {late:+.0f} ms against the grid, spread up to {spread:.0f} ms:", whole)
    if still:
        yield from _named("groove: on the grid:", still)


def _named(head: str, grooves: Sequence[HeardGroove]) -> Iterator[str]:
    names = [groove.name for groove in grooves]
    return _wrapped(head, [f"{name}," for name in names[:-1]] + names[-1:])


def _swings(groove: HeardGroove) -> bool:
    return groove.swing is not None and groove.swing > SWUNG


def _on_grid(groove: HeardGroove) -> bool:
    return abs(groove.late_ms) < NEAR_MS and groove.sd_ms < NEAR_MS and not _swings(groove)


def chord_symbols(analysis: Analysis) -> list[str]:
    """The symbol of each chord, spelled by the key of its section."""
    keys = keys_at([span.onset for span in analysis.chords], analysis.keys, analysis.key)
    return of_each(analysis.chords, keys, lambda chord, key: chord.symbol(key.names) if key else str(chord))


def _charted(head: str, analysis: Analysis, words: list[str], starts: Ints | None) -> Iterator[str]:
    """A word a chord: LINE_BARS bars a line behind the number of the first ("/" goes on), in a row where none are told."""
    if starts is None:
        yield from _wrapped(head, words)
        return
    yield head
    bars: list[list[str]] = [[] for _ in starts]
    for span, word in zip(analysis.chords, words, strict=True):
        bars[_bar(starts, span.onset)].append(word)
    for first in range(0, len(bars), LINE_BARS):
        yield f"{first + 1:4} | {' | '.join(' '.join(bar) or '/' for bar in bars[first : first + LINE_BARS])} |"


def _bar(starts: Ints, tick: int) -> int:
    return max(int(starts.searchsorted(tick, side="right")) - 1, 0)


def _wrapped(head: str, words: list[str]) -> Iterator[str]:
    """Words after a head, in lines of at most WIDTH characters."""
    line = head
    for word in words:
        if len(line) + len(word) + 1 > WIDTH:
            yield line
            line = "   "
        line += " " + word
    yield line
