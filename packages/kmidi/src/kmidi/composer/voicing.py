"""Voicings: which octave each chord tone takes, moving as little as possible."""

from __future__ import annotations

from ..theory import Chord


def voice(chord: Chord, low: int, high: int, voices: int, previous: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Pitches of a chord in low..high, lowest first: the inversion that moves least from the previous voicing."""
    classes = list(dict.fromkeys(chord.pitch_classes))[:voices]
    best: tuple[float, tuple[int, ...]] | None = None
    center = (low + high) / 2
    for first in classes:
        order = sorted(classes, key=lambda pc: (pc - first) % 12)
        bottom = low + (order[0] - low) % 12
        while bottom <= high:
            pitches = [bottom]
            for pc in order[1:]:
                pitches.append(pitches[-1] + (pc - pitches[-1]) % 12)
            if pitches[-1] > high:
                break
            moved = sum(min(abs(p - q) for q in previous) for p in pitches) if previous else 0
            cost = moved + 0.3 * abs(sum(pitches) / len(pitches) - center)
            if best is None or cost < best[0]:
                best = (cost, tuple(pitches))
            bottom += 12
    return best[1] if best else tuple(sorted(low + (pc - low) % 12 for pc in classes if low + (pc - low) % 12 <= high))
