"""The page of transforms names each of them, and each picture is what the code gives."""

from __future__ import annotations

import pytest

from kmidi.theory import Key
from kmidi.transforms import TECHNIQUES, TRANSFORMS, reharmonize
from scripts.draw_transforms import DOCS, EXAMPLES, files, song


def test_the_page_and_its_pictures_are_what_the_code_gives() -> None:
    for name, data in files().items():
        assert (DOCS / name).read_bytes() == data, f"{name} is old: uv run python -m scripts.draw_transforms"


def test_every_transform_and_technique_is_drawn() -> None:
    drawn = {example.words.split()[0] for example in EXAMPLES}
    assert drawn == set(TRANSFORMS)
    assert {f"reharmonize_{technique}" for technique in TECHNIQUES} <= {example.name for example in EXAMPLES}
    page = (DOCS / "transforms.md").read_text("utf-8")
    for name in TRANSFORMS:
        assert f"\n## {name}\n" in page
    for example in EXAMPLES:
        assert f"kmidi change {example.input} {example.words} -o changed.mid" in page


@pytest.mark.parametrize("technique", sorted(TECHNIQUES))
def test_what_a_technique_names_is_what_sounds(technique: str) -> None:
    before = song()
    after = reharmonize(before, technique=technique, key=Key("C"), melody="Tune")
    assert after.parts[0] is before.parts[0]
    under = [part for part in after.parts[1:] if not part.is_drums]
    old = {(c.onset, c.chord) for c in before.chords}
    for span in after.chords:
        if (span.onset, span.chord) in old:
            continue
        sounding = {
            int(note["pitch"]) % 12
            for part in under
            for note in part.notes
            if note["onset"] < span.onset + span.duration and note["onset"] + note["duration"] > span.onset + 40
        }
        assert sounding <= {*span.chord.pitch_classes, span.chord.bass}
        tones = set(span.chord.pitch_classes)
        assert len(tones & sounding) >= 3, span
        was = next(c.chord for c in reversed(before.chords) if c.onset <= span.onset)
        if was.root == span.chord.root:
            assert tones - set(was.pitch_classes) <= sounding, span
        lowest = min(int(n["pitch"]) for n in after.parts[2].notes if n["onset"] == span.onset)
        assert lowest % 12 == span.chord.bass
