"""What lies in a batch's folder at the end."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from app.batch.orders import RowOrder, RowOutcome, RowResult
from app.studio import batch_papers
from app.studio.batch_papers import write_papers
from tests.app.batch.shop import Scripted, shop, write_table

MADE = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Painting(Scripted):
    """Writes a small picture for each row."""

    def _outcome(self, order: RowOrder) -> RowOutcome:
        outcome = super()._outcome(order)
        if not outcome.failures:
            Path(order.output).mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (16, 9), (order.number, 90, 60)).save(Path(order.output) / "shot.png")
        results = tuple(_sized(one) for one in outcome.results)
        return RowOutcome(key=order.key, number=order.number, results=results, failures=outcome.failures)


def _sized(one: RowResult) -> RowResult:
    return RowResult(node=one.node, sha256=one.sha256, suffix=".png", saved="shot.png", width=16, height=9)


async def test_papers_of_several_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sheet has so many pictures, and one whose pictures are the same is not written again."""
    monkeypatch.setattr(batch_papers, "ON_A_SHEET", 3)
    async with shop(tmp_path, 7) as one:
        one.runner = Painting(fails={8})
        async with one.opened() as batch:
            await batch.start()
            papers = await write_papers(batch, MADE)
            assert [path.name for path in papers.sheets] == ["contact-sheet-001.pdf", "contact-sheet-002.pdf"]
            before = [path.stat().st_ino for path in papers.sheets]
            one.runner.fails.clear()
            await batch.retry()
            await batch.start()
            again = await write_papers(batch, MADE)
            after = [path.stat().st_ino for path in again.sheets]
            assert after[:2] == before
            assert len(after) == 3


async def test_a_table_of_results_is_safe_to_open(tmp_path: Path) -> None:
    """Its own columns, whatever they are called; no cell is a formula, and numbers stay numbers."""
    async with shop(tmp_path) as one:
        header = "sku,name,state,price"
        write_table(one.table, "=1+1,<b>shoe</b>,old,-5", "@b,boot,new,1.5", header=header)
        one.runner = Painting(fails={3})
        async with one.opened() as batch:
            await batch.start()
            papers = await write_papers(batch, MADE, sheets=False)
        with papers.results.open(encoding="utf-8-sig", newline="") as file:
            first, second = csv.DictReader(file)
        assert first["sku"] == "'=1+1"
        assert (first["state"], first["tagloom state"], first["price"]) == ("old", "done", "-5")
        assert (tmp_path / "out" / first["files"].removeprefix("'")).is_file()
        assert (second["tagloom state"], second["failure"]) == ("failed", "It went wrong.")
        report = papers.report.read_text("utf-8")
        assert "<b>shoe" not in report
        assert "It went wrong. Try again." in report
        assert "1 done, 1 failed" in report
