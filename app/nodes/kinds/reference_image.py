"""Reference Image: a photograph from the artist's disk."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.faults import BadInput, Where
from app.basics.words import mark, say
from app.catalogue.cards import Parameter, ParameterType
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Node
from app.nodes.declare import Bench, Family, Inputs, NodeKind, Output


async def photograph_of(id: str, node: Node, inputs: Inputs, bench: Bench) -> Mapping[str, Output]:
    file = node.values.get("file")
    if not isinstance(file, str) or not file:
        raise BadInput(
            say("{title} has no photograph.", title=node.title or say("Reference Image")),
            advice=say("Drop a picture on it, or choose a file."),
            code="image.none",
            where=Where(node=id, parameter="file"),
        )
    return {"image": await bench.photograph(file)}


KIND = NodeKind(
    id="reference-image",
    title=mark("Reference Image"),
    family=Family.INPUTS,
    shape=Shape(
        kind="reference-image",
        title=mark("Reference Image"),
        outputs=(
            Socket(
                id="image",
                title=mark("Image"),
                type=SocketType.IMAGE,
                most=None,
                help=mark("The photograph."),
            ),
        ),
    ),
    parameters=(
        Parameter(
            id="file",
            title=mark("File"),
            type=ParameterType.TEXT,
            default="",
            help=mark("A photograph: JPEG, PNG, WebP, TIFF, BMP, GIF, HEIC or AVIF. It is never changed."),
        ),
    ),
    help=mark("A photograph. Link it to a model and give the link a tag; the prompt calls it by that tag."),
    words=(
        "photo",
        "photograph",
        "picture",
        "file",
        "load image",
        "input image",
        "参考图",
        "參考圖",
        "参考图像",
        "照片",
        "图片",
        "can kao tu",
        "zhao pian",
        "tu pian",
    ),
    doing=photograph_of,
    defaults={"file": "", "sha256": ""},
)
