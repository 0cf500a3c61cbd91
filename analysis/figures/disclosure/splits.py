"""Themes beside a closed question, as they may be published: ``disclose_split``.

Everything hidden is left out here, so that no page, file or picture made of it can show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.figures.disclosure.audit import Row
from analysis.figures.disclosure.counts import SMALLEST_BASE
from analysis.figures.disclosure.divisions import OFFICIAL
from analysis.figures.disclosure.people import Disclosed
from analysis.figures.disclosure.tables import protect_table
from analysis.figures.intervals import Interval, wilson
from analysis.figures.split_words import (
    comparisons_sentence,
    few_sentence,
    guarded_sentence,
    letters_sentence,
    of_all_sentence,
    sentence,
    with_silent_label,
)
from analysis.figures.splits import Split, Tally, ThemeSplit, Verdict


@dataclass(frozen=True, slots=True)
class FindingCell:
    """One value, or two neighbouring points of a rating, as it may be published.

    ``n`` and the share with its interval are of the theme's people, None where hidden;
    ``everyone`` is the share in all answers, None where that is hidden.
    """

    label_en: str
    label_fr: str
    n: int | None
    share: float | None
    low: float | None
    high: float | None
    everyone: float | None


@dataclass(frozen=True, slots=True)
class FindingThemeSplit:
    """One theme beside one question, as it may be published.

    ``n`` is the base of the shares: those who answered, or, where ``is_of_all``, everybody who
    wrote about the theme. None where fewer than ``SMALLEST_BASE`` answered: then there is nothing
    but the sentence. ``mean`` and ``difference`` (from the mean of all), each (value, low, high),
    are there for a rating of which no count is hidden. ``verdict`` is that of the split.
    """

    theme: str
    n: int | None
    verdict: str
    cells: tuple[FindingCell, ...]
    mean: tuple[float, float, float] | None
    difference: tuple[float, float, float] | None
    sentence_en: str
    sentence_fr: str
    is_of_all: bool = False


@dataclass(frozen=True, slots=True)
class FindingSplit:
    """All themes of a report beside one question, small counts already hidden.

    ``n`` of the people who wrote answered it and ``unanswered`` did not, or chose "not
    applicable"; both None where few did not. ``smallest_cell`` is what the department asked for.
    ``mean`` is that of all answers to a rating, on the scale ``lowest`` to ``highest``.
    """

    code: str
    question_en: str
    question_fr: str
    is_rating: bool
    n: int | None
    unanswered: int | None
    smallest_cell: int
    lowest: int | None
    highest: int | None
    mean: float | None
    themes: tuple[FindingThemeSplit, ...]
    note_en: str
    note_fr: str


def disclose_split(
    split: Split, rest: Tally, told: Disclosed, *, code: str, question: Mapping[str, str]
) -> FindingSplit:
    """What may be published of the themes ``told`` beside a closed question.

    ``split`` compares them, and ``rest`` are the people in none of them. ``question`` is its
    wording by language.
    """
    bands = _bands(split)
    # Those who did not answer are a group too. Where they are few anywhere, they are counted with
    # the answer in the middle of a rating, or with the rarest of a choice.
    groups = [split.everyone, rest, *(t.tally for t in split.themes if _is_enough(t, told))]
    silent = [tally.people - tally.n for tally in groups]
    outside = [silent[0] - n for n in silent[2:]]
    joined = None
    if silent[0] and told.smallest > min([silent[0], *silent[2:], *outside]):
        joined = _least_telling(split, bands)

    def cells(tally: Tally) -> tuple[int, ...]:
        counts = _added(tally.counts, bands)
        if joined is not None:
            counts[joined] += tally.people - tally.n
        elif silent[0]:
            counts.append(tally.people - tally.n)
        return tuple(counts)

    table = protect_table(
        [
            Row(
                cells(theme.tally),
                None if told.themes[theme.theme].is_at_least else theme.tally.people,
                may_show=_is_enough(theme, told),
            )
            for theme in split.themes
        ],
        cells(split.everyone),
        rest=cells(rest),
        smallest=told.smallest,
        by_row=False,
    )
    is_whole = None not in table.everyone and joined is None
    points = [value.points for value in split.values if value.points is not None]
    return FindingSplit(
        code=code,
        question_en=question["en"],
        question_fr=question["fr"],
        is_rating=split.is_rating,
        n=split.everyone.n if is_whole else None,
        unanswered=silent[0] if is_whole else None,
        smallest_cell=told.smallest,
        lowest=min(points) if split.is_rating else None,
        highest=max(points) if split.is_rating else None,
        mean=_rounded(split.mean.estimate) if split.mean is not None and is_whole else None,
        themes=tuple(
            _disclose_theme(split, theme, bands, joined, shown, table.everyone, told)
            for theme, shown in zip(split.themes, table.rows, strict=True)
        ),
        note_en=comparisons_sentence(split, "en"),
        note_fr=comparisons_sentence(split, "fr"),
    )


def _least_telling(split: Split, bands: Sequence[Sequence[int]]) -> int:
    if split.is_rating:
        return len(bands) // 2
    counts = _added(split.everyone.counts, bands)
    return min(range(len(bands)), key=lambda at: (counts[at], at))


def _is_enough(theme: ThemeSplit, told: Disclosed) -> bool:
    """Whether so many of the theme's people answered that shares of them may be told."""
    return not told.themes[theme.theme].is_at_least and theme.tally.n >= max(
        SMALLEST_BASE, told.smallest
    )


def _disclose_theme(
    split: Split,
    theme: ThemeSplit,
    bands: Sequence[Sequence[int]],
    joined: int | None,
    shown: Sequence[int | None],
    shown_all: Sequence[int | None],
    told: Disclosed,
) -> FindingThemeSplit:
    # Beside all who wrote, how many answered tells how many did not.
    is_all_told = joined is None and None not in shown_all
    if not _is_enough(theme, told):
        least = max(SMALLEST_BASE, told.smallest)
        said = {
            language: guarded_sentence(split, theme, language, with_all=is_all_told)
            if told.themes[theme.theme].is_at_least and theme.tally.n >= least
            else few_sentence(least, language)
            for language in OFFICIAL
        }
        return FindingThemeSplit(
            theme.theme, None, Verdict.TOO_FEW.value, (), None, None, said["en"], said["fr"]
        )
    # Who did not answer is the last column, where there is one; hidden, it is in the base.
    is_of_all = joined is not None or (
        len(shown) > len(bands) and (shown[-1] is None or shown_all[-1] is None)
    )
    is_hidden = None in shown or None in shown_all
    is_whole = is_all_told and None not in shown
    n = theme.tally.people if is_of_all else theme.tally.n
    total = split.everyone.people if is_of_all else split.everyone.n
    said = {
        language: " ".join(
            part
            for part in (
                sentence(split, theme, language)
                if is_whole
                else guarded_sentence(split, theme, language, is_hidden=is_hidden),
                letters_sentence(theme, language, with_n=told.smallest <= 0) if is_whole else "",
                of_all_sentence(language) if is_of_all else "",
            )
            if part
        )
        for language in OFFICIAL
    }
    rating = theme.rating if is_whole else None
    return FindingThemeSplit(
        theme=theme.theme,
        n=n,
        verdict=theme.verdict.value,
        cells=tuple(
            _disclose_cell(split, band, count, n, of_all, total, with_silent=at == joined)
            for at, (band, count, of_all) in enumerate(zip(bands, shown, shown_all, strict=False))
        ),
        mean=_flat(rating.mean) if rating is not None else None,
        difference=_flat(rating.difference) if rating is not None else None,
        sentence_en=said["en"],
        sentence_fr=said["fr"],
        is_of_all=is_of_all,
    )


def _disclose_cell(
    split: Split,
    band: Sequence[int],
    count: int | None,
    n: int,
    of_all: int | None,
    total: int,
    *,
    with_silent: bool,
) -> FindingCell:
    share = wilson(count, n) if count is not None else None
    return FindingCell(
        label_en=_band_label(split, band, "en", with_silent=with_silent),
        label_fr=_band_label(split, band, "fr", with_silent=with_silent),
        n=count,
        share=_rounded(share.estimate) if share else None,
        low=_rounded(share.low) if share else None,
        high=_rounded(share.high) if share else None,
        everyone=_rounded(of_all / total) if of_all is not None else None,
    )


def _bands(split: Split) -> list[list[int]]:
    """Positions of values told together: a rating of five points as its two ends and its middle,
    so that fewer counts are small; anything else one by one."""
    if split.is_rating and len(split.values) == 5:
        return [[0, 1], [2], [3, 4]]
    return [[at] for at in range(len(split.values))]


def _added(counts: Sequence[int], bands: Sequence[Sequence[int]]) -> list[int]:
    return [sum(counts[at] for at in band) for band in bands]


def _band_label(
    split: Split, band: Sequence[int], language: str, *, with_silent: bool = False
) -> str:
    names = [split.values[at].name(language) for at in band]
    label = names[0]
    if len(names) == 2:
        word = "ou" if language == "fr" else "or"
        label = f"{names[0]} {word} {names[1][:1].lower()}{names[1][1:]}"
    return with_silent_label(label, language) if with_silent else label


def _rounded(value: float) -> float:
    """What a report keeps: more figures than it shows, the same on every machine."""
    return round(value, 6)


def _flat(found: Interval) -> tuple[float, float, float]:
    return _rounded(found.estimate), _rounded(found.low), _rounded(found.high)
