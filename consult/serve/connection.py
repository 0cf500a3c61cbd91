"""One client's connection: what is sent too slowly, too long or not at all ends here.

uvicorn's protocol reads HTTP (with llhttp, strictly) and has no deadlines of its own.
"""

from __future__ import annotations

import asyncio
import resource
import time
from enum import Enum, auto
from typing import ClassVar

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from consult.serve import limits
from consult.serve.refusals import refusal

log = structlog.stdlib.get_logger("consult.serve")


class Waits(Enum):
    """What we want from a client."""

    ANOTHER_REQUEST = auto()
    HEAD = auto()
    BODY = auto()


class Keeper:
    """Watches all connections of this process: those that keep us waiting, in order of since when,
    and the room that bodies take."""

    def __init__(self) -> None:
        self.waiting: dict[Connection, float] = {}
        self.everyone: set[Connection] = set()
        self.held = 0
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.most = max(10, min(limits.CONNECTIONS, files - limits.OTHER_DESCRIPTORS))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._said_at = float("-inf")

    def enter(self, connection: Connection, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:
            self._loop = loop
            loop.call_later(1, self._sweep)
        self.everyone.add(connection)
        self.waits(connection)
        if len(self.everyone) > self.most:
            self._say("connections_full", connections=len(self.everyone))
            if (longest := next(iter(self.waiting), None)) is not None:
                longest.drop()

    def leave(self, connection: Connection) -> None:
        self.everyone.discard(connection)
        self.waiting.pop(connection, None)
        self.release(connection)

    def waits(self, connection: Connection) -> None:
        """From now on, at the end of the queue."""
        self.waiting.pop(connection, None)
        self.waiting[connection] = time.monotonic()

    def has_all(self, connection: Connection) -> None:
        """Nothing is wanted from this client: its request is whole."""
        self.waiting.pop(connection, None)

    def hold(self, connection: Connection, size: int) -> bool:
        """Room for so many more bytes of a body. The oldest half-sent body gives way; False when
        there is none."""
        connection.held += size
        self.held += size
        while self.held > limits.BODIES_BYTES:
            self._say("bodies_full", bytes=self.held)
            oldest = next((other for other in self.waiting if other.held), None)
            if oldest is None or oldest is connection:
                return False
            oldest.refuse(408)
            self.release(oldest)
        return True

    def release(self, connection: Connection) -> None:
        self.held -= connection.held
        connection.held = 0

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in list(self.everyone):
            connection.look(now, self.waiting.get(connection))
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_later(1, self._sweep)

    def _say(self, what: str, **numbers: int) -> None:
        """Once a minute: under attack the log is not to fill the disk."""
        if time.monotonic() - self._said_at > 60:
            self._said_at = time.monotonic()
            log.warning(what, **numbers)


class Connection(HttpToolsProtocol):
    # One for the process.
    keeper: ClassVar[Keeper] = Keeper()

    waits_for = Waits.HEAD
    refused = False
    # Bytes of a request's body that we keep.
    held = 0
    _head_bytes = 0
    _last_byte_at = 0.0
    # Bytes of a reply that the client has not fetched, and since when not one less.
    _unread = 0
    _unread_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._last_byte_at = time.monotonic()
        self.keeper.enter(self, self.loop)

    def connection_lost(self, exc: Exception | None) -> None:
        self.keeper.leave(self)
        super().connection_lost(exc)

    # --- What comes in -----------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        self._last_byte_at = time.monotonic()
        if self.waits_for is not Waits.BODY:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > limits.HEAD_BYTES and not self.refused:
            self.refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        # The application asks it how things stand.
        self.scope["connection"] = self  # type: ignore[typeddict-unknown-key]
        self.waits_for = Waits.HEAD
        self.keeper.waits(self)

    def on_headers_complete(self) -> None:
        # They may have come in one piece.
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > limits.HEAD_BYTES:
            self.refuse(431)
        if self.refused:
            return
        self.waits_for = Waits.BODY
        self._head_bytes = 0
        self.keeper.waits(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self.refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self.refused:
            return
        super().on_message_complete()
        self._head_bytes = 0
        self.keeper.has_all(self)

    def on_response_complete(self) -> None:
        self.keeper.release(self)
        super().on_response_complete()
        if not self.pipeline and not self.transport.is_closing():
            self.waits_for = Waits.ANOTHER_REQUEST
            self.keeper.waits(self)

    def _unsupported_upgrade_warning(self) -> None:
        """Nothing to say: an upgrade is an offer, and we go on in plain HTTP."""

    # --- What is too much --------------------------------------------------------------------

    @property
    def is_gone(self) -> bool:
        """Nobody is left to reply to. May be asked from another thread."""
        return self.refused or self.transport.is_closing()

    def look(self, now: float, waiting_since: float | None) -> None:
        """Once a second: is this client still worth waiting for?"""
        unread = self.transport.get_write_buffer_size()
        if unread and unread == self._unread:
            if now - self._unread_since > limits.UNREAD_SECONDS:
                self.transport.abort()
                return
        else:
            self._unread, self._unread_since = unread, now
        if waiting_since is None or unread:
            return
        waited = now - waiting_since
        if self.waits_for is Waits.ANOTHER_REQUEST:
            if waited > limits.IDLE_SECONDS:
                self.drop()
        elif self.waits_for is Waits.HEAD:
            if waited > limits.HEAD_SECONDS:
                self.refuse(408)
        elif waited > limits.BODY_SECONDS or now - self._last_byte_at > limits.SILENCE_SECONDS:
            self.refuse(408)

    def drop(self) -> None:
        """Without a word: to make room at once, or because nothing was asked."""
        self.keeper.has_all(self)
        self.transport.abort()

    def refuse(self, status: int) -> None:
        """Say why in plain words, and close. What still comes in is read and forgotten."""
        if self.is_gone:
            return
        self.refused = True
        self.keeper.has_all(self)
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(refusal(status, french=self.url_is_french))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(limits.LINGER_SECONDS, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self.refuse(400)

    @property
    def url_is_french(self) -> bool:
        return bytes(getattr(self, "url", b"")).startswith(b"/fr/")

    def shutdown(self) -> None:
        # A half-sent request will not be waited for.
        if self.waits_for is not Waits.ANOTHER_REQUEST and self in self.keeper.waiting:
            self.transport.close()
        else:
            super().shutdown()
