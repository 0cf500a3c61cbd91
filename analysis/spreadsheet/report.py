"""``report.html``: the themes for a person to read, in both languages, in one file.

The page holds everything it needs: no script, no picture, no font, nothing fetched. Its two halves
are made from the same numbers by the same template, so they cannot disagree; a radio button at the
top shows one or the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.charts import (
    STYLESHEET,
    BarRow,
    bar_chart,
    bar_table,
    format_count,
    format_decimal,
    format_range,
    format_share,
    wilson,
)
from analysis.charts.numbers import NBSP
from analysis.pipeline.types import Level, Reason
from analysis.spreadsheet.files import unthemed
from analysis.spreadsheet.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.pipeline.types import LetterCampaign, Quote, Result, ThemeProposal
    from analysis.spreadsheet.documents import Input

Words = dict[str, Any]

_HERE = Path(__file__).resolve().parent
LETTER_WORDS = 45  # words of a letter shown
IDS_SHOWN = 12

# Reasons for which a text holds nothing to group: they are not part of the base of any share.
_EMPTY = (Reason.NO_ANSWER, Reason.UNREADABLE)


@dataclass(frozen=True, slots=True)
class _Shown:
    """One theme as the template needs it, in one language."""

    code: str
    name: str
    other_name: str
    other_language: str
    description: str
    size: str
    share: str
    interval: str
    main: str
    difference: str
    keywords: tuple[tuple[str, str], ...]  # language, words
    quotes: tuple[tuple[str, tuple[Quote, ...]], ...]  # heading, quotes
    border: tuple[Quote, ...]
    confidence: str
    level: str
    warnings: tuple[str, ...]
    parts: tuple[tuple[str, str, str, str], ...]  # name, description, size, share of the theme


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def report_html(
    result: Result, *, given: Input, file: str, first: str, today: date | None = None
) -> str:
    """The page as text. ``first`` is the language it opens in, ``en`` or ``fr``.

    Every quote carries its language, every share its base, every number is written as its
    language writes it.
    """
    pages = [
        _page(result, given, file, language, today or date.today()) for language in ("en", "fr")
    ]
    # Our own two files; the template must not escape the quotes inside them.
    styles = Markup((_HERE / "templates" / "report.css").read_text("utf-8"))  # noqa: S704
    charts = Markup(STYLESHEET.read_text("utf-8"))  # noqa: S704
    template = _environment().get_template("report.html.jinja")
    return template.render(pages=pages, first=first, file=file, styles=styles + charts)


def _page(result: Result, given: Input, file: str, language: str, today: date) -> dict[str, object]:
    """Everything the template shows in one language."""
    words = WORDS[language]

    def count(n: int) -> str:
        return format_count(n, language)

    aside = unthemed(result)
    documents = len(given.documents)
    base = documents - sum(len(aside[r]) for r in _EMPTY)
    themed = documents - sum(len(ids) for ids in aside.values())
    spoken = _languages(result)
    top = [t for t in result.themes if t.parent is None]
    top.sort(key=lambda t: (-t.size, t.code))
    rows = [_row(t, _name(t, language)) for t in top]
    split = {
        key: sum(spoken.get(code, 0) for code in codes)
        for key, codes in (("en", ("en",)), ("fr", ("fr",)), ("other", ("other", "und")))
    }
    main = Counter(a.theme for a in result.assignments if a.main)
    parts = defaultdict(list)
    for t in result.themes:
        if t.parent is not None:
            parts[t.parent].append(t)
    copies = _copies(result)
    shown = [_theme(t, parts[t.code], base, main, split, len(top), language) for t in top]
    level = result.confidence.level
    chart_title = words["chart_title"].format(n=count(base))
    return {
        "lang": language,
        "w": words,
        "file": file,
        "title": _title(top, level, documents, words, count),
        "overview": _overview(result, top, documents, base, themed, split, words, language),
        "facts": _facts(result, documents, split, base, len(top), words, language),
        "machine": words["machine"],
        "enough": bool(top),
        "chart_title": chart_title,
        "chart": bar_chart(
            rows,
            n=max(base, 1),
            language=language,
            title=chart_title,
            description=_chart_words(rows, base, words, language),
            intervals=True,
            uid=f"{language}-chart",
        ),
        "table": bar_table(
            rows,
            n=max(base, 1),
            language=language,
            caption=words["table_caption"].format(n=count(base)),
            heading=words["theme"],
            intervals=True,
        ),
        "overlap": words["overlap"],
        "themes": shown,
        "letters": [_letter(c, result, language) for c in result.campaigns],
        "letters_intro": _letters_intro(result, copies, words, language),
        "without": [
            (_name(t, language), count(t.size), count(max(0, t.size - copies[t.code])))
            for t in top
            if copies[t.code]
        ],
        "aside": [
            (
                words["reasons"][r.value],
                count(len(ids)),
                format_share(len(ids) / documents, language),
                ", ".join(ids[:IDS_SHOWN]) + (", …" if len(ids) > IDS_SHOWN else ""),
            )
            for r, ids in aside.items()
            if ids
        ],
        "aside_intro": words["aside_all" if themed == documents else "aside_some"].format(
            n=count(documents - themed), all=count(documents)
        ),
        "confidence": words["levels"][level.value],
        "confidence_reason": _said(
            result.confidence.reason_en, result.confidence.reason_fr, language
        ),
        "checks": _checks(result, words, language),
        "masked": _masked(result, words, language),
        "notes": [_said(en, fr, language) for en, fr in given.notes],
        "method": [m.format(**_method_numbers(result, given, language)) for m in words["method"]],
        "limits": words["limits"],
        "repeat": words["repeat"].format(
            seed=result.config.get("seed", 0), digest=result.corpus_digest[:16]
        ),
        "versions": ", ".join(f"{k} {v}" for k, v in sorted(result.versions.items())),
        "date": _date(today, language),
    }


def _said(en: str, fr: str, language: str) -> str:
    return en if language == "en" else fr


def _name(theme: ThemeProposal, language: str) -> str:
    return _said(theme.name_en, theme.name_fr, language)


def _date(day: date, language: str) -> str:
    """``November 22, 2026`` or ``22 novembre 2026``, ``1er`` for the first of a month."""
    if language == "en":
        return format_date(day, f"MMMM'{NBSP}'d, y", locale="en_CA")
    text = format_date(day, f"d'{NBSP}'MMMM y", locale="fr_CA")
    return "1er" + text[1:] if day.day == 1 else text


def _languages(result: Result) -> Counter[str]:
    """Documents by language, the language of a document being that of its first passage."""
    seen: dict[str, str] = {}
    for a in result.assignments:
        seen.setdefault(a.document_id, a.language.value)
    return Counter(seen.values())


def _row(theme: ThemeProposal, name: str) -> BarRow:
    en, fr = theme.languages.get("en", 0), theme.languages.get("fr", 0)
    return BarRow(name, en, fr, max(0, theme.size - en - fr))


def _title(
    top: list[ThemeProposal], level: Level, n: int, words: Words, count: Callable[[int], str]
) -> str:
    if not top or level is Level.NONE:
        return str(words["title_none"]).format(comments=_plural(words, "comments_n", n, count))
    return str(words["title"]).format(
        comments=_plural(words, "comments_n", n, count),
        themes=_plural(words, "themes_n", len(top), count),
    )


def _plural(words: Words, key: str, n: int, count: Callable[[int], str]) -> str:
    one, many = words[key]
    return str(many if words["plural"](n) else one).format(n=count(n))


def _quoted(name: str, language: str) -> str:
    return f"“{name}”" if language == "en" else f"«{NBSP}{name}{NBSP}»"


def _overview(
    result: Result,
    top: list[ThemeProposal],
    documents: int,
    base: int,
    themed: int,
    split: dict[str, int],
    words: Words,
    language: str,
) -> str:
    """The sentences a director reads: how many wrote, of what most, and where languages differ."""
    if not top:
        return str(words["overview_none"])
    named = [
        f"{_quoted(_name(t, language), language)} ({format_share(t.size / base, language)})"
        for t in top[:3]
    ]
    several = named[0] if len(named) == 1 else ", ".join(named[:-1]) + words["and"] + named[-1]
    text = str(words["overview" if len(named) > 1 else "overview_one"]).format(
        themed=format_count(themed, language),
        base=format_count(base, language),
        share=format_share(themed / base, language),
        themes=several,
    )
    gaps = [
        (abs(gap), t) for t in top if (gap := _gap(t, split, len(top))) is not None and gap != 0
    ]
    if gaps:
        _, most = max(gaps, key=lambda pair: (pair[0], pair[1].code))
        text += " " + str(words["overview_gap"]).format(
            theme=_quoted(_name(most, language), language),
            en=format_share(most.languages.get("en", 0) / split["en"], language),
            fr=format_share(most.languages.get("fr", 0) / split["fr"], language),
        )
    return text


def _gap(theme: ThemeProposal, split: dict[str, int], themes: int) -> float | None:
    """How much larger the share in French is, or None where that could be chance.

    Two proportions with a pooled variance, 5 % over all themes together (Bonferroni). None also
    when a language has fewer than 30 texts.
    """
    n_en, n_fr = split["en"], split["fr"]
    if min(n_en, n_fr) < 30:
        return None
    en, fr = theme.languages.get("en", 0), theme.languages.get("fr", 0)
    pooled = (en + fr) / (n_en + n_fr)
    spread = sqrt(pooled * (1 - pooled) * (1 / n_en + 1 / n_fr))
    if not spread:
        return None
    gap = fr / n_fr - en / n_en
    limit = NormalDist().inv_cdf(1 - 0.025 / max(1, themes))
    return gap if abs(gap) / spread > limit else None


def _facts(
    result: Result,
    documents: int,
    split: dict[str, int],
    base: int,
    themes: int,
    words: Words,
    language: str,
) -> list[tuple[str, str]]:
    """Numbers in large figures, each with what it counts."""

    def fact(n: int, key: str, counted: int) -> tuple[str, str]:
        one, many = words[key]
        label = str(many if words["plural"](n) else one)
        return format_count(n, language), label.format(n=format_count(counted, language))

    facts = [fact(documents, "fact_comments", documents)]
    both = split["en"] + split["fr"]
    if both:
        english = format_share(split["en"] / both, language)
        french = format_share(split["fr"] / both, language)
        facts.append((f"{english} / {french}", words["fact_languages"]))
    facts.append(fact(themes, "fact_themes", themes))
    if result.campaigns:
        letters = sum(len(c.document_ids) for c in result.campaigns)
        facts.append(fact(len(result.campaigns), "fact_letters", letters))
    facts.append((words["levels"][result.confidence.level.value], words["fact_confidence"]))
    return facts


def _chart_words(rows: list[BarRow], base: int, words: Words, language: str) -> str:
    """What the chart shows, for those who do not see it."""
    return "; ".join(
        f"{row.label}{words['colon']} {format_share(row.total / max(base, 1), language)}, "
        f"n {format_count(row.total, language)}"
        for row in rows
    )


def _theme(
    theme: ThemeProposal,
    parts: list[ThemeProposal],
    base: int,
    main: Counter[str | None],
    split: dict[str, int],
    themes: int,
    language: str,
) -> _Shown:
    words = WORDS[language]
    bound = wilson(min(theme.size, base), base)
    gap = _gap(theme, split, themes)
    difference = ""
    if gap is not None:
        difference = words["more_fr" if gap > 0 else "more_en"].format(
            en=format_share(theme.languages.get("en", 0) / split["en"], language),
            fr=format_share(theme.languages.get("fr", 0) / split["fr"], language),
        )
    first, second = (theme.keywords_en, theme.keywords_fr)
    keywords = [("en", ", ".join(first)), ("fr", ", ".join(second))]
    order = ("en", "fr") if language == "en" else ("fr", "en")
    parts = sorted(parts, key=lambda t: (-t.size, t.code))
    return _Shown(
        code=theme.code,
        name=_name(theme, language),
        other_name=theme.name_fr if language == "en" else theme.name_en,
        other_language=order[1],
        description=_said(theme.description_en, theme.description_fr, language),
        size=format_count(theme.size, language),
        share=format_share(theme.size / base, language),
        interval=format_range(bound.low, bound.high, language),
        main=format_count(main[theme.code] + sum(main[p.code] for p in parts), language),
        difference=difference,
        keywords=tuple((lang, text) for lang, text in keywords if text),
        quotes=tuple(
            (words["quotes_in"][lang], found) for lang in order if (found := _quotes(theme, lang))
        ),
        border=tuple(q for q in theme.quotes if q.border),
        confidence=_said(theme.confidence.reason_en, theme.confidence.reason_fr, language),
        level=words["levels"][theme.confidence.level.value],
        warnings=tuple(_said(w.reason_en, w.reason_fr, language) for w in theme.warnings),
        parts=tuple(
            (
                _name(p, language),
                _said(p.description_en, p.description_fr, language),
                format_count(p.size, language),
                format_share(p.size / theme.size, language),
            )
            for p in parts
        ),
    )


def _quotes(theme: ThemeProposal, language: str) -> tuple[Quote, ...]:
    return tuple(q for q in theme.quotes if q.language.value == language and not q.border)


def _copies(result: Result) -> Counter[str]:
    """For each theme, the letters beyond one of each campaign."""
    where: dict[str, set[str]] = defaultdict(set)
    parent = {t.code: t.parent or t.code for t in result.themes}
    for a in result.assignments:
        if a.theme is not None:
            where[parent[a.theme]].add(a.document_id)
    copies: Counter[str] = Counter()
    for code, ids in where.items():
        for campaign in result.campaigns:
            copies[code] += max(0, len(ids.intersection(campaign.document_ids)) - 1)
    return copies


def _letters_intro(result: Result, copies: Counter[str], words: Words, language: str) -> str:
    if not result.campaigns:
        return str(words["letters_none"])
    n = sum(len(c.document_ids) for c in result.campaigns)
    key = "letters_one" if len(result.campaigns) == 1 else "letters"
    return str(words[key]).format(
        k=format_count(len(result.campaigns), language), n=format_count(n, language)
    )


def _letter(campaign: LetterCampaign, result: Result, language: str) -> dict[str, object]:
    """One letter: how many sent it, in which language, and how it begins (masked)."""
    words = WORDS[language]
    own = [a for a in result.assignments if a.document_id == campaign.representative]
    own.sort(key=lambda a: a.start)
    said = " ".join(a.text for a in own).split()
    text = " ".join(said[:LETTER_WORDS]) + (" …" if len(said) > LETTER_WORDS else "")
    return {
        "code": campaign.code,
        "size": format_count(len(campaign.document_ids), language),
        "languages": ", ".join(
            f"{words['languages'].get(code, code)}{words['colon']} {format_count(n, language)}"
            for code, n in sorted(campaign.languages.items())
        ),
        "id": campaign.representative,
        "lang": own[0].language.value if own else "und",
        "text": text,
    }


def _checks(result: Result, words: Words, language: str) -> list[tuple[str, str]]:
    """Measures of the run in plain words; only those that were made."""
    out = []
    for key, (label, kind) in words["checks"].items():
        value = result.metrics.get(key)
        if value is None:
            continue
        text = (
            format_share(max(0.0, min(1.0, value)), language)
            if kind == "share"
            else format_decimal(value, language, digits=2)
        )
        out.append((label, text))
    return out


def _masked(result: Result, words: Words, language: str) -> str:
    n = sum(result.masked.values())
    if not n:
        return str(words["masked_none"])
    return str(words["masked_one" if n == 1 else "masked"]).format(n=format_count(n, language))


def _method_numbers(result: Result, given: Input, language: str) -> dict[str, str]:
    first, _, last = given.form.partition(", ")
    form = f"{first}, {WORDS[language]['forms'].get(last, last)}"
    return {
        "n": format_count(len(given.documents), language),
        "passages": format_count(len(result.assignments), language),
        "embedder": str(result.config.get("embedder", "")),
        "form": form,
    }
