"""Counts that stand alone, in one row, or make one total."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)

# Reasons, ways of answering: what is left of a list of counts, told together.
OTHERS = "others"
# Fewer people than this are counted, not compared: no shares of them, no differences.
SMALLEST_BASE = 30


def total_told(total: int, *, smallest: int) -> int | None:
    """A count by itself; None where no more may be said than that it is below the cell."""
    return total if total >= smallest else None


def whole_told(whole: int, part: int, *, smallest: int) -> int | None:
    """A count beside one of its parts that is published; None where few are left."""
    return None if 0 < whole - part < smallest else whole


def shares_told(
    counts: Mapping[Name, int], *, smallest: int, is_growing: bool = False
) -> dict[Name, float]:
    """The share of each of a list of counts, to be shown in hundredths; empty where one is few.

    While people still answer (``is_growing``) only where one in a hundred is as many as the cell:
    otherwise whoever looked before and after a person answered would know which count is theirs.
    """
    total = sum(counts.values())
    if not total or min(counts.values()) < smallest or (is_growing and total < 100 * smallest):
        return {}
    return {name: n / total for name, n in counts.items()}


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
