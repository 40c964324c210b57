from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.basics import licences as module
from app.basics.licences import ROOTS, licences

ROOT = Path(__file__).parents[3]


def test_everything_that_is_needed_is_named_with_its_licence() -> None:
    found = {one.name.lower(): one for one in licences()}
    assert next(iter(found)) == "tagloom"
    for name in (
        "pyside6_essentials",
        "shiboken6",
        "nodegraphqt",
        "pillow",
        "httpx",
        "anyio",
        "python",
        "inter",
    ):
        assert name in found, sorted(found)
        assert found[name].licence or found[name].text
    assert "pytest" not in found, "what is needed for development is not shipped"
    assert "SIL OPEN FONT LICENSE" in found["inter"].text
    with_text = [one for one in found.values() if one.text]
    assert len(with_text) > 15


def test_the_roots_are_those_of_the_project() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {module._NAME.match(one).group().lower() for one in asked}  # type: ignore[union-attr]
    assert {one.lower() for one in ROOTS} == names


def test_what_a_package_brought_goes_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "licences"
    folder.mkdir()
    (folder / "Qt.txt").write_text("LGPL 3")
    (folder / "tagloom.txt").write_text("MIT")
    (folder / "index.json").write_text("{}")
    monkeypatch.setattr(module, "files", lambda name: tmp_path)
    assert [(one.name, one.text) for one in licences()] == [("tagloom", "MIT"), ("Qt", "LGPL 3")]
