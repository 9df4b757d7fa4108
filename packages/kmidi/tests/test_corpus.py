"""Many files: one row each, whoever does the work, and nothing done is lost."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kmidi import IntentError, NotFound, Part, Score, StudioUnavailable, midi
from kmidi.cli.corpus import columns_help
from kmidi.corpus import COLUMNS, corpus, corpus_frame, corpus_table, ledger, row_of
from kmidi.corpus.batches import FILE, LEAST, MOST, in_batches
from kmidi.corpus.cluster import QUIET, client_of
from kmidi.score import MeterChange, Tempo, notes_array
from kmidi.theory import Meter

CHORDS = {"F": (53, 57, 60), "C": (48, 52, 55), "Bbm": (46, 49, 53)}


def song(semitones: int = 0) -> bytes:
    """F C Bbm F four times at 90 bpm."""
    rows = [
        (1920 * (4 * turn + bar), 1920, pitch + semitones, 80, 0)
        for turn in range(4)
        for bar, name in enumerate(("F", "C", "Bbm", "F"))
        for pitch in CHORDS[name]
    ]
    part = Part(name="keys", channel=0, program=4, notes=notes_array(rows))
    return midi.write(Score(title="Turn", length=16 * 1920, tempos=(Tempo(0, 666_667),), meters=(MeterChange(0, Meter(4, 4)),), parts=(part,)))  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty-odd files: good, empty, broken, in folders, with odd names."""
    there = tmp_path / "files"
    (there / "deep").mkdir(parents=True)
    for n in range(40):
        (there / f"{n:02}.mid").write_bytes(song(n % 12))
    (there / "deep" / "Ünïcode, comma.MIDI").write_bytes(song(1))
    (there / "silent.mid").write_bytes(midi.write(replace(midi.read(song()), source=None, parts=())))
    (there / "broken.mid").write_bytes(b"RIFFraff")
    (there / "readme.txt").write_text("no music")
    return there


def command(*arguments: object) -> list[str]:
    """The command in a process of its own."""
    return [sys.executable, "-c", "from kmidi.cli.main import main; main()", "corpus", *map(str, arguments)]


def test_a_row_says_what_is_there_and_what_is_heard() -> None:
    row = row_of("x.mid", song())
    assert list(row) == list(COLUMNS)
    assert (row["error"], row["title"], row["parts"], row["programs"], row["notes"]) == (None, "Turn", 1, "4", 48)
    assert (row["key"], row["meter"], row["length_bars"], row["first_tempo_bpm"]) == (
        "F major",
        "4/4",
        16,
        pytest.approx(90, abs=1e-3),
    )
    assert row["length_s"] == pytest.approx(64 * 60 / 90, rel=1e-5)
    assert "iv" in str(row["numerals"]).split()


def test_errors_are_rows(folder: Path) -> None:
    rows = {row["file"]: row for row in corpus(folder, workers=1)}
    assert len(rows) == 43
    assert str(rows["broken.mid"]["error"]).startswith("MidiError: byte 0")
    assert str(rows["silent.mid"]["error"]).startswith("TooLittleMusic")
    assert rows["silent.mid"]["length_bars"] == 16
    assert rows["deep/Ünïcode, comma.MIDI"]["key"] == "Gb major"
    assert list(rows) == sorted(rows)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_tables_hold_the_rows(folder: Path, tmp_path: Path, ending: str) -> None:
    table = tmp_path / f"t.{ending}"
    rows = corpus_table(folder, table, workers=1)
    if ending == "jsonl":
        assert [json.loads(line) for line in table.read_text("utf-8").splitlines()] == rows
    elif ending == "csv":
        with table.open(newline="", encoding="utf-8") as file:
            assert [line["file"] for line in csv.DictReader(file)] == [row["file"] for row in rows]
    else:
        pandas = pytest.importorskip("pandas")
        found = pandas.read_parquet(table)
        assert found.equals(corpus_frame(folder, workers=1))
        assert np.isfinite(found["length_s"].dropna().to_numpy(float)).all()
    assert not list(tmp_path.glob("*.ledger"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names are text there")
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_name_that_is_no_text_stops_no_table(tmp_path: Path, ending: str) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.mid")).write_bytes(song())
    table = tmp_path / f"t.{ending}"
    if ending == "parquet":
        pandas = pytest.importorskip("pandas")
        corpus_table(tmp_path, table, workers=1)
        assert list(pandas.read_parquet(table)["file"]) == ["caf?.mid"]
    else:
        corpus_table(tmp_path, table, workers=1)
        assert "caf?.mid" in table.read_text("utf-8")


def test_a_run_goes_on_where_it_stopped(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "t.csv"
    whole = corpus_table(folder, table, workers=1)
    wanted = table.read_bytes()

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        corpus_table(folder, table, workers=1, progress=stop)
    left = tmp_path / "t.csv.ledger"
    left.write_bytes(left.read_bytes() + b'[[1, 2], ["cut sh')  # what a kill leaves
    (folder / "00.mid").write_bytes(song(5))  # and a file that has changed since
    begun: list[int] = []
    again = corpus_table(folder, table, workers=1, progress=lambda done, _: begun.append(done))
    assert 16 <= begun[0] < len(whole)
    assert again[1:] == whole[1:]
    assert again[0]["key"] == "Bb major"
    (folder / "00.mid").write_bytes(song(0))
    monkeypatch.setattr(ledger, "version", lambda _: "0.0.0")
    corpus_table(folder, table, workers=1)
    assert table.read_bytes() == wanted


def test_all_cores_give_the_same_table_after_a_kill_of_everything_and_of_a_worker(folder: Path, tmp_path: Path) -> None:
    for n in range(40, 400):
        (folder / f"{n:02}.mid").write_bytes(song(n % 12))
    table, one = tmp_path / "t.csv", tmp_path / "one.csv"
    corpus_table(folder, one, workers=1)
    run = subprocess.Popen(
        command(folder, "-o", table, "--workers", 2), stderr=subprocess.DEVNULL, start_new_session=True
    )
    _wait_for_lines(tmp_path / "t.csv.ledger", 17)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    left = (tmp_path / "t.csv.ledger").read_bytes().count(b"\n")
    assert not table.exists()
    run = subprocess.Popen(command(folder, "-o", table, "--workers", 2), stderr=subprocess.PIPE, text=True)
    _wait_for_lines(tmp_path / "t.csv.ledger", left + 17)
    workers = _workers(run.pid)
    assert len(workers) == 2 or not sys.platform.startswith("linux")
    if workers:
        os.kill(workers[0], signal.SIGKILL)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 0, said
    assert table.read_bytes() == one.read_bytes()


def _wait_for_lines(path: Path, count: int) -> int:
    """Wait until a ledger has so many lines, or is done with."""
    for _ in range(3000):
        lines = path.read_bytes().count(b"\n") if path.exists() else 0
        if lines >= count:
            return lines
        time.sleep(0.01)
    raise AssertionError(f"{path} stayed under {count} lines")


def _workers(pid: int) -> list[int]:
    """The worker processes of a run, on Linux."""
    found: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
            line = status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == pid and b"spawn_main" in line:
            found.append(int(status.parent.name))
    return found


def test_a_dask_cluster_gives_the_same_table_after_a_kill_of_a_worker(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    for n in range(40, 200):
        (folder / f"{n:02}.mid").write_bytes(song(n % 12))
    table, one = tmp_path / "t.jsonl", tmp_path / "one.jsonl"
    corpus_table(folder, one, workers=1)
    run = subprocess.Popen(command(folder, "-o", table, "--dask", 2), stderr=subprocess.PIPE, text=True)
    _wait_for_lines(tmp_path / "t.jsonl.ledger", 17)
    workers = _workers(run.pid)
    assert len(workers) == 2 or not sys.platform.startswith("linux")
    if workers:
        os.kill(workers[0], signal.SIGKILL)
    _, said = run.communicate(timeout=120)
    assert run.returncode == 0, said
    assert table.read_bytes() == one.read_bytes()


@pytest.mark.parametrize("workers", [1, 2, 5, 300])
def test_batches_hold_each_file_once_and_end_small(workers: int) -> None:
    sizes = {f"{n:04}.mid": 90_000_000 if n == 700 else n * n % 40_000 for n in range(2000)}
    batches = list(in_batches(sizes, workers))
    assert sorted(name for batch in batches for name in batch) == sorted(sizes)
    work = [sum(sizes[name] + FILE for name in batch) for batch in batches]
    assert batches[0] == ["0700.mid"]  # whoever gets it is not waited for at the end
    assert max(work[1:]) < MOST + 40_000 + FILE
    assert work[-1] < 2 * LEAST
    for at, done in enumerate(work[1:-1], 1):
        assert done <= max(LEAST, sum(work[at:]) / (2 * workers)) + 40_000 + FILE
    assert not list(in_batches({}, workers))


def test_the_corpus_of_a_few_hundred_songs_is_a_few_dozen_tasks() -> None:
    assert len(list(in_batches(dict.fromkeys(map(str, range(454)), 15_000), 2))) < 20


def test_what_keeps_a_cluster_quiet_is_known_to_dask() -> None:
    config = pytest.importorskip("dask.config", reason="Dask is not installed")
    pytest.importorskip("distributed")
    for name in QUIET:
        config.get(name)


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ({"workers": 0}, IntentError, "workers is 0; legal: 1 or more"),
        ({"workers": 1, "dask": 1}, IntentError, "one of workers, dask and scheduler"),
        ({"scheduler": "nowhere://x"}, StudioUnavailable, "no Dask scheduler at 'nowhere://x'"),
    ],
)
def test_bad_hands_are_named(folder: Path, arguments: dict[str, object], error: type[Exception], part: str) -> None:
    if "scheduler" in arguments:
        pytest.importorskip("distributed", reason="Dask is not installed")
    with pytest.raises(error, match=part):
        corpus(folder, **arguments)  # type: ignore[arg-type] - a table of arguments


def test_bad_places_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IntentError, match=r"unknown kind of table '.xls'"):
        corpus_table(folder, tmp_path / "t.xls")
    with pytest.raises(NotFound, match="no MIDI file under"):
        corpus(tmp_path / "nothing")


def test_a_name_that_breaks_lines_is_one_row(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    names = ["cr\rx.mid", "crlf\r\nx.mid", "new\nline.mid", 'quote",.mid']
    if sys.platform.startswith("win"):
        pytest.skip("no such names there")
    for name in names:
        (tmp_path / name).write_bytes(song())
    table = tmp_path / "t.csv"
    corpus_table(tmp_path, table, workers=1)
    assert list(pandas.read_csv(table)["file"]) == names
    with table.open(newline="", encoding="utf-8") as file:
        assert [line["file"] for line in csv.DictReader(file)] == names
    assert table.read_bytes().count(b"\r\n") == 1  # that of the name


def test_what_can_not_be_looked_into_is_a_row(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is locked, one whose files may not be looked at, and a link to nothing."""
    for name in ("locked", "shut"):
        (folder / name).mkdir()
        (folder / name / "a.mid").write_bytes(song())
    (folder / "nowhere.mid").symlink_to(tmp_path / "gone.mid")
    scandir, stat = os.scandir, os.stat

    def denied(path: object) -> bool:
        return str(path).endswith(("locked", str(Path("shut", "a.mid"))))

    def look(path: str = ".") -> object:
        if denied(path):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    def ask(path: str, *rest: object, **more: object) -> object:
        if denied(path):
            raise PermissionError(13, "Permission denied", path)
        return stat(path, *rest, **more)  # type: ignore[arg-type] - as it came

    monkeypatch.setattr(os, "scandir", look)
    monkeypatch.setattr(os, "stat", ask)
    rows = {row["file"]: row for row in corpus_table(folder, tmp_path / "t.jsonl", workers=1)}
    assert len(rows) == 46
    assert str(rows["locked"]["error"]).startswith("can't read: ")
    assert rows["nowhere.mid"]["error"] == "can't read: No such file or directory"
    assert "shut/a.mid" in rows


def test_a_folder_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(path: str = ".") -> object:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", look)
    with pytest.raises(IntentError, match=f"can't read {str(tmp_path)!r}: Permission denied"):
        corpus(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names there")
def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.mid")
    (folder / "folder.mid").mkdir()
    assert len(corpus(folder, workers=1)) == 43


def test_rows_of_another_folder_do_not_stand_in_the_table(folder: Path, tmp_path: Path) -> None:
    """Names, lengths and times are the same in both: archives unpack so."""
    other = tmp_path / "other"
    other.mkdir()
    for there, semitones in ((folder, 0), (other, 2)):
        (there / "00.mid").write_bytes(song(semitones))
        os.utime(there / "00.mid", (1, 1))

    def stop(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    table = tmp_path / "t.csv"
    with pytest.raises(KeyboardInterrupt):
        corpus_table(folder, table, workers=1, progress=stop)
    assert corpus_table(other, table, workers=1)[0]["key"] == "G major"


def test_two_runs_at_once_both_end_well(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    corpus_table(folder, table, workers=1)
    wanted = table.read_bytes()
    other: list[object] = []

    def meanwhile(done: int, _: int) -> None:
        if done and not other:
            other.append(None)
            corpus_table(folder, table, workers=1)

    corpus_table(folder, table, workers=1, progress=meanwhile)
    assert table.read_bytes() == wanted


def test_only_what_can_not_be_written_is_said_to_be(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> object:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("kmidi.corpus.here", lost)
    with pytest.raises(OSError, match="Too many open files"):
        corpus_table(folder, tmp_path / "t.csv", workers=1)


def test_a_full_disk_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(IntentError, match=r"can't write .*: No space left on device"):
        corpus_table(tmp_path, tmp_path / "t.csv", workers=1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("workers", "ours", "said"),
    [
        (0, "0.1.0", r"no worker came to the Dask scheduler at 'inproc://\S+' in 0.3 s"),
        (1, "9.9.9", r"worker inproc://\S+ has kmidi \d\S+; it wants 9.9.9, as here"),
    ],
)
def test_a_cluster_that_can_not_do_it_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch, workers: int, ours: str, said: str
) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    module = sys.modules["kmidi.corpus.cluster"]  # the package has a function of that name
    monkeypatch.setattr(module, "WORKERS_S", 0.3)
    monkeypatch.setattr(module, "OURS", ours)
    there = distributed.LocalCluster(n_workers=workers, processes=False, dashboard_address=None)
    with there, pytest.raises(StudioUnavailable, match=said):
        corpus(folder, scheduler=there.scheduler_address)


def test_a_cluster_of_our_own_goes_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    scheduler = pytest.importorskip("distributed.scheduler", reason="Dask is not installed")
    monkeypatch.setattr(
        scheduler, "heartbeat_interval", lambda _: 0.001
    )  # as if each were closed while it told of itself

    def often(dask_worker: Any) -> None:
        dask_worker.periodic_callbacks["heartbeat"].stop()
        dask_worker.periodic_callbacks["heartbeat"].callback_time = 1
        dask_worker.periodic_callbacks["heartbeat"].start()

    with client_of(2, None) as client:
        client.run(often)
        time.sleep(0.5)
    assert capfd.readouterr().err == ""


def test_the_help_names_every_column_and_unit() -> None:
    words = columns_help().replace(",", " ").replace(".", " ").split()
    assert {*COLUMNS} <= {*words}
    units = ("_ms", "_s", "_bpm", "_bits", "_bars", "_pitch", "_velocity", "_share", "_confidence")
    assert {*units} <= {*words}
