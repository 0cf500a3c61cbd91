"""``report.html``: the themes for a person to read, in both languages, in one file.

The page holds everything it needs: no script, no picture, no font, nothing fetched. Its two halves
are made from the same numbers by the same template, so they cannot disagree; a radio button at the
top shows one or the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.catalogue import translations
from analysis.figures.charts import (
    STYLESHEET,
    format_count,
    format_decimal,
    format_range,
    format_share,
    wilson,
)
from analysis.figures.charts.numbers import NBSP
from analysis.pipeline.judging import hardly_written
from analysis.pipeline.types import Level, Warning  # noqa: A004 - the field's word for it
from analysis.spreadsheet.pictures import (
    Numbered,
    balance_section,
    comparison_section,
    map_section,
    more_in,
    name_of,
    question_section,
    says_of,
    themes_section,
)
from analysis.spreadsheet.reading import FORMS
from analysis.spreadsheet.words import (
    OWN_NAMES,
    labelled,
    languages,
    levels,
    limits,
    listed,
    outside_codebook,
    quoted,
    reasons,
    spoken_in,
)

if TYPE_CHECKING:
    from analysis.pipeline.types import LetterCampaign, Quote, Result, ThemeProposal
    from analysis.spreadsheet.outcome import Outcome

_HERE = Path(__file__).resolve().parent
LETTER_WORDS = 45  # words of a letter shown
LETTERS_SHOWN = 12
REPEATS_SHOWN = 5
ROWS_SHOWN = 200  # rows named of those who wrote the same; the assignments file has all
OTHERS_TOLD = 0.05  # share of comments in other languages from which they do
LETTERS_TOLD = 0.1  # share of letters from which the first sentences speak of them
IDS_SHOWN = 12
TEXTS_SHOWN = 50  # texts listed where nothing could be grouped
HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class _Repeated:
    """What several wrote: how many, in a sentence, their words, and in which rows they stand."""

    people: str
    language: str
    text: str
    rows: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """One theme as the template needs it, in one language."""

    code: str
    name: str
    other_name: str
    other_language: str
    other_head: str  # "In French:" on the English page
    description: str
    size: str
    share: str
    interval: str
    main: str
    difference: str
    keywords: tuple[tuple[str, str], ...]  # language, words
    # For each language its heading, the quotes chosen and those drawn at random.
    quotes: tuple[tuple[str, tuple[Quote, ...], tuple[Quote, ...]], ...]
    border: tuple[Quote, ...]
    confidence: str
    level: str
    warnings: tuple[str, ...]
    covers: tuple[str, ...]
    parts: tuple[tuple[str, str, str, str], ...]  # name, description, size, share of the theme
    number: int
    counted: bool  # whether the description says how many comments there are
    repeated: tuple[_Repeated, ...]
    answers: tuple[str, ...]  # what the columns of --by say of it


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the pages; what is put into them is escaped."""
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
    template = environment().get_template("report.html.jinja")
    return template.render(pages=pages, first=first, file=_called(outcome), styles=stylesheet())


def stylesheet() -> Markup:
    """The styles of a page."""
    # Our own two files; the template must not escape the quotes inside them.
    styles = Markup((_HERE / "templates" / "report.css").read_text("utf-8"))  # noqa: S704
    return styles + Markup(STYLESHEET.read_text("utf-8"))  # noqa: S704


def _called(outcome: Outcome) -> str:
    """The file and the heading of its column, which may be a whole question."""
    parts = (str(outcome.source.get("file", "")), outcome.given.column)
    return " · ".join(filter(None, parts))


def _page(outcome: Outcome, language: str, today: date) -> dict[str, object]:
    """Everything the template shows in one language."""
    _ = translations(language).gettext
    result, top = outcome.result, outcome.top
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
        "_": _,
        "labelled": partial(labelled, language=language),
        "colon": translations(language).pgettext("between a label and its number", ":"),
        "own_name": OWN_NAMES[language],
        "file": outcome.source.get("file", ""),
        "title": _title(outcome, language),
        "overview": _overview(outcome, language),
        "facts": _facts(outcome, language),
        "machine": _machine(outcome, language) if top else "",
        "unnamed": _unnamed(outcome, language),
        "called": _("Comment") if outcome.source.get("id") else _("Row"),
        "where": _("Ids") if outcome.source.get("id") else _("Rows"),
        "row_note": ""
        if outcome.source.get("id")
        else _("Row 1 is the first row below the headings."),
        "repeated": [] if top else _repeated(outcome, "", language),
        "texts": [] if top else texts[:TEXTS_SHOWN],
        "texts_more": _("{n} more are in the assignments file.").format(
            n=format_count(len(texts) - TEXTS_SHOWN, language)
        )
        if not top and len(texts) > TEXTS_SHOWN
        else "",
        "themes_section": themes_section(outcome, language) if top else None,
        "sections": sections if top else [],
        "comparison": comparison_section(outcome, language),
        "themes": [_theme(t, outcome, language) for t in spoken_of],
        "nobody": [name_of(t, language) for t in top if not t.size],
        "letters": [_letter(c, outcome, language) for c in _largest(result)],
        "letters_intro": _letters_intro(result, language),
        "letters_more": _letters_more(result, language),
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
                reasons(language)[r.value],
                format_count(len(ids), language),
                format_share(len(ids) / documents, language),
                ", ".join(ids[:IDS_SHOWN]) + (", …" if len(ids) > IDS_SHOWN else ""),
            )
            for r, ids in aside.items()
            if ids
        ],
        "aside_intro": _aside(documents - outcome.themed, documents, language),
        # That there is not enough to group is the reason's own first word.
        "confidence": "" if level is Level.NONE else levels(language)[level.value],
        "confidence_reason": _said(
            result.confidence.reason_en, result.confidence.reason_fr, language
        ),
        "checks": _checks(result, language) if top else [],
        "masked": _masked(result, language),
        "notes": [note.said_in(language) for note in outcome.given.notes],
        "method": _method(outcome, language),
        "limits": limits(language),
        "repeat": _(
            "To repeat it: the same file, seed {seed}, the versions below. Digest of "
            "the comments: {digest}."
        ).format(seed=result.config.get("seed", 0), digest=result.corpus_digest[:16]),
        "versions": ", ".join(_shortened(f"{k} {v}") for k, v in sorted(result.versions.items())),
        "digests": [f"{k} {v}" for k, v in sorted(result.versions.items()) if _shortened(v) != v],
        "date": _date(today, language),
    }


def _machine(outcome: Outcome, language: str) -> str:
    """That software did this, and that nobody has looked at it yet."""
    _ = translations(language).gettext
    if outcome.source.get("codebook"):
        return _(
            "Software put the comments into the themes of the codebook and nobody has reviewed its "
            "work yet. Read the quotes before you rely on a number."
        )
    return _(
        "Software proposed these themes and nobody has reviewed them yet. Read the quotes, rename "
        "and merge before you rely on a number."
    )


def _unnamed(outcome: Outcome, language: str) -> list[str]:
    """That a language is so seldom written that themes have no name in it, once of the file."""
    _ = translations(language).gettext
    said = {
        "en": _(
            "Hardly any comment is in English. Give an English name to the themes that have none "
            "before you publish."
        ),
        "fr": _(
            "Hardly any comment is in French. Give a French name to the themes that have none "
            "before you publish."
        ),
    }
    return [
        said[lang.value]
        for lang in hardly_written(outcome.languages)
        if any(lang in theme.unnamed for theme in outcome.top)
    ]


def _aside(n: int, documents: int, language: str) -> str:
    """How many comments are in no theme."""
    _ = translations(language).gettext
    said = (
        _(
            "In no theme: {n} of {all}. None was thrown away; each is in the assignments file with "
            "its reason."
        )
        if n
        else _("Nothing: every comment is in a theme ({all} of {all}).")
    )
    return said.format(n=format_count(n, language), all=format_count(documents, language))


def _shortened(version: str) -> str:
    """A version whose digest of a file is cut to what an eye compares."""
    return re.sub(rf"\b([0-9a-f]{{{HASH_SHOWN}}})[0-9a-f]{{20,}}\b", r"\1…", version)


def _texts(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Id, language and words of every comment that says something, those most alike together.

    What was not read for its likeness, being in another language, follows in the file's order.
    """
    said = outcome.masked_texts(outcome.language_of)
    ordered = list(outcome.result.order)
    rest = [name for name in outcome.in_order(outcome.language_of) if name not in set(ordered)]
    return [
        (name, outcome.language_of[name], said[name])
        for name in (*ordered, *rest)
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


def _title(outcome: Outcome, language: str) -> str:
    said = translations(language)
    n = outcome.documents
    comments = said.ngettext("{n} comment", "{n} comments", n).format(n=format_count(n, language))
    if not outcome.top or outcome.result.confidence.level is Level.NONE:
        return said.gettext("{comments}, not enough to group").format(comments=comments)
    given, candidates = (len(found) for found in _given(outcome))
    themes = said.ngettext("one theme", "{n} themes", given).format(n=format_count(given, language))
    if candidates:
        more = said.ngettext("one candidate", "{n} candidates", candidates)
        themes = listed([themes, more.format(n=format_count(candidates, language))], language)
    return f"{comments}, {themes}"


def _given(outcome: Outcome) -> tuple[list[ThemeProposal], list[ThemeProposal]]:
    """The upper themes, and apart from them the candidates of what fits none of a codebook."""
    return (
        [t for t in outcome.top if not t.emergent],
        [t for t in outcome.top if t.emergent],
    )


def _overview(outcome: Outcome, language: str) -> str:
    """The sentences a director reads: how many wrote, of what most, and where languages differ."""
    said = translations(language)
    given, candidates = _given(outcome)
    largest = [t for t in given if t.size][:3]
    base, campaigns = outcome.base, outcome.result.campaigns
    unread = _unread(outcome, language)
    repeated = _most_repeated(outcome, language)
    if not outcome.top:
        too_few = said.gettext(
            "There are too few comments, or they have too little in common, to be put into themes "
            "reliably. They are listed below, those most alike beside each other, personal "
            "information hidden."
        )
        return unread + " ".join([too_few, *repeated])
    if not largest:
        return said.gettext("No comment speaks of a theme of the codebook.")
    themed = len(set().union(*(outcome.members[t.code] for t in given)))
    named = [
        f"{quoted(name_of(t, language), language)} ({format_share(t.size / base, language)})"
        for t in largest
    ]
    sentences = [
        _fall_into(len(named), language, given=bool(outcome.source.get("codebook"))).format(
            themed=format_count(themed, language),
            base=format_count(base, language),
            share=format_share(themed / base, language),
            themes=listed(named, language),
        )
    ]
    if little := [t for t in largest if _covers_little(t)]:
        sentences.append(
            said.ngettext(
                "The name {themes} covers little: read what is in it before you use it.",
                "The names {themes} cover little: read what is in them before you use them.",
                len(little),
            ).format(
                themes=listed([quoted(name_of(t, language), language) for t in little], language)
            )
        )
    sentences += repeated
    letters = sum(len(c.document_ids) for c in campaigns)
    if letters >= LETTERS_TOLD * base:
        sentences.append(
            said.ngettext(
                "One letter accounts for {n} of the comments ({share}).",
                "{k} letters account for {n} of the comments ({share}).",
                len(campaigns),
            ).format(
                k=format_count(len(campaigns), language),
                n=format_count(letters, language),
                share=format_share(min(1.0, letters / base), language),
            )
        )
    if candidates:
        sentences.append(
            said.ngettext(
                "What fits none of them was grouped as a candidate.",
                "What fits none of them was grouped into {n} candidates.",
                len(candidates),
            ).format(n=format_count(len(candidates), language))
        )
    gaps = [(abs(en - fr), t, en, fr) for t, en, fr in _gaps(outcome)]
    if gaps:
        _most, theme, en, fr = max(gaps, key=lambda gap: (gap[0], gap[1].code))
        sentences.append(
            said.gettext(
                "The two languages differ most on {theme}: {en} of the English comments, {fr} of "
                "the French ones."
            ).format(
                theme=quoted(name_of(theme, language), language),
                en=format_share(en, language),
                fr=format_share(fr, language),
            )
        )
    if outcome.result.confidence.level is Level.LOW:
        sentences.append(_low(outcome, language))
    return unread + " ".join(sentences)


def _covers_little(theme: ThemeProposal) -> bool:
    """Whether few of a theme say what its name says, in one language or in all."""
    return theme.confidence.why.code == "theme_name_covers_little" or any(
        warning.kind is Warning.COVERS_LITTLE for warning in theme.warnings
    )


def _most_repeated(outcome: Outcome, language: str) -> list[str]:
    """What most people wrote in the same words, where they are enough to be told first."""
    most = max(outcome.result.repeats, key=lambda r: len(r.document_ids), default=None)
    if most is None or len(most.document_ids) < LETTERS_TOLD * outcome.base:
        return []
    said = translations(language).gettext("{n} comments ({share}) are the same: {text}")
    n = len(most.document_ids)
    share = format_share(n / outcome.base, language)
    text = quoted(" ".join(most.text.split()), language)
    return [said.format(n=format_count(n, language), share=share, text=text + ".")]


def _unread(outcome: Outcome, language: str) -> str:
    """How many comments are in a language that is not analyzed, where that is a part of them."""
    others = outcome.languages["other"]
    if others < OTHERS_TOLD * outcome.base or not others:
        return ""
    said = translations(language).ngettext(
        "{n} comment ({share}) is in a language other than English or French and was not analyzed.",
        "{n} comments ({share}) are in a language other than English or French and were not "
        "analyzed.",
        others,
    )
    share = format_share(others / outcome.base, language)
    return said.format(n=format_count(others, language), share=share) + " "


def _fall_into(named: int, language: str, *, given: bool) -> str:
    """How many comments are in a theme, and the names of the largest: the sentence to fill in."""
    _ = translations(language).gettext
    if named == 1:
        return _(
            "{themed} of the {base} comments that say something ({share}) fall into a theme, "
            "{themes}."
        )
    # Of a codebook, what fits it counts; candidates are what does not.
    if given:
        return _(
            "{themed} of the {base} comments that say something ({share}) fall into a theme of the "
            "codebook. The largest are {themes}."
        )
    return _(
        "{themed} of the {base} comments that say something ({share}) fall into a theme. The "
        "largest are {themes}."
    )


def _low(outcome: Outcome, language: str) -> str:
    """That confidence is low and why; what to do about it is said further down."""
    confidence = outcome.result.confidence
    why = _said(confidence.reason_en, confidence.reason_fr, language)
    why = why.partition(": ")[0].rstrip(f".{NBSP}")
    said = translations(language).gettext("Confidence is low: {reason}.")
    return said.format(reason=why[:1].lower() + why[1:])


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


def _facts(outcome: Outcome, language: str) -> list[tuple[str, str]]:
    """Numbers in large figures, each with what it counts."""
    said, result = translations(language), outcome.result
    n = outcome.documents
    facts = [
        (format_count(n, language), said.npgettext("below a number", "comment", "comments", n))
    ]
    spoken = outcome.languages
    if outcome.base:
        order = ("en", "fr") if language == "en" else ("fr", "en")
        shares = [format_share(spoken[code] / outcome.base, language) for code in order]
        facts.append((" / ".join(shares), said.gettext("English / French")))
    # With the two above every comment that says something is in one of these.
    for code, label in (
        ("other", said.pgettext("below a number", "in another language; not analyzed")),
        ("und", said.pgettext("below a number", "too short to tell the language; analyzed")),
    ):
        if spoken[code]:
            facts.append((format_share(spoken[code] / outcome.base, language), label))
    if outcome.top:
        given, candidates = (len(found) for found in _given(outcome))
        label = said.npgettext("below a number", "theme", "themes", given)
        facts.append((format_count(given, language), label))
        if candidates:
            label = said.npgettext("below a number", "candidate", "candidates", candidates)
            facts.append((format_count(candidates, language), label))
    if campaigns := len(result.campaigns):
        letters = sum(len(c.document_ids) for c in result.campaigns)
        label = said.ngettext(
            "letter campaign, {n} letters", "letter campaigns, {n} letters", campaigns
        ).format(n=format_count(letters, language))
        facts.append((format_count(campaigns, language), label))
    if outcome.top:
        level = levels(language)[result.confidence.level.value]
        facts.append((level, said.pgettext("below a level", "confidence")))
    return facts


def _theme(theme: ThemeProposal, outcome: Outcome, language: str) -> _Shown:
    _ = translations(language).gettext
    base, heads = outcome.base, spoken_in(language)
    bound = wilson(min(theme.size, base), base)
    more, difference = more_in(outcome, theme.code), ""
    if more:
        en, fr = (
            outcome.spoken[theme.code][lang] / outcome.languages[lang] for lang in ("en", "fr")
        )
        said = (
            _(
                "Written about more in English: {en} of the English comments, {fr} of the French "
                "ones. That is not chance."
            )
            if more == "en"
            else _(
                "Written about more in French: {fr} of the French comments, {en} of the English "
                "ones. That is not chance."
            )
        )
        difference = said.format(en=format_share(en, language), fr=format_share(fr, language))
    keywords = [("en", ", ".join(theme.keywords_en)), ("fr", ", ".join(theme.keywords_fr))]
    order = ("en", "fr") if language == "en" else ("fr", "en")
    stability = theme.confidence.stability
    # That a theme seldom comes back is said with its confidence already.
    told = None if stability is None else round(100 * stability)
    warnings = [
        _said(w.reason_en, w.reason_fr, language)
        for w in theme.warnings
        if not (w.why.code == "seldom_back" and w.why.values["percent"] == told)
    ]
    if theme.emergent:
        warnings.insert(0, outside_codebook(language))
    return _Shown(
        code=theme.code,
        name=name_of(theme, language),
        # Of a language that no comment is in there is nothing to say with every theme.
        other_name=name_of(theme, order[1]) if outcome.languages[order[1]] else "",
        other_language=order[1],
        description=_said(theme.description_en, theme.description_fr, language),
        size=format_count(theme.size, language),
        share=format_share(theme.size / base, language),
        interval=format_range(bound.low, bound.high, language),
        main=format_count(outcome.main[theme.code], language),
        difference=difference,
        keywords=tuple((lang, text) for lang, text in keywords if text),
        quotes=tuple(
            (
                heads[lang],
                tuple(q for q in found if not q.at_random),
                tuple(q for q in found if q.at_random),
            )
            for lang in order
            if (found := _quotes(theme, lang))
        ),
        border=tuple(q for q in theme.quotes if q.border),
        confidence=_said(theme.confidence.reason_en, theme.confidence.reason_fr, language),
        level=levels(language)[theme.confidence.level.value],
        warnings=tuple(warnings),
        covers=(
            *((theme.origin.said_in(language),) if theme.origin else ()),
            *(each.why.said_in(language) for each in theme.covered),
        ),
        parts=tuple(
            (
                name_of(p, language),
                _said(p.description_en, p.description_fr, language),
                format_count(p.size, language),
                format_share(p.size / theme.size, language),
            )
            for p in outcome.parts.get(theme.code, ())
        ),
        other_head=_("In French:") if language == "en" else _("In English:"),
        number=Numbered(outcome, language).number[theme.code],
        counted=_said(theme.description_en, theme.description_fr, language).startswith(
            f"{format_count(theme.size, language)} "
        ),
        repeated=_repeated(outcome, theme.code, language),
        answers=tuple(
            said for q in outcome.questions if (said := says_of(q, theme.code, language))
        ),
    )


def _repeated(outcome: Outcome, code: str, language: str) -> tuple[_Repeated, ...]:
    """The words that most people wrote alike in a theme ("" for those in none)."""
    said = translations(language)
    found = []
    for repeat in outcome.repeated.get(code, [])[:REPEATS_SHOWN]:
        n = len(repeat.document_ids)
        rows = outcome.in_order(repeat.document_ids)
        words = repeat.text.split()
        people = said.ngettext("{n} person wrote:", "{n} people wrote the same:", n)
        found.append(
            _Repeated(
                people=people.format(n=format_count(n, language)),
                language=repeat.language.value,
                text=" ".join(words[:LETTER_WORDS]) + (" …" if len(words) > LETTER_WORDS else ""),
                rows=", ".join(rows[:ROWS_SHOWN]) + (", …" if n > ROWS_SHOWN else ""),
            )
        )
    return tuple(found)


def _quotes(theme: ThemeProposal, language: str) -> tuple[Quote, ...]:
    return tuple(q for q in theme.quotes if q.language.value == language and not q.border)


def _letters_intro(result: Result, language: str) -> str:
    said, campaigns = translations(language), len(result.campaigns)
    if not campaigns:
        return said.gettext("No letter was found that three people or more sent.")
    n = sum(len(c.document_ids) for c in result.campaigns)
    return said.ngettext(
        "One letter was sent {n} times, with or without additions. It was analyzed once and counts "
        "as often as it came.",
        "{k} letters were sent {n} times in all, with or without additions. Each was analyzed once "
        "and counts as often as it came.",
        campaigns,
    ).format(k=format_count(campaigns, language), n=format_count(n, language))


def _largest(result: Result) -> list[LetterCampaign]:
    return sorted(result.campaigns, key=lambda c: -len(c.document_ids))[:LETTERS_SHOWN]


def _letters_more(result: Result, language: str) -> str:
    n = len(result.campaigns) - LETTERS_SHOWN
    if n <= 0:
        return ""
    said = translations(language).gettext(
        "{n} smaller campaigns are in themes.json and the workbook."
    )
    return said.format(n=format_count(n, language))


def _letter(campaign: LetterCampaign, outcome: Outcome, language: str) -> dict[str, object]:
    """One letter: how many sent it, in which language, and how it begins (masked)."""
    spoken = languages(language)
    said = outcome.letters[campaign.representative].split()
    return {
        "code": campaign.code,
        "size": format_count(len(campaign.document_ids), language),
        "languages": ", ".join(
            labelled(spoken.get(code, code), format_count(n, language), language)
            for code, n in sorted(campaign.languages.items())
        ),
        "id": campaign.representative,
        "lang": max(sorted(campaign.languages), key=lambda code: campaign.languages[code]),
        "text": " ".join(said[:LETTER_WORDS]) + (" …" if len(said) > LETTER_WORDS else ""),
        "linked": campaign.linked or "",
    }


def _checks(result: Result, language: str) -> list[tuple[str, str]]:
    """Measures of the run in plain words; only those that were made."""
    _ = translations(language).gettext
    found = []
    if (stability := result.metrics.get("stability")) is not None:
        found.append(
            (
                _("The same themes come back when a fifth of the texts is left out"),
                format_share(max(0.0, min(1.0, stability)), language),
            )
        )
    if (nmi := result.metrics.get("language_nmi")) is not None:
        found.append(
            (
                _("How much language decides the theme (0 not at all, 1 entirely)"),
                format_decimal(nmi, language, digits=2),
            )
        )
    if gap := result.metrics.get("language_gap"):
        found.append(
            (
                _("How much nearer the two languages were brought (0: nothing to correct)"),
                format_decimal(gap, language, digits=2),
            )
        )
    return found


def _masked(result: Result, language: str) -> str:
    said, n = translations(language), sum(result.masked.values())
    if not n:
        return said.gettext("No personal information was found to hide.")
    return said.ngettext(
        "One piece of personal information was found and hidden.",
        "{n} pieces of personal information were found and hidden.",
        n,
    ).format(n=format_count(n, language))


def _method(outcome: Outcome, language: str) -> list[str]:
    _ = translations(language).gettext
    result, codebook = outcome.result, outcome.source.get("codebook")
    first, _comma, last = outcome.given.form.partition(", ")
    numbers = {
        "n": format_count(outcome.documents, language),
        "passages": format_count(len(result.assignments), language),
        "embedder": str(result.config.get("embedder", "")),
        "form": f"{first}, {_(last) if last in FORMS else last}",
        "codebook": quoted(str(codebook), language),
        "namer": result.shown_to,
    }
    steps = [
        _(
            "{n} comments were read from the file ({form}); personal information was hidden before "
            "anything was counted."
        ),
        _(
            "Near-identical letters were put together, answers over about 60 words were cut into "
            "passages ({passages} in all), and each passage was turned into numbers that stand for "
            "its meaning in both languages at once ({embedder})."
        ),
    ]
    if second := result.config.get("second_embedder"):
        numbers["second"] = str(second).removeprefix("folder:").rpartition("/")[2]
        numbers["share"] = format_share(result.metrics.get("second_share", 0.0), language)
        steps.append(
            _(
                "Where themes were made, a second encoder ({second}) counted for {share} of how "
                "alike two passages are."
            )
            if result.metrics.get("second_share")
            else _(
                "A second encoder ({second}) was not used: the comments are in both languages, "
                "which it would set apart."
            )
        )
    # Where nothing could be grouped, how themes are made and named is not how this was made.
    if outcome.top and codebook:
        steps.append(
            _(
                "The themes are those of the codebook {codebook}. Each passage was compared with "
                "their names, definitions and examples and put where it fits, in one theme, in "
                "several or in none. What fits none was grouped, where there was enough of it, as "
                "a candidate."
            )
        )
    elif outcome.top:
        steps.append(
            _(
                "Passages close in meaning were put together; these groups are the themes. Their "
                "number was not given in advance. Names and keywords are the words people used, "
                "chosen because they are frequent in the theme and rare elsewhere; nothing was "
                "translated and no text was invented."
            )
            if not result.shown_to
            else _(
                "Passages close in meaning were put together; these groups are the themes. Their "
                "number was not given in advance. Names and keywords are the words people used, "
                "chosen because they are frequent in the theme and rare elsewhere, but for the "
                "names marked as proposed by a model, which are put together of words people used."
            )
        )
    if result.shown_to:
        steps.append(
            _(
                "Everything ran on one computer, but for names: a few passages of the themes it "
                "was asked about, personal information hidden, were sent to the generative model "
                "{namer} at the address that was given, and nothing else was sent anywhere."
            )
        )
    else:
        steps.append(_("Everything ran on one computer. Nothing was sent anywhere."))
    said = [text.format(**numbers) for text in steps]
    return [*said, *(why.said_in(language) for why in result.naming)]
