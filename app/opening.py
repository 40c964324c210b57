"""What a window can show before there is an engine: the settings, the kinds of nodes, and the desk. `compose`
joins the rest to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from app.basics.places import Places, find_places
from app.catalogue.reader import read_cards
from app.document.claims import Claims
from app.document.editor import Editor
from app.document.past import Pasts
from app.document.sockets import Shapes
from app.nodes.declare import Kinds
from app.nodes.registry import build_kinds, shapes_of
from app.preferences.options import Options
from app.preferences.own_kinds import OwnKinds
from app.studio.desk import Desk


class Opening(Struct, frozen=True, kw_only=True):
    home: Places
    options: Options
    kinds: Kinds
    shapes: Shapes
    editor: Editor
    desk: Desk


def open_desk(
    environment: Mapping[str, str], *, carried: Callable[[Path], str | None], window: bool = False
) -> Opening:
    """An empty desk in this person's home; nothing but settings and cards is read. That of a `window` locks
    the document that lies on it.

    :raises DiskTrouble: a folder cannot be used
    """
    home = find_places(environment).ensure()
    options, editor = Options(home.options), Editor()
    kinds = OwnKinds(build_kinds(read_cards()), options)
    desk = Desk(
        editor,
        options,
        pasted=home.state / "pasted",
        working=home.state / "examples",
        carried=carried,
        claims=Claims(home.documents) if window else None,
        pasts=Pasts(home.steps) if window else None,
    )
    return Opening(home=home, options=options, kinds=kinds, shapes=shapes_of(kinds), editor=editor, desk=desk)
