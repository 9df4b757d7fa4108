"""A plan's reasons are true of its notes: what moved a cue, who set a thing, where the piece ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kmidi import Intent
from kmidi.plan import Plan, Reason
from kmidi.studio import LocalStudio, explain
from kmidi.theory import roman_to_chord

STUDIO = LocalStudio()


def of(plan: Plan, what: str) -> Reason:
    return next(reason for reason in plan.reasons if reason.what == what)


def progressions(plan: Plan) -> dict[str, str]:
    return {r.value.partition(":")[0]: r.why for r in plan.reasons if r.what == "harmony"}


@pytest.mark.parametrize(
    ("arousal", "side"), [(0.6, "stirred"), (-0.6, "still"), (0.0, "neither stirred nor still"), (0.001, "neither")]
)
def test_a_tempo_is_laid_to_what_moved_it(arousal: float, side: str) -> None:
    assert of(STUDIO.plan(Intent(valence=0, arousal=arousal)), "tempo").why.startswith(side)


def test_who_set_a_tonic_did_not_set_the_mode() -> None:
    assert of(STUDIO.plan(Intent(text="grief", key="E")), "key").why.startswith("you set the tonic; the mode carries")
    assert of(STUDIO.plan(Intent(text="grief", key="E", mode="minor")), "key").why == "you set it"


@pytest.mark.parametrize("name", [None, "avoid_tonic_resolution", "unresolved_dissonance"])
def test_the_cadence_told_is_the_one_that_sounds(name: str | None) -> None:
    take = STUDIO.compose(Intent(text="longing for a lost summer", seed=5, rule_breaks=(name,) if name else ()))
    told = of(take.plan, "cadence")
    last = roman_to_chord(told.value, take.plan.key)
    assert last.pitch_classes == take.score.chords[-1].chord.pitch_classes
    assert ("at home" in told.why) == (last.root == take.plan.key.pitch_class)


def test_what_was_taken_over_was_not_set() -> None:
    """The progression told of a locked take is that of the take it grew from, and so is why it was chosen."""
    before = STUDIO.compose(Intent(text="grief", seed=1))
    after = STUDIO.compose(replace(before.intent, seed=2, parent=before.intent, locks=("chords",)))
    for what in ("key", "mode", "tempo", "form", "chord rhythm"):
        assert of(after.plan, what).why == f"kept from the take before ({of(before.plan, what).why})"
    assert progressions(after.plan) == {k: f"kept from the take before ({w})" for k, w in progressions(before.plan).items()}  # fmt: skip
    third = STUDIO.compose(replace(after.intent, seed=3, parent=after.intent))
    assert of(third.plan, "key") == of(after.plan, "key")


def test_a_locked_verse_keeps_its_own_reason_only() -> None:
    before = STUDIO.compose(Intent(text="grief", seed=1))
    after = STUDIO.compose(replace(before.intent, seed=2, parent=before.intent, locks=("section:verse",)))
    told = progressions(after.plan)
    assert told["verse"].startswith("kept from the take before (")
    assert not told["chorus"].startswith("kept")


def test_words_that_weigh_nothing_are_not_listed() -> None:
    told = explain(STUDIO.plan(Intent(text="I love you so much it scares me")))
    assert "“scares”" in told
    assert not [line for line in told.splitlines() if line.endswith("0.00, arousal +0.00")]
