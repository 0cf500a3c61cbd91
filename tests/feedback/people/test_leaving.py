"""Staff who leave and come back: nothing lost, no door left open, the work in somebody's hands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.publishing.models import DepartmentFiles
from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry
from feedback.outbox.emails import email_send
from feedback.outbox.models import Email
from feedback.people.enums import Role
from feedback.people.invitations import invitation_send
from feedback.people.leaving.services import (
    LastAdministrator,
    NobodyGiven,
    person_leave,
    person_return,
    roles_left_without,
)
from feedback.people.leaving.work import work_of
from feedback.people.models import User
from tests.factories import make_department, make_engagement, make_pages, make_superuser, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WRITES = Role.APPROVER


@pytest.fixture
def here() -> Any:
    return make_department("here")


@pytest.fixture
def leaver(here) -> Any:
    return make_user(
        here, WRITES, Role.ANALYST, username="elise", email="elise@here.example", first_name="Élise"
    )


@pytest.fixture
def boss() -> Any:
    return make_superuser("ada")


def locked_page(here: Any, leaver: Any) -> Any:
    page = make_pages(make_engagement(here)).english
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=leaver, owner=leaver)
    return page


def uploaded(here: Any, leaver: Any) -> Any:
    return get_document_model().objects.create(
        title="Plan",
        file=ContentFile(b"words", name="plan.txt"),
        uploaded_by_user=leaver,
        collection=DepartmentFiles.objects.get(department=here).collection,
    )


def address(person: Any) -> str:
    return reverse("person-leaving", args=[person.pk])


def browser(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


# --- The account -------------------------------------------------------------------------------


def test_every_door_closes_at_once_and_what_was_done_stays(here, leaver, boss) -> None:
    session = Client()
    session.post("/staff/sign-in/", {"login": "elise", "password": PASSWORD})
    assert session.get("/staff/review/").status_code == 200
    Authenticator.objects.create(user=leaver, type="totp", data={"secret": encrypt("A" * 32)})
    Authenticator.objects.create(
        user=leaver, type="recovery_codes", data={"seed": encrypt("5" * 80), "used_mask": 0}
    )
    SocialAccount.objects.create(user=leaver, provider="department", uid="sub")
    invitation = invitation_send(
        email="nora@here.example", language="fr", department=here, role=WRITES, actor=leaver
    )
    written = AuditEntry.objects.filter(actor_name="elise").count()
    person_leave(user=leaver, heirs={}, actor=boss)
    assert session.get("/staff/review/")["Location"].startswith("/staff/sign-in/")
    again = Client()
    refused = again.post("/staff/sign-in/", {"login": "elise", "password": PASSWORD})
    assert "_auth_user_id" not in again.session, refused
    assert not Authenticator.objects.filter(user=leaver).exists()
    assert not SocialAccount.objects.filter(user=leaver).exists()
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.has_usable_password()) == (False, False)
    assert not leaver.memberships.exists()
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert AuditEntry.objects.filter(actor_name="elise").count() == written
    left = AuditEntry.objects.get(act=Act.USER_LEFT)
    assert (left.actor_name, left.reference, left.departments) == ("ada", "elise", ["here"])
    taken = AuditEntry.objects.filter(act=Act.ROLE_TAKEN_AWAY)
    assert {entry.actor_name for entry in taken} == {"ada"}
    assert taken.count() == 2
    # Their auditors read all of it, to the end of the second step and of the session.
    for act in (Act.FACTOR_REMOVED, Act.SESSIONS_ENDED, Act.ROLE_TAKEN_AWAY):
        last = AuditEntry.objects.filter(act=act).latest("pk")
        assert (last.actor_name, last.departments) == ("ada", ["here"])
    # No link by email opens it either.
    Client().post("/staff/password/", {"email": "elise@here.example"})
    assert not Email.objects.filter(kind="password_reset").exists()


def test_who_comes_back_chooses_a_password_and_has_no_role_and_no_second_step(leaver, boss) -> None:
    person_leave(user=leaver, heirs={}, actor=boss)
    person_return(user=leaver, actor=boss)
    person_return(user=leaver, actor=boss)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert not leaver.memberships.exists()
    assert AuditEntry.objects.filter(act=Act.USER_RETURNED).count() == 1
    email_send(email_id=Email.objects.get(kind="password_reset").pk)
    link = re.search(r"https?://[^/]+(/staff/password/new/\S+)", mail.outbox[-1].body)[1]
    client = Client()
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "a new one entirely", "password2": "a new one entirely"})
    client.post("/staff/sign-in/", {"login": "elise", "password": "a new one entirely"})
    assert "_auth_user_id" in client.session


def test_the_last_administrator_stays(boss) -> None:
    make_superuser("gone")
    User.objects.filter(username="gone").update(is_active=False)
    with pytest.raises(LastAdministrator):
        person_leave(user=boss, heirs={}, actor=boss)
    boss.refresh_from_db()
    assert boss.is_active
    for language, said in (("en", "last administrator"), ("fr", "dernière personne")):
        shown = browser(boss, language).get(address(boss)).content.decode()
        assert said in shown
        assert 'value="leave"' not in shown
        reply = browser(boss, language).post(address(boss), {"act": "leave"})
        assert reply.status_code == 422
        assert said in reply.content.decode()
    other = make_superuser("bea")
    person_leave(user=boss, heirs={}, actor=other)
    boss.refresh_from_db()
    assert (boss.is_active, boss.is_superuser) == (False, False)


# --- The work --------------------------------------------------------------------------------


def test_what_is_theirs_alone_goes_to_a_colleague_who_may(here, leaver, boss) -> None:
    page, document = locked_page(here, leaver), uploaded(here, leaver)
    paula = make_user(here, WRITES, username="paula", email="paula@here.example", language="fr")
    assert {(held.kind, held.pk) for held in work_of(leaver)} >= {
        ("pages", page.pk), ("documents", document.pk),
    }  # fmt: skip
    person_leave(user=leaver, heirs={here.pk: paula}, actor=boss)
    page.refresh_from_db()
    document.refresh_from_db()
    assert (page.locked, page.locked_by, page.owner) == (True, paula, paula)
    assert document.uploaded_by_user == paula
    assert work_of(leaver) == []
    entries = AuditEntry.objects.filter(act=Act.WORK_HANDED_OVER)
    assert {(e.before["holder"], e.after["holder"], e.actor_name) for e in entries} == {
        ("elise", "paula", "ada")
    }
    assert {f"pages {page.pk}", f"documents {document.pk}"} <= {e.after["thing"] for e in entries}
    email = Email.objects.get(kind="work_handed_over")
    email_send(email_id=email.pk)
    assert mail.outbox[-1].to == ["paula@here.example"]
    assert "Élise" in mail.outbox[-1].subject
    assert str(entries.count()) in mail.outbox[-1].body


@pytest.mark.parametrize("roles", [(), (Role.ANALYST,), (Role.AUDITOR,)])
def test_what_nobody_may_take_over_is_refused_and_nothing_happens(
    here, leaver, boss, roles
) -> None:
    page = locked_page(here, leaver)
    other = make_user(here, *roles, username="other")
    elsewhere = make_user(make_department("elsewhere"), WRITES)
    for heir in ({}, {here.pk: other}, {here.pk: elsewhere}, {here.pk: leaver}, {0: boss}):
        with pytest.raises(NobodyGiven):
            person_leave(user=leaver, heirs=heir, actor=boss)
    leaver.refresh_from_db()
    page.refresh_from_db()
    assert leaver.is_active
    assert page.locked_by == leaver
    assert not AuditEntry.objects.filter(act__in=(Act.USER_LEFT, Act.WORK_HANDED_OVER)).exists()


@pytest.mark.parametrize(
    ("language", "nobody"), [("en", "Nobody in the department"), ("fr", "Personne dans ce")]
)
def test_on_the_screen_an_administrator_takes_what_nobody_else_may(
    here, leaver, boss, language, nobody
) -> None:
    page = locked_page(here, leaver)
    analyst = make_user(here, Role.ANALYST)
    client = browser(boss, language)
    shown = client.get(address(leaver))
    assert page.title in shown.content.decode()
    assert nobody in shown.content.decode()
    field = f"heir_{here.pk}"
    assert analyst.pk not in dict(shown.context["form"].fields[field].choices)
    for wrong in ({}, {field: ""}, {field: str(analyst.pk)}, {field: "x"}):
        refused = client.post(address(leaver), wrong | {"act": "leave"})
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
    done = client.post(address(leaver), {field: str(boss.pk), "act": "leave"}, follow=True)
    page.refresh_from_db()
    assert page.locked_by == boss
    assert 'value="return"' in done.content.decode()
    assert client.post(address(leaver), {"act": "return"}, follow=True).status_code == 200
    leaver.refresh_from_db()
    assert leaver.is_active


def test_roles_that_nobody_else_holds_are_said(here, leaver, boss) -> None:
    make_user(here, Role.ANALYST)
    make_user(here, WRITES, is_active=False)
    assert [m.role for m in roles_left_without(leaver)] == [WRITES]
    assert "notice warn" in browser(boss).get(address(leaver)).content.decode()


# --- No other way ------------------------------------------------------------------------------


def test_wagtails_screens_neither_deactivate_nor_delete_who_worked_here(leaver, boss) -> None:
    Client().post("/staff/sign-in/", {"login": "elise", "password": PASSWORD})
    client = browser(boss)
    edit = reverse("wagtailusers_users:edit", args=[leaver.pk])
    page = client.get(edit).content.decode()
    assert 'name="is_active"' not in page
    assert address(leaver) in page
    fields = {"username": "elise", "email": leaver.email, "first_name": "É", "last_name": "T"}
    client.post(edit, fields)
    group = str(Group.objects.order_by("pk")[0].pk)
    for action in ("delete", "set_active_state", "assign_role"):
        bulk = reverse("wagtail_bulk_action", args=["people", "user", action])
        sent = client.post(f"{bulk}?id={leaver.pk}", {"mark_as_active": "False", "role": group})
        assert sent["Location"] == reverse("wagtailusers_users:index")
    delete = reverse("wagtailusers_users:delete", args=[leaver.pk])
    assert client.post(delete)["Location"] == address(leaver)
    leaver.refresh_from_db()
    assert leaver.is_active
    unused = make_user(username="typo")
    client.post(reverse("wagtailusers_users:delete", args=[unused.pk]))
    assert not User.objects.filter(username="typo").exists()
