"""What the review desk knows of a question, as values: its lines, where the answers are, one group.

Read by `selectors.desk`; splits and quotes are made of them. A group is named by a key: "t12" for a
theme, "c7" for a proposal of the run shown, "none" for passages in no theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from analysis.review.models import AnalysisRun, CandidateTheme, ReviewEvent, Theme
from analysis.review.selectors.members import OFFICIAL, is_empty
from feedback.asking.models import Question

NONE = "none"
# Groups with at least this many respondents in common are shown as near.
NEAR_FROM = 2
NEAR_SHOWN = 3
# Up to this share of the answers nobody writes in a language, and no name in it is missing.
NOBODY = 0.01


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree: a theme or a proposal, with what stands of it.

    ``languages`` counts respondents by the language they wrote in. ``resembles`` is the theme that
    a proposal is like, as it stands now; ``part_of`` the theme that the proposal above it became.
    ``is_by_hand``: a person made the theme, no proposal of the software stands behind it.
    """

    key: str
    kind: str
    pk: int
    code: str
    name_en: str
    name_fr: str
    depth: int
    respondents: int
    passages: int
    languages: Mapping[str, int]
    status: str = ""
    is_by_hand: bool = False
    version: int = 0
    warnings: tuple[Mapping[str, Any], ...] = ()
    unnamed: tuple[str, ...] = ()
    covered: tuple[Mapping[str, Any], ...] = ()
    resembles: Theme | None = None
    resemblance: int = 0
    parent_key: str = ""
    part_of: Theme | None = None

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_fr if (get_language() or "en").startswith("fr") else self.name_en

    @property
    def warning_kinds(self) -> tuple[str, ...]:
        """What kinds of warning there are, each once."""
        return tuple(dict.fromkeys(warning["kind"] for warning in self.warnings))

    @property
    def bar(self) -> dict[str, str]:
        """Widths of the two languages in a bar 100 wide, as SVG attributes (never localised)."""
        whole = sum(self.languages.values()) or 1
        english = round(100 * self.languages.get("en", 0) / whole)
        french = round(100 * self.languages.get("fr", 0) / whole)
        return {"en": str(english), "fr": str(min(french, 100 - english))}


@dataclass(frozen=True, slots=True)
class Near:
    """Another group that some of the same respondents are in."""

    node: Node
    shared: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the answers are: ``in_themes`` + the values of ``unthemed`` = ``with_text``."""

    with_text: int
    in_themes: int
    unthemed: Mapping[str, int]
    languages: Mapping[str, int]
    passages: int

    @property
    def in_none(self) -> int:
        """Answers the machine or a person found to be in no theme."""
        undecided = ("dismissed", "not_reviewed", "not_analysed")
        return sum(n for reason, n in self.unthemed.items() if reason not in undecided)

    @property
    def late(self) -> int:
        """Answers that arrived after the run shown."""
        return self.unthemed.get("not_analysed", 0)


@dataclass(frozen=True, slots=True)
class Review:
    """All the desk shows but the passages and details of the group selected.

    ``run`` is the run whose proposals are shown, ``active`` one that waits or runs, ``failed`` the
    newest run where that one failed. ``attention`` counts the answers that run could not process,
    ``takes_more`` says whether later answers can join its themes. ``written`` holds the language of
    each standing answer, ``letters`` which campaign's letter an answer is, ``voices`` that and the
    words several people wrote alike.
    """

    question: Question
    run: AnalysisRun | None
    run_number: int
    active: AnalysisRun | None
    failed: AnalysisRun | None
    attention: int
    takes_more: bool
    themes: tuple[Node, ...]
    proposals: tuple[Node, ...]
    known: tuple[Node, ...]
    dismissed_before: tuple[Node, ...]
    set_aside: tuple[Node, ...]
    coverage: Coverage
    written: Mapping[int, str] = field(default_factory=dict, repr=False)
    letters: Mapping[int, str] = field(default_factory=dict, repr=False)
    voices: Mapping[int, str] = field(default_factory=dict, repr=False)
    _answers: Mapping[str, frozenset[int]] = field(default_factory=dict, repr=False)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Every line of the tree, in the order shown."""
        return (
            *self.themes,
            *self.proposals,
            *self.known,
            *self.dismissed_before,
            *self.set_aside,
        )

    def node(self, key: str) -> Node | None:
        """The line with this key."""
        return next((node for node in self.nodes if node.key == key), None)

    @property
    def to_decide(self) -> tuple[Node, ...]:
        """What the run proposes, whatever it resembles."""
        return (*self.proposals, *self.known, *self.dismissed_before)

    @property
    def unnamed_in(self) -> tuple[str, ...]:
        """Languages so seldom written that what is proposed has no name in them, and no warning.

        It is said once for all of the question; of one that nobody wrote in, never.
        """
        least = NOBODY * sum(self.coverage.languages.values())
        return tuple(
            language
            for language in OFFICIAL
            if self.coverage.languages.get(language, 0) > least
            and any(
                language in node.unnamed and "unnamed" not in node.warning_kinds
                for node in self.to_decide
            )
        )

    def people(self, node: Node) -> frozenset[int]:
        """The answers of a line of the tree, those below it included."""
        return self._answers[node.key]

    @property
    def first_key(self) -> str:
        """What is selected where nothing is: the first thing to decide, else the first theme."""
        for nodes in (self.proposals, self.known, self.themes):
            if nodes:
                return nodes[0].key
        return NONE

    def near(self, node: Node) -> list[Near]:
        """Groups with the most respondents in common; not those above, below or set aside."""
        mine = self._answers[node.key]
        above = f"t{node.part_of.pk}" if node.part_of is not None else ""
        others = (
            other
            for other in (*self.themes, *self.proposals)
            if other.key not in (node.key, node.parent_key, above) and other.parent_key != node.key
        )
        shared = [Near(other, len(mine & self._answers[other.key])) for other in others]
        shared = [near for near in shared if near.shared >= NEAR_FROM]
        return sorted(shared, key=lambda near: (-near.shared, near.node.key))[:NEAR_SHOWN]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One decision about a theme: its ReviewEvent, and the pairs of names it changed."""

    event: ReviewEvent
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """The words for one group. ``theme`` is None for a proposal, ``candidate`` None for a theme
    that no proposal of a run stands behind. ``named_by`` is the generative model that proposed a
    name it has, or empty."""

    node: Node
    theme: Theme | None
    candidate: CandidateTheme | None
    near: list[Near]
    history: tuple[HistoryLine, ...]
    named_by: str

    @property
    def is_defined(self) -> bool:
        """Whether a person wrote what the theme means; until then it holds what the machine
        counted when it grouped the answers."""
        if self.theme is None or not self.theme.definition_en:
            return False
        machine = self.theme.candidates.filter(description_en=self.theme.definition_en)
        return not machine.exists()

    @property
    def may_be_deleted(self) -> bool:
        """Whether it was made by hand and there is nothing in it to lose."""
        return self.theme is not None and self.node.is_by_hand and is_empty(self.theme)

    @property
    def origin(self) -> dict[str, Any]:
        """Why it is called what it is, where a generative model proposed a name it has."""
        if not self.named_by:
            return {}
        return {"why": {"code": "name_by_model", "values": {"model": self.named_by}}}

    @property
    def confidence(self) -> dict[str, Any]:
        """Level and reason of the newest proposal behind the group."""
        return self.candidate.confidence if self.candidate is not None else {}
