"""What staff are told, in words, about what the services refuse."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.enums import EngagementStatus
from feedback.services.questionnaires import Problem, Trouble

TROUBLES: dict[Trouble, Promise] = {
    Trouble.NO_QUESTIONS: gettext_lazy("There are no questions yet."),
    Trouble.TOO_FEW_CHOICES: gettext_lazy("Offer at least two choices."),
    Trouble.TEXT_WITH_CHOICES: gettext_lazy(
        "A question answered in words has no choices: remove them or change its kind."
    ),
    Trouble.RATING_NOT_FIVE_POINTS: gettext_lazy(
        "A rating has five choices, with the points 1 to 5, and at most one “not applicable”."
    ),
    Trouble.QUESTION_REMOVED: gettext_lazy(
        "People have answered: this question can no longer be removed."
    ),
    Trouble.QUESTION_CODE_CHANGED: gettext_lazy(
        "People have answered: the code of a question can no longer change."
    ),
    Trouble.KIND_CHANGED: gettext_lazy(
        "People have answered: the kind of a question can no longer change. Add a new question."
    ),
    Trouble.CHOICE_ADDED: gettext_lazy(
        "People have answered without this choice: add a new question instead."
    ),
    Trouble.CHOICE_REMOVED: gettext_lazy("People have answered: choices can no longer be removed."),
    Trouble.CHOICE_CHANGED: gettext_lazy(
        "People have answered: the code, the points and the meaning of a choice can no longer "
        "change. Only its label may."
    ),
}

# What a button says that brings an engagement there.
MOVES: dict[EngagementStatus, Promise] = {
    EngagementStatus.DRAFT: gettext_lazy("Send back to draft"),
    EngagementStatus.IN_REVIEW: gettext_lazy("Submit for review"),
    EngagementStatus.APPROVED: gettext_lazy("Approve"),
    EngagementStatus.OUTCOME_PUBLISHED: gettext_lazy("Mark the outcome as published"),
    EngagementStatus.NO_REPORT_EXPECTED: gettext_lazy("Close without a report"),
    EngagementStatus.WITHDRAWN: gettext_lazy("Withdraw"),
}


def problem_text(problem: Problem) -> str:
    """The trouble, after the code of the question it concerns."""
    if not problem.question_code:
        return str(TROUBLES[problem.trouble])
    return _("%(code)s: %(problem)s") % {
        "code": problem.question_code,
        "problem": TROUBLES[problem.trouble],
    }
