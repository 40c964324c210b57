"""The commands of the main window: what is in its menus, with the keys that hands know."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.basics.words import spoken
from app.document.arranging import Side
from app.studio.studio import Studio
from widgets.bars.status_bar import StatusBar
from widgets.bars.top_bar import TopBar
from widgets.canvas.arranging import TO_ALIGN, TO_DISTRIBUTE
from widgets.canvas.graph_view import GraphView
from widgets.commands import Command, Commands, always, native
from widgets.files import Files
from widgets.main_window import MainWindow, Place
from widgets.palette.palette import Palette
from widgets.tasks import Tasks


def tr(text: str) -> str:
    return spoken(text)


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
    new_window: Callable[[], object]
    save_template: Callable[[], object]
    look: Callable[[], None]
    keys: Callable[[], None]
    commands: Callable[[], None]
    settings: Callable[[], None]
    theme: Callable[[], None]


def add_actions(commands: Commands, hands: Hands) -> None:
    for command in (*_file(hands), *_edit(hands), *_node(hands), *_view(hands), *_run(hands)):
        commands.add(command)


def show_keys(commands: Commands, top: TopBar, status: StatusBar, palette: Palette) -> None:
    """Keys on buttons are those that the commands have."""

    def first(id: str) -> str:
        return next(iter(native(commands.keys(id))), "")

    top.show_keys(first("run"), commands.action("run").toolTip(), commands.action("cancel").toolTip())
    status.show_keys(*map(first, ("queue", "zoom-100", "keys", "spending")))
    palette.show_key(first("add"))


def _file(hands: Hands) -> tuple[Command, ...]:
    files, menu = hands.files, tr("&File")

    def later(work: Callable[[], Coroutine[Any, Any, object]]) -> Callable[[], object]:
        return lambda: hands.tasks.start(work())

    def pictured() -> str:
        """The first selected node that has a picture; empty where none has."""
        nodes = hands.studio.runs.state
        return next((id for id in hands.graph.selected() if nodes.node(id).result is not None), "")

    return (
        Command(id="new", title=tr("&New"), menu=menu, what=later(files.new)),
        Command(id="new-window", title=tr("New &window"), menu=menu, what=hands.new_window),
        Command(id="open", title=tr("&Open…"), menu=menu, what=later(files.open)),
        Command(id="example", title=tr("Open the &example"), menu=menu, what=later(files.example)),
        _catalogue(menu, later(files.catalogue)),
        Command(id="save", title=tr("&Save"), menu=menu, what=later(files.save), separated=True),
        Command(id="save-as", title=tr("Save &as…"), menu=menu, what=later(files.save_as)),
        Command(
            id="save-picture",
            title=tr("Save &picture, re-openable…"),
            menu=menu,
            what=later(lambda: files.save_picture(pictured(), bare=False)),
            when=lambda: bool(pictured()),
            why=tr("Select a node with a picture first"),
            tip=tr("The picture, with this document in it: dropped on the canvas it opens again"),
        ),
        Command(
            id="save-clean",
            title=tr("Save picture, &clean copy…"),
            menu=menu,
            what=later(lambda: files.save_picture(pictured(), bare=True)),
            when=lambda: bool(pictured()),
            why=tr("Select a node with a picture first"),
            tip=tr("The picture alone: no document, no metadata of anybody"),
        ),
        Command(
            id="save-template",
            title=tr("Save selection as &template…"),
            menu=menu,
            what=hands.save_template,
            when=lambda: bool(hands.graph.selected() or hands.graph.stage.selected_frames()),
            why=tr("Select something first"),
            tip=tr("Keeps what is selected, with its photographs, in the palette"),
        ),
        Command(id="recovered", title=tr("Reco&vered changes…"), menu=menu, what=later(files.recovered)),
        Command(id="keys", title=tr("&Keys…"), menu=menu, what=hands.keys, separated=True),
        Command(id="quit", title=tr("&Quit"), menu=menu, what=hands.window.close, separated=True),
    )


def _catalogue(menu: str, what: Callable[[], object]) -> Command:
    tip = tr("One document over a table of products")
    return Command(
        id="example-catalogue", title=tr("Open the example catalog&ue"), menu=menu, what=what, tip=tip
    )


def _edit(hands: Hands) -> tuple[Command, ...]:
    editor, menu = hands.studio.editor, tr("&Edit")
    of_canvas, some, found = partial(_of_canvas, hands, menu), _some(hands), _nodes(hands)
    return (
        Command(
            id="undo", title=tr("&Undo"), menu=menu, what=editor.undo,
            when=lambda: editor.can_undo, why=tr("Nothing was done yet"),
        ),
        Command(
            id="redo", title=tr("&Redo"), menu=menu, what=editor.redo,
            when=lambda: editor.can_redo, why=tr("Nothing was undone"),
        ),
        of_canvas("cut", tr("Cu&t"), some, separated=True),
        of_canvas("copy", tr("&Copy"), some),
        of_canvas("paste", tr("&Paste")),
        of_canvas("paste-inputs", tr("Paste, keep &inputs"), tip=tr("Joined to what the originals had")),
        of_canvas("duplicate", tr("&Duplicate"), some),
        of_canvas("duplicate-inputs", tr("Duplicate, &keep inputs"), some),
        of_canvas("delete", tr("De&lete"), some),
        of_canvas(
            "delete-heal", tr("Delete and &heal"), found,
            tip=tr("Delete, and join what was before to what was behind"),
        ),
        of_canvas("select-all", tr("Select &all"), separated=True),
        of_canvas("select-none", tr("Select n&othing")),
        of_canvas(
            "select-upstream", tr("Select up&stream"), found, tip=tr("Select what it is made from, too")
        ),
        of_canvas(
            "select-downstream", tr("Select do&wnstream"), found, tip=tr("Select what is made from it, too")
        ),
        Command(
            id="history", title=tr("Histor&y…"), menu=menu, what=hands.history,
            tip=tr("All steps of the document: jump to any of them"), separated=True,
        ),
        Command(
            id="commands", title=tr("Co&mmands…"), menu=menu, what=hands.commands,
            tip=tr("Find any command by its name"), separated=True,
        ),
        Command(
            id="settings", title=tr("Settin&gs…"), menu=menu, what=hands.settings,
            tip=tr("All settings: appearance, money, vendors, folders"),
        ),
        *_find(hands.graph, menu),
    )  # fmt: skip


def _find(graph: GraphView, menu: str) -> tuple[Command, ...]:
    bar = graph.handling.find
    return (
        Command(
            id="find", title=tr("&Find…"), menu=menu, what=bar.open,
            tip=tr("Find in all prompts and notes"), separated=True,
        ),
        Command(
            id="replace", title=tr("R&eplace…"), menu=menu, what=partial(bar.open, replacing=True),
            tip=tr("Find and replace in all prompts and notes"),
        ),
    )  # fmt: skip


Need = tuple[Callable[[], bool], str]
"""Whether it can be done, and what is missing where it cannot."""


def _nodes(hands: Hands) -> Need:
    return (lambda: bool(hands.graph.selected()), tr("Select a node first"))


def _some(hands: Hands) -> Need:
    """Nodes, frames or a link."""
    stage = hands.graph.stage
    return (
        lambda: bool(stage.selected() or stage.selected_frames() or stage.chosen_wire),
        tr("Select something first"),
    )


def _of_canvas(
    hands: Hands, menu: str, id: str, title: str, need: Need = (always, ""), *, tip: str = "",
    separated: bool = False,
) -> Command:  # fmt: skip
    """A command that the canvas knows by the same name; its keys work while the canvas has the keyboard."""
    return Command(
        id=id,
        title=title,
        menu=menu,
        what=hands.graph.handling.doings[id],
        when=need[0],
        why=need[1],
        scope=hands.graph.viewer,
        tip=tip,
        separated=separated,
    )


def _node(hands: Hands) -> tuple[Command, ...]:
    of_canvas, found = partial(_of_canvas, hands, tr("&Node")), _nodes(hands)
    stage, runs = hands.graph.stage, hands.studio.runs

    def one() -> bool:
        return len(stage.selected()) == 1

    def pictured() -> bool:
        nodes = stage.document.nodes
        return any(nodes[id].lock or runs.state.node(id).result for id in stage.selected())

    return (
        of_canvas("add", tr("&Add…")),
        of_canvas("rename", tr("&Rename"), (one, tr("Select one node first"))),
        of_canvas("frame", tr("&Frame"), found),
        of_canvas(
            "unframe", tr("&Unframe"), (lambda: bool(stage.selected_frames()), tr("Select a frame first"))
        ),
        of_canvas("skip", tr("&Skip"), found),
        of_canvas("lock", tr("&Keep this picture"), (pictured, tr("Select a node with a picture first"))),
        of_canvas(
            "extract",
            tr("&Extract from its links"),
            found,
            tip=tr("The node stays, its links are joined around it"),
        ),
        of_canvas("collapse", tr("&Collapse"), found),
        *_arrange(hands.graph, tr("&Node")),
    )


def _arrange(graph: GraphView, menu: str) -> tuple[Command, ...]:
    arranging, submenu = graph.handling.arranging, tr("Arra&nge")
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
            id="tidy", title=tr("Tid&y"), menu=menu, submenu=submenu, scope=graph.viewer,
            what=arranging.tidy, tip=tr("Tidy what is selected, else everything, into columns"),
        ),
        *(
            Command(
                id=f"align-{side}", title=title, menu=menu, submenu=submenu, scope=graph.viewer,
                what=partial(arranging.align, side), when=partial(arranging.enough, TO_ALIGN),
                why=tr("Select at least two nodes first"),
                separated=side in (Side.LEFT, Side.TOP),
            )
            for side, title in sides
        ),
        *(
            Command(
                id=f"distribute-{name}", title=title, menu=menu, submenu=submenu, scope=graph.viewer,
                what=partial(arranging.distribute, across=across),
                why=tr("Select at least three nodes first"),
                when=partial(arranging.enough, TO_DISTRIBUTE), separated=across,
            )
            for across, name, title in ways
        ),
    )  # fmt: skip


def _view(hands: Hands) -> tuple[Command, ...]:
    graph, window, menu = hands.graph, hands.window, tr("&View")
    of_canvas = partial(_of_canvas, hands, menu)
    map = graph.viewer.minimap
    panels = (
        (Place.PALETTE, tr("&Palette")),
        (Place.STRIP, tr("&Results")),
        (Place.INSPECTOR, tr("I&nspector")),
    )

    def panel(place: Place, title: str) -> Command:
        return Command(
            id=f"panel-{place}",
            title=title,
            menu=menu,
            what=lambda: window.toggle(place),
            checkable=True,
            checked=lambda: window.shown(place),
            separated=place is Place.PALETTE,
        )

    minimap = of_canvas("minimap", tr("&Minimap"))
    return (
        Command(id="zoom-in", title=tr("Zoom &in"), menu=menu, what=graph.zoom_in),
        Command(id="zoom-out", title=tr("Zoom &out"), menu=menu, what=graph.zoom_out),
        Command(id="zoom-100", title=tr("&100 %"), menu=menu, what=graph.zoom_to),
        of_canvas("fit", tr("&Fit selection")),
        of_canvas("fit-all", tr("Fit &all")),
        # Space itself is the canvas's: held it pans, tapped it looks. A shortcut would take it at the press.
        Command(
            id="look",
            title=tr("&Look big") + "\tSpace",
            menu=menu,
            tip=tr("Look big"),
            what=hands.look,
            when=_nodes(hands)[0],
            why=_nodes(hands)[1],
        ),
        replace(minimap, checkable=True, checked=lambda: map is not None and map.shown),
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
            what=hands.run,
            tip=tr("Run what is selected, else everything"),
        ),
        Command(
            id="run-front",
            title=tr("Run in &front"),
            menu=menu,
            what=hands.run_in_front,
            tip=tr("Before all that waits"),
        ),
        Command(
            id="queue",
            title=tr("&Queue…"),
            menu=menu,
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
            what=studio.cancel,
            tip=tr("Cancel what runs"),
            when=lambda: studio.runs.busy,
            why=tr("Nothing runs"),
        ),
    )
