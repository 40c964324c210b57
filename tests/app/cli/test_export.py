"""`tagloom export` of several pictures: kinds, names, formats, sizes, signatures, and what lies there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.document import project_file
from app.document.sharing import NAME, read_shared, shareable
from app.imaging.carrying_text import text_in
from app.imaging.profiles import Profile, icc_of
from app.imaging.signing import credential_of
from tests.app.cli.conftest import Command
from tests.app.imaging.carriers import CARRIERS
from tests.support.certificates import Authority


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    made = []
    for name, ending in (("png", "png"), ("jpeg", "jpg"), ("webp", "webp")):
        made.append(tmp_path / f"shot-{name}.{ending}")
        made[-1].write_bytes(CARRIERS[name])
    return made


def test_several_into_a_folder_under_their_own_names(
    command: Command, pictures: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made = command("export", *pictures, "-o", out, "--json")
    assert made.code == 0
    assert [one["path"] for one in made.value["images"]] == [str(out / one.name) for one in pictures]
    assert made.value["failures"] == []
    assert [(out / one.name).read_bytes() for one in pictures] == [one.read_bytes() for one in pictures]
    again = command("export", *pictures, "-o", out, "--json")
    assert again.code == 1
    assert {one["fault"] for one in again.value["failures"]} == {"export.exists"}
    numbered = command("export", pictures[0], "-o", out, "--exists", "number", "--json")
    assert numbered.value["images"][0]["path"] == str(out / "shot-png-2.png")
    assert numbered.value["images"][0]["fate"] == "numbered"
    skipped = command("export", *pictures, "-o", out, "--exists", "skip", "--json")
    assert (skipped.code, {one["path"] for one in skipped.value["images"]}) == (0, {None})
    (out / pictures[0].name).write_text("mine")
    assert command("export", pictures[0], "-o", out, "--exists", "replace").code == 0
    assert (out / pictures[0].name).read_bytes() == CARRIERS["png"]


def test_names_format_size_and_profile(command: Command, pictures: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = command(
        "export", *pictures, "-o", out, "--kind", "clean", "--format", "tiff", "--name", "{file}/{n}",
        "--size", "2cm", "--dpi", "254", "--profile", "display-p3", "--compression", "fast", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    assert [Path(one["path"]).relative_to(out).as_posix() for one in made.value["images"]] == [
        "shot-png/1.tif", "shot-jpeg/2.tif", "shot-webp/3.tif",
    ]  # fmt: skip
    for one in made.value["images"]:
        with Image.open(one["path"]) as image:
            assert (image.format, image.size[0], image.tag_v2[259]) == ("TIFF", 200, 5)
            assert image.info["dpi"] == pytest.approx((254, 254))
            assert image.info["icc_profile"] == icc_of(Profile.P3)
    assert any("Enlarged" in note for note in made.value["images"][0]["notes"])


def test_one_file_in_another_format(command: Command, pictures: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "web.jpg"
    words = ("export", pictures[0], "-o", out, "--clean", "--format", "jpeg", "--quality", "70", "--json")
    made = command(*words)
    assert (made.code, made.value["path"]) == (0, str(out))
    assert out.read_bytes()[:2] == b"\xff\xd8"
    assert command(*words).code == 2
    assert command(*words, "--exists", "skip").value["path"] is None
    assert command(*words, "--exists", "number").value["path"] == str(tmp_path / "web-2.jpg")
    assert command("export", pictures[0], "-o", tmp_path / "x.png", "--clean", "--format", "jpeg").code == 2


def test_re_openable_in_every_format_and_from_what_is_carried(
    command: Command, pictures: list[Path], example: Path, tmp_path: Path
) -> None:
    document = shareable(project_file.load(example).document)
    for format, ending in (("png", "png"), ("jpeg", "jpg"), ("webp", "webp"), ("tiff", "tif")):
        out = tmp_path / f"out.{ending}"
        words = ("--reopenable", example, "--format", format, "--size", "40px")
        assert command("export", pictures[0], "-o", out, *words).code == 0
        text = text_in(out.read_bytes(), NAME)
        assert text is not None
        assert read_shared(text).document == document
    made = command(
        "export", tmp_path / "out.tif", tmp_path / "out.png", "-o", tmp_path / "again",
        "--kind", "re-openable", "--format", "webp", "--name", "{title} {model} {tag:coffee} {n}", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    for one in made.value["images"]:
        text = text_in(Path(one["path"]).read_bytes(), NAME)
        assert text is not None
        assert read_shared(text).document == document
        assert "gen4-image coffee" in one["path"]
    alone = command("export", pictures[1], "-o", tmp_path / "none.jpg", "--kind", "re-openable")
    assert alone.code == 2
    assert "not known which document" in alone.err


def test_one_that_fails_does_not_stop_the_others(
    command: Command, pictures: list[Path], tmp_path: Path
) -> None:
    words = ("export", pictures[0], tmp_path / "gone.png", pictures[1], "-o", tmp_path / "out", "--clean")
    made = command(*words, "--json")
    assert made.code == 1
    assert len(made.value["images"]) == 2
    assert [one["fault"] for one in made.value["failures"]] == ["image.missing"]
    assert "gone.png" in made.err


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "tiff"),
        ("--size", "30cm", "--dpi", "300"),
        ("--clean", "--size", "wide"),
        ("--clean", "--dpi", "0"),
        ("--clean", "--quality", "101"),
        ("--clean", "--format", "gif"),
        ("--clean", "--kind", "signed"),
        ("--force", "--exists", "skip"),
        ("--name", "{nonsense}"),
        ("--name", "{seed"),
        ("--kind", "signed"),
    ],
)
def test_words_that_do_not_fit_are_said(
    command: Command, pictures: list[Path], tmp_path: Path, words: tuple[str, ...]
) -> None:
    made = command("export", pictures[0], "-o", tmp_path / "out.png", *words)
    assert made.code == 2, made.err
    assert not (tmp_path / "out.png").exists()


def test_a_size_on_paper_needs_dpi(command: Command, pictures: list[Path], tmp_path: Path) -> None:
    made = command("export", pictures[2], "-o", tmp_path / "out.webp", "--clean", "--size", "30cm")
    assert made.code == 2
    assert "DPI" in made.err


def test_signed_with_a_passphrase_from_the_environment(
    command: Command, pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artist = Authority().artist()
    files = (
        "--certificate",
        artist.chain_file(tmp_path),
        "--key",
        artist.key_file(tmp_path, "correct horse"),
    )
    words = ("export", *pictures[:2], "-o", tmp_path / "out", "--kind", "signed", *files, "--json")
    locked = command(*words)
    assert locked.code == 2
    assert "locked with a passphrase" in locked.err
    monkeypatch.setenv("TAGLOOM_SIGNING_PASSPHRASE", "correct horse")
    made = command(*words)
    assert made.code == 0, made.err
    assert "correct horse" not in made.out + made.err
    for one, kind in zip(made.value["images"], ("PNG", "JPEG"), strict=True):
        told = credential_of(Path(one["path"]).read_bytes(), kind)
        assert told is not None
        assert (told.valid, told.signer, told.parents) == (True, "Ada Artist", 1)
    both = artist.one_file(tmp_path, "correct horse")
    single = command(
        "export", pictures[0], "-o", tmp_path / "s.png", "--kind", "signed", "--certificate", both
    )
    assert single.code == 0, single.err
