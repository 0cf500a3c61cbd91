"""The review desk of one question: the codebook, the proposals, what is in neither.

Everything is computed from what stands at the moment of asking. A group is named by a key: "t12"
for a theme, "c7" for a proposal of the run shown, "none" for passages in no theme.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import get_language

from analysis.review.enums import RunStatus, ThemeStatus
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    CandidateTheme,
    ReviewEvent,
    RunState,
    Theme,
)
from analysis.review.selectors.findings import unthemed_reasons
from analysis.review.selectors.letters import campaigns_of, standing_letters
from analysis.review.selectors.members import (
    OFFICIAL,
    Members,
    by_language,
    candidate_members,
    standing_theme,
    theme_members,
    written_languages,
)
from analysis.review.selectors.runs import run_number, run_shown, runs_of, set_aside_in
from feedback.answering.selectors.answers import corpus_for
from feedback.asking.models import Question

NONE = "none"
# Groups with at least this many respondents in common are shown as near.
NEAR_FROM = 2
NEAR_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Node:
    """One line of the tree: a theme or a proposal, with what stands of it.

    ``languages`` counts respondents by the language they wrote in. ``resembles`` is the theme that
    a proposal is like, as it stands now; ``part_of`` the theme that the proposal above it became.
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
    version: int = 0
    warnings: tuple[Mapping[str, Any], ...] = ()
    unnamed: tuple[str, ...] = ()
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
    each standing answer, ``letters`` which campaign's letter an answer is.
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

        It is said once for all of the question.
        """
        return tuple(
            language
            for language in OFFICIAL
            if any(
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


def review_for(question: Question) -> Review:
    """The desk of a question. As many queries for a thousand passages as for one."""
    run = run_shown(question)
    newest = runs_of(question).first()
    forms = {document.answer_id: document.language for document in corpus_for(question)}
    written = {**forms, **written_languages(question)}
    themes = {t.pk: t for t in Theme.objects.filter(question=question)}
    of_theme = theme_members(question, themes)
    answers: dict[str, frozenset[int]] = {}

    def theme_node(theme: Theme, depth: int = 0) -> Node:
        members = of_theme[theme.pk]
        answers[f"t{theme.pk}"] = frozenset(members.answers)
        return Node(
            key=f"t{theme.pk}",
            kind="theme",
            pk=theme.pk,
            code=theme.code,
            name_en=theme.name_en,
            name_fr=theme.name_fr,
            depth=depth,
            respondents=len(members.answers),
            passages=len(members.passages),
            languages=by_language(members.answers, written),
            status=theme.status,
            version=theme.version,
            parent_key=f"t{theme.parent_id}" if theme.parent_id is not None else "",
        )

    def largest(theme: Theme) -> tuple[int, int]:
        return -len(of_theme[theme.pk].answers), theme.pk

    accepted = sorted((t for t in themes.values() if t.status == ThemeStatus.ACCEPTED), key=largest)
    codebook = [
        node
        for top in accepted
        if top.parent_id is None
        for node in (
            theme_node(top),
            *(theme_node(part, 1) for part in accepted if part.parent_id == top.pk),
        )
    ]
    proposals: list[Node] = []
    known: list[Node] = []
    dismissed: list[Node] = []
    if run is not None:
        of_candidate = candidate_members(run)
        candidates = _in_tree_order(run)
        above = {candidate.code: candidate for candidate in candidates}
        for candidate in candidates:
            members = of_candidate[candidate.pk]
            if candidate.theme_id is not None or not members.passages:
                continue
            node = _candidate_node(
                candidate, above.get(candidate.parent_code), members, written, themes
            )
            answers[node.key] = frozenset(members.answers)
            if node.resembles is None:
                group = proposals
            elif node.resembles.status == ThemeStatus.DISMISSED:
                group = dismissed
            else:
                group = known
            if node.parent_key and all(other.key != node.parent_key for other in group):
                node = replace(node, depth=0)
            group.append(node)
    in_themes = {
        answer for theme in accepted for answer in of_theme[theme.pk].answers if answer in forms
    }
    return Review(
        question=question,
        run=run,
        run_number=run_number(run) if run is not None else 0,
        active=newest if newest is not None and newest.is_under_way else None,
        failed=newest if newest is not None and newest.status == RunStatus.FAILED else None,
        attention=set_aside_in(run).count() if run is not None else 0,
        takes_more=run is not None and RunState.objects.filter(run=run).exists(),
        themes=tuple(codebook),
        proposals=tuple(proposals),
        known=tuple(known),
        dismissed_before=tuple(dismissed),
        set_aside=tuple(theme_node(t) for t in themes.values() if t.status != ThemeStatus.ACCEPTED),
        coverage=Coverage(
            with_text=len(forms),
            in_themes=len(in_themes),
            unthemed=unthemed_reasons(question, set(forms) - in_themes),
            languages=by_language(forms, written),
            passages=Assignment.objects.of_machine().filter(run=run).count() if run else 0,
        ),
        written={answer: written[answer] for answer in forms},
        letters=standing_letters(campaigns_of(run), forms),
        _answers=answers,
    )


def _in_tree_order(run: AnalysisRun) -> list[CandidateTheme]:
    """Proposals by rank, each followed by its parts."""
    candidates = list(run.candidates.select_related("resembles"))
    return [
        candidate
        for top in candidates
        if not top.parent_code
        for candidate in (top, *(c for c in candidates if c.parent_code == top.code))
    ]


def _candidate_node(
    candidate: CandidateTheme,
    above: CandidateTheme | None,
    members: Members,
    written: Mapping[int, str],
    themes: Mapping[int, Theme],
) -> Node:
    resembles = candidate.resembles
    if resembles is not None:
        resembles = standing_theme(themes[resembles.pk], themes) or resembles
    return Node(
        key=f"c{candidate.pk}",
        kind="candidate",
        pk=candidate.pk,
        code=candidate.code,
        name_en=candidate.name_en,
        name_fr=candidate.name_fr,
        depth=1 if candidate.parent_code else 0,
        respondents=len(members.answers),
        passages=len(members.passages),
        languages=by_language(members.answers, written),
        warnings=tuple(candidate.warnings),
        unnamed=tuple(candidate.unnamed),
        resembles=resembles,
        resemblance=round(100 * (candidate.resemblance or 0.0)),
        parent_key=f"c{above.pk}" if above is not None else "",
        part_of=standing_theme(themes[above.theme_id], themes)
        if above is not None and above.theme_id is not None
        else None,
    )


# --- One group ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One decision about a theme: its ReviewEvent, and the pairs of names it changed."""

    event: ReviewEvent
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """The words for one group. ``theme`` is None for a proposal, ``candidate`` None for a theme
    that no proposal of a run stands behind."""

    node: Node
    theme: Theme | None
    candidate: CandidateTheme | None
    near: list[Near]
    history: tuple[HistoryLine, ...]

    @property
    def is_defined(self) -> bool:
        """Whether a person wrote what the theme means; until then it holds what the machine
        counted when it grouped the answers."""
        if self.theme is None or not self.theme.definition_en:
            return False
        machine = self.theme.candidates.filter(description_en=self.theme.definition_en)
        return not machine.exists()

    @property
    def confidence(self) -> dict[str, Any]:
        """Level and reason of the newest proposal behind the group."""
        return self.candidate.confidence if self.candidate is not None else {}


def details_of(review: Review, node: Node) -> Details:
    """What the panel beside the passages says of the group selected."""
    if node.kind == "candidate":
        candidate = CandidateTheme.objects.get(pk=node.pk)
        return Details(node, None, candidate, review.near(node), ())
    theme = Theme.objects.select_related("merged_into", "parent").get(pk=node.pk)
    events = theme.events.select_related("actor", "candidate__run").order_by("-at", "-pk")
    return Details(
        node=node,
        theme=theme,
        candidate=theme.candidates.order_by("-run_id", "rank").first(),
        near=review.near(node),
        history=tuple(HistoryLine(event, _changes(event)) for event in events),
    )


def _changes(event: ReviewEvent) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (column[-2:], str(event.before.get(column) or ""), str(event.after.get(column) or ""))
        for column in ("name_en", "name_fr")
        if event.action == "rename" and event.before.get(column) != event.after.get(column)
        if column in event.after
    )
