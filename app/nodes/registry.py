"""All node kinds there are: one file each in `kinds/`, and one for every card of the catalogue."""

from __future__ import annotations

from types import MappingProxyType

from app.basics.faults import Bug
from app.basics.words import CLAUSES, listed, say
from app.catalogue.cards import Card, Cards, ParameterType
from app.document.sockets import Shapes
from app.nodes.declare import Family, Kinds, NodeKind
from app.nodes.kinds import compare, note, preview, prompt, reference_image, reroute, save_image, table

OWN = (
    prompt.KIND,
    reference_image.KIND,
    table.KIND,
    preview.KIND,
    compare.KIND,
    save_image.KIND,
    note.KIND,
    reroute.KIND,
)
"""A new kind is a file and a name here."""


def build_kinds(cards: Cards) -> Kinds:
    """Kind id → declaration, in the order of the palette.

    :raises Bug: a declaration contradicts itself, or two share an id
    """
    kinds: dict[str, NodeKind] = {}
    for kind in (*OWN, *(kind_of(card) for card in cards.values())):
        if kind.id in kinds:
            raise Bug(
                say("Two node kinds share the id {id}.", id=kind.id),
                advice=say("Give one of them another id."),
                code="nodes.same-id",
            )
        check(kind)
        kinds[kind.id] = kind
    order = list(Family)
    return MappingProxyType(
        {kind.id: kind for kind in sorted(kinds.values(), key=lambda one: order.index(one.family))}
    )


def kind_of(card: Card) -> NodeKind:
    """The node kind that a card makes."""
    return NodeKind(
        id=card.id,
        title=card.title,
        family=Family.MODELS,
        shape=card.shape,
        parameters=card.parameters,
        help=card.help,
        words=(card.maker, *card.words),
        card=card,
        defaults=MappingProxyType(
            {
                one.id: one.default
                for one in card.parameters
                if one.type != ParameterType.TAGS and not one.advanced and one.default is not None
            }
        ),
    )


def shapes_of(kinds: Kinds) -> Shapes:
    return MappingProxyType({id: kind.shape for id, kind in kinds.items()})


def check(kind: NodeKind) -> None:
    """A declaration says everything that the program needs of it.

    :raises Bug: what is missing or contradictory, with the kind's id
    """
    faults = [
        *([say("its shape names another kind")] if kind.shape.kind != kind.id else []),
        *([say("it has no help")] if not kind.help else []),
        *(say("the parameter {id} has no help", id=one.id) for one in kind.parameters if not one.help),
        *(
            say("the socket {id} has no help", id=one.id)
            for one in (*kind.shape.inputs, *kind.shape.outputs)
            if not one.help
        ),
        *(
            [say("it has two ways to run")]
            if sum((bool(kind.card), bool(kind.doing), bool(kind.quick))) > 1
            else []
        ),
    ]
    if faults:
        raise Bug(
            say(
                "The node kind {id} is declared wrongly: {list}.",
                id=kind.id,
                list=listed(faults, sep=CLAUSES),
            ),
            advice=say("Mend its file in app/nodes/kinds or its card."),
            code="nodes.declaration",
        )
