"""What the links inside a failed card do: look closer, mend, ask the vendor, send again, give up, save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.basics.faults import Fault
from app.basics.words import say_many, spoken
from app.engine.recovery import Recovered
from app.engine.rescued import Held
from app.engine.results import PictureHeld
from app.preferences import declared
from app.studio.studio import Studio
from widgets.canvas.graph_view import GraphView
from widgets.dialogs.asking import target_of
from widgets.dialogs.banner import Banner
from widgets.tasks import Tasks


class Remedies(QObject):
    """`run` runs some nodes; `show_node` selects one and brings it into view."""

    def __init__(
        self,
        studio: Studio,
        graph: GraphView,
        banner: Banner,
        tasks: Tasks,
        *,
        run: Callable[[tuple[str, ...]], None],
        show_node: Callable[[str], None],
    ) -> None:
        super().__init__(graph)
        self._studio, self._graph, self._banner, self._tasks = studio, graph, banner, tasks
        self._run, self._show_node = run, show_node
        graph.fault_action_requested.connect(self.do)

    def do(self, node: str, action: str) -> None:
        """`action`: details, show-prompt, check-credits, send-again, give-up, save-elsewhere; anything else
        runs again."""
        match action:
            case "details":
                self._details(node)
            case "show-prompt":
                self._prompt(node)
            case "check-credits":
                QDesktopServices.openUrl(QUrl(self._studio.usage_page(node)))
            case "send-again":
                self._tasks.start(self._studio.send_again(node))
            case "give-up":
                self._tasks.start(self._studio.give_up(node))
            case "save-elsewhere":
                self._tasks.start(self._save_elsewhere(node))
            case _:
                self._run((node,))

    def _details(self, node: str) -> None:
        fault = self._studio.runs.state.node(node).fault
        if fault is not None:
            detail = " ".join(part for part in (fault.advice, fault.code, fault.detail) if part)
            self._banner.say(fault.title, detail, node=node)

    async def _save_elsewhere(self, node: str) -> None:
        """A picture that was paid for and that the library's disk does not take, where the artist says."""
        held = self._studio.held_picture(node)
        if held is None:
            self._banner.say(
                self.tr("The picture is not held any more."),
                self.tr("Run its node again: it is fetched, and not paid for anew."),
                node=node,
            )
            return
        await self.save_elsewhere(held)

    async def save_elsewhere(self, held: Held) -> bool:
        """Where the artist says; False: the dialog was closed.

        :raises DiskTrouble: it could not be written there either
        """
        suffix = held.format.lower()
        start = Path(self._studio.options.get(declared.LAST_FOLDER)) / f"{_file_name(held.title)}.{suffix}"
        filters = self.tr("Pictures ({endings});;All files (*)").format(endings=f"*.{suffix}")
        title = self.tr("Save the picture elsewhere")
        chosen = await target_of(self._graph.window(), title, str(start), filters, ending=f".{suffix}")
        if chosen:
            await self._studio.save_held(held, Path(chosen))
            self._banner.say(
                self.tr("The picture is saved."),
                self.tr(
                    "{file}. Make room for the library and run again: it comes there too, for free."
                ).format(file=chosen),
                error=False,
            )
        return bool(chosen)

    def _prompt(self, node: str) -> None:
        prompts = self._studio.prompts_of(node)
        self._show_node(prompts[0] if prompts else node)
        if prompts:
            self._graph.handling.edit_words(prompts[0])


def _file_name(title: str) -> str:
    return (
        "".join(sign if sign.isalnum() or sign in " -_" else "-" for sign in title).strip()[:60] or "picture"
    )


def tell_recovered(recovered: Recovered, banner: Banner, say: Callable[[Fault], None]) -> None:
    """What has come home of earlier sessions, and what nobody knows of."""
    for fault in [one for _, one in recovered.left if isinstance(one, PictureHeld)][:1]:
        say(fault)
    if recovered.brought:
        words = say_many(
            len(recovered.brought), "A picture of an earlier session has arrived.",
            "{n} pictures of an earlier session have arrived.",
        )  # fmt: skip
        banner.say(words, spoken("It cost nothing more."), error=False)
    elif recovered.unknown:
        words = say_many(
            len(recovered.unknown), "Of one request we do not know whether it was charged.",
            "Of {n} requests we do not know whether they were charged.",
        )  # fmt: skip
        advice = spoken("The line broke before the vendor answered. Nothing is sent again by itself.")
        banner.say(words, advice)
