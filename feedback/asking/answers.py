"""What a person gave for one question, what can be wrong with it, and how it is read back.

Pure values: no database, no request. Kinds of question make them, the room that takes answers
stores them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    """Why an answer cannot be taken as it is. A kind of question may have codes of its own."""

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
    code: str
    excess: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is read back: labels of ours in the reader's language, or a person's words.

    Both empty where nothing was answered.
    """

    labels: tuple[str, ...] = ()
    text: str = ""
