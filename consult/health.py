"""Two questions a load balancer asks: is the process alive, and can it do its work?"""

from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.connection import Connection
from psycopg_pool import PoolTimeout

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

    Without the broker, answers are still taken (the outbox keeps what must follow): degraded.
    """
    database, broker = _database(), _broker()
    status = "down" if database != "ok" else "degraded" if broker != "ok" else "ok"
    if status != "ok":
        log.warning("not_ready", database=database, broker=broker)
    return JsonResponse(
        {"status": status, "database": database, "broker": broker},
        status=503 if status == "down" else 200,
    )


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


def _broker() -> str:
    options: dict[str, Any] = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_timeout": BROKER_SECONDS,
    }
    try:
        with Connection(  # type: ignore[no-untyped-call]
            settings.CELERY_BROKER_URL, connect_timeout=BROKER_SECONDS, transport_options=options
        ) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_SECONDS)
            # A socket that accepts and then says nothing is not a broker.
            with broker.channel() as channel:
                if client := getattr(channel, "client", None):
                    client.ping()
    except Exception:  # Each transport has its own family of errors.
        return "down"
    return "ok"
