"""The commands of the main window: what is in its menus, with the keys that hands know."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.document.arranging import Side
from app.studio.studio import Studio
from widgets.canvas.arranging import TO_ALIGN, TO_DISTRIBUTE
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands
from widgets.files import Files
from widgets.main_window import MainWindow, Place
from widgets.tasks import Tasks


def tr(text: str) -> str:
    return QCoreApplication.translate("actions", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What the commands act on."""

    studio: Studio
    graph: GraphView
    files: Files
    window: MainWindow
    tasks: Tasks
    run: Callable[[], None]
    run_in_front: Callable[[], None]
    queue: Callable[[], None]
    spending: Callable[[], None]
    history: Callable[[], None]
    save_template: Callable[[], object]
    look: Callable[[], None]
    keys: Callable[[], None]
    theme: Callable[[], None]
    open_logs: Callable[[], object]


def add_actions(commands: Commands, hands: Hands) -> None:
    for command in (*_file(hands), *_edit(hands), *_node(hands), *_view(hands), *_run(hands), *_help(hands)):
        commands.add(command)


def _file(hands: Hands) -> tuple[Command, ...]:
    files, menu = hands.files, tr("&File")

    def later(work: Callable[[], Coroutine[Any, Any, object]]) -> Callable[[], object]:
        return lambda: hands.tasks.start(work())

    def pictured() -> str:
        """The first selected node that has a picture; empty where none has."""
        nodes = hands.studio.runs.state
        return next((id for id in hands.graph.selected() if nodes.node(id).result is not None), "")

    return (
        Command(id="new", title=tr("&New"), menu=menu, keys=("Ctrl+N",), what=later(files.new)),
        Command(id="open", title=tr("&Open…"), menu=menu, keys=("Ctrl+O",), what=later(files.open)),
        Command(id="example", title=tr("Open the &example"), menu=menu, what=later(files.example)),
        Command(
            id="save", title=tr("&Save"), menu=menu, keys=("Ctrl+S",), what=later(files.save), separated=True
        ),
        Command(
            id="save-as", title=tr("Save &as…"), menu=menu, keys=("Ctrl+Shift+S",), what=later(files.save_as)
        ),
        Command(
            id="save-picture",
            title=tr("Save &picture, re-openable…"),
            menu=menu,
            what=later(lambda: files.save_picture(pictured(), bare=False)),
            when=lambda: bool(pictured()),
            tip=tr("The picture, with this document in it: dropped on the canvas it opens again"),
            separated=True,
        ),
        Command(
            id="save-clean",
            title=tr("Save picture, &clean copy…"),
            menu=menu,
            what=later(lambda: files.save_picture(pictured(), bare=True)),
            when=lambda: bool(pictured()),
            tip=tr("The picture alone: no document, no metadata of anybody"),
        ),
        Command(
            id="save-template",
            title=tr("Save selection as &template…"),
            menu=menu,
            what=hands.save_template,
            when=lambda: bool(hands.graph.selected() or hands.graph.stage.selected_frames()),
            tip=tr("Keeps what is selected, with its photographs, in the palette"),
        ),
        Command(id="recovered", title=tr("&Recovered changes…"), menu=menu, what=later(files.recovered)),
        Command(id="keys", title=tr("&Keys…"), menu=menu, what=hands.keys, separated=True),
        Command(
            id="quit", title=tr("&Quit"), menu=menu, keys=("Ctrl+Q",), what=hands.window.close, separated=True
        ),
    )


def _edit(hands: Hands) -> tuple[Command, ...]:
    editor, graph, menu = hands.studio.editor, hands.graph, tr("&Edit")
    chosen = lambda: bool(graph.selected())  # noqa: E731 - a predicate, used five times below
    do = graph.handling.operations
    return (
        Command(
            id="undo", title=tr("&Undo"), menu=menu, keys=("Ctrl+Z",),
            what=editor.undo, when=lambda: editor.can_undo,
        ),
        Command(
            id="redo", title=tr("&Redo"), menu=menu, keys=("Ctrl+Shift+Z", "Ctrl+Y"),
            what=editor.redo, when=lambda: editor.can_redo,
        ),
        Command(
            id="history", title=tr("H&istory…"), menu=menu, keys=("Ctrl+Alt+Z",), what=hands.history,
            tip=tr("All steps of the document: jump to any of them"),
        ),
        Command(
            id="cut", title=tr("Cu&t"), menu=menu, keys=("Ctrl+X",), what=do.cut,
            when=chosen, scope=graph, separated=True,
        ),
        Command(id="copy", title=tr("&Copy"), menu=menu, keys=("Ctrl+C",), what=do.copy, scope=graph),
        Command(
            id="paste", title=tr("&Paste"), menu=menu, keys=("Ctrl+V",),
            what=lambda: do.paste(graph.cursor_point()), scope=graph,
        ),
        Command(
            id="duplicate", title=tr("&Duplicate"), menu=menu, keys=("Ctrl+D",), what=do.duplicate,
            scope=graph,
        ),
        Command(
            id="delete", title=tr("De&lete"), menu=menu, keys=("Del", "Backspace"), what=do.delete,
            scope=graph,
        ),
        Command(
            id="delete-heal", title=tr("Delete and &heal"), menu=menu, keys=("Ctrl+Del",), what=do.heal,
            when=chosen, scope=graph, tip=tr("What was before is joined to what was behind"),
        ),
        Command(
            id="select-all", title=tr("Select &all"), menu=menu, keys=("Ctrl+A",),
            what=graph.select_all, scope=graph, separated=True,
        ),
        Command(
            id="find", title=tr("&Find…"), menu=menu, keys=("Ctrl+F",), what=graph.handling.find.open,
            tip=tr("Find in all prompts and notes"), separated=True,
        ),
        Command(
            id="replace", title=tr("R&eplace…"), menu=menu, keys=("Ctrl+H",),
            what=lambda: graph.handling.find.open(replacing=True),
            tip=tr("Find and replace in all prompts and notes"),
        ),
    )  # fmt: skip


def _node(hands: Hands) -> tuple[Command, ...]:
    graph, menu, do = hands.graph, tr("&Node"), hands.graph.handling.operations

    def rename() -> None:
        if graph.selected():
            graph.handling.rename(graph.selected()[0])

    return (
        Command(
            id="add",
            title=tr("&Add…"),
            menu=menu,
            keys=("Tab", "Shift+A"),
            what=graph.handling.open_search,
            scope=graph,
        ),
        Command(id="rename", title=tr("&Rename"), menu=menu, keys=("F2",), what=rename, scope=graph),
        Command(id="frame", title=tr("&Frame"), menu=menu, keys=("Ctrl+G",), what=do.frame, scope=graph),
        Command(
            id="unframe",
            title=tr("&Unframe"),
            menu=menu,
            keys=("Ctrl+Shift+G",),
            what=do.unframe,
            scope=graph,
        ),
        Command(id="skip", title=tr("&Skip"), menu=menu, keys=("M",), what=do.skip, scope=graph),
        Command(id="lock", title=tr("&Keep this picture"), menu=menu, keys=("L",), what=do.lock, scope=graph),
        Command(
            id="extract",
            title=tr("&Extract from its links"),
            menu=menu,
            what=do.extract,
            scope=graph,
            tip=tr("The node stays, its links are joined around it (Ctrl+Shift-drag)"),
        ),
        Command(id="collapse", title=tr("&Collapse"), menu=menu, keys=("H",), what=do.collapse, scope=graph),
        *_arrange(graph, menu),
    )


def _arrange(graph: GraphView, menu: str) -> tuple[Command, ...]:
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


def _view(hands: Hands) -> tuple[Command, ...]:
    graph, window, menu = hands.graph, hands.window, tr("&View")
    panels = (
        (Place.PALETTE, tr("&Palette"), "Ctrl+1"),
        (Place.STRIP, tr("&Results"), "Ctrl+2"),
        (Place.INSPECTOR, tr("&Inspector"), "Ctrl+3"),
    )

    def panel(place: Place, title: str, keys: str) -> Command:
        return Command(
            id=f"panel-{place}",
            title=title,
            menu=menu,
            keys=(keys,),
            what=lambda: window.toggle(place),
            checkable=True,
            checked=lambda: window.shown(place),
            separated=place is Place.PALETTE,
        )

    return (
        Command(id="zoom-in", title=tr("Zoom &in"), menu=menu, keys=("Ctrl++", "Ctrl+="), what=graph.zoom_in),
        Command(id="zoom-out", title=tr("Zoom &out"), menu=menu, keys=("Ctrl+-",), what=graph.zoom_out),
        Command(id="zoom-100", title=tr("&100 %"), menu=menu, keys=("Ctrl+0",), what=graph.zoom_to),
        Command(
            id="fit",
            title=tr("&Fit selection"),
            menu=menu,
            keys=("F",),
            what=graph.fit_selection,
            scope=graph,
        ),
        Command(id="fit-all", title=tr("Fit &all"), menu=menu, keys=("Home",), what=graph.fit, scope=graph),
        # Space itself is the canvas's: held it pans, tapped it looks. A shortcut would take it at the press.
        Command(id="look", title=tr("&Look big") + "\tSpace", menu=menu, tip=tr("Look big"), what=hands.look),
        Command(
            id="minimap", title=tr("&Minimap"), menu=menu, keys=("N",), what=graph.toggle_minimap, scope=graph
        ),
        *(panel(*one) for one in panels),
        Command(id="theme", title=tr("&Dark or light"), menu=menu, what=hands.theme, separated=True),
    )


def _run(hands: Hands) -> tuple[Command, ...]:
    studio, menu = hands.studio, tr("&Run")
    return (
        Command(
            id="run",
            title=tr("&Run"),
            menu=menu,
            keys=("Ctrl+Return", "Ctrl+Enter", "F5"),
            what=hands.run,
            tip=tr("Run what is selected, else everything"),
        ),
        Command(
            id="run-front",
            title=tr("Run in &front"),
            menu=menu,
            keys=("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
            what=hands.run_in_front,
            tip=tr("Before all that waits"),
        ),
        Command(
            id="queue",
            title=tr("&Queue…"),
            menu=menu,
            keys=("Ctrl+Shift+Q",),
            what=hands.queue,
            tip=tr("What runs, waits, failed or is not known, over all documents"),
            separated=True,
        ),
        Command(
            id="spending",
            title=tr("&Spending…"),
            menu=menu,
            what=hands.spending,
            tip=tr("What was spent, by day, model and document"),
        ),
        Command(
            id="cancel",
            title=tr("&Cancel"),
            menu=menu,
            keys=("Ctrl+.",),
            what=studio.cancel,
            when=lambda: studio.runs.busy,
        ),
    )


def _help(hands: Hands) -> tuple[Command, ...]:
    return (Command(id="logs", title=tr("Open &log folder"), menu=tr("&Help"), what=hands.open_logs),)
