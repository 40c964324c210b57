"""What the guide is told of the program that it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.nodes.declare import Kinds
from widgets.commands import Command, Commands, native, unmarked


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`mouse` holds gestures and the ways to do them, in words; `words` are those of the generated parts
    (`guide_words`)."""

    language: str
    kinds: Kinds
    commands: Commands
    mouse: Sequence[tuple[str, str]]
    words: Mapping[str, str]
    say: Callable[[str], str] = str
    """A text of a card, a kind or an option in the language of the program."""

    def plain(self, text: str) -> str:
        """A text of a card or a kind, for Markdown."""
        return plain(self.say(text))

    def command(self, id: str) -> str:
        """Where it is in the menus, and its first key: `**File › Save** (Ctrl+S)`."""
        command = self.commands.command(id)
        held = native(self.commands.keys(id))
        key = f" (`{held[0]}`)" if held else ""
        return f"**{menu_of(command)} › {title_of(command)}**{key}"

    def keys(self, id: str) -> str:
        """All keys of a command."""
        held = native(self.commands.keys(id))
        return self.words["or"].join(f"`{key}`" for key in held) if held else self.words["no-key"]


def menu_of(command: Command) -> str:
    parts = (command.menu, command.submenu)
    return " › ".join(unmarked(part) for part in parts if part)


def title_of(command: Command) -> str:
    """With its dots: they say that something is asked first."""
    return unmarked(command.title.partition("\t")[0])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|") or " "


def plain(text: str) -> str:
    """A text of the program that is no Markdown: its stars, brackets and the like are letters."""
    return "".join(f"\\{one}" if one in "\\`*_<>[]#|" else one for one in " ".join(text.split()))
