"""Prompt: words that describe the picture."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.words import mark
from app.catalogue.cards import Parameter, ParameterType
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Node
from app.nodes.declare import Family, Inputs, NodeKind, Output


def words_of(node: Node, inputs: Inputs) -> Mapping[str, Output]:
    text = node.values.get("text")
    return {"text": text if isinstance(text, str) else ""}  # a file may hold anything there


KIND = NodeKind(
    id="prompt",
    title=mark("Prompt"),
    family=Family.INPUTS,
    shape=Shape(
        kind="prompt",
        title=mark("Prompt"),
        outputs=(
            Socket(
                id="text",
                title=mark("Prompt"),
                type=SocketType.PROMPT,
                most=None,
                help=mark("The words, as written."),
            ),
        ),
    ),
    parameters=(
        Parameter(
            id="text",
            title=mark("Prompt"),
            type=ParameterType.TEXT,
            default="",
            help=mark(
                "Say what the picture shows. Call photographs by tag, in a context: @product on the table."
            ),
        ),
    ),
    help=mark("Words that describe the picture. One prompt may be joined to any number of models."),
    words=(
        "text",
        "words",
        "describe",
        "提示词",
        "提示詞",
        "文字",
        "描述",
        "ti shi ci",
        "wen zi",
        "miao shu",
    ),
    quick=words_of,
    defaults={"text": ""},
)
