"""An engagement's way from draft to outcome."""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model

from feedback.approval.selectors import review_under_way, step_under_way
from feedback.approval.services.reviews import review_end
from feedback.asking.conditions import require_conditions
from feedback.asking.life import ENDED, EngagementStatus, Move, moves_from
from feedback.asking.models import Engagement, EngagementEvent, Questionnaire
from feedback.asking.services.changes import Confirmation, recorded_change
from feedback.asking.services.questionnaires import Problem, questionnaire_problems
from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.people.models import Anyone


class MoveRefused(Exception):
    """The engagement cannot go there from where it is now."""


class ReasonMissing(MoveRefused):
    """This move needs a reason: people will ask."""


class ChangedMeanwhile(MoveRefused):
    """The questions are no longer those that the person saw."""


class NotByReview(MoveRefused):
    """What follows from a review is not done beside it."""


class QuestionnaireNotReady(MoveRefused):
    """What is asked is incomplete; ``problems`` says where."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(", ".join(f"{p.question_code}: {p.trouble}" for p in problems))


def engagement_moves(engagement: Engagement) -> list[Move]:
    """Where it may go from where it stands at this moment."""
    return moves_from(engagement.status, engagement.phase())


def engagement_move(
    *,
    engagement: Engagement,
    to: EngagementStatus | str,
    actor: Model,
    reason: str = "",
    version_seen: int | None = None,
) -> Engagement:
    """Change the status and keep who, when and why. Raises ``MoveRefused`` or a kind of it.

    Who may do it is asked before, by ``feedback.asking.permissions.may_move``. ``version_seen``: of
    the questionnaire on the screen the person decided from; approving another raises
    ``ChangedMeanwhile``.
    """
    to = EngagementStatus(to)
    with transaction.atomic():
        current = Engagement.objects.select_for_update().get(pk=engagement.pk)
        was = current.status
        move = next((move for move in engagement_moves(current) if move.to == to), None)
        if move is None:
            raise MoveRefused(f"{was} -> {to}")
        if move.needs_reason and not reason.strip():
            raise ReasonMissing
        require_conditions(move, current, version_seen)
        current.status = to
        current.save(update_fields=["status"])
        if to in ENDED and review_under_way(current) is not None:
            review_end(thing=current, actor=actor)
        EngagementEvent.objects.create(
            engagement=current, from_status=was, to_status=to, actor_id=actor.pk, reason=reason
        )
        audit_record(
            Act.ENGAGEMENT_MOVED,
            about=About.ENGAGEMENT,
            reference=current.reference_number,
            actor=actor,
            department_id=current.department_id,
            before={"status": was},
            after={"status": str(to)},
        )
    engagement.status = to
    return engagement


@contextmanager
def engagement_change(
    *,
    engagement: Engagement,
    actor: Anyone | None = None,
    confirmation: Confirmation | None = None,
) -> Iterator[None]:
    """Around every change of an engagement's title, dates, contact and partners.

    Once approved: by an approver, confirmed and kept. Raises a kind of ``ChangeRefused``.
    """
    with recorded_change(engagement=engagement, actor=actor, confirmation=confirmation):
        yield


def engagement_outcome_publish(*, engagement: Engagement, actor: Model, reason: str) -> None:
    """The report is out: so is the outcome, if that was still to come."""
    to = EngagementStatus.OUTCOME_PUBLISHED
    if any(move.to == to for move in engagement_moves(engagement)):
        engagement_move(engagement=engagement, to=to, actor=actor, reason=reason)


def questionnaire_ready(engagement: Engagement, version_seen: int | None) -> None:
    """A condition of a move: there is something to ask, complete, with its privacy notice, and it
    is what the person saw."""
    questionnaire = Questionnaire.objects.filter(engagement=engagement).first()
    if questionnaire is None:
        raise QuestionnaireNotReady([])
    if version_seen is not None and questionnaire.version != version_seen:
        raise ChangedMeanwhile
    problems = questionnaire_problems(questionnaire)
    if problems:
        raise QuestionnaireNotReady(problems)


def review_begun(engagement: Engagement, version_seen: int | None) -> None:
    """A condition of a move: its review waits for a step."""
    if step_under_way(engagement) is None:
        raise NotByReview


def review_over(engagement: Engagement, version_seen: int | None) -> None:
    """A condition of a move: its review waits for no step any more."""
    if step_under_way(engagement) is not None:
        raise NotByReview
