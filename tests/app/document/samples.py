"""Small documents and the sockets of the kinds in them, as the tests of this room need them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.document import edits
from app.document.sockets import Shape, Socket, SocketType
from app.document.values import BLANK, Document, End, Link, Links, Node, Value

PROMPT, IMAGE, ANY = SocketType.PROMPT, SocketType.IMAGE, SocketType.ANY


def model(kind: str, title: str, most: int) -> Shape:
    return Shape(
        kind=kind,
        title=title,
        model=True,
        inputs=(
            Socket(id="prompt", title="Prompt", type=PROMPT, required=True),
            Socket(id="reference_images", title="Reference Images", type=IMAGE, most=most, tagged=True),
        ),
        outputs=(Socket(id="image", title="Image", type=IMAGE, most=None),),
    )


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        shape.kind: shape
        for shape in (
            Shape(
                kind="prompt",
                title="Prompt",
                outputs=(Socket(id="text", title="Prompt", type=PROMPT, most=None),),
            ),
            Shape(
                kind="reference-image",
                title="Reference Image",
                outputs=(Socket(id="image", title="Image", type=IMAGE, most=None),),
            ),
            model("gen4-image", "Gen4 Image", 3),
            model("flux-2-pro", "Flux 2 Pro", 8),
            Shape(
                kind="preview",
                title="Preview",
                inputs=(Socket(id="image", title="Image", type=IMAGE, required=True),),
                outputs=(Socket(id="image", title="Image", type=IMAGE, most=None),),
            ),
            Shape(
                kind="save-image",
                title="Save Image",
                inputs=(Socket(id="image", title="Image", type=IMAGE, required=True),),
            ),
            Shape(kind="note", title="Note"),
            Shape(
                kind="reroute",
                title="Reroute",
                inputs=(Socket(id="in", title="", type=ANY),),
                outputs=(Socket(id="out", title="", type=ANY, most=None),),
            ),
        )
    }
)

WORDS = (
    "Professional product photo of @sneaker worn by @model in @studio setting, dramatic lighting, "
    "commercial quality."
)


def end(text: str) -> End:
    node, _, socket = text.rpartition(".")
    return End(node, socket)


def link(source: str, target: str, tag: str = "") -> Link:
    return Link(source=end(source), target=end(target), tag=tag)


def node(kind: str, title: str = "", **values: Value) -> Node:
    return Node(kind=kind, title=title, values=MappingProxyType(values))


def document(nodes: Mapping[str, Node], *links: Link) -> Document:
    return Document(nodes=MappingProxyType(dict(nodes)), links=Links(links))


def photograph(name: str) -> Node:
    return node("reference-image", file=f"refs/{name}.png", sha256="")


def product_shot(words: str = WORDS, tags: tuple[str, ...] = ("sneaker", "model", "studio")) -> Document:
    """A prompt `words` and photographs `p0`, `p1` … with these tags into the Gen4 node `hero`."""
    made = document(
        {
            "words": node("prompt", text=words),
            "hero": node("gen4-image", "Hero shot", aspect_ratio="16:9", resolution="1080p", seed=42),
            "keep": node("save-image", name="{node}"),
            **{f"p{place}": photograph(tag or f"photo{place}") for place, tag in enumerate(tags)},
        },
        link("words.text", "hero.prompt"),
        *(link(f"p{place}.image", "hero.reference_images", tag) for place, tag in enumerate(tags)),
        link("hero.image", "keep.image"),
    )
    return edits.move(made, {id: (place * 100.0, 40.0) for place, id in enumerate(made.nodes)})


def tags_by_photograph(of: Document, node: str = "hero") -> dict[str, str]:
    return {one.source.node: one.tag for one in of.links.into(node, "reference_images")}


def chain(count: int) -> Document:
    """A photograph through `count` previews."""
    nodes = {"p": photograph("p"), **{f"n{i}": node("preview") for i in range(count)}}
    links = [link("p.image", "n0.image")]
    links += [link(f"n{i}.image", f"n{i + 1}.image") for i in range(count - 1)]
    return document(nodes, *links)


__all__ = [
    "BLANK",
    "SHAPES",
    "WORDS",
    "chain",
    "document",
    "end",
    "link",
    "node",
    "photograph",
    "product_shot",
    "tags_by_photograph",
]
