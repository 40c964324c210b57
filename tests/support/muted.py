"""Keyrings that misbehave, by name: `PYTHON_KEYRING_BACKEND=tests.support.muted.Silent`."""

from __future__ import annotations

import time

from keyring.backend import KeyringBackend


class Silent(KeyringBackend):
    """Never answers."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        time.sleep(3600)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        time.sleep(3600)

    def delete_password(self, service: str, username: str) -> None:
        time.sleep(3600)


class Broken(KeyringBackend):
    """Raises what no keyring should."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        raise ZeroDivisionError(service)

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ZeroDivisionError(password)

    def delete_password(self, service: str, username: str) -> None:
        raise ZeroDivisionError(service)
