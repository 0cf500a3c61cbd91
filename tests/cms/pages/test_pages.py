"""What the public reads, over HTTP."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import Page
from wagtail.test.utils import WagtailPageTestCase

from cms.pages.models import ConsultationPage, HomePage, SiteSettings, SurveyPage
from cms.pages.selectors.engagements import steps_of
from cms.pages.selectors.status import status_text
from cms.publishing.selectors import pair_of
from cms.publishing.services.pairs import pair_publish
from cms.reporting.models import FindingsPage
from feedback.asking.enums import Channel, EngagementKind
from feedback.asking.life import EngagementStatus
from feedback.asking.models import EngagementTally
from feedback.bilingual import Language
from feedback.dates import clock_time, date_range, long_date, moment_with_zone
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_site,
    make_superuser,
)

pytestmark = pytest.mark.django_db

NBSP = "\u00a0"


class TestTree(WagtailPageTestCase):
    """What may stand where."""

    def test_pages_stand_where_they_belong(self):
        self.assertAllowedParentPageTypes(HomePage, {Page})
        self.assertAllowedParentPageTypes(ConsultationPage, {HomePage})
        self.assertAllowedParentPageTypes(SurveyPage, {HomePage})
        self.assertAllowedParentPageTypes(FindingsPage, {ConsultationPage, SurveyPage})
        self.assertAllowedSubpageTypes(FindingsPage, {})

    def test_reports_are_not_made_by_hand(self):
        pair = make_pages()
        assert not FindingsPage.can_create_at(pair.english)

    def test_pages_are_renderable_live_and_as_drafts(self):
        pair = make_pages()
        make_questionnaire(pair.english.engagement)
        self.client.force_login(make_superuser())
        for page in (*make_site().pages, *pair.pages):
            self.assertPageIsRenderable(page)
            url = reverse("wagtailadmin_pages:view_draft", args=[page.pk])
            assert self.client.get(url).status_code == 200


def html_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def test_each_page_says_its_language_and_where_its_counterpart_is(client):
    pair = make_pages()
    for page, other in (pair.pages, pair.pages[::-1]):
        html = html_of(client, page.url)
        assert f'<html lang="{page.language}">' in html
        toggle = re.search(r'<nav class="lang".*?</nav>', html, re.S)
        assert toggle is not None
        assert f'href="{other.url}"' in toggle[0]
        assert f'lang="{other.language}" hreflang="{other.language}" translate="no"' in toggle[0]
        for each in pair.pages:
            assert f'hreflang="{each.language}" href="{each.full_url}"' in html
        assert re.search(r'<meta name="description" content="[^"]{20,}"', html)


def test_toggle_keeps_to_the_questions(client):
    pair = make_pages()
    make_questionnaire(pair.english.engagement)
    html = html_of(client, pair.english.url + "questions/")
    assert f'href="{pair.french.url}questions/"' in html


def test_every_question_is_there_before_anyone_begins(client):
    pair = make_pages()
    questionnaire = make_questionnaire(pair.english.engagement)
    for page in pair.pages:
        html = html_of(client, page.url + "questions/")
        for question in questionnaire.questions.all():
            assert getattr(question, f"text_{page.language}") in html


@pytest.mark.parametrize("path", ["", "questions/"])
def test_public_pages_pass_a_strict_policy(client, path):
    pair = make_pages()
    make_questionnaire(pair.english.engagement)
    response = client.get(pair.french.url + path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    html = response.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|<style", html)
    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!testserver)', html)


def test_open_page_leads_to_the_form_in_its_language(client):
    pair = make_pages()
    make_questionnaire(pair.english.engagement)
    for page in pair.pages:
        with override(page.language):
            url = reverse("answering:answer", args=[page.engagement.reference_number])
        assert f'href="{url}"' in html_of(client, page.url)


def test_closed_page_has_no_way_in_and_says_that_it_is_closed(client):
    pair = make_pages(make_engagement(open=False))
    expected = {"en": ": Closed consultation", "fr": f"{NBSP}: Consultation fermée"}
    for page in pair.pages:
        html = html_of(client, page.url)
        assert f"<h1>{page.short_title}{expected[page.language]}</h1>" in html
        assert "/answer" not in html
        assert page.other_ways not in html


def test_page_closes_at_the_instant_in_both_languages(client):
    engagement = make_engagement(closes_at=datetime(2026, 12, 1, 4, 59, tzinfo=UTC))
    pair = make_pages(engagement)
    for moment, way_in in (
        (datetime(2026, 12, 1, 4, 58, 59, tzinfo=UTC), True),
        (datetime(2026, 12, 1, 4, 59, 0, tzinfo=UTC), False),
    ):
        with time_machine.travel(moment, tick=False):
            for page in pair.pages:
                assert ('class="btn"' in html_of(client, page.url)) is way_in


def test_answers_so_far_come_from_the_tally(client):
    engagement = make_engagement()
    pair = make_pages(engagement)
    for language, count in ((Language.EN, 783), (Language.FR, 501)):
        EngagementTally.objects.create(
            engagement=engagement, language=language, channel=Channel.ONLINE, count=count
        )
    assert "1,284" in html_of(client, pair.english.url)
    assert "61% English, 39% French" in html_of(client, pair.english.url)
    html = html_of(client, pair.french.url)
    assert f"1{NBSP}284" in html
    assert f"39{NBSP}% en français, 61{NBSP}% en anglais" in html


@pytest.mark.parametrize("is_open", [True, False])
def test_before_the_first_count_a_page_does_not_say_that_nobody_answered(client, is_open):
    pair = make_pages(make_engagement(open=is_open))
    for page in pair.pages:
        assert not re.search(r"<dd>\s*0\b", html_of(client, page.url))


def test_front_page_lists_what_is_open_planned_and_closed(client):
    now = timezone.now()
    department = make_department()
    open_pair = make_pages(make_engagement(department))
    closed_pair = make_pages(make_engagement(department, open=False))
    planned_pair = make_pages(
        make_engagement(
            department, opens_at=now + timedelta(days=5), closes_at=now + timedelta(days=9)
        )
    )
    hidden = make_pages(make_engagement(department), published=False)
    for language in ("en", "fr"):
        html = html_of(client, f"/{language}/")
        parts = {
            name: html.split(f'id="{name}"', 1)[1].split("<h2", 1)[0]
            for name in ("open", "planned", "closed")
        }
        assert open_pair.of(language).url in parts["open"]
        assert planned_pair.of(language).url in parts["planned"]
        assert closed_pair.of(language).url in parts["closed"]
        assert hidden.of(language).slug not in html


def test_withdrawn_consultation_says_so(client):
    engagement = make_engagement()
    pair = make_pages(engagement)
    engagement.status = EngagementStatus.WITHDRAWN
    engagement.save(update_fields=["status"])
    for page in pair.pages:
        assert 'class="btn"' not in html_of(client, page.url)


def test_draft_is_not_found_by_the_public(client):
    pair = make_pages(published=False)
    for page in pair.pages:
        assert client.get(page.url).status_code == 404


def test_site_name_and_footer_are_set_per_language(client):
    make_site()
    site = HomePage.objects.first().get_site()
    found = SiteSettings.for_site(site)
    found.name_en, found.name_fr = "Talk to us", "Parlez-nous"
    found.privacy_url_en, found.privacy_url_fr = "/en/privacy/", "/fr/confidentialite/"
    found.save()
    assert "Talk to us" in html_of(client, "/en/")
    html = html_of(client, "/fr/")
    assert "Parlez-nous" in html
    assert "/fr/confidentialite/" in html
    assert "/en/privacy/" not in html


def test_pages_of_the_answer_flow_toggle_without_a_page():
    """The base page serves rooms that know nothing of Wagtail."""
    from django.template import engines
    from django.test import RequestFactory

    make_site()
    request = RequestFactory().get("/fr/", {"a": "1"})
    with override("fr"):
        html = engines["django"].from_string('{% extends "look/base.html" %}').render({}, request)
    assert 'href="/en/?a=1"' in html


# --- Dates -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", [f"December{NBSP}1, 2026", f"October{NBSP}23, 2026"]),
        ("fr", [f"1er{NBSP}décembre{NBSP}2026", f"23{NBSP}octobre{NBSP}2026"]),
    ],
)
def test_first_of_the_month_is_premier_in_french_alone(language, expected):
    with override(language):
        assert [long_date(date(2026, 12, 1)), long_date(date(2026, 10, 23))] == expected


@pytest.mark.parametrize(
    ("language", "moment", "expected"),
    [
        ("en", datetime(2026, 12, 1, 4, 59, tzinfo=UTC), f"11:59{NBSP}pm"),
        ("fr", datetime(2026, 12, 1, 4, 59, tzinfo=UTC), f"23{NBSP}h{NBSP}59"),
        ("en", datetime(2026, 11, 30, 21, 0, tzinfo=UTC), f"4{NBSP}pm"),
        ("fr", datetime(2026, 11, 30, 21, 0, tzinfo=UTC), f"16{NBSP}h"),
        ("en", datetime(2026, 11, 30, 17, 5, tzinfo=UTC), f"12:05{NBSP}pm"),
        ("en", datetime(2026, 11, 30, 5, 0, tzinfo=UTC), f"12{NBSP}am"),
        ("fr", datetime(2026, 11, 30, 5, 5, tzinfo=UTC), f"0{NBSP}h{NBSP}05"),
    ],
)
def test_times_are_local_and_written_as_each_language_does(language, moment, expected):
    with override(language):
        assert clock_time(moment) == expected


def test_closing_time_names_its_zone():
    moment = datetime(2026, 12, 1, 4, 59, tzinfo=UTC)
    with override("fr"):
        assert moment_with_zone(moment).endswith("2026 à\u00a023\u00a0h\u00a059 (heure de l’Est)")
    with override("en"):
        assert moment_with_zone(moment).endswith("Eastern time")


@pytest.mark.parametrize(
    ("first", "last", "english", "french"),
    [
        (date(2026, 6, 2), date(2026, 6, 30), "from_June_2 to_30, 2026", "du_2 au_30_juin_2026"),
        (date(2026, 5, 1), date(2026, 6, 1), "from_May_1 to_June_1, 2026",
         "du_1er_mai au_1er_juin_2026"),
        (date(2026, 12, 1), date(2027, 1, 2), "from_December_1, 2026 to_January_2, 2027",
         "du_1er_décembre_2026 au_2_janvier_2027"),
        (date(2026, 6, 2), date(2026, 6, 2), "on_June_2, 2026", "le_2_juin_2026"),
    ],
)  # fmt: skip
def test_ranges_say_once_what_both_ends_share(first, last, english, french):
    with override("en"):
        assert date_range(first, last) == english.replace("_", NBSP)
    with override("fr"):
        assert date_range(first, last) == french.replace("_", NBSP)


@pytest.mark.parametrize("days", [0, 1, 9])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_days_left_are_days_of_the_calendar(days, language):
    """At ten in the evening the same closing is as many days away as at six in the morning."""
    closes = datetime(2026, 11, 30, 23, 59, tzinfo=timezone.get_default_timezone())
    engagement = make_engagement(closes_at=closes)
    said = set()
    for hour in (6, 22):
        moment = closes.replace(hour=hour) - timedelta(days=days)
        with time_machine.travel(moment, tick=False), override(language):
            said.add(status_text(engagement, engagement.phase()))
    assert len(said) == 1
    assert (str(days) in said.pop()) is (days > 0)


def test_steps_follow_the_calendar_whatever_their_order():
    class Block:
        def __init__(self, label: str, day: date) -> None:
            self.value = {"label": label, "when": "", "starts_on": day}

    blocks = [
        Block("later", date(2027, 2, 1)),
        Block("first", date(2026, 10, 1)),
        Block("now", date(2026, 11, 1)),
    ]
    steps = steps_of(blocks, date(2026, 11, 22))
    assert [(s.label, s.state) for s in steps] == [
        ("first", "done"), ("now", "now"), ("later", "later"),
    ]  # fmt: skip
    assert {s.state for s in steps_of(blocks, date(2026, 9, 1))} == {"later"}


def test_steps_and_documents_survive_publishing(client):
    pair = make_pages(published=False)
    for page in pair.pages:
        draft = page.get_latest_revision_as_object()
        label = "We read every answer" if page.language == "en" else "Nous lisons chaque réponse"
        draft.next_steps = [("step", {"label": label, "when": "", "starts_on": date(2026, 12, 1)})]
        draft.save_revision()
    pair_publish(page=pair.english, user=None, checks_permission=False)
    assert f"1er{NBSP}décembre{NBSP}2026" in html_of(client, pair_of(pair.english).french.url)


def test_survey_page_is_of_its_own_kind(client):
    pair = make_pages(make_engagement(kind=EngagementKind.SURVEY, closes_at=None))
    assert isinstance(pair.english, SurveyPage)
    assert 'class="btn"' in html_of(client, pair.english.url)


def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
