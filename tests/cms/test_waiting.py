"""The home of staff: what waits there, for whom, in both languages, at a bounded cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from analysis.review.enums import RunError, RunStatus
from analysis.review.models import AnalysisRun
from analysis.review.services.codebook import candidates_accept
from feedback.asking.models import Engagement
from feedback.people.enums import Role
from feedback.people.waiting import Kind, waits_for
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db


def kinds(user: Any) -> dict[Kind, list[str]]:
    return {section.kind: [item.key for item in section.items] for section in waits_for(user)}


def grouped(department: Any, *, closed_days_ago: float | None = None) -> Any:
    """A question with two proposals nobody has decided on."""
    engagement = make_engagement(department)
    question = make_questionnaire(engagement).questions.get(code="slowed")
    answers = make_comments(question, [(f"Answer {n}", "en") for n in range(6)])
    run = make_run(question, make_result(answers, {"T1": [0, 1, 2], "T2": [3, 4, 5]}))
    if closed_days_ago is not None:
        moment = timezone.now() - timedelta(days=closed_days_ago)
        Engagement.objects.filter(pk=engagement.pk).update(
            opens_at=moment - timedelta(days=30), closes_at=moment
        )
    return run


def test_proposals_wait_for_those_who_decide_on_themes_until_the_last_is_decided() -> None:
    department = make_department()
    analyst, reader = make_user(department, Role.ANALYST), make_user(department, Role.APPROVER)
    stranger = make_user(make_department(), Role.ANALYST)
    run = grouped(department)
    assert kinds(analyst)[Kind.REVIEW] == [f"themes:{run.question_id}"]
    assert Kind.REVIEW not in kinds(reader)
    assert Kind.REVIEW not in kinds(stranger)
    candidates_accept(candidates=run.candidates.all(), user=analyst)
    assert Kind.REVIEW not in kinds(analyst)


@pytest.mark.parametrize(
    ("days", "kind"), [(29.9, Kind.REVIEW), (30.1, Kind.LATE)], ids=["in time", "late"]
)
def test_proposals_and_outcomes_are_late_a_month_after_closing(days, kind) -> None:
    department = make_department()
    analyst = make_user(department, Role.ANALYST)
    approver = make_user(department, Role.APPROVER)
    run = grouped(department, closed_days_ago=days)
    assert kinds(analyst) == {kind: [f"themes:{run.question_id}"]}
    outcome = f"outcome:{run.question.questionnaire.engagement_id}"
    assert kinds(approver) == ({Kind.LATE: [outcome]} if kind == Kind.LATE else {})


def test_runs_under_way_and_those_that_failed_last_are_told() -> None:
    department = make_department()
    analyst = make_user(department, Role.ANALYST)
    question = make_questionnaire(make_engagement(department)).questions.get(code="slowed")
    failed = AnalysisRun.objects.create(
        question=question, status=RunStatus.FAILED, error=RunError.OUT_OF_MEMORY
    )
    assert kinds(analyst)[Kind.RUNS] == [f"run:{failed.pk}"]
    running = AnalysisRun.objects.create(
        question=question, status=RunStatus.RUNNING, stage="embed", progress=0.4
    )
    assert kinds(analyst)[Kind.RUNS] == [f"run:{running.pk}"]
    said = {}
    for language in ("en", "fr"):
        with translation.override(language):
            (item,) = next(s for s in waits_for(analyst) if s.kind == Kind.RUNS).items
            said[language] = item.said
    assert "40" in said["en"]
    assert "40" in said["fr"]
    assert said["en"] != said["fr"]


def test_what_closes_within_two_weeks_is_told_to_all_who_see_it() -> None:
    department = make_department()
    now = timezone.now()
    soon = make_engagement(department, opens_at=now, closes_at=now + timedelta(days=13))
    make_engagement(department, opens_at=now, closes_at=now + timedelta(days=15))
    for role in (Role.ANALYST, Role.AUTHOR, Role.APPROVER):
        assert kinds(make_user(department, role))[Kind.CLOSES_SOON] == [f"closes:{soon.pk}"]
    assert kinds(make_user(make_department(), Role.AUTHOR)) == {}


@pytest.mark.parametrize("changed", ["english", "french"])
def test_a_page_changed_in_one_language_is_out_of_step_until_the_other_is_too(changed) -> None:
    department = make_department()
    author = make_user(department, Role.AUTHOR)
    pair = make_pages(make_engagement(department))
    assert Kind.OUT_OF_STEP not in kinds(author)

    def change(page: Any) -> None:
        page.lead = f"{page.lead} More."
        page.save_revision(user=author)

    change(getattr(pair, changed))
    key = f"pair:{pair.english.translation_key}"
    assert kinds(author)[Kind.OUT_OF_STEP] == [key]
    assert Kind.OUT_OF_STEP not in kinds(make_user(department, Role.ANALYST))
    assert kinds(make_user(make_department(), Role.AUTHOR)) == {}
    change(pair.french if changed == "english" else pair.english)
    assert Kind.OUT_OF_STEP not in kinds(author)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_home_shows_it_in_both_languages_and_says_when_there_is_nothing(
    client, language
) -> None:
    department = make_department(name_en="Fisheries", name_fr="Pêches")
    analyst = make_user(department, Role.ANALYST)
    client.force_login(analyst)
    spoken = {"accept-language": language}
    nothing = client.get("/staff/", headers=spoken).content.decode()
    assert 'class="waits' not in nothing
    assert {"en": "Nothing waits for you", "fr": "Aucune tâche en attente"}[language] in nothing
    run = grouped(department, closed_days_ago=31)
    html = client.get("/staff/", headers=spoken).content.decode()
    engagement = run.question.questionnaire.engagement
    assert f'href="/staff/review/{engagement.reference_number}/slowed/"' in html
    assert 'class="late"' in html
    assert {"en": "1 thing waits", "fr": "1 tâche en attente"}[language] in html
    assert {"en": "Fisheries", "fr": "Pêches"}[language] in html
    assert {"en": "Due ", "fr": "Échéance"}[language] in html


def test_the_home_costs_the_same_however_much_waits(client) -> None:
    department = make_department()
    user = make_user(department, *Role)
    client.force_login(user)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/staff/").status_code == 200
        return len(queries)

    def more() -> None:
        now = timezone.now()
        make_engagement(department, opens_at=now, closes_at=now + timedelta(days=3))
        grouped(department)
        grouped(department, closed_days_ago=40)
        page = make_pages(make_engagement(department)).english
        page.lead = "Other."
        page.save_revision(user=user)

    more()
    cost()
    once = cost()
    more()
    more()
    assert cost() == once
