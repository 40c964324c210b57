"""Save Image: the picture's bytes, as they came, into a file with a name of the artist's."""

from __future__ import annotations

from collections.abc import Mapping

from app.basics.faults import Bug, Where
from app.basics.words import mark, say
from app.catalogue.cards import Parameter, ParameterType
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import Node
from app.nodes.declare import Bench, Family, Inputs, NodeKind, Output, Picture

DEFAULT_NAME = "{node}-{seed}"


async def saved(id: str, node: Node, inputs: Inputs, bench: Bench) -> Mapping[str, Output]:
    picture = inputs["image"][0]
    if not isinstance(picture, Picture):
        raise Bug(
            say("Save Image was given words instead of a picture."),
            advice=say("Please report this with the document."),
            code="save.not-a-picture",
            where=Where(node=id, socket="image"),
        )
    await bench.save(picture, str(node.values.get("name") or DEFAULT_NAME))
    return {}


KIND = NodeKind(
    id="save-image",
    title=mark("Save Image"),
    family=Family.OUTPUTS,
    shape=Shape(
        kind="save-image",
        title=mark("Save Image"),
        inputs=(
            Socket(
                id="image",
                title=mark("Image"),
                type=SocketType.IMAGE,
                required=True,
                help=mark("The picture to keep."),
            ),
        ),
    ),
    parameters=(
        Parameter(
            id="name",
            title=mark("Name"),
            type=ParameterType.TEXT,
            default=DEFAULT_NAME,
            help=mark(
                "The file's name; the ending is added. Filled in are {document}, {node}, {title}, {seed}, "
                "{model}, {ratio}, {date}, {n} and {tag:…}, the file's name of the photograph with that tag."
            ),
        ),
    ),
    help=mark(
        "Saves the picture, byte for byte as it came, under a name you choose. Never over another picture."
    ),
    words=(
        "export",
        "write",
        "file",
        "output",
        "保存",
        "儲存",
        "保存图像",
        "导出",
        "bao cun",
        "dao chu",
    ),
    doing=saved,
    defaults={"name": DEFAULT_NAME},
    end=True,
)
