"""Reroute: a dot on a link, to lead it around. It hands on what it is given, whatever that is."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.words import mark
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Node
from app.nodes.declare import Family, Inputs, NodeKind, Output


def passed_on(node: Node, inputs: Inputs) -> Mapping[str, Output]:
    return {"out": inputs["in"][0]}


KIND = NodeKind(
    id="reroute",
    title=mark("Re-route Dot"),
    family=Family.LAYOUT,
    shape=Shape(
        kind="reroute",
        title=mark("Re-route Dot"),
        inputs=(
            Socket(
                id="in",
                title=mark("In"),
                type=SocketType.ANY,
                required=True,
                help=mark("Words or a picture."),
            ),
        ),
        outputs=(
            Socket(id="out", title=mark("Out"), type=SocketType.ANY, most=None, help=mark("The same.")),
        ),
    ),
    parameters=(),
    help=mark("A dot on a link, to lead it around other nodes. It changes nothing that runs."),
    words=("reroute", "dot", "elbow", "link", "转接点", "轉接點", "连线", "zhuan jie dian", "lian xian"),
    quick=passed_on,
)
