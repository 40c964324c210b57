from __future__ import annotations

import tomllib
from pathlib import Path

from app.basics import licences as module
from app.basics.licences import ROOTS, licences, python_licence

ROOT = Path(__file__).parents[3]


def test_everything_that_is_needed_is_named_with_its_licence() -> None:
    found = {one.package.lower().replace("-", "_"): one for one in licences()}
    assert next(iter(found)) == "tagloom"
    for name in ("pyside6_essentials", "shiboken6", "nodegraphqt", "pillow", "httpx", "anyio", "inter"):
        assert found[name].name, name
        assert found[name].text, name
    assert "pytest" not in found, "what is needed for development is not shipped"
    assert "SIL OPEN FONT LICENSE" in found["inter"].text


def test_python_tells_its_own() -> None:
    assert (python_licence().package, python_licence().name) == ("Python", "PSF-2.0")
    assert python_licence().text


def test_the_roots_are_those_of_the_project() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {module._NAME.match(one).group().lower() for one in asked}  # type: ignore[union-attr]
    assert {one.lower() for one in ROOTS} == names
