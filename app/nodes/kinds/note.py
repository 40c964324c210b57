"""Note: words for people. It stands on the canvas and never runs."""

from __future__ import annotations

from app.basics.words import mark
from app.catalogue.cards import Parameter, ParameterType
from app.document.sockets import Shape
from app.nodes.declare import Family, NodeKind

KIND = NodeKind(
    id="note",
    title=mark("Note"),
    family=Family.LAYOUT,
    shape=Shape(kind="note", title=mark("Note")),
    parameters=(
        Parameter(
            id="text",
            title=mark("Text"),
            type=ParameterType.TEXT,
            default="",
            help=mark("Whatever you want to remember."),
        ),
    ),
    help=mark("Words for yourself and others. Never sent anywhere."),
    words=("comment", "text", "sticky", "备注", "備註", "注释", "便签", "bei zhu", "zhu shi", "bian qian"),
    defaults={"text": ""},
)
