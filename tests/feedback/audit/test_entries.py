"""What is kept in the audit log, of whom, who reads it, and how it is worded."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analysis.figures.cells import spreadsheet_restore
from feedback.asking.services.engagements import engagement_change, engagement_move
from feedback.asking.services.questionnaires import questionnaire_change
from feedback.audit.enums import About, Act
from feedback.audit.models import AuditEntry
from feedback.audit.services.chain import audit_chain
from feedback.audit.services.entries import audit_record
from feedback.audit.wording import said
from feedback.people.enums import Role
from feedback.people.models import Membership
from tests.factories import (
    by_approver,
    make_department,
    make_engagement,
    make_questionnaire,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db
LOG, EXPORT = reverse("audit:entries"), reverse("audit:export")
PASSWORD = "correct horse battery"


def last(act: Act | None = None) -> AuditEntry:
    found = AuditEntry.objects.filter(act=act) if act else AuditEntry.objects.all()
    entry = found.first()
    assert entry is not None, act
    return entry


def signed_in(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


# --- Coming and going


def test_who_comes_and_goes_is_kept_and_nothing_that_was_typed_amiss() -> None:
    here = make_department("here")
    make_user(here, Role.AUTHOR, username="elise", email="elise@here.example")
    client = Client()
    door = reverse("account_login")
    for typed in ("elise", "My secret passphrase", "nul\0"):
        client.post(door, {"login": typed, "password": "wrong"})
    failed = AuditEntry.objects.filter(act=Act.SIGN_IN_FAILED)
    assert {(e.reference, tuple(e.departments)) for e in failed} == {("elise", ("here",)), ("", ())}
    assert {e.actor_name for e in failed} == {""}
    client.post(door, {"login": "elise", "password": PASSWORD})
    entry = last(Act.SIGNED_IN)
    assert (entry.actor_name, entry.roles, entry.departments) == (
        "elise", ["here/author"], ["here"],
    )  # fmt: skip
    client.post(reverse("account_logout"))
    assert last(Act.SIGNED_OUT).actor_name == "elise"
    written = AuditEntry.objects.count()
    client.post(reverse("account_logout"))
    assert AuditEntry.objects.count() == written


# --- Roles and people


def test_each_change_of_a_role_is_kept_with_who_made_it(client) -> None:
    here, there = make_department("here"), make_department("there")
    person = make_user(username="elise")
    administrator = make_superuser("ada")
    browser = signed_in(administrator)
    form = {"user": person.pk, "department": here.pk, "role": "author"}
    browser.post(reverse("memberships:add"), form)
    given = last(Act.ROLE_GIVEN)
    assert (given.actor_name, given.reference, given.departments) == ("ada", "elise", ["here"])
    assert given.after == {"role": "author", "department": "here"}
    membership = Membership.objects.get()
    membership.role = Role.APPROVER
    membership.save()
    changed = last()
    assert (changed.act, changed.actor_name) == (Act.ROLE_CHANGED, "")
    assert (changed.before["role"], changed.after["role"]) == ("author", "approver")
    membership.department = there
    membership.save()
    assert [e.act for e in AuditEntry.objects.all()[:2]] == [Act.ROLE_GIVEN, Act.ROLE_TAKEN_AWAY]
    membership.save()
    assert AuditEntry.objects.filter(reference="elise", about=About.USER).count() == 5
    person.delete()
    assert {e.act for e in AuditEntry.objects.all()[:2]} == {Act.USER_DELETED, Act.ROLE_TAKEN_AWAY}


def test_users_and_departments_are_kept_by_what_differs_and_passwords_never() -> None:
    person = make_user(username="elise")
    person.is_superuser = True
    person.set_password("quite another battery")
    person.save()
    entry, password = AuditEntry.objects.all()[:2]
    assert (entry.act, password.act) == (Act.USER_CHANGED, Act.PASSWORD_CHANGED)
    assert (entry.before, entry.after) == ({"is_superuser": False}, {"is_superuser": True})
    assert (password.before, password.after) == ({}, {})
    person.last_login = timezone.now()
    person.save(update_fields=["last_login"])
    assert last() == entry
    department = make_department("here", name_fr="Ministère")
    department.name_fr = "Ministère nouveau"
    department.save()
    assert last().before == {"name_fr": "Ministère"}
    assert last().after == {"name_fr": "Ministère nouveau"}
    department.delete()
    assert last().act == Act.DEPARTMENT_DELETED
    assert not AuditEntry.objects.filter(after__icontains="md5$").exists()


# --- Engagements


def test_a_move_is_one_more_insert_with_the_status_before_and_after() -> None:
    engagement = make_engagement()
    approver = make_user(engagement.department, Role.APPROVER)
    assert last(Act.ENGAGEMENT_BEGUN).reference == engagement.reference_number
    with CaptureQueriesContext(connection) as queries:
        engagement_move(engagement=engagement, to="withdrawn", actor=approver, reason="No more.")
    of_audit = [q["sql"] for q in queries if "audit_" in q["sql"]]
    assert len(of_audit) == 1
    assert of_audit[0].startswith("INSERT")
    entry = last()
    assert (entry.before, entry.after) == ({"status": "approved"}, {"status": "withdrawn"})
    assert entry.departments == [engagement.department.code]


def test_what_is_undone_was_not_done() -> None:
    engagement = make_engagement()
    approver = make_user(engagement.department, Role.APPROVER)
    with transaction.atomic():
        engagement_move(engagement=engagement, to="withdrawn", actor=approver, reason="No.")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(act=Act.ENGAGEMENT_MOVED).exists()


@pytest.mark.parametrize("is_approved", [False, True])
def test_wording_is_kept_before_and_after_in_both_languages(is_approved) -> None:
    engagement = make_engagement(status="approved" if is_approved else "draft")
    questionnaire = make_questionnaire(engagement)
    by = by_approver(engagement)
    if not is_approved:
        by["actor"] = make_user(engagement.department, Role.AUTHOR)
    with questionnaire_change(questionnaire=questionnaire, **by):
        question = questionnaire.questions.get(code="slowed")
        was = question.text_fr
        question.text_fr = "Qu'est-ce qui a nui?"
        question.save()
    entry = last()
    assert entry.act == Act.ENGAGEMENT_CHANGED
    assert entry.actor_name == by["actor"].username
    assert entry.before == {"slowed/text": {"en": question.text_en, "fr": was}}
    assert entry.after == {"slowed/text": {"en": question.text_en, "fr": question.text_fr}}
    (line,) = said(entry.act, entry.before, entry.after)
    assert (line.before, line.after, line.language) == (was, question.text_fr, "fr")
    with engagement_change(engagement=engagement, **by):
        engagement.closes_at = closes = engagement.closes_at + timedelta(days=1)
        engagement.save()
    entry = last()
    (line,) = said(entry.act, entry.before, entry.after)
    assert line.after == closes


# --- Refusals and files


def test_refusals_are_kept_by_screen_and_never_what_was_typed() -> None:
    here, there = make_department("here"), make_department("there")
    engagement = make_engagement(here, reference_number="bsc-2026-77")
    ours = signed_in(make_user(here, Role.AUTHOR, username="elise"))
    theirs = signed_in(make_user(there, *Role, username="theo"))
    move = reverse("asking:move", args=["bsc-2026-77"])
    ours.post(move + "?q=typed", {"to": "withdrawn", "reason": "typed"})
    theirs.get(reverse("asking:engagement", args=["bsc-2026-77"]))
    wrong_role, not_there = AuditEntry.objects.filter(act=Act.REFUSED).order_by("pk")
    assert wrong_role.reference == "asking:move bsc-2026-77"
    assert (wrong_role.actor_name, wrong_role.departments) == ("elise", ["here"])
    assert wrong_role.after == {"method": "POST", "http": 403}
    assert not_there.reference == "asking:engagement bsc-2026-77"
    assert (not_there.departments, not_there.after["http"]) == (["there"], 404)
    # A link that was sent by email is a secret.
    ours.get(reverse("invitation-accept", args=["secret-token"]))
    assert not AuditEntry.objects.filter(reference__contains="secret").exists()
    # Nobody who is not signed in, no page of the public, no address that is none.
    for client in (Client(), ours):
        client.get(f"/en/{engagement.reference_number}/nothing/")
        client.get("/nowhere/at/all")
    others = AuditEntry.objects.filter(act=Act.REFUSED).exclude(reference="invitation-accept")
    assert others.count() == 2


def test_refusals_of_wagtails_screens_are_kept() -> None:
    make_engagement(here := make_department())
    analyst = signed_in(make_user(here, Role.ANALYST))
    author = signed_in(make_user(here, Role.AUTHOR))
    for client, address in (
        (analyst, reverse("wagtailadmin_explore_root")),
        (author, reverse("departments:add")),
        (author, reverse("wagtailusers_users:index")),
    ):
        before = AuditEntry.objects.filter(act=Act.REFUSED).count()
        client.get(address)
        assert AuditEntry.objects.filter(act=Act.REFUSED).count() == before + 1, address


def test_every_file_that_staff_take_is_kept() -> None:
    administrator = signed_in(make_superuser("ada"))
    assert administrator.get(reverse("wagtailusers_users:index")).status_code == 200
    written = AuditEntry.objects.count()
    reply = administrator.get(reverse("wagtailadmin_reports:site_history"), {"export": "csv"})
    assert b"".join(reply) if reply.streaming else reply.content
    assert AuditEntry.objects.count() == written + 1
    entry = last()
    assert (entry.act, entry.actor_name) == (Act.EXPORTED, "ada")
    assert entry.reference == "wagtailadmin_reports:site_history"


# --- Reading it


@pytest.fixture
def here() -> Any:
    return make_department("here")


def record(reference: str, department: Any, **more: Any) -> None:
    audit_record(
        Act.ENGAGEMENT_MOVED,
        about=About.ENGAGEMENT,
        reference=reference,
        department_id=department.pk,
        before={"status": "draft"},
        after={"status": "withdrawn"},
        **more,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Status changed", "Withdrawn", "Auditor")),
        ("fr", ("Changement d", "Retirée", "Vérification")),
    ],
)
def test_an_auditor_reads_her_department_in_words_and_no_other(here, language, words) -> None:
    auditor = make_user(here, Role.AUDITOR, username="aude")
    record("bsc-ours", here)
    record("bsc-theirs", make_department("there"))
    page = signed_in(auditor, language).get(LOG).content.decode()
    assert "bsc-ours" in page
    assert "bsc-theirs" not in page
    for word in words:
        assert word in page
    everything = signed_in(make_superuser(), language).get(LOG).content.decode()
    assert "bsc-theirs" in everything
    # What she was shown stays hers to see, not what she may do elsewhere.
    client = signed_in(auditor)
    assert LOG in client.get(reverse("staff-home")).content.decode()
    engagement = make_engagement(here)
    desk = reverse("asking:engagement", args=[engagement.reference_number])
    assert client.get(desk).status_code == 404


def test_the_log_is_narrowed_by_person_act_reference_and_day(here) -> None:
    author = make_user(here, Role.AUTHOR, username="elise")
    with time_machine.travel("2026-03-04T04:30:00Z", tick=False):  # Still the 3rd in Ottawa.
        record("bsc-1", here, actor=author)
    with time_machine.travel("2026-03-05T12:00:00Z", tick=False):
        record("bsc-2", here)
    client = signed_in(make_user(here, Role.AUDITOR))

    def found(**asked: str) -> set[str]:
        rows = client.get(LOG, asked).context["rows"]
        return {row["entry"].reference for row in rows} & {"bsc-1", "bsc-2"}

    assert found() == {"bsc-1", "bsc-2"}
    assert found(person="Elise") == {"bsc-1"}
    assert found(reference="sc-2") == {"bsc-2"}
    assert found(act=Act.SIGNED_IN) == set()
    assert found(since="2026-03-03", until="2026-03-03") == {"bsc-1"}
    assert found(since="2026-03-04") == {"bsc-2"}
    for wrong in ({"since": "soon"}, {"act": "x"}, {"since": "2026-03-05", "until": "2026-03-04"}):
        for address in (LOG, EXPORT):
            reply = client.get(address, wrong)
            assert reply.status_code == 422
            assert b'id="id_' in reply.content
    assert client.get(LOG, {"before": "9" * 40}).status_code == 200


def test_fifty_to_a_page_and_older_ones_behind_it(here) -> None:
    for number in range(51):
        record(f"bsc-{number}", here)
    client = signed_in(make_user(here, Role.AUDITOR))
    first = client.get(LOG, {"reference": "bsc-"})
    assert len(first.context["rows"]) == 50
    older = client.get(f"{LOG}?reference=bsc-&before={first.context['oldest']}")
    assert [row["entry"].reference for row in older.context["rows"]] == ["bsc-0"]
    with CaptureQueriesContext(connection) as queries:
        client.get(LOG)
    assert len([q for q in queries if "audit_auditentry" in q["sql"]]) == 1


def test_the_file_has_what_the_filter_finds_as_cells_that_do_nothing(here) -> None:
    auditor = make_user(here, Role.AUDITOR, username="aude")
    record('=HYPERLINK("x")', here)
    record("bsc-other", here)
    audit_chain()
    reply = signed_in(auditor).get(EXPORT, {"reference": "HYPER"})
    text = b"".join(reply).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["reference"].startswith("'=")
    assert spreadsheet_restore(row["reference"]) == '=HYPERLINK("x")'
    entry = AuditEntry.objects.get(pk=row["number"])
    assert (row["place"], row["seal"]) == (str(entry.place), entry.seal)
    assert row["after"] == '{"status": "withdrawn"}'
    # The export is in the log itself.
    kept = last()
    assert (kept.act, kept.reference, kept.actor_name) == (Act.EXPORTED, "audit:export", "aude")


def test_what_nobody_can_word_any_more_is_shown_as_it_is() -> None:
    (line,) = said("an_act_that_was", {"role": "clerk"}, {"role": "author"})
    assert (line.before, line.after) == ("clerk", "Author")
    assert said(Act.ENGAGEMENT_MOVED, {"status": "gone"}, {})[0].before == "gone"
