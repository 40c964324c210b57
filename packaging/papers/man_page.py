"""tagloom.1 from the program's own parser: `python packaging/papers/man_page.py VERSION DATE >tagloom.1`.

What the parser knows is taken from it; the few sections that it cannot know are here.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator

from app.cli.arguments import build
from app.preferences.keys import ENVIRONMENT, FIRST

KEYS = (*ENVIRONMENT.values(), *FIRST.values())
CODES = (
    ("0", "Done."),
    ("1", "A step failed."),
    ("2", "The command or the document is wrong; nothing was sent."),
    ("3", "Refused by a cap, or nobody was there to ask; nothing was sent."),
    ("4", "Something was sent and its answer was lost: a person has to look."),
    ("130", "Stopped."),
)
EXAMPLES = (
    ("tagloom run shot.tagloom -o out", "Makes the pictures of a document; asks before it spends."),
    ("tagloom estimate shot.tagloom --json", "What it would cost, for another program."),
    ("tagloom run shot.tagloom --set hero.seed=7 --max-usd 2 --yes", "Another seed, never more than $2."),
    ("tagloom recover", "Brings home, free, what a killed run left under way."),
)
FILES = (
    ("~/.config/tagloom", "Settings, templates and snippets."),
    ("~/.local/share/tagloom", "The ledger and the library: everything that was bought. Keep it."),
    ("~/.local/state/tagloom", "Recovery copies and logs."),
    ("~/.cache/tagloom", "Thumbnails and drafts; may be deleted at any time."),
)


def man_page(parser: argparse.ArgumentParser, *, version: str, date: str, keys: tuple[str, ...]) -> str:
    """The page in troff. `keys`: names in the environment that hold a vendor's key."""
    lines = [
        f'.TH TAGLOOM 1 "{date}" "Tagloom {version}" "User Commands"',
        *_section("NAME"),
        r"tagloom \- node editor for product shots with image models",
        *_section("SYNOPSIS"),
        *(".B tagloom\n[" + _said("FILE") + " ...]\n.br\n.B tagloom\n.I COMMAND\n[options]").split("\n"),
        *_section("DESCRIPTION"),
        _text(parser.description or ""),
        ".PP",
        _text("FILE is a .tagloom document, or a picture that carries one; it is opened in the window."),
        _text("tagloom-window is the same program for menus and file managers."),
        *_section("OPTIONS"),
        *_options(parser),
        *_section("COMMANDS"),
        *_commands(parser),
        *_section("EXIT STATUS"),
        *_pairs(CODES),
        *_section("ENVIRONMENT"),
        *_pairs(
            [
                ("TAGLOOM_HOME", "One folder for settings, ledger, library, cache and logs (a full path)."),
                (
                    "TAGLOOM_LEDGER",
                    "A PostgreSQL database where many machines share the ledger and the library's index: "
                    "postgresql://user:password@host:5432/tagloom.",
                ),
            ]
        ),
        *_pairs([(name, "A vendor's key, instead of the one in the keyring.") for name in keys]),
        *_section("FILES"),
        *_pairs(FILES),
        *_section("EXAMPLES"),
        *_pairs(EXAMPLES),
    ]
    return "\n".join(lines) + "\n"


def commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands below a parser, by name, in the order of their declaration."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def _commands(parser: argparse.ArgumentParser, prefix: str = "tagloom") -> Iterator[str]:
    helps = {
        choice.dest: choice.help or ""
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action._choices_actions
    }
    for name, command in commands(parser).items():
        yield f'.SS "{prefix} {_usage(command, name)}"'
        yield _text(command.description or helps.get(name, ""))
        yield from _options(command)
        yield from _commands(command, f"{prefix} {name}")


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if not isinstance(action, argparse._HelpAction | argparse._SubParsersAction):
            yield from _option(action)


def _usage(command: argparse.ArgumentParser, name: str) -> str:
    places = [_metavar(action) for action in command._actions if not action.option_strings]
    has_options = any(
        not isinstance(one, argparse._HelpAction) for one in command._actions if one.option_strings
    )
    return _escaped(" ".join([name, *(["[options]"] if has_options else []), *places]))


def _option(action: argparse.Action) -> Iterator[str]:
    yield ".TP"
    if not action.option_strings:
        yield f".I {_escaped(_metavar(action))}"
    else:
        names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in action.option_strings)
        yield names + (rf" \fI{_escaped(_metavar(action))}\fR" if action.nargs != 0 else "")
    yield _text((action.help or "").replace("%(default)s", str(action.default)))


def _metavar(action: argparse.Action) -> str:
    if isinstance(action.metavar, str):
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def _pairs(pairs: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, words in pairs:
        yield from (".TP", f".B {_escaped(name)}", _text(words))


def _section(title: str) -> list[str]:
    return [f".SH {title}"]


def _said(word: str) -> str:
    return rf"\fI{word}\fR"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace("~", r"\(ti").replace("'", r"\(aq")


def _text(text: str) -> str:
    """One paragraph; a line never begins with what troff takes for an order of its own."""
    lines = textwrap.wrap(
        _escaped(" ".join(text.split())), 78, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(rf"\&{line}" if line[:1] in (".", "'") else line for line in lines)


if __name__ == "__main__":
    sys.stdout.write(man_page(build(), version=sys.argv[1], date=sys.argv[2], keys=KEYS))
