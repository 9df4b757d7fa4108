"""The command, as a person types it: files, messages, exit codes."""

from __future__ import annotations

import io
import json
import re
import socket
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import mido
import pytest

from kmidi import Intent, IntentError
from kmidi.cli.main import main
from kmidi.studio import LocalStudio, takes
from kmidi.studio.again import alike
from kmidi.transforms import TRANSFORMS, arguments_of
from scripts.draw_transforms import inputs


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        main(arguments)
        code = 0
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def sounding(track: mido.MidiTrack) -> list[mido.Message]:
    """The channel messages of a track at their ticks."""
    tick, found = 0, []
    for message in track:
        tick += message.time
        if not message.is_meta:
            found.append(message.copy(time=tick))
    return found


def test_a_sentence_becomes_the_same_file_in_every_process(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    here, there = tmp_path / "here.mid", tmp_path / "there.mid"
    words = ["compose", "grief hidden as love", "--seed", "7", "-o"]
    assert run(capsys, *words, str(here))[0] == 0
    subprocess.run(
        [sys.executable, "-c", "from kmidi.cli.main import main; main()", *words, str(there)],
        check=True, env={"PYTHONHASHSEED": "99", "PATH": ""}, capture_output=True,
    )  # fmt: skip
    assert here.read_bytes() == there.read_bytes()
    assert here.read_bytes() == LocalStudio().compose(Intent(text="grief hidden as love", seed=7)).midi


def test_what_is_set_is_what_the_file_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "x.mid"
    code, out, _ = run(
        capsys, "compose", "a slow goodbye", "--key", "F#", "--mode", "minor", "--bpm", "71", "--meter", "6/8", "--sections",
        "verse:6,chorus:6", "--instrument", "violin", "--instrument", "piano", "-o", str(path),
    )  # fmt: skip
    assert code == 0, out
    file = mido.MidiFile(path)
    metas = {m.type: m for m in file.tracks[0]}
    assert (metas["key_signature"].key, metas["set_tempo"].tempo) == ("F#m", round(60e6 / 71))
    assert [m.text for m in file.tracks[0] if m.type == "marker"] == ["verse", "chorus"]
    assert [m.program for t in file.tracks for m in t if m.type == "program_change"] == [40, 0]
    assert sum(m.time for m in file.tracks[0]) == 12 * 3 * 480


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ([""], "text is empty"),
        ([], "nothing says"),
        (["x", "--bpm", "0"], "bpm is 0.0; legal: 20 to 300"),
        (["x", "--bpm", "1e9"], "legal: 20 to 300"),
        (["x", "--bpm", "nan"], "legal: 20 to 300"),
        (["x", "--key", "H"], "unknown key 'H'"),
        (["x", "--mode", "lydain"], "did you mean 'lydian'"),
        (["x", "--meter", "4/5"], "unknown meter '4/5'"),
        (["x", "--bars", "10000"], "bars is 10000; legal: 1 to 512"),
        (["x", "--genre", "solo_pian"], "did you mean 'solo_piano'"),
        (["x", "--emotion", "greif"], "did you mean 'grief'"),
        (["x" * 1_000_000], "legal: at most 20000"),
        (["a\x07b"], "control character (U+0007) at character 1"),
        (["a\udc80b"], "lone surrogate (U+DC80) at character 1"),
        (["x", "--bars", "400", "--seconds", "2"], "would need"),
        (["x", "--via", "up,1"], "legal: two numbers"),
        (["x", "--sections", "verse"], "legal: name:bars"),
        (["x", "--sections", "verse:²"], "legal: name:bars"),
        (["x", "--instrument", "kazo"], "unknown instrument 'kazo'"),
        (["x", "--valence", "2"], "valence is 2.0; legal: -1 to 1"),
        (["x", "-o", "/nowhere/x.mid"], "can't write"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line_and_no_file(
    arguments: list[str], part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "compose", *arguments)
    assert (code, out) == (2, "")
    assert part in err
    assert err.startswith("kmidi: ")
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_take_takes_no_other_files_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):  # what is the same is written there again
        run(capsys, "compose", "joy", "--bars", "2")
    (own,) = tmp_path.iterdir()
    composed = own.read_bytes()
    own.write_bytes(b"worked on in a DAW")
    for _ in range(2):
        _, out, _ = run(capsys, "compose", "joy", "--bars", "2")
        assert out.startswith(f"{own.stem}_2.mid: ")
    assert own.read_bytes() == b"worked on in a DAW"
    assert own.with_stem(f"{own.stem}_2").read_bytes() == composed
    assert len([*tmp_path.iterdir()]) == 2


def test_no_midi_is_said_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "x.mid").write_bytes(b"hello")
    code, _, err = run(capsys, "analyze", str(tmp_path / "x.mid"))
    assert (code, "byte 0" in err) == (3, True)


def test_json_holds_reading_and_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    _, out, _ = run(capsys, "compose", "pure joy", "--json", "-o", str(tmp_path / "x.mid"))
    said = json.loads(out)
    assert said["affect"]["valence"] > 0.3
    assert said["plan"]["sections"][0]["chords"]


def test_a_bundle_recreates_its_own_bytes_and_grows_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "x.zip"
    run(capsys, "compose", "saudade — the long way home", "--bars", "16", "-o", str(path))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        song = archive.read("song.mid")
        stems = [mido.MidiFile(file=io.BytesIO(archive.read(n))) for n in names if n.startswith("stems/")]
    assert {"chords.txt", "lead.musicxml", "explain.md", "recipe.json", "README.txt", "LICENSE.txt"} <= set(names)
    whole = mido.MidiFile(file=io.BytesIO(song))
    for stem, track in zip(stems, whole.tracks[1:], strict=True):
        assert stem.tracks[1].name == track.name
        kinds = {"set_tempo", "time_signature", "key_signature", "marker"}
        assert [m for m in stem.tracks[0] if m.type in kinds] == [m for m in whole.tracks[0] if m.type in kinds]
        assert sounding(stem.tracks[1]) == sounding(track)
    again = tmp_path / "again.mid"
    assert run(capsys, "compose", "--recipe", str(path), "-o", str(again))[0] == 0
    assert again.read_bytes() == song
    code, out, err = run(capsys, "again", str(path), "--keep", "chords", "-n", "3", "-o", str(tmp_path / "n.mid"))
    assert code == 0, err
    assert len({p.read_bytes() for p in tmp_path.glob("n_*.mid")}) == 3
    assert out.count("\n") == 3


def test_takes_really_differ():
    found = takes(LocalStudio(), Intent(text="homesick", bars=16), 4)
    pairs = [(a, b) for i, a in enumerate(found) for b in found[i + 1 :]]
    assert all(alike(a, b) <= 0.7 for a, b in pairs)
    assert [t.intent.parent for t in found[1:]] == [found[0].intent] * 3


def test_takes_under_one_melody_are_told_apart_by_what_is_free():
    """A waltz is much tune and little else: what was kept does not make its takes alike."""
    first = Intent(text="a slow waltz for my father", key="D", mode="minor", seconds=60)
    found = takes(LocalStudio(), replace(first, seed=1, parent=first, locks=("part:melody",)), 3)
    assert len({t.midi for t in found}) == 3
    every = tuple(f"part:{part.name}" for part in found[0].score.parts)
    with pytest.raises(IntentError, match="lock less"):
        takes(LocalStudio(), replace(first, seed=1, parent=first, locks=every), 2)


def test_up_says_which_port_is_taken(capsys: pytest.CaptureFixture[str]):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = run(capsys, "up", "--api-port", str(port))
    assert code == 7
    assert f"port {port}" in err
    assert "--api-port" in err


def test_a_file_is_changed_by_a_transform_and_by_its_recipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    song, up, down = tmp_path / "s.mid", tmp_path / "up.mid", tmp_path / "down.mid"
    run(capsys, "compose", "pure joy", "--key", "C", "--mode", "major", "--bars", "8", "-o", str(song))
    code, out, err = run(capsys, "change", str(song), "transpose", "semitones=3", "-o", str(up), "--json")
    assert code == 0, err
    (tmp_path / "r.json").write_text(out)
    assert run(capsys, "change", str(song), "--recipe", str(tmp_path / "r.json"), "-o", str(down))[0] == 0
    assert up.read_bytes() == down.read_bytes()
    ours, theirs = mido.MidiFile(song), mido.MidiFile(up)
    for before, after in zip(ours.tracks, theirs.tracks, strict=True):
        moved = [
            b.note - a.note
            for a, b in zip(sounding(before), sounding(after), strict=True)
            if a.type == "note_on" and a.channel != 9
        ]
        assert set(moved) <= {3}
    assert run(capsys, "change", str(song), "reharmonize", "technique=extensions", "-o", str(up))[0] == 0
    code, _, err = run(capsys, "change", str(song), "transpsoe", "-o", str(up))
    assert (code, "did you mean 'transpose'" in err) == (2, True)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("transpsoe semitones=1", "did you mean 'transpose'"),
        ("transpose", "argument 'semitones' is missing"),
        ("transpose semitones", "legal: name=value, such as semitones=3"),
        ("transpose semitones=three", "semitones is 'three'; legal: a whole number"),
        ("transpose semitons=3", "did you mean 'semitones'"),
        ("to_mode mode=lydain key=C", "did you mean 'lydian'"),
        ("to_mode mode=dorian key=H", "unknown key 'H'"),
        ("recolour after=greif", "did you mean 'grief'"),
        ("recolour after=0.1,x", "legal: an emotion, or valence,arousal"),
        ("apply_groove groove=song.mid:Bas", "did you mean 'bass'"),
        ("apply_groove groove=none.mid", "no file 'none.mid' to take a groove from"),
        ("reharmonize technique=suspension", "did you mean 'suspensions'"),
        ("quantize grid_quarters=1/7", "legal: 4, 2, 1, 0.5"),
        ("quantize strength=nan", "strength is 'nan'; legal: a number"),
        ("harmonise melody=Tune key=C chords_per_bar=0", "chords_per_bar is 0; legal: 1 to 8"),
        ("split_part part=Tone", "did you mean 'Tune'"),
    ],
)
def test_a_change_that_means_nothing_is_one_clear_line(
    words: str, part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "song.mid").write_bytes(inputs()["song.mid"])
    code, out, err = run(capsys, "change", "song.mid", *words.split(), "-o", "o.mid")
    assert (code in (2, 6), out) == (True, "")
    assert part in err
    assert err.count("\n") == 1
    assert not (tmp_path / "o.mid").exists()


def test_help_lists_every_transform_with_its_arguments(capsys: pytest.CaptureFixture[str]):
    _, out, _ = run(capsys, "change", "--help")
    for name in TRANSFORMS:
        line = next(line for line in out.splitlines() if line.strip().startswith(f"{name} "))
        assert all(f"{argument.name}=" in line for argument in arguments_of(name))


@pytest.mark.parametrize(
    ("name", "start"), [("a.wav", b"RIFF"), ("a.flac", b"fLaC"), ("a.OGG", b"OggS"), ("a.svg", b"<svg")]
)
def test_the_ending_says_what_is_written(tmp_path: Path, name: str, start: bytes):
    main(["compose", "calm", "--bars", "1", "-o", str(tmp_path / name)])
    assert (tmp_path / name).read_bytes().startswith(start)


@pytest.mark.parametrize("name", ["a.txt", "a.mdi", "nowhere/a.mid"])
def test_a_path_that_means_nothing_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
):
    code, out, err = run(capsys, "compose", "calm", "--bars", "1", "-o", str(tmp_path / name))
    assert (code, out) == (2, "")
    assert "no folder" in err if "nowhere" in name else "did you mean '.mid" in err or "legal: .flac" in err
    assert not list(tmp_path.iterdir())


def test_a_change_goes_to_a_midi_file_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    song = tmp_path / "s.mid"
    run(capsys, "compose", "calm", "--bars", "1", "-o", str(song))
    before = song.read_bytes()
    code, _, err = run(capsys, "change", str(song), "transpose", "semitones=3", "-o", str(tmp_path / "up.mp7"))
    assert (code, "unknown ending '.mp7'" in err) == (2, True)
    code, _, err = run(capsys, "change", str(song), "transpose", "semitones=3", "-o", str(song))
    assert (code, "is the file that is read" in err) == (2, True)
    assert (list(tmp_path.iterdir()), song.read_bytes()) == ([song], before)


def test_a_zip_holds_the_changed_song_its_stems_and_the_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    song, stems, up = tmp_path / "s.mid", tmp_path / "stems.zip", tmp_path / "up.zip"
    run(capsys, "compose", "pure joy", "--key", "C", "--bars", "8", "-o", str(song))
    code, out, err = run(capsys, "change", str(song), "-o", str(stems))
    assert code == 0, err
    whole = mido.MidiFile(song).tracks[1:]
    assert f"{len(whole)} stems" in out
    with zipfile.ZipFile(stems) as archive:
        assert archive.read("song.mid") == song.read_bytes()
        names = [name for name in archive.namelist() if name.startswith("stems/")]
        tracks = [mido.MidiFile(file=io.BytesIO(archive.read(name))).tracks for name in names]
    heard = [[events for track in stem if (events := sounding(track))] for stem in tracks]
    assert heard == [[sounding(track)] for track in whole]  # the track with the chords' names stays, silent
    assert all(stem[0] == mido.MidiFile(song).tracks[0] for stem in tracks)
    assert run(capsys, "change", str(song), "transpose", "semitones=3", "-o", str(up))[0] == 0
    with zipfile.ZipFile(up) as archive:
        (tmp_path / "steps.json").write_bytes(archive.read("steps.json"))
        again = tmp_path / "again.mid"
        assert run(capsys, "change", str(song), "--recipe", str(tmp_path / "steps.json"), "-o", str(again))[0] == 0
        assert archive.read("song.mid") == again.read_bytes()


def test_a_file_that_is_not_there_is_said_with_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "Song.mid").write_bytes(b"MThd")
    for words in (
        ["analyze"],
        ["change", "-o", "x.mid"],
        ["again"],
        ["compose", "--recipe"],
        ["interview", "--resume"],
    ):
        code, out, err = run(capsys, *words, str(tmp_path / "sonk.mid"))
        assert (code, out) == (6, ""), words
        assert f"did you mean {str(tmp_path / 'Song.mid')!r}" in err
    code, _, err = run(capsys, "analyze", str(tmp_path / "nowhere/sonk.mid"))
    assert (code, "there is no folder" in err) == (6, True)


def test_music_goes_through_a_pipe():
    def kmidi(*words: str, given: bytes = b"") -> bytes:
        command = [sys.executable, "-c", "from kmidi.cli.main import main; main()", *words]
        return subprocess.run(command, input=given, check=True, capture_output=True).stdout

    midi = kmidi("compose", "pure joy", "--key", "D", "--bars", "8", "--bpm", "120", "-o", "-")
    assert midi == LocalStudio().compose(Intent(text="pure joy", key="D", bars=8, bpm=120)).midi
    up = kmidi("change", "-", "transpose", "semitones=2", "-o", "-", given=midi)
    assert b"E major" in kmidi("analyze", "-", given=up)


@pytest.mark.parametrize("option", ["-o", "--resume"])
def test_a_talk_keeps_the_pipes_for_itself(option: str, capsys: pytest.CaptureFixture[str]):
    code, out, err = run(capsys, "interview", option, "-")
    assert (code, out, "name a file" in err) == (2, "", True)


def test_recolouring_says_what_it_changed_and_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    song = tmp_path / "s.mid"
    run(capsys, "compose", "pure joy", "--key", "C", "--mode", "major", "--bars", "8", "-o", str(song))
    code, out, err = run(capsys, "change", str(song), "recolour", "after=grief", "-o", str(tmp_path / "r.mid"))
    assert code == 0, err
    told = [line.strip().partition(":")[0] for line in out.splitlines()[1:]]
    assert {"mode", "tempo"} <= set(told)


def test_a_talk_survives_a_slip_and_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "talk.json"
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("my dog died\nfix outcom peace\nstop lying to me\nfix things with her\nstop\n")
    )
    assert run(capsys, "interview", "--transcript", str(kept))[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("fix wound I was not there\nstop\n"))
    code, out, _ = run(capsys, "interview", "--resume", str(kept))
    assert code == 0
    assert "core_wound: I was not there" in out
    assert "core_desire: fix things with her" in out
    assert "I was not there" in kept.read_text(encoding="utf-8")


def test_a_file_that_breaks_off_is_not_taken_for_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = LocalStudio().compose(Intent(text="grief", bars=16)).midi
    told = ""
    for cut in range(len(data) // 2, len(data) // 2 + 4):  # one of four cuts is within an event
        (tmp_path / "cut.mid").write_bytes(data[:cut])
        code, said, _ = run(capsys, "analyze", str(tmp_path / "cut.mid"))
        assert code == 0
        assert re.search(r"read with a repair: track \d, byte", said)
        told += said
    assert "breaks off" in told
    (tmp_path / "whole.mid").write_bytes(data)
    assert "repair" not in run(capsys, "analyze", str(tmp_path / "whole.mid"))[1]


def test_a_midi_file_is_no_recipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, said, _ = run(capsys, "compose", "grief", "--bars", "1", "-o", str(tmp_path / "x.mid"))
    assert (code, "1 bar of 4/4" in said) == (0, True)
    code, _, err = run(capsys, "again", str(tmp_path / "x.mid"))
    assert (code, "is no recipe" in err, "give a bundle" in err) == (2, True, True)


def test_all_that_is_wrong_is_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "compose", "grief", "--bpm", "fast", "--bars", "8.5", "--key", "H")
    assert code == 2
    told = err.splitlines()
    assert told[0].startswith("kmidi: bpm is 'fast'; legal: 20 to 300")
    assert told[1] == "kmidi: bars is '8.5'; legal: a whole number, 1 to 512"
    assert told[2].startswith("kmidi: unknown key 'H'")
    assert len(told) == 3
    assert "did you mean 'jazz_trio'?" in run(capsys, "compose", "grief", "--genre", "jaz")[2]
