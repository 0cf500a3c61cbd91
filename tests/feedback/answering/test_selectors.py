"""What analysts and pages are told about the answers."""

from __future__ import annotations

import pytest

from feedback.answering.references import withdrawal_code
from feedback.answering.selectors import answers
from feedback.answering.selectors.answers import (
    CorpusDocument,
    corpus_for,
)
from feedback.answering.services.withdrawals import response_withdraw
from feedback.asking.enums import Channel
from feedback.asking.models import Question
from feedback.bilingual import Language
from tests.factories import given, make_questionnaire, submit

pytestmark = pytest.mark.django_db
ENOUGH = given(reached="phone", ease="4")


@pytest.fixture
def engagement():
    return make_questionnaire().engagement


def question(engagement, code: str) -> Question:
    return Question.objects.get(questionnaire__engagement=engagement, code=code)


def test_corpus_is_the_standing_texts_of_one_question_as_typed(engagement) -> None:
    kept = submit(
        engagement,
        {**ENOUGH, **given(change="Des guichets\r\nouverts le soir.", slowed="Autre question")},
        language=Language.FR,
        channel=Channel.MAIL,
    )
    withdrawn = submit(engagement, {**ENOUGH, **given(change="Taken back.")})
    submit(engagement)  # Said nothing to this question.
    submit(make_questionnaire().engagement, {**ENOUGH, **given(change="Elsewhere.")})
    response_withdraw(reference=withdrawn.reference, code=withdrawal_code(withdrawn.receipt_key))
    answer = kept.answers.get(question__code="change")
    assert list(corpus_for(question(engagement, "change"))) == [
        CorpusDocument(
            answer.pk, "Des guichets\r\nouverts le soir.", "fr", "mail", kept.received_at
        )
    ]


@pytest.mark.django_db(transaction=True)
def test_corpus_comes_in_order_and_in_chunks(engagement, monkeypatch) -> None:
    monkeypatch.setattr(answers, "CHUNK", 2)
    for n in range(5):
        submit(engagement, {**ENOUGH, **given(change=f"Text {n}")})
    assert [d.text for d in corpus_for(question(engagement, "change"))] == [
        f"Text {n}" for n in range(5)
    ]


def test_only_words_are_a_corpus(engagement) -> None:
    with pytest.raises(ValueError, match="reached"):
        next(corpus_for(question(engagement, "reached")))
