"""Questions people answer in their own words: what their kinds share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from feedback.asking.answers import AnswerError, AnswerInput, ErrorCode, Said
from feedback.asking.kinds.base import WRITTEN, Gap, Kind

if TYPE_CHECKING:
    from django.http import QueryDict

    from feedback.asking.models import Choice, Question

TEXT_WITH_CHOICES = Gap(
    "text_with_choices",
    gettext_lazy("A question answered in words has no choices: remove them or change its kind."),
)


class Written(Kind):
    """The text is stored as it was typed."""

    prefix = WRITTEN
    notes = ("count",)
    is_text = True

    def gaps(self, choices: Sequence[Choice]) -> list[Gap]:
        return [TEXT_WITH_CHOICES] if choices else []

    def drawn(self, question: Question, answer: AnswerInput, field_id: str) -> dict[str, Any]:
        return {"limit": number_format(question.max_length, force_grouping=True)}

    def read(self, question: Question, post: QueryDict) -> AnswerInput:
        return AnswerInput(text=str(post.get(self.field_name(question), "")))

    def carried(self, question: Question, answer: AnswerInput) -> list[tuple[str, str]]:
        return [(self.field_name(question), answer.text)] if answer.text else []

    def error(self, question: Question, answer: AnswerInput) -> AnswerError | None:
        if answer.codes:
            return AnswerError(question.code, ErrorCode.TEXT_EXPECTED)
        excess = text_length(answer.text) - question.max_length
        return AnswerError(question.code, ErrorCode.TOO_LONG, excess) if excess > 0 else None

    def message(self, error: AnswerError) -> str:
        if error.code == ErrorCode.TOO_LONG:
            return ngettext(
                "Shorten your text by %(count)s character. Nothing was cut.",
                "Shorten your text by %(count)s characters. Nothing was cut.",
                error.excess,
            ) % {"count": number_format(error.excess, force_grouping=True)}
        return _("Write an answer to continue.")

    def stored(self, question: Question, answer: AnswerInput) -> AnswerInput:
        return AnswerInput(text=storable(answer.text))

    def compared(self, answer: AnswerInput) -> AnswerInput:
        # Browsers send other line ends than a script does.
        return AnswerInput(text=answer.text.replace("\r\n", "\n"))

    def said(self, question: Question, answer: AnswerInput) -> Said:
        return Said(text=answer.text if answer.text.strip() else "")


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
