"""The guide as web pages: every page of every language, and no link into nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.house.sources import ROOT
from widgets.guide.pages import LANGUAGES, PAGES

pytestmark = pytest.mark.timeout(180)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def test_it_is_built_whole(tmp_path: Path) -> None:
    target = tmp_path / "guide"
    subprocess.run(
        [sys.executable, "packaging/guide.py", str(target)],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    links = 0
    for language in LANGUAGES:
        pages = sorted(one.stem for one in (target / language).glob("*.html"))
        assert set(PAGES) <= set(pages)
        assert len(pages) == len(PAGES) + 14
        for page in (target / language).glob("*.html"):
            text = page.read_text("utf-8")
            assert f'<html lang="{language.replace("_", "-")}">' in text
            assert not re.search(r"\{(command|keys|kind|field|option|table|file):", text)
            reader = Links()
            reader.feed(text)
            links += len(reader.found)
            for link in reader.found:
                assert (page.parent / link).is_file(), (page.name, link)
    assert links > 900
    assert "<table>" in (target / "zh_CN" / "canvas.html").read_text("utf-8")
    tables = {language: (target / language / "tables.html").read_text("utf-8") for language in LANGUAGES}
    assert "Run › Batch…" in tables["en"]
    assert "运行 › 批量…" in tables["zh_CN"], "as the window says it"
    assert "https:" not in (target / "guide.css").read_text("utf-8"), "it is read offline"
