"""Who may import whom: the contracts of pyproject.toml are kept, and each of them can be broken."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.sources import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
NAMES = {one["id"]: one["name"] for one in SETTINGS["contracts"]}

# One wrong import for each contract: contract, file, its line.
WRONG = [
    ("app-layers", "app/basics/wrong.py", "import app.document"),
    ("app-without-qt", "app/engine/wrong.py", "from PySide6 import QtCore"),
    ("app-without-qt", "app/cli/wrong.py", "import widgets.desktop"),
    ("http-in-providers", "app/library/wrong.py", "import httpx"),
    ("nodegraphqt-in-canvas", "widgets/parts/wrong.py", "import NodeGraphQt"),
    ("sql-in-three-rooms", "app/engine/wrong_too.py", "import sqlite3"),
    ("vendors-alone", "app/providers/vendors/wrong_a.py", "import app.providers.vendors.wrong_b"),
    ("kinds-alone", "app/nodes/kinds/wrong_a.py", "import app.nodes.kinds.wrong_b"),
    ("vendors-for-compose", "app/providers/wrong.py", "import app.providers.vendors.wrong_b"),
    ("widgets-layers", "widgets/inspector/wrong.py", "import widgets.palette"),
    ("widgets-layers", "widgets/stray.py", "# a module that no layer names"),
    ("widgets-before-studio", "widgets/runs/wrong.py", "import app.journal"),
]


def lint(folder: Path) -> str:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=100
    )
    return run.stdout + run.stderr


def test_every_contract_is_kept() -> None:
    told = lint(ROOT)
    files = re.search(r"Analyzed (\d+) files", told)
    assert files, told
    assert int(files[1]) > 50
    assert f"Contracts: {len(NAMES)} kept, 0 broken." in told, told


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the program into which every wrong import was put."""
    copy = tmp_path_factory.mktemp("wrong")
    for name in ("app", "widgets"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for name in ("app/providers/vendors/wrong_b.py", "app/nodes/kinds/wrong_b.py"):
        (copy / name).write_text("")
    for _, file, line in WRONG:
        (copy / file).write_text(line + "\n")
    return lint(copy)


@pytest.mark.parametrize(("contract", "file", "line"), WRONG)
def test_a_wrong_import_breaks_its_contract(contract: str, file: str, line: str, broken: str) -> None:
    verdicts, reasons = broken.split("Broken contracts", 1)
    assert f"{NAMES[contract]} BROKEN" in verdicts, broken
    sections = re.split(r"^(.+)\n-{5,}$", reasons, flags=re.M)
    reason = dict(zip(sections[1::2], sections[2::2], strict=True))[NAMES[contract]]
    assert file.removesuffix(".py").replace("/", ".") in reason


def test_every_contract_has_its_wrong_import() -> None:
    assert {contract for contract, _, _ in WRONG} == set(NAMES)
    assert len(NAMES) == 10
