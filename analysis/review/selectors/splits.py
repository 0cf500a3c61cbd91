"""The groups of the desk beside what else people answered, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.figures.charts import format_decimal, format_n
from analysis.figures.split_words import (
    comparisons_sentence,
    letters_sentence,
    rank_sentence,
    sentence,
)
from analysis.figures.splits import Split, ThemeSplit
from analysis.review.selectors.crossings import Crossing, answers_to, split_of
from feedback.dates import is_french

if TYPE_CHECKING:
    from analysis.review.selectors.reviewed import Node, Review


def reader() -> str:
    """The language of who reads, "en" or "fr"."""
    return "fr" if is_french() else "en"


@dataclass(frozen=True, slots=True)
class GroupSplit:
    """One group of the desk beside the crossing, in the reader's words."""

    node: Node
    found: Split
    theme: ThemeSplit

    @property
    def sentence(self) -> str:
        """What differs, or that nothing does, with n."""
        said = sentence(self.found, self.theme, reader())
        return f"{said} {letters_sentence(self.theme, reader())}".strip()

    @property
    def brief(self) -> str:
        """Mean and n of a theme that was rated."""
        rating = self.theme.rating
        if rating is None:
            return ""
        mean = format_decimal(rating.mean.estimate, reader())
        return f"{mean} ({format_n(self.theme.tally.n, reader())})"

    @property
    def pairs(self) -> str:
        """The size of the effect on a rating, where there is one to speak of."""
        if self.theme.verdict not in ("lower", "higher"):
            return ""
        return rank_sentence(self.theme, reader())


@dataclass(frozen=True, slots=True)
class Level:
    """The groups that are compared among themselves. ``name`` is "themes", "parts", "proposals" or
    "proposal_parts"."""

    name: str
    found: Split
    groups: tuple[GroupSplit, ...]

    def group(self, key: str) -> GroupSplit | None:
        """The group with this key."""
        return next((group for group in self.groups if group.node.key == key), None)

    def _named(self, themes: Sequence[ThemeSplit]) -> list[GroupSplit]:
        by_key = {group.node.key: group for group in self.groups}
        return [by_key[theme.theme] for theme in themes]

    @property
    def low(self) -> list[GroupSplit]:
        """Groups that go with low ratings, the strongest first."""
        return self._named(self.found.low)

    @property
    def high(self) -> list[GroupSplit]:
        """Groups that go with high ratings, the strongest first."""
        return self._named(self.found.high)

    @property
    def note(self) -> str:
        """What was done about many comparisons."""
        return comparisons_sentence(self.found, reader())


@dataclass(frozen=True, slots=True)
class DeskSplits:
    """All groups of the desk beside one crossing; ``options`` are what else there is."""

    options: tuple[Crossing, ...]
    chosen: Crossing
    levels: tuple[Level, ...]

    @property
    def first(self) -> Level | None:
        """The level a reader begins with: the codebook where there is one, else the proposals."""
        return self.levels[0] if self.levels else None

    def group(self, key: str) -> GroupSplit | None:
        """One group; None where it is set aside or there is nobody to compare."""
        return next((found for level in self.levels if (found := level.group(key))), None)

    def level(self, key: str) -> Level | None:
        """The level this group is compared in."""
        return next((level for level in self.levels if level.group(key)), None)


def desk_splits(
    review: Review, options: Sequence[Crossing], chosen: Crossing, key: str = ""
) -> DeskSplits:
    """The groups of the desk beside ``chosen``: one query for a closed question, none for language.

    ``review`` has counted the people already. With the ``key`` of one group, only the first level
    and the one it is in.
    """
    answers = answers_to(chosen, review.question, review.written)
    named = {
        "themes": [node for node in review.themes if not node.depth],
        "parts": [node for node in review.themes if node.depth],
        "proposals": [node for node in review.to_decide if not node.depth],
        "proposal_parts": [node for node in review.to_decide if node.depth],
    }
    filled = [(name, nodes) for name, nodes in named.items() if nodes]
    return DeskSplits(
        options=tuple(options),
        chosen=chosen,
        levels=tuple(
            _level(name, nodes, review, chosen, answers)
            for at, (name, nodes) in enumerate(filled)
            if not key or not at or any(node.key == key for node in nodes)
        ),
    )


def _level(
    name: str,
    nodes: Sequence[Node],
    review: Review,
    chosen: Crossing,
    answers: Mapping[int, str],
) -> Level:
    found = split_of(
        chosen,
        answers,
        {node.key: review.people(node) for node in nodes},
        review.written,
        review.letters,
    )
    groups = zip(nodes, found.themes, strict=True)
    return Level(name, found, tuple(GroupSplit(node, found, theme) for node, theme in groups))
