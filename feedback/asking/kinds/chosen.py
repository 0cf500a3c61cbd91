"""Questions answered by choosing among what is offered: what their kinds share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.asking.answers import AnswerError, AnswerInput, ErrorCode, Said
from feedback.asking.kinds.base import TICKED, Gap, Kind

if TYPE_CHECKING:
    from django.http import QueryDict

    from feedback.asking.models import Choice, Question

TOO_FEW_CHOICES = Gap("too_few_choices", gettext_lazy("Offer at least two choices."))


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tick."""

    id: str
    code: str
    label: str
    is_checked: bool
    is_apart: bool = False


class Chosen(Kind):
    """Codes of choices are stored, in the order offered."""

    prefix = TICKED

    def gaps(self, choices: Sequence[Choice]) -> list[Gap]:
        return [TOO_FEW_CHOICES] if len(choices) < 2 else []

    def drawn(self, question: Question, answer: AnswerInput, field_id: str) -> dict[str, Any]:
        return {
            "options": [
                Option(
                    id=field_id if number == 0 else f"{field_id}-{number + 1}",
                    code=choice.code,
                    label=choice.label,
                    is_checked=choice.code in answer.codes,
                    is_apart=choice.is_not_applicable,
                )
                for number, choice in enumerate(question.choices.all())
            ]
        }

    def read(self, question: Question, post: QueryDict) -> AnswerInput:
        ticked = post.getlist(self.field_name(question))
        return AnswerInput(codes=tuple(str(code) for code in ticked if code))

    def carried(self, question: Question, answer: AnswerInput) -> list[tuple[str, str]]:
        return [(self.field_name(question), code) for code in answer.codes]

    def error(self, question: Question, answer: AnswerInput) -> AnswerError | None:
        if answer.text.strip():
            return AnswerError(question.code, ErrorCode.CHOICE_EXPECTED)
        offered = {choice.code for choice in question.choices.all()}
        if not offered.issuperset(answer.codes):
            return AnswerError(question.code, ErrorCode.UNKNOWN_CHOICE)
        return None

    def message(self, error: AnswerError) -> str:
        if error.code == ErrorCode.REQUIRED:
            return _("Choose an answer to continue.")
        return _("Choose one of the answers offered.")

    def stored(self, question: Question, answer: AnswerInput) -> AnswerInput:
        # In the order offered, once each: what was ticked, not how it was sent.
        codes = (choice.code for choice in question.choices.all())
        return AnswerInput(codes=tuple(code for code in codes if code in answer.codes))

    def compared(self, answer: AnswerInput) -> AnswerInput:
        return AnswerInput(codes=tuple(sorted(answer.codes)))

    def said(self, question: Question, answer: AnswerInput) -> Said:
        choices = question.choices.all()
        return Said(labels=tuple(c.label for c in choices if c.code in answer.codes))


class OneChosen(Chosen):
    """One choice a person."""

    has_one_answer = True

    def drawn(self, question: Question, answer: AnswerInput, field_id: str) -> dict[str, Any]:
        """An optional question offers its own way back: a radio button cannot be unticked."""
        drawn = super().drawn(question, answer, field_id)
        if answer.codes and not question.is_required:
            away = Option(f"{field_id}-none", "", _("Remove my answer"), False, True)
            drawn["options"].append(away)
        return drawn

    def error(self, question: Question, answer: AnswerInput) -> AnswerError | None:
        found = super().error(question, answer)
        if found is None and len(set(answer.codes)) > 1:
            return AnswerError(question.code, ErrorCode.ONE_CHOICE_ONLY)
        return found

    def message(self, error: AnswerError) -> str:
        if error.code == ErrorCode.ONE_CHOICE_ONLY:
            return _("Choose one answer only.")
        return super().message(error)
