"""What our loggers say is a constant, filled with values: reports show it alone (`basics.recent`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import Source, sources

LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
LOGGERS = {"log", "logger", "LOG", "_log"}


def said(one: Source) -> Iterator[tuple[ast.Call, ast.expr]]:
    """Calls of loggers, with what they say."""
    for node in ast.walk(one.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        whose = ast.unparse(node.func.value)
        last = whose.rpartition(".")[2]
        if node.func.attr in LEVELS and (last in LOGGERS or "getLogger(" in whose):
            yield node, node.args[0]


def test_every_logged_text_is_a_constant() -> None:
    found = [(one, call, text) for one in sources("app", "widgets") for call, text in said(one)]
    assert len(found) >= 5
    bad = [one.place(call) for one, call, text in found if not isinstance(text, ast.Constant)]
    assert not bad


def test_a_filled_text_is_seen() -> None:
    text = 'log.info(f"opening {path}")\nlogging.getLogger("x").error("a %s", b)\nlog.warning("a " + b)\n'
    path = sources("resources")[0].path
    made = Source(path=path, name="made", text=text, tree=ast.parse(text))
    assert [isinstance(one, ast.Constant) for _, one in said(made)] == [False, True, False]
