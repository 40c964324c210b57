"""What is done with model nodes as models: another model in their place, and one job at many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import MappingProxyType

from msgspec import Struct

from app.basics.faults import BadInput, Where
from app.basics.ids import free_name
from app.basics.words import say
from app.catalogue.cards import Card, ParameterType
from app.catalogue.switching import moved, why_not
from app.document.edits import add_frame, change_node, move, set_value
from app.document.gestures import Placed, duplicate
from app.document.values import WAITING_TAGS, Document, Frame, Spot
from app.nodes.check import Facts, Rules, asked_of
from app.nodes.declare import Kinds

ACROSS, DOWN = 330.0, 340.0
"""From one fanned-out card to the next, in canvas units."""
_AROUND = 32.0
_CARD = (290.0, 300.0)
MOST = 64
"""Nodes of one fan-out: more is a table's work."""


class Choice(Struct, frozen=True, kw_only=True):
    """A model that a node might be switched to. `why_not`: it cannot take what is linked. `lost`: what does
    not go along, or goes changed."""

    kind: str
    card: Card
    current: bool
    why_not: tuple[str, ...]
    lost: tuple[str, ...]


def card_of(document: Document, kinds: Kinds, id: str) -> Card | None:
    """The card of a model node; None for other nodes."""
    kind = kinds.get(document.nodes[id].kind) if id in document.nodes else None
    return kind.card if kind is not None else None


def choices(document: Document, rules: Rules, facts: Facts, id: str) -> tuple[Choice, ...]:
    """Every model, in the order of the kinds, as a place for this node's job."""
    old = card_of(document, rules.kinds, id)
    if old is None:
        return ()
    asked = asked_of(document, rules, facts, id)
    values = document.nodes[id].values
    return tuple(
        Choice(
            kind=kind.id,
            card=kind.card,
            current=kind.id == document.nodes[id].kind,
            why_not=why_not(kind.card, asked),
            lost=moved(values, old, kind.card).lost if kind.card is not old else (),
        )
        for kind in rules.kinds.values()
        if kind.card is not None
    )


def switch(document: Document, kinds: Kinds, ids: Iterable[str], model: str) -> Document:
    """Model nodes as another model, in place: links, tags, title and whatever fits stay. The same document
    where nothing is another."""
    new = kinds[model].card
    for id in ids:
        old = card_of(document, kinds, id)
        if old is None or new is None or document.nodes[id].kind == model:
            continue
        values = moved(document.nodes[id].values, old, new, kept=(WAITING_TAGS,)).values
        document = change_node(document, id, kind=model, values=MappingProxyType(dict(values)))
    return document


def fan_out(
    document: Document, kinds: Kinds, id: str, models: Sequence[str], seeds: Sequence[int | None], title: str
) -> Placed:
    """One job at many models and seeds: copies of a model node with all that feeds it, side by side in a
    frame below what lies there: a column for a model, a row for a seed (of one model, a column for a seed).
    A model without seeds gets one node, since all of them would ask for the same.

    :raises BadInput: it is no model, nothing is asked for, or more than `MOST` nodes
    """
    asked = [(model, seed) for model in models for seed in _seeds(kinds, model, seeds)]
    if card_of(document, kinds, id) is None or not asked or len(asked) > MOST:
        raise BadInput(
            say(
                "A fan-out makes from 1 to {most} nodes; this would be {count}.", most=MOST, count=len(asked)
            ),
            advice=say("Choose fewer models or seeds. For hundreds of pictures use a table."),
            code="fan-out.count",
            where=Where(node=id),
        )
    alone = len(models) == 1
    most = max(len(_seeds(kinds, model, seeds)) for model in models)
    columns, rows = (most, 1) if alone else (len(models), most)
    left, top = _below(document, id, columns)
    made: list[str] = []
    for model, seed in asked:
        placed = duplicate(document, (id,), with_inputs=True)
        document, (new,) = placed.document, placed.nodes
        document = change_node(switch(document, kinds, (new,), model), new, pick="", lock="")
        parameter = _seed_of(kinds, model)
        if parameter is not None:
            document = set_value(document, new, parameter, seed)
        column, row = models.index(model), _seeds(kinds, model, seeds).index(seed)
        if alone:
            column, row = row, column
        document = move(document, {new: (left + column * ACROSS, top + row * DOWN)})
        made.append(new)
    rect = (
        left - _AROUND,
        top - 2 * _AROUND,
        (columns - 1) * ACROSS + _CARD[0] + 2 * _AROUND,
        (rows - 1) * DOWN + _CARD[1] + 3 * _AROUND,
    )
    frame = free_name("frame", document.frames)
    document = add_frame(document, frame, Frame(title=title, rect=rect))
    return Placed(document=document, nodes=tuple(made), frames=(frame,))


def _seeds(kinds: Kinds, model: str, seeds: Sequence[int | None]) -> Sequence[int | None]:
    return seeds if _seed_of(kinds, model) is not None else (None,)


def _seed_of(kinds: Kinds, model: str) -> str | None:
    card = kinds[model].card
    parameters = card.parameters if card is not None else ()
    return next((one.id for one in parameters if one.type is ParameterType.SEED), None)


def _below(document: Document, id: str, columns: int) -> tuple[float, float]:
    """Under everything that lies in the columns that are needed."""
    start = document.layout.get(id, Spot(0.0, 0.0))
    right = start.x + columns * ACROSS
    lowest = max(
        (spot.y for spot in document.layout.values() if start.x - ACROSS < spot.x < right), default=start.y
    )
    return start.x, lowest + DOWN + 2 * _AROUND
