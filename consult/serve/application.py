"""From a whole request to a whole reply: the site's WSGI application in a few threads.

WSGI, because nothing on the site waits for anything but the database: a thread from beginning to
end is the cheapest, and what belongs to a thread in Django (the connection, the language) stays.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote_to_bytes

import structlog
from django.core.checks import run_checks

from consult.serve import limits
from consult.serve.connection import Connection

log = structlog.stdlib.get_logger("consult.serve")

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

# These replies have no body, and say nothing of its length.
BODILESS = (204, 304)
# Asked for by someone who has left meanwhile, they need not be answered. Others may change
# something: whoever pressed "Send" and closed the page meant it.
IDEMPOTENT = ("GET", "HEAD", "OPTIONS")


@dataclass(slots=True)
class Reply:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: IO[bytes]
    """At its beginning."""


class Application:
    """An ASGI application: `application(scope, receive, send)`, on a `Connection`."""

    def __init__(self, site: Wsgi, *, threads: int) -> None:
        self._site = site
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="web")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        connection: Connection = scope["connection"]
        body = await self._receive(scope, receive, connection)
        if body is None:
            return
        loop = asyncio.get_running_loop()
        with body:
            try:
                reply = await loop.run_in_executor(
                    self._threads, self._answer, scope, body, connection
                )
            except Exception:
                # Django answers for its own mistakes; this would be one of ours.
                log.exception("not_answered")
                connection.refuse(500)
                return
        if reply is None:
            return
        start = {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        with reply.body as page:
            await send(start)
            piece = page.read(limits.PIECE)
            while piece and not connection.is_gone:
                # Waits while the reader is behind.
                following = page.read(limits.PIECE)
                more = bool(following)
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                piece = following
                if not more:
                    return
            if not connection.is_gone:
                await send({"type": "http.response.body", "body": b""})

    async def _receive(
        self, scope: dict[str, Any], receive: Receive, connection: Connection
    ) -> IO[bytes] | None:
        """The whole body, at its beginning; None when it will never be whole or is too long."""
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        # llhttp lets digits through, nothing else.
        if length and int(length) > limits.BODY_BYTES:
            connection.refuse(413)
            return None
        body: IO[bytes] = tempfile.SpooledTemporaryFile(limits.BODY_IN_MEMORY)  # noqa: SIM115 (closed by who asked)
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                body.close()
                return None
            piece, more = message["body"], message["more_body"]
            if not piece:
                continue
            size += len(piece)
            status = (
                413
                if size > limits.BODY_BYTES
                else 503
                if not connection.keeper.hold(connection, len(piece))
                else None
            )
            if status:
                body.close()
                connection.refuse(status)
                return None
            body.write(piece)
        body.seek(0)
        return body

    def _answer(
        self, scope: dict[str, Any], body: IO[bytes], connection: Connection
    ) -> Reply | None:
        """In a thread of ours, from the first line of the site's code to the last."""
        if connection.is_gone and scope["method"] in IDEMPOTENT:
            return None
        told: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: Any = None
        ) -> Callable[[bytes], Any]:
            told[:] = [int(status[:3]), headers]
            return page.write

        page: IO[bytes] = tempfile.SpooledTemporaryFile(limits.REPLY_IN_MEMORY)  # noqa: SIM115 (closed by who sends it)
        try:
            pieces = self._site(environ_of(scope, body), start_response)
            try:
                page.writelines(pieces)
            finally:
                if close := getattr(pieces, "close", None):
                    close()
            size = page.tell()
            page.seek(0)
        except BaseException:
            page.close()
            raise
        status, headers = told
        encoded = [
            (name.lower().encode("latin-1"), value.encode("latin-1"))
            for name, value in headers
            if not (status in BODILESS and name.lower() == "content-length")
        ]
        if status not in BODILESS and not any(name == b"content-length" for name, _ in encoded):
            encoded.append((b"content-length", str(size).encode()))
        return Reply(status, encoded, page)


def environ_of(scope: dict[str, Any], body: IO[bytes]) -> Environ:
    """PEP 3333. Names with an underscore are left out: `X_Forwarded_Proto` would pass for
    `X-Forwarded-Proto`, which a proxy removes."""
    size = body.seek(0, io.SEEK_END)
    body.seek(0)
    server, client = scope["server"] or ("localhost", 80), scope["client"] or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": str(client[0]),
        "CONTENT_LENGTH": str(size) if size else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        if b"_" in raw_name:
            continue
        value = raw_value.decode("latin-1")
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name == "CONTENT_TYPE":
            environ[name] = value
        elif name not in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
            key = f"HTTP_{name}"
            if key in environ:
                value = f"{environ[key]}{'; ' if name == 'COOKIE' else ','}{value}"
            environ[key] = value
    return environ


def failed_checks() -> list[str]:
    """The errors `manage.py check` would tell of: a site with one fails later, before a citizen.
    They read all addresses, which the first request would have to wait for otherwise."""
    return [str(found) for found in run_checks() if found.is_serious() and not found.is_silenced()]


def load() -> Application:
    """What each process of the server runs; uvicorn calls it."""
    from uvicorn.config import STARTUP_FAILURE

    from consult.serve.process import end_with_parent

    end_with_parent()
    # A database that hangs must not keep our threads.
    os.environ.setdefault("CONSULT_QUERY_SECONDS", str(limits.QUERY_SECONDS))
    try:
        from consult.wsgi import application as site
    except Exception:
        # It would fail again each time: the parent stops instead of starting another. For whoever
        # started it, with what is wrong; no person's words are in it yet.
        traceback.print_exc()
        sys.exit(STARTUP_FAILURE)
    if problems := failed_checks():
        said = "The site does not start. `manage.py check` finds this wrong with it:"
        print(said, *problems, sep="\n", file=sys.stderr)  # noqa: T201
        sys.exit(STARTUP_FAILURE)
    return Application(site, threads=int(os.environ["CONSULT_WEB_THREADS"]))
