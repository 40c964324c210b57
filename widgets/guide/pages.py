"""The guide's pages: Markdown from the resources, filled in from the program itself, so that a command, a
key, a model or a price that the guide names is the one that there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import tomli

from app.preferences.declared import OPTIONS
from widgets.guide.kind_page import kind_page
from widgets.guide.program import Program
from widgets.guide.tables import TABLES

LANGUAGES = ("en", "zh_CN")
PAGES = (
    *("start", "tags", "canvas", "models", "tables", "results", "money", "terminal", "card", "trouble"),
    "developers",
)
"""Files of `resources/guide/<language>`, in the order of the contents."""
KIND = "kind-"
"""How the id of a page of one node kind begins."""
_PLACE = re.compile(r"\{(command|keys|kind|field|option|table|file):([\w.-]+)\}")


@cache
def guide_words(language: str) -> Mapping[str, str]:
    """The words of the generated parts."""
    return MappingProxyType(tomli.loads(_text(f"{language}/words.toml")))


def _text(name: str) -> str:
    return (files("resources") / "guide").joinpath(*name.split("/")).read_text("utf-8")


class Guide:
    """Pages by id, each made when it is asked for. A page's first line is its title."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.words = program.words
        self.ids = (*PAGES, *(KIND + id for id in program.kinds))
        self._read: dict[str, str] = {}
        """Pages as they are searched."""

    def raw(self, id: str) -> str:
        """As it is written, before anything is filled in.

        :raises KeyError: there is no such page
        """
        if id not in self.ids:
            raise KeyError(id)
        if id.startswith(KIND):
            return kind_page(self._program, id.removeprefix(KIND))
        return _text(f"{self._program.language}/{id}.md")

    def page(self, id: str) -> str:
        """Markdown, whole. :raises KeyError: no such page, or it names what the program has not"""
        return _PLACE.sub(lambda found: self._filled(*found.groups()), self.raw(id))

    def title(self, id: str) -> str:
        if id.startswith(KIND):
            return self._program.say(self._program.kinds[id.removeprefix(KIND)].title)
        return self.raw(id).partition("\n")[0].lstrip("# ").strip()

    def found(self, text: str) -> tuple[str, ...]:
        """The pages on which every word of a text stands, those that have it in their title first."""
        wanted = text.casefold().split()
        for id in self.ids:
            if id not in self._read:
                self._read[id] = self.page(id).casefold()
        there = [id for id in self.ids if all(word in self._read[id] for word in wanted)]
        return tuple(sorted(there, key=lambda id: not all(w in self.title(id).casefold() for w in wanted)))

    def _filled(self, what: str, name: str) -> str:
        return self._fillers()[what](name)

    def _fillers(self) -> Mapping[str, Callable[[str], str]]:
        program = self._program
        return {
            "command": program.command,
            "keys": program.keys,
            "kind": lambda id: f"[{program.say(program.kinds[id].title)}]({KIND}{id}.md)",
            "field": self._field,
            "option": lambda id: f"*{program.say(next(one.title for one in OPTIONS if one.id == id))}*",
            "table": lambda id: TABLES[id](program),
            "file": lambda name: _text(name).rstrip(),
        }

    def _field(self, name: str) -> str:
        """`gen4-image.seed`: the title of a parameter."""
        kind, _, id = name.partition(".")
        return f"*{ {one.id: one.title for one in self._program.kinds[kind].parameters}[id] }*"
