"""Closed questions beside an open one: which there are, and what the author of each text chose."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from feedback.answering.models import Answer
from feedback.asking.enums import QuestionKind
from feedback.asking.models import Question

# One answer a person, so that the people of each choice add up.
ONE_ANSWER_KINDS = (QuestionKind.SINGLE_CHOICE, QuestionKind.RATING)


def closed_questions_beside(question: Question) -> list[Question]:
    """The ratings and single choices of the same questionnaire, with their choices (two queries).

    Nearest first: those asked before, from the one just before on, then those asked after. People
    who write have most likely the question in mind that they have just answered.
    """
    asked = list(
        Question.objects.filter(
            questionnaire=question.questionnaire_id, kind__in=ONE_ANSWER_KINDS
        ).exclude(pk=question.pk)
    )
    prefetch_related_objects(asked, "choices")
    here = (question.sort_order, question.pk)
    before = [other for other in asked if (other.sort_order, other.pk) < here]
    after = [other for other in asked if (other.sort_order, other.pk) > here]
    return [*reversed(before), *after]


def choices_of_authors(text: Question, closed: Question) -> dict[int, str]:
    """What the author of each standing text chose, by the id of the text's answer: a choice's code.

    Who left the closed question out is not in it. One query.
    """
    rows = (
        Answer.objects.standing()
        .filter(question=text, response__answers__question=closed)
        .order_by()
        .values_list("pk", "response__answers__codes")
    )
    return {pk: codes[0] for pk, codes in rows if codes}
