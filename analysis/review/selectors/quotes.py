"""What people wrote, chosen to show a group: the machine's choice, as far as it still stands.

The desk and the draft of a report show the same ones, so that nobody approves a theme by other
words than those it will be published with.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from django.db.models import Case, Min, OuterRef, Subquery, Value, When

from analysis.review.models import Assignment, CandidateTheme, Passage, Theme
from analysis.review.selectors.members import OFFICIAL, lineage
from analysis.review.selectors.passages import rows_of
from analysis.review.selectors.reviewed import Details, Review
from feedback.asking.models import Question

LEAST, MOST, BORDER = 3, 5, 2
# As many as are drawn to find those of different people among copies of a letter.
LOTS = 200

# One quote the machine chose: {"passage": id, "border": whether it shows where the group ends,
# "at_random": whether it was drawn by lot}.
Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A verbatim passage, personal information masked, as it may be shown. Always escape it.

    ``language`` is "en", "fr", "other" or "und": set ``lang`` on the quote where it is en or fr.
    """

    id: int
    text: str
    language: str
    channel: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Passages that show a group, by language, most telling first; ``border`` are those that show
    where it ends, ``at_random`` those drawn by lot: the others the software chose. No two are from
    one person, nor from one letter."""

    by_language: dict[str, list[int]]
    border: list[int]
    at_random: frozenset[int] = frozenset()

    def for_report(self, most: int) -> tuple[int, ...]:
        """Up to ``most``, as many of each language, in turn; of each no fewer than half drawn at
        random, those first."""
        spoken = {language: found for language, found in self.by_language.items() if found}
        each = most // max(1, len(spoken))
        picked: dict[str, list[int]] = {}
        for language, passages in spoken.items():
            drawn = [pk for pk in passages if pk in self.at_random]
            chosen = [pk for pk in passages if pk not in self.at_random]
            drawn = drawn[: max((each + 1) // 2, each - len(chosen))]
            picked[language] = [*drawn, *chosen[: min(each - len(drawn), len(drawn) or each)]]
        return Choice(picked, []).in_turn

    @property
    def in_turn(self) -> tuple[int, ...]:
        """Both languages in turn."""
        turns = zip_longest(*(self.by_language.get(language, ()) for language in OFFICIAL))
        return tuple(passage for turn in turns for passage in turn if passage is not None)


def quotes_by_id(ids: Iterable[int], question: int | None = None) -> dict[int, QuoteView]:
    """The quotes that still stand among ``ids``. One that was withdrawn is simply not there.

    With the id of a question, those alone that the codebook of that question holds in a theme.
    What may be published is `belonging`'s to say.
    """
    found = Passage.objects.filter(pk__in=list(ids), answer__response__withdrawn_at__isnull=True)
    if question is not None:
        found = found.filter(
            answer__question=question,
            pk__in=Assignment.objects.filter(theme__question=question).values("passage_id"),
        )
    rows = found.values_list("pk", "text", "language", "answer__response__channel")
    return {row[0]: QuoteView(*row) for row in rows}


class Belonging(StrEnum):
    """What a passage, by its number, is to a theme of a question."""

    MEMBER = "member"
    ELSEWHERE = "elsewhere"  # the question's, but not in the theme
    FOREIGN = "foreign"  # another question's, another department's
    GONE = "gone"  # withdrawn, or never there


def belonging(question: int, asked: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Belonging]:
    """What each (code of a theme, number of a passage) is; three queries however many."""
    pairs = set(asked)
    ids = {passage for _, passage in pairs}
    of_question = dict(
        Passage.objects.filter(pk__in=ids, answer__response__withdrawn_at__isnull=True).values_list(
            "pk", "answer__question_id"
        )
    )
    themes = {theme.pk: theme for theme in Theme.objects.filter(question=question)}
    codes: dict[int, set[str]] = {}
    for passage, theme in Assignment.objects.filter(
        theme__question=question, passage__in=ids
    ).values_list("passage_id", "theme_id"):
        if theme is not None:
            # Its own too: a report that was published before a merge still shows the theme.
            above = lineage(themes[theme], themes)
            codes.setdefault(passage, set()).update(each.code for each in (themes[theme], *above))
    found = {}
    for code, passage in pairs:
        if passage not in of_question:
            found[code, passage] = Belonging.GONE
        elif of_question[passage] != question:
            found[code, passage] = Belonging.FOREIGN
        elif code in codes.get(passage, ()):
            found[code, passage] = Belonging.MEMBER
        else:
            found[code, passage] = Belonging.ELSEWHERE
    return found


def quotable(question: Question, code: str, *, words: str = "", language: str = "") -> Any:
    """The passages that may be quoted of a theme (``code``), as a query set: those that show it
    best first, copies of a letter once. ``words`` must all be in it; none of an unknown theme.
    """
    theme = Theme.objects.filter(question=question, code=code).first()
    if theme is None:
        return Passage.objects.none()
    rows = rows_of(question, None, theme)
    standing = Passage.objects.filter(
        pk__in=rows.values("passage_id"), answer__response__withdrawn_at__isnull=True
    )
    alike = standing.order_by().values("text").annotate(first=Min("pk")).values("first")
    found = standing.filter(pk__in=alike).select_related("answer__response")
    if language:
        found = found.filter(language=language)
    for word in words.split():
        found = found.filter(text__icontains=word)
    themes = {each.pk: each for each in Theme.objects.filter(question=question)}
    members = rows.order_by("-score", "pk").values_list(
        "passage_id", "passage__answer_id", "passage__language"
    )
    best = choose(members, told_of_themes(question.pk, themes).get(theme.pk, ()), {}).in_turn
    score = rows.filter(passage=OuterRef("pk")).order_by().values("score")[:1]
    return found.annotate(
        place=Case(
            *(When(pk=pk, then=Value(at)) for at, pk in enumerate(best)), default=Value(len(best))
        )
        if best
        else Value(0),
        sure=Subquery(score),
    ).order_by("place", "-sure", "pk")


def choose(
    members: Iterable[tuple[int, int, str]],
    told: Iterable[Told],
    voices: Mapping[int, Any],
    *,
    least: int = LEAST,
    most: int = MOST,
) -> Choice:
    """Of ``members`` (passage, answer, language) those ``told`` by the machine, up to ``most`` in a
    language, and others drawn by lot where there are fewer than ``least``: of a theme made by hand
    all are. The lot of a passage depends on itself alone, so that more passages draw no others.

    ``voices`` names the letter, or the words, that an answer has in common with others.
    """
    rows = {passage: (answer, language) for passage, answer, language in members}
    standing = [quote for quote in told if quote["passage"] in rows]
    edge = {quote["passage"] for quote in standing if quote["border"]}
    heard: set[Any] = set()
    chosen: dict[str, list[int]] = {}

    def take(passage: int, into: list[int], at_most: int) -> None:
        answer = rows[passage][0]
        voice = voices.get(answer, answer)
        if len(into) < at_most and voice not in heard:
            heard.add(voice)
            into.append(passage)

    best = [quote["passage"] for quote in standing if not quote["border"]]
    for passage in best:
        if rows[passage][1] in OFFICIAL and passage not in edge:
            take(passage, chosen.setdefault(rows[passage][1], []), most)
    for language in OFFICIAL:
        some = chosen.setdefault(language, [])
        if len(some) < least:
            others = (pk for pk, row in rows.items() if row[1] == language and pk not in edge)
            for passage in heapq.nsmallest(LOTS, others, key=_lot):
                take(passage, some, least)
    border: list[int] = []
    for quote in standing:
        if quote["border"]:
            take(quote["passage"], border, BORDER)
    drawn = {quote["passage"] for quote in standing if quote.get("at_random")}
    drawn |= {passage for some in chosen.values() for passage in some} - set(best)
    return Choice(chosen, border, frozenset(drawn))


def _lot(passage: int) -> int:
    """Fibonacci hashing (Knuth, volume 3, 6.4): the same order every time, of no use to guess by
    when a passage came."""
    return passage * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF


def told_of_themes(question_id: int, themes: Mapping[int, Theme]) -> dict[int, list[Told]]:
    """What the machine would quote of each theme: its own proposals' quotes, the newest run's
    first, then those of what was merged into it and of its parts, whose borders are not its own."""
    own: dict[int, list[Told]] = {}
    other: dict[int, list[Told]] = {}
    for theme_id, quotes in (
        CandidateTheme.objects.filter(theme__question=question_id)
        .order_by("-run_id", "rank")
        .values_list("theme_id", "quotes")
    ):
        if theme_id is None:
            continue
        own.setdefault(theme_id, []).extend(quotes)
        for theme in lineage(themes[theme_id], themes):
            if theme.pk != theme_id:
                inner = [quote for quote in quotes if not quote["border"]]
                other.setdefault(theme.pk, []).extend(inner)
    return {pk: own.get(pk, []) + other.get(pk, []) for pk in own.keys() | other.keys()}


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotes of the group selected on the desk: of each official language, and its border."""

    by_language: tuple[tuple[str, tuple[QuoteView, ...]], ...]
    border: tuple[QuoteView, ...]
    at_random: frozenset[int]


def quotes_shown(review: Review, details: Details | None) -> Quotes | None:
    """What the desk quotes of the group selected; None where nothing is."""
    if details is None:
        return None
    group = details.theme or details.candidate
    members = (
        rows_of(review.question, review.run, group)
        .order_by("-score", "pk")
        .values_list("passage_id", "passage__answer_id", "passage__language")
    )
    if details.theme is not None:
        themes = {theme.pk: theme for theme in Theme.objects.filter(question=review.question)}
        told = told_of_themes(review.question.pk, themes).get(details.theme.pk, [])
    else:
        told = details.candidate.quotes if details.candidate is not None else []
    chosen = choose(members, told, review.voices)
    views = quotes_by_id([*chosen.in_turn, *chosen.border])

    def seen(ids: Collection[int]) -> tuple[QuoteView, ...]:
        return tuple(views[pk] for pk in ids if pk in views)

    return Quotes(
        by_language=tuple(
            (language, seen(chosen.by_language.get(language, ()))) for language in OFFICIAL
        ),
        border=seen(chosen.border),
        at_random=chosen.at_random,
    )
