"""From draft to outcome; who sees what; how many answered."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connections, transaction
from django.http import Http404
from django.utils import timezone

from feedback.answering.references import withdrawal_code
from feedback.answering.services.tallies import engagement_tally_refresh
from feedback.answering.services.withdrawals import response_withdraw
from feedback.approval.services.reviews import review_send
from feedback.asking.enums import Channel
from feedback.asking.kinds.chosen import TOO_FEW_CHOICES
from feedback.asking.kinds.rating import NOT_FIVE_POINTS
from feedback.asking.life import EngagementStatus, Phase
from feedback.asking.models import Choice, Engagement, EngagementTally, Question
from feedback.asking.permissions import may_move, may_read
from feedback.asking.selectors.engagements import (
    engagement_counts,
    engagement_for_staff,
    engagements_visible_to,
)
from feedback.asking.services.engagements import (
    MoveRefused,
    QuestionnaireNotReady,
    ReasonMissing,
    engagement_move,
    engagement_moves,
)
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.table import Action
from tests.factories import (
    make_department,
    make_engagement,
    make_question,
    make_questionnaire,
    make_superuser,
    make_user,
    submit,
)

S = EngagementStatus
pytestmark = pytest.mark.django_db

# From, whether its closing date has passed, and everywhere it may go.
ALLOWED = {
    (S.DRAFT, False): {S.IN_REVIEW, S.WITHDRAWN},
    (S.DRAFT, True): {S.IN_REVIEW, S.WITHDRAWN},
    (S.IN_REVIEW, False): {S.APPROVED, S.DRAFT, S.WITHDRAWN},
    (S.IN_REVIEW, True): {S.APPROVED, S.DRAFT, S.WITHDRAWN},
    (S.APPROVED, False): {S.WITHDRAWN},
    (S.APPROVED, True): {S.OUTCOME_PUBLISHED, S.NO_REPORT_EXPECTED, S.WITHDRAWN},
    (S.OUTCOME_PUBLISHED, True): set(),
    (S.NO_REPORT_EXPECTED, True): {S.OUTCOME_PUBLISHED},
    (S.WITHDRAWN, False): set(),
}


@pytest.mark.parametrize("to", list(S))
@pytest.mark.parametrize(("was", "is_past"), list(ALLOWED))
def test_every_move_is_made_and_kept_or_refused(was, is_past, to) -> None:
    here = make_department()
    make_user(here, Role.APPROVER)
    engagement = make_questionnaire(make_engagement(here, open=not is_past, status=was)).engagement
    actor = make_superuser()
    if to == S.IN_REVIEW and to in ALLOWED[was, is_past]:
        review_send(thing=engagement, actor=actor)
        engagement.events.update(reason="Parce que.")
    elif to in ALLOWED[was, is_past]:
        engagement_move(engagement=engagement, to=to, actor=actor, reason="Parce que.")
    if to in ALLOWED[was, is_past]:
        event = engagement.events.get()
        assert (event.from_status, event.to_status, event.actor) == (was, to, actor)
        assert event.reason == "Parce que."
    else:
        with pytest.raises(MoveRefused):
            engagement_move(engagement=engagement, to=to, actor=actor, reason="Parce que.")
        assert not engagement.events.exists()
    engagement.refresh_from_db()
    assert engagement.status == (to if to in ALLOWED[was, is_past] else was)


def test_planned_engagement_may_go_back_to_review() -> None:
    engagement = make_engagement(opens_at=timezone.now() + timedelta(days=1))
    assert S.IN_REVIEW in {move.to for move in engagement_moves(engagement)}
    make_user(engagement.department, Role.APPROVER)
    review_send(thing=engagement, actor=make_superuser())
    engagement.refresh_from_db()
    assert engagement.status == S.IN_REVIEW


def test_withdrawing_needs_a_reason() -> None:
    engagement = make_engagement()
    with pytest.raises(ReasonMissing):
        engagement_move(engagement=engagement, to=S.WITHDRAWN, actor=make_user(), reason="  ")


def test_what_is_asked_must_be_complete_to_be_approved() -> None:
    engagement = make_engagement(status=S.IN_REVIEW)
    with pytest.raises(QuestionnaireNotReady):
        engagement_move(engagement=engagement, to=S.APPROVED, actor=make_user())
    questionnaire = make_questionnaire(engagement)
    Choice.objects.filter(question__code="ease", value=3).delete()
    Choice.objects.filter(question__code="used").exclude(code="phone").delete()
    with pytest.raises(QuestionnaireNotReady) as caught:
        engagement_move(engagement=engagement, to=S.APPROVED, actor=make_user())
    assert {(p.question_code, p.trouble) for p in caught.value.problems} == {
        ("ease", NOT_FIVE_POINTS),
        ("used", TOO_FEW_CHOICES),
    }
    questionnaire.questions.all().delete()


def test_two_people_moving_at_once_do_not_both_win() -> None:
    engagement = make_questionnaire(make_engagement(status=S.IN_REVIEW)).engagement
    seen_by_other = Engagement.objects.get(pk=engagement.pk)
    engagement_move(engagement=engagement, to=S.DRAFT, actor=make_user())
    with pytest.raises(MoveRefused):
        engagement_move(engagement=seen_by_other, to=S.APPROVED, actor=make_user())


def test_open_and_closed_follow_the_clock_alone() -> None:
    engagement = make_engagement()
    for moment, phase in [
        (engagement.opens_at - timedelta(milliseconds=1), Phase.SCHEDULED),
        (engagement.opens_at, Phase.OPEN),
        (engagement.closes_at - timedelta(milliseconds=1), Phase.OPEN),
        (engagement.closes_at, Phase.CLOSED),
    ]:
        with time_machine.travel(moment, tick=False):
            assert engagement.phase() == phase
            assert engagement.is_open == (phase == Phase.OPEN)
            assert Engagement.objects.open().exists() == (phase == Phase.OPEN)
            assert Engagement.objects.awaiting_outcome().exists() == (phase == Phase.CLOSED)


# --- Who sees what -----------------------------------------------------------------------------


def test_staff_see_their_departments_engagements_and_no_others() -> None:
    here, there = make_department(), make_department()
    ours, theirs = make_engagement(here), make_engagement(there)
    author = make_user(here, Role.AUTHOR, Role.ANALYST)
    assert list(engagements_visible_to(author)) == [ours]
    assert set(engagements_visible_to(make_superuser())) == {ours, theirs}
    for nobody in (AnonymousUser(), make_user(), make_user(here, Role.AUTHOR, is_active=False)):
        assert not engagements_visible_to(nobody).exists()


def test_one_door_hides_the_others_and_tells_colleagues_what_they_lack() -> None:
    here = make_department()
    ours, theirs = make_engagement(here), make_engagement()
    author = make_user(here, Role.AUTHOR)
    assert engagement_for_staff(author, ours.reference_number) == ours
    assert engagement_for_staff(author, ours.reference_number, Action.READ) == ours
    with pytest.raises(PermissionDenied):
        engagement_for_staff(author, ours.reference_number, Action.REVIEW)
    for reference in (theirs.reference_number, "nothing"):
        with pytest.raises(Http404):
            engagement_for_staff(author, reference, Action.REVIEW)
    anyones = engagement_for_staff(make_superuser(), theirs.reference_number, Action.REVIEW)
    assert anyones == theirs


def test_authors_prepare_and_approvers_decide() -> None:
    here = make_department()
    engagement = make_engagement(here)
    author, approver = make_user(here, Role.AUTHOR), make_user(here, Role.APPROVER)
    assert may_read(author, engagement)
    assert may_read(approver, engagement)
    assert may_move(author, engagement, S.IN_REVIEW)
    assert not may_move(author, engagement, S.APPROVED)
    assert may_move(approver, engagement, S.APPROVED)
    assert not may_move(make_user(make_department(), Role.APPROVER), engagement, S.APPROVED)


# --- Counting ----------------------------------------------------------------------------------


def test_tally_counts_standing_responses_by_language_and_channel() -> None:
    engagement = make_questionnaire().engagement
    assert engagement_counts(engagement).total == 0
    submit(engagement, language=Language.FR)
    submit(engagement, language=Language.FR, channel=Channel.PHONE)
    taken_back = submit(engagement)
    engagement_tally_refresh(engagement_id=engagement.pk)
    assert engagement_counts(engagement).total == 3
    response_withdraw(reference=taken_back.reference, code=withdrawal_code(taken_back.receipt_key))
    for _ in range(5):  # Delivered five times is counted once.
        engagement_tally_refresh(engagement_id=engagement.pk)
    counts = engagement_counts(engagement)
    assert counts.by_language == {Language.EN: 0, Language.FR: 2}
    assert counts.by_channel == {Channel.ONLINE: 1, Channel.PHONE: 1}
    assert counts.counted_at is not None
    engagement_tally_refresh(engagement_id=0)  # Deleted meanwhile: nothing to do.


@pytest.mark.django_db(transaction=True)
def test_counting_at_once_from_several_workers_ends_in_one_right_count() -> None:
    engagement = make_questionnaire().engagement
    for _ in range(3):
        submit(engagement)
    failures = []

    def count() -> None:
        try:
            engagement_tally_refresh(engagement_id=engagement.pk)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert EngagementTally.objects.get().count == 3


# --- What the database holds to ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"title_fr": ""}, "engagement_titled_in_both_languages"),
        ({"closes_at": timezone.now() - timedelta(days=100)}, "engagement_closes_after_it_opens"),
    ],
)
def test_database_refuses_half_an_engagement(fields, constraint) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_engagement(**fields)


def test_database_refuses_half_a_department() -> None:
    with (
        pytest.raises(IntegrityError, match="department_named_in_both_languages"),
        transaction.atomic(),
    ):
        make_department(name_fr="")


def test_database_refuses_the_same_role_twice_and_the_same_tally_twice() -> None:
    here = make_department()
    user = make_user(here, Role.AUTHOR)
    with pytest.raises(IntegrityError, match="membership_unique"), transaction.atomic():
        user.memberships.create(department=here, role=Role.AUTHOR)
    tally = {"engagement": make_engagement(here), "language": "en", "channel": "online"}
    EngagementTally.objects.create(**tally)
    with pytest.raises(IntegrityError, match="tally_unique"), transaction.atomic():
        EngagementTally.objects.create(**tally)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"text_fr": ""}, "question_asked_in_both_languages"),
        ({"hint_en": "Only here."}, "question_hint_in_both_languages"),
        ({"page_title_fr": "Ici seulement"}, "question_page_titled_in_both_languages"),
        ({"code": "reached"}, "question_code_unique_in_questionnaire"),
    ],
)
def test_database_refuses_half_a_question(fields, constraint) -> None:
    questionnaire = make_questionnaire()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_question(questionnaire, **{"code": "new", "kind": "short_text", **fields})


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"label_fr": ""}, "choice_labelled_in_both_languages"),
        ({"value": 6}, "choice_value_between_1_and_5"),
        ({"value": 1, "is_not_applicable": True}, "choice_not_applicable_has_no_value"),
        ({"code": "1"}, "choice_code_unique"),
    ],
)
def test_database_refuses_a_choice_that_cannot_be_counted(fields, constraint) -> None:
    make_questionnaire()
    question = Question.objects.get(code="ease")
    choice = {"code": "x", "label_en": "X", "label_fr": "X", **fields}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Choice.objects.create(question=question, **choice)


@pytest.mark.django_db(transaction=True)
def test_database_refuses_two_points_of_the_same_value_but_lets_them_trade() -> None:
    make_questionnaire()
    low, high = Choice.objects.filter(question__code="ease", value__in=[1, 5]).order_by("value")
    with transaction.atomic():
        Choice.objects.filter(pk=low.pk).update(value=5)
        Choice.objects.filter(pk=high.pk).update(value=1)
    with pytest.raises(IntegrityError, match="choice_value_unique"), transaction.atomic():
        Choice.objects.filter(pk=low.pk).update(value=1)
