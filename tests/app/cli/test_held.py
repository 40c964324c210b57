"""The library's disk is full while a terminal buys: the picture goes where the pictures of the run go."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pytest
from PIL import Image

from app import compose
from app.studio.studio import Studio
from tests.app.basics.disks import fill
from tests.app.basics.disks import tiny_disk as tiny_disk
from tests.app.cli.conftest import Command
from tests.support.capturing import capturing

MODEL = "picture"


def is_whole(picture: bytes) -> bool:
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
    return True


def test_a_full_library_and_a_folder_with_room(
    command: Command,
    example: Path,
    tagloom_home: Path,
    tiny_disk: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tagloom_home.mkdir()
    (tagloom_home / "library").symlink_to(tiny_disk)
    real = compose.build

    async def filled_meanwhile(*args: object, **more: object) -> Studio:
        studio = await real(*args, **more)  # type: ignore[arg-type]
        fill(tiny_disk)
        return studio

    with capturing() as runway:
        for name, value in runway.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(compose, "build", filled_meanwhile)
        ran = command("run", example, "--yes", "-o", tmp_path / "out", "--json")
        assert ran.code == 1, ran
        (held,) = ran.named("held")
        (failure,) = [one for one in ran.finished["failures"] if one["node"] == MODEL]
        assert (failure["charged"], failure["fault"]) == ("yes", "disk.full")
        assert f"the picture itself is saved as {held['path']}" in ran.err
        saved = Path(held["path"])
        assert saved.parent == tmp_path / "out"
        assert is_whole(saved.read_bytes())

        monkeypatch.setattr(compose, "build", real)
        (tiny_disk / "filler").unlink()
        again = command("run", example, "--yes", "-o", tmp_path / "out", "--json")
        assert again.code == 0, again
        (image,) = again.finished["images"]
        assert Path(image["path"]).read_bytes() == saved.read_bytes()
        assert len(runway.creates) == 1, "bought once"


def test_a_full_library_and_an_output_folder_that_cannot_be_made(
    command: Command,
    example: Path,
    tagloom_home: Path,
    tiny_disk: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tagloom_home.mkdir()
    (tagloom_home / "library").symlink_to(tiny_disk)
    (tmp_path / "out").write_text("a file where the folder would be")
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    real = compose.build

    async def filled_meanwhile(*args: object, **more: object) -> Studio:
        studio = await real(*args, **more)  # type: ignore[arg-type]
        fill(tiny_disk)
        return studio

    with capturing() as runway:
        for name, value in runway.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(compose, "build", filled_meanwhile)
        ran = command("run", example, "--yes", "-o", tmp_path / "out", "--json")
    assert ran.code == 1, ran
    (held,) = ran.named("held")
    assert Path(held["path"]).is_relative_to(tmp_path / "temp")
    assert is_whole(Path(held["path"]).read_bytes())
    assert f"the picture itself is saved as {held['path']}" in ran.err
