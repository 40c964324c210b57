"""All rows before anything is sent: each problem at its cell, each photograph looked at once, bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from app.batch import checking
from app.batch.checking import CheckedRows, PhotographFacts, RowProblem, check_rows
from app.batch.standing import Standing, resolver
from app.batch.table import open_table
from app.document.paths import resolve
from app.document.values import Document
from app.imaging.facts import read_facts
from tests.app.batch.tables import RULES, node, shot, written

HEADER = ["sku", "colour", "tag", "photo", "seed"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, size in (("good.png", (64, 48)), ("long.png", (640, 64))):
        Image.new("RGB", size, "red").save(tmp_path / name)
    (tmp_path / "no.png").write_bytes(b"no picture")
    return tmp_path


def checked(
    folder: Path, rows: Iterable[list[str]], document: Document | None = None, **how: object
) -> CheckedRows:
    table = open_table(written(folder / "t.csv", [HEADER, *rows]))
    standing = Standing(table=table, home=folder)
    find = resolver(lambda file: resolve(folder, file), standing.elsewhere)
    return check_rows(table, document or shot(), RULES, find, standing=standing, **how)  # type: ignore[arg-type]


def places(problems: Iterable[RowProblem]) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.column, one.node, one.code) for one in problems]


def test_sound_rows(folder: Path) -> None:
    told: list[int] = []
    rows = [[f"{n}", "red", "shoe", "good.png", ""] for n in range(120)]
    found = checked(folder, rows, tell=told.append)
    assert found.sound
    assert (found.rows, found.wrong, found.total, found.problems) == (120, 0, 0, ())
    assert told == [50, 100, 120]


def test_each_problem_has_row_column_and_node(folder: Path) -> None:
    found = checked(
        folder,
        [
            ["1", "red", "shoe", "good.png", "1"],
            ["2", "red", "shoe", "gone.png", "2"],
            ["3", "red", "shoe", "no.png", "3"],
            ["4", "red", "shoe", "../good.png", "4"],
            ["5", "red", "x", "good.png", "5"],
            ["6", "red", "shoe", "good.png", "many"],
            ["7", "red", "shoe", "good.png", "-7"],
            ["8", "x" * 1100, "shoe", "good.png", "8"],
            ["9", "red", "shoe", "long.png", "9"],
            ["10", "red", "shoe", "", ""],
        ],
    )
    assert places(found.problems) == [
        (3, "photo", "photo", "image.missing"),
        (4, "photo", "photo", "image.unsupported"),
        (5, "photo", "photo", "table.outside"),
        (6, "tag", "hero", "tag.length"),
        (7, "seed", "hero", "table.value"),
        (8, "seed", "hero", "seed.range"),
        (9, "", "words", "prompt.long"),
        (10, "photo", "hero", "reference.ratio"),
        (11, "photo", "photo", "table.no-file"),
    ]
    assert found.wrong == 9
    assert all(f"Row {one.row}, column “{one.column}”: " in one.title for one in found.problems if one.column)
    assert all(one.advice for one in found.problems)
    assert "Row 9: " in found.problems[6].title
    assert {one.called for one in found.problems} <= {"Reference Image", "Gen4 Image", "Prompt"}


def test_what_is_wrong_whatever_the_row_is_said_once(folder: Path) -> None:
    rows = [[f"{n}", "red", "shoe", "good.png", ""] for n in range(9)]
    document = shot(other=node("flux-2-pro", seed=-1), keep=node("save-image", name="{sku}-{gone}"))
    found = checked(folder, rows, document)
    assert set(places(found.problems)) >= {(0, "", "keep", "name.unknown"), (0, "", "other", "seed.range")}
    assert {one.row for one in found.problems} == {0}
    assert found.wrong == 0
    assert not found.sound


def test_so_many_problems_are_kept_and_all_are_counted(folder: Path) -> None:
    rows = [[f"{n}", "red", "shoe", f"gone{n}.png", ""] for n in range(300)]
    found = checked(folder, rows, most=20)
    assert len(found.problems) == 20
    assert found.counts == {"image.missing": 300}
    assert (found.wrong, found.total) == (300, 300)


def test_an_unknown_column_is_told_for_the_rows(folder: Path) -> None:
    document = shot(words=node("prompt", text="{color} @{tag}"))
    found = checked(folder, [["1", "red", "shoe", "good.png", ""]], document)
    assert [(one.code, one.row) for one in found.problems] == [("table.no-column", 2)]
    assert "{colour}" in found.problems[0].advice


def test_each_photograph_is_looked_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: Counter[str] = Counter()

    def look(path: Path) -> object:
        looked[path.name] += 1
        return read_facts(path)

    monkeypatch.setattr(checking, "read_facts", look)
    names = ["good.png", "long.png", "gone.png"] * 30
    checked(folder, [[f"{n}", "red", "shoe", name, ""] for n, name in enumerate(names)])
    assert looked == {"good.png": 1, "long.png": 1, "gone.png": 1}
    facts = PhotographFacts(lambda file: folder / file, most=1)
    for name in names[:6]:
        facts.of(name)
    assert looked == {"good.png": 3, "long.png": 3, "gone.png": 3}


def test_it_can_be_stopped(folder: Path) -> None:
    seen: list[int] = []
    rows = [[f"{n}", "red", "shoe", "good.png", ""] for n in range(200)]
    found = checked(folder, rows, tell=seen.append, stop=lambda: bool(seen))
    assert found.stopped
    assert found.rows == 50
    assert not found.sound


def test_hints_stop_nothing(folder: Path) -> None:
    document = shot(hero=node("gen4-image", aspect_ratio="16:9", resolution="720p", seed="{seed}"))
    found = checked(folder, [[f"{n}", "red", "shoe", "good.png", ""] for n in range(9)], document)
    assert found.sound
    assert [one.code for one in found.hints] == ["guidance.resolution"]
