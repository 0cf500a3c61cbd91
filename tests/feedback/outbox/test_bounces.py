"""Emails that come back: noted by their Message-ID, whatever else is in the mailbox."""

from __future__ import annotations

import io
import mailbox
import time
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from feedback.outbox.emails import email_queue
from feedback.outbox.emails.bounces import LONGEST, bounce_in, bounces_note
from feedback.outbox.enums import EmailState
from feedback.outbox.models import Email
from feedback.people.invitations import invitation_send
from feedback.people.models import Invitation
from tests.factories import make_department, make_superuser

pytestmark = pytest.mark.django_db

REPORT = """\
From: MAILER-DAEMON@mx.example
To: consult@consult.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b
Content-Type: text/plain

I'm sorry. <nora@here.example>: unknown user

--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Sun, 29 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; nora@here.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 nora@here.example: no such user

--=b
Content-Type: {third}

Message-ID: {message_id}
Subject: Invitation
To: nora@here.example

{body}
--=b--
"""


def report(email: Any = None, **other: str) -> bytes:
    said = {
        "action": "failed",
        "status": "5.1.1",
        "third": "message/rfc822",
        "message_id": f"<{email.message_id if email else uuid4()}@consult.example>",
        "body": "",
    }
    return REPORT.format(**said | other).encode()


@pytest.fixture
def email() -> Email:
    email = email_queue("password_reset", {"user_id": 1})
    email.state = EmailState.SENT
    email.save()
    return email


def state(email: Email) -> tuple[str, str]:
    email.refresh_from_db()
    return email.state, email.last_error


# --- What is noted -------------------------------------------------------------------------------


@pytest.mark.parametrize("third", ["message/rfc822", "text/rfc822-headers"])
def test_what_came_back_is_noted_once_by_its_message_id(email, third, caplog) -> None:
    other = email_queue("password_reset", {"user_id": 2})
    sent = report(email, third=third)
    assert bounces_note([sent, sent]).noted == 1
    assert state(email) == (EmailState.BOUNCED, "came back 5.1.1")
    assert state(other)[0] == EmailState.WAITING
    assert "nora" not in caplog.text
    assert "email_came_back" in caplog.text


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "delivered", "status": "2.0.0"},
        {"action": "relayed"},
        {"action": ""},
        {"third": "text/plain"},
        {"message_id": ""},
        {"message_id": "<not-ours@mx.example>"},
        {"message_id": f"<{uuid4()}@consult.example>"},
        {"message_id": f"<{uuid4()}@consult.example> <x@y>"},
    ],
)
def test_what_says_no_such_thing_of_ours_is_not(email, changed) -> None:
    assert bounces_note([report(email, **changed)]).noted == 0
    assert state(email)[0] == EmailState.SENT


def test_a_status_that_is_none_is_not_kept(email) -> None:
    bounces_note([report(email, status="nora@here.example says no")])
    assert state(email) == (EmailState.BOUNCED, "came back")


def test_one_that_was_not_sent_yet_cannot_come_back(email) -> None:
    waits = email_queue("password_reset", {"user_id": 2})
    assert bounces_note([report(waits)]).noted == 0
    assert state(waits)[0] == EmailState.WAITING


# --- What a stranger may send ------------------------------------------------------------------


def nested(depth: int) -> bytes:
    lines = [b"Content-Type: multipart/report; report-type=delivery-status; boundary=b0", b""]
    for n in range(1, depth):
        lines += [b"--b%d" % (n - 1), b"Content-Type: multipart/mixed; boundary=b%d" % n, b""]
    return b"\n".join(lines)


def test_hostile_messages_cost_little_and_change_nothing(email) -> None:
    forwarded = (
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n"
        + report(email)
        + b"\n--o--\n"
    )
    messages = [
        b"", b"\0" * 1000, b"\xff" * 1000, b"no header at all", nested(20_000), forwarded,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\nno parts",
        b"Content-Type: multipart/report; report-type=delivery-status\n\n--\n",
        report(email).replace(b"message/delivery-status", b"message/rfc822"),
        b"A: " + b"b" * 5 * LONGEST,
    ]  # fmt: skip
    began = time.process_time()
    tally = bounces_note(messages)
    assert time.process_time() - began < 5
    assert (tally.read, tally.noted) == (len(messages), 0)
    assert state(email)[0] == EmailState.SENT


def test_a_report_with_a_huge_original_is_still_read(email) -> None:
    assert bounce_in(report(email, body="words " * LONGEST)) is not None


# --- The command -------------------------------------------------------------------------------


def test_a_mailbox_a_folder_and_standard_input_are_read_and_left_alone(
    email, tmp_path, monkeypatch, capsys
) -> None:
    others = [email_queue("password_reset", {"user_id": n}) for n in (2, 3)]
    Email.objects.update(state=EmailState.SENT)
    box = mailbox.mbox(tmp_path / "mbox")
    box.add(report(email))
    box.add(b"Subject: Out of office\n\nBack on Monday.\n")
    box.close()
    before = (tmp_path / "mbox").read_bytes()
    call_command("bounces_read", str(tmp_path / "mbox"))
    assert "read: 2; emails that came back: 1" in capsys.readouterr().out
    assert (tmp_path / "mbox").read_bytes() == before
    folder = mailbox.Maildir(tmp_path / "maildir")
    folder.add(report(others[0]))
    call_command("bounces_read", str(tmp_path / "maildir"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(others[1]))))
    call_command("bounces_read")
    assert {state(each)[0] for each in (email, *others)} == {EmailState.BOUNCED}
    with pytest.raises(CommandError):
        call_command("bounces_read", str(tmp_path / "nothing"))


# --- Who sees it -------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "said"), [("en", "Came back"), ("fr", "Revenu")])
def test_administrators_see_that_an_invitation_came_back(language, said) -> None:
    boss = make_superuser()
    for address in ("nora@here.example", "noel@here.example"):
        invitation_send(
            email=address, language="fr", department=make_department(), role="analyst", actor=boss
        )
    email = Email.objects.get(
        about__invitation_id=Invitation.objects.get(email__contains="nora").pk
    )
    email.state = EmailState.SENT
    email.save()
    bounces_note([report(email)])
    client = Client(headers={"accept-language": language})
    client.force_login(boss)
    page = client.get("/staff/people/invitations/").content.decode()
    assert page.count(said) == 1
    assert page.index("nora@here") < page.index(said)
