"""Letters sent by many, on the page of the run that found them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analysis.review.models import AnalysisRun
from analysis.review.selectors.letters import letters_in
from analysis.review.services.codebook import candidates_accept
from feedback.answering.models import Answer
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.models import Question
from feedback.bilingual import Language
from feedback.people.enums import Role
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_questionnaire,
    make_result,
    make_run,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Any:
    return make_department()


@pytest.fixture
def question(department: Any) -> Question:
    return make_questionnaire(make_engagement(department)).questions.get(code="change")


@pytest.fixture
def answers(question: Question) -> list[Answer]:
    texts = [(f"Keep <b>the ferry</b>, says copy {n}.", Language.EN) for n in range(3)]
    texts += [(f"Gardez le traversier, dit la copie {n}.", Language.FR) for n in range(2)]
    texts += [("Another remark.", Language.EN)]
    return make_comments(question, texts)


@pytest.fixture
def run(question: Question, answers: list[Answer]) -> AnalysisRun:
    result = make_result(
        answers, {"T1": [0, 1, 2, 3, 4, 5]}, campaigns={"C1": [0, 1, 2], "C2": [3, 4]}
    )
    english, french = result.campaigns
    linked = (
        replace(english, linked="C2", link_score=0.804),
        replace(french, linked="C1", link_score=0.804),
    )
    return make_run(question, replace(result, campaigns=linked))


def address(run: AnalysisRun, question: Question) -> str:
    reference = question.questionnaire.engagement.reference_number
    return reverse("review:run", args=[reference, question.code, run.pk])


def test_a_run_shows_its_letters_and_the_translation_it_proposes(
    client: Client, department: Any, run: AnalysisRun, question: Question
) -> None:
    client.force_login(make_user(department, Role.ANALYST))
    for language in ("en", "fr"):
        client.cookies["django_language"] = language
        page = client.get(address(run, question), headers={"accept-language": language})
        shown = page.content.decode()
        assert [letter.code for letter in page.context["letters"]] == ["C1", "C2"]
        assert 'href="#letter-C2"' in shown
        assert 'href="#letter-C1"' in shown
        assert "&lt;b&gt;the ferry" in shown
        assert "<b>the ferry" not in shown


def test_letters_say_how_many_stand_and_how_alike_they_are(run: AnalysisRun) -> None:
    english, french = letters_in(run)
    assert (english.letters, english.by_language, english.language) == (3, {"en": 3}, "en")
    assert (french.letters, french.by_language, french.language) == (2, {"fr": 2}, "fr")
    assert (english.linked, english.percent) == ("C2", 80)
    assert french.text.startswith("Gardez le traversier")


def test_a_withdrawn_letter_is_neither_counted_nor_shown(
    run: AnalysisRun, answers: list[Answer]
) -> None:
    for answer in (answers[0], answers[3]):
        response_withdraw(
            reference=answer.response.reference,
            code=withdrawal_code(answer.response.receipt_key),
        )
    (english,) = letters_in(run)
    assert (english.code, english.letters) == ("C1", 2)
    assert english.text
    assert "copy 0" not in english.text
    assert english.linked == "", "a letter that no longer stands is no translation"


def test_a_letter_in_the_codebook_is_not_told_twice(run: AnalysisRun) -> None:
    before = [letter.text for letter in letters_in(run)]
    candidates_accept(candidates=run.candidates.all(), user=make_user())
    assert [letter.text for letter in letters_in(run)] == before


def test_a_run_stored_before_translations_were_proposed_still_shows_its_letters(
    run: AnalysisRun,
) -> None:
    run.campaigns = [
        {key: value for key, value in campaign.items() if not key.startswith("link")}
        for campaign in run.campaigns
    ]
    run.save(update_fields=["campaigns"])
    assert [letter.linked for letter in letters_in(run)] == ["", ""]
