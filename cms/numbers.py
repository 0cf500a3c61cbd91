"""The numbers of a report: frozen when it is drafted, read back by both of its languages.

Counts and shares only. `numbers_of` takes them from the findings of the moment; `as_json` and
`from_json` are what a snapshot keeps; the rest is arithmetic that both languages show.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from analysis.charts import BarRow, wilson
from analysis.intervals import newcombe
from analysis.selectors.findings import Findings
from analysis.selectors.splits import FindingCell, FindingSplit, FindingThemeSplit
from cms.dates import local_day
from feedback.models import Question

VERSION = 2
LANGUAGES = ("en", "fr")
# Fewer people than this in a language are counted, not compared.
SMALLEST_BASE = 30


@dataclass(frozen=True, slots=True)
class ThemeNumbers:
    """One theme: ``n`` people spoke of it; some of them, ``in_letters``, by a campaign's letter."""

    code: str
    parent: str | None
    name_en: str
    name_fr: str
    n: int
    by_language: dict[str, int]
    in_letters: int

    def name(self, language: str) -> str:
        return self.name_fr if language == "fr" else self.name_en

    @property
    def row_counts(self) -> dict[str, int]:
        """English, French and any other, which together are ``n``."""
        en, fr = (self.by_language.get(language, 0) for language in LANGUAGES)
        return {"en": en, "fr": fr, "other": self.n - en - fr}


@dataclass(frozen=True, slots=True)
class CampaignNumbers:
    """One letter many people sent."""

    code: str
    letters: int
    by_language: dict[str, int]


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
    """All numbers of one report. ``with_text`` people wrote; they are what shares are of."""

    question_en: str
    question_fr: str
    responses: int
    with_text: int
    in_themes: int
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
    campaigns: tuple[CampaignNumbers, ...]
    run_id: int | None
    run_on: str | None
    corpus_digest: str
    confidence: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)
    masked: dict[str, int] = field(default_factory=dict)
    splits: tuple[FindingSplit, ...] = ()
    version: int = VERSION

    @property
    def top_themes(self) -> tuple[ThemeNumbers, ...]:
        """The themes of the first level, largest first."""
        return tuple(theme for theme in self.themes if theme.parent is None)

    @property
    def letters(self) -> int:
        return sum(campaign.letters for campaign in self.campaigns)

    @property
    def unthemed_total(self) -> int:
        return sum(self.unthemed.values())

    def theme(self, code: str) -> ThemeNumbers | None:
        return next((theme for theme in self.themes if theme.code == code), None)

    def parts_of(self, code: str) -> tuple[ThemeNumbers, ...]:
        return tuple(theme for theme in self.themes if theme.parent == code)

    def share(self, theme: ThemeNumbers) -> Share | None:
        return share_of(theme.n, self.with_text)

    def share_without_letters(self, theme: ThemeNumbers) -> Share | None:
        """Of those who wrote in their own words."""
        return share_of(theme.n - theme.in_letters, self.with_text - self.letters)

    def comparison(self, theme: ThemeNumbers) -> Comparison | None:
        """English beside French; None where either base is too small to say anything."""
        bases = {lang: self.with_text_languages.get(lang, 0) for lang in LANGUAGES}
        if min(bases.values()) < SMALLEST_BASE:
            return None
        english, french = (
            share_of(theme.by_language.get(lang, 0), bases[lang]) for lang in LANGUAGES
        )
        if english is None or french is None:
            return None
        low, high = difference_interval(english, french)
        strict = difference_interval(english, french, level=1 - 0.05 / max(1, len(self.top_themes)))
        return Comparison(
            english=english,
            french=french,
            difference=french.share - english.share,
            low=low,
            high=high,
            is_clear=strict[0] > 0 or strict[1] < 0,
        )

    def bars(self, language: str) -> list[BarRow]:
        return [BarRow(theme.name(language), **theme.row_counts) for theme in self.top_themes]


def share_of(n: int, base: int) -> Share | None:
    if base <= 0:
        return None
    interval = wilson(n, base)
    return Share(n, base, interval.estimate, interval.low, interval.high)


def difference_interval(first: Share, second: Share, *, level: float = 0.95) -> tuple[float, float]:
    """Newcombe's interval of ``second`` minus ``first``, from each one's Wilson interval."""
    found = newcombe(second.n, second.base, first.n, first.base, level=level)
    return found.low, found.high


def numbers_of(findings: Findings, question: Question) -> Numbers:
    """The numbers of these findings, without anyone's words."""
    engagement = question.questionnaire.engagement
    return Numbers(
        question_en=question.text_en,
        question_fr=question.text_fr,
        responses=findings.responses,
        with_text=findings.with_text,
        in_themes=findings.in_themes,
        languages=dict(findings.languages),
        with_text_languages=dict(findings.with_text_languages),
        channels=dict(findings.channels),
        opened_on=_day(engagement.opens_at),
        closed_on=_day(engagement.closes_at),
        first_on=_day(findings.first_at),
        last_on=_day(findings.last_at),
        sampling=engagement.sampling,
        themes=tuple(
            ThemeNumbers(
                code=theme.code,
                parent=theme.parent,
                name_en=theme.name_en,
                name_fr=theme.name_fr,
                n=theme.respondents,
                by_language=dict(theme.by_language),
                in_letters=theme.in_letters,
            )
            for theme in findings.themes
        ),
        unthemed=dict(findings.unthemed),
        campaigns=tuple(
            CampaignNumbers(campaign.code, campaign.letters, dict(campaign.by_language))
            for campaign in findings.campaigns
        ),
        run_id=findings.run_id,
        run_on=_day(findings.run_finished_at),
        corpus_digest=findings.corpus_digest,
        confidence=dict(findings.confidence),
        versions=dict(findings.versions),
        config=dict(findings.config),
        masked=dict(findings.masked),
        splits=findings.splits,
    )


def _day(moment: Any) -> str | None:
    return local_day(moment).isoformat() if moment else None


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_json(numbers: Numbers) -> dict[str, Any]:
    """What a snapshot keeps. ``theme_codes`` is for whoever checks a page against it."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(numbers)))
    plain["theme_codes"] = [theme.code for theme in numbers.themes]
    return plain


def digest_of(plain: dict[str, Any]) -> str:
    """SHA-256 of the canonical form (sorted keys, no spaces)."""
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def from_json(plain: dict[str, Any]) -> Numbers:
    values = {key: value for key, value in plain.items() if key != "theme_codes"}
    values["themes"] = tuple(ThemeNumbers(**theme) for theme in values["themes"])
    values["campaigns"] = tuple(CampaignNumbers(**each) for each in values["campaigns"])
    # Reports drafted before there were any have none.
    values["splits"] = tuple(_split_from_json(each) for each in values.get("splits", ()))
    return Numbers(**values)


def _split_from_json(plain: dict[str, Any]) -> FindingSplit:
    themes = tuple(
        FindingThemeSplit(
            **{
                **theme,
                "cells": tuple(FindingCell(**cell) for cell in theme["cells"]),
                "mean": _triple(theme["mean"]),
                "difference": _triple(theme["difference"]),
            }
        )
        for theme in plain["themes"]
    )
    return FindingSplit(**{**plain, "themes": themes})


def _triple(ends: list[float] | None) -> tuple[float, float, float] | None:
    return (ends[0], ends[1], ends[2]) if ends is not None else None
