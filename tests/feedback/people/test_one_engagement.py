"""A role in one engagement alone, and what a department shares with its partners."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.asking.life import EngagementStatus
from feedback.asking.permissions import engagements_where, scope_of
from feedback.audit.enums import About, Act
from feedback.audit.models import AuditEntry
from feedback.audit.selectors import entries_for, may_audit
from feedback.audit.services.entries import audit_record
from feedback.people.enums import Role
from feedback.people.invitations import invitation_accept
from feedback.people.models import Invitation, Membership
from feedback.people.permissions import departments_where, may, people_who_may
from feedback.people.table import Action
from tests.factories import make_department, make_engagement, make_superuser, make_user

pytestmark = pytest.mark.django_db
both = pytest.mark.parametrize("language", ["en", "fr"])


def only_in(engagement, *roles: Role):
    person = make_user()
    for role in roles:
        Membership.objects.create(
            user=person, department=engagement.department, role=role, engagement=engagement
        )
    return person


def signed_in(user, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def test_a_role_in_one_engagement_is_good_there_and_nowhere_else() -> None:
    here = make_department()
    ours, other = (
        make_engagement(here, status=EngagementStatus.IN_REVIEW, title_en=title)
        for title in ("Ours", "Another")
    )
    person = only_in(ours, Role.APPROVER)
    assert may(person, Action.DECIDE, scope_of(ours))
    assert not any(may(person, action, scope_of(other)) for action in Action)
    assert list(engagements_where(person, Action.DECIDE)) == [ours]
    assert not departments_where(person, *Action).exists()
    assert person in people_who_may(Action.DECIDE, scope_of(ours))
    assert person not in people_who_may(Action.DECIDE, scope_of(other))
    client = signed_in(person)
    listed = client.get(reverse("asking:home")).content.decode()
    assert "Ours" in listed
    assert "Another" not in listed
    assert here.name in listed
    assert (
        client.get(reverse("asking:engagement", args=[other.reference_number])).status_code == 404
    )
    # A row that names another department's engagement opens nothing.
    stray = make_user()
    Membership.objects.create(
        user=stray, department=make_department(), role=Role.APPROVER, engagement=ours
    )
    assert not engagements_where(stray, *Action).exists()
    assert not may(stray, Action.SEE, scope_of(ours))


@both
def test_partners_see_what_is_shared_and_are_told_by_whom(language) -> None:
    here, partner = make_department(), make_department()
    shared, kept = make_engagement(here), make_engagement(here, reference_number="kept-1")
    shared.partner_departments.add(partner)
    person = make_user(partner, *Role)
    client = signed_in(person, language)
    listed = client.get(reverse("asking:home")).content.decode()
    assert shared.reference_number in listed
    assert kept.reference_number not in listed
    name = here.name_fr if language == "fr" else here.name_en
    assert name in listed
    page = reverse("asking:engagement", args=[shared.reference_number])
    shown = client.get(page)
    assert shown.status_code == 200
    # No button acts.
    assert reverse("asking:move", args=[shared.reference_number]) not in shown.content.decode()
    # A role in one engagement of the partner shares nothing of others.
    assert not engagements_where(only_in(make_engagement(partner), *Role), Action.SEE).filter(
        pk=shared.pk
    )
    shared.partner_departments.clear()
    assert client.get(page).status_code == 404


def test_what_a_person_holds_is_looked_up_once_a_request() -> None:
    here = make_department()
    person = make_user(here, *Role)
    client = signed_in(person)
    page = reverse("asking:engagement", args=[make_engagement(here).reference_number])
    # Whether anybody translates or approves there is another question.
    of_hers = f'"user_id" = {person.pk}'
    for address in (page, reverse("asking:home"), reverse("review:index")):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        held = [q["sql"] for q in queries.captured_queries if "people_membership" in q["sql"]]
        asked = [sql for sql in held if of_hers in sql]
        assert len(asked) == 1, asked


def test_an_auditor_of_one_engagement_reads_what_was_done_to_it() -> None:
    here = make_department()
    ours, other = make_engagement(here), make_engagement(here)
    person = only_in(ours, Role.AUDITOR)
    for about, reference in (
        (About.ENGAGEMENT, ours.reference_number),
        (About.PAGE, f"{ours.reference_number} 12"),
        (About.ENGAGEMENT, other.reference_number),
        (About.PAGE, f"{ours.reference_number}0 13"),
        (About.DEPARTMENT, here.code),
    ):
        audit_record(Act.REFUSED, about=about, reference=reference, department_id=here.pk)
    found = entries_for(person, act=Act.REFUSED)
    assert {entry.reference for entry in found} == {
        ours.reference_number,
        f"{ours.reference_number} 12",
    }
    assert may_audit(person)
    assert signed_in(person).get(reverse("audit:entries")).status_code == 200
    # What the person held is kept with what she does.
    audit_record(Act.REFUSED, about=About.ADDRESS, reference="x", actor=person)
    assert AuditEntry.objects.get(reference="x").roles == [
        f"{here.code}/auditor/{ours.reference_number}"
    ]


@both
def test_a_membership_names_an_engagement_of_its_department(language) -> None:
    here, there = make_department(), make_department()
    ours, theirs = make_engagement(here), make_engagement(there)
    person, client = make_user(), signed_in(make_superuser(), language)
    add = reverse("memberships:add")
    sent = {"user": person.pk, "department": here.pk, "role": Role.VIEWER}
    refused = client.post(add, sent | {"engagement": theirs.pk})
    assert refused.status_code == 200
    assert refused.context["form"].errors["engagement"]
    assert not Membership.objects.filter(user=person).exists()
    assert client.post(add, sent | {"engagement": ours.pk}).status_code == 302
    # The same role in the whole department is another thing; twice the same is refused.
    assert client.post(add, sent).status_code == 302
    for again in (sent, sent | {"engagement": ours.pk}):
        assert client.post(add, again).context["form"].errors
    assert Membership.objects.filter(user=person).count() == 2
    assert ours.reference_number in client.get(add).content.decode()
    given = AuditEntry.objects.filter(act=Act.ROLE_GIVEN).latest("pk")
    assert given.after["role"] == Role.VIEWER


@both
def test_somebody_is_invited_to_one_engagement(language) -> None:
    here, theirs = make_department(), make_engagement(title_en="Not ours", title_fr="Pas à nous")
    ours = make_engagement(here, title_en="Buses", title_fr="Autobus")
    client = signed_in(make_superuser(), language)
    sent = {"email": "zoe@example.ca", "language": "fr", "department": here.pk, "role": "viewer"}
    address = reverse("invitations")
    refused = client.post(address, sent | {"engagement": theirs.pk})
    assert refused.context["form"].errors["engagement"]
    assert not Invitation.objects.exists()
    client.post(address, sent | {"engagement": ours.pk})
    invitation = Invitation.objects.get()
    listed = client.get(address).content.decode()
    assert ("Autobus" if language == "fr" else "Buses") in listed
    made = invitation_accept(
        invitation=invitation, first_name="Zoé", last_name="Roy", language="fr", password="x" * 20
    )
    assert list(engagements_where(made, Action.SEE)) == [ours]
    assert not departments_where(made, Action.SEE).exists()
