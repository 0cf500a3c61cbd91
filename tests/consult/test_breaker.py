"""What is away is remembered for a moment, asked by one, and said once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections

from consult.breaker import Breaker
from consult.cache import ExpendableRedisCache
from consult.database.base import CHECK_SECONDS, DatabaseWrapper, RememberedAway, TimedConnection
from tests.silence import Silence


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_absent_server_is_asked_in_the_background_alone_until_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[str] = []

    def probe() -> None:
        asked.append(threading.current_thread().name)
        if len(asked) < 5:
            raise ConnectionError("redis.internal said words")

    breaker = Breaker("server", probe, pause=0.01)
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            breaker.failed(ConnectionError("redis.internal said words"))
        assert breaker.is_away
        wait_for(lambda: not breaker.is_away)
        wait_for(lambda: len(caplog.records) >= 2)
    assert asked == ["probe-server"] * 5
    # Said once each, and without words of the server.
    said = [str(record.msg) for record in caplog.records]
    assert sum("server_away" in line for line in said) == 1
    assert sum("server_back" in line for line in said) == 1
    assert "internal" not in "".join(said)
    # And it may go away again.
    breaker.failed(OSError())
    assert breaker.is_away
    breaker.forget()
    assert not breaker.is_away


# --- The cache -----------------------------------------------------------------------------------


def cache_at(address: str) -> ExpendableRedisCache:
    return ExpendableRedisCache(
        f"redis://{address}", {"OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}}
    )


def test_an_absent_cache_holds_nothing_and_takes_nothing() -> None:
    cache = cache_at("127.0.0.1:1/1")
    cache.set("a", 1)
    cache.set_many({"a": 1, "b": 2})
    assert cache.get("a", "default") == "default"
    assert cache.get_many(["a", "b"]) == {}
    assert cache.add("a", 1) is False
    assert cache.has_key("a") is False
    assert cache.touch("a") is False
    assert cache.delete("a") is False
    assert cache.delete_many(["a"]) is None
    assert cache.get_or_set("a", lambda: 7) == 7
    assert cache.clear() is False
    with pytest.raises(ValueError, match="a"):
        cache.incr("a")
    cache._cache._memory.breaker.forget()


def test_a_silent_cache_costs_its_time_once() -> None:
    with Silence() as silent:
        cache = cache_at(f"127.0.0.1:{silent.port}/1")
        for _ in range(100):
            assert cache.get("a") is None
        assert silent.connections == 1
        cache._cache._memory.breaker.forget()


def test_what_changed_while_the_cache_was_away_is_not_found_there_afterwards(
    broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = ExpendableRedisCache(broker_url.removesuffix("/0") + "/7", {})
    cache.set("kept", "old")
    cache.set("changed", "old")
    cache.set("deleted", "old")
    breaker = cache._cache._memory.breaker
    monkeypatch.setattr(breaker, "_pause", 0.5)
    breaker.failed(ConnectionError())
    cache.set("changed", "new")
    cache.delete("deleted")
    assert cache.get("kept") is None
    wait_for(lambda: not breaker.is_away)
    assert cache.get("kept") == "old"
    assert cache.get("changed") is None
    assert cache.get("deleted") is None
    cache.clear()


def test_a_mistake_of_ours_is_not_taken_for_absence(broker_url: str) -> None:
    cache = ExpendableRedisCache(broker_url.removesuffix("/0") + "/7", {})
    with pytest.raises(Exception, match="pickle"):
        cache.set("a", lambda: None)
    assert cache.get("a", "nothing") == "nothing"
    assert not cache._cache._memory.breaker.is_away


# --- The database --------------------------------------------------------------------------------


@pytest.fixture
def database(transactional_db: None) -> Iterator[DatabaseWrapper]:
    """A second connection to the tests' database, as in production: with a pool."""
    fields: dict[str, Any] = {
        **connection.settings_dict,
        "OPTIONS": {
            "connect_timeout": 2,
            "pool": {"min_size": 1, "max_size": 4, "timeout": 0.5},
        },
    }
    second = DatabaseWrapper(fields, alias="second")
    connections["second"] = second
    yield second
    second.close()
    second.close_pool()
    del connections["second"]
    if breaker := DatabaseWrapper._breakers.pop("second", None):
        breaker.forget()


def test_an_absent_database_is_waited_for_once_and_found_when_it_is_back(
    database: DatabaseWrapper,
) -> None:
    port, database.settings_dict["PORT"] = database.settings_dict["PORT"], "1"
    with pytest.raises(OperationalError) as first:
        database.ensure_connection()
    assert not isinstance(first.value.__cause__, RememberedAway)
    for _ in range(100):
        with pytest.raises(OperationalError) as remembered:
            database.ensure_connection()
        assert isinstance(remembered.value.__cause__, RememberedAway)
    # It is back, at the address it always had.
    database.settings_dict["PORT"] = port
    wait_for(lambda: not DatabaseWrapper._breakers["second"].is_away)
    database.ensure_connection()
    assert isinstance(database.connection, TimedConnection)


def test_a_silent_database_is_given_up_and_remembered(database: DatabaseWrapper) -> None:
    with Silence() as silent:
        database.settings_dict["PORT"] = str(silent.port)
        for _ in range(50):
            with pytest.raises(OperationalError):
                database.ensure_connection()
        # The pool opened one, and another because someone waited; and a probe.
        assert silent.connections <= 3


def test_a_query_that_is_not_answered_is_given_up(database: DatabaseWrapper, settings: Any) -> None:
    settings.CONSULT_QUERY_SECONDS = 0.3
    with pytest.raises(OperationalError), database.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    assert not database.is_usable()
    database.close()
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_connection_in_the_pool_has_little_time_to_prove_itself(
    database: DatabaseWrapper, settings: Any
) -> None:
    settings.CONSULT_QUERY_SECONDS = 60
    database.ensure_connection()
    used = database.connection
    assert used.longest == 60
    database.close()
    assert used.longest == CHECK_SECONDS
