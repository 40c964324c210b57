"""The repository as the house rules see it: its files, and its Python as syntax trees."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = ("app", "widgets", "resources")
PYTHON_ROOMS = (*OURS, "benchmarks", "tests")
NOT_OURS = {"build", "dist", "out", "node_modules", "__pycache__"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One Python file: `name` is its dotted module name, `where` its path for messages."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return str(self.path.relative_to(ROOT))

    def place(self, node: ast.AST) -> str:
        return f"{self.where}:{getattr(node, 'lineno', 1)}"


@cache
def read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(path=path, name=name, text=text, tree=ast.parse(text, str(path)))


def sources(*rooms: str) -> list[Source]:
    """Every Python file of these top-level folders, sorted by path."""
    return [read(path) for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def files() -> list[Path]:
    """Every file of the repository that git would carry: no hidden folders but `.ci`, nothing built."""
    found: list[Path] = []
    for folder, names, here in os.walk(ROOT):
        names[:] = [n for n in names if (n == ".ci" or n[0] != ".") and n not in NOT_OURS]
        found += [Path(folder, name) for name in here]
    return sorted(found)
