"""A session bus of our own, with a desktop that shows notes: what it was asked, what it says back."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from jeepney import DBusAddress, HeaderFields, message_bus, new_method_return, new_signal
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME = "org.freedesktop.Notifications"
ADDRESS = DBusAddress("/org/freedesktop/Notifications", bus_name=NAME, interface=NAME)


def missing() -> str:
    return (
        "" if shutil.which("dbus-daemon") else "dbus-daemon is not installed (Debian: apt-get install dbus)"
    )


@contextmanager
def session_bus() -> Iterator[str]:
    """Its address, for DBUS_SESSION_BUS_ADDRESS."""
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert bus.stdout is not None
    try:
        yield bus.stdout.readline().strip()
    finally:
        bus.terminate()
        bus.wait(10)
        bus.stdout.close()


class Notes:
    """The desktop's part, in a thread. `shown`: what `Notify` was given; `closed`: taken back."""

    def __init__(self, address: str) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self.closed: list[int] = []
        self._line: DBusConnection = open_dbus_connection(address)
        self._line.send_and_get_reply(message_bus.RequestName(NAME))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def press(self, number: int, token: str = "") -> None:
        """Somebody clicks on a note."""
        if token:
            self._line.send(new_signal(ADDRESS, "ActivationToken", "us", (number, token)))
        self._line.send(new_signal(ADDRESS, "ActionInvoked", "us", (number, "default")))

    def close(self) -> None:
        self._over.set()
        self._thread.join(10)
        self._line.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                message = self._line.receive(timeout=0.05)
                match message.header.fields.get(HeaderFields.member):
                    case "Notify":
                        self.shown.append(message.body)
                        self._line.send(new_method_return(message, "u", (len(self.shown),)))
                    case "CloseNotification":
                        self.closed.append(message.body[0])
                        self._line.send(new_method_return(message))
