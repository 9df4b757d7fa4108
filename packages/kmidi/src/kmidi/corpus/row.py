"""One MIDI file as one row of a table: what it holds, what is heard in it, or why it could not be read."""

from __future__ import annotations

import numpy as np

from ..analysis import Analysis, analyze
from ..errors import KmidiError, TooLittleMusic
from ..midi import read
from ..score import Score

Value = str | int | float | None
Row = dict[str, Value]

# Every column and its type, in order. A number that is no plain count wears its unit: _s seconds, _ms milliseconds,
# _bpm quarter notes a minute, _bits, _bars, _pitch (60 = C4), _velocity (1..127), _share and _confidence (0..1).
COLUMNS: dict[str, type[str] | type[int] | type[float]] = {
    "file": str, "error": str, "bytes": int, "repairs": int, "first_repair": str,
    "title": str, "parts": int, "programs": str, "notes": int, "drum_notes": int, "length_bars": int, "length_s": float,
    "first_tempo_bpm": float, "tempos": int, "first_meter": str, "meters": int, "stated_key": str,
    "lowest_pitch": int, "highest_pitch": int, "mean_pitch": float, "pitch_class_entropy_bits": float,
    "mean_velocity": float, "sd_velocity": float, "notes_per_s": float,
    "key": str, "key_confidence": float, "keys": int, "meter": str, "meter_confidence": float, "bpm": float, "bpm_confidence": float,
    "chords": int, "distinct_chords": int, "chords_confidence": float, "numerals": str,
    "form": str, "form_confidence": float,
    "melody_part": int, "melody_lowest_pitch": int, "melody_highest_pitch": int, "melody_steps_share": float,
    "swing_ratio": float, "late_ms": float, "sd_late_ms": float,
    "valence": float, "arousal": float, "quadrant": int, "feeling_confidence": float,
    "findings": int, "first_finding": str,
}  # fmt: skip


def rows_of(files: list[tuple[str, bytes]]) -> list[Row]:
    """The rows of files given as name and bytes."""
    return [row_of(name, data) for name, data in files]


def row_of(name: str, data: bytes) -> Row:
    """The row of one file. What can't be read or heard leaves its columns None and says why in `error`."""
    row: Row = dict.fromkeys(COLUMNS) | {"file": name, "bytes": len(data)}
    try:
        score = read(data)
        row |= _held(score)
        row |= _heard(analyze(score))
    except TooLittleMusic as error:
        row["error"] = f"TooLittleMusic: {error}"
    except KmidiError as error:
        row["error"] = f"{type(error).__name__}: {error}"
    except Exception as error:  # one file must not stop a hundred thousand; the row says what happened
        row["error"] = f"{type(error).__name__}: {error}"
    return row


def error_row(name: str, why: str) -> Row:
    """The row of a file that never came to be read."""
    return dict.fromkeys(COLUMNS) | {"file": name, "error": why}


def _held(score: Score) -> Row:
    """What stands in the file."""
    row: Row = {
        "repairs": len(score.repairs),
        "first_repair": str(score.repairs[0]) if score.repairs else None,
        "title": score.title,
        "parts": len(score.parts),
        "programs": " ".join(
            "drums" if p.is_drums else str(p.program) for p in score.parts if p.is_drums or p.program is not None
        ),
        "notes": sum(p.notes.size for p in score.parts),
        "drum_notes": sum(p.notes.size for p in score.parts if p.is_drums),
        "first_tempo_bpm": score.tempos[0].bpm if score.tempos else None,
        "tempos": len(score.tempos),
        "first_meter": str(score.meters[0].meter) if score.meters else None,
        "meters": len(score.meters),
        "stated_key": str(score.keys[0].key) if score.keys else None,
        "length_s": score.seconds,
    }
    velocity = np.concatenate([np.zeros(0), *(p.notes["velocity"] for p in score.parts)])
    pitch = np.concatenate([np.zeros(0, np.int64), *(p.notes["pitch"] for p in score.parts if p.is_pitched)])
    if velocity.size:
        row |= {"mean_velocity": float(velocity.mean()), "sd_velocity": float(velocity.std())}
        row["notes_per_s"] = velocity.size / score.seconds if score.seconds else None
    if pitch.size:
        share = np.bincount(pitch % 12, minlength=12) / pitch.size
        share = share[share > 0]
        row |= {
            "lowest_pitch": int(pitch.min()),
            "highest_pitch": int(pitch.max()),
            "mean_pitch": float(pitch.mean()),
            "pitch_class_entropy_bits": abs(float(-(share * np.log2(share)).sum())),
        }
    row["length_bars"] = score.bar_starts().size
    return row


def _heard(analysis: Analysis) -> Row:
    """What the analysis says; None where it says nothing."""
    row: Row = {
        "key": _text(analysis.key),
        "key_confidence": analysis.key_confidence,
        "keys": len(analysis.keys),
        "meter": _text(analysis.meter),
        "meter_confidence": analysis.meter_confidence,
        "bpm": analysis.bpm,
        "bpm_confidence": analysis.bpm_confidence,
        "chords": len(analysis.chords),
        "distinct_chords": len({span.chord for span in analysis.chords}),
        "chords_confidence": float(np.mean(analysis.chord_confidences)) if analysis.chord_confidences else None,
        "numerals": " ".join(span.roman or str(span.chord) for span in analysis.chords),
        "findings": len(analysis.findings),
        "first_finding": analysis.findings[0].id if analysis.findings else None,
    }
    if analysis.form:
        row |= {"form": analysis.form.text, "form_confidence": analysis.form.confidence}
    if melody := analysis.melody:
        row |= {"melody_part": melody.part, "melody_lowest_pitch": melody.lowest, "melody_highest_pitch": melody.highest, "melody_steps_share": melody.steps}  # fmt: skip
    if analysis.grooves:
        groove = max(analysis.grooves, key=lambda g: g.confidence)
        row |= {"swing_ratio": groove.swing, "late_ms": groove.late_ms, "sd_late_ms": groove.sd_ms}
    if heard := analysis.feeling:
        row |= {"valence": heard.feeling.valence, "arousal": heard.feeling.arousal, "quadrant": heard.quadrant, "feeling_confidence": heard.confidence}  # fmt: skip
    return row


def _text(value: object) -> str | None:
    return None if value is None else str(value)
