"""Which themes have a count of their own, and who is counted together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


def is_nearly_all(n: int, whole: int, smallest: int) -> bool:
    return whole - n < smallest


def least_count(n: int, whole: int, smallest: int) -> tuple[int, bool]:
    """A count of ``whole`` people as it may be told, and whether that is only the least."""
    if is_nearly_all(n, whole, smallest):
        return whole - smallest, True
    return n, False


def may_be_told(n: int, whole: int, smallest: int) -> bool:
    """Whether a group is not small, nor so large in so few that the least to be told were small."""
    return n >= max(1, smallest) and least_count(n, whole, smallest)[0] >= smallest


@dataclass(slots=True)
class Chosen:
    """Which themes have a count of their own, largest first, and who is counted together."""

    told: list[str]
    joined: tuple[str, ...]
    others: frozenset[int] | None
    hold_unthemed: bool


def choose(everyone: frozenset[int], themes: Mapping[str, frozenset[int]], smallest: int) -> Chosen:
    order = {code: at for at, code in enumerate(themes)}
    ordered = sorted(themes, key=lambda code: (-len(themes[code]), order[code]))
    told = [code for code in ordered if may_be_told(len(themes[code]), len(everyone), smallest)]
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
    masked = any(is_nearly_all(len(themes[code]), len(everyone), smallest) for code in told)
    # Where people are in several, no subtraction gives those in none: nobody has to join them.
    counted = sum(len(themes[code]) for code in told) + len(others)
    is_exact = not masked and counted == len(everyone) - len(left)
    if left and (0 < len(others) < smallest or (len(left) < smallest and is_exact)):
        hold_unthemed = True
        others |= left
        while len(others) < smallest and len(told) > 1:
            join_next()
    named = tuple(reversed(joined))
    if not may_be_told(len(others), len(everyone), smallest):
        return Chosen(told, named, None, False)
    sizes = [*(len(themes[code]) for code in told), len(others)]
    # One of them told as the least does not say how often people are in more than one.
    if hold_unthemed and not masked and not tells_no_overlap(sizes, len(everyone), smallest):
        return Chosen(told, named, None, False)
    return Chosen(told, named, others, hold_unthemed)


def tells_no_overlap(sizes: Sequence[int], covered: int, smallest: int) -> bool:
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
