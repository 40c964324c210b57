"""The guide's tables, made from the commands, presets, cards and the words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from app.catalogue.cards import Card
from app.cli.arguments import build
from app.nodes.declare import Family
from app.preferences.keys import ENVIRONMENT, FIRST
from app.preferences.presets import PRESETS, TAGLOOM, TITLES
from widgets.commands import Command, native
from widgets.guide.program import Program, cell, menu_of, table, title_of
from widgets.parts.model_words import credits_words, price_words, seed_words


def keys(program: Program) -> str:
    """Every command that has a key now, in the order of the menus."""
    words = program.words
    rows = [
        (menu_of(command), title_of(command), program.keys(command.id))
        for command in sorted_by_menu(program)
        if program.commands.keys(command.id)
    ]
    return table((words["menu"], words["command"], words["keys"]), rows)


def presets(program: Program) -> str:
    """What the presets do otherwise."""
    others = [name for name in PRESETS if name != "tagloom"]
    titles = {one.id: title_of(one) for one in program.commands}
    rows = []
    for id, own in TAGLOOM.items():
        if any(PRESETS[name].get(id, own) != own for name in others):
            held = [own, *(PRESETS[name].get(id, own) for name in others)]
            rows.append((titles[id], *(_codes(program, one) for one in held)))
    return table((program.words["command"], *(TITLES[one] for one in ("tagloom", *others))), rows)


def sorted_by_menu(program: Program) -> list[Command]:
    menus = list(dict.fromkeys(one.menu for one in program.commands))
    return sorted(program.commands, key=lambda one: menus.index(one.menu))


def _codes(program: Program, held: tuple[str, ...]) -> str:
    return ", ".join(f"`{one}`" for one in native(held)) or program.words["no-key"]


def mouse(program: Program) -> str:
    return table((program.words["gesture"], program.words["how"]), program.mouse)


def nodes(program: Program) -> str:
    """Every node with its help, models apart."""
    return _kinds(program, lambda family: family is not Family.MODELS)


def model_nodes(program: Program) -> str:
    return _kinds(program, lambda family: family is Family.MODELS)


def _kinds(program: Program, wanted: Callable[[Family], bool]) -> str:
    rows = [
        (
            f"[{program.say(kind.title)}](kind-{kind.id}.md)",
            program.plain(kind.card.summary if kind.card else kind.help),
        )
        for kind in program.kinds.values()
        if wanted(kind.family)
    ]
    return table((program.words["node"], program.words["does"]), rows)


def models(program: Program) -> str:
    """All cards beside each other."""
    words = program.words
    rows = [
        (
            f"[{program.say(card.title)}](kind-{card.id}.md)", credits_words(card), price_words(card),
            str(card.references.most), words["yes"] if card.tags else words["as-numbers"], card.largest,
            seed_words(card),
        )
        for card in cards_of(program)
    ]  # fmt: skip
    heads = ("model", "credits", "price", "references", "tags", "largest", "seed")
    return table([words[one] for one in heads], rows)


def cards_of(program: Program) -> Iterator[Card]:
    return (kind.card for kind in program.kinds.values() if kind.card is not None)


def vendors(program: Program) -> str:
    """Who sells which models, and the variable that holds the key."""
    titles: dict[str, str] = {}
    sold: dict[str, list[str]] = {}
    for card in cards_of(program):
        for offer in card.offers:
            titles.setdefault(offer.vendor, offer.title)
            sold.setdefault(offer.vendor, []).append(card.title)
    rows = [
        (title, f"`{id}`", _variables(id), ", ".join(sold[id]))
        for id, title in titles.items()
        if id in ENVIRONMENT
    ]
    heads = ("vendor", "short", "variable", "models")
    return table([program.words[one] for one in heads], rows)


def _variables(vendor: str) -> str:
    names = [FIRST[vendor]] if vendor in FIRST else []
    return ", ".join(f"`{name}`" for name in (*names, ENVIRONMENT[vendor]))


def commands(program: Program) -> str:
    """The commands of the command line."""
    heads = (program.words["command"], program.words["does"])
    return table(heads, [(f"`tagloom {name}`", program.plain(told)) for name, told, _ in _of_terminal()])


def options(program: Program) -> str:
    """What each of them takes."""
    parts = []
    for name, _, parser in _of_terminal():
        rows = [
            (f"`{_usage(one)}`", program.plain(_help(one)))
            for one in parser._actions
            if not isinstance(one, argparse._HelpAction | argparse._SubParsersAction)
        ]
        more = [
            _choices(program, one) for one in parser._actions if isinstance(one, argparse._SubParsersAction)
        ]
        rows = [*(row for rows in more for row in rows), *rows]
        if rows:
            heads = (program.words["word"], program.words["does"])
            parts.append(f"### tagloom {name}\n\n{table(heads, rows)}")
    return "\n\n".join(parts)


def _of_terminal() -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Name, help and parser of every command."""
    for action in build()._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {one.dest: one.help or "" for one in action._choices_actions}
            for name, parser in action.choices.items():
                yield name, told[name], parser


def _choices(
    program: Program, action: argparse._SubParsersAction[argparse.ArgumentParser]
) -> list[tuple[str, str]]:
    told = {one.dest: one.help or "" for one in action._choices_actions}
    return [
        (
            f"`{name} {' '.join(str(one.metavar) for one in parser._actions if one.metavar)}`",
            program.plain(told[name]),
        )
        for name, parser in action.choices.items()
    ]


def _usage(action: argparse.Action) -> str:
    names = ", ".join(action.option_strings)
    takes = action.metavar or ("" if action.nargs == 0 else action.dest.upper())
    if action.choices and not action.metavar:
        takes = "|".join(map(str, action.choices))
    return cell(f"{names} {takes}".strip()).replace("\\|", "/")


def _help(action: argparse.Action) -> str:
    return (action.help or "").replace("%%", "%")


TABLES: Mapping[str, Callable[[Program], str]] = MappingProxyType(
    {
        "keys": keys, "presets": presets, "mouse": mouse, "nodes": nodes, "model-nodes": model_nodes,
        "models": models, "vendors": vendors, "commands": commands, "options": options,
    }
)  # fmt: skip
