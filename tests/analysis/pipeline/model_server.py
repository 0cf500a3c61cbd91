"""A generative model on this machine, as a server that says what a test wants it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "an-open-model-8b"


class Server:
    """Answers as ``reply`` says, and keeps what it was sent."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.reply: Callable[[BaseHTTPRequestHandler], None] = names({"en": "x", "fr": "x"})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/v1/chat/completions"
                length = int(self.headers["Content-Length"])
                outer.seen.append(json.loads(self.rfile.read(length)))
                outer.headers.append(dict(self.headers))
                outer.reply(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.owner = self  # type: ignore[attr-defined]
        self.other: Server | None = None
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        self._thread = threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def told(self, place: int) -> dict[str, Any]:
        """What the user's message of a request held."""
        found: dict[str, Any] = json.loads(self.seen[place]["messages"][1]["content"])
        return found

    def close(self) -> None:
        self.http.shutdown()
        self.http.server_close()
        self._thread.join(5)


def say(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in ({"Content-Type": "application/json"} | headers).items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def completion(content: Any) -> bytes:
    return json.dumps(
        {"choices": [{"message": {"role": "assistant", "content": content}}]}
    ).encode()


def names(pair: Any) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: say(handler, completion(json.dumps(pair)))


def answering(by_keyword: dict[str, Any]) -> Callable[[BaseHTTPRequestHandler], None]:
    """A model that knows the themes with these keywords, and says "x" of others."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        told = json.loads(handler.server.owner.seen[-1]["messages"][1]["content"])  # type: ignore[attr-defined]
        found = next((v for k, v in by_keyword.items() if k in told["en"]["keywords"]), None)
        names(found or {"en": "x", "fr": "x"})(handler)

    return reply


BETTER = {"en": "rude staff and kind staff.", "fr": "personnel impoli et personnel serviable"}
