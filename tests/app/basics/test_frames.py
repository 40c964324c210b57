from __future__ import annotations

from pathlib import Path

import pytest

from app.basics.faults import BadInput, Fault
from app.basics.frames import MOST_CAUSES, kind_of, lines_of, place_of, short_path, without_folders
from app.document import project_file

KEY = "key_" + "0f1e2d3c" * 16


def failed(file: Path) -> BaseException:
    """A mistake below one of our own functions, with a cause and words that are the artist's."""
    try:
        try:
            project_file.load(file)
        except Exception as error:
            raise ValueError(f"{file} says: a red shoe on linen, {KEY}") from error
    except ValueError as error:
        return error


def test_the_short_form_names_places_and_kinds_alone(tmp_path: Path) -> None:
    error = failed(tmp_path / "shoe.tagloom")
    told = "\n".join(lines_of(error, words=False))
    assert "app/document/" in told
    assert "tests/app/basics/test_frames.py" in told
    assert told.endswith("ValueError")
    assert "after which:" in told
    for private in ("shoe.tagloom", "linen", KEY, str(tmp_path), str(Path.cwd())):
        assert private not in told


def test_the_long_form_says_what_the_errors_say_without_keys(tmp_path: Path) -> None:
    told = "\n".join(lines_of(failed(tmp_path / "shoe.tagloom"), words=True))
    assert "a red shoe on linen" in told
    assert "shoe.tagloom" in told
    assert KEY not in told


def test_the_place_is_the_innermost_line_of_ours(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        project_file.load(tmp_path / "none.tagloom")
    assert place_of(caught.value).startswith("app/document/")
    assert place_of(ValueError()) == ""


@pytest.mark.parametrize(
    ("path", "short"),
    [
        ("/home/ana/.venv/lib/python3.11/site-packages/httpx/_client.py", "httpx/_client.py"),
        ("C:\\Users\\Ana\\Tagloom\\site-packages\\qasync\\__init__.py", "qasync/__init__.py"),
        ("/home/ana/scripts/mine.py", "mine.py"),
        (str(Path(__file__)), "tests/app/basics/test_frames.py"),
    ],
)
def test_paths_say_nothing_of_anybodys_folders(path: str, short: str) -> None:
    assert short_path(path) == short
    assert without_folders(f'  File "{path}", line 3 in f') == f'  File "{short}", line 3 in f'


def test_groups_circles_and_long_chains_end() -> None:
    group = ExceptionGroup("both", [ValueError("one"), KeyError("two")])
    assert lines_of(group, words=True)[0] == "ValueError: one"
    circle = ValueError("round")
    circle.__cause__ = circle
    assert lines_of(circle, words=False) == ("ValueError",)
    last: BaseException = ValueError()
    for _ in range(50):
        new = ValueError()
        new.__cause__ = last
        last = new
    assert lines_of(last, words=False).count("ValueError") == MOST_CAUSES


def test_kinds_of_others_carry_their_module() -> None:
    assert kind_of(OSError()) == "OSError"
    assert kind_of(BadInput("No.", advice="Do.", code="a")) == "app.basics.faults.BadInput"
