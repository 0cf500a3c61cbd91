"""What analysts and pages are told about the answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from feedback.answering.references import withdrawal_code
from feedback.answering.selectors import answers
from feedback.answering.selectors.answers import (
    CorpusDocument,
    corpus_for,
    question_distribution,
    rating_by_month,
)
from feedback.answering.services.responses import response_withdraw
from feedback.asking.enums import Channel, EngagementKind
from feedback.asking.models import Question
from feedback.bilingual import Language
from tests.factories import given, make_engagement, make_questionnaire, submit

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


def test_only_words_are_a_corpus_and_only_choices_a_distribution(engagement) -> None:
    with pytest.raises(ValueError, match="reached"):
        next(corpus_for(question(engagement, "reached")))
    with pytest.raises(ValueError, match="change"):
        question_distribution(question(engagement, "change"))
    with pytest.raises(ValueError, match="reached"):
        rating_by_month(question(engagement, "reached"))


def test_distribution_of_a_question_with_several_answers(engagement) -> None:
    submit(engagement, {**ENOUGH, **given(used=["phone", "online"])}, language=Language.FR)
    submit(engagement, {**ENOUGH, **given(used=["phone"])}, channel=Channel.MAIL)
    submit(engagement)
    found = question_distribution(question(engagement, "used"))
    assert (found.base, found.missing, found.not_applicable) == (2, 1, 0)
    assert {row.choice.code: row.n for row in found.rows} == {
        "phone": 2,
        "online": 1,
        "counter": 0,
    }
    phone = found.rows[0]
    assert phone.by_language == {Language.EN: 1, Language.FR: 1}
    assert phone.by_channel == {Channel.ONLINE: 1, Channel.MAIL: 1}
    assert found.base_by_language == {Language.EN: 1, Language.FR: 1}
    assert found.share(phone) == 1
    assert found.share(found.rows[1]) == Fraction(1, 2)
    assert found.share(found.rows[1], Language.EN) == 0


def test_not_applicable_is_outside_the_base(engagement) -> None:
    for ease in ("5", "4", "na", "na"):
        submit(engagement, given(reached="phone", ease=ease))
    found = question_distribution(question(engagement, "ease"))
    assert (found.base, found.not_applicable, found.missing) == (2, 2, 0)
    assert [row.n for row in found.rows] == [0, 0, 0, 1, 1]


def test_share_of_nobody_is_no_number(engagement) -> None:
    found = question_distribution(question(engagement, "ease"))
    assert found.base == 0
    assert found.share(found.rows[0]) is None


def test_rating_by_month_leaves_out_not_applicable_and_can_be_split_by_channel() -> None:
    survey = make_questionnaire(
        make_engagement(
            kind=EngagementKind.SURVEY,
            opens_at=timezone.now() - timedelta(days=400),
            closes_at=None,
        )
    ).engagement
    # The last hour of May in Toronto is June in UTC.
    for moment, ease, channel in [
        (datetime(2026, 6, 1, 3, 0, tzinfo=UTC), "2", Channel.PHONE),
        (datetime(2026, 5, 15, tzinfo=UTC), "5", Channel.ONLINE),
        (datetime(2026, 7, 2, tzinfo=UTC), "3", Channel.ONLINE),
        (datetime(2026, 8, 2, tzinfo=UTC), "na", Channel.ONLINE),
    ]:
        submit(survey, given(reached="phone", ease=ease), channel=channel, received_at=moment)
    ease = question(survey, "ease")
    months = rating_by_month(ease)
    assert [(m.month, m.n, m.mean) for m in months] == [
        (date(2026, 5, 1), 2, 3.5),
        (date(2026, 7, 1), 1, 3.0),
    ]
    assert months[0].by_value == {1: 0, 2: 1, 3: 0, 4: 0, 5: 1}
    assert [m.n for m in rating_by_month(ease, Channel.PHONE)] == [1]
