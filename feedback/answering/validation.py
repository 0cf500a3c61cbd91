"""Answers before they are stored, and the rules they must meet.

Pure: no database, no request. The public form, staff entry and imports all come here, so that
one rule has one place; what a rule is about one kind of question, its kind says.
"""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from feedback.asking.answers import AnswerError, AnswerInput, ErrorCode
from feedback.asking.kinds import kind_of
from feedback.asking.models import Question


class ValidationErrors(Exception):
    """Answers that cannot be taken; nothing was stored. ``errors`` keeps the questions' order."""

    def __init__(self, errors: Mapping[str, AnswerError]) -> None:
        self.errors = dict(errors)
        super().__init__(", ".join(f"{code}: {error.code}" for code, error in errors.items()))


def checked(
    questions: Iterable[Question], answers: Mapping[str, AnswerInput]
) -> dict[str, AnswerInput]:
    """The given answers by question code, in the questionnaire's order and ready to store.

    ``questions`` come with their choices prefetched. Raises ``ValidationErrors`` naming every
    question whose answer cannot be taken.
    """
    given: dict[str, AnswerInput] = {}
    errors: dict[str, AnswerError] = {}
    unknown = set(answers)
    for question in questions:
        unknown.discard(question.code)
        answer = answers.get(question.code, AnswerInput())
        kind = kind_of(question)
        error = kind.check(question, answer)
        if error is not None:
            errors[question.code] = error
        elif answer.is_given:
            given[question.code] = kind.stored(question, answer)
    for code in sorted(unknown):
        if answers[code].is_given:
            errors[code] = AnswerError(code, ErrorCode.UNKNOWN_QUESTION)
    if errors:
        raise ValidationErrors(errors)
    return given


def content_digest(questions: Iterable[Question], given: Mapping[str, AnswerInput]) -> str:
    """SHA-256 of checked answers: equal for two copies of one sending, as their kinds compare."""
    kinds = {question.code: kind_of(question) for question in questions}
    content = []
    for code, answer in sorted(given.items()):
        compared = kinds[code].compared(answer)
        content.append([code, compared.codes, compared.text])
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()
