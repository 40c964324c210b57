"""The passphrase of the key that an artist signs with: in the system's keyring where that was asked for."""

from __future__ import annotations

from urllib.parse import quote, unquote

from app.basics.faults import Fault
from app.basics.secret import Secret
from app.preferences.keys import Backend, Keys, Stored

_NAME = "signing-passphrase"


class Passphrase:
    """May ask the artist to unlock the keyring, as `Keys` does: for a thread. Where there is no keyring it is
    kept until the program ends."""

    def __init__(self, *, backend: Backend | None = None) -> None:
        self._keys = Keys({}, names={_NAME: ""}, backend=backend)

    def get(self) -> Secret | None:
        held = self._keys.get(_NAME)
        return Secret(unquote(held.reveal())) if held else None

    def keep(self, passphrase: Secret) -> Stored:
        """:raises BadInput: it is empty or far too long"""
        return self._keys.store(_NAME, quote(passphrase.reveal(), safe=""))

    def forget(self) -> bool:
        """Whether there was one. What cannot be removed stays."""
        try:
            return self._keys.remove(_NAME)
        except Fault:
            return False
