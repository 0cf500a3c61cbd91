"""The numbers of a report: frozen when it is drafted, read back by both of its languages.

Counts and shares only, and only such as may be published: `numbers_of` takes what
`analysis.figures.disclosure` lets through of the findings of the moment; the rest is arithmetic
that both languages show. How a snapshot keeps them is in `cms.reporting.frozen`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext, override

from analysis.figures.charts import BarRow, wilson
from analysis.figures.disclosure import OTHERS, SMALLEST_BASE, FindingSplit, Told, total_told
from analysis.figures.intervals import newcombe
from analysis.review.selectors.findings import Findings, FindingTheme
from feedback.asking.models import Question
from feedback.dates import local_day

VERSION = 1
LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class ThemeNumbers:
    """One theme: ``n`` people spoke of it, or at least so many.

    ``by_language`` is empty where it is not told; so ``in_letters``, those of them who sent a
    campaign's letter, is None. ``is_by_hand``: people made the theme, the software did not propose
    it.
    """

    code: str
    parent: str | None
    name_en: str
    name_fr: str
    n: int
    by_language: dict[str, int]
    in_letters: int | None
    is_at_least: bool = False
    is_by_hand: bool = False

    def name(self, language: str) -> str:
        return self.name_fr if language == "fr" else self.name_en

    @property
    def row_counts(self) -> dict[str, int]:
        """English, French and any other, or all of them undivided; together they are ``n``."""
        if not self.by_language:
            return {"undivided": self.n}
        en, fr = (self.by_language.get(language, 0) for language in LANGUAGES)
        return {"en": en, "fr": fr, "other": self.n - en - fr}


@dataclass(frozen=True, slots=True)
class JoinedTheme:
    """A theme that is written about but has no number of its own: it is among the others."""

    code: str
    name_en: str
    name_fr: str
    is_by_hand: bool = False

    def name(self, language: str) -> str:
        return self.name_fr if language == "fr" else self.name_en


@dataclass(frozen=True, slots=True)
class Share:
    """``n`` of ``base`` people with the 95 % Wilson interval; None of nobody."""

    n: int
    base: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """How far two languages lie apart on one theme.

    ``difference`` is French minus English, with Newcombe's hybrid score interval (1998, method
    10). ``is_clear``: the interval leaves out zero, at a level that allows for as many looks as
    there are themes (Bonferroni); one theme in twenty would otherwise differ by chance alone.
    """

    english: Share
    french: Share
    difference: float
    low: float
    high: float
    is_clear: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one report. ``with_text`` people wrote; they are what shares are of.

    Empty or None is what is not told. ``others`` are all themes without a number together, those
    ``joined`` among them, and those in no theme where ``others_hold_unthemed``. ``channels`` and
    ``unthemed`` (by reason) have what is small under ``others``. ``named_by`` counts, by model, the
    themes whose names a generative model proposed.
    """

    question_en: str
    question_fr: str
    responses: int | None
    with_text: int
    in_themes: int | None
    languages: dict[str, int]
    with_text_languages: dict[str, int]
    channels: dict[str, int]
    opened_on: str | None
    closed_on: str | None
    first_on: str | None
    last_on: str | None
    sampling: str
    themes: tuple[ThemeNumbers, ...]
    unthemed: dict[str, int]
    letters: int
    campaigns: int
    run_id: int | None
    run_on: str | None
    corpus_digest: str
    confidence: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    masked: int = 0
    named_by: dict[str, int] = field(default_factory=dict)
    splits: tuple[FindingSplit, ...] = ()
    joined: tuple[JoinedTheme, ...] = ()
    others: ThemeNumbers | None = None
    others_hold_unthemed: bool = False
    smallest_cell: int = 0
    # What the department was called.
    asked_by_en: str = ""
    asked_by_fr: str = ""
    version: int = VERSION

    def asked_by(self, language: str) -> str:
        return self.asked_by_fr if language == "fr" else self.asked_by_en

    @property
    def top_themes(self) -> tuple[ThemeNumbers, ...]:
        """The themes of the first level, largest first."""
        return tuple(theme for theme in self.themes if theme.parent is None)

    @property
    def rows(self) -> tuple[ThemeNumbers, ...]:
        """The themes of the first level, and the others together at the end."""
        return (*self.top_themes, *([self.others] if self.others is not None else []))

    @property
    def codes(self) -> list[str]:
        """The themes a report may write about, largest first."""
        return [*(theme.code for theme in self.top_themes), *(each.code for each in self.joined)]

    @property
    def unthemed_total(self) -> int:
        return sum(self.unthemed.values())

    def theme(self, code: str) -> ThemeNumbers | None:
        return next((theme for theme in self.themes if theme.code == code), None)

    def joined_theme(self, code: str) -> JoinedTheme | None:
        return next((theme for theme in self.joined if theme.code == code), None)

    def name_of(self, code: str, language: str) -> str:
        """What the theme is called; empty where the report may not write about it."""
        theme = self.theme(code) or self.joined_theme(code)
        return theme.name(language) if theme is not None else ""

    def is_by_hand(self, code: str) -> bool:
        """Whether people made a theme the report may write about by hand."""
        theme = self.theme(code) or self.joined_theme(code)
        return theme is not None and theme.is_by_hand

    def parts_of(self, code: str) -> tuple[ThemeNumbers, ...]:
        return tuple(theme for theme in self.themes if theme.parent == code)

    def share(self, theme: ThemeNumbers) -> Share | None:
        return share_of(theme.n, self.with_text)

    def share_without_letters(self, theme: ThemeNumbers) -> Share | None:
        """Of those who wrote in their own words; None where their number is not told."""
        if theme.in_letters is None or theme.is_at_least:
            return None
        return share_of(theme.n - theme.in_letters, self.with_text - self.letters)

    def comparison(self, theme: ThemeNumbers) -> Comparison | None:
        """English beside French; None where either base is too small to say anything, or the
        numbers are not told."""
        if not theme.by_language:
            return None
        bases = {lang: self.with_text_languages.get(lang, 0) for lang in LANGUAGES}
        if min(bases.values()) < SMALLEST_BASE:
            return None
        english, french = (
            share_of(theme.by_language.get(lang, 0), bases[lang]) for lang in LANGUAGES
        )
        if english is None or french is None:
            return None
        counts = (french.n, french.base, english.n, english.base)
        difference = newcombe(*counts)
        strict = newcombe(*counts, level=1 - 0.05 / max(1, len(self.top_themes)))
        return Comparison(
            english=english,
            french=french,
            difference=difference.estimate,
            low=difference.low,
            high=difference.high,
            is_clear=strict.leaves_out_zero,
        )

    def bars(self, language: str) -> list[BarRow]:
        return [
            BarRow(theme.name(language), **theme.row_counts, is_at_least=theme.is_at_least)
            for theme in self.rows
        ]


def share_of(n: int, base: int) -> Share | None:
    if base <= 0:
        return None
    interval = wilson(n, base)
    return Share(n, base, interval.estimate, interval.low, interval.high)


def numbers_of(findings: Findings, question: Question) -> Numbers:
    """What may be published of these findings, without anyone's words."""
    engagement = question.questionnaire.engagement
    told = findings.told
    named = {theme.code: theme for theme in findings.themes}
    themes = []
    for code, of_theme in told.themes.items():
        themes.append(_theme(named[code], of_theme))
        themes += [_theme(named[part], Told(n)) for part, n in told.parts.get(code, {}).items()]
    pieces = sum(findings.masked.values())
    return Numbers(
        question_en=question.text_en,
        question_fr=question.text_fr,
        responses=told.responses,
        with_text=told.with_text,
        in_themes=told.in_themes,
        languages=dict(told.languages),
        with_text_languages=dict(told.with_text_languages),
        channels=dict(told.channels),
        opened_on=_day(engagement.opens_at),
        closed_on=_day(engagement.closes_at),
        first_on=_day(findings.first_at),
        last_on=_day(findings.last_at),
        sampling=engagement.sampling,
        themes=tuple(themes),
        unthemed=dict(told.unthemed),
        letters=told.letters,
        campaigns=told.campaigns,
        run_id=findings.run_id,
        run_on=_day(findings.run_finished_at),
        corpus_digest=findings.corpus_digest,
        confidence=dict(findings.confidence),
        versions=dict(findings.versions),
        config=dict(findings.config),
        masked=total_told(pieces, smallest=told.smallest) or 0,
        named_by=dict(findings.named_by),
        splits=findings.splits,
        joined=tuple(
            JoinedTheme(code, named[code].name_en, named[code].name_fr, named[code].is_by_hand)
            for code in told.joined
        ),
        others=_others(told.others, told.others_hold_unthemed),
        others_hold_unthemed=told.others_hold_unthemed,
        smallest_cell=told.smallest,
        asked_by_en=engagement.department.name_en,
        asked_by_fr=engagement.department.name_fr,
    )


def _theme(theme: FindingTheme, told: Told) -> ThemeNumbers:
    return ThemeNumbers(
        code=theme.code,
        parent=theme.parent,
        name_en=theme.name_en,
        name_fr=theme.name_fr,
        n=told.n,
        by_language=dict(told.by_language),
        in_letters=told.in_letters,
        is_at_least=told.is_at_least,
        is_by_hand=theme.is_by_hand,
    )


def _others(told: Told | None, hold_unthemed: bool) -> ThemeNumbers | None:
    if told is None:
        return None
    names = {}
    for language in LANGUAGES:
        with override(language):
            names[language] = (
                gettext("Other themes, or none") if hold_unthemed else gettext("Other themes")
            )
    return ThemeNumbers(
        code=OTHERS,
        parent=None,
        name_en=names["en"],
        name_fr=names["fr"],
        n=told.n,
        by_language=dict(told.by_language),
        in_letters=told.in_letters,
        is_at_least=told.is_at_least,
    )


def _day(moment: Any) -> str | None:
    return local_day(moment).isoformat() if moment else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
