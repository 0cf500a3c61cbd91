"""Count how each theme's people answered and compare them with all others: ``split``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from analysis.figures.intervals import Interval, newcombe, wilson
from analysis.figures.splits.formulas import Floats, fisher, holm, mean_of, superiority, welch
from analysis.figures.splits.found import (
    AS_A_RULE,
    Cell,
    Rating,
    Rules,
    Split,
    Tally,
    ThemeSplit,
    Verdict,
    is_rating,
)
from analysis.figures.splits.values import Value

Id = TypeVar("Id", bound=Hashable)


def split(
    *,
    themes: Mapping[str, Collection[Id]],
    answers: Mapping[Id, str],
    values: Sequence[Value],
    everyone: Collection[Id],
    letters: Collection[Id] = (),
    rules: Rules = AS_A_RULE,
) -> Split:
    """Compare each theme's people with all others on one closed question.

    ``themes`` holds the documents of each theme by its code, which may overlap; a theme and its
    parts belong in two calls, or each is corrected for the other. ``answers`` holds the code of the
    value by document; a document that is not in it did not answer. ``everyone`` are all documents
    that could be in a theme (everyone who wrote). ``letters`` are documents that are a campaign's
    letter: every result is then also computed without them, and a difference that they alone make
    is not called one. Depends on nothing but its arguments; their order changes nothing but the
    order of ``themes``.

    Raises ValueError for a document of a theme that is not in ``everyone``, an answer with a code
    that is no value, values whose codes are not unique, or points on some values only.
    """
    _check(themes, answers, values, everyone)
    found = _split(themes, answers, values, set(everyone), rules)
    kept = set(everyone).difference(letters)
    if len(kept) == len(set(everyone)):
        return found
    alone = _split(
        {code: kept.intersection(ids) for code, ids in themes.items()}, answers, values, kept, rules
    )
    return replace(
        found,
        themes=tuple(
            replace(
                theme,
                own_words=own,
                verdict=Verdict.LETTERS if _rests_on_letters(theme, own) else theme.verdict,
            )
            for theme, own in zip(found.themes, alone.themes, strict=True)
        ),
    )


def _check(
    themes: Mapping[str, Collection[Id]],
    answers: Mapping[Id, str],
    values: Sequence[Value],
    everyone: Collection[Id],
) -> None:
    codes = {value.code for value in values}
    if len(codes) < len(values):
        raise ValueError("two values have the same code")
    if not codes.issuperset(answers.values()):
        raise ValueError("an answer has a code that is none of the values")
    pointed = {value.points is not None for value in values if not value.is_not_applicable}
    if len(pointed) > 1:
        raise ValueError("either every value has points or none has")
    known = set(everyone)
    for code, ids in themes.items():
        if not known.issuperset(ids):
            raise ValueError(f"theme {code} holds documents that are not among everyone")


def _rests_on_letters(theme: ThemeSplit, own: ThemeSplit) -> bool:
    if theme.verdict in (Verdict.LOWER, Verdict.HIGHER):
        return own.verdict != theme.verdict
    if theme.verdict != Verdict.DIFFERENT:
        return False
    still = {
        (cell.value.code, cell.difference.estimate > 0) for cell in own.clear if cell.difference
    }
    first = theme.clear[0]
    return (first.value.code, bool(first.difference and first.difference.estimate > 0)) not in still


def _split(
    themes: Mapping[str, Collection[Id]],
    answers: Mapping[Id, str],
    values: Sequence[Value],
    everyone: Collection[Id],
    rules: Rules,
) -> Split:
    asked = tuple(value for value in values if not value.is_not_applicable)
    if is_rating(asked):
        asked = tuple(sorted(asked, key=lambda value: value.points or 0))
    whole = _tally(everyone, answers, asked)
    tallies = {code: _tally(set(ids), answers, asked) for code, ids in themes.items()}
    tested = {
        code
        for code, tally in tallies.items()
        if min(tally.n, whole.n - tally.n) >= rules.smallest_group
    }
    if is_rating(asked):
        rows = _by_rating(tallies, whole, asked, tested, rules)
    else:
        rows = _by_choice(tallies, whole, asked, tested, rules)
    points = np.array([value.points or 0 for value in asked], dtype=np.float64)
    return Split(
        values=asked,
        everyone=whole,
        cells=_cells(whole, asked),
        themes=tuple(rows),
        compared=len(tested),
        rules=rules,
        mean=mean_of(_floats(whole), points) if is_rating(asked) and whole.n else None,
    )


def _tally(ids: Collection[Id], answers: Mapping[Id, str], asked: Sequence[Value]) -> Tally:
    counts = Counter(answers[one] for one in ids if one in answers)
    inside = tuple(counts.pop(value.code, 0) for value in asked)
    outside = sum(counts.values())
    return Tally(inside, outside, len(ids) - sum(inside) - outside)


def _floats(tally: Tally) -> Floats:
    return np.array(tally.counts, dtype=np.float64)


def _cells(tally: Tally, asked: Sequence[Value]) -> tuple[Cell, ...]:
    return tuple(
        Cell(value, count, wilson(count, tally.n) if tally.n else None)
        for value, count in zip(asked, tally.counts, strict=True)
    )


def _by_choice(
    tallies: Mapping[str, Tally],
    whole: Tally,
    asked: Sequence[Value],
    tested: Collection[str],
    rules: Rules,
) -> Iterable[ThemeSplit]:
    # Of two values, one is chosen where the other is not: one test, told of both.
    several = range(1 if len(asked) == 2 else len(asked))
    family = [
        ((code, i), fisher(tally.counts[i], tally.n, whole.counts[i], whole.n))
        for code, tally in tallies.items()
        if code in tested
        for i in several
    ]
    corrected = dict(zip((key for key, _ in family), holm([p for _, p in family]), strict=True))
    for code, tally in tallies.items():
        cells = _cells(tally, asked)
        if code in tested:
            outside = 1 - tally.n / whole.n
            compared = []
            for i, cell in enumerate(cells):
                rest = whole.counts[i] - cell.n
                difference = _scaled(newcombe(cell.n, tally.n, rest, whole.n - tally.n), outside)
                p = corrected[code, i if i in several else 0]
                clear = p < rules.alpha and difference.leaves_out_zero
                compared.append(replace(cell, difference=difference, p=p, is_clear=clear))
            cells = tuple(compared)
        verdict = (
            Verdict.TOO_FEW
            if code not in tested
            else Verdict.DIFFERENT
            if any(cell.is_clear for cell in cells)
            else Verdict.LIKE_OTHERS
        )
        yield ThemeSplit(code, tally, cells, None, verdict)


def _by_rating(
    tallies: Mapping[str, Tally],
    whole: Tally,
    asked: Sequence[Value],
    tested: Collection[str],
    rules: Rules,
) -> Iterable[ThemeSplit]:
    points = np.array([value.points for value in asked], dtype=np.float64)
    ranks = {
        code: superiority(tally.counts, _others(whole, tally))
        for code, tally in tallies.items()
        if code in tested
    }
    corrected = dict(zip(ranks, holm([p for _, p in ranks.values()]), strict=True))
    for code, tally in tallies.items():
        rating, verdict = None, Verdict.TOO_FEW
        if code in tested:
            inside, rest = _floats(tally), np.array(_others(whole, tally), dtype=np.float64)
            rating = Rating(
                mean=mean_of(inside, points),
                difference=_scaled(welch(inside, rest, points), 1 - tally.n / whole.n),
                higher=ranks[code][0],
                p=corrected[code],
            )
            verdict = Verdict.LIKE_OTHERS
            # Ranks and means must agree, or the sentence would contradict its own interval.
            if rating.p < rules.alpha and rating.difference.leaves_out_zero:
                verdict = Verdict.HIGHER if rating.higher.estimate > 0.5 else Verdict.LOWER
        yield ThemeSplit(code, tally, _cells(tally, asked), rating, verdict)


def _others(whole: Tally, tally: Tally) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(whole.counts, tally.counts, strict=True))


def _scaled(found: Interval, factor: float) -> Interval:
    """A difference from the others as a difference from all, of whom ``factor`` are others."""
    return Interval(found.estimate * factor, found.low * factor, found.high * factor)
