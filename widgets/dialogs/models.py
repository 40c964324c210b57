"""What is done with the models of the graph: switched in place, fanned out, compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from app.basics.words import spoken
from app.document.gestures import Placed
from app.document.values import Document
from app.nodes.advice import advise
from app.nodes.models import card_of, choices, fan_out, switch
from app.studio.studio import Studio
from widgets.dialogs.asking import answer_of
from widgets.dialogs.compare_models import CompareModels
from widgets.dialogs.fan_out import FanOut
from widgets.dialogs.switch_model import SwitchModel
from widgets.tasks import Tasks

Chosen = Callable[[], tuple[str, ...]]
Select = Callable[[tuple[str, ...], tuple[str, ...]], None]
"""(nodes, frames): selects them, where the artist looks."""
Run = Callable[[tuple[str, ...]], None]


class Models(QObject):
    """`chosen` gives the selected nodes; `select` and `run` act on what was made."""

    def __init__(
        self, studio: Studio, tasks: Tasks, window: QWidget, *, chosen: Chosen, select: Select, run: Run
    ) -> None:
        super().__init__(window)
        self._studio, self._tasks, self._window = studio, tasks, window
        self._chosen, self._select, self._run = chosen, select, run

    def selected(self) -> tuple[str, ...]:
        """The selected nodes that are models."""
        document, kinds = self._studio.editor.document, self._studio.kinds
        return tuple(id for id in self._chosen() if card_of(document, kinds, id) is not None)

    def compare(self) -> None:
        studio = self._studio
        advice = advise(
            studio.editor.document, studio.kinds, self.selected(),
            lambda text, **facts: self.tr(text).format(**facts),
        )  # fmt: skip
        CompareModels(tuple(studio.cards.values()), advice, self._window).open()

    def switch(self) -> None:
        self._tasks.start(self._switch())

    def fan_out(self) -> None:
        self._tasks.start(self._fan_out())

    async def _switch(self) -> None:
        ids = self.selected()
        if not ids:
            return
        studio, first = self._studio, ids[0]
        offered = choices(studio.editor.document, studio.checks.rules, studio.checks.facts, first)
        dialog = SwitchModel(self._title(first), offered, self._window)
        if await answer_of(dialog) != QDialog.DialogCode.Accepted:
            return
        label = self.tr("Switch to {title}").format(title=spoken(studio.kinds[dialog.kind].title))
        studio.editor.commit(label, partial(switch, kinds=studio.kinds, ids=ids, model=dialog.kind))

    async def _fan_out(self) -> None:
        ids = self.selected()
        if len(ids) != 1:
            return
        studio, id = self._studio, ids[0]
        document = studio.editor.document
        offered = choices(document, studio.checks.rules, studio.checks.facts, id)
        seed = document.nodes[id].values.get("seed")
        dialog = FanOut(
            self._title(id), offered, seed if isinstance(seed, int) else None,
            partial(self._price, id), self._tasks, self._window,
        )  # fmt: skip
        if await answer_of(dialog) != QDialog.DialogCode.Accepted:
            return
        made: list[Placed] = []

        def fanned(document: Document) -> Document:
            made.append(self._fanned(document, id, dialog.models, dialog.seeds))
            return made[-1].document

        studio.editor.commit(self.tr("Fan out"), fanned)
        self._select(made[-1].nodes, made[-1].frames)
        if dialog.run:
            self._run(made[-1].nodes)

    async def _price(self, id: str, models: tuple[str, ...], seeds: tuple[int | None, ...]) -> str:
        studio = self._studio
        placed = self._fanned(studio.editor.document, id, models, seeds)
        estimate = await studio.estimate(studio.job(placed.nodes, document=placed.document))
        return estimate.told()

    def _fanned(
        self, document: Document, id: str, models: tuple[str, ...], seeds: tuple[int | None, ...]
    ) -> Placed:
        title = self.tr("Fan-out of {title}").format(title=self._title(id))
        return fan_out(document, self._studio.kinds, id, models, seeds, title)

    def _title(self, id: str) -> str:
        node = self._studio.editor.document.nodes[id]
        return node.title or spoken(self._studio.kinds[node.kind].title)
