"""Closed questions beside an open one: which there are, and what the author of each text chose."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from feedback.answering.models import Answer
from feedback.asking.models import Question


def closed_questions_beside(question: Question) -> list[Question]:
    """Those of the same questionnaire with one answer a person, with their choices (two queries).

    Nearest first: those asked before, from the one just before on, then those asked after. People
    who write have most likely the question in mind that they have just answered.
    """
    asked = list(
        Question.objects.with_one_answer()
        .filter(questionnaire=question.questionnaire_id)
        .exclude(pk=question.pk)
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
