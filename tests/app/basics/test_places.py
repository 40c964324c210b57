from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.basics.places import PORTABLE, find_places, places_under, program_folder
from app.preferences.declared import THEME
from app.preferences.keys import Keys, Source
from app.preferences.options import Options


def test_home_moves_everything(tmp_path: Path) -> None:
    home = tmp_path / "my home"
    places = find_places({"TAGLOOM_HOME": str(home)})
    assert places == places_under(home)
    for place in (*places.folders(), places.options, places.index, places.leases, places.ledger):
        assert place.is_relative_to(home)
    assert not home.exists(), "nothing is made before it is asked for"


def test_without_a_home_the_platforms_own_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    places = find_places({"TAGLOOM_HOME": "  "})
    assert all(folder.is_absolute() and "tagloom" in str(folder).lower() for folder in places.folders())
    assert len({places.settings, places.library, places.cache, places.logs, places.state}) == 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["here", "./x", "../x", "a\0b", "~nobody-of-this-name/x"])
def test_a_home_that_is_no_full_path_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        find_places({"TAGLOOM_HOME": text})
    assert caught.value.code == "places.home"
    assert "TAGLOOM_HOME" in caught.value.title


@pytest.mark.skipif(sys.platform == "win32", reason="no modes there")
def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        places = places_under(tmp_path / "a" / "b").ensure()
    finally:
        os.umask(before)
    for folder in places.folders():
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [file for file in folder.iterdir() if file.is_file()] == [], "trying it leaves nothing"
    assert places.ensure() is places


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(DiskTrouble) as caught:
        places_under(tmp_path / "home").ensure()
    assert caught.value.code == "places.read-only"
    assert str(tmp_path / "home") in caught.value.title
    assert "TAGLOOM_HOME" in caught.value.advice


def test_a_read_only_home_is_said(read_only: Path) -> None:
    with pytest.raises(DiskTrouble) as caught:
        places_under(read_only).ensure()
    assert caught.value.code == "places.read-only"


def test_a_folder_beside_the_program_takes_everything(tmp_path: Path) -> None:
    """Portable: whoever makes the folder has made the choice; without it nothing changes."""
    program = tmp_path / "stick" / "tagloom"
    program.mkdir(parents=True)
    without = find_places({}, program)
    assert without.portable is None
    assert not any(folder.is_relative_to(tmp_path) for folder in without.folders())
    (program / PORTABLE).mkdir()
    places = find_places({}, program)
    assert places.portable == program / PORTABLE
    everything = (*places.folders(), places.options, places.index, places.leases, places.recovery)
    assert all(one.is_relative_to(program / PORTABLE) for one in everything)
    places.ensure()
    assert places.library.is_dir()
    home = find_places({"TAGLOOM_HOME": str(tmp_path / "home")}, program)
    assert home.portable is None, "the environment goes before it"
    assert home.library.is_relative_to(tmp_path / "home")


def test_a_file_of_that_name_makes_nothing_portable(tmp_path: Path) -> None:
    (tmp_path / PORTABLE).write_text("a file")
    assert find_places({}, tmp_path).portable is None


@pytest.mark.parametrize(
    ("environment", "executable", "folder"),
    [
        ({}, "/opt/tagloom/tagloom", "/opt/tagloom"),
        ({"APPIMAGE": "/home/ana/Tagloom.AppImage"}, "/tmp/.mount_x/usr/bin/tagloom", "/home/ana"),
        ({}, "/Applications/Tagloom.app/Contents/MacOS/tagloom", "/Applications"),
    ],
)
def test_the_folder_of_the_program(environment: dict[str, str], executable: str, folder: str) -> None:
    assert program_folder(environment, Path(executable)) == Path(folder)


def test_from_source_there_is_no_such_folder() -> None:
    assert program_folder({"APPIMAGE": "/elsewhere/x"}, None) is None


def test_no_key_is_written_into_a_portable_folder(tmp_path: Path) -> None:
    """It may lie on a stick that is lost: without a keyring the key is for this session only."""
    (tmp_path / PORTABLE).mkdir()
    places = find_places({}, tmp_path).ensure()
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    key = "key_" + "0123456789abcdef" * 8
    keys = Keys(environment)
    assert keys.store("runway", key).source in (Source.SESSION, Source.KEYRING)
    Options(places.options).set(THEME, "light")
    files = [file for file in (tmp_path / PORTABLE).rglob("*") if file.is_file()]
    assert files
    assert not any(key.encode() in file.read_bytes() for file in files)
