"""Themes divided: by language, by letters, into parts; and those in none by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from analysis.figures.disclosure.audit import Row
from analysis.figures.disclosure.counts import OTHERS, together
from analysis.figures.disclosure.people import People
from analysis.figures.disclosure.tables import Table, protect_table
from analysis.figures.disclosure.themes import Chosen, tells_no_overlap

OFFICIAL = ("en", "fr")


def written(people: People, smallest: int) -> dict[int, str]:
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


def by_language(
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


def letters(
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


def parts(
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


def unthemed(
    everyone: frozenset[int],
    themes: Mapping[str, frozenset[int]],
    people: People,
    chosen: Chosen,
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
    if not tells_no_overlap(counted, inside, smallest):
        return {}
    reasons = Counter(people.reasons[one] for one in left)
    return together(reasons, smallest=smallest) or ({OTHERS: len(left)} if left else {})


def of_forms(people: People, written: Mapping[str, int], smallest: int) -> dict[str, int]:
    """Responses by language of the form, unless those without a comment would stand out."""
    counts = {language: people.languages.get(language, 0) for language in OFFICIAL}
    if min(counts.values()) < smallest:
        return {}
    if any(0 < abs(n - written.get(name, n)) < smallest for name, n in counts.items()):
        return {}
    return counts
