"""How the people of a theme answered a closed question, beside everyone else who answered it.

Pure counting and arithmetic; nothing here knows of texts. A split describes who wrote about a theme
and says nothing of why: those who rate low may write about a theme for many reasons.

    values = values_of(column)                       # or Value(code, name_en, name_fr, points=...)
    found = split(themes={"T1": ids}, answers={id: code}, values=values, everyone=ids)
    found.theme("T1").verdict                         # and split_words.sentence(found, theme, "en")

Where every value has points the question is a rating: themes are then compared by the rank and the
mean of the ratings; otherwise by how often each value was chosen. Each theme is compared with those
who did *not* write about it (two groups that share nobody), and the difference is told against all
answers, which is that difference times the share of people outside the theme.

Sources: share, Wilson (1927), JASA 22:209; difference of shares, Newcombe (1998), Stat. Med.
17:873, method 10; test of a share, Fisher's exact test; ranks, Brunner and Munzel (2000),
Biometrical J. 42:17, and Mann and Whitney (1947), Ann. Math. Stat. 18:50, and where one group lies
wholly above the other Newcombe (2006), Stat. Med. 25:559, method 5; means, Welch (1947), Biometrika
34:28; many comparisons, Holm (1979), Scand. J. Stat. 6:65.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log, sqrt
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, stdtr, stdtrit

from analysis.figures.intervals import Interval, newcombe, wilson

Id = TypeVar("Id", bound=Hashable)
Floats = NDArray[np.float64]

# More different answers than this are not a closed question.
MOST_VALUES = 20
_NOT_APPLICABLE = {"n/a", "na", "not applicable", "s/o", "s. o.", "s.o.", "sans objet"}


# --- What is asked --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that can be chosen. ``points`` make it a point of a rating; ``is_not_applicable``
    leaves it out of every base."""

    code: str
    name_en: str
    name_fr: str
    points: int | None = None
    is_not_applicable: bool = False

    def name(self, language: str) -> str:
        """The wording in ``"en"`` or ``"fr"``."""
        return self.name_fr if language == "fr" else self.name_en


class NotClosed(ValueError):  # noqa: N818 (named for what happened)
    """A column that is not a closed question: too many different answers, or none."""


def values_of(cells: Iterable[str]) -> tuple[Value, ...]:
    """The values of a spreadsheet's column, as they are to be compared.

    Whole numbers, from 0 to 10 at most, are a rating, in their order; anything else is a choice,
    most frequent first. "n/a", "s.o." and the like are not applicable; empty cells no answer.
    Raises NotClosed for fewer than two values or more than ``MOST_VALUES``.
    """
    counts = Counter(text for cell in cells if (text := cell.strip()))
    outside = [text for text in counts if text.casefold() in _NOT_APPLICABLE]
    inside = [text for text in counts if text not in outside]
    if not 2 <= len(inside) <= MOST_VALUES:
        raise NotClosed(f"{len(inside)} different answers; 2 to {MOST_VALUES} can be compared")
    if all(text.isascii() and text.isdigit() and int(text) <= 10 for text in inside):
        ordered = sorted(inside, key=lambda text: (int(text), text))
        found = [Value(text, text, text, points=int(text)) for text in ordered]
    else:
        ordered = sorted(inside, key=lambda text: (-counts[text], text))
        found = [Value(text, text, text) for text in ordered]
    return (*found, *(Value(text, text, text, is_not_applicable=True) for text in sorted(outside)))


# --- What is found --------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What may be said of one theme.

    ``LETTERS``: a difference that is gone once the letters of campaigns are left out.
    """

    TOO_FEW = "too_few"
    LIKE_OTHERS = "like_others"
    LOWER = "lower"
    HIGHER = "higher"
    DIFFERENT = "different"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Rules:
    """When something is said.

    ``smallest_group``: people in a theme, and outside it, who answered; below, nothing is said.
    ``alpha``: the chance of one false word or more in a whole table of themes.
    """

    smallest_group: int = 10
    alpha: float = 0.05


@dataclass(frozen=True, slots=True)
class Tally:
    """How a group of people answered. ``counts`` in the order of ``Split.values``."""

    counts: tuple[int, ...]
    not_applicable: int
    unanswered: int

    @property
    def n(self) -> int:
        """Those who answered and to whom the question applies: the base of every share."""
        return sum(self.counts)

    @property
    def people(self) -> int:
        """The whole group."""
        return self.n + self.not_applicable + self.unanswered


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in one theme: ``n`` people, ``share`` of the theme's base.

    ``difference`` is the share in the theme minus the share in all answers, in [-1, 1]; None where
    nothing may be said. ``p`` is corrected for all cells of the table; None where not tested.
    """

    value: Value
    n: int
    share: Interval | None
    difference: Interval | None = None
    p: float | None = None
    is_clear: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """The ratings of one theme's people, in points of the scale.

    ``difference`` is the mean in the theme minus the mean of all answers. ``higher`` is the
    probability that one of them rated higher than one of the others, ties counting half (0.5: no
    difference); ``delta`` is Cliff's, in [-1, 1]. ``p`` is corrected for all themes of the table.
    """

    mean: Interval
    difference: Interval
    higher: Interval
    p: float

    @property
    def delta(self) -> float:
        """Cliff's delta: 2 × probability of superiority − 1."""
        return 2 * self.higher.estimate - 1


@dataclass(frozen=True, slots=True)
class ThemeSplit:
    """One theme's people beside all: counts, shares, what differs.

    ``own_words`` is the same without the letters of campaigns; None where there are none in all.
    """

    theme: str
    tally: Tally
    cells: tuple[Cell, ...]
    rating: Rating | None
    verdict: Verdict
    own_words: ThemeSplit | None = None

    @property
    def clear(self) -> tuple[Cell, ...]:
        """The values that differ clearly, the largest difference first."""
        found = [cell for cell in self.cells if cell.is_clear and cell.difference is not None]
        return tuple(
            sorted(
                found, key=lambda cell: -abs(cell.difference.estimate if cell.difference else 0.0)
            )
        )


@dataclass(frozen=True, slots=True)
class Split:
    """A closed question beside a set of themes. ``values`` are those that apply, in order.

    ``compared`` themes had people enough to be tested. ``mean`` is that of all answers to a rating,
    None for a choice or without an answer.
    """

    values: tuple[Value, ...]
    everyone: Tally
    cells: tuple[Cell, ...]
    themes: tuple[ThemeSplit, ...]
    compared: int
    rules: Rules
    mean: Interval | None = None

    @property
    def is_rating(self) -> bool:
        """Whether the question is a rating."""
        return _is_rating(self.values)

    def theme(self, code: str) -> ThemeSplit | None:
        """The split of one theme."""
        return next((theme for theme in self.themes if theme.theme == code), None)

    @property
    def low(self) -> tuple[ThemeSplit, ...]:
        """Themes that go with low ratings, the strongest first."""
        return self._side(Verdict.LOWER, 1)

    @property
    def high(self) -> tuple[ThemeSplit, ...]:
        """Themes that go with high ratings, the strongest first."""
        return self._side(Verdict.HIGHER, -1)

    def _side(self, verdict: Verdict, sign: int) -> tuple[ThemeSplit, ...]:
        found = [
            (t.rating.higher.estimate, t) for t in self.themes if t.rating and t.verdict == verdict
        ]
        return tuple(t for _, t in sorted(found, key=lambda row: (sign * row[0], row[1].theme)))


def _is_rating(values: Sequence[Value]) -> bool:
    return bool(values) and all(value.points is not None for value in values)


# --- Counting and comparing -----------------------------------------------------------------------


def split(
    *,
    themes: Mapping[str, Collection[Id]],
    answers: Mapping[Id, str],
    values: Sequence[Value],
    everyone: Collection[Id],
    letters: Collection[Id] = (),
    rules: Rules = Rules(),
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
    if _is_rating(asked):
        asked = tuple(sorted(asked, key=lambda value: value.points or 0))
    whole = _tally(everyone, answers, asked)
    tallies = {code: _tally(set(ids), answers, asked) for code, ids in themes.items()}
    tested = {
        code
        for code, tally in tallies.items()
        if min(tally.n, whole.n - tally.n) >= rules.smallest_group
    }
    if _is_rating(asked):
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
        mean=_mean(_floats(whole), points) if _is_rating(asked) and whole.n else None,
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
                clear = p < rules.alpha and _leaves_out_zero(difference)
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
                mean=_mean(inside, points),
                difference=_scaled(_welch(inside, rest, points), 1 - tally.n / whole.n),
                higher=ranks[code][0],
                p=corrected[code],
            )
            verdict = Verdict.LIKE_OTHERS
            # Ranks and means must agree, or the sentence would contradict its own interval.
            if rating.p < rules.alpha and _leaves_out_zero(rating.difference):
                verdict = Verdict.HIGHER if rating.higher.estimate > 0.5 else Verdict.LOWER
        yield ThemeSplit(code, tally, _cells(tally, asked), rating, verdict)


def _others(whole: Tally, tally: Tally) -> tuple[int, ...]:
    return tuple(a - b for a, b in zip(whole.counts, tally.counts, strict=True))


def _leaves_out_zero(found: Interval) -> bool:
    return found.low > 0 or found.high < 0


def _scaled(found: Interval, factor: float) -> Interval:
    """A difference from the others as a difference from all, of whom ``factor`` are others."""
    return Interval(found.estimate * factor, found.low * factor, found.high * factor)


# --- Formulas -------------------------------------------------------------------------------------


def fisher(count: int, n: int, whole: int, total: int) -> float:
    """Two-sided p of Fisher's exact test: ``count`` of a theme's ``n`` chose a value that ``whole``
    of all ``total`` chose. Tables no more probable than the one seen are added up."""
    low, high = max(0, n + whole - total), min(n, whole)
    k = np.arange(low, high + 1, dtype=np.float64)

    def choose(a: float, b: Floats) -> Floats:
        out: Floats = gammaln(a + 1) - gammaln(b + 1) - gammaln(a - b + 1)
        return out

    chances = choose(whole, k) + choose(total - whole, n - k)
    chances = np.exp(chances - choose(total, np.array([float(n)])))
    # As likely as the table seen, but for the last digits of the logarithms.
    return min(1.0, float(chances[chances <= chances[count - low] * (1 + 1e-7)].sum()))


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction (1979): the chance of any false claim stays below alpha, however
    the tests depend on one another. In the order given, each in [0, 1]."""
    corrected, highest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[i]))
        corrected[i] = highest
    return corrected


def superiority(x: Sequence[int], y: Sequence[int]) -> tuple[Interval, float]:
    """The probability that one of ``x`` lies above one of ``y``, ties half, its interval and p.

    ``x`` and ``y`` count people at each point of one ordered scale. The interval is Brunner and
    Munzel's on the logit scale, so that it stays in [0, 1]. The p is the larger of theirs, which
    allows for different spreads but is too small in its tail where ten people nearly all chose the
    same point (measured: 0.055 where it says 0.005), and Mann and Whitney's with correction for
    ties, which holds its level there. Without any overlap there is no variance to work from: then
    Newcombe's method 5 and Mann and Whitney alone. ValueError for fewer than two on a side.
    """
    a, b = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    n, m = float(a.sum()), float(b.sum())
    if min(n, m) < 2:
        raise ValueError("two people or more are needed on each side")
    # For each point: the share of the other side below it, and half of those at it.
    above_y, above_x = (np.cumsum(b) - b / 2) / m, (np.cumsum(a) - a / 2) / n
    theta = float((a * above_y).sum() / n)
    spread_x = float((a * (above_y - theta) ** 2).sum() / (n - 1)) / n
    spread_y = float((b * (above_x - (1 - theta)) ** 2).sum() / (m - 1)) / m
    variance = spread_x + spread_y
    if variance < 1e-12 or not 0 < theta < 1:
        return Interval(theta, *_newcombe_auc(theta, n, m)), _mann_whitney(a, b, theta)
    freedom = variance**2 / (spread_x**2 / (n - 1) + spread_y**2 / (m - 1))
    error = sqrt(variance)
    p = max(
        min(1.0, 2 * float(stdtr(freedom, -abs(theta - 0.5) / error))), _mann_whitney(a, b, theta)
    )
    half = float(stdtrit(freedom, 0.975)) * error / (theta * (1 - theta))
    middle = log(theta / (1 - theta))
    low, high = (1 / (1 + exp(-max(-700.0, middle + side * half))) for side in (-1, 1))
    return Interval(theta, low, high), p


def _mann_whitney(a: Floats, b: Floats, theta: float) -> float:
    n, m, ties = float(a.sum()), float(b.sum()), a + b
    total = n + m
    variance = (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1))) / (12 * n * m)
    if variance <= 1e-15:
        return 1.0
    return min(1.0, 2 * float(ndtr(-abs(theta - 0.5) / sqrt(variance))))


def _newcombe_auc(theta: float, n: float, m: float) -> tuple[float, float]:
    """The thetas that lie 1.96 of their own standard errors from the one seen, by bisection."""
    z = float(ndtri(0.975))
    star = (n + m) / 2 - 1

    def beyond(t: float) -> bool:
        variance = t * (1 - t) * (1 + star * (1 - t) / (2 - t) + star * t / (1 + t)) / (n * m)
        return (theta - t) ** 2 > z * z * variance

    limits = []
    for end in (0.0, 1.0):
        inside, outside = theta, end
        for _ in range(60 if beyond(end) else 0):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
        limits.append(inside if beyond(end) else end)
    return limits[0], limits[1]


def _moments(counts: Floats, points: Floats) -> tuple[float, float, float]:
    n = float(counts.sum())
    mean = float((counts * points).sum() / n)
    return n, mean, float((counts * (points - mean) ** 2).sum() / (n - 1)) if n > 1 else 0.0


def _mean(counts: Floats, points: Floats) -> Interval:
    """The mean with Student's interval, kept within the scale; the whole scale where nobody
    differs, for then there is no spread to judge by."""
    n, mean, variance = _moments(counts, points)
    lowest, highest = float(points.min()), float(points.max())
    if variance == 0:
        return Interval(mean, lowest, highest)
    half = float(stdtrit(n - 1, 0.975)) * sqrt(variance / n)
    return Interval(mean, max(lowest, mean - half), min(highest, mean + half))


def _welch(x: Floats, y: Floats, points: Floats) -> Interval:
    """Mean of ``x`` minus mean of ``y`` with Welch's interval. A side on which all rate alike
    borrows the spread of the other: that nobody differs in ten is no proof that nobody would."""
    n, mean_x, var_x = _moments(x, points)
    m, mean_y, var_y = _moments(y, points)
    a, b = (var_x or var_y) / n, (var_y or var_x) / m
    difference = mean_x - mean_y
    if a + b == 0:
        return Interval(difference, difference, difference)
    freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    half = float(stdtrit(freedom, 0.975)) * sqrt(a + b)
    return Interval(difference, difference - half, difference + half)
