"""The file format, byte by byte: what stands where, what is mended, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kmidi import MidiError, Part, Score, midi
from kmidi.score import ChordSpan, KeyChange, MeterChange, Tempo, controls_array, notes_array
from kmidi.theory import Chord, Key, Meter


def hexed(dump: str) -> bytes:
    """Bytes from a dump: two hex digits a byte, # starts a comment."""
    return bytes.fromhex(re.sub(r"#.*", "", dump))


WRITTEN = """
4d546864 00000006    # MThd, 6 bytes
0001 0002 01e0       # type 1, two tracks, 480 ticks a quarter
4d54726b 00000038    # MTrk: the conductor
00 ff03 03 446179    # its name is the title: Day
00 ff51 03 07a120    # 500000 µs a quarter: 120 bpm
00 ff58 04 04 02 18 08   # 4/4, a click every 24 clocks, eight 32nds a quarter
00 ff59 02 ff 01     # one flat, minor
00 ff01 0c 6d6f64653a20646f7269616e   # text mode: dorian
8f00 ff01 03 656e64  # at tick 1920 a text that changes nothing: end
00 ff2f 00           # end of track
4d54726b 00000046    # MTrk: the part
00 ff03 04 4b657973  # Keys
00 ff04 0b 6772616e645f7069616e6f   # instrument grand_piano
00 ff01 0c 726f6c653a2063686f726473 # text role: chords
00 c2 05             # its program, once, at tick 0
00 ff01 02 446d      # the chord's name: Dm
00 b2 07 64          # volume, at tick 0
00 92 3e 50          # D4 on
8360 82 3e 40        # off at tick 480
8b20 b2 0b 7f        # at tick 1920 the expression that stands
00 ff2f 00
"""


def test_what_is_written() -> None:
    part = Part(name="Keys", channel=2, program=5, instrument="grand_piano", role="chords", notes=notes_array([(0, 480, 62, 80, 0)]), controls=controls_array([(0, 0, 7, 100)]))  # fmt: skip
    chord = ChordSpan(0, 1920, Chord.parse("Dm"), "i")
    score = Score(title="Day", length=1920, tempos=(Tempo(0, 500_000),), meters=(MeterChange(0, Meter(4, 4)),), keys=(KeyChange(0, Key("D", "dorian")),), chords=(chord,), parts=(part,))  # fmt: skip
    assert midi.write(score).hex(" ") == hexed(WRITTEN).hex(" ")


def file(*tracks: str, kind: str = "0001", count: str = "", division: str = "01e0") -> bytes:
    """A file of tracks given as the hex of their events."""
    bodies = [hexed(t) for t in tracks]
    head = hexed(f"4d546864 00000006 {kind} {count or f'{len(tracks):04x}'} {division}")
    return head + b"".join(b"MTrk" + len(b).to_bytes(4, "big") + b for b in bodies)


NOTE = "00 90 3c 40  60 80 3c 40  "  # C4 for 96 ticks
END = "00 ff 2f 00"


def heard(score: Score) -> list[tuple[int, ...]]:
    """Onset, duration, pitch, velocity of all notes."""
    return [n[:4] for p in score.parts for n in p.notes.tolist()]


@pytest.mark.parametrize(
    ("track", "notes"),
    [
        pytest.param("00 90 3c 40  60 3c 00", [(0, 96, 60, 64)], id="running status, off as velocity 0"),
        pytest.param("00 90 3c 40  00 ff 01 00  60 3c 00", [(0, 96, 60, 64)], id="running status over a meta event"),
        pytest.param("00 c0 05  00 06  00 90 3c 40  60 3c 00", [(0, 96, 60, 64)], id="running status of programs, then notes"),
        pytest.param("00 d0 05  00 06  00 ff 01 00  00 07  60 90 3c 40  01 3c 00", [(96, 1, 60, 64)], id="running pressure over a meta event"),
        pytest.param("81 80 00 90 3c 40  00 3c 00", [(16384, 0, 60, 64)], id="delta time of three bytes, note of no length"),
        pytest.param(NOTE + "00 80 3c 40  00 90 3c 40  60 90 3c 41  60 80 3c 40  00 90 3c 42  60 80 3c 40", [(0, 96, 60, 64), (96, 0, 60, 64), (192, 96, 60, 65), (288, 96, 60, 66)], id="grace note whose off stands before its on"),
        pytest.param("00 80 3c 40  00 90 3c 40  60 80 3c 40  00 90 3c 40  60 90 3c 41  60 80 3c 40", [(0, 0, 60, 64), (96, 0, 60, 64), (192, 96, 60, 65)], id="two such grace notes"),
        pytest.param("00 90 3c 40  60 90 3c 41  60 80 3c 40  60 90 3c 42  60 80 3c 40", [(0, 96, 60, 64), (96, 96, 60, 65), (288, 96, 60, 66)], id="one lost note-off leaves later notes their lengths"),
        pytest.param(NOTE + "00 80 3c 40  00 90 3c 41  60 80 3c 40", [(0, 96, 60, 64), (96, 96, 60, 65)], id="a note-off sent twice, at the next start"),
        pytest.param("ff ff ff 7f 90 3c 40  01 3c 00", [(0x0FFFFFFF, 1, 60, 64)], id="longest delta time"),
        pytest.param("00 f0 03 01 02 f7  00 90 3c 40  60 3c 00", [(0, 96, 60, 64)], id="sysex"),
        pytest.param("00 f0 01 01  05 f7 01 f7  00 90 3c 40  60 3c 00", [(5, 96, 60, 64)], id="sysex in packets"),
        pytest.param("00 ff 01 81 00" + "41" * 128 + NOTE, [(0, 96, 60, 64)], id="text of 128 bytes"),
        pytest.param("00 ff 7f 82 00" + "41" * 256 + NOTE, [(0, 96, 60, 64)], id="meta of 256 bytes"),
        pytest.param("00 ff 60 02 01 02" + NOTE, [(0, 96, 60, 64)], id="unknown meta"),
        pytest.param("00 f8  00 f2 01 02  00 f3 01" + NOTE, [(0, 96, 60, 64)], id="system messages"),
        pytest.param("00 90 3c 40  10 3c 41  10 3c 00  10 3c 00", [(0, 32, 60, 64), (16, 32, 60, 65)], id="overlap: first on, first off"),
        pytest.param("00 90 3c 40  10 3c 41  00 3c 00  10 3c 00", [(0, 16, 60, 64), (16, 16, 60, 65)], id="struck again before its off"),
        pytest.param("00 90 3c 41  00 3c 40  10 3c 00  00 3c 00", [(0, 16, 60, 64), (0, 16, 60, 65)], id="struck twice at once: the softer stands first"),
    ],
)  # fmt: skip
def test_what_is_read(track: str, notes: list[tuple[int, ...]]) -> None:
    data = file(track + END)
    score = midi.read(data)
    assert heard(score) == notes
    assert midi.write(score) == data


FINE = file(NOTE + END)


@pytest.mark.parametrize(
    ("data", "repair"),
    [
        pytest.param(file(NOTE), "track 0, byte 30: no end of track; it ends with its last event", id="no end of track"),
        pytest.param(FINE[:18] + b"\0\0\0\4" + FINE[22:], "track 0, byte 18: the track says it is 4 bytes long; its end of track comes after 12", id="track length too short"),
        pytest.param(FINE[:18] + b"\0\0\0\x20" + FINE[22:], "track 0, byte 18: the track says it is 32 bytes long; its end of track comes after 12", id="track length too long"),
        pytest.param(FINE[:18] + b"\xff" * 4 + FINE[22:], "track 0, byte 18: the track says it is 4294967295 bytes long; its end of track comes after 12", id="track length of 4 GB"),
        pytest.param(FINE[:18] + b"\0\0\0\0" + FINE[22:] + FINE[14:], "track 0, byte 18: the track says it is 0 bytes long; its end of track comes after 12", id="track length 0 with a track behind"),
        pytest.param(file(NOTE + END + "00 90 40"), "track 0, byte 34: 3 stray bytes after the end of track left out", id="stray bytes after the end of track"),
        pytest.param(FINE + b"junk!", "byte 34: 5 stray bytes after the last track left out", id="trailing junk"),
        pytest.param(FINE[:14] + b"\1\2\3" + FINE[14:], "byte 14: 3 stray bytes before track 0 left out", id="junk before a track"),
        pytest.param(b"junk" + FINE, "byte 0: 4 stray bytes before the header left out", id="junk before the header"),
        pytest.param(b"RIFF\x2a\0\0\0RMIDdata\x22\0\0\0" + FINE, "byte 0: a RIFF file; the MIDI file in it is read", id="RIFF"),
        pytest.param(b"RIFF\x2a\0\0\0RMIDdata\0\0\0\0" + FINE, "byte 0: the RIFF file says its data is 0 bytes long; the MIDI file in it goes on", id="RIFF of no bytes"),
        pytest.param(b"RIFF\x2a\0\0\0RMIDdata\x19\0\0\0" + FINE, "byte 0: the RIFF file says its data is 25 bytes long; the MIDI file in it goes on", id="RIFF that says too little"),
        pytest.param(file(NOTE + END, count="0009"), "byte 10: the header says 9 tracks; there are 1", id="wrong count of tracks"),
        pytest.param(file(NOTE + END, END, kind="0000"), "byte 8: format 0 with 2 tracks, read as format 1", id="format 0 with two tracks"),
        pytest.param(FINE[:4] + b"\0\0\0\7" + FINE[8:], "byte 4: the header says it is 7 bytes long; legal: 6", id="header length"),
        pytest.param(file("00 3c 40" + NOTE + END), "track 0, byte 22: 1 data byte with no status in front, left out", id="data before any status"),
        pytest.param(file("00 f4" + NOTE + END), "track 0, byte 22: 1 status byte that MIDI does not define, left out", id="undefined status"),
        pytest.param(file("00 b0 07 c8" + NOTE + END), "track 0, byte 22: 1 event with a data byte above 127, read as 127", id="data byte too high"),
        pytest.param(file(NOTE + "ff ff ff ff 7f 90 40 40" + END), "track 0, byte 30: a delta time of more than four bytes; 12 stray bytes left out", id="delta time too long"),
        pytest.param(file(NOTE + "00 ff 01 ff ff ff ff 7f" + END), "track 0, byte 30: a length of more than four bytes; 12 stray bytes left out", id="length too long"),
        pytest.param(FINE[:-6], "track 0, byte 26: the track breaks off within an event; 2 bytes left out", id="cut within an event"),
        pytest.param(file("00 ff 01 02 c4 d6" + NOTE + END), "track 0, byte 22: 1 text not in UTF-8, read as Latin-1", id="Latin-1"),
        pytest.param(file("00 ff 03 06 83 73 83 41 83 6d" + NOTE + END), "track 0, byte 22: 1 text not in UTF-8, read as Shift-JIS", id="Shift-JIS"),
        pytest.param(file("00 ff 01 05 44 6f 6e 92 74" + NOTE + END), "track 0, byte 22: 1 text not in UTF-8, read as Windows-1252", id="a curly apostrophe"),
        pytest.param(file("00 ff 03 06 ff fe 46 00 fc 00" + NOTE + END), "track 0, byte 22: 1 text not in UTF-8, read as UTF-16", id="UTF-16"),
        pytest.param(file("00 ff 51 03 00 00 00" + NOTE + END), "track 0, byte 22: 1 tempo of no length, not heeded", id="tempo 0"),
        pytest.param(file("00 ff 58 04 00 02 18 08" + NOTE + END), "track 0, byte 22: 1 meter outside 1..255 over 1..64, not heeded", id="meter of no beats"),
        pytest.param(file("00 ff 59 02 09 00" + NOTE + END), "track 0, byte 22: 1 key signature of no key, not heeded", id="nine sharps"),
        pytest.param(file("00 ff 59 02 ff ff" + NOTE + END), "track 0, byte 22: 1 key signature of no key, not heeded", id="a flat, of no mode"),
        pytest.param(file(NOTE + "00 80 3c 40" + END), "track 0, byte 30: 1 note-off with no note to end", id="off with no on"),
    ],
)  # fmt: skip
def test_what_is_mended_is_named(data: bytes, repair: str) -> None:
    score = midi.read(data)
    assert repair in [str(r) for r in score.repairs]
    assert (0, 96, 60, 64) in heard(score) or "within an event" in repair
    again = midi.read(midi.write(score))
    assert heard(again) == heard(score)
    assert not [r for r in again.repairs if "left out" in r.what or "says" in r.what]


def test_a_note_that_nothing_ends_lasts_as_long_as_its_track() -> None:
    score = midi.read(file("00 90 3c 40  60 90 40 40  10 80 40 40  70 ff 2f 00"))
    assert heard(score) == [(0, 224, 60, 64), (96, 16, 64, 64)]
    assert [str(r) for r in score.repairs] == ["track 0, byte 22: 1 note never ends, ended with the track"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "byte 0: no MIDI header 'MThd' here or in any of 0 bytes; the file is empty", id="empty"),
        pytest.param(b"RIFF\0\0\0\0WAVEfmt ", "it is a RIFF file, such as a WAV sound", id="sound"),
        pytest.param(b"ID3\4 an mp3", "byte 0: no MIDI header", id="another format"),
        pytest.param(FINE[:9], "byte 0: the header breaks off after 9 bytes; it has 14", id="cut header"),
        pytest.param(
            file(NOTE + END, division="0000"), "byte 12: the header says 0 ticks a quarter note", id="no time"
        ),
    ],
)
def test_what_can_not_be_understood_says_where(data: bytes, why: str) -> None:
    with pytest.raises(MidiError, match=re.escape(why)):
        midi.read(data)


@pytest.mark.parametrize(
    ("division", "seconds"),
    [("01e0", 0.1), ("e728", 0.096), ("e250", 0.04), ("e350", 0.04004), ("e801", 4.0)],
    ids=["480 a quarter", "25 frames of 40", "30 frames of 80", "29.97 frames of 80", "24 frames of 1"],
)
def test_time_is_in_quarters_or_in_frames(division: str, seconds: float) -> None:
    score = midi.read(file(NOTE + END, division=division))
    n = score.parts[0].notes
    assert score.to_seconds(n["onset"] + n["duration"])[0] == pytest.approx(seconds)


def test_other_chunks_keep_their_place() -> None:
    data = FINE[:14] + b"XFIH\0\0\0\2ab" + FINE[14:] + b"XFKM\0\0\0\0"
    score = midi.read(data)
    assert score.repairs == ()
    assert midi.write(score) == data


def test_texts_are_decoded_and_their_bytes_kept() -> None:
    data = file("00 ff 03 06 83 73 83 41 83 6d  00 ff 06 05 56 6f 63 ea 6c  00 ff 01 03 e2 99 aa" + NOTE + END)
    score = midi.read(data)
    assert (score.title, score.markers[0].text, score.texts[0].text) == ("ピアノ", "Vocêl", "♪")
    assert midi.write(score) == data


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param("Für Elise".encode("utf-16"), "Für Elise", id="UTF-16 with its mark"),
        pytest.param("Für Elise".encode("utf-16-be"), "Für Elise", id="UTF-16 of Western letters without"),
        pytest.param("Für Elise".encode("utf-16-le"), "Für Elise", id="and the other way round"),
        pytest.param("春の海".encode("utf-16"), "春の海", id="UTF-16 of other letters"),
        pytest.param(b"\xff\xfe\x00\xd8", "ÿþ\0Ø".replace("\0", " "), id="half a letter of UTF-16"),
        pytest.param("Für Elise".encode("utf-8-sig"), "Für Elise", id="UTF-8 with a mark"),
        pytest.param("“It’s” – 5 €".encode("cp1252"), "“It’s” – 5 €", id="Windows"),
        pytest.param(b"Piano\0\0\0", "Piano", id="zeros behind"),
        pytest.param(b"Pi\0no", "Pi no", id="a zero within"),
        pytest.param(b"\x1b]0;x\x07Pi\r\nano\x7f", " ]0;x Pi  ano ", id="what would command a terminal"),
        pytest.param("a\x9b2Jb\x85".encode(), "a 2Jb ", id="the same in one letter"),
        pytest.param(b"\x81\x8d\xe9", "  é", id="and in Latin-1"),
    ],
)
def test_a_text_is_what_a_reader_sees_of_it(content: bytes, text: str) -> None:
    data = file(f"00 ff 03 {len(content):02x}" + content.hex() + NOTE + END)
    score = midi.read(data)
    assert score.title == text
    assert midi.write(score) == data


def test_a_file_has_no_more_tracks_than_its_header_can_say() -> None:
    full = midi.read(FINE[:10] + b"\xff\xff" + FINE[12:] + (b"MTrk\0\0\0\4\0\xff\x2f\0" * 0xFFFE))
    more = replace(full, parts=(*full.parts, replace(full.parts[0], origin=None)))
    with pytest.raises(MidiError, match="65536 tracks; legal: up to 65535"):
        midi.write(more)
    with pytest.raises(MidiError, match="65536 tracks; legal: up to 65535"):
        midi.write(replace(full, source=None, parts=full.parts * 0xFFFF))


def test_a_silence_longer_than_any_music_is_no_music() -> None:
    score = midi.read(file("ff ff ff 7f 90 3c 40" * 3 + END, division="0001"))
    with pytest.raises(ValueError, match=r"bars in \d+ ticks; legal: up to 100000"):
        score.bar_starts()
