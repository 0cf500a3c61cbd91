"""Wrong attempts, counted: in the cache for all web processes, and in this one besides.

So that a limit holds, per process, while the cache is away. Nothing is kept of what was tried.
"""

from __future__ import annotations

import threading
import time
from typing import Final

from django.core.cache import cache

# Kept in this process at most; the oldest are forgotten.
HERE_AT_MOST: Final = 10_000

_lock = threading.Lock()
_here: dict[str, tuple[int, float]] = {}


def attempts_of(key: str, *, forget_after: float) -> tuple[int, float]:
    """How many there were, and when the last one was (seconds since the epoch; 0 for never)."""
    with _lock:
        tries, last = _here.get(key, (0, 0.0))
        if time.time() - last > forget_after:
            _here.pop(key, None)
            tries, last = 0, 0.0
    elsewhere: tuple[int, float] = cache.get(key) or (0, 0.0)
    return max(tries, elsewhere[0]), max(last, elsewhere[1])


def attempt_count(key: str, *, forget_after: float) -> None:
    """One more."""
    tries, _ = attempts_of(key, forget_after=forget_after)
    counted = tries + 1, time.time()
    with _lock:
        _here.pop(key, None)
        _here[key] = counted
        while len(_here) > HERE_AT_MOST:
            del _here[next(iter(_here))]
    cache.set(key, counted, forget_after)


def attempts_forget() -> None:
    """Of this process; the tests begin with it."""
    with _lock:
        _here.clear()
