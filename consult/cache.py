"""A cache in Valkey or Redis that the site can do without: away, it holds nothing.

Django's own raises when its server is down, in the middle of a page that only wanted to save a
query. Here an absent server is a miss; what is written meanwhile is not kept. So nothing may lean
on the cache alone: what is counted for safety is counted in the process as well
(feedback.answering.services.attempts).
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any, Final

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import DataError, RedisError
from redis.retry import Retry

from consult.breaker import Breaker

# Keys changed while the server was away, of which it may hold an older value; at most so many.
OWED: Final = 10_000


class _Memory:
    """What the process knows of one cache. Django makes a backend for each thread."""

    def __init__(self, probe: Callable[[list[Any]], None]) -> None:
        self._probe = probe
        self._lock = threading.Lock()
        self._owed: dict[Any, None] = {}
        self.breaker = Breaker("cache", self._settle)

    def owe(self, keys: list[Any]) -> None:
        with self._lock:
            for key in keys:
                self._owed[key] = None
            while len(self._owed) > OWED:
                del self._owed[next(iter(self._owed))]

    def _settle(self) -> None:
        with self._lock:
            keys = list(self._owed)
        self._probe(keys)
        with self._lock:
            for key in keys:
                self._owed.pop(key, None)


_memories: dict[tuple[str, ...], _Memory] = {}


class _Client(RedisCacheClient):
    """Every command of Django's client goes through ``_ask``."""

    def __init__(self, servers: Any, **options: Any) -> None:
        # A second try would double what a silent server costs.
        super().__init__(servers, **{"retry": Retry(NoBackoff(), 0), **options})
        self._memory = _memories.setdefault(tuple(servers), _Memory(self._is_back))

    def _is_back(self, owed: list[Any]) -> None:
        client = self.get_client(None, write=True)
        client.ping()
        if owed:
            client.delete(*owed)

    def _ask(
        self, command: Callable[[], Any], *, instead: Any, writes: list[Any] | None = None
    ) -> Any:
        breaker = self._memory.breaker
        if not breaker.is_away:
            try:
                return command()
            except DataError:
                raise
            except (RedisError, OSError) as error:
                breaker.failed(error)
        if writes:
            self._memory.owe(writes)
        return instead

    def add(self, key: Any, value: Any, timeout: Any) -> bool:
        command = functools.partial(super().add, key, value, timeout)
        return bool(self._ask(command, instead=False))

    def get(self, key: Any, default: Any) -> Any:
        return self._ask(functools.partial(super().get, key, default), instead=default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        command = functools.partial(super().set, key, value, timeout)
        self._ask(command, instead=None, writes=[key])

    def touch(self, key: Any, timeout: Any) -> bool:
        return bool(self._ask(functools.partial(super().touch, key, timeout), instead=False))

    def delete(self, key: Any) -> bool:
        command = functools.partial(super().delete, key)
        return bool(self._ask(command, instead=False, writes=[key]))

    def get_many(self, keys: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = self._ask(
            functools.partial(super().get_many, list(keys)), instead={}
        )
        return found

    def has_key(self, key: Any) -> bool:
        return bool(self._ask(functools.partial(super().has_key, key), instead=False))

    def incr(self, key: Any, delta: Any) -> int:
        found = self._ask(functools.partial(super().incr, key, delta), instead=None, writes=[key])
        if found is None:
            # What Django says of a key that is not there.
            raise ValueError(f"Key '{key}' not found.")
        return int(found)

    def set_many(self, data: Any, timeout: Any) -> None:
        command = functools.partial(super().set_many, data, timeout)
        self._ask(command, instead=None, writes=list(data))

    def delete_many(self, keys: Any) -> None:
        self._ask(functools.partial(super().delete_many, keys), instead=None, writes=list(keys))

    def clear(self) -> bool:
        return bool(self._ask(super().clear, instead=False))


class ExpendableRedisCache(RedisCache):
    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
