"""Preview: shows a picture large and passes it on."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.words import mark
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Node
from app.nodes.declare import Family, Inputs, NodeKind, Output


def passed_on(node: Node, inputs: Inputs) -> Mapping[str, Output]:
    return {"image": inputs["image"][0]}


KIND = NodeKind(
    id="preview",
    title=mark("Preview"),
    family=Family.OUTPUTS,
    shape=Shape(
        kind="preview",
        title=mark("Preview"),
        inputs=(
            Socket(
                id="image",
                title=mark("Image"),
                type=SocketType.IMAGE,
                required=True,
                help=mark("The picture to show."),
            ),
        ),
        outputs=(
            Socket(
                id="image",
                title=mark("Image"),
                type=SocketType.IMAGE,
                most=None,
                help=mark("The same picture."),
            ),
        ),
    ),
    parameters=(),
    help=mark("Shows a picture large, and passes it on unchanged."),
    words=("view", "show", "look", "预览", "預覽", "查看", "yu lan", "cha kan"),
    quick=passed_on,
    end=True,
)
