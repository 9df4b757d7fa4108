"""The stronger reader: used and named where it is, the table where it is not, said aloud where it is broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kmidi import Intent
from kmidi.affect import ModelBroken, StrongReader, feel
from kmidi.affect.word_pieces import WordPieces
from kmidi.cli.files import read_recipe
from kmidi.cli.main import main
from kmidi.studio import LocalStudio, bundle, reader_in

TEXT = "grief hidden as love"


def test_a_model_is_used_and_named(small_model: Path) -> None:
    take, table = LocalStudio(small_model).compose(Intent(text=TEXT)), LocalStudio().compose(Intent(text=TEXT))
    assert (take.affect.reader, take.affect.warnings) == ("model", ())
    assert take.reader.startswith("model:")
    assert table.affect.reader == table.reader == "table"
    assert take.midi != table.midi
    assert LocalStudio(small_model).compose(Intent(text=TEXT)).midi == take.midi


def test_the_setting_names_the_folder(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KMIDI_MODELS", str(small_model))
    assert isinstance(reader_in(), StrongReader)
    assert LocalStudio().read(Intent(text=TEXT)).reader == "model"


def test_no_folder_and_an_empty_one_mean_the_table(tmp_path: Path) -> None:
    assert reader_in() is None
    assert reader_in(tmp_path) is None
    (tmp_path / ".keep").touch()
    (tmp_path / "lost+found").mkdir()
    assert reader_in(tmp_path) is None
    assert LocalStudio(tmp_path).read(Intent(text=TEXT)) == feel(Intent(text=TEXT))


def _cut(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def _beheaded(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\x00\x01")


def _header_lies(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\xff" * 64)


def _other_width(folder: Path) -> None:
    path = folder / "model.safetensors"
    data = path.read_bytes()
    end = 8 + int.from_bytes(data[:8], "little")
    head = json.loads(data[8:end])
    head["embeddings.LayerNorm.bias"]["shape"] = [2, 192]
    made = json.dumps(head).encode()
    path.write_bytes(len(made).to_bytes(8, "little") + made + data[end:])


def _other_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text('{"model": {"type": "BPE"}, "normalizer": null}')


def _no_json(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def _missing_file(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


BREAKS = (_cut, _beheaded, _header_lies, _other_width, _other_tokenizer, _no_json, _missing_file)


@pytest.mark.parametrize("damage", BREAKS, ids=lambda damage: damage.__name__.strip("_"))
def test_a_broken_model_is_said_and_the_table_reads(small_model: Path, damage: Callable[[Path], None]) -> None:
    damage(small_model)
    said = reader_in(small_model)
    assert isinstance(said, str)
    assert "the table reads instead" in said
    read = LocalStudio(small_model).read(Intent(text=TEXT))
    assert read.warnings == (said,)
    assert replace(read, warnings=()) == feel(Intent(text=TEXT))
    assert LocalStudio(small_model).compose(Intent(text=TEXT)).midi == LocalStudio().compose(Intent(text=TEXT)).midi


def test_a_model_of_another_size_names_what_is_wanted(small_model: Path) -> None:
    _other_width(small_model)
    with pytest.raises(ModelBroken, match="small_model"):
        StrongReader.open(small_model)


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "nowhere"):
        said = reader_in(path)
        assert isinstance(said, str)
        assert path.name in said


def test_a_folder_that_may_not_be_read_is_said(small_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert "Permission denied" in str(reader_in(small_model))


def test_a_mended_folder_is_read_again(small_model: Path) -> None:
    kept = (small_model / "config.json").read_text()
    _no_json(small_model)
    assert isinstance(reader_in(small_model), str)
    (small_model / "config.json").write_text(kept)
    assert isinstance(reader_in(small_model), StrongReader)


def test_a_recipe_names_its_reader_and_recreates_the_same_bytes(small_model: Path, tmp_path: Path) -> None:
    for studio, other in ((LocalStudio(), LocalStudio(small_model)), (LocalStudio(small_model),) * 2):
        take = studio.compose(Intent(text=TEXT, seed=5))
        (tmp_path / "take.zip").write_bytes(bundle(take))
        intent = read_recipe(tmp_path / "take.zip")
        assert intent.reader == take.reader
        assert other.compose(intent).midi == take.midi
    child = LocalStudio(small_model).compose(replace(intent, seed=6, parent=intent))
    assert child.reader == intent.reader


def test_a_recipe_whose_reader_is_not_here_says_so(small_model: Path) -> None:
    intent = Intent(text=TEXT, reader="model:0123456789ab")
    for studio in (LocalStudio(), LocalStudio(small_model)):
        read = studio.read(intent)
        assert read.reader == "table"
        assert "model:0123456789ab" in read.warnings[0]


@pytest.mark.parametrize("point", [{"valence": 0.5}, {"emotion": "joy"}])
def test_a_broken_model_is_said_though_the_point_is_set(small_model: Path, point: dict[str, object]) -> None:
    _cut(small_model)
    assert "table" in LocalStudio(small_model).read(Intent(text=TEXT, **point)).warnings[0]  # type: ignore[arg-type]


def test_the_command_says_it_on_stderr(small_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for damage, says in ((None, ""), (_cut, "the table reads instead")):
        if damage:
            damage(small_model)
        main(["compose", TEXT, "--models", str(small_model), "-o", str(tmp_path / "x.mid")])
        assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("Words!", [7, 8, 9]), ("GRIÉF", [4]), ("joy\u200bs", [5, 8]), ("悲a", [1, 6]), ("x" * 101, [1]), ("wordss", [7, 8, 8])],
)  # fmt: skip
def test_words_are_cut_into_known_pieces(small_model: Path, text: str, pieces: list[int]) -> None:
    cut = WordPieces.of(json.loads((small_model / "tokenizer.json").read_text()))
    assert cut.numbers(text, 256) == [2, *pieces, 3]
    assert len(cut.numbers(f"{text} " * 300, 20)) == 20


def test_the_real_model_reads_better_than_the_table(minilm: Path) -> None:
    studio = LocalStudio(minilm)
    joy, grief = (studio.read(Intent(text=text)) for text in ("we danced until sunrise", "her chair stays empty now"))
    assert joy.reader == grief.reader == "model"
    assert joy.valence > 0.2 > -0.2 > grief.valence
