"""What a split holds: counts and shares, what differs, and the verdict on each theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analysis.figures.intervals import Interval
from analysis.figures.splits.values import Value


class Verdict(StrEnum):
    """What may be said of one theme.

    ``LETTERS``: a difference that is gone once the letters of campaigns are left out.
    """

    TOO_FEW = "too_few"
    LIKE_OTHERS = "like_others"
    LOWER = "lower"
    HIGHER = "higher"
    DIFFERENT = "different"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Rules:
    """When something is said.

    ``smallest_group``: people in a theme, and outside it, who answered; below, nothing is said.
    ``alpha``: the chance of one false word or more in a whole table of themes.
    """

    smallest_group: int = 10
    alpha: float = 0.05


AS_A_RULE = Rules()


@dataclass(frozen=True, slots=True)
class Tally:
    """How a group of people answered. ``counts`` in the order of ``Split.values``."""

    counts: tuple[int, ...]
    not_applicable: int
    unanswered: int

    @property
    def n(self) -> int:
        """Those who answered and to whom the question applies: the base of every share."""
        return sum(self.counts)

    @property
    def people(self) -> int:
        """The whole group."""
        return self.n + self.not_applicable + self.unanswered


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in one theme: ``n`` people, ``share`` of the theme's base.

    ``difference`` is the share in the theme minus the share in all answers, in [-1, 1]; None where
    nothing may be said. ``p`` is corrected for all cells of the table; None where not tested.
    """

    value: Value
    n: int
    share: Interval | None
    difference: Interval | None = None
    p: float | None = None
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """The ratings of one theme's people, in points of the scale.

    ``difference`` is the mean in the theme minus the mean of all answers. ``higher`` is the
    probability that one of them rated higher than one of the others, ties counting half (0.5: no
    difference). ``p`` is corrected for all themes of the table.
    """

    mean: Interval
    difference: Interval
    higher: Interval
    p: float


@dataclass(frozen=True, slots=True)
class ThemeSplit:
    """One theme's people beside all: counts, shares, what differs.

    ``own_words`` is the same without the letters of campaigns; None where there are none in all.
    """

    theme: str
    tally: Tally
    cells: tuple[Cell, ...]
    rating: Rating | None
    verdict: Verdict
    own_words: ThemeSplit | None = None

    @property
    def clear(self) -> tuple[Cell, ...]:
        """The values that differ clearly, the largest difference first."""
        found = [cell for cell in self.cells if cell.is_clear and cell.difference is not None]
        return tuple(
            sorted(
                found, key=lambda cell: -abs(cell.difference.estimate if cell.difference else 0.0)
            )
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A closed question beside a set of themes. ``values`` are those that apply, in order.

    ``compared`` themes had people enough to be tested. ``mean`` is that of all answers to a rating,
    None for a choice or without an answer.
    """

    values: tuple[Value, ...]
    everyone: Tally
    cells: tuple[Cell, ...]
    themes: tuple[ThemeSplit, ...]
    compared: int
    rules: Rules
    mean: Interval | None = None

    @property
    def is_rating(self) -> bool:
        """Whether the question is a rating."""
        return is_rating(self.values)

    def theme(self, code: str) -> ThemeSplit | None:
        """The split of one theme."""
        return next((theme for theme in self.themes if theme.theme == code), None)

    @property
    def low(self) -> tuple[ThemeSplit, ...]:
        """Themes that go with low ratings, the strongest first."""
        return self._side(Verdict.LOWER, 1)

    @property
    def high(self) -> tuple[ThemeSplit, ...]:
        """Themes that go with high ratings, the strongest first."""
        return self._side(Verdict.HIGHER, -1)

    def _side(self, verdict: Verdict, sign: int) -> tuple[ThemeSplit, ...]:
        found = [
            (t.rating.higher.estimate, t) for t in self.themes if t.rating and t.verdict == verdict
        ]
        return tuple(t for _, t in sorted(found, key=lambda row: (sign * row[0], row[1].theme)))


def is_rating(values: Sequence[Value]) -> bool:
    return bool(values) and all(value.points is not None for value in values)
