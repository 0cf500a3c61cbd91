"""The demo is seeded through the real services, once, and a second time changes nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from wagtail.models import Site

from analysis.review.models import AnalysisRun, Assignment, Theme
from cms.pages.models import ConsultationPage, HomePage, SurveyPage
from cms.publishing.models import PairedPage
from cms.reporting.models import FindingsPage
from cms.reporting.sentences import lower_first
from consult.demo.seed import PLANS, StaffMissing, demo_seed
from consult.demo.staff import staff_ensure
from feedback.answering.models import Answer, Response
from feedback.asking.life import Phase
from feedback.asking.models import Engagement, EngagementTally, Question, Questionnaire
from feedback.asking.services.questionnaires import questionnaire_problems
from feedback.people.models import User
from tests.factories import no_site

# The run writes its progress on a connection of its own.
pytestmark = pytest.mark.django_db(transaction=True)
SHARE = 0.2


@pytest.fixture(autouse=True)
def _new_installation(transactional_db: None) -> None:
    no_site()


def seed(**options: Any) -> list[str]:
    said: list[str] = []
    demo_seed(progress=said.append, **{"share": SHARE, **options})
    return said


def counts() -> dict[str, int]:
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith(("feedback.", "analysis.", "cms.", "wagtail.models"))
        # What readers and clocks write by themselves.
        if model._meta.model_name not in {"outboxmessage", "referenceindex"}
    }


def engagement(name: str) -> Engagement:
    plan = next(plan for plan in PLANS if plan.name == name)
    return Engagement.objects.get(reference_number=plan.reference_number)


def closing_dates() -> dict[str, Any]:
    return {row.reference_number: row.closes_at for row in Engagement.objects.all()}


def pages(model: type[PairedPage]) -> dict[str, PairedPage]:
    return {page.language: page for page in model._default_manager.all()}


def test_the_whole_demo_is_there_and_a_second_time_changes_nothing(
    client: Client, settings: Any
) -> None:
    staff_ensure(password="only here")
    # All of it: whether there is a report hangs on what everyone wrote.
    seed(share=1)
    # One is open, one has its report, one goes on; each complete in both languages.
    phases = {name: engagement(name).phase() for name in ("open", "closed", "survey")}
    assert phases == {
        "open": Phase.OPEN,
        "closed": Phase.OUTCOME_PUBLISHED,
        "survey": Phase.OPEN,
    }
    for questionnaire in Questionnaire.objects.all():
        assert questionnaire_problems(questionnaire) == []
        assert questionnaire.privacy_notice_en
        assert questionnaire.privacy_notice_fr

    # Answers came while their engagement was open, in the past, and are counted.
    for name in phases:
        asked = engagement(name)
        responses = Response.objects.filter(engagement=asked)
        assert responses.count() >= 8
        for response in responses:
            assert asked.phase(response.received_at) in {Phase.OPEN, Phase.OUTCOME_PUBLISHED}
            assert asked.opens_at < response.received_at <= timezone.now()
            assert not asked.closes_at or response.received_at < asked.closes_at
        tallied = EngagementTally.objects.filter(engagement=asked).values_list("count", flat=True)
        assert sum(tallied) == responses.count()

    # Themes are what the run found, and nothing else.
    run = AnalysisRun.objects.get()
    assert run.status == "succeeded"
    assert run.document_count == Answer.objects.filter(question__code="comment").count()
    themes = list(Theme.objects.all())
    assert themes
    for theme in themes:
        candidate = theme.candidates.get()
        # Named by a person, in both languages.
        assert theme.events.filter(action="rename").exists() or candidate.unnamed
        assert theme.name_en != candidate.name_en
        assert theme.name_fr != candidate.name_fr
        assert Assignment.objects.filter(theme=theme, source="machine").exists()

    # Every page is live in both languages, and the report stands below its consultation.
    for model, number in ((HomePage, 1), (ConsultationPage, 2), (SurveyPage, 1), (FindingsPage, 1)):
        assert model.objects.live().count() == 2 * number
    report = pages(FindingsPage)
    assert set(report) == {"en", "fr"}
    assert report["en"].snapshot_id == report["fr"].snapshot_id
    assert report["en"].get_parent().specific.engagement == engagement("closed")
    told = {block.value["code"] for block in report["en"].themes}
    assert told <= {theme.code for theme in themes}
    promised = [
        [len(block.value["commitments"]) for block in report[language].themes]
        for language in ("en", "fr")
    ]
    assert promised[0] == promised[1]
    assert sum(promised[0]) >= 1

    for page in report.values():
        _assert_says_where_the_languages_differ(page)

    # Readers get each of them.
    for model in (HomePage, ConsultationPage, SurveyPage, FindingsPage):
        for page in model.objects.all():
            response = client.get(page.get_url())
            assert response.status_code == 200, page.url_path
            html = response.content.decode()
            assert f'<html lang="{page.language}' in html
            assert escape(page.title) in html or escape(page.heading) in html
            assert isinstance(page, FindingsPage) or escape(page.notice) in html
            assert "Consultations Bellerive" in html

    # A month later, on another port: nothing is made twice, and the addresses are right.
    before, dates = counts(), closing_dates()
    settings.CONSULT_BASE_URL = "http://localhost:9123"
    assert seed(today=timezone.localdate() + timedelta(days=30)) == []
    assert counts() == before
    assert closing_dates() == dates
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port) == ("localhost", 9123)


def _assert_says_where_the_languages_differ(page: PairedPage) -> None:
    """The words around the numbers name the themes the numbers tell apart, how many, and which
    language speaks more of each; and no other theme."""
    assert isinstance(page, FindingsPage)
    numbers, language = page.numbers, page.language
    told = {theme.name(language): numbers.comparison(theme) for theme in numbers.top_themes}
    assert all(told.values())
    clear = {name: said for name, said in told.items() if said is not None and said.is_clear}
    (sentence,) = [
        text
        for text in re.split(r"(?<=[.])\s+|</p>", page.summary)
        if re.search(r"in English and in French|en français et en anglais", text)
    ]
    sentence = unescape(sentence)
    assert {name for name in told if lower_first(name) in sentence} == set(clear)
    in_words = {"en": ["overlaps", "one subject", "two", "three", "four", "five", "six", "seven"]}
    in_words["fr"] = ["se recoupe", "un sujet", "deux", "trois", "quatre", "cinq", "six", "sept"]
    assert in_words[language][len(clear)] in sentence
    more = {"en": "wrote in {} speak", "fr": "souvent en {}"}[language]
    names = {"en": ("English", "French"), "fr": ("anglais", "français")}[language]
    for name, said in clear.items():
        after = sentence.split(lower_first(name))[1].split(";")[0]
        assert more.format(names[said.french.share > said.english.share]) in after


def test_an_interrupted_seed_leaves_no_half_engagement_and_can_be_finished() -> None:
    staff_ensure(password="only here")
    asked = 0

    def breaks(**given: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked > 15:
            raise KeyboardInterrupt
        return submit(**given)

    from consult.demo import seed as module

    submit = module.response_submit
    with patch.object(module, "response_submit", breaks), pytest.raises(KeyboardInterrupt):
        seed()
    assert Response.objects.values("engagement").distinct().count() == Engagement.objects.count()
    # Finished with too few answers to group: everything but a report, and it says so.
    said = seed(share=0.005)
    assert Response.objects.values("engagement").distinct().count() == len(PLANS)
    assert AnalysisRun.objects.get().status == "succeeded"
    assert not Theme.objects.exists()
    assert not FindingsPage.objects.exists()
    assert "No report yet" in said[-1]
    assert engagement("closed").phase() == Phase.CLOSED

    # What a visitor then begins is the visitor's: no theme is added, nothing is published.
    Theme.objects.create(
        question=Question.objects.get(code="comment"),
        code="C1",
        name_en="Waiting",
        name_fr="Attente",
        origin="human",
        created_by=User.objects.get(username="analyst"),
    )
    assert seed() == []
    assert Theme.objects.count() == 1
    assert not FindingsPage.objects.exists()


def test_without_its_people_the_demo_is_not_seeded() -> None:
    with pytest.raises(StaffMissing, match="administrator"):
        seed()
    assert not Engagement.objects.exists()
