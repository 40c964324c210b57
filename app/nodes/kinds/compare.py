"""Compare: two to nine pictures beside and over each other. It makes nothing and costs nothing."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.words import mark
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Node
from app.nodes.declare import Family, Inputs, NodeKind, Output

MOST = 9


def only_looked_at(node: Node, inputs: Inputs) -> Mapping[str, Output]:
    return {}


KIND = NodeKind(
    id="compare",
    title=mark("Compare"),
    family=Family.OUTPUTS,
    shape=Shape(
        kind="compare",
        title=mark("Compare"),
        inputs=(
            Socket(
                id="images",
                title=mark("Images"),
                type=SocketType.IMAGE,
                required=True,
                most=MOST,
                help=mark("Two to nine pictures, compared in the order of their links."),
            ),
        ),
    ),
    parameters=(),
    help=mark(
        "Puts two to nine pictures beside and over each other: wipe, side by side, difference, blink. "
        "Double-click it to open the comparison."
    ),
    words=(
        *("comparison", "difference", "wipe", "blink", "side by side", "A/B"),
        *("比较", "比較", "对比", "對比", "差异", "bi jiao", "dui bi", "cha yi"),
    ),
    quick=only_looked_at,
    end=True,
)
