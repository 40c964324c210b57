"""Arbitrary documents, edits and texts for the property tests of this room."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import MappingProxyType

from hypothesis import strategies as st

from app.document import edits, gestures, tag_edits
from app.document.values import WAITING_TAGS, Document, End, Fit, Frame, Link, Links, Node, Spot, frozen
from tests.app.document.samples import SHAPES

KINDS = ("prompt", "reference-image", "gen4-image", "flux-2-pro", "preview", "save-image", "reroute", "note")
TAGS = ("sneaker", "model", "studio", "Sneaker", "MODEL", "brick", "x", "9lives", "red shoe", "")

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
places = st.tuples(finite, finite)
texts = st.text(st.characters(exclude_categories=()), max_size=20)
ids = st.text(
    st.characters(categories=("Lu", "Ll", "Lo", "Nd"), include_characters="-_. "), min_size=1
).filter(str.isprintable)
sockets = st.text(st.characters(categories=("Ll", "Nd"), include_characters="_"), min_size=1, max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
).map(frozen)
extras = st.dictionaries(texts.map(lambda text: f"x-{text}"), json_values, max_size=2).map(MappingProxyType)
values = st.dictionaries(texts, json_values, max_size=3).map(MappingProxyType)
colors = st.from_regex(r"\A#[0-9a-f]{6}\Z")
unit = st.floats(0, 1)
fits = st.builds(
    Fit, mode=st.sampled_from(["none", "pad", "crop"]), color=colors, focus=st.tuples(unit, unit)
)
nodes = st.builds(
    Node,
    kind=st.sampled_from(KINDS) | ids,
    title=texts,
    values=values,
    skip=st.booleans(),
    collapsed=st.booleans(),
    color=texts,
    pick=texts,
    lock=texts,
    extras=extras,
)
frames = st.builds(
    Frame,
    title=texts,
    color=texts,
    rect=st.tuples(finite, finite, finite.map(abs), finite.map(abs)),
    extras=extras,
)
spots = st.builds(Spot, finite, finite, st.none() | finite)
ends = st.builds(End, ids, sockets)
links = st.builds(Link, source=ends, target=ends, tag=texts, fit=fits, extras=extras)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Anything that a file may hold: also links to nowhere, unknown kinds, keys of a newer Tagloom."""
    drawn = draw(st.lists(links, max_size=6))
    once = {(one.source, one.target): one for one in drawn}
    return Document(
        nodes=MappingProxyType(draw(st.dictionaries(ids, nodes, max_size=5))),
        links=Links(tuple(once.values())),
        frames=MappingProxyType(draw(st.dictionaries(ids, frames, max_size=2))),
        layout=MappingProxyType(draw(st.dictionaries(ids, spots, max_size=5))),
        extras=draw(extras),
    )


Change = Callable[[Document], Document]


def change_for(document: Document, random: Random) -> Change:
    """One edit that an artist might make to this document; sometimes one that does nothing. Drawn from a
    seeded `random`, because a hundred of them drawn by hypothesis itself take minutes."""
    known = sorted(document.nodes) or ["none"]
    one = random.choice(known)
    held = random.choice(tuple(document.links)) if len(document.links) else None
    tag = random.choice(TAGS)
    number = random.randrange(6)
    picked = random.sample(known, min(len(known), random.randrange(4)))
    place = (random.randrange(-500, 500), random.randrange(-500, 500))
    kind = random.choice(KINDS)
    table: dict[str, Change] = {
        "add": lambda d: d if len(d.nodes) > 25 else gestures_add(d, kind, place),
        "remove": lambda d: edits.remove_nodes(d, picked),
        "value": lambda d: edits.set_value(d, one, draw_key(number), tag),
        "title": lambda d: edits.set_title(d, one, tag),
        "skip": lambda d: edits.set_skip(d, picked, bool(number % 2)),
        "collapse": lambda d: edits.set_collapsed(d, picked, bool(number % 2)),
        "color": lambda d: edits.set_color(d, picked, tag),
        "move": lambda d: edits.move(d, dict.fromkeys(picked, place)),
        "width": lambda d: edits.set_width(d, one, float(number) * 100 or None),
        "connect": lambda d: joined(d, one, picked, number),
        "cut": lambda d: edits.disconnect(d, held.source, held.target) if held else d,
        "tag": lambda d: tag_edits.set_tag(d, held.source, held.target, tag) if held else d,
        "fit": lambda d: tag_edits.set_fit(d, held.source, held.target, Fit(mode="pad")) if held else d,
        "tags": lambda d: tag_edits.write_reference_tags(d, one, f"{tag}, model，shoe{number}"),
        "rename": lambda d: tag_edits.rename_tag(d, one, "model", f"person{number}"),
        "retag": lambda d: tag_edits.retag(d, held.source, held.target, f"tag{number}") if held else d,
        "order": lambda d: edits.move_link(d, held.source, held.target, number) if held else d,
        "duplicate": lambda d: (
            d if len(d.nodes) > 25 else gestures.duplicate(d, picked, with_inputs=bool(number % 2)).document
        ),
        "heal": lambda d: gestures.delete_and_heal(d, SHAPES, picked),
        "insert": lambda d: gestures.insert_on_link(d, SHAPES, held, one) if held else d,
        "frame": lambda d: edits.add_frame(d, f"f{len(d.frames)}", Frame(title=tag)) if not number else d,
        "unframe": lambda d: edits.remove_frames(d, [f"f{len(d.frames) - 1}"]),
    }
    return table[random.choice(sorted(table))]


def draw_key(number: int) -> str:
    return ("text", "file", "seed", "name", WAITING_TAGS, "text")[number]


def gestures_add(document: Document, kind: str, place: tuple[int, int]) -> Document:
    id = f"{kind}-{len(document.nodes)}"
    return document if id in document.nodes else edits.add_node(document, id, kind, {"text": "@model"}, place)


def joined(document: Document, one: str, picked: list[str], number: int) -> Document:
    source = SHAPES.get(document.nodes[one].kind) if one in document.nodes else None
    for other in picked:
        target = SHAPES.get(document.nodes[other].kind) if other in document.nodes else None
        if source and target and source.outputs and target.inputs:
            wanted = target.inputs[number % len(target.inputs)].id
            return edits.connect(
                document, SHAPES, End(one, source.outputs[0].id), End(other, wanted), place=number - 1 or None
            )
    return document
