"""A server that takes every connection, reads what it is sent, and never says a word."""

from __future__ import annotations

import contextlib
import socket
import threading


class Silence:
    def __enter__(self) -> Silence:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._kept: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Wakes the thread, which close() alone does not.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for connection in self._kept:
            connection.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def connections(self) -> int:
        return len(self._kept)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                # What is sent fits the kernel's buffer.
                self._kept.append(self._listener.accept()[0])
