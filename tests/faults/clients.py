"""People who press Send until they see a receipt, whatever happens to the site meanwhile."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from tests.faults.stack import Stack

# What one person gives: three answers of the six.
ANSWERS_EACH = 3
WORDS = (
    *("attente", "guichet", "téléphone", "l'été", "bilingual", "clerk", "14 h 30", "« oui »"),
    *("naïve", "œuvre", "🍁", "don't", "<b>", "&amp;", "=1+1"),
)


@dataclass
class Sent:
    """One response: its token, the words in it, and the receipt once there was one."""

    token: UUID
    text: str
    receipt: str = ""
    tries: int = 0
    seconds: float = 0.0
    """From the first press to the receipt."""
    replies: list[int] = field(default_factory=list)
    body: str = ""
    """Of the last reply."""


def submission(chance: random.Random) -> Sent:
    token = UUID(int=chance.getrandbits(128), version=4)
    return Sent(token, " ".join(chance.choices(WORDS, k=chance.randint(3, 60))))


def form_of(sent: Sent) -> bytes:
    fields: Mapping[str, str] = {
        "token": sent.token.hex,
        "page": "check",
        "c.reached": "phone",
        "c.ease": "4",
        "t.change": sent.text,
        "go": "send",
    }
    return urlencode(fields).encode()


def send_once(stack: Stack, sent: Sent, *, timeout: float = 15) -> bool:
    """Press Send. Whether a receipt was promised; an answer cut off is none."""
    sent.tries += 1
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=timeout)
    try:
        connection.request(
            "POST",
            f"/en/answer/{stack.reference_number}/",
            body=form_of(sent),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Host": f"localhost:{stack.port}",
            },
        )
        reply = connection.getresponse()
        sent.body = reply.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    sent.replies.append(reply.status)
    if reply.status != 303:
        return False
    sent.receipt = reply.headers["Location"]
    return True


class Crowd:
    """So many people at once, each sending one response after another until told to go home.

    Who has begun goes on until she has her receipt.
    """

    def __init__(self, stack: Stack, *, people: int, seed: int) -> None:
        self.sent: list[Sent] = []
        self._stack = stack
        self._go_home = threading.Event()
        self._threads = [
            threading.Thread(target=self._sends, args=[random.Random(seed * 1000 + number)])
            for number in range(people)
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.go_home()

    def go_home(self) -> None:
        self._go_home.set()

    def is_home(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _sends(self, chance: random.Random) -> None:
        while not self._go_home.is_set():
            sent = submission(chance)
            self.sent.append(sent)
            start = time.monotonic()
            while not send_once(self._stack, sent):
                time.sleep(chance.uniform(0.05, 0.3))
                if time.monotonic() - start > 120:
                    return
            sent.seconds = time.monotonic() - start
            time.sleep(chance.uniform(0, 0.05))
