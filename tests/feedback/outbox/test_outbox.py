"""What must happen after a commit happens, once the broker is there."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from feedback.answering.tasks import tally_refresh
from feedback.asking.models import EngagementTally
from feedback.outbox import services as outbox
from feedback.outbox import tasks
from feedback.outbox.models import OutboxMessage
from feedback.outbox.services import RelayReport, outbox_purge, outbox_relay
from tests.factories import make_questionnaire, submit

pytestmark = pytest.mark.django_db


def test_messages_of_one_engagement_go_as_one_and_are_sent_once() -> None:
    one, other = make_questionnaire().engagement, make_questionnaire().engagement
    for engagement in (one, one, other):
        submit(engagement)
    sent: list[Any] = []
    assert outbox_relay(send=lambda *message: sent.append(message)) == RelayReport(3, 0)
    assert sent == [
        ("feedback.answering.tasks.tally_refresh", one.pk),
        ("feedback.answering.tasks.tally_refresh", other.pk),
    ]
    assert outbox_relay(send=lambda *message: sent.append(message)) == RelayReport(0, 0)
    assert len(sent) == 2


def test_broker_that_is_down_loses_nothing_and_raises_nothing() -> None:
    engagement = make_questionnaire().engagement
    for _ in range(3):
        submit(engagement)

    def refuse(*_message: Any) -> None:
        raise ConnectionRefusedError

    for _ in range(2):
        assert outbox_relay(send=refuse) == RelayReport(0, 3)
    message = OutboxMessage.objects.first()
    assert (message.attempts, message.last_error) == (2, "ConnectionRefusedError")
    assert message.relayed_at is None
    sent: list[Any] = []
    assert outbox_relay(send=lambda *m: sent.append(m)) == RelayReport(3, 0)
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (3, "")


def test_round_ends_at_the_first_failure_and_keeps_what_went_through() -> None:
    engagements = [make_questionnaire().engagement for _ in range(3)]
    for engagement in engagements:
        submit(engagement)
    sent: list[int] = []

    def second_fails(task: str, engagement_id: int) -> None:
        if sent:
            raise TimeoutError
        sent.append(engagement_id)

    assert outbox_relay(send=second_fails) == RelayReport(1, 2)
    waiting = OutboxMessage.objects.filter(relayed_at=None)
    assert [m.payload["engagement_id"] for m in waiting] == [e.pk for e in engagements[1:]]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_share_the_work() -> None:
    for _ in range(4):
        submit(make_questionnaire().engagement)
    sent: list[int] = []
    claimed, go = threading.Event(), threading.Event()

    def slow(_task: str, engagement_id: int) -> None:
        claimed.set()
        go.wait(10)
        sent.append(engagement_id)

    def relay() -> None:
        try:
            outbox_relay(limit=2, send=slow)
        finally:
            connections.close_all()

    thread = threading.Thread(target=relay)
    thread.start()
    assert claimed.wait(10)
    assert outbox_relay(send=lambda _task, pk: sent.append(pk)) == RelayReport(2, 0)
    go.set()
    thread.join()
    assert len(sent) == len(set(sent)) == 4


@pytest.mark.django_db(transaction=True)
def test_relay_that_dies_before_it_marks_leaves_the_messages_waiting() -> None:
    submit(make_questionnaire().engagement)

    class Killed(BaseException):
        pass

    def die(*_message: Any) -> None:
        raise Killed

    with pytest.raises(Killed):
        outbox_relay(send=die)
    assert OutboxMessage.objects.get().relayed_at is None


def test_message_of_a_response_that_was_rolled_back_is_never_sent() -> None:
    engagement = make_questionnaire().engagement
    with transaction.atomic():
        submit(engagement)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_broker_that_answers_nothing_costs_the_relay_seconds_not_minutes(monkeypatch) -> None:
    """A socket that accepts and stays silent: nothing is lost, and the round ends."""
    from celery import Celery

    with socket.create_server(("127.0.0.1", 0)) as silent:
        # Else every task of a later test is sent to this one's broker.
        address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        app = Celery("relay", broker=address, set_as_current=False)
        app.conf.broker_transport_options = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
        app.conf.broker_connection_retry = False
        monkeypatch.setattr(outbox, "current_app", app)
        submit(make_questionnaire().engagement)
        start = time.monotonic()
        assert outbox_relay() == RelayReport(0, 1)
        assert time.monotonic() - start < 20
    assert OutboxMessage.objects.get().attempts == 1


def test_tasks_do_what_they_are_called(monkeypatch) -> None:
    engagement = make_questionnaire().engagement
    submit(engagement)
    monkeypatch.setattr(outbox.current_app, "send_task", lambda *a, **k: tally_refresh(*k["args"]))
    tasks.outbox_relay()
    assert EngagementTally.objects.get().count == 1
    assert not OutboxMessage.objects.filter(relayed_at=None).exists()


def test_a_message_is_deleted_long_after_it_was_handed_over_and_never_before(settings: Any) -> None:
    engagement = make_questionnaire().engagement
    for _ in range(4):
        submit(engagement)
    now, day = timezone.now(), timedelta(days=1)
    old, young, waiting, failing = OutboxMessage.objects.all()
    OutboxMessage.objects.update(created_at=now - 400 * day)
    OutboxMessage.objects.filter(pk=old.pk).update(
        relayed_at=now - (settings.CONSULT_OUTBOX_DAYS + 1) * day
    )
    OutboxMessage.objects.filter(pk=young.pk).update(
        relayed_at=now - (settings.CONSULT_OUTBOX_DAYS - 1) * day
    )
    OutboxMessage.objects.filter(pk=failing.pk).update(attempts=9, last_error="OSError")
    assert outbox_purge() == 1
    assert set(OutboxMessage.objects.all()) == {young, waiting, failing}
    for _ in range(5):
        tasks.outbox_purge()
    assert OutboxMessage.objects.count() == 3
