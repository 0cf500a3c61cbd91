"""What a closed question offers: the values of a form, or of a spreadsheet's column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

# More different answers than this are not a closed question.
MOST_VALUES = 20
_NOT_APPLICABLE = {"n/a", "na", "not applicable", "s/o", "s. o.", "s.o.", "sans objet"}


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that can be chosen. ``points`` make it a point of a rating; ``is_not_applicable``
    leaves it out of every base."""

    code: str
    name_en: str
    name_fr: str
    points: int | None = None
    is_not_applicable: bool = False

    def name(self, language: str) -> str:
        """The wording in ``"en"`` or ``"fr"``."""
        return self.name_fr if language == "fr" else self.name_en


class NotClosed(ValueError):  # noqa: N818 (named for what happened)
    """A column that is not a closed question: too many different answers, or none."""


def values_of(cells: Iterable[str]) -> tuple[Value, ...]:
    """The values of a spreadsheet's column, as they are to be compared.

    Whole numbers, from 0 to 10 at most, are a rating, in their order; anything else is a choice,
    most frequent first. "n/a", "s.o." and the like are not applicable; empty cells no answer.
    Raises NotClosed for fewer than two values or more than ``MOST_VALUES``.
    """
    counts = Counter(text for cell in cells if (text := cell.strip()))
    outside = [text for text in counts if text.casefold() in _NOT_APPLICABLE]
    inside = [text for text in counts if text not in outside]
    if not 2 <= len(inside) <= MOST_VALUES:
        raise NotClosed(f"{len(inside)} different answers; 2 to {MOST_VALUES} can be compared")
    if all(text.isascii() and text.isdigit() and int(text) <= 10 for text in inside):
        ordered = sorted(inside, key=lambda text: (int(text), text))
        found = [Value(text, text, text, points=int(text)) for text in ordered]
    else:
        ordered = sorted(inside, key=lambda text: (-counts[text], text))
        found = [Value(text, text, text) for text in ordered]
    return (*found, *(Value(text, text, text, is_not_applicable=True) for text in sorted(outside)))
