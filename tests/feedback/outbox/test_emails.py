"""Emails: each exactly once, in the person's language, plain and HTML, none lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from feedback.outbox.emails import (
    Recipient,
    Words,
    compose,
    email_kind_add,
    email_queue,
    email_send,
    emails_purge,
    emails_send_due,
    kinds,
)
from feedback.outbox.enums import EmailState
from feedback.outbox.models import Email, OutboxMessage
from feedback.outbox.services import outbox_relay
from tests.sources import modules

pytestmark = pytest.mark.django_db

WORDS = Words(
    subject="Hello {name}",
    paragraphs=("It is about {name}.",),
    action="Go there:",
    after=("Goodbye.",),
)
LINK = "https://consult.example/staff/x/"


@pytest.fixture(autouse=True)
def _kind(monkeypatch) -> None:
    monkeypatch.setitem(kinds, "test", None)
    email_kind_add("test", WORDS, lookup)


def lookup(about: Any) -> Recipient | None:
    if about["id"] < 0:
        return None
    values = {"en": {"name": "Élise & <b>"}, "fr": {"name": "Élise & <b>"}}
    return Recipient(address="elise@example.ca", language="fr", values=values, link=LINK)


def relayed() -> None:
    outbox_relay(send=lambda _task, email_id: email_send(email_id=email_id))


def test_an_email_goes_out_once_however_often_it_is_asked_for() -> None:
    email = email_queue("test", {"id": 1})
    relayed()
    for _ in range(3):
        email_send(email_id=email.pk)
    emails_send_due()
    (sent,) = mail.outbox
    assert sent.to == ["elise@example.ca"]
    assert str(email.message_id) in sent.extra_headers["Message-ID"]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    email.refresh_from_db()
    assert (email.state, email.attempts) == (EmailState.SENT, 1)
    assert email.sent_at


def test_what_is_rolled_back_writes_to_nobody() -> None:
    class Undone(Exception):  # noqa: N818
        pass

    def undone() -> None:
        with transaction.atomic():
            email_queue("test", {"id": 1})
            raise Undone

    with pytest.raises(Undone):
        undone()
    assert not Email.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_plain_and_html_say_the_same_and_a_name_is_no_markup() -> None:
    email = compose(WORDS, lookup({"id": 1}), message_id="<x@y>")  # type: ignore[arg-type]
    (html, kind) = email.alternatives[0]
    assert kind == "text/html"
    assert "It is about Élise & <b>." in email.body
    assert "It is about Élise &amp; &lt;b&gt;." in html
    assert "style" not in html
    for text in (email.body, html):
        assert LINK in text
        assert "Goodbye." in text


def test_who_never_said_a_language_is_written_to_in_both() -> None:
    words = kinds["password_reset"].words
    values = {language: {"name": "X", "account": "x"} for language in ("en", "fr")}
    composed = {
        language: compose(words, Recipient("x@example.ca", language, values, LINK), message_id="x")
        for language in ("en", "fr", "")
    }
    assert composed["en"].subject != composed["fr"].subject
    assert composed[""].subject == f"{composed['en'].subject} / {composed['fr'].subject}"
    assert composed["fr"].body.splitlines()[0] in composed[""].body
    assert 'lang="en"' in composed[""].alternatives[0][0]
    assert 'lang="fr"' in composed[""].alternatives[0][0]


def test_a_line_break_in_a_name_is_no_header() -> None:
    values = {"en": {"name": "X\nBcc: everybody@example.ca"}}
    email = compose(WORDS, Recipient("x@example.ca", "en", values), message_id="<x@y>")
    assert "\n" not in email.subject
    assert email.message()["Bcc"] is None


def test_a_server_that_is_away_is_asked_again_later_and_later(monkeypatch) -> None:
    def away(*_: Any) -> None:
        raise SMTPServerDisconnected("mail.internal said elise@example.ca")

    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", away)
        email = email_queue("test", {"id": 1})
        email_send(email_id=email.pk)
        email.refresh_from_db()
        assert (email.state, email.last_error) == (EmailState.WAITING, "SMTPServerDisconnected")
        assert emails_send_due() == 0
        with time_machine.travel(timezone.now() + timedelta(minutes=1, seconds=1)):
            assert emails_send_due() == 1
        email.refresh_from_db()
        assert email.due_at - timezone.now() > timedelta(minutes=2)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert emails_send_due() == 1
    assert len(mail.outbox) == 1


def test_an_address_its_server_does_not_know_is_not_tried_again(monkeypatch) -> None:
    def refuse(*_: Any) -> None:
        raise SMTPRecipientsRefused({"elise@example.ca": (550, b"no such elise@example.ca")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    email = email_queue("test", {"id": 1})
    email_send(email_id=email.pk)
    email.refresh_from_db()
    assert (email.state, email.last_error) == (EmailState.REFUSED, "SMTPRecipientsRefused 550")


def test_a_worker_that_died_with_an_email_is_followed_by_another(monkeypatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Killed

    email = email_queue("test", {"id": 1})
    with monkeypatch.context() as dying:
        dying.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Killed):
            email_send(email_id=email.pk)
    # Meanwhile nobody else takes it.
    email_send(email_id=email.pk)
    assert not mail.outbox
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        emails_send_due()
    assert len(mail.outbox) == 1


def test_without_a_mail_server_emails_wait_and_without_a_reader_they_end(settings) -> None:
    gone = email_queue("test", {"id": -1})
    email_send(email_id=gone.pk)
    settings.CONSULT_EMAIL_ENABLED = False
    waits = email_queue("test", {"id": 1})
    email_send(email_id=waits.pk)
    gone.refresh_from_db()
    waits.refresh_from_db()
    assert (gone.state, waits.state) == (EmailState.DROPPED, EmailState.WAITING)
    assert not mail.outbox


def test_what_is_kept_is_ids_and_goes_after_a_week() -> None:
    email_queue("test", {"id": 1})
    assert emails_purge() == 0
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert emails_purge() == 1


def test_an_email_nobody_knows_is_refused_when_it_is_queued() -> None:
    with pytest.raises(ValueError, match="unheard"):
        email_queue("unheard", {"id": 1})


def test_each_email_is_a_file_of_its_own() -> None:
    folder = "feedback/outbox/emails/"
    files = {Path(name).stem for name, _tree in modules() if name.startswith(folder)}
    assert files - {"__init__", "bounces", "registry", "sending", "words"} == set(kinds) - {"test"}
