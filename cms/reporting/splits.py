"""Themes beside closed questions as a report shows them: frozen numbers, small ones hidden."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from analysis.figures.charts import (
    MeanRow,
    ShareRow,
    format_decimal,
    format_n,
    mean_chart,
    mean_table,
    share_chart,
    share_table,
)
from analysis.figures.disclosure import FindingSplit, FindingThemeSplit
from analysis.figures.intervals import Interval
from cms.reporting.numbers import Numbers, ThemeNumbers
from cms.reporting.sentences import language

# Verdicts that name a difference of a rating.
_CLEAR = ("lower", "higher")


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One theme beside one closed question. ``chart`` and ``table`` are empty where too few people
    answered to publish how."""

    question: str
    sentence: str
    chart: str
    table: str


@dataclass(frozen=True, slots=True)
class RatingsView:
    """All themes beside one rating: which go with low and with high ratings."""

    code: str
    question: str
    low: list[tuple[str, str, str]]
    high: list[tuple[str, str, str]]
    chart: str
    table: str
    note: str


def split_part(theme: ThemeNumbers, split: FindingSplit, each: FindingThemeSplit) -> SplitPart:
    tongue = language()
    question = split.question_fr if tongue == "fr" else split.question_en
    sentence = each.sentence_fr if tongue == "fr" else each.sentence_en
    if not each.cells:
        return SplitPart(question, sentence, "", "")
    rows = [
        ShareRow(
            label=cell.label_fr if tongue == "fr" else cell.label_en,
            n=cell.n,
            share=None
            if cell.share is None or cell.low is None or cell.high is None
            else Interval(cell.share, cell.low, cell.high),
            everyone=cell.everyone,
        )
        for cell in each.cells
    ]
    title = gettext("%(theme)s: %(question)s") % {
        "theme": theme.name(tongue),
        "question": question,
    }
    return SplitPart(
        question=question,
        sentence=sentence,
        chart=share_chart(
            rows,
            language=tongue,
            title=title,
            description=sentence,
            uid=f"split-{split.code}-{theme.code}",
        ),
        table=share_table(
            rows, language=tongue, caption=title, heading=gettext("Answer"), gaps=False
        ),
    )


def ratings_view(numbers: Numbers, split: FindingSplit) -> RatingsView:
    """Themes whose means may be published, drawn lowest first; the others are in their sections."""
    tongue = language()
    rated = sorted(
        (
            (theme.name(tongue), each)
            for each in split.themes
            if each.mean is not None
            and each.difference is not None
            and (theme := numbers.theme(each.theme)) is not None
        ),
        key=lambda row: row[1].mean or (0.0, 0.0, 0.0),
    )
    rows = [
        MeanRow(
            label=name,
            n=each.n,
            mean=Interval(*each.mean),
            difference=Interval(*each.difference),
            is_clear=each.verdict in _CLEAR,
        )
        for name, each in rated
        if each.mean is not None and each.difference is not None and each.n is not None
    ]
    question = split.question_fr if tongue == "fr" else split.question_en
    title = gettext("Average rating by theme: %(question)s") % {"question": question}
    drawn = rows and split.mean is not None
    return RatingsView(
        code=split.code,
        question=question,
        low=_leaning(numbers, split, "lower"),
        high=_leaning(numbers, split, "higher"),
        chart=mean_chart(
            rows,
            lowest=split.lowest or 0,
            highest=split.highest or 0,
            everyone=split.mean or 0.0,
            language=tongue,
            title=title,
            description="; ".join(
                f"{row.label} {format_decimal(row.mean.estimate, tongue)}" for row in rows
            ),
            uid=f"means-{split.code}",
        )
        if drawn
        else "",
        table=mean_table(rows, language=tongue, caption=title, heading=gettext("Theme"))
        if drawn
        else "",
        note=split.note_fr if tongue == "fr" else split.note_en,
    )


def _leaning(numbers: Numbers, split: FindingSplit, verdict: str) -> list[tuple[str, str, str]]:
    """(code, name, mean with n) of the themes that go with low or high ratings, strongest first."""
    tongue = language()
    found = []
    for each in split.themes:
        theme = numbers.theme(each.theme)
        if theme is None or each.verdict != verdict or each.n is None:
            continue
        mean = ""
        if each.mean is not None:
            value = format_decimal(each.mean[0], tongue)
            mean = f"{value}; {format_n(each.n, tongue)}"
        gap = abs(each.difference[0]) if each.difference is not None else 0.0
        found.append((-gap, theme.code, theme.name(tongue), mean))
    return [(code, name, mean) for _, code, name, mean in sorted(found)]
