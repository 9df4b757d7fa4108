"""Styles are what their players know them by: each holds in the bytes, over seeds and feelings."""

from __future__ import annotations

import numpy as np
import pytest

from kmidi import Intent
from kmidi.score import PPQ, Part
from kmidi.studio import LocalStudio
from kmidi.studio.take import Take

SEEDS = range(4)


def made(text: str, seed: int, **said: object) -> Take:
    return LocalStudio().compose(Intent(text=text, seed=seed, bars=24, **said))  # type: ignore[arg-type]


def part(take: Take, pattern: str) -> Part:
    return next(s for p, s in zip(take.plan.parts, take.score.parts, strict=True) if p.pattern == pattern)


def beats(found: Part, take: Take, *pitches: int) -> np.ndarray:
    """Where in its bar each note before the last bar starts, in quarters; of some pitches only."""
    bar = take.plan.meter.bar_ticks(PPQ)
    notes = found.notes[found.notes["onset"] < (take.plan.bars - 1) * bar]
    return notes["onset"][np.isin(notes["pitch"], pitches)] % bar / PPQ if pitches else notes["onset"] % bar / PPQ


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("text", ["reggae for a lazy sunday", "sad reggae, I miss her", "grateful reggae"])
def test_reggae_drops_the_one_and_answers_off_the_beat(text: str, seed: int) -> None:
    take = made(text, seed)
    kit = part(take, "one_drop")
    kicks, rims = beats(kit, take, 36), beats(kit, take, 37)
    assert (kicks == 0).sum() <= len(take.plan.sections)  # where a section arrives
    assert np.isin(kicks, (1, 3)).mean() > 0.6
    assert np.isin(rims, (1, 3)).mean() > 0.8
    assert set(beats(part(take, "off_beats"), take)) == {0.5, 1.5, 2.5, 3.5}
    assert 60 <= take.plan.bpm <= 96
    bass = part(take, "reggae_bass").notes
    assert len(set(bass["pitch"] % 12)) >= 4  # a tune, not the roots alone
    assert len(bass) < 7 * take.plan.bars  # with holes in it


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("text", ["tango of longing", "an angry tango", "a joyful tango"])
def test_tango_is_marked_on_the_beats_by_piano_and_bass_and_nobody_drums(text: str, seed: int) -> None:
    take = made(text, seed)
    assert not any(p.is_drums for p in take.score.parts)
    for pattern in ("marcato", "marcato_bass"):
        found = part(take, pattern)
        at = beats(found, take)
        assert (at % 1 == 0).mean() > 0.6
        assert set(at[at % 1 > 0]) <= {0.5, 1.5}  # sincopa and three-three-two
        short = found.notes["duration"][found.notes["onset"] < take.score.length - 4 * PPQ]
        assert np.median(short) < PPQ / 2
    assert take.plan.parts[0].instrument == "accordion"
    assert not {"reggae", "bossa"} & {take.plan.genre}


@pytest.mark.parametrize(
    "text",
    [
        "dancing tango with my grandmother",
        "we learned tango in spring",
        "it takes two to tango",
        "not a tango, sad",
        "no reggae, calm",
    ],
)
def test_what_tells_of_a_style_asks_for_none(text: str) -> None:
    assert "genre" not in dict(LocalStudio().read(Intent(text=text)).wishes)
