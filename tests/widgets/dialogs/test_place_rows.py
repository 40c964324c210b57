"""What the settings say of where things are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.basics.places import PORTABLE, find_places
from widgets.dialogs.place_rows import place_rows
from widgets.dialogs.setting_rows import PlaceRow, Worded


def test_a_portable_program_says_where_everything_is(tmp_path: Path, stage: QWidget) -> None:
    (tmp_path / PORTABLE).mkdir()
    [first, *_] = place_rows(find_places({}, tmp_path))
    assert isinstance(first, Worded)
    assert first.title.text() == "Portable"
    assert f"Everything is kept in {tmp_path / PORTABLE}" in first.help.text()
    assert "Keys are not" in first.help.text()
    [other, *_] = place_rows(find_places({"TAGLOOM_HOME": str(tmp_path)}))
    assert isinstance(other, Worded)
    assert f"“{PORTABLE}”" in other.help.text()


def test_what_machines_share_is_no_folder(tmp_path: Path, stage: QWidget) -> None:
    rows = place_rows(find_places({"TAGLOOM_HOME": str(tmp_path)}), ("db.example/shoes", "s3://shop/shoes"))
    told = {row.names[0]: row.help.text() for row in rows if isinstance(row, Worded)}
    assert "s3://shop/shoes" in told["Library"]
    assert "db.example/shoes" in told["Ledger"]
    assert {row.names[0] for row in rows if isinstance(row, PlaceRow)}.isdisjoint({"Library", "Ledger"})
