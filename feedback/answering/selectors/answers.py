"""What people answered, for the analysis and the receipt."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from feedback.answering.models import Answer, Response
from feedback.answering.querysets import AnswerQuerySet
from feedback.asking.models import Question

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """One person's words on one question, as typed. ``language`` is the page's: only a hint."""

    answer_id: int
    text: str
    language: str
    channel: str
    received_at: datetime


def corpus_for(
    question: Question, *, answers: Collection[int] | None = None, last: int | None = None
) -> Iterator[CorpusDocument]:
    """The texts that answer a question, by answer id; memory stays flat however many.

    ``answers`` names those wanted; ``last`` is the id after which none is. Raises ValueError for a
    question that is not answered in words.
    """
    wanted = _corpus(question)
    if answers is not None:
        wanted = wanted.filter(pk__in=answers)
    if last is not None:
        wanted = wanted.filter(pk__lte=last)
    rows = wanted.order_by("pk").values_list(
        "pk", "text", "response__language", "response__channel", "response__received_at"
    )
    for row in rows.iterator(chunk_size=CHUNK):
        yield CorpusDocument(*row)


def corpus_ids(question: Question, *, last: int | None = None) -> set[int]:
    """The ids of the texts that answer a question, up to ``last``."""
    wanted = _corpus(question)
    return set(
        (wanted if last is None else wanted.filter(pk__lte=last)).values_list("pk", flat=True)
    )


def corpus_size(question: Question) -> int:
    """How many texts answer a question."""
    return _corpus(question).count()


def corpus_last(question: Question) -> int | None:
    """The id of the newest text that answers a question; None where there is none."""
    newest: int | None = _corpus(question).aggregate(newest=Max("pk"))["newest"]
    return newest


def _corpus(question: Question) -> AnswerQuerySet:
    if not question.is_text:
        raise ValueError(f"question {question.code} is not answered in words")
    return Answer.objects.standing().filter(question=question)


def answers_of(response: Response) -> AnswerQuerySet:
    """A response's answers in the questionnaire's order."""
    return (
        Answer.objects.filter(response=response)
        .select_related("question")
        .order_by("question__sort_order", "question_id")
    )
