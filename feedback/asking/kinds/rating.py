"""A rating: five labelled points, and perhaps "not applicable" apart from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from feedback.asking.kinds.base import Gap
from feedback.asking.kinds.chosen import OneChosen

if TYPE_CHECKING:
    from feedback.asking.models import Choice

NOT_FIVE_POINTS = Gap(
    "rating_not_five_points",
    _("A rating has five choices, with the points 1 to 5, and at most one “not applicable”."),
)


class Rating(OneChosen):
    """Drawn as points in a row."""

    code = "rating"
    label = _("Rating from 1 to 5")
    place = 3
    has_points = True

    def gaps(self, choices: Sequence[Choice]) -> list[Gap]:
        points = sorted(choice.value for choice in choices if choice.value is not None)
        not_applicable = sum(choice.is_not_applicable for choice in choices)
        is_right = points == [1, 2, 3, 4, 5] and len(choices) == 5 + not_applicable
        return [] if is_right else [NOT_FIVE_POINTS]

    def points(self, choices: Sequence[Choice]) -> dict[str, int]:
        """A scale is one only where each of its points has a number."""
        points = {choice.code: choice.value for choice in choices if choice.value is not None}
        outside = sum(choice.is_not_applicable for choice in choices)
        return points if len(points) + outside == len(choices) else {}


KIND = Rating()
