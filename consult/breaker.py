"""A server that does not answer is left alone, and nobody waits for it twice.

A circuit breaker: from the first failure on nobody asks, while one thread in the background tries
every other second; when that works, all ask again. One memory for each process and server.
"""

import threading
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.stdlib.get_logger("consult.breaker")

PAUSE_SECONDS: Final = 2.0


class Breaker:
    """``probe`` asks the server, and raises while it is away. It must end by itself."""

    def __init__(
        self, name: str, probe: Callable[[], object], *, pause: float = PAUSE_SECONDS
    ) -> None:
        self.name = name
        self._probe = probe
        self._pause = pause
        self._lock = threading.Lock()
        self._is_away = False
        self._given_up = threading.Event()

    @property
    def is_away(self) -> bool:
        """Then it is not to be asked."""
        return self._is_away

    def failed(self, error: BaseException) -> None:
        with self._lock:
            if self._is_away:
                return
            self._is_away = True
            self._given_up = threading.Event()
        # Once, not for each request that does without.
        log.error("server_away", server=self.name, error=type(error).__name__)
        threading.Thread(
            target=self._watch, args=(self._given_up,), name=f"probe-{self.name}", daemon=True
        ).start()

    def forget(self) -> None:
        """As if it had never been away."""
        self._given_up.set()
        self._is_away = False

    def _watch(self, given_up: threading.Event) -> None:
        while not given_up.wait(self._pause):
            try:
                self._probe()
            except Exception:  # noqa: S112 (its kind was logged when it began)
                continue
            if not given_up.is_set():
                self._is_away = False
                log.warning("server_back", server=self.name)
            return
