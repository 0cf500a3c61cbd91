"""Ward's tree over rows: every number of groups at once, each cut corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.pipeline.vectors.embedder import Vectors

from .partitions import Labels, centroids, nearest_middle, sums

# Ward's tree is quadratic: above this many passages it is built over that many small groups of
# passages instead. 500, 600, 1,000 and 2,000 agree with people's labels alike.
_TREE_LEAVES = 600
# Rounds in which passages move to the nearest middle after a cut. One, two, four and ten agree
# with people's labels alike.
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Tree:
    """Ward's tree: ``leaf`` (n,) small group of each row, ``joins`` (m - 1, 2), nearest first.

    A join puts the second group into the first.
    """

    leaf: Labels
    joins: NDArray[np.int64]

    def cuts(self, numbers: Sequence[int]) -> Iterator[tuple[int, Labels]]:
        """(number of groups, labels (n,)) for each number asked for, the largest first."""
        groups = np.arange(len(self.joins) + 1)
        wanted = {min(number, len(groups)) for number in numbers}
        if len(groups) in wanted:
            yield len(groups), self.leaf
        for done, (first, second) in enumerate(self.joins.tolist(), start=1):
            groups[groups == second] = first
            left = len(groups) - done
            if left in wanted:
                yield left, np.unique(groups, return_inverse=True)[1][self.leaf]


def tree_of(rows: Vectors, weights: NDArray[np.float64] | None = None) -> Tree:
    """The tree over rows, or over ``_TREE_LEAVES`` small groups of them where there are more."""
    leaf = _small_groups(rows, _TREE_LEAVES)
    sizes = np.bincount(leaf).astype(np.float64) if weights is None else weights
    middles = sums(rows, leaf) / sizes[:, None] if weights is None else rows
    return Tree(leaf, _ward(middles.astype(np.float64), sizes))


def _small_groups(rows: Vectors, at_most: int) -> Labels:
    """Labels (n,) of small groups of near rows: four rounds of spherical k-means.

    The start is every so-manieth row. Passages are in the order of their normal form, so that is
    an even sample of what was said, and the same every time.
    """
    n = len(rows)
    if n <= at_most:
        return np.arange(n)
    middles = rows[np.linspace(0, n - 1, at_most).astype(np.int64)]
    labels = np.zeros(n, dtype=np.int64)
    for _ in range(4):
        labels = np.unique(nearest_middle(rows, middles), return_inverse=True)[1]
        middles = centroids(rows, labels)
    return labels


def _ward(middles: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Joins (m - 1, 2) of Ward's method over weighted points, nearest first.

    Nearest-neighbour chains with the update of Lance and Williams (Murtagh and Contreras 2012):
    the same tree as joining the nearest pair each time, in quadratic time.
    """
    m = len(middles)
    square = np.einsum("ij,ij->i", middles, middles)
    between = square[:, None] + square[None, :] - 2 * (middles @ middles.T)
    np.maximum(between, 0, out=between)
    sizes = sizes.copy()
    between *= sizes[:, None] * sizes[None, :] / (sizes[:, None] + sizes[None, :])
    np.fill_diagonal(between, np.inf)
    there = np.ones(m, dtype=bool)
    joins = np.empty((max(m - 1, 0), 2), dtype=np.int64)
    heights = np.empty(len(joins))
    chain: list[int] = []
    for number in range(len(joins)):
        if not chain:
            chain.append(int(there.argmax()))
        while True:
            here = between[chain[-1]]
            closest = int(here.argmin())
            if len(chain) > 1 and here[chain[-2]] <= here[closest]:
                break
            chain.append(closest)
        second, first = sorted((chain.pop(), chain.pop()), reverse=True)
        height = between[first, second]
        joined = sizes[first] + sizes[second]
        update = (
            (sizes[first] + sizes) * between[first]
            + (sizes[second] + sizes) * between[second]
            - sizes * height
        ) / (joined + sizes)
        there[second] = False
        update[~there] = np.inf
        update[first] = np.inf
        between[second] = between[:, second] = np.inf
        between[first] = between[:, first] = update
        sizes[first] = joined
        joins[number] = first, second
        heights[number] = height
    order = np.argsort(heights, kind="stable")
    result: NDArray[np.int64] = joins[order]
    return result


def settled(rows: Vectors, labels: Labels) -> Labels:
    """Labels after passages moved to the nearest middle; a group nobody stays in is gone."""
    for _ in range(_ROUNDS):
        labels = np.unique(nearest_middle(rows, centroids(rows, labels)), return_inverse=True)[1]
    return labels


def cut(rows: Vectors, number: int) -> Labels:
    """Labels (n,) of ``number`` groups of the rows."""
    if len(rows) <= number:
        return np.arange(len(rows))
    return settled(rows, next(tree_of(rows).cuts([number]))[1])
