"""Emails about what waits: at once, every morning or never, once a day, nothing for nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.urls import reverse

from feedback.outbox.emails import email_send
from feedback.outbox.enums import EmailState
from feedback.outbox.models import Email
from feedback.outbox.services import outbox_relay
from feedback.people import waiting
from feedback.people.enums import WaitingEmails
from feedback.people.models import User
from feedback.people.waiting import Item, Kind, waiting_add
from feedback.people.waiting_emails import (
    LINES,
    digests_queue,
    waiting_emails_choose,
    waiting_told,
)
from tests.factories import make_department, make_user

pytestmark = pytest.mark.django_db

# Noon in Toronto, on a Monday.
NOON = datetime(2026, 11, 30, 17, tzinfo=UTC)
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def person(name: str = "anna", **fields: Any) -> User:
    given = {"email": f"{name}@example.ca", "language": "en", "date_joined": JOINED} | fields
    user: User = make_user(username=name, **given)
    return user


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says what waits from now on, for everybody."""
    monkeypatch.setattr(waiting, "_providers", {})
    department = make_department(name_en="Fisheries", name_fr="Pêches")

    def say(*titles: str, kind: Kind = Kind.REVIEW) -> None:
        def provider(user: User) -> list[Item]:
            return [
                Item(key=title, title=title, address=f"/staff/{title}/", department=department)
                for title in titles
            ]

        waiting_add(kind, kind, provider)

    return say


def sent() -> list[Any]:
    outbox_relay(send=lambda _task, email_id: email_send(email_id=email_id))
    return mail.outbox


# --- Every morning -----------------------------------------------------------------------------


@time_machine.travel(NOON, tick=False)
def test_what_waits_comes_once_a_day_in_the_persons_language_however_often_it_is_asked(waits):
    person("zoé", email="zoe@example.ca", language="fr")
    waits("salmon", "trout")
    for _ in range(3):
        digests_queue()
    (email,) = sent()
    assert email.to == ["zoe@example.ca"]
    assert email.subject == "Tâches en attente : 2"
    html = email.alternatives[0][0]
    for text in (email.body, html):
        assert "salmon" in text
        assert "/staff/trout/" in text
        assert "Pêches" in text
        assert reverse("waiting-emails") in text
        assert "Hello" not in text
    with time_machine.travel(datetime(2026, 12, 1, 17, tzinfo=UTC), tick=False):
        digests_queue()
        assert len(sent()) == 2


@time_machine.travel(NOON, tick=False)
def test_nothing_is_sent_when_nothing_waits_nor_for_what_is_only_good_to_know(waits):
    person()
    waits("salmon", kind=Kind.CLOSES_SOON)
    assert digests_queue() == 0
    assert not Email.objects.exists()
    # And what comes to wait in the afternoon waits for the next morning.
    waits("trout")
    assert digests_queue() == 0


@time_machine.travel(NOON, tick=False)
def test_what_was_done_before_the_email_went_out_is_not_in_it(waits):
    person()
    waits("salmon")
    digests_queue()
    waits()
    assert sent() == []
    assert Email.objects.get().state == EmailState.DROPPED


@time_machine.travel(NOON, tick=False)
def test_one_that_could_not_be_sent_all_day_is_followed_by_the_next_days_alone(waits):
    person()
    waits("salmon")
    digests_queue()
    with time_machine.travel(datetime(2026, 12, 1, 17, tzinfo=UTC), tick=False):
        digests_queue()
        assert len(sent()) == 1


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"email": ""},
        {"waiting_emails": WaitingEmails.NEVER},
        # Came an hour ago; tomorrow is early enough.
        {"date_joined": datetime(2026, 11, 30, 16, tzinfo=UTC)},
    ],
)
def test_who_left_has_no_address_wants_none_or_came_today_gets_nothing(waits, fields):
    person(**fields)
    waits("salmon")
    assert digests_queue() == 0


@time_machine.travel(NOON, tick=False)
def test_who_leaves_while_it_is_queued_gets_nothing(waits):
    anna = person()
    waits("salmon")
    digests_queue()
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert sent() == []


@time_machine.travel(NOON, tick=False)
def test_a_long_list_is_cut_and_the_rest_counted(waits):
    person()
    waits(*(f"fish-{number:02}" for number in range(LINES + 3)))
    digests_queue()
    (email,) = sent()
    assert email.body.count("/staff/fish-") == LINES
    assert "and 3 more" in email.body


@time_machine.travel(NOON, tick=False)
def test_who_has_said_no_language_gets_both(waits):
    person(language="")
    waits("salmon")
    digests_queue()
    (email,) = sent()
    assert email.subject == "Waiting for you: 1 / Tâches en attente : 1"


@time_machine.travel(NOON, tick=False)
def test_a_room_that_fails_for_one_person_keeps_nobody_else_from_theirs(waits, monkeypatch):
    unlucky, _lucky = person("anna"), person("zoe")
    waits("salmon")
    kind, provider = waiting._providers[Kind.REVIEW]

    def fails(user: User) -> Any:
        if user == unlucky:
            raise RuntimeError
        return provider(user)

    waiting_add(Kind.REVIEW, kind, fails)
    assert digests_queue() == 1
    # Nor from hers, once it is mended.
    waiting_add(Kind.REVIEW, kind, provider)
    assert digests_queue() == 1
    assert {email.to[0] for email in sent()} == {"anna@example.ca", "zoe@example.ca"}


# The hour that is missing is 2 to 3 of March 8, the one that comes twice 1 to 2 of November 1.
@pytest.mark.parametrize(
    ("hour", "moments", "expected"),
    [
        pytest.param(7, ["2026-11-30T11:59", "2026-11-30T12:00"], [0, 1], id="at seven"),
        pytest.param(2, ["2026-03-08T06:59", "2026-03-08T07:00"], [0, 1], id="an hour less"),
        pytest.param(
            1,
            ["2026-11-01T04:59", "2026-11-01T05:00", "2026-11-01T06:00", "2026-11-01T06:59"],
            [0, 1, 0, 0],
            id="an hour twice",
        ),
    ],
)
def test_it_comes_at_its_hour_there_once_also_when_clocks_change(
    waits, settings, hour, moments, expected
):
    settings.CONSULT_DIGEST_HOUR = hour
    settings.CONSULT_DIGEST_TIME_ZONE = "America/Toronto"
    person()
    waits("salmon")
    queued = []
    for moment in moments:
        with time_machine.travel(datetime.fromisoformat(f"{moment}+00:00"), tick=False):
            queued.append(digests_queue())
    assert queued == expected


def test_the_hour_is_that_of_the_zone_that_was_set(waits, settings):
    settings.CONSULT_DIGEST_HOUR = 7
    settings.CONSULT_DIGEST_TIME_ZONE = "America/Vancouver"
    person()
    waits("salmon")
    with time_machine.travel(datetime(2026, 11, 30, 14, 59, tzinfo=UTC), tick=False):
        assert digests_queue() == 0
    with time_machine.travel(datetime(2026, 11, 30, 15, tzinfo=UTC), tick=False):
        assert digests_queue() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_queue_one_for_each_person(waits):
    with time_machine.travel(NOON, tick=False):
        for name in ("anna", "zoe", "amir"):
            person(name)
        waits("salmon")

        def work(_number: int) -> int:
            try:
                return digests_queue()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as workers:
            assert sum(workers.map(work, range(2))) == 3
        assert Email.objects.count() == 3


# --- At once -----------------------------------------------------------------------------------


def test_who_wants_it_at_once_is_told_of_that_one_thing_and_nobody_else_is(waits):
    waits("salmon", "trout")
    people = [
        person("anna", waiting_emails=WaitingEmails.AT_ONCE),
        person("zoe"),
        person("amir", waiting_emails=WaitingEmails.AT_ONCE, is_active=False),
        person("paula", waiting_emails=WaitingEmails.AT_ONCE, email=""),
    ]
    assert waiting_told(people, key="trout") == 1
    (email,) = sent()
    assert email.to == ["anna@example.ca"]
    assert email.subject == "Themes to review: trout"
    assert "salmon" not in email.body


def test_who_was_told_of_what_somebody_else_did_already_is_not(waits):
    waits("salmon")
    waiting_told([person(waiting_emails=WaitingEmails.AT_ONCE)], key="trout")
    assert sent() == []


# --- The choice --------------------------------------------------------------------------------


def chosen(html: str) -> list[str]:
    return re.findall(r'value="(\w+)"[^>]* checked', html)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_person_chooses_and_the_screen_says_what_was_chosen(client, language):
    anna = person()
    client.force_login(anna)
    address, spoken = reverse("waiting-emails"), {"accept-language": language}
    assert chosen(client.get(address, headers=spoken).content.decode()) == ["daily"]
    response = client.post(address, {"choice": "never"}, headers=spoken, follow=True)
    assert f'<html lang="{language}">' in response.content.decode()
    assert chosen(response.content.decode()) == ["never"]
    anna.refresh_from_db()
    assert anna.waiting_emails == WaitingEmails.NEVER
    refused = client.post(address, {"choice": "hourly"}, headers=spoken)
    assert refused.status_code == 422
    assert b'role="alert"' in refused.content


def test_who_wants_emails_again_gets_the_first_tomorrow(waits):
    anna = person(waiting_emails=WaitingEmails.NEVER)
    waits("salmon")
    with time_machine.travel(NOON, tick=False):
        waiting_emails_choose(user=anna, choice=WaitingEmails.DAILY)
        assert digests_queue() == 0
    with time_machine.travel(datetime(2026, 12, 1, 17, tzinfo=UTC), tick=False):
        assert digests_queue() == 1


def test_who_has_it_daily_and_changes_to_at_once_still_gets_this_mornings(waits):
    anna = person()
    waits("salmon")
    with time_machine.travel(NOON, tick=False):
        waiting_emails_choose(user=anna, choice=WaitingEmails.AT_ONCE)
        assert digests_queue() == 1
