"""Themes beside a closed question, on the review desk: whose answers, who may see, at what cost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.review.models import CandidateTheme, Theme
from analysis.review.selectors.crossings import LANGUAGE, crossings_of
from analysis.review.selectors.desk import review_for
from analysis.review.selectors.splits import desk_splits
from analysis.review.services.codebook import candidate_accept, candidates_accept, theme_dismiss
from feedback.answering.models import Answer, Response
from feedback.answering.references import new_reference, withdrawal_code
from feedback.answering.selectors.closed_questions import (
    choices_of_authors,
    closed_questions_beside,
)
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.enums import Channel
from feedback.asking.models import Choice, Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Department
from feedback.people.table import Action, roles_for
from tests.factories import (
    make_department,
    make_engagement,
    make_question,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
    reworded,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert('by')</script>"


def wrote(question: Question, rows: Iterable[tuple[Language, dict[str, str]]]) -> list[Answer]:
    """One response a row, with these codes for the closed questions; the texts, in order."""
    asked = {other.code: other for other in question.questionnaire.questions.all()}
    texts = []
    engagement = question.questionnaire.engagement
    for number, (language, codes) in enumerate(rows):
        response = Response.objects.create(
            engagement=engagement,
            client_token=uuid4(),
            receipt_key=uuid4(),
            reference=new_reference(),
            language=language,
            channel=Channel.ONLINE,
            received_at=engagement.opens_at,
            questionnaire_version=1,
            content_digest=uuid4().hex,
        )
        Answer.objects.bulk_create(
            Answer(response=response, question=asked[code], codes=[chosen])
            for code, chosen in codes.items()
        )
        text = f"Remark {number} on the counter." if language == "en" else f"Remarque {number}."
        texts.append(Answer.objects.create(response=response, question=question, text=text))
    return texts


def people(unhappy: int = 24, happy: int = 36) -> list[tuple[Language, dict[str, str]]]:
    """The unhappy write English and called; the happy write French and came to the counter."""
    rows = [(Language.EN, {"ease": "12"[n % 2], "reached": "phone"}) for n in range(unhappy)]
    rows += [(Language.FR, {"ease": "45"[n % 2], "reached": "counter"}) for n in range(happy)]
    # Two to whom it did not apply, and one who left it out.
    rows += [(Language.EN, {"ease": "na", "reached": "online"})] * 2
    rows += [(Language.EN, {"reached": "online"})]
    return rows


@pytest.fixture
def question(department: Department) -> Question:
    asked: Question = make_questionnaire(make_engagement(department)).questions.get(code="change")
    return asked


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    answers = wrote(question, people())
    groups = {"T1": [*range(20), 60, 62], "T2": list(range(24, 50)), "T3": [50, 51]}
    make_run(question, make_result(answers, groups))
    return answers


@pytest.fixture
def themes(answers: list[Answer], analyst: Any) -> list[Theme]:
    return candidates_accept(candidates=CandidateTheme.objects.order_by("rank"), user=analyst)


def address(question: Question, name: str = "desk") -> str:
    reference = question.questionnaire.engagement.reference_number
    return reverse(f"review:{name}", args=[reference, question.code])


def seen(response: Any, part: str = r'<section class="crossed".*?</section>') -> str:
    """The words of one part of a page."""
    found = re.search(part, response.content.decode(), re.S)
    assert found is not None
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group())).split())


# --- Which questions, whose answers


def test_the_question_just_before_comes_first_and_language_last(question: Question) -> None:
    assert [each.code for each in crossings_of(question)] == ["ease", "reached", LANGUAGE]
    middle = question.questionnaire.questions.get(code="slowed")
    make_question(question.questionnaire, "later", "single_choice")
    assert [each.code for each in closed_questions_beside(middle)] == ["ease", "reached", "later"]


def test_only_standing_answers_of_the_same_person_count(
    question: Question, answers: list[Answer]
) -> None:
    ease = question.questionnaire.questions.get(code="ease")
    chosen = choices_of_authors(question, ease)
    assert chosen[answers[0].pk] == "1"
    assert chosen[answers[60].pk] == "na"
    assert answers[62].pk not in chosen
    assert len(chosen) == 62
    response = answers[0].response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    assert len(choices_of_authors(question, ease)) == 61
    found = desk_splits(review_for(question), (options := crossings_of(question)), options[0])
    assert found.first is not None
    assert found.first.found.everyone.people == 62
    assert found.first.groups[0].theme.tally.n == 19


# --- On the desk


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_theme_shows_its_split_with_n_interval_picture_and_table(
    desk: Client, question: Question, themes: list[Theme], language: str
) -> None:
    low = next(theme for theme in themes if theme.name_en == "Proposal T1")
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = desk.get(address(question), {"group": f"t{low.pk}"})
    html = response.content.decode()
    words = seen(response)
    view = response.context["split"]
    assert view.group.theme.verdict == "lower"
    assert view.group.theme.tally.n == 20
    assert "1.5" in words if language == "en" else "1,5" in words
    assert "n = 20" in words
    assert "n = 60" in words
    assert 'id="split"' in html
    assert "95%" in words if language == "en" else "95\u00a0%" in words or "95 %" in words
    choice = Choice.objects.get(question__code="ease", code="1")
    assert words.count(choice.label_en if language == "en" else choice.label_fr) >= 2
    # Two who chose "not applicable" or nothing are told, and are in no share.
    assert "20" in view.base
    assert "22" in view.base
    assert [group.node.name_en for group in view.ratings.low] == ["Proposal T1"]
    assert [group.node.name_en for group in view.ratings.high] == ["Proposal T2"]


def test_another_question_is_chosen_by_a_plain_form_and_stays_chosen(
    desk: Client, question: Question, themes: list[Theme]
) -> None:
    response = desk.get(address(question), {"group": f"t{themes[0].pk}", "by": "reached"})
    html = response.content.decode()
    assert re.search(r'<form class="by" method="get"', html)
    assert re.search(r'<option\s+value="reached"\s+selected\s*>', html)
    assert f"?group=t{themes[1].pk}&amp;by=reached" in html
    assert response.context["split"].group.theme.verdict == "different"
    # What goes with low ratings is told of the nearest rating all the same.
    assert response.context["split"].rated.code == "ease"
    default = desk.get(address(question), {"group": f"t{themes[0].pk}"}).content.decode()
    assert not re.search(r"[?;]by=", default)


def test_the_language_balance_is_a_split_with_its_interval(
    desk: Client, question: Question, themes: list[Theme]
) -> None:
    group = f"t{themes[0].pk}"
    assert desk.get(address(question), {"group": group}).context["split"].balance
    response = desk.get(address(question), {"group": group, "by": LANGUAGE})
    view = response.context["split"]
    assert [cell.value.code for cell in view.group.theme.cells] == ["en", "fr"]
    assert sum(cell.n for cell in view.group.theme.cells) == view.group.theme.tally.people
    assert view.balance == ""
    assert "hatch" in view.chart


def test_too_few_people_are_counted_and_nothing_is_said_of_them(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    small = CandidateTheme.objects.get(code="T3")
    response = desk.get(address(question), {"group": f"c{small.pk}"})
    view = response.context["split"]
    assert view.group.theme.verdict == "too_few"
    assert view.group.theme.rating is None
    assert "n = 2" in seen(response)


def test_a_proposal_is_compared_with_proposals_and_a_theme_with_themes(
    question: Question, answers: list[Answer], analyst: Any
) -> None:
    candidate_accept(candidate=CandidateTheme.objects.get(code="T1"), user=analyst)
    found = desk_splits(review_for(question), (options := crossings_of(question)), options[0])
    assert [(level.name, len(level.groups)) for level in found.levels] == [
        ("themes", 1),
        ("proposals", 2),
    ]


def test_a_theme_set_aside_and_passages_in_none_have_no_split(
    desk: Client, question: Question, themes: list[Theme], analyst: Any
) -> None:
    theme_dismiss(theme=themes[0], version=1, user=analyst)
    for group in (f"t{themes[0].pk}", "none"):
        response = desk.get(address(question), {"group": group})
        assert response.status_code == 200
        assert response.context["split"] is None


def test_a_difference_that_letters_alone_make_is_told_as_theirs(
    desk: Client, question: Question
) -> None:
    answers = wrote(question, people(unhappy=30, happy=60))
    letters = list(range(30))
    result = make_result(answers, {"T1": [*letters, *range(30, 42)]}, campaigns={"L1": letters})
    make_run(question, result)
    candidate = CandidateTheme.objects.get(code="T1")
    view = desk.get(address(question), {"group": f"c{candidate.pk}"}).context["split"]
    assert view.group.theme.verdict == "letters"
    assert view.ratings.low == []


def test_labels_are_words_and_never_code(
    desk: Client, question: Question, answers: list[Answer]
) -> None:
    with reworded(question.questionnaire):
        Choice.objects.filter(question__code="ease", code="1").update(label_en=HOSTILE)
        Question.objects.filter(code="ease").update(text_en=HOSTILE)
    for name in ("desk", "splits"):
        html = desk.get(address(question, name)).content.decode()
        assert HOSTILE not in html
        assert "alert(" in html


def test_without_a_closed_question_language_is_what_is_left(
    desk: Client, department: Department
) -> None:
    questionnaire = make_questionnaire(make_engagement(department))
    questionnaire.questions.exclude(kind="long_text").delete()
    question = questionnaire.questions.get(code="change")
    answers = wrote(question, [(Language.EN, {})] * 12 + [(Language.FR, {})] * 12)
    make_run(question, make_result(answers, {"T1": list(range(12)), "T2": [12, 13]}))
    response = desk.get(address(question))
    assert response.context["chosen"].code == LANGUAGE
    assert response.context["split"].ratings is None
    assert desk.get(address(question, "splits")).status_code == 200


# --- All side by side


@pytest.mark.parametrize("by", ["ease", "reached", LANGUAGE])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_all_themes_stand_side_by_side(
    desk: Client, question: Question, themes: list[Theme], by: str, language: str
) -> None:
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = desk.get(address(question, "splits"), {"by": by})
    words = seen(response, r"<main.*</main>")
    for theme in themes:
        assert (theme.name_en if language == "en" else theme.name_fr) in words
    [view] = response.context["levels"]
    assert bool(view.chart) == (by == "ease")
    assert "Holm" in words


def test_side_by_side_before_any_run_says_that_there_is_nothing(
    desk: Client, question: Question
) -> None:
    response = desk.get(address(question, "splits"))
    assert response.status_code == 200
    assert response.context["levels"] == []


# --- Who may, and what is not there


def test_strangers_sign_in_and_other_departments_find_nothing(
    client: Client, question: Question
) -> None:
    paths = [address(question, "splits"), address(question) + "?by=ease"]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("account_login"))
    client.force_login(make_user(make_department(), *Role))
    for path in paths:
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("role", sorted(roles_for(Action.SEE)))
def test_every_role_that_sees_the_engagement_reads_along(
    client: Client, department: Department, question: Question, answers: Any, role: Role
) -> None:
    client.force_login(make_user(department, role))
    assert client.get(address(question, "splits")).status_code == 200
    assert client.get(address(question), {"by": "reached"}).status_code == 200


@pytest.mark.parametrize(
    "by", ["nothing", "used", "change", "slowed", "EASE", "ease'--", "../ease", "9" * 400, "\x00"]
)
def test_what_is_no_closed_question_here_is_not_found(
    desk: Client, question: Question, answers: Any, by: str
) -> None:
    other = make_question(make_questionnaire(make_engagement()), "elsewhere", "single_choice")
    for asked in (by, other.code):
        for name in ("desk", "splits"):
            assert desk.get(address(question, name), {"by": asked}).status_code == 404


def test_the_page_is_only_read(desk: Client, question: Question) -> None:
    for method in ("post", "put", "delete"):
        assert getattr(desk, method)(address(question, "splits")).status_code == 405


def test_a_question_answered_by_ticking_has_no_page(desk: Client, question: Question) -> None:
    ease = question.questionnaire.questions.get(code="ease")
    assert desk.get(address(ease, "splits")).status_code == 404


# --- What it costs


def queries_of(desk: Client, path: str, **query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert desk.get(path, query).status_code == 200
    return len(caught)


def test_splits_cost_the_same_few_queries_however_many_answers_and_themes(
    desk: Client, question: Question
) -> None:
    few = wrote(question, people(unhappy=12, happy=12))
    make_run(question, make_result(few, {"T1": list(range(12)), "T2": list(range(12, 24))}))
    first = CandidateTheme.objects.get(code="T1")
    queries_of(desk, address(question))  # whatever is read once
    small = [
        queries_of(desk, address(question), group=f"c{first.pk}"),
        queries_of(desk, address(question), group=f"c{first.pk}", by="reached"),
        queries_of(desk, address(question, "splits")),
    ]
    many = [*few, *wrote(question, people(unhappy=60, happy=60))]
    groups = {f"T{n}": list(range(12 * n, 12 * n + 12)) for n in range(1, 11)}
    make_run(question, make_result(many, groups))
    latest = CandidateTheme.objects.order_by("-run_id", "rank")[0]
    large = [
        queries_of(desk, address(question), group=f"c{latest.pk}"),
        queries_of(desk, address(question), group=f"c{latest.pk}", by="reached"),
        queries_of(desk, address(question, "splits")),
    ]
    assert large == small
    # Questions, their choices, what people chose; beside a choice, the ratings as well. The group
    # itself, its members and its quotes.
    without = queries_of(desk, address(question), group="none")
    assert small[1] == small[0] + 1
    assert small[0] <= without + 7


def test_the_desk_does_without_the_pipeline() -> None:
    """Whoever opens the first desk of a process does not wait for libraries only workers need."""
    program = """
import sys, django
django.setup()
import analysis.review.split_pages, consult.urls
print(*(name for name in ("analysis.pipeline", "sklearn", "scipy", "numpy") if name in sys.modules))
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "consult.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert ran.stdout.split() == []
