"""What a report shows: frozen numbers, and quotes as they stand at this moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.figures.charts import format_count, format_share
from analysis.review.selectors.quotes import QuoteView
from cms.reporting import downloads, sentences
from cms.reporting.charts import themes_chart, themes_table
from cms.reporting.models import FindingsPage
from cms.reporting.numbers import Numbers
from cms.reporting.splits import RatingsView, SplitPart, ratings_view, split_part
from feedback.asking.enums import Channel
from feedback.dates import long_date


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it may be shown. ``lang`` is empty where the language is neither of ours;
    ``mark`` says how it was come by."""

    text: str
    lang: str
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class CommitmentView:
    text: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class ThemeView:
    """One theme of a report: its numbers in words, what people wrote, what was decided."""

    code: str
    heading: str
    by_hand: str
    text: Any
    sentence: str
    interval: str
    comparison: list[str]
    letters: str
    parts: list[tuple[str, str, str]]
    splits: list[SplitPart]
    quotes: list[Quote]
    withdrawn: int
    commitments: list[CommitmentView]


@dataclass(frozen=True, slots=True)
class FindingsView:
    """Everything a report shows that nobody typed."""

    numbers: Numbers
    responses: str
    with_text: str
    window: str
    languages: tuple[str, bool]
    channel: tuple[str, str, str]
    campaigns: str
    letters: str
    heading: str
    chart: str
    table: str
    letters_rows: list[tuple[str, str, str]]
    unthemed: str
    reasons: list[tuple[str, str]]
    themes: list[ThemeView]
    ratings: list[RatingsView]
    has_answers: bool
    smallest_cell: int
    limits: list[str]
    method: list[tuple[str, str]]
    how: str

    @property
    def columns(self) -> list[tuple[str, Any]]:
        """What the columns of the files mean."""
        splits = downloads.SPLIT_MEANINGS if self.has_answers else {}
        return list(
            {
                **downloads.MEANINGS,
                **{k: v for k, v in splits.items() if k not in downloads.MEANINGS},
            }.items()
        )


def findings_view(page: FindingsPage) -> FindingsView:
    """Numbers from the snapshot, quotes from the answers as they stand at this moment."""
    numbers = page.numbers
    language = sentences.language()
    blocks = [block.value for block in page.themes]
    quotes = page.quoted()
    return FindingsView(
        numbers=numbers,
        responses=format_count(numbers.responses, language)
        if numbers.responses is not None
        else "",
        with_text=format_count(numbers.with_text, language),
        window=sentences.window(numbers),
        languages=_split(numbers),
        channel=sentences.channel_parts(numbers),
        campaigns=format_count(numbers.campaigns, language) if numbers.campaigns else "",
        letters=format_count(numbers.letters, language),
        heading=sentences.chart_heading(numbers),
        chart=themes_chart(numbers, language),
        table=themes_table(numbers, language),
        letters_rows=_letters_rows(numbers),
        unthemed=sentences.unthemed(numbers),
        reasons=sentences.unthemed_reasons(numbers),
        themes=[view for value in blocks if (view := _theme_view(value, page, numbers, quotes))],
        ratings=[ratings_view(numbers, split) for split in numbers.splits if split.is_rating],
        has_answers=downloads.has_answers(numbers),
        smallest_cell=numbers.smallest_cell,
        limits=sentences.limits(numbers),
        method=sentences.method_rows(numbers),
        how=sentences.how_grouped(numbers),
    )


def _split(numbers: Numbers) -> tuple[str, bool]:
    """`58 / 42%`, the reader's own language first, and whether that is of the comments: where the
    responses' own would give away the few who wrote none."""
    of_comments = not numbers.languages
    counts = numbers.with_text_languages if of_comments else numbers.languages
    whole = numbers.with_text if of_comments else numbers.responses
    if not whole or not counts:
        return "", False
    own, other = (
        format_share(counts.get(lang, 0) / whole, sentences.language())
        for lang in (("fr", "en") if sentences.language() == "fr" else ("en", "fr"))
    )
    return f"{own.removesuffix('%').rstrip()} / {other}", of_comments


def _letters_rows(numbers: Numbers) -> list[tuple[str, str, str]]:
    """Each theme with all comments and without the letters of campaigns."""
    if not numbers.campaigns:
        return []
    rows = []
    for theme in numbers.rows:
        own_words = numbers.share_without_letters(theme)
        rows.append(
            (
                theme.name(sentences.language()),
                sentences.theme_percent(numbers, theme),
                sentences.percent(own_words) if own_words else "–",
            )
        )
    return rows


def _theme_view(
    value: Any,
    page: FindingsPage,
    numbers: Numbers,
    quotes: dict[tuple[str, int], QuoteView],
) -> ThemeView | None:
    """None of a theme the report may not write about: a small one is not quoted either."""
    code = value["code"]
    theme = numbers.theme(code)
    if theme is not None and theme.parent is not None:
        theme = None
    if theme is None and numbers.joined_theme(code) is None:
        return None
    standing = [quotes.get((code, quote["passage"])) for quote in value["quotes"]]
    return ThemeView(
        code=code,
        heading=value["heading"],
        by_hand=sentences.by_hand(numbers, code),
        text=value["text"],
        sentence=sentences.said_of(numbers, code),
        interval=sentences.interval_sentence(numbers, theme) if theme else "",
        comparison=sentences.comparison_sentences(numbers, theme) if theme else [],
        letters=sentences.letters_sentence(numbers, theme) if theme else "",
        parts=[
            (part.name(sentences.language()), sentences.count(part.n), sentences.percent(share))
            for part in numbers.parts_of(code)
            if (share := numbers.share(part)) is not None
        ],
        splits=[
            split_part(theme, split, each)
            for split in numbers.splits
            for each in split.themes
            if theme is not None and each.theme == code
        ],
        quotes=[
            Quote(
                text=quote.text,
                lang=quote.language if quote.language in ("en", "fr") else "",
                # A way few people took would tell whose words these are.
                source=str(Channel(quote.channel).label)
                if quote.channel in numbers.channels
                else "",
                mark=str(page.snapshot.mark_of(code, quote.id).label),
            )
            for quote in standing
            if quote is not None
        ],
        withdrawn=sum(quote is None for quote in standing),
        commitments=[
            CommitmentView(
                text=each["text"],
                owner=each["owner"],
                due=long_date(each["due_on"]) if each["due_on"] else "",
            )
            for each in value["commitments"]
        ],
    )
