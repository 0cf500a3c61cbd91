"""The review desk of one question: the codebook, the proposals, what is in neither.

Everything is computed from what stands at the moment of asking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from analysis.review.enums import RunStatus, Source, ThemeStatus
from analysis.review.models import (
    AnalysisRun,
    Assignment,
    CandidateTheme,
    ReviewEvent,
    RunState,
    Theme,
)
from analysis.review.selectors.members import (
    Members,
    by_language,
    candidate_members,
    standing_theme,
)
from analysis.review.selectors.reviewed import Coverage, Details, HistoryLine, Node, Review
from analysis.review.selectors.runs import run_number, runs_of, set_aside_in
from analysis.review.selectors.standing import standing_of
from feedback.asking.models import Question


def review_for(question: Question) -> Review:
    """The desk of a question. As many queries for a thousand passages as for one."""
    standing = standing_of(question)
    run, themes, written = standing.run, standing.themes, standing.written
    newest = runs_of(question).first()
    answers: dict[str, frozenset[int]] = {}

    def theme_node(theme: Theme, depth: int = 0) -> Node:
        members = standing.members[theme.pk]
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
            is_by_hand=theme.origin == Source.HUMAN,
            version=theme.version,
            parent_key=f"t{theme.parent_id}" if theme.parent_id is not None else "",
        )

    codebook = [
        node
        for top in standing.tops
        for node in (
            theme_node(top),
            *(theme_node(part, 1) for part in standing.parts_of(top)),
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
        set_aside=tuple(
            theme_node(t)
            for t in themes.values()
            if t.status in (ThemeStatus.DISMISSED, ThemeStatus.MERGED)
        ),
        coverage=Coverage(
            with_text=len(standing.forms),
            in_themes=len(standing.in_themes),
            unthemed=dict(Counter(standing.unthemed().values())),
            languages=by_language(standing.forms, written),
            passages=Assignment.objects.of_machine().filter(run=run).count() if run else 0,
        ),
        written={answer: written[answer] for answer in standing.forms},
        letters=standing.letter_of,
        voices=standing.voices,
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
        covered=tuple(candidate.covered),
        unnamed=tuple(candidate.unnamed),
        resembles=resembles,
        resemblance=round(100 * (candidate.resemblance or 0.0)),
        parent_key=f"c{above.pk}" if above is not None else "",
        part_of=standing_theme(themes[above.theme_id], themes)
        if above is not None and above.theme_id is not None
        else None,
    )


def details_of(review: Review, node: Node) -> Details:
    """What the panel beside the passages says of the group selected."""
    if node.kind == "candidate":
        candidate = CandidateTheme.objects.get(pk=node.pk)
        return Details(node, None, candidate, review.near(node), (), candidate.named_by)
    theme = Theme.objects.select_related("merged_into", "parent").get(pk=node.pk)
    candidates = list(theme.candidates.order_by("-run_id", "rank"))
    events = theme.events.select_related("actor", "candidate__run").order_by("-at", "-pk")
    return Details(
        node=node,
        theme=theme,
        candidate=next(iter(candidates), None),
        near=review.near(node),
        history=tuple(HistoryLine(event, _changes(event)) for event in events),
        named_by=next((c.named_by for c in candidates if c.names_by_model(theme)), ""),
    )


def _changes(event: ReviewEvent) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (column[-2:], str(event.before.get(column) or ""), str(event.after.get(column) or ""))
        for column in ("name_en", "name_fr")
        if event.action == "rename" and event.before.get(column) != event.after.get(column)
        if column in event.after
    )
