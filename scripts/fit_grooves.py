"""Count how drummers play: timing, accents, ghosts, bars and fills of the Groove MIDI Dataset, as two tables of figures.

    # writes tables/drum_timing.toml.gz, drum_fills.toml.gz and drum_styles.toml.gz
    KMIDI_SHARED=... uv run --group bench python -m scripts.fit_grooves

Reads $KMIDI_SHARED/data/groove (Gillick et al., "Learning to Groove with Inverse Sequence Transformations", ICML 2019;
CC BY 4.0). What is written are statistics over many takes; a bar is counted only where several takes share it.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from symusic import Score

from scripts.packing import gzipped

SOURCE = "Groove MIDI Dataset (Gillick et al., ICML 2019), CC BY 4.0"
PIECES = {
    "kick": (36,), "snare": (38, 40), "side_stick": (37,), "closed_hat": (42, 22), "open_hat": (46, 26), "pedal_hat": (44,),
    "tom": (48, 50, 45, 47, 43, 58), "crash": (49, 55, 57, 52), "ride": (51, 59, 53),
}  # fmt: skip
PIECE_OF = {pitch: piece for piece, pitches in PIECES.items() for pitch in pitches}
TOM_OF = {48: "high", 50: "high", 45: "mid", 47: "mid", 43: "low", 58: "low"}
STYLES = {  # styles with fewer than five takes would be a take, not a statistic
    "afro": ("afrobeat", "highlife", "afrocuban"), "disco": ("dance/disco",),
    "funk": ("funk", "neworleans/funk", "jazz/funk"), "hiphop": ("hiphop",),
    "jazz": ("jazz", "jazz/swing", "jazz/mediumfast", "jazz/fast"), "latin": ("latin",), "pop": ("pop",), "punk": ("punk",),
    "rock": ("rock",), "shuffle": ("rock/shuffle", "blues/shuffle", "funk/purdieshuffle"),
    "soul": ("soul", "gospel"),
}  # fmt: skip
SWUNG = ("jazz", "blues", "shuffle")
GHOST = 50  # velocity up to which a snare stroke is a ghost: the valley between the two humps of snare velocities
GAPS = (2, 4, 8)  # sixteenths over which the wander is fitted
TABLES = Path(__file__).parent.parent / "packages" / "kmidi" / "src" / "kmidi" / "tables"
TIMING_HEAD = """How late drummers play, in ms: medians and quartiles over straight takes with 30 strokes or more of a piece.
A stroke is late_ms (against the kick) + sd_ms * (sqrt(drift) * wander + sqrt(1 - drift) * noise) late; the whole kit
shares one wander, which keeps `decay` of itself from one sixteenth to the next."""
STYLES_HEAD = """How drummers of a style play a bar of sixteen: median velocities, shares of bars with a ghost note or an open
hat on a slot, and the kick-and-snare bars that several takes share, with how many do."""


class Take:
    """One performance: slot (sixteenth from the start), lateness in ms, piece, pitch and velocity of every stroke."""

    def __init__(self, root: Path, row: dict[str, str]) -> None:
        notes = Score(str(root / row["midi_filename"])).tracks[0].notes.numpy()
        known = np.isin(notes["pitch"], list(PIECE_OF))
        time, self.pitch, self.velocity = (notes[name][known].astype(int) for name in ("time", "pitch", "velocity"))
        self.slot = np.round(time / 120).astype(int)
        self.late_ms = (time - self.slot * 120) * 60_000 / float(row["bpm"]) / 480
        self.piece = np.array([PIECE_OF[pitch] for pitch in self.pitch])
        self.style, self.beat, self.id = row["style"], row["beat_type"] == "beat", row["id"]
        self.is_swung = any(word in row["style"] for word in SWUNG)

    def bars(self) -> Iterator[np.ndarray]:
        """A mask of strokes for every bar but the last (often cut short)."""
        for bar in range(int(self.slot.max()) // 16 if len(self.slot) else 0):
            yield self.slot // 16 == bar


def lag1(values: np.ndarray) -> float:
    """Autocorrelation of neighbours in a sequence."""
    values = values - values.mean()
    return float((values[1:] * values[:-1]).mean() / (values * values).mean())


def timing(takes: list[Take]) -> dict[str, dict[str, float]]:
    """Per piece, over straight takes with 30 strokes or more: quartiles of robust sd and lag-1 autocorrelation, lateness."""
    spread, lag, late = (defaultdict[str, list[float]](list) for _ in range(3))
    gaps = defaultdict[str, list[np.ndarray]](list)
    decay: list[list[float]] = []
    for take in takes:
        if take.is_swung or not take.beat:
            continue
        kick = take.late_ms[take.piece == "kick"]
        for piece in PIECES:
            mask = take.piece == piece
            if mask.sum() < 30:
                continue
            x = take.late_ms[mask]
            low, high = np.percentile(x, [25, 75])
            spread[piece].append((high - low) / 1.349)
            lag[piece].append(lag1(x))
            if len(kick) >= 30:
                late[piece].append(np.median(x) - np.median(kick))
            y = np.clip(x - np.median(x), -60, 60)
            slots, y = take.slot[mask], y / y.std()
            at = dict(zip(slots.tolist(), y, strict=True))
            pairs = {g: [v * at[s + g] for s, v in at.items() if s + g in at] for g in GAPS}
            decay.append([np.mean(pairs[g]) if len(pairs[g]) > 15 else np.nan for g in GAPS])
            gaps[piece].append(np.diff(slots))
    curve = np.nanmedian(np.array(decay), 0)
    phi = float(np.exp(np.polyfit(GAPS, np.log(curve), 1)[0]))
    figures: dict[str, dict[str, float]] = {}
    for piece in PIECES:
        quartiles = np.percentile(spread[piece], [25, 50, 75])
        lags = np.percentile(lag[piece], [25, 50, 75])
        kept = np.median([np.mean(phi**between) for between in gaps[piece]])
        figures[piece] = {
            "takes": len(spread[piece]), "sd_ms": quartiles[1], "sd_low_ms": quartiles[0], "sd_high_ms": quartiles[2],
            "lag1": lags[1], "lag1_low": lags[0], "lag1_high": lags[2], "late_ms": float(np.median(late[piece])),
            "drift": min(0.9, max(0.05, float(lags[1] / kept))),
            "decay": phi,
        }  # fmt: skip
    return figures


def profile(takes: list[Take], pieces: tuple[str, ...], ghosts: bool = False) -> list[int]:
    """Median velocity on each of the 16 slots of a bar (0 where fewer than 8 strokes fell)."""
    found: list[list[int]] = [[] for _ in range(16)]
    for take in takes:
        mask = np.isin(take.piece, pieces)
        if "snare" in pieces:
            mask &= (take.velocity <= GHOST) == ghosts
        for slot, velocity in zip(take.slot[mask] % 16, take.velocity[mask], strict=True):
            found[slot].append(int(velocity))
    return [round(float(np.median(v))) if len(v) >= 8 else 0 for v in found]


def shares(takes: list[Take], pieces: tuple[str, ...], ghosts: bool | None = None) -> list[float]:
    """How likely a stroke of these pieces is on each of the 16 slots of a bar."""
    counts, bars = np.zeros(16), 0
    for take in takes:
        mask = np.isin(take.piece, pieces)
        if ghosts is not None:
            mask &= (take.velocity <= GHOST) == ghosts
        for bar in take.bars():
            bars += 1
            counts[np.unique(take.slot[bar & mask] % 16)] += 1
    return [round(float(c / max(bars, 1)), 2) for c in counts]


def cell(slots: np.ndarray) -> str:
    """A bar as people write it: x where something is struck."""
    struck = set((slots % 16).tolist())
    return "".join("x" if slot in struck else "." for slot in range(16))


def cells(takes: list[Take]) -> list[tuple[str, int]]:
    """Kick and snare bars that at least three takes share (two where a style has few), with the number of takes."""
    owners: dict[str, set[str]] = defaultdict(set)
    for take in takes:
        for bar in take.bars():
            kick = take.slot[bar & (take.piece == "kick")]
            loud = np.isin(take.piece, ("snare", "side_stick")) & (take.velocity > GHOST)
            owners[f"{cell(kick)} {cell(take.slot[bar & loud])}"].add(take.id)
    least = 3 if len(takes) > 20 else 2
    common = [(name, len(ids)) for name, ids in owners.items() if len(ids) >= least and name.count("x") > 1]
    return sorted(common, key=lambda item: (-item[1], item[0]))[:16]


def fills(takes: list[Take]) -> dict[str, object]:
    """Of fills: how likely a stroke, a tom and a crash are on each slot of the bar, and how loud the strokes are."""
    counts, toms, total, loud = np.zeros(16), np.zeros(16), 0, [[] for _ in range(16)]
    heights: Counter[tuple[int, str]] = Counter()
    for take in takes:
        if take.slot.max() < 8:
            continue
        total += 1
        body = np.isin(take.piece, ("snare", "tom")) & (take.slot < 16)
        counts[np.unique(take.slot[body])] += 1
        toms[np.unique(take.slot[body & (take.piece == "tom")])] += 1
        for slot, velocity, pitch in zip(take.slot[body], take.velocity[body], take.pitch[body], strict=True):
            loud[slot].append(velocity)
            heights[(slot // 4, TOM_OF.get(pitch, "snare"))] += 1
    by_beat = [[heights[(beat, h)] for h in ("snare", "high", "mid", "low")] for beat in range(4)]
    return {
        "strokes": [round(float(c / total), 2) for c in counts],
        "toms": [round(float(t / max(c, 1)), 2) for t, c in zip(toms, counts, strict=True)],
        "velocity": [round(float(np.median(v))) for v in loud],
        **{f"beat_{b + 1}": [round(n / sum(row), 2) for n in row] for b, row in enumerate(by_beat)},
    }


def toml(value: object) -> str:
    """A value as TOML writes it, floats to three places."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def write(name: str, head: str, rows: Mapping[str, Mapping[str, object]]) -> None:
    """Write a table of rows sorted by id."""
    lines = [f"# {line}" for line in ("Written by scripts/fit_grooves.py: change that, not this.", *head.splitlines())]
    for key in sorted(rows):
        lines += [
            "",
            f"[{key}]",
            *(f"{column} = {toml(value)}" for column, value in rows[key].items()),
            f'source = "{SOURCE}"',
        ]
    text = "\n".join(lines) + "\n"
    (TABLES / name).write_bytes(gzipped(text.encode()) if name.endswith(".gz") else text.encode())


def main() -> None:
    """Write the tables."""
    root = Path(os.environ["KMIDI_SHARED"]) / "data" / "groove"
    with (root / "info.csv").open() as file:
        takes = [Take(root, row) for row in csv.DictReader(file) if row["time_signature"] == "4-4"]
    beats = [take for take in takes if take.beat]
    write("drum_timing.toml.gz", TIMING_HEAD, timing(takes))
    styles: dict[str, dict[str, object]] = {"fill": fills([take for take in takes if not take.beat])}
    for style, names in STYLES.items():
        chosen = [take for take in beats if take.style in names]
        styles[style] = {
            "takes": len(chosen), "kick": profile(chosen, ("kick",)), "snare": profile(chosen, ("snare",)),
            "cymbal": profile(chosen, ("closed_hat", "ride")), "ghost_share": shares(chosen, ("snare",), ghosts=True), "kick_share": shares(chosen, ("kick",)),
            "open_share": shares(chosen, ("open_hat",)), "bars": [name for name, _ in cells(chosen)],
            "weights": [count for _, count in cells(chosen)],
        }  # fmt: skip
    write("drum_fills.toml", STYLES_HEAD, {"fill": styles.pop("fill")})
    write("drum_styles.toml.gz", STYLES_HEAD, styles)


if __name__ == "__main__":
    main()
