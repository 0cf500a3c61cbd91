"""Small counts that must not be published, and those that would give them away.

Pure. A count of people below the department's smallest cell is hidden, and where a total would let
a reader work it out, so is the next smallest beside it (complementary suppression, as the federal
tribunals and Statistics Canada do it).
"""

from __future__ import annotations

from collections.abc import Sequence


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
