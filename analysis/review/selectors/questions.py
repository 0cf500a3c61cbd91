"""The questions a person may review, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun
from feedback.asking.models import Question
from feedback.asking.selectors.engagements import engagements_visible_to
from feedback.people.models import Anyone


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, the texts that answer it, its themes and its newest run."""

    question: Question
    texts: int
    themes: int
    newest: AnalysisRun | None


def questions_to_review(user: Anyone) -> list[QuestionRow]:
    """Questions answered in words of the person's departments, newest engagement first."""
    questions = list(
        Question.objects.in_words()
        .filter(questionnaire__engagement__in=engagements_visible_to(user))
        .select_related("questionnaire__engagement__department")
        .annotate(
            texts=Count(
                "answers", filter=Q(answers__response__withdrawn_at__isnull=True), distinct=True
            ),
            accepted=Count("themes", filter=Q(themes__status=ThemeStatus.ACCEPTED), distinct=True),
        )
        .order_by("-questionnaire__engagement__opens_at", "questionnaire_id", "sort_order", "pk")
    )
    newest = {
        run.question_id: run
        for run in AnalysisRun.objects.filter(question__in=questions).order_by("pk")
    }
    return [QuestionRow(q, q.texts, q.accepted, newest.get(q.pk)) for q in questions]
