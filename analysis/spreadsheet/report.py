"""``report.html``: the themes for a person to read, in both languages, in one file.

The page holds everything it needs: no script, no picture, no font, nothing fetched. Its two halves
are made from the same numbers by the same template, so they cannot disagree; a radio button at the
top shows one or the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.figures.charts import (
    STYLESHEET,
    format_count,
    format_decimal,
    format_range,
    format_share,
    wilson,
)
from analysis.figures.charts.numbers import NBSP
from analysis.pipeline.cautions import seldom_written
from analysis.pipeline.types import Level, Warning  # noqa: A004 - the field's word for it
from analysis.spreadsheet.pictures import (
    Numbered,
    balance_section,
    comparison_section,
    listed,
    map_section,
    more_in,
    name_of,
    question_section,
    quoted,
    says_of,
    themes_section,
)
from analysis.spreadsheet.words import WORDS

if TYPE_CHECKING:
    from analysis.pipeline.types import LetterCampaign, Quote, Result, ThemeProposal
    from analysis.spreadsheet.outcome import Outcome

Words = dict[str, Any]

_HERE = Path(__file__).resolve().parent
LETTER_WORDS = 45  # words of a letter shown
LETTERS_SHOWN = 12
LETTERS_TOLD = 0.1  # share of letters from which the first sentences speak of them
IDS_SHOWN = 12
TEXTS_SHOWN = 50  # texts listed where nothing could be grouped
HASH_SHOWN = 12


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
    number: int
    counted: bool  # whether the description says how many comments there are
    answers: tuple[str, ...]  # what the columns of --by say of it


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def report_html(outcome: Outcome, *, first: str, today: date | None = None) -> str:
    """The page as text. ``first`` is the language it opens in, ``en`` or ``fr``.

    Every quote carries its language, every share its base, every number is written as its
    language writes it.
    """
    pages = [_page(outcome, language, today or date.today()) for language in ("en", "fr")]
    # Our own two files; the template must not escape the quotes inside them.
    styles = Markup((_HERE / "templates" / "report.css").read_text("utf-8"))  # noqa: S704
    charts = Markup(STYLESHEET.read_text("utf-8"))  # noqa: S704
    template = _environment().get_template("report.html.jinja")
    return template.render(
        pages=pages, first=first, file=outcome.source.get("file", ""), styles=styles + charts
    )


def _page(outcome: Outcome, language: str, today: date) -> dict[str, object]:
    """Everything the template shows in one language."""
    words, result, top = WORDS[language], outcome.result, outcome.top
    aside, documents = outcome.unthemed, outcome.documents
    level = result.confidence.level
    spoken_of = [t for t in top if t.size]
    texts = [] if top else _texts(outcome)
    sections = [
        section
        for section in (
            balance_section(outcome, language),
            map_section(outcome, language),
            *(
                question_section(question, place, outcome, language)
                for place, question in enumerate(outcome.questions, start=1)
            ),
        )
        if section is not None
    ]
    return {
        "lang": language,
        "w": words,
        "file": outcome.source.get("file", ""),
        "title": _title(outcome, words, language),
        "overview": _overview(outcome, words, language),
        "facts": _facts(outcome, words, language),
        "machine": words["machine_given" if outcome.source.get("codebook") else "machine"]
        if top
        else "",
        "unnamed": [words["unnamed"][lang] for lang in _unnamed(outcome)],
        "called": words["called" if outcome.source.get("id") else "called_row"],
        "row_note": "" if outcome.source.get("id") else words["row_note"],
        "texts": [] if top else texts[:TEXTS_SHOWN],
        "texts_more": words["texts_more"].format(n=format_count(len(texts) - TEXTS_SHOWN, language))
        if not top and len(texts) > TEXTS_SHOWN
        else "",
        "themes_section": themes_section(outcome, language) if top else None,
        "sections": sections if top else [],
        "comparison": comparison_section(outcome, language),
        "themes": [_theme(t, outcome, language) for t in spoken_of],
        "nobody": [name_of(t, language) for t in top if not t.size],
        "letters": [_letter(c, outcome, language) for c in _largest(result)],
        "letters_intro": _letters_intro(result, words, language),
        "letters_more": _letters_more(result, words, language),
        "without": [
            (
                name_of(t, language),
                format_count(t.size, language),
                format_count(max(0, t.size - outcome.copies[t.code]), language),
            )
            for t in top
            if outcome.copies[t.code]
        ],
        "aside": [
            (
                words["reasons"][r.value],
                format_count(len(ids), language),
                format_share(len(ids) / documents, language),
                ", ".join(ids[:IDS_SHOWN]) + (", …" if len(ids) > IDS_SHOWN else ""),
            )
            for r, ids in aside.items()
            if ids
        ],
        "aside_intro": words["aside_all" if outcome.themed == documents else "aside_some"].format(
            n=format_count(documents - outcome.themed, language),
            all=format_count(documents, language),
        ),
        # That there is not enough to group is the reason's own first word.
        "confidence": "" if level is Level.NONE else words["levels"][level.value],
        "confidence_reason": _said(
            result.confidence.reason_en, result.confidence.reason_fr, language
        ),
        "checks": _checks(result, words, language) if top else [],
        "masked": _masked(result, words, language),
        "notes": [_said(en, fr, language) for en, fr in outcome.given.notes],
        "method": _method(outcome, language),
        "limits": words["limits"],
        "repeat": words["repeat"].format(
            seed=result.config.get("seed", 0), digest=result.corpus_digest[:16]
        ),
        "versions": ", ".join(_shortened(f"{k} {v}") for k, v in sorted(result.versions.items())),
        "digests": [f"{k} {v}" for k, v in sorted(result.versions.items()) if _shortened(v) != v],
        "date": _date(today, language),
    }


def _unnamed(outcome: Outcome) -> list[str]:
    """Languages so seldom written that themes have no name in them, said once of the whole file."""
    return [
        lang.value
        for lang in seldom_written(outcome.languages)
        if any(lang in theme.unnamed for theme in outcome.top)
    ]


def _shortened(version: str) -> str:
    """A version whose digest of a file is cut to what an eye compares."""
    return re.sub(rf"\b([0-9a-f]{{{HASH_SHOWN}}})[0-9a-f]{{20,}}\b", r"\1…", version)


def _texts(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Id, language and words of every comment that says something, in the order of the file."""
    said = outcome.masked_texts(outcome.language_of)
    return [
        (name, outcome.language_of[name], said[name])
        for name in outcome.in_order(outcome.language_of)
        if said[name].strip()
    ]


def _said(en: str, fr: str, language: str) -> str:
    return en if language == "en" else fr


def _date(day: date, language: str) -> str:
    """``November 22, 2026`` or ``22 novembre 2026``, ``1er`` for the first of a month."""
    if language == "en":
        return format_date(day, f"MMMM'{NBSP}'d, y", locale="en_CA")
    text = format_date(day, f"d'{NBSP}'MMMM y", locale="fr_CA")
    return "1er" + text[1:] if day.day == 1 else text


def _title(outcome: Outcome, words: Words, language: str) -> str:
    comments = _plural(words, "comments_n", outcome.documents, language)
    if not outcome.top or outcome.result.confidence.level is Level.NONE:
        return str(words["title_none"]).format(comments=comments)
    given, candidates = _given(outcome)
    themes = _plural(words, "themes_n", len(given), language)
    if candidates:
        themes += words["and"] + _plural(words, "candidates_n", len(candidates), language)
    return str(words["title"]).format(comments=comments, themes=themes)


def _given(outcome: Outcome) -> tuple[list[ThemeProposal], list[ThemeProposal]]:
    """The upper themes, and apart from them the candidates of what fits none of a codebook."""
    return (
        [t for t in outcome.top if not t.emergent],
        [t for t in outcome.top if t.emergent],
    )


def _plural(words: Words, key: str, n: int, language: str) -> str:
    one, many = words[key]
    return str(many if words["plural"](n) else one).format(n=format_count(n, language))


def _overview(outcome: Outcome, words: Words, language: str) -> str:
    """The sentences a director reads: how many wrote, of what most, and where languages differ."""
    given, candidates = _given(outcome)
    largest = [t for t in given if t.size][:3]
    base = outcome.base
    if not outcome.top:
        return str(words["overview_none"])
    if not largest:
        return str(words["overview_nobody"])
    named = [
        f"{quoted(name_of(t, language), language)} ({format_share(t.size / base, language)})"
        for t in largest
    ]
    # Of a codebook, what fits it counts; candidates are what does not.
    key = "overview_given" if outcome.source.get("codebook") else "overview"
    themed = len(set().union(*(outcome.members[t.code] for t in given)))
    text = str(words[key if len(named) > 1 else "overview_one"]).format(
        themed=format_count(themed, language),
        base=format_count(base, language),
        share=format_share(themed / base, language),
        themes=listed(named, language),
    )
    letters = sum(len(c.document_ids) for c in outcome.result.campaigns)
    if letters >= LETTERS_TOLD * base:
        one, many = words["overview_letters"]
        text += " " + str(many if len(outcome.result.campaigns) > 1 else one).format(
            k=format_count(len(outcome.result.campaigns), language),
            n=format_count(letters, language),
            share=format_share(min(1.0, letters / base), language),
        )
    if candidates:
        text += " " + _plural(words, "overview_candidates", len(candidates), language)
    gaps = [(abs(en - fr), t, en, fr) for t, en, fr in _gaps(outcome)]
    if gaps:
        _, most, en, fr = max(gaps, key=lambda gap: (gap[0], gap[1].code))
        text += " " + str(words["overview_gap"]).format(
            theme=quoted(name_of(most, language), language),
            en=format_share(en, language),
            fr=format_share(fr, language),
        )
    if outcome.result.confidence.level is Level.LOW:
        text += " " + _low(outcome, words, language)
    return text


def _low(outcome: Outcome, words: Words, language: str) -> str:
    """That confidence is low and why; what to do about it is said further down."""
    confidence = outcome.result.confidence
    why = _said(confidence.reason_en, confidence.reason_fr, language)
    why = why.split(f"{words['colon']} ")[0].rstrip(".")
    return str(words["overview_low"]).format(reason=why[:1].lower() + why[1:])


def _gaps(outcome: Outcome) -> list[tuple[ThemeProposal, float, float]]:
    """Themes clearly spoken of more in one language, with their share in each."""
    return [
        (
            t,
            outcome.spoken[t.code]["en"] / outcome.languages["en"],
            outcome.spoken[t.code]["fr"] / outcome.languages["fr"],
        )
        for t in outcome.top
        if more_in(outcome, t.code)
    ]


def _facts(outcome: Outcome, words: Words, language: str) -> list[tuple[str, str]]:
    """Numbers in large figures, each with what it counts."""
    result = outcome.result

    def fact(n: int, key: str, counted: int) -> tuple[str, str]:
        one, many = words[key]
        label = str(many if words["plural"](n) else one)
        return format_count(n, language), label.format(n=format_count(counted, language))

    facts = [fact(outcome.documents, "fact_comments", outcome.documents)]
    en, fr = outcome.languages["en"], outcome.languages["fr"]
    if en + fr:
        spoken = (en, fr) if language == "en" else (fr, en)
        shares = [format_share(n / (en + fr), language) for n in spoken]
        facts.append((" / ".join(shares), words["fact_languages"]))
    if outcome.top:
        for found, key in zip(_given(outcome), ("fact_themes", "fact_candidates"), strict=True):
            if found or key == "fact_themes":
                facts.append(fact(len(found), key, len(found)))
    if result.campaigns:
        letters = sum(len(c.document_ids) for c in result.campaigns)
        facts.append(fact(len(result.campaigns), "fact_letters", letters))
    if outcome.top:
        facts.append((words["levels"][result.confidence.level.value], words["fact_confidence"]))
    return facts


def _theme(theme: ThemeProposal, outcome: Outcome, language: str) -> _Shown:
    words, base = WORDS[language], outcome.base
    bound = wilson(min(theme.size, base), base)
    more, difference = more_in(outcome, theme.code), ""
    if more:
        en, fr = (
            outcome.spoken[theme.code][lang] / outcome.languages[lang] for lang in ("en", "fr")
        )
        difference = words[f"more_{more}"].format(
            en=format_share(en, language), fr=format_share(fr, language)
        )
    keywords = [("en", ", ".join(theme.keywords_en)), ("fr", ", ".join(theme.keywords_fr))]
    order = ("en", "fr") if language == "en" else ("fr", "en")
    stability = theme.confidence.stability
    # That a theme seldom comes back is said with its confidence already.
    told = "" if stability is None else f"{round(100 * stability)}%"
    warnings = [
        _said(w.reason_en, w.reason_fr, language)
        for w in theme.warnings
        if not (w.kind is Warning.VAGUE and told and told in w.reason_en)
    ]
    if theme.emergent:
        warnings.insert(0, words["emergent"])
    return _Shown(
        code=theme.code,
        name=name_of(theme, language),
        other_name=theme.name_fr if language == "en" else theme.name_en,
        other_language=order[1],
        description=_said(theme.description_en, theme.description_fr, language),
        size=format_count(theme.size, language),
        share=format_share(theme.size / base, language),
        interval=format_range(bound.low, bound.high, language),
        main=format_count(outcome.main[theme.code], language),
        difference=difference,
        keywords=tuple((lang, text) for lang, text in keywords if text),
        quotes=tuple(
            (words["quotes_in"][lang], found) for lang in order if (found := _quotes(theme, lang))
        ),
        border=tuple(q for q in theme.quotes if q.border),
        confidence=_said(theme.confidence.reason_en, theme.confidence.reason_fr, language),
        level=words["levels"][theme.confidence.level.value],
        warnings=tuple(warnings),
        parts=tuple(
            (
                name_of(p, language),
                _said(p.description_en, p.description_fr, language),
                format_count(p.size, language),
                format_share(p.size / theme.size, language),
            )
            for p in outcome.parts.get(theme.code, ())
        ),
        number=Numbered(outcome, language).number[theme.code],
        counted=_said(theme.description_en, theme.description_fr, language).startswith(
            f"{format_count(theme.size, language)} "
        ),
        answers=tuple(
            said for q in outcome.questions if (said := says_of(q, theme.code, language))
        ),
    )


def _quotes(theme: ThemeProposal, language: str) -> tuple[Quote, ...]:
    return tuple(q for q in theme.quotes if q.language.value == language and not q.border)


def _letters_intro(result: Result, words: Words, language: str) -> str:
    if not result.campaigns:
        return str(words["letters_none"])
    n = sum(len(c.document_ids) for c in result.campaigns)
    key = "letters_one" if len(result.campaigns) == 1 else "letters"
    return str(words[key]).format(
        k=format_count(len(result.campaigns), language), n=format_count(n, language)
    )


def _largest(result: Result) -> list[LetterCampaign]:
    return sorted(result.campaigns, key=lambda c: -len(c.document_ids))[:LETTERS_SHOWN]


def _letters_more(result: Result, words: Words, language: str) -> str:
    n = len(result.campaigns) - LETTERS_SHOWN
    return str(words["letters_more"]).format(n=format_count(n, language)) if n > 0 else ""


def _letter(campaign: LetterCampaign, outcome: Outcome, language: str) -> dict[str, object]:
    """One letter: how many sent it, in which language, and how it begins (masked)."""
    words = WORDS[language]
    said = outcome.letters[campaign.representative].split()
    return {
        "code": campaign.code,
        "size": format_count(len(campaign.document_ids), language),
        "languages": ", ".join(
            f"{words['languages'].get(code, code)}{words['colon']} {format_count(n, language)}"
            for code, n in sorted(campaign.languages.items())
        ),
        "id": campaign.representative,
        "lang": max(sorted(campaign.languages), key=lambda code: campaign.languages[code]),
        "text": " ".join(said[:LETTER_WORDS]) + (" …" if len(said) > LETTER_WORDS else ""),
        "linked": campaign.linked or "",
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


_THEMES = 2  # the step of the method that makes themes


def _method(outcome: Outcome, language: str) -> list[str]:
    words, result = WORDS[language], outcome.result
    first, _, last = outcome.given.form.partition(", ")
    codebook = outcome.source.get("codebook")
    numbers = {
        "n": format_count(outcome.documents, language),
        "passages": format_count(len(result.assignments), language),
        "embedder": str(result.config.get("embedder", "")),
        "form": f"{first}, {words['forms'].get(last, last)}",
        "codebook": quoted(str(codebook), language),
    }
    steps = words["method_given" if codebook else "method"]
    # Where nothing could be grouped, how themes are made and named is not how this was made.
    return [text.format(**numbers) for i, text in enumerate(steps) if outcome.top or i != _THEMES]
