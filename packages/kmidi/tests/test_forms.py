"""Forms over few bars: what contrasts stays, and nothing is said three times running but a hymn's verses."""

from __future__ import annotations

from itertools import groupby

import pytest

from kmidi import Intent
from kmidi.affect import feel
from kmidi.composer import compose
from kmidi.planner import plan
from kmidi.planner.form import fill
from kmidi.tables import genres

FORMS = sorted({form for row in genres().values() for form in row.forms if row.id != "hymn"})


@pytest.mark.parametrize("bars", [24, 32, 40, 48, 64, 96])
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_said_three_times_running(form: str, bars: int) -> None:
    made = fill(tuple(form.split()), bars)
    runs = [(kind, len(list(group))) for kind, group in groupby(kind for kind, _ in made)]
    most = 3 if "build climax" in form else 2  # a long climb to a climax
    assert max(many for _, many in runs) <= most
    assert sum(length for _, length in made) == bars


@pytest.mark.parametrize(
    "genre", ["bossa", "march", "waltz", "string_quartet", "lullaby", "tango", "solo_piano", "jazz_trio"]
)
def test_a_theme_of_32_bars_has_its_contrast_and_comes_back(genre: str) -> None:
    for seed in range(6):
        decided = plan(intent := Intent(text="calm", genre=genre, bars=32, seed=seed, rule_breaks=()), feel(intent))
        kinds = [section.kind for section in decided.sections]
        assert "theme" in kinds[kinds.index("contrast") :] or kinds.count("contrast") == 2
        score, bar = compose(decided), decided.meter.bar_ticks(480)
        tune = next(part for part in score.parts if part.role in ("melody", "piano")).notes
        starts = {m.text.split()[0]: m.tick for m in reversed(score.markers)}
        heard = [
            tune[["onset", "pitch"]][(tune["onset"] >= starts[k]) & (tune["onset"] < starts[k] + 4 * bar)]
            for k in ("theme", "contrast")
        ]
        themes = [
            {(int(o) - int(starts[k]), int(p)) for o, p in rows}
            for k, rows in zip(("theme", "contrast"), heard, strict=True)
        ]
        assert themes[0] != themes[1]
