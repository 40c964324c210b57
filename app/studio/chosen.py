"""Results that were chosen to be handed over: what they are, and how they came about."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.basics.faults import BadInput
from app.basics.money import Money
from app.basics.words import listed, say, spoken
from app.document.values import Document
from app.library.assets import Asset
from app.studio.studio import Studio


class Chosen(Struct, frozen=True, kw_only=True):
    """One result of a node. `title` is what the node is called, `model` what its model is."""

    node: str
    title: str
    path: Path
    sha256: str
    width: int
    height: int
    model: str
    prompt: str
    seed: int | None
    draft: bool
    money: Money | None
    made: datetime


async def chosen(studio: Studio, nodes: Sequence[str] = (), *, versions: bool = False) -> tuple[Chosen, ...]:
    """What these nodes show, in their order; without any, all models that have a picture, as an eye reads the
    canvas. `versions`: all that a node has made, the newest first.

    :raises BadInput: there is no such node
    """
    with suppress(BadInput):  # what cannot run as it stands has pictures all the same
        await studio.look()
    document = studio.editor.document
    for id in nodes:
        if id not in document.nodes:
            raise BadInput(
                say("There is no node {node}.", node=id),
                advice=say("The document has: {list}.", list=listed(sorted(document.nodes)[:20])),
                code="chosen.node",
            )
    found: list[Chosen] = []
    models = [id for id in as_read(document) if document.nodes[id].kind in studio.cards]
    for id in nodes or models:
        found += await _of(studio, id, versions)
    return tuple(found)


def as_read(document: Document) -> list[str]:
    """Nodes from top to bottom, then from the left."""

    def place(id: str) -> tuple[float, float]:
        spot = document.layout.get(id)
        return (spot.y, spot.x) if spot else (0.0, 0.0)

    return sorted(document.nodes, key=place)


async def _of(studio: Studio, id: str, versions: bool) -> list[Chosen]:
    assets = await studio.library.for_node(studio.document_id, id)
    if versions:
        each = {one.sha256: one for one in reversed(assets)}  # with its newest origin
        return [_chosen(studio, id, one) for one in reversed(each.values())]
    result = studio.runs.state.node(id).result or studio.outlook.results.get(id)
    if result is None:
        return []
    asset = next((one for one in assets if one.sha256 == result.sha256), None)
    asset = asset or await studio.library.get(result.sha256)
    return [] if asset is None else [_chosen(studio, id, asset)]


def _chosen(studio: Studio, id: str, asset: Asset) -> Chosen:
    node, origin = studio.editor.document.nodes[id], asset.origin
    kind, card = studio.kinds.get(node.kind), studio.cards.get(origin.card)
    model = spoken(card.title) if card else origin.card
    return Chosen(
        node=id,
        title=node.title or (spoken(kind.title) if kind else id),
        path=asset.path,
        sha256=asset.sha256,
        width=asset.width,
        height=asset.height,
        model=model,
        prompt=origin.prompt,
        seed=origin.seed,
        draft=origin.draft,
        money=origin.money,
        made=asset.made,
    )
