"""What a person gave for each question, before it is stored, and the rules it must meet.

Pure: no database, no request. The public form, staff entry and imports all come here, so that
one rule has one place.
"""

# ruff: noqa: N818 (an exception is named for what happened, as pages say it)
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from feedback.asking.enums import QuestionKind
from feedback.asking.models import Question


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """One person's answer to one question: codes of choices, or text as it was typed."""

    codes: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_given(self) -> bool:
        """Whether there is anything in it. Spaces alone are not an answer."""
        return bool(self.codes) or bool(self.text.strip())


class ErrorCode(StrEnum):
    """Why an answer cannot be taken as it is."""

    REQUIRED = "required"
    TOO_LONG = "too_long"
    UNKNOWN_CHOICE = "unknown_choice"
    ONE_CHOICE_ONLY = "one_choice_only"
    TEXT_EXPECTED = "text_expected"
    CHOICE_EXPECTED = "choice_expected"
    UNKNOWN_QUESTION = "unknown_question"


@dataclass(frozen=True, slots=True)
class AnswerError:
    """What is wrong with one answer. ``excess``: by how many characters a text is too long."""

    question_code: str
    code: ErrorCode
    excess: int = 0


class ValidationErrors(Exception):
    """Answers that cannot be taken; nothing was stored. ``errors`` keeps the questions' order."""

    def __init__(self, errors: Mapping[str, AnswerError]) -> None:
        self.errors = dict(errors)
        super().__init__(", ".join(f"{code}: {error.code}" for code, error in errors.items()))


def text_length(text: str) -> int:
    """Characters as people count them: a line end is one, whichever way a browser sent it."""
    return len(text.replace("\r\n", "\n"))


def storable(text: str) -> str:
    """The text with what PostgreSQL cannot hold (NUL, half a surrogate pair) shown as U+FFFD.

    No keyboard makes these; broken software does. Everything else stays as it was typed.
    """
    if "\x00" not in text and text.isascii():
        return text
    return "".join(
        "\ufffd" if sign == "\x00" or "\ud800" <= sign <= "\udfff" else sign for sign in text
    )


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
        error = answer_error(question, answer)
        if error is not None:
            errors[question.code] = error
        elif answer.is_given:
            given[question.code] = AnswerInput(
                # In the order offered, once each: what was ticked, not how it was sent.
                codes=tuple(
                    choice.code for choice in question.choices.all() if choice.code in answer.codes
                ),
                text=storable(answer.text) if question.is_text else "",
            )
    for code in sorted(unknown):
        if answers[code].is_given:
            errors[code] = AnswerError(code, ErrorCode.UNKNOWN_QUESTION)
    if errors:
        raise ValidationErrors(errors)
    return given


def answer_error(question: Question, answer: AnswerInput) -> AnswerError | None:
    """What is wrong with this answer to this question, if anything."""
    if not answer.is_given:
        return AnswerError(question.code, ErrorCode.REQUIRED) if question.is_required else None
    if question.is_text:
        if answer.codes:
            return AnswerError(question.code, ErrorCode.TEXT_EXPECTED)
        excess = text_length(answer.text) - question.max_length
        return AnswerError(question.code, ErrorCode.TOO_LONG, excess) if excess > 0 else None
    if answer.text.strip():
        return AnswerError(question.code, ErrorCode.CHOICE_EXPECTED)
    offered = {choice.code for choice in question.choices.all()}
    if not offered.issuperset(answer.codes):
        return AnswerError(question.code, ErrorCode.UNKNOWN_CHOICE)
    if question.kind != QuestionKind.MULTIPLE_CHOICE and len(set(answer.codes)) > 1:
        return AnswerError(question.code, ErrorCode.ONE_CHOICE_ONLY)
    return None


def content_digest(given: Mapping[str, AnswerInput]) -> str:
    """SHA-256 of checked answers: equal for two copies of one sending, whatever its line ends."""
    content = [
        [code, sorted(answer.codes), answer.text.replace("\r\n", "\n")]
        for code, answer in sorted(given.items())
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()
