"""What a window can show before there is an engine: the settings, the kinds of nodes, and the desk. `compose`
joins the rest to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from app.basics.faults import Bug
from app.basics.places import Places, find_places
from app.catalogue.cards import Card, Cards
from app.catalogue.reader import read_catalogue
from app.document.claims import Claims
from app.document.editor import Editor
from app.document.past import Pasts
from app.document.sockets import Shapes
from app.nodes.declare import Kinds
from app.nodes.registry import OWN, build_kinds, check, kind_of, shapes_of
from app.preferences.keys import ENVIRONMENT
from app.preferences.options import Options
from app.preferences.options_file import InTurn
from app.preferences.own_kinds import OwnKinds
from app.studio.desk import Desk


class Opening(Struct, frozen=True, kw_only=True):
    home: Places
    options: Options
    kinds: Kinds
    shapes: Shapes
    editor: Editor
    desk: Desk
    notes: tuple[str, ...] = ()
    """What people should know: cards of their own that cannot be used."""


def catalogue_of(home: Places) -> tuple[Cards, tuple[str, ...]]:
    """The models that there are, with this person's own; and what is wrong with cards that cannot be used."""
    return read_catalogue(home.cards, _objection)


def _objection(card: Card) -> str:
    """What a card of the artist's own must not do; empty where all is well."""
    strange = next((offer.vendor for offer in card.offers if offer.vendor not in ENVIRONMENT), "")
    if strange:
        return f"the vendor {strange!r} is not known; known are {', '.join(ENVIRONMENT)}"
    if card.id in {kind.id for kind in OWN}:
        return f"the id {card.id!r} is taken by a node that is no model"
    try:
        check(kind_of(card))
    except Bug as fault:
        return fault.title.rstrip(".")
    return ""


def open_desk(
    environment: Mapping[str, str], *, carried: Callable[[Path], str | None], window: bool = False
) -> Opening:
    """An empty desk in this person's home; nothing but settings and cards is read. That of a `window` locks
    the document that lies on it, and does not wait for the disk when a setting changes.

    :raises DiskTrouble: a folder cannot be used
    """
    home = find_places(environment).ensure()
    options, editor = Options(home.options, InTurn() if window else None), Editor()
    cards, notes = catalogue_of(home)
    kinds = OwnKinds(build_kinds(cards), options)
    desk = Desk(
        editor,
        options,
        pasted=home.state / "pasted",
        working=home.state / "examples",
        carried=carried,
        claims=Claims(home.documents) if window else None,
        pasts=Pasts(home.steps) if window else None,
    )
    return Opening(
        home=home,
        options=options,
        kinds=kinds,
        shapes=shapes_of(kinds),
        editor=editor,
        desk=desk,
        notes=notes,
    )
