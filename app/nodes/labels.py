"""What the fields of the kinds are called, for whoever tells of a document in words."""

from __future__ import annotations

from app.basics.words import say, spoken
from app.catalogue.cards import Parameter
from app.document.differing import Labels
from app.document.sockets import Shapes
from app.document.values import Value
from app.nodes.declare import Kinds


def labels_of(kinds: Kinds, shapes: Shapes) -> Labels:
    """Of these kinds; a field that nobody declared is called by its id."""

    def declared(kind: str, parameter: str) -> Parameter | None:
        known = kinds.get(kind)
        found = known.parameters if known else ()
        return next((one for one in found if one.id == parameter), None)

    def field(kind: str, parameter: str) -> str:
        known = declared(kind, parameter)
        return spoken(known.title) if known else parameter

    def value(kind: str, parameter: str, value: Value) -> str | None:
        known = declared(kind, parameter)
        if parameter == "vendor" and value == "auto":
            return say("automatic")
        choices = known.choices if known else ()
        return next((spoken(one.title) for one in choices if one.value == value), None)

    return Labels(shapes=shapes, field=field, value=value)
