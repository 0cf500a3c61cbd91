"""What the program asks of a kind of question."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.utils.functional import Promise

from feedback.asking.answers import AnswerError, AnswerInput, ErrorCode, Said

if TYPE_CHECKING:
    from django.http import QueryDict

    from feedback.asking.models import Choice, Question

# How the fields of the public form begin: what is ticked, what is written. Also a page that cannot
# ask the database what was asked can tell words from ticks and give the words back, and the script
# that keeps what is unsent (unsent.js) knows an answer by them.
TICKED: Final = "c."
WRITTEN: Final = "t."


@dataclass(frozen=True, slots=True)
class Gap:
    """What a question lacks before it can be put to the public, and what to do about it."""

    code: str
    label: Promise


class Kind(ABC):
    """One kind of question: its file says all that is particular to it.

    ``code`` is stored with each question and never changes; it names the template too. ``place``
    orders the list authors choose from. ``prefix`` begins the names of its fields in the public
    form. ``notes`` are the ids, after the field's own, of what its template explains beside hint
    and error.

    Of its answers: ``is_text``, people answer in their own words, which can be grouped into themes;
    ``is_analysed_when_closed``, that is done without anybody asking once its engagement has closed;
    ``has_one_answer``, each person chose one thing, so that the people of all choices add up and
    themes can be set beside them; ``has_points``, the choices are points of a scale.
    """

    code: ClassVar[str]
    label: ClassVar[Promise]
    place: ClassVar[int]
    prefix: ClassVar[str]
    notes: ClassVar[tuple[str, ...]] = ()
    is_text: ClassVar[bool] = False
    is_analysed_when_closed: ClassVar[bool] = False
    has_one_answer: ClassVar[bool] = False
    has_points: ClassVar[bool] = False

    # --- What an author wrote ---

    @abstractmethod
    def gaps(self, choices: Sequence[Choice]) -> list[Gap]:
        """What keeps a question with these choices from being put to the public."""

    # --- In the form ---

    @property
    def template(self) -> str:
        """What draws it, given ``field``, its question ``q`` and what ``drawn`` gives."""
        return f"answering/kinds/{self.code}.html"

    @abstractmethod
    def drawn(self, question: Question, answer: AnswerInput, field_id: str) -> Mapping[str, Any]:
        """What its template shows beside the question; ``field_id`` is the id of its input, or
        of the first of several."""

    def field_name(self, question: Question) -> str:
        """The name of its field in the form."""
        return self.prefix + question.code

    @abstractmethod
    def read(self, question: Question, post: QueryDict) -> AnswerInput:
        """What a posted form holds for it, as it came."""

    @abstractmethod
    def carried(self, question: Question, answer: AnswerInput) -> list[tuple[str, str]]:
        """The same as hidden fields, names and values, for a page that does not ask it."""

    # --- Before it is stored ---

    def check(self, question: Question, answer: AnswerInput) -> AnswerError | None:
        """What is wrong with this answer, if anything."""
        if answer.is_given:
            return self.error(question, answer)
        return AnswerError(question.code, ErrorCode.REQUIRED) if question.is_required else None

    @abstractmethod
    def error(self, question: Question, answer: AnswerInput) -> AnswerError | None:
        """What is wrong with an answer that was given, if anything."""

    @abstractmethod
    def message(self, error: AnswerError) -> str:
        """What to do about it, in the page's language."""

    @abstractmethod
    def stored(self, question: Question, answer: AnswerInput) -> AnswerInput:
        """A given answer without error, as it is kept."""

    @abstractmethod
    def compared(self, answer: AnswerInput) -> AnswerInput:
        """A kept answer without what differs between two copies of one sending."""

    # --- Afterwards ---

    @abstractmethod
    def said(self, question: Question, answer: AnswerInput) -> Said:
        """The answer read back: on the check, the receipt, in a copy to keep."""

    def points(self, choices: Sequence[Choice]) -> dict[str, int]:
        """The points of each choice that has any, by code; none where they make no scale."""
        return {}
