"""The home of staff on a phone, in French, without JavaScript: what waits is found and done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from feedback.asking.models import Engagement
from feedback.people.enums import Role
from feedback.people.models import Membership
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import make_department, make_engagement, make_pages, make_site, make_user
from tests.journeys.conftest import assert_fits
from tests.journeys.sheet import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_approver_finds_what_waits_on_a_phone_in_french(open_page: Pages) -> None:
    make_site()
    name = "Développement des compétences en matière d'immigration et de citoyenneté"
    department = make_department(name_en=f"{name} (EN)", name_fr=name)
    approver = make_user(department, Role.APPROVER, Role.AUTHOR, email="paula@example.ca")
    other = make_department(name_en=f"{name} (autre, EN)", name_fr=f"{name} (autre)")
    Membership.objects.create(user=approver, department=other, role=Role.AUTHOR)
    now = timezone.now()
    make_engagement(department, title_fr="Mieux " * 15, closes_at=now + timedelta(days=3))
    late = make_engagement(department)
    closed = now - timedelta(days=45)
    Engagement.objects.filter(pk=late.pk).update(
        opens_at=closed - timedelta(days=30), closes_at=closed
    )
    page = make_pages(make_engagement(department)).french
    page.lead = "Autre chose."
    page.save_revision(user=approver)

    phone = open_page(locale="fr-CA", viewport=PHONE, javascript=False)
    sign_in(phone, approver, "/staff/")
    expect(phone.locator("h1")).to_contain_text("2 tâches en attente")
    assert_fits(phone)
    sections = phone.locator("section.waits")
    expect(sections.locator("h2")).to_have_text(
        ["En retard 1", "Versions décalées 1", "Prend fin bientôt 1"]
    )
    # By keyboard, in the order of the page.
    link = phone.locator("section.late a")
    link.focus()
    phone.keyboard.press("Enter")
    expect(phone).to_have_url(f"/staff/engagements/{late.reference_number}/")
    phone.goto("/staff/")
    phone.get_by_role("link", name="Courriels sur vos tâches en attente").click()
    phone.get_by_label("Jamais").check()
    phone.get_by_role("button", name="Enregistrer ce choix").click()
    expect(phone.get_by_role("status")).to_be_visible()
    approver.refresh_from_db()
    assert approver.waiting_emails == "never"

    seen = open_page(locale="fr-CA", viewport=PHONE)
    sign_in(seen, approver, "/staff/")
    assert_accessible(seen)
    assert_fits(seen)
    seen.goto("/staff/emails/")
    assert_accessible(seen)
    assert_fits(seen)
    # The same bar above Wagtail's screens; a long name of a department does not push them wide.
    for address in ("/cms/pages/", "/cms/images/multiple/add/"):
        seen.goto(address)
        expect(seen.locator(".staff-nav [aria-current=page]")).to_have_text("Rédiger les pages")
        assert_fits(seen)
    select = seen.locator("select[name=collection]")
    box = select.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE["width"]
