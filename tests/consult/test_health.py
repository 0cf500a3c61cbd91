"""A load balancer is told the truth, quickly, and nothing else."""

import json

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get("/health/ready")
    assert "no-store" in response["Cache-Control"]
    return response.status_code, response.json()


def test_alive_needs_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_with_database_and_broker(client, settings, broker_url):
    settings.CELERY_BROKER_URL = broker_url
    assert ready(client) == (
        200,
        {
            "status": "ok",
            "database": "ok",
            "broker": "ok",
            "cache": "ok",
        },
    )


def test_without_the_broker_people_are_still_sent_here(client, settings):
    settings.CELERY_BROKER_URL = "redis://:hush@127.0.0.1:1/0"
    assert ready(client) == (
        200,
        {
            "status": "degraded",
            "database": "ok",
            "broker": "down",
            "cache": "ok",
        },
    )


def test_a_broker_that_accepts_and_says_nothing_is_down_and_costs_little(client, settings):
    import socket
    import time

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        start = time.monotonic()
        status, said = ready(client)
    assert (status, said["broker"]) == (200, "down")
    assert time.monotonic() - start < 8


def test_pending_migrations_keep_people_away(client, settings):
    settings.CELERY_BROKER_URL = "memory://"
    MigrationRecorder(connection).migration_qs.filter(app="answering").latest("name").delete()
    status, said = ready(client)
    assert (status, said["status"], said["database"]) == (503, "down", "migrations pending")


def test_a_database_that_is_down_is_said_without_its_address(client, settings, monkeypatch):
    from django.db import OperationalError
    from django.db.backends.postgresql.base import DatabaseWrapper

    def refuse(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("connection to server at db.internal failed for user consult")

    settings.CELERY_BROKER_URL = "memory://"
    monkeypatch.setattr(DatabaseWrapper, "cursor", refuse)
    status, said = ready(client)
    assert (status, said["database"]) == (503, "down")
    assert "internal" not in json.dumps(said)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_only_asked(client, path):
    assert client.post(path).status_code == 405
