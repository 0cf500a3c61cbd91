"""The engine `consult.database`: Django's, with limits to what a silent server costs.

- That there is no connection to be had is remembered until there is one (consult.breaker):
  replies are quick, and say so. A pool that gave none is thrown away, because its own attempts
  become rarer and rarer.
- A connection that lay in the pool has two seconds to prove that it works, and a query as long as
  CONSULT_QUERY_SECONDS says: a server that hangs without closing its connections would keep each
  thread for ever, and no setting of the server itself helps then.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, ClassVar, Final

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from consult.breaker import Breaker

# For a connection that lies in the pool, and for a new one.
CHECK_SECONDS: Final = 2.0


class TimedConnection(psycopg.Connection[Any]):
    """Gives up, and closes, when the server has not answered for ``longest`` seconds."""

    longest: float | None = CHECK_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, self.longest if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if timeout is None and type(error) is psycopg.errors._WaitTimeout:
                # In the middle of an answer: of no use to anyone after us.
                self.close()
                raise psycopg.OperationalError(
                    f"no answer from the database for {self.longest} s"
                ) from error
            raise


class RememberedAway(psycopg.OperationalError):
    """Nobody was asked: the database did not answer before, and has not since."""


class DatabaseWrapper(base.DatabaseWrapper):
    _breakers: ClassVar[dict[str, Breaker]] = {}
    _pools_lock: ClassVar[threading.Lock] = threading.Lock()

    @property
    def pool(self) -> Any:
        if options := self.settings_dict["OPTIONS"].get("pool"):
            options.setdefault("connection_class", TimedConnection)
        return super().pool

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not self.settings_dict["OPTIONS"].get("pool"):
            return super().get_new_connection(conn_params)
        breaker = self._breakers.setdefault(self.alias, Breaker("database", self._probe))
        if breaker.is_away:
            raise RememberedAway
        pool = self.pool
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            self._throw_away(pool)
            breaker.failed(error)
            raise
        connection.longest = settings.CONSULT_QUERY_SECONDS or None
        return connection

    def _close(self) -> Any:
        if self.pool and self.connection is not None:
            self.connection.longest = CHECK_SECONDS
        return super()._close()  # type: ignore[misc]

    def _probe(self) -> None:
        """One connection of its own, from the background."""
        parameters = {**self.get_connection_params(), "connect_timeout": CHECK_SECONDS}
        with contextlib.closing(TimedConnection.connect(**parameters)) as connection:
            connection.execute("SELECT 1")

    def _throw_away(self, pool: Any) -> None:
        pools: dict[str, Any] = self._connection_pools  # type: ignore[attr-defined]
        with self._pools_lock:
            if pools.get(self.alias) is pool:
                del pools[self.alias]
        # Connections others still hold are closed when they come back.
        pool.close(timeout=0)
