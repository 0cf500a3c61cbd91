"""Who may review and report, and the one way for a view to find that out."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from feedback.asking.models import Engagement, Question
from feedback.asking.permissions import scope_of
from feedback.asking.selectors.engagements import engagement_for_staff
from feedback.people.models import Anyone
from feedback.people.permissions import may
from feedback.people.table import Action


@dataclass(frozen=True, slots=True)
class ReviewAccess:
    """A question of a department the person works in, whether they may decide on its themes,
    whether they may draft a report on them, and whether they may read answers as written."""

    engagement: Engagement
    question: Question
    may_review: bool
    may_report: bool
    may_unmask: bool


def may_review(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may run the analysis and decide on themes."""
    return may(user, Action.REVIEW, scope_of(engagement))


def may_report(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may turn reviewed themes into the draft of a report."""
    return may(user, Action.REPORT, scope_of(engagement))


def may_unmask(user: Anyone, engagement: Engagement) -> bool:
    """Whether the person may read an answer with the personal information in it."""
    return may(user, Action.UNMASK, scope_of(engagement))


def review_access(user: Anyone, reference: str, code: str, *, to_review: bool) -> ReviewAccess:
    """The question, for this person. Raises Http404 where it is another department's, is not
    there or is not answered in words; PermissionDenied where ``to_review`` asks for more than the
    person may."""
    engagement = engagement_for_staff(user, reference, Action.REVIEW if to_review else Action.SEE)
    question = (
        Question.objects.filter(questionnaire__engagement=engagement, code=code)
        .select_related("questionnaire__engagement__department")
        .first()
    )
    if question is None or not question.is_text:
        raise Http404
    return ReviewAccess(
        engagement,
        question,
        may_review=to_review or may_review(user, engagement),
        may_report=may_report(user, engagement),
        may_unmask=may_unmask(user, engagement),
    )
