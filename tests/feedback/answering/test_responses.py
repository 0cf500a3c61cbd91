"""The one door in, and the way out."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import given as sampled
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from feedback.answering.models import Answer, Response
from feedback.answering.references import normalised_reference, withdrawal_code
from feedback.answering.services import responses as service
from feedback.answering.services import withdrawals
from feedback.answering.services.responses import (
    ContentDiffers,
    EngagementNotOpen,
    ResponseWithdrawn,
    response_submit,
)
from feedback.answering.services.withdrawals import (
    WithdrawalRefused,
    WithdrawalTooSoon,
    response_withdraw,
)
from feedback.answering.validation import ValidationErrors
from feedback.asking.answers import AnswerInput, ErrorCode
from feedback.asking.enums import Channel
from feedback.asking.kinds.written import text_length
from feedback.asking.life import EngagementStatus, Phase
from feedback.asking.models import Engagement, Question
from feedback.bilingual import Language
from feedback.outbox.enums import OutboxTopic
from feedback.outbox.models import OutboxMessage
from tests.factories import given, make_engagement, make_questionnaire, submit

ENOUGH = given(reached="phone", ease="4")


def send(engagement: Engagement, answers: Any = None, **more: Any) -> service.Submission:
    return response_submit(
        **{
            "engagement": engagement,
            "client_token": uuid4(),
            "language": Language.FR,
            "channel": Channel.ONLINE,
            "answers": ENOUGH if answers is None else answers,
            **more,
        }
    )


@pytest.fixture
def engagement(db) -> Engagement:
    return make_questionnaire().engagement


def test_response_answers_and_message_are_stored_together(engagement) -> None:
    response = send(
        engagement, {**ENOUGH, **given(used=["online", "phone"], slowed="L'attente.")}
    ).response
    stored = {a.question.code: a for a in response.answers.select_related("question")}
    assert stored["used"].codes == ["phone", "online"]  # In the order offered.
    assert stored["slowed"].text == "L'attente."
    assert set(stored) == {"reached", "ease", "used", "slowed"}
    assert normalised_reference(response.reference) == response.reference
    message = OutboxMessage.objects.get()
    assert message.topic == OutboxTopic.RESPONSE_RECEIVED
    assert message.payload == {"engagement_id": engagement.pk, "response_id": response.pk}


def test_storing_takes_one_statement_for_each_table(engagement, django_assert_max_num_queries):
    """Begin, commit; 4 reads; lock, version; response, answers, outbox."""
    with django_assert_max_num_queries(11):
        send(engagement, {**ENOUGH, **given(used=["phone"], slowed="a", first="b", change="c")})


@pytest.mark.django_db(transaction=True)
def test_same_token_fifty_times_at_once_is_one_response() -> None:
    engagement = make_questionnaire().engagement
    token = uuid4()
    barrier = threading.Barrier(50)
    receipts: list[Any] = []

    def one() -> None:
        try:
            barrier.wait(30)
            receipts.append(send(engagement, client_token=token).response.receipt_key)
        except Exception as error:
            receipts.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    response = Response.objects.get()
    assert receipts == [response.receipt_key] * 50
    assert response.answers.count() == 2
    assert OutboxMessage.objects.count() == 1


def test_same_token_again_is_the_same_response_also_after_closing(engagement) -> None:
    token = uuid4()
    first = send(engagement, client_token=token)
    with time_machine.travel(engagement.closes_at + timedelta(days=2), tick=False):
        again = send(engagement, client_token=token)
    assert first.created
    assert not again.created
    assert again.response == first.response
    assert OutboxMessage.objects.count() == 1


def test_same_token_with_other_line_ends_is_the_same_content(engagement) -> None:
    token = uuid4()
    send(engagement, {**ENOUGH, **given(slowed="un\r\ndeux")}, client_token=token)
    again = send(engagement, {**ENOUGH, **given(slowed="un\ndeux")}, client_token=token)
    assert not again.created


def test_same_token_with_other_answers_neither_drops_nor_overwrites(engagement) -> None:
    token = uuid4()
    first = send(engagement, client_token=token).response
    with pytest.raises(ContentDiffers) as caught:
        send(engagement, {**ENOUGH, **given(slowed="Autre chose.")}, client_token=token)
    assert caught.value.response == first
    assert Response.objects.count() == 1
    assert not Answer.objects.exclude(text="").exists()


def test_same_token_in_two_engagements_is_two_responses(engagement) -> None:
    token = uuid4()
    other = make_questionnaire().engagement
    assert send(engagement, client_token=token).created
    assert send(other, client_token=token).created


def test_reference_that_is_taken_is_drawn_again(engagement, monkeypatch) -> None:
    taken = send(engagement).response.reference
    drawn = iter([taken, taken, "K7M2-9QXR-C"])
    monkeypatch.setattr(service, "new_reference", lambda: next(drawn))
    assert send(engagement).response.reference == "K7M2-9QXR-C"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "failing", ["answering_response", "answering_answer", "outbox_outboxmessage"]
)
def test_failure_at_any_statement_leaves_nothing(failing: str) -> None:
    engagement = make_questionnaire().engagement

    def fail(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith("INSERT") and failing in sql:
            raise RuntimeError(failing)
        return result

    with connection.execute_wrapper(fail), pytest.raises(RuntimeError):
        send(engagement)
    assert not Response.objects.exists()
    assert not Answer.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_storing_asks_nothing_of_the_broker(engagement, monkeypatch) -> None:
    """However dead or slow it is: what must happen next is a row."""
    from celery import current_app
    from kombu import Connection

    def touched(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the broker was asked")

    monkeypatch.setattr(current_app, "send_task", touched)
    monkeypatch.setattr(Connection, "ensure_connection", touched)
    monkeypatch.setattr(Connection, "connect", touched)
    assert send(engagement).created


# --- The window --------------------------------------------------------------------------------

MILLISECOND = timedelta(milliseconds=1)
CLOSINGS = [
    datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZoneInfo("America/St_Johns")),
    datetime(2026, 11, 1, 1, 30, fold=0, tzinfo=ZoneInfo("America/Toronto")),  # The hour that
    datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=ZoneInfo("America/Toronto")),  # comes twice.
    datetime(2026, 3, 8, 3, 0, tzinfo=ZoneInfo("America/Vancouver")),  # After the one that is not.
]


@pytest.mark.parametrize("closes_at", CLOSINGS, ids=str)
def test_closing_is_to_the_millisecond_and_grace_is_for_forms_opened_before(
    db, settings, closes_at
) -> None:
    grace = timedelta(minutes=settings.CONSULT_GRACE_MINUTES)
    closes_at = closes_at.astimezone(UTC)
    engagement = make_questionnaire(
        make_engagement(opens_at=closes_at - timedelta(days=30), closes_at=closes_at)
    ).engagement
    opened_before, opened_after = closes_at - timedelta(hours=20), closes_at + MILLISECOND

    phases: set[Phase] = set()

    def taken(moment: datetime, opened_at: datetime | None) -> bool:
        with time_machine.travel(moment, tick=False):
            try:
                return send(engagement, opened_at=opened_at).created
            except EngagementNotOpen as refusal:
                phases.add(refusal.phase)
                return False

    assert taken(closes_at - MILLISECOND, None)
    assert not taken(closes_at, None)
    assert taken(closes_at, opened_before)
    assert taken(closes_at + grace - MILLISECOND, opened_before)
    assert not taken(closes_at + grace, opened_before)
    assert not taken(closes_at + grace + MILLISECOND, opened_before)
    assert not taken(closes_at + timedelta(minutes=1), opened_after)
    # The server's clock was put back two seconds since the form was opened.
    assert taken(closes_at - timedelta(seconds=4), closes_at - timedelta(seconds=2))
    assert phases == {Phase.CLOSED}


def test_opening_is_to_the_millisecond(db) -> None:
    opens_at = timezone.now() + timedelta(days=1)
    engagement = make_questionnaire(make_engagement(opens_at=opens_at)).engagement
    with time_machine.travel(opens_at - MILLISECOND, tick=False), pytest.raises(EngagementNotOpen):
        send(engagement)
    with time_machine.travel(opens_at, tick=False):
        assert send(engagement).created


@pytest.mark.parametrize("status", [s for s in EngagementStatus if s != EngagementStatus.APPROVED])
def test_no_status_but_approved_takes_responses_whatever_the_clock(engagement, status) -> None:
    engagement.status = status
    engagement.save(update_fields=["status"])
    with pytest.raises(EngagementNotOpen):
        send(engagement, opened_at=timezone.now() - timedelta(days=1))


def test_survey_without_closing_date_stays_open(db) -> None:
    engagement = make_questionnaire(
        make_engagement(opens_at=timezone.now() - timedelta(days=900), closes_at=None)
    ).engagement
    assert send(engagement).created


def test_letter_is_measured_by_the_day_it_came_not_the_day_it_is_keyed(db) -> None:
    engagement = make_questionnaire(make_engagement(open=False)).engagement
    in_time = engagement.closes_at - timedelta(hours=1)
    response = send(engagement, channel=Channel.MAIL, received_at=in_time).response
    assert response.received_at == in_time
    for wrong in (engagement.closes_at, timezone.now() + timedelta(days=1)):
        with pytest.raises(EngagementNotOpen):
            send(engagement, channel=Channel.MAIL, received_at=wrong)


# --- What is answered --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"reached": ErrorCode.REQUIRED, "ease": ErrorCode.REQUIRED}),
        (given(reached="fax", ease="4"), {"reached": ErrorCode.UNKNOWN_CHOICE}),
        (given(reached=["phone", "online"], ease="4"), {"reached": ErrorCode.ONE_CHOICE_ONLY}),
        (given(reached="phone", ease=["1", "5"]), {"ease": ErrorCode.ONE_CHOICE_ONLY}),
        ({**ENOUGH, "slowed": AnswerInput(codes=("phone",))}, {"slowed": ErrorCode.TEXT_EXPECTED}),
        ({**ENOUGH, "used": AnswerInput(text="fax")}, {"used": ErrorCode.CHOICE_EXPECTED}),
        ({**ENOUGH, "other": AnswerInput(text="?")}, {"other": ErrorCode.UNKNOWN_QUESTION}),
        ({**ENOUGH, **given(slowed="é" * 712)}, {"slowed": ErrorCode.TOO_LONG}),
    ],
)
def test_each_answer_that_cannot_be_taken_is_named(engagement, answers, expected) -> None:
    with pytest.raises(ValidationErrors) as caught:
        send(engagement, answers)
    assert {code: error.code for code, error in caught.value.errors.items()} == expected
    assert not Response.objects.exists()
    if "slowed" in expected and expected["slowed"] == ErrorCode.TOO_LONG:
        assert caught.value.errors["slowed"].excess == 212


def test_line_end_counts_as_one_character(engagement) -> None:
    text = "\r\n".join(["a"] * 250) + "b"  # 250 + 249 + 1 = 500 as people count.
    assert text_length(text) == 500
    assert send(engagement, {**ENOUGH, **given(slowed=text)}).created


def test_spaces_alone_are_no_answer(engagement) -> None:
    response = send(engagement, {**ENOUGH, **given(slowed=" \r\n\t\u00a0")}).response
    assert response.answers.count() == 2


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@sampled(text=st.text(min_size=1, max_size=200).filter(str.strip))
@pytest.mark.django_db
def test_any_text_comes_back_as_it_was_typed(text: str) -> None:
    with transaction.atomic():
        engagement = make_questionnaire().engagement
        response = send(engagement, {**ENOUGH, **given(change=text)}).response
        stored = Answer.objects.get(response=response, question__code="change").text
        transaction.set_rollback(True)
    assert stored == text.replace("\x00", "\ufffd")


@pytest.mark.parametrize(
    "text",
    [
        "👩🏽‍🚀 l'été 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
        "e\u0301 n'est pas é",
        "עברית \u202eright to left\u202c العربية",
        "un\r\ndeux\rtrois\nquatre",
        "<script>alert(1)</script> =1+1 '; DROP TABLE answering_answer; --",
        "Z" + "\u0301" * 400,
        "é" * 4_990,
    ],
)
def test_difficult_text_is_stored_exactly(engagement, text) -> None:
    response = send(engagement, {**ENOUGH, **given(change=text)}).response
    assert response.answers.get(question__code="change").text == text


def test_what_postgresql_cannot_hold_is_shown_as_such_and_refuses_nothing(engagement) -> None:
    response = send(engagement, {**ENOUGH, **given(change="a\x00b\ud800c")}).response
    assert response.answers.get(question__code="change").text == "a\ufffdb\ufffdc"


def test_response_remembers_the_version_its_author_read(engagement) -> None:
    engagement.questionnaire.version = 3
    engagement.questionnaire.save(update_fields=["version"])
    assert send(engagement, version_seen=2).response.questionnaire_version == 2
    assert send(engagement, version_seen=9).response.questionnaire_version == 3
    assert send(engagement).response.questionnaire_version == 3


# --- Taking back -------------------------------------------------------------------------------


def test_withdrawal_deletes_the_answers_and_keeps_the_proof(engagement) -> None:
    response = submit(engagement, {**ENOUGH, **given(change="Canari-4711")})
    code = withdrawal_code(response.receipt_key)
    response_withdraw(reference=response.reference.lower().replace("-", " "), code=f" {code} ")
    response.refresh_from_db()
    assert response.withdrawn_at is not None
    assert response.content_digest == ""
    assert not Answer.objects.exists()
    assert list(OutboxMessage.objects.values_list("topic", flat=True)) == [
        OutboxTopic.RESPONSE_RECEIVED,
        OutboxTopic.RESPONSE_WITHDRAWN,
    ]
    # Twice is harmless.
    response_withdraw(reference=response.reference, code=code)
    assert OutboxMessage.objects.count() == 2


def test_withdrawn_words_are_in_no_table(engagement) -> None:
    response = submit(engagement, {**ENOUGH, **given(change="Canari-4711")})
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s',  # noqa: S608
                ["%Canari%"],
            )
            assert cursor.fetchone()[0] == 0, table


def test_response_that_was_taken_back_does_not_come_back(engagement) -> None:
    token = uuid4()
    response = send(engagement, client_token=token).response
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    with pytest.raises(ResponseWithdrawn):
        send(engagement, client_token=token)
    assert not Answer.objects.exists()


def test_wrong_code_and_unknown_reference_are_told_alike(engagement) -> None:
    response = submit(engagement)
    other = submit(engagement)
    for reference, code in [
        (response.reference, withdrawal_code(other.receipt_key)),
        (response.reference, ""),
        ("K7M2-9QXR-C", withdrawal_code(response.receipt_key)),
        ("", ""),
    ]:
        with pytest.raises(WithdrawalRefused):
            response_withdraw(reference=reference, code=code)
    assert response.answers.exists()


def test_guessing_is_slowed_and_locks_nobody_out(engagement, settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    response = submit(engagement)
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(withdrawals.FREE_TRIES):
            with pytest.raises(WithdrawalRefused):
                response_withdraw(reference=response.reference, code="0")
        refused = 0
        for _ in range(100):
            with pytest.raises((WithdrawalRefused, WithdrawalTooSoon)) as caught:
                response_withdraw(reference=response.reference, code="1")
            refused += caught.type is WithdrawalRefused
            clock.shift(1)
        assert refused <= 8  # A hundred tries in a hundred seconds: eight were looked at.
        clock.shift(withdrawals.LONGEST_WAIT)
        response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    response.refresh_from_db()
    assert response.withdrawn_at is not None


@pytest.fixture
def cache_away(settings) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "consult.cache.ExpendableRedisCache",
            "LOCATION": "redis://127.0.0.1:1/1",
        }
    }


def test_withdrawal_works_while_the_cache_is_away(engagement, cache_away) -> None:
    response = submit(engagement)
    with pytest.raises(WithdrawalRefused):
        response_withdraw(reference=response.reference, code="1")
    response_withdraw(reference=response.reference, code=withdrawal_code(response.receipt_key))
    assert not response.answers.exists()


def test_guessing_is_slowed_while_the_cache_is_away(engagement, cache_away) -> None:
    response = submit(engagement)
    for _ in range(withdrawals.FREE_TRIES):
        with pytest.raises(WithdrawalRefused):
            response_withdraw(reference=response.reference, code="1")
    with pytest.raises(WithdrawalTooSoon):
        response_withdraw(reference=response.reference, code="1")


def test_what_another_process_counted_is_counted_here(engagement) -> None:
    from feedback.answering.services.attempts import attempts_forget

    response = submit(engagement)
    for _ in range(withdrawals.FREE_TRIES):
        with pytest.raises(WithdrawalRefused):
            response_withdraw(reference=response.reference, code="1")
        attempts_forget()  # As in a process that was not asked before.
    with pytest.raises(WithdrawalTooSoon):
        response_withdraw(reference=response.reference, code="1")


# --- What the database holds to, whoever asks --------------------------------------------------


def _breaks(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def test_database_refuses_a_second_response_for_a_token(engagement) -> None:
    response = submit(engagement)
    response.pk = None
    response.reference, response.receipt_key = "other", uuid4()
    with _breaks("response_once_per_token"), transaction.atomic():
        response.save(force_insert=True)


def test_database_refuses_two_answers_to_one_question(engagement) -> None:
    answer = submit(engagement).answers.first()
    answer.pk = None
    with _breaks("answer_once_per_question"), transaction.atomic():
        answer.save(force_insert=True)


@pytest.mark.parametrize("content", [{}, {"codes": ["phone"], "text": "and words"}])
def test_database_refuses_an_answer_that_is_neither_or_both(engagement, content) -> None:
    response = submit(engagement)
    question = Question.objects.get(code="used")
    with _breaks("answer_is_either_codes_or_text"), transaction.atomic():
        Answer.objects.create(response=response, question=question, **content)


def test_database_refuses_a_digest_on_a_withdrawn_response(engagement) -> None:
    response = submit(engagement)
    with _breaks("response_withdrawn_keeps_no_digest"), transaction.atomic():
        Response.objects.filter(pk=response.pk).update(withdrawn_at=timezone.now())


def test_engagement_with_responses_cannot_be_deleted(engagement) -> None:
    submit(engagement)
    with pytest.raises(ProtectedError):
        engagement.delete()
