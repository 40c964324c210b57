"""Pictures on their way out: the Export dialog over nodes or any list of pictures, and the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.basics.faults import DiskTrouble
from app.basics.words import joined
from app.preferences import declared
from app.preferences.passphrase import Passphrase
from app.studio import export_choices
from app.studio.exports import Outcome, Subject
from app.studio.studio import Studio
from widgets.dialogs.asking import answer_of
from widgets.dialogs.banner import Banner
from widgets.dialogs.export_dialog import ExportDialog
from widgets.messages import counted
from widgets.parts.takeaway import Takeaway
from widgets.tasks import Tasks


class Exports(QObject):
    """`chosen` gives the selected nodes, `title_of` a node's name for people; `settings` opens the page with
    the certificate."""

    def __init__(
        self,
        studio: Studio,
        tasks: Tasks,
        banner: Banner,
        takeaway: Takeaway,
        window: QWidget,
        *,
        chosen: Callable[[], tuple[str, ...]],
        title_of: Callable[[str], str],
        settings: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._studio, self._tasks, self._banner = studio, tasks, banner
        self._takeaway, self._window = takeaway, window
        self._chosen, self._title_of, self._settings = chosen, title_of, settings
        self._passphrase = Passphrase()
        self.dialog: ExportDialog | None = None

    def pictured(self) -> tuple[str, ...]:
        """The selected nodes that have a picture; where none is selected, all that have one."""
        document, state = self._studio.editor.document, self._studio.runs.state
        ids = self._chosen() or tuple(document.nodes)
        return tuple(id for id in ids if state.node(id).result is not None)

    def selected(self) -> tuple[str, ...]:
        return self.pictured() if self._chosen() else ()

    def export(self) -> None:
        self.open(export_choices.subjects_of(self._studio, self.pictured(), self._title_of))

    def open(self, subjects: Sequence[Subject]) -> None:
        """For panels that have pictures of their own (a library, versions): the dialog over any list. One at
        a time."""
        if subjects and self.dialog is None:
            self._tasks.start(self._open(tuple(subjects)))

    def copy(self) -> None:
        """The selected pictures, as a picture and as files."""
        self._tasks.start(self._takeaway.copy(self.selected()))

    async def _open(self, subjects: tuple[Subject, ...]) -> None:
        options = self._studio.options
        self.dialog = dialog = ExportDialog(
            subjects,
            export_choices.chosen(options, self._folder()),
            options=options,
            passphrase=self._passphrase,
            tasks=self._tasks,
            settings=self._settings,
            parent=self._window,
        )
        try:
            await answer_of(dialog)
            if dialog.outcomes:
                self._keep(dialog)
                self._tell(dialog.outcomes)
        finally:
            self.dialog = None

    def _keep(self, dialog: ExportDialog) -> None:
        """Where settings cannot be written it holds for this session."""
        with suppress(DiskTrouble):
            export_choices.keep(self._studio.options, dialog.form.request)

    def _tell(self, outcomes: Sequence[Outcome]) -> None:
        made = [one.made for one in outcomes if one.made is not None]
        if made:
            words = counted(len(made), "1 picture exported.", "{n} pictures exported.")
            notes = dict.fromkeys(note for one in made for note in one.notes)
            self._banner.say(words, joined(str(made[0].path.parent), *notes), error=False)

    def _folder(self) -> Path:
        """Where nothing was chosen yet: beside the document, as Save Image has it."""
        if chosen := self._studio.options.get(declared.OUTPUT_FOLDER):
            return Path(chosen)
        folder = self._studio.desk.folder
        last = self._studio.options.get(declared.LAST_FOLDER)
        return folder / "out" if folder else Path(last) if last else Path.home()
