"""The way through a real broker: what is sent by name is done by a worker, and ticks go stale."""

import time

import pytest
from celery import shared_task

from feedback.people.models import User

DONE: list[str] = []


@shared_task(name="tests.consult.note")
def note(user_id: int) -> None:
    DONE.append(User.objects.get(pk=user_id).username)


def wait(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_task_sent_by_its_name_is_done_with_what_was_committed(celery_worker):
    DONE.clear()
    user = User.objects.create_user("seen-by-the-worker")
    celery_worker.send_task("tests.consult.note", kwargs={"user_id": user.pk})
    wait(lambda: DONE)
    assert DONE == ["seen-by-the-worker"]


@pytest.mark.django_db(transaction=True)
def test_a_tick_that_is_too_old_is_not_done(celery_worker):
    DONE.clear()
    user = User.objects.create_user("late")
    celery_worker.send_task("tests.consult.note", kwargs={"user_id": user.pk}, expires=-1)
    celery_worker.send_task("tests.consult.note", kwargs={"user_id": user.pk})
    wait(lambda: DONE)
    time.sleep(0.3)
    assert DONE == ["late"]
