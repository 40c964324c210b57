"""The furnished window: every panel, joined to the studio and to the others."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QPointF, QTimer
from PySide6.QtWidgets import QWidget

from app.basics.faults import Fault
from app.basics.words import spoken
from app.preferences import declared
from app.studio.studio import Studio
from widgets.accounts import Accounts
from widgets.actions import Hands, add_actions, show_keys
from widgets.apart import open_apart
from widgets.bars.status_bar import StatusBar
from widgets.bars.top_bar import TopBar
from widgets.batching import Batching
from widgets.canvas.pictures import PictureShelf
from widgets.commands import Commands
from widgets.comparing import Comparing, add_compare_actions
from widgets.dialogs.asking import consent_of
from widgets.dialogs.banner import Banner
from widgets.dialogs.command_palette import CommandPalette
from widgets.dialogs.differences import Differences
from widgets.dialogs.exports import Exports
from widgets.dialogs.handover import Handover
from widgets.dialogs.history import History
from widgets.dialogs.models import Models
from widgets.dialogs.own_templates import OwnTemplates
from widgets.export_actions import add_export_actions
from widgets.files import Files
from widgets.first_look import FirstLook
from widgets.handover_actions import add_handover_actions
from widgets.help import Help, add_guide_actions
from widgets.helping import Helping, add_help_actions
from widgets.inspector.inspector import Inspector
from widgets.main_window import MainWindow, Place
from widgets.menus import Menus
from widgets.model_actions import add_model_actions
from widgets.outlines import Outlines
from widgets.palette.palette import Palette
from widgets.parts.hotkeys import Hotkeys
from widgets.parts.prompt_editor import PromptEditor
from widgets.parts.prompt_link import PromptLink
from widgets.parts.takeaway import Takeaway
from widgets.parts.web_drop import WebDrop
from widgets.remedies import Remedies, tell_recovered
from widgets.rounds import Rounds
from widgets.runs.strip import Strip
from widgets.settings import Settings
from widgets.shelving import Shelving
from widgets.showing import Showing
from widgets.switching import follow_language
from widgets.theme import Choice, Themes
from widgets.versioning import Versioning, add_version_actions


class Workbench(QObject):
    """Made once the window is painted. `put_away` before the studio is closed."""

    def __init__(self, studio: Studio, window: MainWindow, themes: Themes, look: FirstLook) -> None:
        super().__init__(window)
        self.studio, self.window, self.themes = studio, window, themes
        self._home, self._mishaps = look.opening.home, look.mishaps
        self.tasks, self.graph, self.language = look.tasks, look.graph, look.language
        self.pictures = PictureShelf(self)
        look.pictures.lend(self.pictures)
        self._build()
        look.say, look.fields, look.resolve = self.say, self._prompt_editor, studio.preview.resolve
        look.carry_off = self.takeaway.nodes
        self._listen()
        self._follow()
        studio.ask = partial(consent_of, window)

    # -- building

    def _build(self) -> None:
        studio, window, themes = self.studio, self.window, self.themes
        self.banner = Banner(self.graph)
        self.history = History(studio.editor, themes, self.graph)
        self.files = Files(studio, self.banner, window)
        self.palette = Palette(studio.kinds, studio.desk.templates(), themes)
        put = self.graph.handling.operations.insert
        self.own = OwnTemplates(studio, self.tasks, self.banner, put=put, show=self.palette.show_own)
        self.inspector = Inspector(studio, self.pictures, themes)
        self.strip = Strip(self.pictures, themes)
        self.top, self.status = TopBar(), StatusBar()
        for place, panel in (
            (Place.TOP, self.top),
            (Place.PALETTE, self.palette),
            (Place.STRIP, self.strip),
            (Place.STATUS, self.status),
        ):
            window.place(place, panel)
        self._large()
        self.accounts = Accounts(
            studio, window, self.tasks, themes,
            lay=self.files.open_path, run=self._run_nodes, show_node=self._show_node,
        )  # fmt: skip
        self.commands = Commands(window)
        graph = self.graph
        self.help = Help(studio, graph, self.commands, self.inspector, themes, window, self.language)
        add_actions(self.commands, self._hands())
        self.exports = self._exports()
        self.models = Models(
            studio, self.tasks, window, chosen=graph.selected, select=self._show_made, run=self._run_nodes
        )
        add_model_actions(self.commands, self.models)
        add_compare_actions(self.commands, self.comparing, graph)
        self.outlines = Outlines(studio, window, graph, self.palette, themes, self.commands, self.inspector)
        self.shelving = self._shelving()
        self.batching = Batching(
            studio, window, graph, self.tasks, themes, self.pictures, self.commands, self.inspector,
            say=self.status.say,
        )  # fmt: skip
        self.tabling = self.batching.tabling
        self.versioning = self._versioning()
        self.showing = self._showing()
        self._help()
        self._rounds()
        self._keyboard()
        self.menus = Menus(studio.desk, self.commands, self.files, self.tasks, window)
        self.top.take_menu(self.menus.bar)

    def _large(self) -> None:
        """What is looked at large, and dragged away from there."""
        self.comparing = Comparing(
            self.studio, self.graph, self.window, self.pictures, self.themes,
            title_of=self.title_of, say=self.status.say,
        )  # fmt: skip
        self.viewer = self.comparing.viewer
        self.takeaway = Takeaway(self.studio, self.tasks, self._home.outgoing, self.title_of)
        self.strip.carried_off.connect(partial(self.takeaway.drag, self.strip))
        self.viewer.carried_off.connect(partial(self.takeaway.drag, self.viewer))

    def _shelving(self) -> Shelving:
        return Shelving(
            self.studio, self.window, self.graph, self.tasks, self.themes, self.pictures, self.banner,
            self.takeaway, self.commands, look=self.viewer.look,
        )  # fmt: skip

    def _showing(self) -> Showing:
        return Showing(
            self.studio, self.window, self.graph, self.tasks,
            top=self.top, status=self.status, strip=self.strip,
            inspector=self.inspector, commands=self.commands, title_of=self.title_of,
        )  # fmt: skip

    def _rounds(self) -> None:
        left = (self.outlines.tabs, self.window.place_of(Place.LIBRARY))
        right = (self.inspector, self.versioning.panel)
        Rounds((self.top, *left, self.graph, *right, self.strip), self.commands, self.window)

    def _versioning(self) -> Versioning:
        made = Versioning(
            self.studio, self.window, self.graph, self.tasks, self.themes, self.pictures,
            fields=self.inspector, viewer=self.viewer, title_of=self.title_of,
        )  # fmt: skip
        add_version_actions(self.commands, made, self.compare_documents)
        return made

    def _exports(self) -> Exports:
        exports = Exports(
            self.studio, self.tasks, self.banner, self.takeaway, self.window,
            chosen=self.graph.selected, title_of=self.title_of, settings=lambda: self.settings.open("files"),
        )  # fmt: skip
        add_export_actions(self.commands, exports)
        return exports

    def _help(self) -> None:
        self.helping = Helping(
            self.studio, self._home, self._mishaps, self.window, self.graph, self.tasks, self.themes,
            self.banner,
        )  # fmt: skip
        self.handover = Handover(self.studio, self.tasks, self.banner, self.window, self.graph.selected)
        add_handover_actions(self.commands, self.handover)
        add_guide_actions(self.commands, self.help)
        add_help_actions(self.commands, self.helping, lambda: self.settings.shortcuts())

    def _hands(self) -> Hands:
        return Hands(
            studio=self.studio,
            graph=self.graph,
            files=self.files,
            window=self.window,
            tasks=self.tasks,
            run=self.run,
            run_in_front=self.run_in_front,
            queue=self.accounts.open_queue,
            spending=self.accounts.open_spending,
            history=self.history.toggle,
            new_window=open_apart,
            save_template=lambda: self.own.save(self.graph.selected(), self.graph.stage.selected_frames()),
            look=self.comparing.look_selected,
            keys=self.open_keys,
            commands=lambda: self.command_palette.toggle(),
            settings=lambda: self.settings.open(),
            theme=self._other_theme,
        )

    def _keyboard(self) -> None:
        lend = self.graph.handling.lend_keys
        self.hotkeys = Hotkeys(self.studio.options, self.commands, lend=lend, say=self.say, parent=self)
        self.command_palette = CommandPalette(self.commands, self.themes, self.window)
        show = partial(show_keys, self.commands, self.top, self.status, self.palette)
        self.hotkeys.changed.connect(show)
        self.help.take_keys(self.hotkeys)
        show()
        self.settings = Settings(
            self.studio, self.tasks, self.themes, self.window, graph=self.graph, hotkeys=self.hotkeys,
            say=self.say, show_today=lambda: self.tasks.start(self.showing.show_today()),
        )  # fmt: skip

    def _prompt_editor(self, parent: QWidget, node: str) -> QWidget:
        editor = PromptEditor(self.themes, parent)
        link = PromptLink(self.studio, node, editor, self.pictures)
        stop = self.studio.checks.changed.connect(lambda _: link.refresh())
        editor.destroyed.connect(lambda *_: stop())
        return editor

    # -- listening

    def _listen(self) -> None:
        graph, studio = self.graph, self.studio
        choosing = QTimer(self, singleShot=True, interval=0)  # after what selects, not within it
        choosing.timeout.connect(lambda: self.inspector.show_selection(graph.selected()))
        graph.selection_changed.connect(lambda _: choosing.start())
        graph.run_requested.connect(self._run_nodes)
        graph.open_requested.connect(lambda path: self.tasks.start(self.files.open_path(Path(path))))
        graph.problem_fix_requested.connect(lambda problem, fix: studio.commit(fix.label, fix.edit))
        graph.cancel_requested.connect(studio.cancel_node)
        self.remedies = Remedies(
            studio, graph, self.banner, self.tasks, run=self._run_nodes, show_node=self._show_node
        )
        self.web = WebDrop(
            studio, self.tasks, place=graph.handling.place, chosen=graph.selected,
            say=self.banner.say, show=self.status.say, parent=self,
        )  # fmt: skip
        graph.addresses_dropped.connect(self.web.take)
        self.files.opening.connect(self.status.show_opening)
        self.files.saving.connect(self.status.show_saving)
        graph.filling.connect(self.status.show_filling)
        graph.zoom_changed.connect(self.status.show_zoom)
        graph.menu_requested.connect(self._show_menu)
        self.palette.kind_wanted.connect(self._add_kind)
        self.palette.template_wanted.connect(self.menus.open_template)
        self.palette.own_wanted.connect(self.own.put_in)
        self.palette.own_removed.connect(self.own.remove)
        self.palette.search_wanted.connect(lambda: graph.handling.open_search(graph.viewport_center()))
        self.inspector.browse_wanted.connect(
            lambda node: self.tasks.start(self.files.choose_photograph(node))
        )
        self.inspector.selection_wanted.connect(graph.select)
        self.strip.chosen.connect(self._show_node)
        self.strip.opened.connect(lambda _, path: self.comparing.look_in_strip(self.strip, Path(path)))
        self.banner.node_wanted.connect(self._show_node)
        self.top.run_wanted.connect(self.run)
        self.top.cancel_wanted.connect(studio.cancel)
        self.status.keys_wanted.connect(self.open_keys)
        self.status.queue_wanted.connect(self.accounts.open_queue)
        self.status.spending_wanted.connect(self.accounts.open_spending)
        self.status.zoom_wanted.connect(graph.zoom_to)
        self.history.closed.connect(graph.setFocus)

    def _follow(self) -> None:
        studio = self.studio
        keeping = (self.commands, self.strip, self.palette, self.shelving, self.batching)
        self._ends = [
            self.web.stop,
            self.help.stop,
            follow_language(studio, self.language, keeping, self._say_anew),
            *self.showing.follow(),
            studio.faults.connect(self.say),
        ]

    def _say_anew(self) -> None:
        self.hotkeys.changed.emit()
        self.inspector.make_anew()
        self.versioning.refresh()
        self.help.say_anew()
        self.graph.selection_changed.emit(self.graph.selected())
        self.showing.show_all()
        self.tasks.start(self.showing.show_today())
        self.tasks.start(self.studio.checks.refresh())

    def select_first_model(self) -> None:
        """Something to look at in the inspector when a document has just been laid on the desk."""
        nodes = self.studio.editor.document.nodes
        models = [id for id, node in nodes.items() if node.kind in self.studio.cards]
        if models and not self.graph.selected():
            self.graph.select(models[:1])

    # -- doing

    def start(self) -> None:
        """What is asked of the disk once the window is there."""
        self.studio.safekeeping.begin()
        self.tasks.start(self.helping.begin(self.files))
        self.tasks.start(self.showing.show_today())
        self.own.refresh()
        self.takeaway.sweep()
        self._ends.append(self.handover.begin())
        self.help.steps.begin()
        self.tasks.start(self._recover())

    async def _recover(self) -> None:
        """Pictures that were paid for in an earlier session come home before anything else is offered."""
        recovered = await self.studio.recover()
        tell_recovered(recovered, self.banner, self.say)

    def run(self) -> None:
        """What is selected and can run, else everything."""
        runs = [id for id in self.graph.selected() if self._can_run(id)]
        self._run_nodes(tuple(runs))

    def run_in_front(self) -> None:
        """As `run`, before all that waits."""
        self._run_nodes(tuple(id for id in self.graph.selected() if self._can_run(id)), front=True)

    def _can_run(self, id: str) -> bool:
        node = self.studio.editor.document.nodes.get(id)
        kind = self.studio.kinds.get(node.kind) if node else None
        return kind is not None and (kind.card is not None or kind.end)

    def _run_nodes(self, nodes: tuple[str, ...], *, front: bool = False) -> None:
        self.studio.editor.seal()

        async def run() -> None:
            await self.studio.run(nodes or None, front=front)

        self.tasks.start(run())

    def _show_made(self, nodes: tuple[str, ...], frames: tuple[str, ...]) -> None:
        self.graph.stage.select(nodes, frames)
        self.graph.fit_selection()

    def look(self, node: str) -> None:
        self.comparing.look(node)

    def compare_documents(self) -> Differences:
        dialog = Differences(self.studio, self.tasks, self.window)
        dialog.show()
        return dialog

    def open_keys(self) -> None:
        self.settings.open_keys()

    def say(self, fault: Fault) -> None:
        if fault.code != "run.declined" and not self.helping.reporting.hear_bug(fault):
            self.banner.say_fault(fault)

    def title_of(self, node: str) -> str:
        known = self.studio.editor.document.nodes.get(node)
        kind = self.studio.kinds.get(known.kind) if known else None
        return (known.title if known else "") or (spoken(kind.title) if kind else node)

    def _add_kind(self, kind: str) -> None:
        middle = self.graph.viewport_center()
        self.graph.handling.operations.add(kind, QPointF(middle.x() - 120, middle.y() - 80))
        self.graph.setFocus()

    def _show_menu(self, node: str, at: QPoint) -> None:
        """What can be done with a node, or with the empty canvas, where the right button was pressed."""
        if node and node not in self.graph.selected():
            self.graph.select((node,))
        self.menus.show(at, on_node=bool(node))

    def _show_node(self, node: str) -> None:
        if node in self.studio.editor.document.nodes:
            self.graph.select((node,))
            self.graph.center_on(node)

    def _other_theme(self) -> None:
        choice = Choice.LIGHT if self.themes.theme.dark else Choice.DARK
        self.settings.set(declared.THEME, str(choice))

    async def put_away(self) -> None:
        """Stops listening; the studio may be closed afterwards."""
        for end in (*self._ends, self.helping.close):
            end()
        self.settings.put_away()
        self.shelving.put_away()
        self.graph.close_down()
        self.comparing.close_down()
        await self.versioning.close()
        await self.batching.close()
        await self.tasks.close()
        self.takeaway.close()
        self.pictures.close()
