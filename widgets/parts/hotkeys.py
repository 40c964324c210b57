"""The keymap and the mousemap in use: they are kept in the settings, and the commands and the canvas follow
them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal

from app.basics.faults import DiskTrouble, Fault
from app.preferences import declared
from app.preferences.keymap import HELD, Keymap, Resolved, key_of, read_keymap, writes
from app.preferences.mousemap import Mousemap, fits, read_mousemap, way_of
from app.preferences.options import Options
from app.preferences.presets import TAGLOOM, Keys
from app.preferences.ways import Ways
from widgets.commands import Command, Commands, native
from widgets.parts.gesture_words import gesture_titles, way_words


class Hotkeys(QObject):
    """Made when all commands are there. `lend` gives both to the canvas; `say` is told when the
    settings cannot be written (it holds until the end of the session all the same). `notes` tell which of the
    stored keys could not be used."""

    changed = Signal()

    def __init__(
        self,
        options: Options,
        commands: Commands,
        *,
        lend: Callable[[Keymap, Mousemap], None],
        say: Callable[[Fault], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.commands = commands
        self._options, self._lend, self._say = options, lend, say
        self.keymap, bad = read_keymap(options.get(declared.CANVAS_PRESET), options.get(declared.CANVAS_KEYS))
        more = {one.id: one.keys for one in commands if one.keys and one.id not in TAGLOOM}
        self.keymap = replace(self.keymap, more=MappingProxyType(more))
        self.mousemap, bad_ways = read_mousemap(self.keymap.preset, options.get(declared.CANVAS_MOUSE))
        self.notes = options.notes
        self.notes += tuple(
            self.tr("The keys of {action} could not be read; those of the preset are used.").format(
                action=self.words(id)
            )
            for id in bad
        )
        self.notes += tuple(
            self.tr(
                "The ways of the mouse for {gesture} could not be read; those of the preset are used."
            ).format(gesture=gesture_titles().get(id, id))
            for id in bad_ways
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
        self._take(replace(self.keymap, preset=preset), replace(self.mousemap, preset=preset))

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

    def rebind_mouse(self, id: str, ways: Ways) -> str:
        """Gives a gesture these ways of the mouse; the answer says who lost one of them, or why nothing was
        changed.

        :raises ValueError: one names no way
        """
        titles = gesture_titles()
        for way in map(way_of, ways):
            if not fits(id, way):
                words = self.tr("{gesture} cannot begin with “{way}”.")
                return words.format(gesture=titles[id], way=way_words(way.text))
        before = self.mousemap.resolved()
        losers = [(way, owner) for way in ways if (owner := before.owner(way_of(way).text)) not in ("", id)]
        self._take(mousemap=self.mousemap.rebound(id, ways))
        return " ".join(
            self.tr("{action} has lost {key}.").format(action=titles[owner], key=f"“{way_words(way)}”")
            for way, owner in losers
        )

    def reset_mouse(self, id: str) -> None:
        self._take(mousemap=self.mousemap.reset(id))

    @property
    def changed_by_hand(self) -> bool:
        return bool(self.keymap.own or self.mousemap.own)

    def reset_all(self) -> None:
        nothing: MappingProxyType[str, Keys] = MappingProxyType({})
        self._take(replace(self.keymap, own=nothing), replace(self.mousemap, own=nothing))

    def _take(self, keymap: Keymap | None = None, mousemap: Mousemap | None = None) -> None:
        self.keymap = keymap if keymap is not None else self.keymap
        self.mousemap = mousemap if mousemap is not None else self.mousemap
        self._apply()
        try:
            self._options.set(declared.CANVAS_PRESET, self.keymap.preset)
            self._options.set(declared.CANVAS_KEYS, self.keymap.own)
            self._options.set(declared.CANVAS_MOUSE, self.mousemap.own)
        except DiskTrouble as fault:
            self._say(fault)
        self.changed.emit()

    def _apply(self) -> None:
        self.commands.bind(self.resolved().keys)
        self._lend(self.keymap, self.mousemap)
