"""JSON in and out: strict, and its errors name the field."""

import pytest

from kmidi import Intent, IntentError
from kmidi.codec import from_json, from_plain, to_json


@pytest.mark.parametrize(
    ("value", "field", "part"),
    [
        ({"txet": "x"}, "txet", "did you mean 'text'"),
        ({"bpm": "60"}, "bpm", "no number"),
        ({"text": "a", "seed": 1.5}, "seed", "whole number"),
        ({"sections": [{"name": "a"}]}, "sections[0].bars", "missing"),
        ({"sections": 3}, "sections", "list"),
        ({"bpm": 1e9}, "bpm", "20 to 300"),
        ({"loop": 1}, "loop", "no truth value"),
        ([1], None, "no object"),
    ],
)
def test_what_does_not_fit_is_named(value, field, part):
    with pytest.raises(IntentError) as caught:
        from_plain(Intent, value)
    assert caught.value.field == field
    assert part in str(caught.value)


def test_an_intent_survives_json():
    intent = Intent(text="grief — hidden as löve", bpm=71, seed=3)
    assert from_json(Intent, to_json(intent)) == intent


def test_text_that_is_no_json_is_said():
    with pytest.raises(IntentError, match="no JSON"):
        from_json(Intent, "{")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"parent":' * 5_000 + "1" + "}" * 5_000])
def test_what_is_nested_past_all_sense_is_said(text: str):
    with pytest.raises(IntentError, match="nested too deeply"):
        from_json(Intent, text)
