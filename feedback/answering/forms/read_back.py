"""Answers read back to who gave them: to check, to keep, to copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict

from feedback.answering.forms.paging import Page
from feedback.asking.answers import AnswerInput
from feedback.asking.kinds import kind_of
from feedback.asking.kinds.base import WRITTEN
from feedback.asking.models import Question


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A question and what was answered, as read back on the check, the receipt, a closed page."""

    question: Question
    page: int
    labels: tuple[str, ...]
    text: str

    @property
    def id(self) -> str:
        """Where on its page the question is answered."""
        return f"q-{self.question.code}"


def shown_answers(pages: list[Page], answers: Mapping[str, AnswerInput]) -> list[ShownAnswer]:
    """Every question in order, the unanswered too."""
    shown = []
    for page in pages:
        for question in page.questions:
            answer = answers.get(question.code, AnswerInput())
            said = kind_of(question).said(question, answer)
            shown.append(ShownAnswer(question, page.number, said.labels, said.text))
    return shown


def as_plain_text(shown: list[ShownAnswer]) -> str:
    """The answers as one text to copy elsewhere."""
    parts = []
    for answer in shown:
        said = "\n".join(answer.labels) or answer.text
        if said:
            parts.append(f"{answer.question.text}\n{said}")
    return "\n\n".join(parts)


def words_in(post: QueryDict) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """A posted form as it came, without asking the database: its texts, and all else, in order.

    For the page shown while the database is away.
    """
    texts: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for name, values in post.lists():
        for value in map(str, values):
            if name.startswith(WRITTEN) and value.strip():
                texts.append((name, value))
            else:
                others.append((name, value))
    return texts, others
