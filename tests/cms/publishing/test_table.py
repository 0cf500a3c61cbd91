"""Wagtail's screens, each asked by each role, in its department and in others: who gets where.

What a screen shows to those who come in is asked elsewhere; here stands the door of each.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from cms.publishing.screens import DOORS, SCREENS, OwnDepartmentsMiddleware, action_of
from feedback.asking.life import EngagementStatus
from feedback.people.enums import Role
from feedback.people.models import Membership
from feedback.people.permissions import RoleMissing
from feedback.people.table import Action, State, roles_ever_for, roles_for
from tests.cms.publishing.test_other_departments import (
    Theirs,
    addresses,
    is_closed,
    names_a_row,
    screens,
)
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_user,
)

pytestmark = pytest.mark.django_db

# Ours stands in front of Wagtail's own home, and leads everybody to that of all staff.
ALL = [each for each in screens(settings.CMS_PATH) if each.name != "wagtailadmin_home"]


@pytest.fixture
def theirs() -> Theirs:
    return Theirs()


def door(user: Any, address: str) -> int:
    """What the door of a screen says; 200: come in."""
    request = RequestFactory().get(address)
    request.user = user
    match = resolve(address)
    request.resolver_match = match
    try:
        OwnDepartmentsMiddleware(lambda _request: None).process_view(
            request, match.func, list(match.args), dict(match.kwargs)
        )
    except Http404:
        return 404
    except RoleMissing:
        return 403
    return 200


def walk(user: Any, theirs: Theirs) -> dict[tuple[str, str], int]:
    """By name of a screen and address: what its door says to this person."""
    return {
        (screen.name, address): door(user, address)
        for screen in ALL
        if screen.name not in DOORS and screen.name in SCREENS
        for address in addresses(screen, theirs)
    }


def rows_named(name: str) -> bool:
    return any(names_a_row(screen) for screen in ALL if screen.name == name)


def test_every_screen_stands_in_the_table() -> None:
    """A new address fails here until it is listed, or left to administrators."""
    assert {s.name for s in ALL if not is_closed(s)} - DOORS - SCREENS.keys() <= {
        "wagtail.admin.views.home.default"
    }


@pytest.mark.parametrize("role", Role)
def test_in_ones_own_department_the_role_decides(role, theirs) -> None:
    person = make_user(theirs.department, role)
    for (name, address), said in walk(person, theirs).items():
        if role in roles_ever_for(action_of(name)):
            assert said == 200, address
        elif role in roles_for(Action.SEE) or not rows_named(name):
            assert said == 403, address
        else:
            # An auditor sees no page.
            assert said == 404, address


def test_another_departments_is_not_there_whatever_the_role(theirs) -> None:
    stranger = make_user(make_department(), *Role)
    nobody = make_user()
    for (name, address), said in walk(stranger, theirs).items():
        open_to = 403 if action_of(name) is Action.ADMINISTER else 200
        assert said == (404 if rows_named(name) else open_to), address
    for (name, address), said in walk(nobody, theirs).items():
        assert said == (404 if rows_named(name) else 403), address


def test_partners_find_what_is_shared_and_change_nothing(theirs) -> None:
    partner, reader = make_department(), make_department()
    theirs.engagement.partner_departments.add(partner, reader)
    before = theirs.state()
    author = make_user(partner, Role.AUTHOR, Role.APPROVER)
    client = Client()
    client.force_login(author)
    page, asked = theirs.live.english.pk, theirs.engagement.pk
    for address, status in (
        (reverse("wagtailadmin_pages:edit", args=[page]), 403),
        (reverse("wagtailadmin_pages:delete", args=[page]), 403),
        (reverse("wagtailadmin_pages:unpublish", args=[page]), 403),
        (reverse("cms_pair", args=[page]), 403),
        (reverse("engagements:edit", args=[asked]), 200),
        (reverse("questionnaires:edit", args=[theirs.questionnaire.pk]), 200),
        (reverse("wagtaildocs:edit", args=[theirs.document.pk]), 404),
        (reverse("wagtailimages:edit", args=[theirs.image.pk]), 404),
    ):
        assert client.get(address).status_code == status, address
        if status == 403:
            assert client.post(address, {"action": "publish"}).status_code == 403, address
    changed = client.post(reverse("engagements:edit", args=[asked]), {"title_en": "Mine"})
    assert changed.status_code == 403
    assert theirs.state() == before
    # Who only sees at home sees here, and reads no drafts of what is asked.
    viewer = make_user(reader, Role.VIEWER)
    assert door(viewer, reverse("engagements:edit", args=[asked])) == 403


def test_a_role_in_one_engagement_ends_there(theirs) -> None:
    only = make_user()
    pages = theirs.live.english, theirs.draft.english
    for engagement in {theirs.engagement, *(page.engagement for page in pages)}:
        Membership.objects.create(
            user=only, department=theirs.department, role=Role.AUTHOR, engagement=engagement
        )
    other = make_questionnaire(make_engagement(theirs.department)).engagement
    elsewhere = make_pages(other)
    for (name, address), said in walk(only, theirs).items():
        is_file = name.startswith(("wagtaildocs", "wagtailimages")) and rows_named(name)
        if is_file:
            assert said == 404, address
        elif Role.AUTHOR in roles_ever_for(action_of(name)):
            assert said == 200, address
        else:
            assert said == 403, address
    for name, pk in (
        ("wagtailadmin_pages:edit", elsewhere.english.pk),
        ("wagtailadmin_pages:history", elsewhere.french.pk),
        ("cms_pair", elsewhere.english.pk),
        ("engagements:edit", other.pk),
        ("questionnaires:edit", other.questionnaire.pk),
    ):
        assert door(only, reverse(name, args=[pk])) == 404, name
    client = Client()
    client.force_login(only)
    listed = client.get(reverse("engagements:index")).content.decode()
    assert theirs.engagement.title in listed
    assert other.reference_number not in listed
    assert client.get(reverse("engagements:add")).status_code == 403
    explorer = reverse("wagtailadmin_explore", args=[elsewhere.english.get_parent().pk])
    shown = client.get(explorer).content.decode()
    assert f"/cms/pages/{theirs.live.english.pk}/edit/" in shown
    assert f"/cms/pages/{elsewhere.english.pk}/edit/" not in shown


@pytest.mark.parametrize("role", Role)
def test_what_is_asked_is_written_by_whom_its_state_says(role) -> None:
    department = make_department()
    client = Client()
    client.force_login(make_user(department, role))
    for status, state in (
        (EngagementStatus.DRAFT, State.PREPARED),
        (EngagementStatus.IN_REVIEW, State.PREPARED),
        (EngagementStatus.APPROVED, State.APPROVED),
    ):
        engagement = make_engagement(department, status=status)
        reply = client.get(reverse("engagements:edit", args=[engagement.pk]))
        if role in roles_for(Action.TRANSLATE, state):
            assert "form" in reply.context, (role, status)
            words_only = role not in roles_for(Action.CHANGE, state)
            assert bool(reply.context.get("words_only")) is words_only
        elif role in roles_for(Action.READ):
            assert (reply.status_code, "why" in reply.context) == (200, True)
        else:
            assert reply.status_code == (404 if role is Role.AUDITOR else 403)
