"""What waits for a person: each room adds what it has, by kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from feedback.people import waiting
from feedback.people.models import Department, User
from feedback.people.waiting import Item, Kind, waiting_add, waits_for
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_providers", {})


def item(name: str, department: Department, **more: datetime) -> Item:
    return Item(key=name, title=name, address=f"/{name}/", department=department, **more)


def test_what_rooms_add_stands_by_kind_due_first_then_what_waits_longest() -> None:
    user, department = make_user(), make_department()
    now = timezone.now()
    waiting_add("ships", Kind.REVIEW, lambda user: [item("old", department, since=now)])
    waiting_add(
        "boats",
        Kind.REVIEW,
        lambda user: [
            item("older", department, since=now - timedelta(days=2)),
            item("later", department, due=now + timedelta(days=2)),
            item("sooner", department, due=now + timedelta(days=1)),
        ],
    )
    waiting_add("planes", Kind.APPROVE, lambda user: [item("plane", department)])
    waiting_add("nothing", Kind.TRANSLATE, lambda user: [])

    sections = waits_for(user)

    assert [section.kind for section in sections] == [Kind.APPROVE, Kind.REVIEW]
    assert [item.key for item in sections[1].items] == ["sooner", "later", "older", "old"]


def test_a_provider_is_asked_about_the_person_and_nothing_waits_for_one_who_left() -> None:
    anna, zoe, department = make_user(), make_user(), make_department()
    left = make_user(is_active=False)

    def annas(user: User) -> list[Item]:
        return [item("hers", department)] if user in (anna, left) else []

    waiting_add("annas", Kind.LATE, annas)

    assert [section.kind for section in waits_for(anna)] == [Kind.LATE]
    assert waits_for(zoe) == []
    assert waits_for(left) == []


def test_a_name_is_added_once() -> None:
    """As `ready` may run twice in a process."""
    user, department = make_user(), make_department()
    for _ in range(2):
        waiting_add("one", Kind.LATE, lambda user: [item("one", department, since=START)])
    assert [len(section.items) for section in waits_for(user)] == [1]


START = datetime(2026, 1, 1, tzinfo=UTC)
