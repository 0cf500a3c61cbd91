"""What a screen tells people to do, they can do there, or it says who can."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import gettext, override

from analysis.catalogue import translations
from analysis.reasons import SENTENCES
from analysis.review.models import Theme
from cms.pages.models import ConsultationPage
from cms.publishing.parity import Code, Problem
from cms.reporting.models import FindingsPage
from feedback.approval.services.reviews import review_send
from feedback.asking.life import EngagementStatus
from feedback.people.enums import Role
from tests.cms.publishing.test_other_departments import speak
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_site,
    make_user,
    page_texts,
)

pytestmark = pytest.mark.django_db


def shown(client: Any, page: Any, user: Any, language: str = "en") -> str:
    client.force_login(user)
    speak(user, language)
    response = client.get(reverse("cms_pair", args=[page.pk]))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.fixture
def department() -> Any:
    make_site()
    return make_department()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_comparison_claims_no_more_than_was_checked(client, department, language):
    """No machine compares what two texts say; it says so, and what it looked for."""
    pair = make_pages(make_engagement(department), published=False)
    text = shown(client, pair.english, make_user(department, Role.APPROVER), language)
    with override(language):
        asks = gettext(
            "It cannot tell whether both texts say the same. Read them side by side below."
        )
    assert asks in text
    assert (language == "en") == asks.startswith("It cannot tell")
    for claim in ("complete and equal", "equivalent", "complètes et équivalentes", "équivalent"):
        assert claim not in text


def test_a_missing_language_is_begun_by_the_button_the_advice_names(client, department):
    engagement = make_engagement(department)
    texts = {**page_texts("en"), "slug": "alone"}
    page = ConsultationPage(engagement=engagement, **texts)
    make_site().english.add_child(instance=page)
    page.save_revision()
    text = shown(client, page, make_user(department, Role.AUTHOR))
    assert "Begin it, then publish both." in text
    assert 'name="action" value="begin"' in text


def test_what_is_not_approved_leads_to_where_an_approver_approves_it(client, department):
    engagement = make_engagement(department, status=EngagementStatus.DRAFT)
    pair = make_pages(engagement, published=False)
    make_questionnaire(engagement)
    approver = make_user(department, Role.APPROVER)
    review_send(thing=engagement, actor=make_user(department, Role.AUTHOR))
    text = shown(client, pair.english, approver)
    assert Problem(Code.NOT_APPROVED).message in text
    way = reverse("asking:engagement", args=[engagement.reference_number])
    assert f'href="{way}"' in text
    assert 'name="deed" value="agree"' in client.get(way).content.decode()


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.APPROVER])
@pytest.mark.parametrize("more", [False, True])
def test_one_language_alone_is_confirmed_where_the_screen_offers_it(client, department, role, more):
    """The tick is an approver's, when nothing else is to be mended; to all others it is said."""
    pair = make_pages(make_engagement(department))
    draft = pair.french.get_latest_revision_as_object()
    draft.lead = "Nous devons choisir les services à offrir d'abord."
    if more:
        draft.other_ways = ""
    draft.save_revision(clean=False)
    text = shown(client, pair.english, make_user(department, role))
    offered = role == Role.APPROVER and not more
    assert ('name="one_language"' in text) == offered
    assert ("an approver of your department can say so here" in text) == (not offered)
    assert "or confirm" not in text


def test_a_report_that_is_not_ready_says_who_makes_it_so(client, reviewed):
    """The approver who asks for a draft may not review themes; the desk is an analyst's."""
    Theme.objects.update(status="dismissed")
    client.force_login(reviewed.approver)
    draft = reverse("reporting:findings_draft", args=[reviewed.question.pk])
    text = client.post(draft).content.decode()
    assert not FindingsPage.objects.exists()
    assert "An analyst reviews the themes" in text
    assert reverse("review:desk", args=[
        reviewed.engagement.reference_number, reviewed.question.code]) in text  # fmt: skip


def test_what_the_machine_advises_about_themes_can_be_done_on_the_desk(client, reviewed):
    """It says merge, rename, move a passage, run again; there is nothing that splits a theme."""
    for language in ("en", "fr"):
        said = " ".join(map(translations(language).gettext, SENTENCES.values()))
        assert not re.search(r"\bsplit (it|them)\b|divisez-l", said), language
    client.force_login(reviewed.analyst)
    desk = reverse(
        "review:desk", args=[reviewed.engagement.reference_number, reviewed.question.code]
    )
    text = client.get(desk, {"group": f"t{reviewed.themes[0].pk}"}).content.decode()
    for act in ('id="merge"', 'value="rename"', 'id="ticked"'):
        assert act in text, act
