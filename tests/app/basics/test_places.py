from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from app.basics.faults import BadInput, DiskTrouble
from app.basics.places import find_places, places_under


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
