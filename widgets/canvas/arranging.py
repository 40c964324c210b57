"""Lining up, spacing out and tidying the selection, with the sizes that cards have here. Each is one step."""

from __future__ import annotations

from app.document.arranging import Side, Size, aligned, distributed
from app.document.tidying import Card, tidied
from widgets.canvas.items import NodeItem
from widgets.canvas.stage import Stage
from widgets.canvas.words import tr

TO_ALIGN, TO_DISTRIBUTE = 2, 3
"""How many nodes it takes at least."""


class Arranging:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def enough(self, count: int) -> bool:
        return len(self._stage.selected()) >= count

    def align(self, side: Side) -> bool:
        ids, sizes = self._stage.selected(), self._sizes()
        return self._stage.editor.commit(tr("Align"), lambda document: aligned(document, sizes, ids, side))

    def distribute(self, *, across: bool) -> bool:
        ids, sizes = self._stage.selected(), self._sizes()
        return self._stage.editor.commit(
            tr("Distribute"), lambda document: distributed(document, sizes, ids, across=across)
        )

    def tidy(self) -> bool:
        """Selected nodes in a layered layout; all, where fewer than two are selected."""
        chosen = self._stage.selected()
        ids = chosen if len(chosen) > 1 else None
        cards = {item.id: card_of(item) for item in self._stage.graph.items()}
        return self._stage.editor.commit(tr("Tidy"), lambda document: tidied(document, cards, ids))

    def _sizes(self) -> dict[str, Size]:
        nodes = self._stage.graph.nodes
        return {id: card_of(nodes[id].view).size for id in self._stage.selected()}


def card_of(item: NodeItem) -> Card:
    """How large a card is shown, and where its sockets are."""
    return Card(
        size=(item.layout.width, item.layout.height),
        inputs={plug.name: plug.local.y() for plug in item.plugs_in},
        outputs={plug.name: plug.local.y() for plug in item.plugs_out},
    )
