"""The keymap in use: it is kept in the settings, and the commands and the canvas follow it at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from app.basics.faults import DiskTrouble, Fault
from app.preferences import declared
from app.preferences.keymap import HELD, Keymap, Resolved, key_of, read_keymap, writes
from app.preferences.options import Options
from app.preferences.presets import TAGLOOM, Keys
from widgets.commands import Command, Commands, native


class Hotkeys(QObject):
    """Made when all commands are there. `lend` gives the keymap to the canvas; `say` is told when the
    settings cannot be written (it holds until the end of the session all the same). `notes` tell which of the
    stored keys could not be used."""

    changed = Signal()

    def __init__(
        self,
        options: Options,
        commands: Commands,
        *,
        lend: Callable[[Keymap], None],
        say: Callable[[Fault], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.commands = commands
        self._options, self._lend, self._say = options, lend, say
        self.keymap, bad = read_keymap(options.get(declared.CANVAS_PRESET), options.get(declared.CANVAS_KEYS))
        more = {one.id: one.keys for one in commands if one.keys and one.id not in TAGLOOM}
        self.keymap = replace(self.keymap, more=MappingProxyType(more))
        self.notes = options.notes
        self.notes += tuple(
            self.tr("The keys of {action} could not be read; those of the preset are used.").format(
                action=self.words(id)
            )
            for id in bad
        )
        self._refuse_typing()
        self._apply()

    def _refuse_typing(self) -> None:
        """Stored keys that would fire while somebody types (from a changed file) are not used."""
        for id, keys in self.keymap.own.items():
            for key in keys:
                if id in self.known() and (word := self.refusal(id, key)):
                    self.keymap = self.keymap.reset(id)
                    self.notes += (f"{self.words(id)}: {word}",)
                    break

    # --- asking ---

    def known(self) -> dict[str, Command]:
        return {one.id: one for one in self.commands}

    def words(self, id: str) -> str:
        command = self.known().get(id)
        return command.words if command is not None else id

    def resolved(self) -> Resolved:
        return self.keymap.resolved()

    def refusal(self, id: str, key: str) -> str:
        """Why an action cannot have this key; empty where it can."""
        shown = native((key,))[0]
        if key in HELD:
            return self.tr("{key} belongs to the canvas itself.").format(key=shown)
        if writes(key) and self.known()[id].scope is None:
            return self.tr("{key} is needed for typing: add Ctrl or Alt.").format(key=shown)
        return ""

    # --- changing ---

    def choose(self, preset: str) -> None:
        self._take(replace(self.keymap, preset=preset))

    def rebind(self, id: str, keys: Keys) -> str:
        """Gives an action these keys; the answer says who lost one of them, or why nothing was changed.

        :raises ValueError: one names no key
        """
        keys = tuple(key_of(key) for key in keys)
        for key in keys:
            if word := self.refusal(id, key):
                return word
        before = self.resolved()
        losers = [(key, owner) for key in keys if (owner := before.owner(key)) not in ("", id)]
        self._take(self.keymap.rebound(id, keys))
        return " ".join(
            self.tr("{action} has lost {key}.").format(action=self.words(owner), key=native((key,))[0])
            for key, owner in losers
        )

    def reset(self, id: str) -> None:
        self._take(self.keymap.reset(id))

    def reset_all(self) -> None:
        self._take(replace(self.keymap, own=MappingProxyType({})))

    def _take(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self._apply()
        try:
            self._options.set(declared.CANVAS_PRESET, keymap.preset)
            self._options.set(declared.CANVAS_KEYS, keymap.own)
        except DiskTrouble as fault:
            self._say(fault)
        self.changed.emit()

    def _apply(self) -> None:
        self.commands.bind(self.resolved().keys)
        self._lend(self.keymap)
