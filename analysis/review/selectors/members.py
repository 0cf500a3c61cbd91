"""Which respondents and passages each group holds, as they stand now.

One place for the rules by which everything here is counted: an answer is one respondent, in the
language it was written in; a sub-theme's are among its parent's; a merged theme's are its target's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from analysis.review.enums import ThemeStatus
from analysis.review.models import AnalysisRun, Assignment, CandidateTheme, Passage, Theme
from feedback.asking.models import Question

OFFICIAL = ("en", "fr")
OTHER = "other"


@dataclass(slots=True)
class Members:
    """The answers and passages of one group, those below it included."""

    answers: set[int] = field(default_factory=set)
    passages: set[int] = field(default_factory=set)

    def add(self, passage: int, answer: int) -> None:
        self.passages.add(passage)
        self.answers.add(answer)


def written_languages(question: Question, answers: Collection[int] | None = None) -> dict[int, str]:
    """The language each analysed answer was written in, by answer id: "en", "fr" or "other".

    The first passage in an official language decides; where none is, the language of the form.
    ``answers`` names those wanted; all unless given.
    """
    languages: dict[int, str] = {}
    of_form: dict[int, str] = {}
    passages = Passage.objects.filter(answer__question=question)
    if answers is not None:
        passages = passages.filter(answer__in=answers)
    for answer, language, form in passages.order_by("answer_id", "start").values_list(
        "answer_id", "language", "answer__response__language"
    ):
        if language in OFFICIAL:
            languages.setdefault(answer, language)
        elif language == OTHER:
            of_form.setdefault(answer, OTHER)
        else:
            of_form.setdefault(answer, form)
    return of_form | languages


def by_language(answers: Iterable[int], languages: Mapping[int, str]) -> dict[str, int]:
    """How many of the answers were written in each language; both official ones always named."""
    counts = dict.fromkeys(OFFICIAL, 0)
    for answer in answers:
        language = languages.get(answer, OTHER)
        counts[language] = counts.get(language, 0) + 1
    return counts


def standing_theme(theme: Theme, themes: Mapping[int, Theme]) -> Theme | None:
    """The accepted theme that speaks for this one: itself, or what it was merged into, or none."""
    seen = set()
    while theme.status == ThemeStatus.MERGED and theme.merged_into_id is not None:
        if theme.pk in seen:
            return None
        seen.add(theme.pk)
        theme = themes[theme.merged_into_id]
    return theme if theme.status == ThemeStatus.ACCEPTED else None


def lineage(theme: Theme, themes: Mapping[int, Theme]) -> list[Theme]:
    """The theme that stands for this one and those above it; the theme alone where none stands."""
    standing = standing_theme(theme, themes)
    if standing is None:
        return [theme]
    line = [standing]
    while (parent_id := line[-1].parent_id) is not None and themes[parent_id] not in line:
        line.append(themes[parent_id])
    return line


def theme_members(question: Question, themes: Mapping[int, Theme]) -> dict[int, Members]:
    """Members of each theme of the codebook, by theme id, sub-themes and merged ones included."""
    members = {theme: Members() for theme in themes}
    lines = {pk: lineage(theme, themes) for pk, theme in themes.items()}
    for theme_id, passage, answer in (
        Assignment.objects.in_codebook()
        .filter(theme__question=question)
        .values_list("theme_id", "passage_id", "passage__answer_id")
    ):
        for theme in lines[theme_id]:
            members[theme.pk].add(passage, answer)
    return members


def is_empty(theme: Theme) -> bool:
    """Whether a theme holds no passage, no part and nothing that was merged into it."""
    themes = {each.pk: each for each in Theme.objects.filter(question=theme.question_id)}
    if any(theme.pk in (each.parent_id, each.merged_into_id) for each in themes.values()):
        return False
    return not Assignment.objects.in_codebook().filter(theme=theme).exists()


def candidate_members(run: AnalysisRun) -> dict[int, Members]:
    """Members of each candidate of a run, by candidate id, those of its parts included."""
    candidates = {c.pk: c for c in CandidateTheme.objects.filter(run=run)}
    by_code = {c.code: c for c in candidates.values()}
    members = {pk: Members() for pk in candidates}
    for candidate_id, passage, answer in (
        Assignment.objects.of_machine()
        .filter(run=run, candidate__isnull=False)
        .values_list("candidate_id", "passage_id", "passage__answer_id")
    ):
        candidate: CandidateTheme | None = candidates[candidate_id]
        while candidate is not None:
            members[candidate.pk].add(passage, answer)
            candidate = by_code.get(candidate.parent_code)
    return members
