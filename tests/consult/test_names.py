"""Names by which one part calls another: renamed in one place alone, they would fail in silence.

Which names there are is read from the code, so that a new one is held as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from cms.publishing.models.paired import PairedPage
from consult.celery import app
from feedback.outbox.enums import OutboxTopic
from feedback.outbox.services import TASKS
from tests.sources import modules, strings

A_TASK = re.compile(r"(consult|feedback|analysis|cms)(\.\w+)*\.tasks\.\w+")


def _tasks_named() -> set[str]:
    return {
        string for _name, tree in modules() for string in strings(tree) if A_TASK.fullmatch(string)
    }


@pytest.fixture(scope="module")
def registered() -> set[str]:
    app.loader.import_default_modules()
    return {name for name in app.tasks if A_TASK.fullmatch(name)}


def test_every_task_named_anywhere_is_one_the_workers_know(registered: set[str]) -> None:
    named = _tasks_named()
    assert {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()} <= named
    assert set(TASKS.values()) <= named
    assert named - registered == set()


def test_every_task_is_called_by_where_it_stands(registered: set[str]) -> None:
    for name in registered:
        task = app.tasks[name]
        assert name == f"{task.__wrapped__.__module__}.{task.__wrapped__.__name__}"


def test_every_topic_of_the_outbox_wakes_a_task() -> None:
    assert TASKS.keys() == set(OutboxTopic)


def _names_in_errors() -> Iterator[tuple[str, str]]:
    """What the code looks for when the database has refused: by which name it knows why."""
    for name, tree in modules():
        for handler in ast.walk(tree):
            if not isinstance(handler, ast.ExceptHandler) or handler.type is None:
                continue
            if not any(getattr(n, "id", "") == "IntegrityError" for n in ast.walk(handler.type)):
                continue
            for node in ast.walk(handler):
                if isinstance(node, ast.Compare):
                    for string in strings(node):
                        yield name, string


@pytest.mark.django_db
def test_every_constraint_trigger_and_table_the_code_knows_by_name_is_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class"
            " UNION SELECT tgname FROM pg_trigger"
        )
        there = {name for (name,) in cursor.fetchall()}
        # A trigger that refuses gives its refusal a name, as a constraint has one.
        cursor.execute("SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%CONSTRAINT = ''%'")
        for (body,) in cursor.fetchall():
            there.update(re.findall(r"CONSTRAINT = '(\w+)'", body))
    named = list(_names_in_errors())
    # By what the driver tells, and by what stands in the message.
    assert {"response_once_per_token", "answering_answer"} <= {string for _name, string in named}
    assert [(name, string) for name, string in named if string not in there] == []


@pytest.mark.django_db
def test_every_kind_of_page_that_has_a_pair_is_guarded_by_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'both_languages_or_nothing'")
        (body,) = cursor.fetchone()
    (listed,) = re.findall(r"app_label IN \(([^)]*)\)", body)
    paired = {model._meta.app_label for model in apps.get_models() if issubclass(model, PairedPage)}
    assert set(re.findall(r"'(\w+)'", listed)) == paired
