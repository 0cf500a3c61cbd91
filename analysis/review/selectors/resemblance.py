"""Which proposals of a new run people have met before."""

from __future__ import annotations

from analysis.review.models import AnalysisRun, Theme
from analysis.review.selectors.members import candidate_members, standing_theme, theme_members

# Half of all passages of the two in common: more alike than not.
RESEMBLES = 0.5


def jaccard(one: set[int], other: set[int]) -> float:
    """|A ∩ B| / |A ∪ B|, 0 where both are empty."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def resemblances(run: AnalysisRun) -> dict[int, tuple[Theme, float]]:
    """For each candidate of the run, the theme of the codebook most like it, if any is alike.

    A theme is compared as it stands now and as each proposal that people turned into it was, so
    that one since merged, split or dismissed is recognised too. A merged theme answers by the one
    it was merged into.
    """
    themes = {theme.pk: theme for theme in Theme.objects.filter(question=run.question_id)}
    if not themes:
        return {}
    known: list[tuple[Theme, set[int]]] = [
        (standing_theme(themes[pk], themes) or themes[pk], members.passages)
        for pk, members in theme_members(run.question, themes).items()
        if members.passages
    ]
    earlier_runs = (
        AnalysisRun.objects.filter(question=run.question_id, candidates__theme__isnull=False)
        .exclude(pk=run.pk)
        .distinct()
    )
    for earlier in earlier_runs:
        members_of = candidate_members(earlier)
        for candidate in earlier.candidates.filter(theme__isnull=False).select_related("theme"):
            if candidate.theme is None:
                continue
            theme = candidate.theme
            known.append(
                (standing_theme(theme, themes) or theme, members_of[candidate.pk].passages)
            )
    alike: dict[int, tuple[Theme, float]] = {}
    for candidate_id, members in candidate_members(run).items():
        found = [(theme, jaccard(members.passages, passages)) for theme, passages in known]
        if found and (best := max(found, key=lambda pair: pair[1]))[1] >= RESEMBLES:
            alike[candidate_id] = best
    return alike
