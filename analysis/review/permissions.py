"""Who may review and report, and the one way for a view to find that out."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from feedback.asking.models import Engagement, Question
from feedback.asking.permissions import may_see
from feedback.asking.selectors.engagements import engagement_for_staff
from feedback.people.enums import Role
from feedback.people.permissions import has_role


@dataclass(frozen=True, slots=True)
class ReviewAccess:
    """A question of a department the person works in, whether they may decide on its themes, and
    whether they may draft a report on them."""

    engagement: Engagement
    question: Question
    may_review: bool
    may_report: bool


def may_review(user: AbstractBaseUser | AnonymousUser, engagement: Engagement) -> bool:
    """Whether the person may run the analysis and decide on themes: an analyst of the department.

    Editors and publishers read along."""
    return has_role(user, engagement.department, Role.ANALYST)


def may_report(user: AbstractBaseUser | AnonymousUser, engagement: Engagement) -> bool:
    """Whether the person may turn reviewed themes into the draft of a report. Editors write in it
    once it is begun."""
    return has_role(user, engagement.department, Role.ANALYST, Role.PUBLISHER)


def review_access(
    user: AbstractBaseUser | AnonymousUser, reference: str, code: str, *, to_review: bool
) -> ReviewAccess:
    """The question, for this person. Raises Http404 where it is another department's, is not
    there or is not answered in words; PermissionDenied where ``to_review`` asks for more than the
    person may."""
    engagement = engagement_for_staff(user, reference)
    if not may_see(user, engagement):
        raise Http404
    question = (
        Question.objects.filter(questionnaire__engagement=engagement, code=code)
        .select_related("questionnaire__engagement__department")
        .first()
    )
    if question is None or not question.is_text:
        raise Http404
    allowed = may_review(user, engagement)
    if to_review and not allowed:
        raise PermissionDenied
    return ReviewAccess(engagement, question, allowed, may_report(user, engagement))
