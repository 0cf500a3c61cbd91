"""What is hidden stays hidden from somebody who has everything that is published."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import protect


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        # The worked example of a federal tribunal, smallest cell 20.
        ((304, 125, 26, 20), (304, 125, 26, 20)),
        ((28, 45, 7, 12), (28, 45, None, None)),
        ((70, 29, 7, 21), (70, 29, None, None)),
        ((5, 3, 1, 1), (None, None, None, None)),
    ],
)
def test_the_published_example_comes_out_as_published(
    row: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    assert protect(row, smallest=20) == shown


def test_a_department_that_hides_nothing_shows_everything() -> None:
    assert protect((0, 1, 99), smallest=0, everyone=(0, 1, 100)) == (0, 1, 99)


def test_those_outside_the_row_are_not_found_by_subtraction() -> None:
    # 3 of the 43 who said no did not write about the theme: 43 - 40 would tell.
    shown = protect((40, 60, 80), smallest=10, everyone=(43, 200, 300))
    assert shown[0] is None
    assert shown[1] is None
    assert shown[2] == 80


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), min_size=2, max_size=3),
    st.sampled_from([3, 5]),
)
def test_nobody_who_adds_and_subtracts_pins_down_a_hidden_count(
    pairs: list[tuple[int, int]], smallest: int
) -> None:
    row = [inside for inside, _ in pairs]
    whole = [inside + outside for inside, outside in pairs]
    shown_whole = protect(whole, smallest=smallest)
    shown = protect(row, smallest=smallest, everyone=whole)
    for n, seen in zip(row, shown, strict=True):
        assert seen in (None, n)
        assert seen is None or seen >= smallest
    if all(seen is not None for seen in shown) or all(seen is None for seen in shown):
        return
    # The attacker tries every table of two rows that gives what is published.
    spans: list[set[int]] = [set() for _ in row]
    left = sum(whole) - sum(n for n in shown_whole if n is not None)
    tops = [left if n is None else n for n in shown_whole]
    ranges = [[n] if n is not None else range(top + 1) for n, top in zip(shown, tops, strict=True)]
    for guess in itertools.product(*ranges):
        if sum(guess) == sum(row):
            for i, n in enumerate(guess):
                spans[i].add(n)
    for seen, span in zip(shown, spans, strict=True):
        assert seen is not None or len(span) >= smallest
