"""A document's pictures on their way to others, and photographs on their way back: bundle, contact sheet,
layers, missing photographs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.basics.faults import BadInput, DiskTrouble
from app.imaging.sheet_layout import SheetSettings
from app.preferences import declared
from app.studio.bundling import save_bundle
from app.studio.chosen import Chosen, as_read, chosen
from app.studio.contact_sheet import Captions, Preview, preview, save_sheet
from app.studio.layering import layers_of, save_layers
from app.studio.lost import LostPhotograph, Search, lost_photographs, put_back
from app.studio.studio import Studio
from widgets.dialogs.asking import answer_of, folder_of, target_of
from widgets.dialogs.banner import Banner
from widgets.dialogs.contact_sheet_dialog import ContactSheetDialog
from widgets.dialogs.layers_dialog import LayersDialog
from widgets.dialogs.lost_dialog import LostDialog
from widgets.messages import counted
from widgets.tasks import Tasks


class Handover(QObject):
    """`selected` gives the selected nodes."""

    def __init__(
        self,
        studio: Studio,
        tasks: Tasks,
        banner: Banner,
        window: QWidget,
        selected: Callable[[], tuple[str, ...]],
    ) -> None:
        super().__init__(window)
        self._studio, self._tasks, self._banner, self._window = studio, tasks, banner, window
        self._selected = selected

    def pictured(self) -> tuple[str, ...]:
        """The selected nodes that have a picture, in the order in which they were selected; else all models
        that have one, as an eye reads the canvas."""
        document, state = self._studio.editor.document, self._studio.runs.state
        some = tuple(id for id in self._selected() if state.node(id).result is not None)
        models = (id for id in as_read(document) if document.nodes[id].kind in self._studio.cards)
        return some or tuple(id for id in models if state.node(id).result is not None)

    def bundle(self) -> None:
        self._tasks.start(self._bundle())

    def contact_sheet(self) -> None:
        self._tasks.start(self._contact_sheet())

    def layers(self) -> None:
        self._tasks.start(self._layers())

    def find_lost(self) -> None:
        self._tasks.start(self._find_lost())

    def begin(self) -> Callable[[], None]:
        """From now on documents that are opened with photographs missing are told of; gives what ends it."""
        self._tasks.start(self._offer())
        return self._studio.desk.opened.connect(self._on_opened)

    def _on_opened(self, path: Path | None) -> None:
        self._tasks.start(self._offer())

    # -- a bundle

    async def _bundle(self) -> None:
        target = await self._target(self.tr("Save as bundle"), self.tr("Tagloom bundles"), ".tagloomz")
        if target is None:
            return
        left_out = ""
        try:
            made = await save_bundle(self._studio, target, over=True)
        except BadInput as fault:
            if fault.code != "zip.too-large":
                raise
            made = await save_bundle(self._studio, target, versions=False, over=True)
            left_out = self.tr("With all versions it would be larger than 2 GB: older ones were left out.")
        told = (
            counted(made.photographs, "1 photograph", "{n} photographs"),
            counted(made.results, "1 result", "{n} results"),
        )
        words = self.tr("With it go {photographs} and {results}.").format(
            photographs=told[0], results=told[1]
        )
        advice = " ".join(one for one in (words, left_out, *made.notes) if one)
        self._banner.say(self.tr("Saved {name}.").format(name=made.path.name), advice, error=False)

    # -- a contact sheet

    async def _contact_sheet(self) -> None:
        studio, nodes = self._studio, self.pictured()
        given = _Given(studio, nodes)
        now = datetime.now().astimezone()
        dialog = ContactSheetDialog(
            self._name(), now.date().isoformat(), given.preview, self._tasks, self._window
        )
        if await answer_of(dialog) != QDialog.DialogCode.Accepted:
            return
        settings, captions, ending = dialog.settings, dialog.captions, dialog.ending
        found = await given.chosen(dialog.versions)
        target = await self._target(self.tr("Save contact sheet"), self.tr("Contact sheets"), ending)
        if target is None:
            return
        made = await save_sheet(found, captions, settings, target, made=now, over=True)
        advice = " ".join((counted(made.pages, "1 page.", "{n} pages."), *made.notes))
        self._banner.say(self.tr("Saved {name}.").format(name=made.paths[0].name), advice, error=False)

    # -- layers

    async def _layers(self) -> None:
        nodes = self.pictured()
        dialog = LayersDialog(len(nodes), self._window)
        if await answer_of(dialog) != QDialog.DialogCode.Accepted:
            return
        found = await layers_of(self._studio, nodes, with_references=dialog.references)
        dpi, ending = dialog.dpi, dialog.ending
        target = await self._target(self.tr("Save as layers"), self.tr("Layers"), ending)
        if target is None:
            return
        made = await save_layers(found, target, dpi=dpi, over=True)
        advice = " ".join((counted(len(made.names), "1 layer.", "{n} layers."), *made.notes))
        self._banner.say(self.tr("Saved {name}.").format(name=made.path.name), advice, error=False)

    # -- missing photographs

    async def _offer(self) -> None:
        about = self._studio.document_id
        lost = await lost_photographs(self._studio)
        found = await Search(lost).near(self._studio) if lost else {}
        if not lost or self._studio.document_id != about:
            return
        title = counted(len(lost), "A photograph is missing.", "{n} photographs are missing.")
        advice = (
            counted(len(found), "1 was found by what is in it.", "{n} were found by what is in them.")
            if found
            else self.tr("It is not beside the document, in the library or in recent folders.")
        )
        self._banner.offer(title, advice, self.tr("Find them…"), self.find_lost)

    async def _find_lost(self) -> None:
        lost = await lost_photographs(self._studio)
        if not lost:
            self._banner.say(self.tr("No photograph is missing."), "", error=False)
            return
        search = Search(lost)
        await search.near(self._studio)
        dialog = LostDialog(lost, self._window)
        dialog.show_found(search.found)
        dialog.folder_wanted.connect(lambda: self._tasks.start(self._look(dialog, search)))
        dialog.stop_wanted.connect(search.stop)
        dialog.finished.connect(lambda _: search.stop())
        document = self._studio.editor.document
        if await answer_of(dialog) != QDialog.DialogCode.Accepted:
            return
        self._put_back(lost, search, same=self._studio.editor.document is document)

    async def _look(self, dialog: LostDialog, search: Search) -> None:
        start = str(self._studio.desk.folder or self._studio.options.get(declared.LAST_FOLDER))
        chosen_folder = await folder_of(dialog, self.tr("Look in a folder"), start)
        if not chosen_folder:
            return
        dialog.show_searching(True)
        search.begin()
        found = await search.within(Path(chosen_folder))
        with suppress(RuntimeError):  # the dialog was closed meanwhile
            dialog.show_searching(False)
            dialog.show_found(found)

    def _put_back(self, lost: tuple[LostPhotograph, ...], search: Search, *, same: bool) -> None:
        found = search.found
        if found and same:
            self._studio.commit(self.tr("Put photographs back"), put_back(self._studio, lost, found))
            words = counted(len(found), "1 photograph is back.", "{n} photographs are back.")
            self._banner.say(words, self.tr("Undo takes it back; saving keeps it."), error=False)

    # -- names and folders

    def _name(self) -> str:
        return self._studio.desk.name.removesuffix(".tagloom")

    async def _target(self, title: str, kind: str, ending: str) -> Path | None:
        folder = self._studio.desk.folder
        start = Path(str(folder) if folder else self._studio.options.get(declared.LAST_FOLDER))
        filters = f"{kind} (*{ending})"
        chosen_file = await target_of(
            self._window, title, str(start / f"{self._name()}{ending}"), filters, ending=ending
        )
        if not chosen_file:
            return None
        target = Path(chosen_file)
        with suppress(DiskTrouble):
            self._studio.options.set(declared.LAST_FOLDER, str(target.parent))
        return target


class _Given:
    """The results of some nodes, asked for once; with their versions where that is wanted."""

    def __init__(self, studio: Studio, nodes: tuple[str, ...]) -> None:
        self._studio, self._nodes = studio, nodes
        self._known: dict[bool, asyncio.Task[tuple[Chosen, ...]]] = {}

    async def chosen(self, versions: bool) -> tuple[Chosen, ...]:
        task = self._known.get(versions)
        if task is None:
            work = partial(chosen, self._studio, self._nodes, versions=versions)
            task = self._known[versions] = asyncio.ensure_future(work())
        return await task

    async def preview(self, settings: SheetSettings, captions: Captions, versions: bool) -> Preview:
        return await preview(await self.chosen(versions), captions, settings)
