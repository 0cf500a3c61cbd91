"""The audit log on a phone, in both languages, without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from feedback.asking.services.engagements import engagement_change
from feedback.audit.models import AuditEntry
from feedback.people.enums import Role
from tests.browser import PHONE, Pages, assert_accessible
from tests.factories import by_approver, make_department, make_engagement, make_user
from tests.journeys.conftest import assert_fits
from tests.journeys.sheet import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("language", "show", "download", "both"),
    [
        ("en", "Show", "Download as CSV", "Before and after"),
        ("fr", "Afficher", "Télécharger en CSV", "Avant et après"),
    ],
)
def test_an_auditor_reads_narrows_and_takes_the_log_on_a_phone(
    open_page: Pages, language: str, show: str, download: str, both: str
) -> None:
    department = make_department("here")
    auditor = make_user(department, Role.AUDITOR, username="aude")
    engagement = make_engagement(department, reference_number="bsc-2026-77")
    with engagement_change(engagement=engagement, **by_approver(engagement)):
        engagement.title_en, engagement.title_fr = "W" * 60, "Mieux " * 20
        engagement.save()
    page = open_page(locale=f"{language}-CA", viewport=PHONE, javascript=False)
    sign_in(page, auditor, "/staff/audit/")
    page.locator("#id_reference").fill("bsc-2026-77")
    page.get_by_role("button", name=show).click()
    expect(page.locator("ol.events > li")).to_have_count(2)
    page.get_by_text(both).first.click()
    expect(page.locator("ins").first).to_be_visible()
    assert_fits(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name=download).click()
    assert taken.value.suggested_filename == "audit.csv"
    assert AuditEntry.objects.filter(act="exported", actor_name="aude").count() == 1
    with_scripts = open_page(locale=f"{language}-CA", viewport=PHONE)
    sign_in(with_scripts, auditor, "/staff/audit/")
    for summary in with_scripts.locator("summary").all():
        summary.click()
    assert_accessible(with_scripts)
    assert_fits(with_scripts)
