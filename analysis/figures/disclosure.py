"""What a department may publish of its counts, and what would give small groups away.

Pure, and the one door: every table, chart, page, file, alternative text and stored number of a
report is made of what `disclose` and `protect_table` let through. Staff read the whole figures,
which never pass here.

A *group* is some of the people who answered, told apart by what is published: by theme, part of a
theme, language, letter, channel, reason, another answer, or any sum or difference of those. No
group of fewer people than the department's smallest cell can be told from the rest:

- a small theme is counted with the next smallest as "other themes" until they reach the cell, and
  so are those in no theme where they are few; what is left over is empty or no small group;
- where fewer than the cell are *outside* a theme, it is published as "at least";
- a division of a theme (English and French, letters and own words, answers to another question) is
  shown where each of its counts and what it leaves of the whole are large enough, and hidden with
  as many others as an attacker would need to work it out (complementary suppression, found by the
  bounds that linear programming gives him, as Statistics Canada's audits do);
- zero is treated as any small count, so that what is hidden may also be nobody. The exception is
  letters: copies of one letter say the same, and are in the same themes.

Sources: Cox (1995), JASA 90:1453, on complementary suppression; Fischetti and Salazar-González
(2001), Management Science 47:1008, on auditing it by linear programming.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor

# Fewer people than this are counted, not compared: no shares of them, no differences.
SMALLEST_BASE = 30
OFFICIAL = ("en", "fr")
# Reasons, ways of answering: what is left of a list of counts, told together.
OTHERS = "others"


# --- One row --------------------------------------------------------------------------------------


def protect(
    counts: Sequence[int], *, smallest: int, everyone: Sequence[int] | None = None
) -> tuple[int | None, ...]:
    """``counts`` of one row whose total is published, with None for what is hidden.

    Hidden first: counts below ``smallest``, zero included. With ``everyone``, the row of all people
    (published too, itself protected by a call of its own), also where fewer than ``smallest`` of
    the people *outside* the row are left, for whoever subtracts, and where all people are hidden.
    Then the smallest of the others, until at least ``smallest`` values are possible for each hidden
    count given everything that is published. A row of fewer than ``smallest`` people is hidden
    whole, and its total must not be shown either.

    >>> protect((70, 29, 7, 21), smallest=20)
    (70, 29, None, None)
    """
    total = sum(counts)
    if smallest <= 0:
        return tuple(counts)
    if total < smallest:
        return (None,) * len(counts)
    hidden = {i for i, n in enumerate(counts) if n < smallest}
    tops = [total] * len(counts)
    if everyone is not None:
        shown = protect(everyone, smallest=smallest)
        whole = sum(everyone)
        left = whole - sum(n for n in shown if n is not None)
        tops = [left if n is None else n for n in shown]
        hidden |= {
            i for i, n in enumerate(counts) if everyone[i] - n < smallest or shown[i] is None
        }
    while 0 < len(hidden) < len(counts) and _is_pinned(counts, hidden, tops, smallest):
        visible = [i for i in range(len(counts)) if i not in hidden]
        hidden.add(min(visible, key=lambda i: (counts[i], i)))
    return tuple(None if i in hidden else n for i, n in enumerate(counts))


def _is_pinned(counts: Sequence[int], hidden: set[int], tops: Sequence[int], smallest: int) -> bool:
    """Whether some hidden count has fewer than ``smallest`` possible values: all hidden ones
    together make ``rest``, and each lies between 0 and its top."""
    rest = sum(counts[i] for i in hidden)
    for i in hidden:
        others = sum(min(tops[j], rest) for j in hidden if j != i)
        low, high = max(0, rest - others), min(tops[i], rest)
        if high - low + 1 < smallest:
            return True
    return False


# --- A list of counts that make a total -----------------------------------------------------------


def together(counts: Mapping[str, int], *, smallest: int) -> dict[str, int]:
    """``counts`` that make a published total; the small ones under ``OTHERS``, joined with the next
    smallest until they reach the cell. Empty where nothing of the list may be told.

    >>> together({"online": 60, "phone": 12, "mail": 3}, smallest=10)
    {'online': 60, 'others': 15}
    """
    ordered = sorted(((n, name) for name, n in counts.items() if n), reverse=True)
    if smallest <= 0:
        return {name: n for n, name in ordered}
    rest = 0
    while ordered and (ordered[-1][0] < smallest or 0 < rest < smallest):
        rest += ordered.pop()[0]
    if not ordered or 0 < rest < smallest:
        return {}
    return {name: n for n, name in ordered} | ({OTHERS: rest} if rest else {})


# --- A table whose rows may overlap ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One group of people by column. ``total`` is what is published of their number, None where
    nothing is; ``may_show`` is False for a row of which no count is to be published."""

    cells: tuple[int, ...]
    total: int | None
    may_show: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """What may be published: ``rows`` and ``everyone`` with None for what is hidden."""

    rows: tuple[tuple[int | None, ...], ...]
    everyone: tuple[int | None, ...]


def protect_table(
    rows: Sequence[Row],
    everyone: Sequence[int],
    *,
    rest: Sequence[int],
    smallest: int,
    by_row: bool,
    is_zero_small: bool = True,
) -> Table:
    """The counts that may be published of groups that may overlap, beside those of everyone.

    ``everyone`` counts all people by column; ``rest`` those in no row. ``by_row``: a row is shown
    whole or not at all, and the table not at all where a count of everyone is small; otherwise
    single counts are hidden. Where all totals are published, the attacker is given the number of
    people in no row, and how often people are in more than one, whether or not those are.
    """
    if smallest <= 0:
        return Table(tuple(row.cells for row in rows), tuple(everyone))
    width = len(everyone)
    nothing = Table(tuple((None,) * width for _ in rows), (None,) * width)

    def is_small(n: int) -> bool:
        return n < smallest and (is_zero_small or n > 0)

    if by_row:
        if any(is_small(n) for n in everyone):
            return nothing
        whole: tuple[int | None, ...] = tuple(everyone)
    else:
        whole = protect(everyone, smallest=smallest)
        if all(n is None for n in whole):
            return nothing
    shown: list[tuple[int | None, ...]] = []
    for row in rows:
        first = tuple(
            None if is_small(n) or is_small(of_all - n) else n
            for n, of_all in zip(row.cells, everyone, strict=True)
        )
        if not row.may_show or (by_row and None in first):
            first = (None,) * width
        elif not by_row:
            first = protect(row.cells, smallest=smallest, everyone=everyone)
        shown.append(first)
    audit = _Audit(rows, everyone, rest, whole, smallest, is_small)
    while (found := audit.first_pinned(shown)) is not None:
        at, column = found
        if not (choice := _to_hide(shown, rows, at, column)):
            return nothing
        row_at, column_at = choice
        cells = list(shown[row_at])
        cells[column_at] = None
        shown[row_at] = (None,) * width if by_row else tuple(cells)
    return Table(tuple(shown), whole)


def _to_hide(
    shown: Sequence[Sequence[int | None]], rows: Sequence[Row], at: int, column: int
) -> tuple[int, int] | None:
    """The smallest count still shown that bears on the one found out: in its column, in its row,
    then anywhere."""
    there = [(i, j) for i, cells in enumerate(shown) for j, n in enumerate(cells) if n is not None]
    for near in (
        [(i, j) for i, j in there if j == column],
        [(i, j) for i, j in there if i == at],
        there,
    ):
        if near:
            return min(near, key=lambda place: (rows[place[0]].cells[place[1]], place))
    return None


@dataclass(frozen=True, slots=True)
class _Audit:
    """What an attacker works out of a table, by the bounds of linear programming."""

    rows: Sequence[Row]
    everyone: Sequence[int]
    rest: Sequence[int]
    whole: Sequence[int | None]
    smallest: int
    is_small: Callable[[int], bool]
    # Hiding more only leaves more to guess: whoever was safe once needs no second look.
    safe: set[tuple[str, int, int]] = field(default_factory=set)

    def first_pinned(self, shown: Sequence[Sequence[int | None]]) -> tuple[int, int] | None:
        """(row, column) of a small group with fewer than ``smallest`` possible sizes; row -1 is
        those in no row. None where there is none."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        width = len(self.everyone)
        names: dict[tuple[str, int, int], int] = {}

        def variable(kind: str, i: int, j: int) -> int:
            return names.setdefault((kind, i, j), len(names))

        equations: list[tuple[dict[int, float], float]] = []
        people = sum(self.everyone)
        columns: list[dict[int, float]] = [{} for _ in range(width)]
        sums = [0.0] * width
        for i, (row, cells) in enumerate(zip(self.rows, shown, strict=True)):
            mine = {}
            for j, n in enumerate(cells):
                if n is None:
                    mine[variable("x", i, j)] = 1.0
                    columns[j][variable("x", i, j)] = 1.0
                else:
                    sums[j] += n
            if mine and row.total is not None:
                equations.append((mine, row.total - sum(n for n in cells if n is not None)))
        over = [
            sum(row.cells[j] for row in self.rows) + self.rest[j] - self.everyone[j]
            for j in range(width)
        ]
        for j in range(width):
            columns[j][variable("rest", 0, j)] = 1.0
            columns[j][variable("over", 0, j)] = -1.0
            if self.whole[j] is None:
                columns[j][variable("all", 0, j)] = -1.0
                equations.append((columns[j], -sums[j]))
            else:
                equations.append((columns[j], self.everyone[j] - sums[j]))
        totals = {"all": people - sum(n for n in self.whole if n is not None)}
        if all(row.total is not None for row in self.rows):
            totals |= {"rest": sum(self.rest), "over": sum(over)}
        for kind, total in totals.items():
            mine = {at: 1.0 for (name, _, _), at in names.items() if name == kind}
            if mine:
                equations.append((mine, total))
        matrix = csr_array(
            (
                [factor for terms, _ in equations for factor in terms.values()],
                (
                    [line for line, (terms, _) in enumerate(equations) for _ in terms],
                    [at for terms, _ in equations for at in terms],
                ),
            ),
            shape=(len(equations), len(names)),
        )
        right = [value for _, value in equations]
        bounds = [(0.0, None if kind == "over" else float(self._top(j))) for kind, _, j in names]
        for target in self._targets(shown):
            if target in self.safe or self._can_move(target, shown, over):
                continue
            kind, i, j = target
            ends = []
            for sign in (1.0, -1.0):
                cost = [0.0] * len(names)
                cost[names[target]] = sign
                found = linprog(cost, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
                if found.x is None:
                    raise ArithmeticError("a table contradicts itself")
                ends.append(float(found.x[names[target]]))
            low, high = ceil(ends[0] - 1e-6), floor(ends[1] + 1e-6)
            if high - low + 1 < self.smallest:
                return (-1 if kind == "rest" else i), j
            self.safe.add(target)
        return None

    def _can_move(
        self, target: tuple[str, int, int], shown: Sequence[Sequence[int | None]], over: list[int]
    ) -> bool:
        """Whether a hidden count can be seen to have enough possible values without solving for
        them: so many people go over to other hidden counts of the row, and in these columns those
        counted twice, those in no row, or the hidden counts of all make up for it. Nearly all of a
        large table is so, and solving takes seconds there."""
        kind, i, j = target
        if kind != "x" or self.rows[i].total is None:
            return False
        cells, rest, top = self.rows[i].cells, self.rest, self._top
        others = [k for k, n in enumerate(shown[i]) if n is None and k != j]
        loose = [k for k in others if self.whole[j] is None and self.whole[k] is None]
        up = max(
            sum(min(cells[k], over[k]) for k in others),
            min(sum(cells[k] for k in loose), top(j) - self.everyone[j]),
            max((min(cells[k], rest[j], top(k) - rest[k]) for k in others), default=0),
        )
        down = max(
            min(sum(top(k) - cells[k] for k in others), over[j]),
            max((min(top(k) - cells[k], top(k) - self.everyone[k]) for k in loose), default=0),
            max((min(top(k) - cells[k], rest[k], top(j) - rest[j]) for k in others), default=0),
        )
        return min(up, top(j) - cells[j]) + min(down, cells[j]) + 1 >= self.smallest

    def _top(self, column: int) -> int:
        known = self.whole[column]
        if known is not None:
            return known
        return sum(self.everyone) - sum(n for n in self.whole if n is not None)

    def _targets(self, shown: Sequence[Sequence[int | None]]) -> Iterable[tuple[str, int, int]]:
        for j, n in enumerate(self.rest):
            if 0 < n < self.smallest:
                yield "rest", 0, j
        for i, (row, cells) in enumerate(zip(self.rows, shown, strict=True)):
            for j, n in enumerate(row.cells):
                if cells[j] is None and (self.is_small(n) or self.is_small(self.everyone[j] - n)):
                    yield "x", i, j


# --- A report -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class People:
    """Everything a report counts, whole, as sets of the ids of answers.

    ``wrote`` gives the language each was written in ("en", "fr" or another), ``forms`` that of the
    form. ``themes`` are those of the first level; ``parts`` by the code of the theme above.
    ``reasons`` says of each that is in no theme why. ``responses`` counts all standing responses by
    language of the form and by channel, those without a comment too. ``campaigns`` are the answers
    of each letter.
    """

    wrote: Mapping[int, str]
    forms: Mapping[int, str]
    themes: Mapping[str, Collection[int]]
    parts: Mapping[str, Mapping[str, Collection[int]]]
    campaigns: Mapping[str, Collection[int]]
    reasons: Mapping[int, str]
    languages: Mapping[str, int]
    channels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What may be published of one theme, or of all other themes together.

    ``n`` people, or at least so many. ``by_language`` is empty, ``in_letters`` None, where that
    division is not told.
    """

    n: int
    is_at_least: bool = False
    by_language: Mapping[str, int] = field(default_factory=dict)
    in_letters: int | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be published of a report. Empty or None is what is not told.

    ``themes`` by code, largest first; ``joined`` are the codes of those that are large enough to be
    written about and are counted under ``others``, which are all other themes together and, where
    ``others_hold_unthemed``, those in no theme. ``unthemed`` counts the latter by reason.
    """

    smallest: int
    responses: int | None
    languages: Mapping[str, int]
    channels: Mapping[str, int]
    with_text: int
    with_text_languages: Mapping[str, int]
    themes: Mapping[str, Told]
    parts: Mapping[str, Mapping[str, int]]
    joined: tuple[str, ...]
    others: Told | None
    others_hold_unthemed: bool
    unthemed: Mapping[str, int]
    letters: int
    campaigns: int

    @property
    def in_themes(self) -> int | None:
        """People in a theme; None where it would give those in none away."""
        if self.others_hold_unthemed:
            return None
        if self.smallest <= 0 or self.unthemed:
            return self.with_text - sum(self.unthemed.values())
        return None


def disclose(people: People, *, smallest: int) -> Disclosed:
    """What a department with this smallest cell may publish of these people. 0 hides nothing."""
    everyone = frozenset(people.wrote)
    themes = {code: frozenset(ids) & everyone for code, ids in people.themes.items()}
    chosen = _choose(everyone, themes, smallest)
    written = _written(people, smallest)
    rows = {
        code: themes[code]
        for code in chosen.told
        if not _is_nearly_all(len(themes[code]), len(everyone), smallest)
    }
    names: list[str | None] = list(rows)
    sets = list(rows.values())
    has_others = chosen.others is not None and not _is_nearly_all(
        len(chosen.others), len(everyone), smallest
    )
    if has_others and chosen.others is not None:
        names.append(None)
        sets.append(chosen.others)
    hidden = [themes[code] for code in chosen.told if code not in rows]
    if chosen.others is not None and not has_others:
        hidden.append(chosen.others)
    languages, by_language = _by_language(everyone, sets, hidden, written, smallest)
    letters, campaigns, in_letters = _letters(everyone, sets, hidden, people, smallest)
    divided = {name: (by_language[at], in_letters[at]) for at, name in enumerate(names)}

    def told(name: str | None, ids: frozenset[int]) -> Told:
        n, is_at_least = _count(len(ids), len(everyone), smallest)
        split, letters_of = divided.get(name, ({}, None))
        return Told(n, is_at_least, split, letters_of)

    with_text = len(everyone)
    without = sum(people.languages.values()) - with_text
    responses = None if 0 < without < smallest else sum(people.languages.values())
    return Disclosed(
        smallest=smallest,
        responses=responses,
        languages=_of_forms(people, languages, smallest) if responses is not None else {},
        channels=together(people.channels, smallest=smallest) if responses is not None else {},
        with_text=with_text,
        with_text_languages=languages,
        themes={code: told(code, themes[code]) for code in chosen.told},
        parts={
            code: _parts(ids, people.parts.get(code, {}), smallest) for code, ids in rows.items()
        },
        joined=chosen.joined,
        others=told(None, chosen.others) if chosen.others is not None else None,
        others_hold_unthemed=chosen.hold_unthemed,
        unthemed=_unthemed(everyone, themes, people, chosen, smallest),
        letters=letters,
        campaigns=campaigns,
    )


def _is_nearly_all(n: int, whole: int, smallest: int) -> bool:
    return whole - n < smallest


def _count(n: int, whole: int, smallest: int) -> tuple[int, bool]:
    """A count of ``whole`` people as it may be told, and whether that is only the least."""
    if _is_nearly_all(n, whole, smallest):
        return whole - smallest, True
    return n, False


def _may_be_told(n: int, whole: int, smallest: int) -> bool:
    """Whether a group is not small, nor so large in so few that the least to be told were small."""
    return n >= max(1, smallest) and _count(n, whole, smallest)[0] >= smallest


@dataclass(slots=True)
class _Chosen:
    """Which themes have a count of their own, largest first, and who is counted together."""

    told: list[str]
    joined: tuple[str, ...]
    others: frozenset[int] | None
    hold_unthemed: bool


def _choose(
    everyone: frozenset[int], themes: Mapping[str, frozenset[int]], smallest: int
) -> _Chosen:
    order = {code: at for at, code in enumerate(themes)}
    ordered = sorted(themes, key=lambda code: (-len(themes[code]), order[code]))
    told = [code for code in ordered if _may_be_told(len(themes[code]), len(everyone), smallest)]
    small = [code for code in ordered if code not in told]
    others = frozenset[int]().union(*(themes[code] for code in small))
    joined: list[str] = []

    def join_next() -> None:
        nonlocal others
        joined.append(told.pop())
        others |= themes[joined[-1]]

    while 0 < len(others) < smallest and len(told) > 1:
        join_next()
    left = everyone.difference(*(themes[code] for code in told), others)
    hold_unthemed = False
    masked = any(_is_nearly_all(len(themes[code]), len(everyone), smallest) for code in told)
    # Where people are in several, no subtraction gives those in none: nobody has to join them.
    counted = sum(len(themes[code]) for code in told) + len(others)
    is_exact = not masked and counted == len(everyone) - len(left)
    if left and (0 < len(others) < smallest or (len(left) < smallest and is_exact)):
        hold_unthemed = True
        others |= left
        while len(others) < smallest and len(told) > 1:
            join_next()
    named = tuple(reversed(joined))
    if not _may_be_told(len(others), len(everyone), smallest):
        return _Chosen(told, named, None, False)
    sizes = [*(len(themes[code]) for code in told), len(others)]
    # One of them told as the least does not say how often people are in more than one.
    if hold_unthemed and not masked and not _tells_no_overlap(sizes, len(everyone), smallest):
        return _Chosen(told, named, None, False)
    return _Chosen(told, named, others, hold_unthemed)


def _tells_no_overlap(sizes: Sequence[int], covered: int, smallest: int) -> bool:
    """Whether it may be known that groups of these ``sizes`` are together ``covered`` people.

    It tells how often people are in more than one, and how many at most are in one alone.
    """
    over = sum(sizes) - covered
    if smallest <= 0 or not over:
        return True
    if over < smallest or 0 < covered < smallest:
        return False
    for at, n in enumerate(sizes):
        rest = [*sizes[:at], *sizes[at + 1 :]]
        alone_at_most = min(n, covered - max(rest, default=0))
        shared_at_most = min(n, over)
        if n - over > 0 and alone_at_most < smallest:
            return False
        if len(rest) == 1 and shared_at_most < smallest:
            return False
    return True


def _written(people: People, smallest: int) -> dict[int, str]:
    """The language each is counted in: a few in neither English nor French in that of the form."""
    others = [one for one, language in people.wrote.items() if language not in OFFICIAL]
    few = smallest > 0 and 0 < len(others) < smallest
    found = dict(people.wrote)
    for one in others:
        found[one] = people.forms.get(one, OFFICIAL[0]) if few else "other"
    return found


def _counted(ids: Iterable[int], values: Mapping[int, str], names: Sequence[str]) -> list[int]:
    counts = Counter(values[one] for one in ids)
    return [counts[name] for name in names]


def _by_language(
    everyone: frozenset[int],
    sets: Sequence[frozenset[int]],
    hidden: Sequence[frozenset[int]],
    written: Mapping[int, str],
    smallest: int,
) -> tuple[dict[str, int], list[dict[str, int]]]:
    """Of all who wrote, and of each theme: how many in each language."""
    names = [*OFFICIAL, *(["other"] if "other" in written.values() else [])]
    table = _divided(
        everyone,
        sets,
        hidden,
        lambda ids: _counted(ids, written, names),
        smallest=smallest,
        is_zero_small=True,
    )
    whole = {} if None in table.everyone else _named(names, table.everyone)
    return whole, [{} if None in row else _named(names, row) for row in table.rows]


def _named(names: Sequence[str], counts: Sequence[int | None]) -> dict[str, int]:
    return {name: n for name, n in zip(names, counts, strict=True) if n is not None}


def _letters(
    everyone: frozenset[int],
    sets: Sequence[frozenset[int]],
    hidden: Sequence[frozenset[int]],
    people: People,
    smallest: int,
) -> tuple[int, int, list[int | None]]:
    """Letters in all, campaigns, and letters in each theme."""
    sent = frozenset[int]().union(*people.campaigns.values()) & everyone
    if not sent:
        return 0, 0, [0 for _ in sets]
    table = _divided(
        everyone,
        sets,
        hidden,
        lambda ids: [len(sent.intersection(ids)), len(set(ids) - sent)],
        smallest=smallest,
        is_zero_small=False,
    )
    if table.everyone[0] is None:
        return 0, 0, [None for _ in sets]
    return len(sent), len(people.campaigns), [row[0] for row in table.rows[: len(sets)]]


def _divided(
    everyone: frozenset[int],
    sets: Sequence[frozenset[int]],
    hidden: Sequence[frozenset[int]],
    by: Callable[[Collection[int]], list[int]],
    *,
    smallest: int,
    is_zero_small: bool,
) -> Table:
    """Themes divided; ``hidden`` are those of which only the least number is told."""
    rest = everyone.difference(*sets, *hidden)
    table = protect_table(
        [
            *(Row(tuple(by(ids)), len(ids)) for ids in sets),
            *(Row(tuple(by(ids)), None, may_show=False) for ids in hidden),
        ],
        by(everyone),
        rest=by(rest),
        smallest=smallest,
        by_row=True,
        is_zero_small=is_zero_small,
    )
    return Table(table.rows[: len(sets)], table.everyone)


def _parts(
    theme: frozenset[int], parts: Mapping[str, Collection[int]], smallest: int
) -> dict[str, int]:
    """Parts of a theme, largest first. None is small, nor is what is left of the theme, by one of
    them or by all."""
    order = {code: at for at, code in enumerate(parts)}
    sets = {code: frozenset(ids) & theme for code, ids in parts.items()}
    told = sorted(
        (
            code
            for code, ids in sets.items()
            if smallest <= 0 or (len(ids) >= smallest and len(theme) - len(ids) >= smallest)
        ),
        key=lambda code: (-len(sets[code]), order[code]),
    )
    while told and 0 < len(theme.difference(*(sets[code] for code in told))) < smallest:
        told.pop()
    return {code: len(sets[code]) for code in told}


def _unthemed(
    everyone: frozenset[int],
    themes: Mapping[str, frozenset[int]],
    people: People,
    chosen: _Chosen,
    smallest: int,
) -> dict[str, int]:
    """Those in no theme by reason; empty where their number is not told."""
    left = everyone.difference(*themes.values())
    inside = len(everyone) - len(left)
    if chosen.hold_unthemed or len(left) < smallest or 0 < inside < smallest:
        return {}
    counted = [len(themes[code]) for code in chosen.told]
    if chosen.others is not None:
        counted.append(len(chosen.others))
    elif chosen.joined:
        return {}
    if not _tells_no_overlap(counted, inside, smallest):
        return {}
    reasons = Counter(people.reasons[one] for one in left)
    return together(reasons, smallest=smallest) or ({OTHERS: len(left)} if left else {})


def _of_forms(people: People, written: Mapping[str, int], smallest: int) -> dict[str, int]:
    """Responses by language of the form, unless those without a comment would stand out."""
    counts = {language: people.languages.get(language, 0) for language in OFFICIAL}
    if min(counts.values()) < smallest:
        return {}
    if any(0 < abs(n - written.get(name, n)) < smallest for name, n in counts.items()):
        return {}
    return counts
