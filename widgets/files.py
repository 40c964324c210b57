"""Opening, saving and leaving documents, with every question that belongs to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from app.basics.faults import DiskTrouble, Fault
from app.document.copies import LeftCopy
from app.document.values import BLANK
from app.preferences import declared
from app.studio import exporting
from app.studio.bundle import SUFFIX as BUNDLE
from app.studio.desk import CARRIERS
from app.studio.studio import Studio
from app.studio.unbundling import open_bundle, place_for
from widgets.canvas.placing import replace_photograph
from widgets.dialogs.asking import answer_of, files_of, replacing_of, saving_of, target_of
from widgets.dialogs.banner import Banner
from widgets.dialogs.file_chooser import get_ready
from widgets.dialogs.recovery_dialog import Choice, RecoveryDialog

FOR_THE_ARTIST = ("document.changed-on-disk", "document.open-elsewhere")
"""What stands in the way of saving, and may be put aside."""
PICTURES = "*.jpg *.jpeg *.png *.webp *.tif *.tiff *.bmp *.gif *.heic *.heif *.avif"


class Files(QObject):
    """Every coroutine here ends quietly when the artist says no. `opening` carries the name of what is being
    read, `saving` of what is being written, and nothing when that is over."""

    opening = Signal(str)
    saving = Signal(str)

    def __init__(self, studio: Studio, banner: Banner, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._banner, self._window = studio, banner, window

    def get_ready(self) -> None:
        """Soon, for the first file that is asked for."""
        get_ready(self._window, self._folder())

    async def open(self) -> None:
        if not await self.may_leave():
            return
        filters = self.tr(
            "Tagloom documents and bundles (*.tagloom *.tagloomz);;Pictures that carry one ({endings});;"
            "All files (*)"
        )
        filters = filters.format(endings=_endings(CARRIERS))
        chosen = await files_of(self._window, self.tr("Open"), self._folder(), filters, many=False)
        if chosen:
            await self._lay(Path(chosen[0]))

    async def open_path(self, path: Path) -> bool:
        """Whether it lies on the desk now."""
        may = await self.may_leave()
        if may:
            await self._lay(path)
        return may

    async def _lay(self, path: Path) -> None:
        self.opening.emit(path.name)
        try:
            laid = await self._laid_out(path) if path.suffix.lower() == BUNDLE else ()
            notes = (*laid[1:], *await self._studio.desk.open_any(Path(laid[0]) if laid else path))
        finally:
            self.opening.emit("")
        if not self._studio.desk.on_example:
            self._remember(path.parent)
        await self.refreshed()
        if notes:
            self._banner.say(notes[0], " ".join(notes[1:]), error=False)

    async def _laid_out(self, bundle: Path) -> tuple[str, ...]:
        """Where the document of a bundle lies now, and what there is to know about it."""
        folder = await place_for(bundle, self._studio.home.state / "bundles")
        made = await open_bundle(bundle, folder, self._studio.library)
        where = self.tr("It lies in {folder}.").format(folder=made.document.parent)
        if made.again:
            where = self.tr("It lay in {folder} already, unchanged.").format(folder=made.document.parent)
        return (str(made.document), where, *made.notes)

    async def new(self) -> None:
        if await self.may_leave():
            self._studio.desk.new(BLANK)
            await self.refreshed()

    async def new_from(self, template: str) -> None:
        if await self.may_leave():
            await self._studio.desk.new_from(template)
            await self.refreshed()

    async def example(self) -> None:
        """The first-run example, laid out where it can be changed."""
        if await self.may_leave():
            await self._lay(await self._studio.desk.first_run_example())

    async def catalogue(self) -> None:
        """The example with a table of products."""
        if await self.may_leave():
            await self._lay(await self._studio.desk.example_catalogue())

    async def save(self) -> bool:
        """True when the document is on disk. Where the example lies nobody would look, so that is said."""
        desk = self._studio.desk
        if desk.path is None:
            return await self.save_as()
        saved = await self._save(None)
        if saved and desk.on_example:
            said = self.tr("Saved in {folder}.").format(folder=desk.folder)
            self._banner.say(
                said, self.tr("Save as… in the menu File puts it with your own work."), error=False
            )
        return saved

    async def save_as(self) -> bool:
        name = self._studio.desk.name
        start = str(Path(self._folder()) / (name if name.endswith(".tagloom") else f"{name}.tagloom"))
        filters = self.tr("Tagloom documents (*.tagloom)")
        chosen = await target_of(self._window, self.tr("Save as"), start, filters)
        if not chosen:
            return False
        if not await self._save(Path(chosen)):
            return False
        self._remember(Path(chosen).parent)
        return True

    async def _save(self, target: Path | None) -> bool:
        try:
            await self._written(target)
        except DiskTrouble as fault:
            if fault.code not in FOR_THE_ARTIST:
                raise
            answer = await replacing_of(self._window, fault)
            if answer == "anyway":
                await self._written(target, anyway=True)
            return answer == "anyway" or (answer == "save-as" and await self.save_as())
        return True

    async def _written(self, target: Path | None, *, anyway: bool = False) -> None:
        """In a thread: the document is worked on meanwhile."""
        self.saving.emit(target.name if target is not None else self._studio.desk.name)
        try:
            await self._studio.desk.save(target, anyway=anyway)
        finally:
            self.saving.emit("")

    async def offer_copies(self, known: str = "") -> bool:
        """What earlier windows had not saved when they ended, for the artist to decide on; whether there was
        anything. `known` is what is known of their end."""
        copies = await self._studio.safekeeping.left()
        if copies:
            await self._decide(copies, known)
        return bool(copies)

    async def recovered(self) -> None:
        """As `offer_copies`, asked for by hand."""
        copies = await self._studio.safekeeping.left()
        if copies:
            await self._decide(copies)
        else:
            words = self.tr("No window has ended with changes that were not saved.")
            self._banner.say(words, "", error=False)

    async def _decide(self, copies: tuple[LeftCopy, ...], known: str = "") -> None:
        try:
            dialog = RecoveryDialog(copies, self._window, known)
            await answer_of(dialog)
            chosen = dict(zip(copies, dialog.choices, strict=True))
            for copy in (one for one in copies if chosen[one] is Choice.KEEP):
                await asyncio.to_thread(copy.put_aside)
            for copy in (one for one in copies if chosen[one] is Choice.OPEN):
                await self._open_copy(copy)
        finally:
            for copy in copies:
                copy.let_go()

    async def _open_copy(self, copy: LeftCopy) -> None:
        if await self.may_leave():
            await self._studio.safekeeping.open(copy)
            await self.refreshed()

    async def may_leave(self) -> bool:
        """Whether the document on the desk may be put away: saved, or given up by the artist."""
        if not self._studio.desk.dirty:
            return True
        answer = await saving_of(self._window, self._studio.desk.name)
        if answer == "save":
            return await self.save()
        return answer == "discard"

    async def choose_photograph(self, node: str) -> None:
        """Another photograph for a Reference Image, from the file dialog."""
        filters = self.tr("Photographs ({endings});;All files (*)").format(endings=PICTURES)
        title = self.tr("Choose a photograph")
        chosen = await files_of(self._window, title, self._folder(), filters, many=False)
        if chosen and node in self._studio.editor.document.nodes:
            path = Path(chosen[0])
            self._studio.desk.trust(path)
            self._remember(path.parent)
            self._studio.commit(
                self.tr("Choose photograph"),
                lambda document: replace_photograph(document, node, path),
            )

    async def save_picture(self, node: str, *, bare: bool) -> None:
        """A node's picture into a file, with the document that made it; `bare`: with nothing but pixels."""
        result = self._studio.runs.state.node(node).result
        if result is None:
            return
        ending = result.path.suffix
        start = str(Path(self._folder()) / f"{node}{ending}")
        title = self.tr("Save a clean copy") if bare else self.tr("Save re-openable")
        filters = self.tr("Pictures (*{ending})").format(ending=ending)
        chosen = await target_of(self._window, title, start, filters, ending=ending)
        if not chosen:
            return
        target = Path(chosen)  # the dialog has asked whether a file that is there may be replaced
        if bare:
            made = await exporting.clean(result.path, target, over=True)
        else:
            document = exporting.as_made(self._studio.editor.document, node, result.seed)
            made = await exporting.reopenable(result.path, document, target, over=True)
        notes = list(made.notes)
        if not bare and node in self._studio.outlook.stale:
            notes.append(self.tr("It carries the document as it is now, changed since the picture was made."))
        self._remember(target.parent)
        self._banner.say(self.tr("Saved {name}.").format(name=made.path.name), " ".join(notes), error=False)

    async def refreshed(self) -> None:
        """Checks and estimate of the document just laid on the desk."""
        await self._studio.checks.refresh()
        try:
            await self._studio.look()
        except Fault:
            return  # an unfinished graph has no estimate; the checks say what is missing

    def _remember(self, folder: Path) -> None:
        """Where settings cannot be written it holds for this session."""
        with suppress(DiskTrouble):
            self._studio.options.set(declared.LAST_FOLDER, str(folder))

    def _folder(self) -> str:
        desk = self._studio.desk
        if desk.folder and not desk.on_example:
            return str(desk.folder)
        return self._studio.options.get(declared.LAST_FOLDER) or _pictures()


def _pictures() -> str:
    """Where photographs lie on this desktop, else the artist's own folder."""
    named = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return named if named and Path(named).is_dir() else str(Path.home())


def _endings(known: Iterable[str]) -> str:
    return " ".join(f"*{ending}" for ending in sorted(known))
