"""The commands that line nodes up, in a menu of their own under Node."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication

from app.document.arranging import Side
from widgets.canvas.arranging import TO_ALIGN, TO_DISTRIBUTE
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command


def tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


def arrange_actions(graph: GraphView, menu: str) -> tuple[Command, ...]:
    arranging, submenu = graph.handling.arranging, tr("A&rrange")
    sides = (
        (Side.LEFT, tr("Align &left edges")),
        (Side.MIDDLE, tr("Align &middles in a column")),
        (Side.RIGHT, tr("Align &right edges")),
        (Side.TOP, tr("Align &top edges")),
        (Side.CENTRE, tr("Align &centres in a row")),
        (Side.BOTTOM, tr("Align &bottom edges")),
    )
    ways = ((True, "across", tr("Distribute &across")), (False, "down", tr("Distribute &down")))
    return (
        Command(
            id="tidy", title=tr("&Tidy"), menu=menu, submenu=submenu, keys=("Shift+L",), scope=graph,
            what=arranging.tidy, tip=tr("Tidy what is selected, else everything, into columns"),
        ),
        *(
            Command(
                id=f"align-{side}", title=title, menu=menu, submenu=submenu, scope=graph,
                what=partial(arranging.align, side), when=partial(arranging.enough, TO_ALIGN),
                separated=side in (Side.LEFT, Side.TOP),
            )
            for side, title in sides
        ),
        *(
            Command(
                id=f"distribute-{name}", title=title, menu=menu, submenu=submenu, scope=graph,
                what=partial(arranging.distribute, across=across),
                when=partial(arranging.enough, TO_DISTRIBUTE), separated=across,
            )
            for across, name, title in ways
        ),
    )  # fmt: skip
