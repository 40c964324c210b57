"""A network that stands between: a proxy that answers for every host with a certificate nobody has issued."""

from __future__ import annotations

import socket
import ssl
import threading


class CaptiveProxy:
    """At `url`. `asked` are the hosts that were to be reached through it."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.asked: list[str] = []
        self._context = context
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                try:
                    self._answer(line)
                except OSError:
                    continue

    def _answer(self, line: socket.socket) -> None:
        line.settimeout(5)
        head = b""
        while b"\r\n\r\n" not in head:
            got = line.recv(4096)
            if not got:
                return
            head += got
        self.asked.append(head.split()[1].decode("ascii", "replace"))
        line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with self._context.wrap_socket(line, server_side=True) as safe:
            safe.recv(4096)
