"""Questions as drawn on a page, with what was answered and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedback.asking.answers import AnswerError, AnswerInput
from feedback.asking.kinds import kind_of
from feedback.asking.models import Question


@dataclass(frozen=True, slots=True)
class Field:
    """A question as drawn on a page, with what was answered and what is wrong with it."""

    question: Question
    answer: AnswerInput
    error: AnswerError | None

    @property
    def id(self) -> str:
        """Of the input, or of the first of several: where a link from the errors leads."""
        return f"q-{self.question.code}"

    @property
    def name(self) -> str:
        """Of the field in the form."""
        return kind_of(self.question).field_name(self.question)

    @property
    def template(self) -> str:
        """What draws it."""
        return kind_of(self.question).template

    @property
    def drawn(self) -> Mapping[str, Any]:
        """What its template shows beside the question."""
        return kind_of(self.question).drawn(self.question, self.answer, self.id)

    @property
    def message(self) -> str:
        """The error in words that say what to do; the same at the top and here."""
        return kind_of(self.question).message(self.error) if self.error else ""

    @property
    def described_by(self) -> str:
        """The ids of what explains the field, in the order it is read."""
        parts = []
        if self.question.hint:
            parts.append("hint")
        if self.error:
            parts.append("error")
        parts.extend(kind_of(self.question).notes)
        return " ".join(f"{self.id}-{part}" for part in parts)


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one page, as drawn."""

    title: str
    fields: list[Field]
