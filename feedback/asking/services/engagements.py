"""An engagement's way from draft to outcome."""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Model

from feedback.asking.enums import EngagementStatus, Phase
from feedback.asking.models import Engagement, EngagementEvent, Questionnaire
from feedback.asking.services.changes import Confirmation, recorded_change
from feedback.asking.services.questionnaires import Problem, questionnaire_problems
from feedback.people.permissions import type_of_user

_S = EngagementStatus
# From where to where. Open and closed are not here: the clock moves an approved engagement.
MOVES: dict[EngagementStatus, tuple[EngagementStatus, ...]] = {
    _S.DRAFT: (_S.IN_REVIEW, _S.WITHDRAWN),
    _S.IN_REVIEW: (_S.APPROVED, _S.DRAFT, _S.WITHDRAWN),
    _S.APPROVED: (
        _S.IN_REVIEW,
        _S.OUTCOME_PUBLISHED,
        _S.NO_REPORT_EXPECTED,
        _S.WITHDRAWN,
    ),
    _S.NO_REPORT_EXPECTED: (_S.OUTCOME_PUBLISHED,),
    _S.OUTCOME_PUBLISHED: (),
    _S.WITHDRAWN: (),
}
# An approved engagement may go there only in these phases.
PHASES_NEEDED: dict[tuple[EngagementStatus, EngagementStatus], tuple[Phase, ...]] = {
    (_S.APPROVED, _S.IN_REVIEW): (Phase.APPROVED, Phase.SCHEDULED),
    (_S.APPROVED, _S.OUTCOME_PUBLISHED): (Phase.CLOSED,),
    (_S.APPROVED, _S.NO_REPORT_EXPECTED): (Phase.CLOSED,),
}


class MoveRefused(Exception):
    """The engagement cannot go there from where it is now."""


class ReasonMissing(MoveRefused):
    """Withdrawing needs a reason: people will ask."""


class ChangedMeanwhile(MoveRefused):
    """The questions are no longer those that the person saw."""


class QuestionnaireNotReady(MoveRefused):
    """What is asked is incomplete; ``problems`` says where."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(", ".join(f"{p.question_code}: {p.trouble}" for p in problems))


def engagement_moves(engagement: Engagement) -> list[EngagementStatus]:
    """Where it may go from where it stands at this moment."""
    status, phase = EngagementStatus(engagement.status), engagement.phase()
    return [to for to in MOVES[status] if phase in PHASES_NEEDED.get((status, to), tuple(Phase))]


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
        was = EngagementStatus(current.status)
        if to not in engagement_moves(current):
            raise MoveRefused(f"{was} -> {to}")
        if to == _S.WITHDRAWN and not reason.strip():
            raise ReasonMissing
        if to == _S.APPROVED:
            _refuse_incomplete(current, version_seen)
        current.status = to
        current.save(update_fields=["status"])
        EngagementEvent.objects.create(
            engagement=current, from_status=was, to_status=to, actor_id=actor.pk, reason=reason
        )
    engagement.status = to
    return engagement


@contextmanager
def engagement_change(
    *,
    engagement: Engagement,
    actor: type_of_user | None = None,
    confirmation: Confirmation | None = None,
) -> Iterator[None]:
    """Around every change of an engagement's title, dates, contact and partners.

    Once approved: by a publisher, confirmed and kept. Raises a kind of ``ChangeRefused``.
    """
    with recorded_change(engagement=engagement, actor=actor, confirmation=confirmation):
        yield


def _refuse_incomplete(engagement: Engagement, version_seen: int | None) -> None:
    questionnaire = Questionnaire.objects.filter(engagement=engagement).first()
    if questionnaire is None:
        raise QuestionnaireNotReady([])
    if version_seen is not None and questionnaire.version != version_seen:
        raise ChangedMeanwhile
    problems = questionnaire_problems(questionnaire)
    if problems:
        raise QuestionnaireNotReady(problems)
