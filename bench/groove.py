"""Do our drums stray as drummers do? Timing spread and drift of each kit piece, read from bytes, beside measured quartiles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from bench.table import show
from kmidi.composer import compose
from kmidi.intent import Affect, Intent
from kmidi.midi import read, write
from kmidi.planner import plan
from kmidi.tables import KIT, drum_patterns, drum_timing, rule_breaks

PIECES = 80
STROKES = 30


def drummed(seed: int) -> tuple[float, np.ndarray]:
    """The tempo and the drum notes of a piece of 64 bars, each with another pattern, read back from its bytes."""
    valence, arousal = (-0.6, -0.2, 0.2, 0.6)[seed % 4], (-0.4, 0.1, 0.5)[seed % 3]
    felt = Affect(valence=valence, arousal=arousal)
    made = plan(Intent(valence=valence, arousal=arousal, genre="pop", bars=64, meter="4/4", seed=seed), felt)
    patterns = sorted(drum_patterns())
    kit = [replace(p, pattern=patterns[seed % len(patterns)], sections=()) for p in made.parts if p.role == "drums"]
    made = replace(made, parts=tuple(kit))
    score = read(write(compose(made)))
    return made.bpm, np.concatenate([part.notes for part in score.parts if part.is_drums])


def deviations(bpm: float, notes: np.ndarray, pitch: int) -> np.ndarray:
    """Lateness in ms of a piece's strokes against the nearest sixteenth."""
    at = (notes["onset"] + notes["shift"])[notes["pitch"] == pitch]
    return (at - np.round(at / 120) * 120) * 60_000 / (480 * bpm)


def main() -> None:
    """Print the table."""
    spread, lag = (defaultdict[str, list[float]](list) for _ in range(2))
    for seed in range(PIECES):
        bpm, notes = drummed(seed)
        for piece in drum_timing():
            late = deviations(bpm, notes, KIT.get(piece, KIT["low_tom"]))
            if len(late) < STROKES:
                continue
            low, high = np.percentile(late, [25, 75])
            spread[piece].append(float(high - low) / 1.349)
            late = late - late.mean()
            lag[piece].append(float((late[1:] * late[:-1]).mean() / (late * late).mean()))
    rows = []
    for piece, measured in drum_timing().items():
        for what, found, low, high in (
            ("spread, ms", spread[piece], measured.sd_low_ms, measured.sd_high_ms),
            ("lag-1 autocorrelation", lag[piece], measured.lag1_low, measured.lag1_high),
        ):
            if not found:
                rows.append((f"{piece} {what}", "too few strokes", f"{low:.2f} to {high:.2f}", "-", "0"))
                continue
            figure = float(np.median(found))
            met = "met" if low <= figure <= high else "NOT MET"
            rows.append((f"{piece} {what}", f"{figure:.2f}", f"{low:.2f} to {high:.2f}", met, str(len(found))))
    show(rows, ("drums of 80 pieces, median", "figure", "drummers' quartiles", "met?", "pieces"))
    print(
        f"\nrules that can be broken: {len(rule_breaks())}, in MIDI {sum(r.operation != 'note' for r in rule_breaks().values())}"
    )


if __name__ == "__main__":
    main()
