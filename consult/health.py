"""Two questions a load balancer asks: is the process alive, and can it do its work?"""

import functools
from typing import Any, Final
from uuid import uuid4

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.connection import Connection
from psycopg_pool import PoolTimeout

from consult.breaker import Breaker

log = structlog.stdlib.get_logger("consult.health")

BROKER_SECONDS: Final = 1


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Says nothing about what it depends on: an orchestrator must not kill
    web servers because the database is down; they will work again when it is back."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 `ok` or `degraded`: send people here. 503 `down`: do not.

    Without the broker, answers are still taken (the outbox keeps what must follow), and without
    the cache pages take a little longer: degraded.
    """
    state = {"database": _database(), "broker": _broker(), "cache": _cache()}
    others = {state["broker"], state["cache"]}
    status = "down" if state["database"] != "ok" else "degraded" if others != {"ok"} else "ok"
    if status != "ok":
        log.warning("not_ready", **state)
    return JsonResponse({"status": status, **state}, status=503 if status == "down" else 200)


def _database() -> str:
    """`ok`, `down`, or `migrations pending`; never why, which could name a host or a user."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError, PoolTimeout):
        return "down"
    return "migrations pending" if pending else "ok"


def _cache() -> str:
    """`ok` when what is put into it can be fetched; it says nothing else of being away."""
    key = f"health:{uuid4()}"
    cache.set(key, "ok", 10)
    return str(cache.get(key, "down"))


def _broker() -> str:
    # A silent one would keep a thread each time it is asked.
    breaker = _breaker_of(settings.CELERY_BROKER_URL)
    if not breaker.is_away:
        try:
            _broker_ask(settings.CELERY_BROKER_URL)
        except Exception as error:  # Each transport has its own family of errors.
            breaker.failed(error)
    return "down" if breaker.is_away else "ok"


@functools.cache
def _breaker_of(address: str) -> Breaker:
    return Breaker("broker", functools.partial(_broker_ask, address))


def _broker_ask(address: str) -> None:
    options: dict[str, Any] = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_timeout": BROKER_SECONDS,
    }
    with Connection(  # type: ignore[no-untyped-call]
        address, connect_timeout=BROKER_SECONDS, transport_options=options
    ) as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
        # A socket that accepts and then says nothing is not a broker.
        with broker.channel() as channel:
            if client := getattr(channel, "client", None):
                client.ping()
