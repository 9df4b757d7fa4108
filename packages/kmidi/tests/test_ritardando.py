"""Pieces that players shape slow down before their last stroke, as the bytes say; what is set or steady does not."""

from __future__ import annotations

import io
from itertools import pairwise

import mido
import pytest

from kmidi import HitPoint, Intent
from kmidi.studio import LocalStudio


def paces(**said: object) -> tuple[list[tuple[int, int]], int, int, int]:
    """Of a piece's bytes: tempos with their ticks, the ticks of a bar, of the last stroke of a pitched part, of the end."""
    take = LocalStudio().compose(Intent(**said))  # type: ignore[arg-type]
    file = mido.MidiFile(file=io.BytesIO(take.midi))
    tempos: list[tuple[int, int]] = []
    strokes: list[int] = []
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                tempos.append((tick, message.tempo))
            elif message.type == "note_on" and message.velocity and message.channel != 9:
                strokes.append(tick)
    return tempos, take.plan.meter.bar_ticks(file.ticks_per_beat), max(strokes), take.score.length


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "text", ["solo piano, grief", "a waltz for her, joy", "string quartet, calm", "a hymn of thanks", "a lullaby", "rubato, solo piano, sad"]
)  # fmt: skip
def test_players_brake_before_the_last_stroke(text: str, seed: int) -> None:
    tempos, bar, last, end = paces(text=text, seed=seed)
    braking = [(tick, us) for tick, us in tempos if tick > last - bar - bar // 4]
    assert len(braking) >= 5
    assert all(us < later for (_, us), (_, later) in pairwise(braking))
    assert 1.15 < braking[-1][1] / tempos[0][1] < 2
    assert last - bar // 8 < braking[-1][0] <= last + bar // 8 < end


@pytest.mark.parametrize(
    "said",
    [
        {"text": "pop, joy"}, {"text": "tango, longing"}, {"text": "edm, joy"}, {"text": "solo piano, grief at 70 bpm"}, {"text": "solo piano, grief", "bpm": 70.0},
        {"text": "solo piano, grief, 60 seconds"}, {"text": "a waltz, joy", "loop": True}, {"text": "a waltz, joy", "hits": (HitPoint(seconds=5.0),)},
        {"text": "a waltz, joy", "humanize": 0.0}, {"text": "a waltz, joy", "bars": 7},
    ],
)  # fmt: skip
def test_what_is_steady_or_set_keeps_its_tempo(said: dict[str, object]) -> None:
    assert len({us for _, us in paces(**said)[0]}) == 1


def test_a_take_slows_as_the_one_that_it_grew_from() -> None:
    studio = LocalStudio()
    take = studio.compose(Intent(text="solo piano, grief"))
    later = studio.compose(Intent(text="solo piano, grief", parent=take.intent, seed=3, directions=("braver",)))
    assert later.plan.slows == take.plan.slows > 0
    assert studio.compose(Intent(text="solo piano, grief", parent=take.intent, seconds=50.0)).plan.slows == 0
