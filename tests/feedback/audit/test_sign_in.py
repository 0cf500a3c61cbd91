"""What the audit log tells of second steps, sessions, passwords, invitations, and of guessing."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry, AuditTally
from feedback.audit.wording import said
from feedback.outbox.emails import email_send
from feedback.outbox.models import Email
from feedback.people.enums import Refusal, Role
from feedback.people.invitations import invitation_token
from feedback.people.models import Invitation, Membership, User
from feedback.people.sign_in.second_factor import code_now
from feedback.people.signals import sign_in_refused
from tests.factories import make_department, make_superuser, make_user

pytestmark = pytest.mark.django_db
DOOR, CODE, SECURITY = "/staff/sign-in/", "/staff/sign-in/code/", "/staff/security/"
PASSWORD = "correct horse battery"
NEW = "a quite different sentence"


def last(act: Act) -> AuditEntry:
    entry = AuditEntry.objects.filter(act=act).first()
    assert entry is not None, act
    return entry


def told(entry: AuditEntry) -> tuple[Any, ...]:
    return entry.actor_name, entry.reference, entry.before, entry.after


def password(client: Client, name: str = "elise") -> Any:
    return client.post(DOOR, {"login": name, "password": PASSWORD})


@pytest.fixture
def elise() -> Any:
    return make_user(username="elise", email="elise@here.example")


# --- Second steps ----------------------------------------------------------------------------


def test_a_second_step_is_told_when_it_comes_is_used_up_and_goes(client, elise) -> None:
    password(client)
    page = client.get(f"{SECURITY}app/").content.decode()
    secret = re.search(r'class="key">(\w+)<', page)[1]
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(f"{SECURITY}app/", {"code": shown})
    added = AuditEntry.objects.filter(act=Act.FACTOR_ADDED)
    assert {entry.after["factor"] for entry in added} == {"totp", "recovery_codes"}
    assert {entry.actor_name for entry in added} == {"elise"}
    codes = Authenticator.objects.get(user=elise, type="recovery_codes").wrap().generate_codes()
    elsewhere = Client()
    password(elsewhere)
    elsewhere.post(CODE, {"code": codes[0]})
    assert told(last(Act.RECOVERY_CODE_USED)) == ("elise", "elise", {}, {"codes_left": 9})
    client.post(f"{SECURITY}codes/new/")
    assert last(Act.FACTOR_ADDED).after == {"factor": "recovery_codes"}
    client.post(f"{SECURITY}app/remove/")
    gone = AuditEntry.objects.filter(act=Act.FACTOR_REMOVED)
    assert {(e.actor_name, e.before["factor"]) for e in gone} == {
        ("elise", "totp"), ("elise", "recovery_codes"),
    }  # fmt: skip
    # No code and no secret.
    kept = " ".join(str((entry.before, entry.after)) for entry in AuditEntry.objects.all())
    assert secret not in kept
    assert codes[0] not in kept


def test_one_that_is_removed_for_somebody_is_told_with_by_whom(client, elise) -> None:
    Membership.objects.create(user=elise, department=make_department("here"), role=Role.AUTHOR)
    password(Client())
    for _ in range(2):
        Authenticator.objects.create(user=elise, type="webauthn", data={})
    client.force_login(make_superuser("ada"))
    client.post(reverse("second-factor-remove", args=[elise.pk]))
    assert told(last(Act.FACTOR_REMOVED)) == ("ada", "elise", {"factor": "webauthn"}, {})
    assert AuditEntry.objects.filter(act=Act.FACTOR_REMOVED).count() == 2
    assert told(last(Act.SESSIONS_ENDED)) == ("ada", "elise", {}, {"sessions": 1})
    # For the auditors of where she works, though the administrator works in no department.
    for act in (Act.FACTOR_REMOVED, Act.SESSIONS_ENDED):
        assert last(act).departments == ["here"]
    Authenticator.objects.create(user=elise, type="webauthn", data={})
    call_command("second_factor_remove", "elise")
    by_itself = last(Act.FACTOR_REMOVED)
    assert (by_itself.actor_name, by_itself.departments) == ("", ["here"])


def test_sessions_that_are_ended_are_told_and_none_is_not(client, elise) -> None:
    for each in (client, Client(), Client()):
        password(each)
    client.post(f"{SECURITY}sessions/", {"session": "others"})
    assert told(last(Act.SESSIONS_ENDED)) == ("elise", "elise", {}, {"sessions": 2})
    written = AuditEntry.objects.count()
    client.post(f"{SECURITY}sessions/", {"session": "others"})
    client.post(f"{SECURITY}sessions/", {"session": "123456"})
    assert AuditEntry.objects.count() == written


# --- Passwords ---------------------------------------------------------------------------------


def test_a_password_is_told_when_it_changes_and_how(client, elise) -> None:
    password(client)
    client.post(
        f"{SECURITY}password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert told(last(Act.PASSWORD_CHANGED)) == ("elise", "elise", {}, {})
    assert not AuditEntry.objects.filter(act=Act.PASSWORD_RESET).exists()
    stranger = Client()
    stranger.post("/staff/password/", {"email": "elise@here.example"})
    email_send(email_id=Email.objects.get(kind="password_reset").pk)
    link = re.search(r"https?://[^/]+(/staff/password/new/\S+)", mail.outbox[0].body)[1]
    form = stranger.get(link, follow=True).request["PATH_INFO"]
    stranger.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert told(last(Act.PASSWORD_RESET)) == ("elise", "elise", {}, {})
    assert last(Act.PASSWORD_CHANGED).actor_name == ""


# --- Invitations -------------------------------------------------------------------------------


def test_an_invitation_is_told_from_its_sending_to_a_link_used_twice(client) -> None:
    here = make_department("here")
    client.force_login(make_superuser("ada"))
    form = {"email": "nora@here.example", "language": "fr", "department": here.pk}
    for role in ("analyst", "auditor"):
        client.post("/staff/people/invitations/", form | {"role": role})
    assert told(last(Act.INVITATION_WITHDRAWN))[2] == {
        "email": "nora@here.example", "role": "analyst",
    }  # fmt: skip
    sent = last(Act.INVITATION_SENT)
    assert (sent.actor_name, sent.departments, sent.after["role"]) == ("ada", ["here"], "auditor")
    invitation = Invitation.objects.get(withdrawn_at=None)
    assert sent.reference == str(invitation.pk)
    link = f"/staff/invitation/{invitation_token(invitation)}/"
    taken = {
        "first_name": "Nora", "last_name": "Roy", "language": "fr", "password": NEW, "again": NEW,
    }  # fmt: skip
    somebody = Client()
    somebody.post(link, taken)
    accepted = last(Act.INVITATION_ACCEPTED)
    assert (accepted.reference, accepted.actor_name) == (sent.reference, "nora@here.example")
    assert accepted.after == {"username": "nora@here.example"}
    # Whoever invited gave the role.
    given = last(Act.ROLE_GIVEN)
    assert (given.actor_name, given.reference) == ("ada", "nora@here.example")
    for _ in range(12):
        assert somebody.get(link).status_code == 410
    refused = AuditEntry.objects.filter(act=Act.INVITATION_REFUSED).order_by("pk")
    assert [(e.reference, e.departments, e.after) for e in refused] == [
        (sent.reference, ["here"], {"why": "accepted", "times": times}) for times in (1, 10)
    ]
    # One that was withdrawn is withdrawn once.
    written = AuditEntry.objects.count()
    client.post("/staff/people/invitations/", {"withdraw": str(invitation.pk)})
    assert AuditEntry.objects.count() == written


# --- Guessing ----------------------------------------------------------------------------------


def test_a_thousand_wrong_passwords_are_a_few_entries_that_say_how_many(client, elise) -> None:
    for _ in range(1000):
        sign_in_refused.send(sender=User, request=None, user=elise, reason=Refusal.TOO_SOON)
    entries = AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED).order_by("pk")
    assert [entry.after["times"] for entry in entries.all()] == [1, 10, 100, 1000]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert client.post(DOOR, {"login": "elise", "password": "wrong"}).status_code == 200
        sign_in_refused.send(sender=User, request=None, user=elise, reason=Refusal.TOO_SOON)
    assert [(e.after["why"], e.after["times"]) for e in entries.all()[4:]] == [
        ("password", 1), ("too_soon", 1),
    ]  # fmt: skip
    assert AuditTally.objects.count() == 2


def test_what_is_typed_for_nobody_shares_one_count(client) -> None:
    for n in range(4):
        client.post(DOOR, {"login": f"nobody-{n}", "password": "wrong"})
    assert AuditTally.objects.get().times == 4
    assert AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED).count() == 1


def test_a_wrong_code_and_a_wait_are_told_with_their_reason(client, elise) -> None:
    app = Authenticator.objects.create(
        user=elise, type="totp", data={"secret": encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")}
    )
    password(client)
    wrong = str((int(code_now(app)) + 1) % 1_000_000).zfill(6)
    for _ in range(7):
        client.post(CODE, {"code": wrong})
    entries = AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED)
    assert {entry.after["why"] for entry in entries} == {"code", "too_soon"}
    assert {entry.reference for entry in entries} == {"elise"}


# --- Roles -------------------------------------------------------------------------------------


def test_no_role_is_given_or_changed_past_the_log(elise) -> None:
    here = make_department("here")
    make_user(here, "auditor")
    with pytest.raises(TypeError, match="audit log"):
        Membership.objects.update(role="analyst")
    with pytest.raises(TypeError, match="audit log"):
        elise.memberships.filter(role="x").update(role="analyst")
    with pytest.raises(TypeError, match="audit log"):
        Membership.objects.bulk_create([Membership(user=elise, department=here, role="analyst")])
    with pytest.raises(TypeError, match="audit log"):
        Membership.objects.bulk_update([], ["role"])
    assert Membership.objects.get().role == "auditor"


# --- Words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Too many tries", "authenticator app", "9"]),
        ("fr", ["Trop de tentatives", "application d'authentification", "9"]),
    ],
)
def test_what_is_kept_is_worded_in_both_languages(language, words) -> None:
    with translation.override(language):
        lines = said(Act.SIGN_IN_FAILED, {}, {"why": "too_soon", "factor": "totp", "codes_left": 9})
    assert [line.after.replace("\u2019", "'") for line in lines] == words
    assert not {"why", "factor", "codes_left"} & {line.label for line in lines}
