"""What is handed from room to room cannot be changed, and is made by name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import Source, sources

# What counts or collects something, and so changes.
CHANGE = {
    "app.document.layering.Layered",
    "app.document.past._Kept",
    "app.document.past._Step",
    "app.document.tidying.Block",
    "app.document.tidying._Nest",
    "app.engine.budget.Purse",
    "app.engine.budget._Held",
    "app.sandbox.server.Sandbox",
    "app.sandbox.stage.Stage",
    "app.sandbox.tally.Tally",
    "app.sandbox.tasks.Task",
    "app.sandbox.uploads.Upload",
}
# A few values whose one or two parts need no names.
BY_PLACE = {"app.engine.budget._Held", "app.engine.plan.Ask", "app.engine.steps.Feed"}
GENERIC = {"app.preferences.options.Option"}
"""A generic frozen class with slots breaks on 3.11 (gh-91126)."""
MONEY = ("app.engine.", "app.journal.", "app.providers.")


def test_values_are_frozen() -> None:
    found = {name: set(flags) for name, flags in (*dataclasses("app"), *structs("app"))}
    assert len(found) > 150
    assert {name for name, flags in found.items() if "frozen" not in flags} == CHANGE


def test_dataclasses_have_slots() -> None:
    found = {name: set(flags) for name, flags in dataclasses("app")}
    assert len(found) > 100
    assert {name for name, flags in found.items() if "slots" not in flags} == GENERIC


def test_values_that_are_about_money_are_made_by_name() -> None:
    found = {
        name: set(flags) for name, flags in (*dataclasses("app"), *structs("app")) if name.startswith(MONEY)
    }
    assert len(found) > 40
    assert {name for name, flags in found.items() if "kw_only" not in flags} == BY_PLACE


def dataclasses(room: str) -> Iterator[tuple[str, list[str]]]:
    """Dotted names, and the flags that are on."""
    for source, node in classes(room):
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(call, ast.Name) and call.id == "dataclass":
                keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
                yield f"{source.name}.{node.name}", flags_of(keywords)


def structs(room: str) -> Iterator[tuple[str, list[str]]]:
    for source, node in classes(room):
        if any(isinstance(base, ast.Name) and base.id == "Struct" for base in node.bases):
            yield f"{source.name}.{node.name}", flags_of(node.keywords)


def classes(room: str) -> Iterator[tuple[Source, ast.ClassDef]]:
    for source in sources(room):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                yield source, node


def flags_of(keywords: list[ast.keyword]) -> list[str]:
    return [
        str(one.arg) for one in keywords if isinstance(one.value, ast.Constant) and one.value.value is True
    ]
