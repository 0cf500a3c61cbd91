"""Themes: communities of the passage graph, at the granularity the corpus itself supports.

No number of themes is asked for and nothing is left to chance:

1. **Smooth.** Each passage takes on a little of what its neighbours in the graph mean, a few times
   over (a lazy random walk on the graph of shared neighbours; Zhang et al. 2019, "Attributed graph
   clustering via adaptive graph convolution"). What people said in passing evens out; what
   neighbours have in common stays.
2. **Join.** Ward's tree over the smoothed passages gives every number of themes at once, and each
   cut of it is corrected by letting passages move to the nearest middle.
3. **Choose.** Each level is judged without labels: links inside themes against what chance would
   give (modularity, Newman and Girvan 2004) plus how far themes stand apart (silhouette, Rousseeuw
   1987), less a price for every doubling of their number.
4. **Doubt.** A fifth of the answers is left out, several times over, and all of it is done again:
   what does not come back is not reported as certain.

Passages of one answer resemble each other because one person wrote them in one sitting. They may be
neighbours, but how far themes stand apart is measured between answers only, and it is answers that
are left out: otherwise every long answer would be a theme.

The result always has two levels. Where the fitting level has more themes than a person can hold in
mind, it becomes the lower one and its themes are joined by the same tree and the same judgement
under at most ``top_themes``. Where it has few, each large theme is shown with its parts when it has
parts that stand apart and come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.metrics import adjusted_rand_score
from sklearn.utils.validation import validate_data

from analysis.pipeline.config import Config
from analysis.pipeline.vectors.embedder import Vectors, unit
from analysis.pipeline.workers import spread_where_cheap

from .neighbours import Graph, nearest, principal, shared_neighbours

Labels = NDArray[np.int64]

# Ward's tree is quadratic: above this many passages it is built over that many small groups of
# passages instead. 500, 600, 1,000 and 2,000 agree with people's labels alike.
_TREE_LEAVES = 600
# Rounds in which passages move to the nearest middle after a cut. One, two, four and ten agree
# with people's labels alike.
_ROUNDS = 2
# Rows on which silhouettes are taken.
_SILHOUETTE_ROWS = 1_500
# Levels tried: each has a fifth more themes than the one before.
_STEP = 1.2
# The search ends when a level with this many times the themes of the best is no better: silhouette
# rises without end as groups shrink to pairs.
_PATIENCE = 4.0
# Corpora without themes drawn to know what chance does, and their most rows.
_SHAPELESS = 2
_SHAPELESS_ROWS = 600
# Levels this near the best are as good, and the broadest is read in the least time. 0 to 0.004
# agree with people's labels alike on the six sets; on other cuts of them mean ARI is .586 at 0,
# .599 at 0.002, .611 at 0.004.
_AS_GOOD = 0.003
# What a silhouette counts against modularity; 1.5 to 3 choose alike.
_SEPARATION_WEIGHT = 2.5
# Most parts shown below one theme.
_PARTS = 8
_BLOCK = 4_096
# Passages from which several processes resample in less time than one.
_SPREAD_FROM = 2_000


@dataclass(frozen=True, slots=True)
class Grouping:
    """Two levels of themes over n passages.

    ``leaf`` and ``top`` are (n,) labels from 0, -1 for a passage that fits no theme; every leaf
    lies in one top theme. ``fits`` is 1 when the top level is the one the corpus supports and 2
    when it is the leaves. ``stability``, ``separation`` (mean silhouette) and ``modularity`` are of
    the fitting level, ``by_chance`` is the separation that many groups have in a corpus without
    themes;
    ``leaf_stability`` and ``top_stability`` the share of each theme that comes back. Stabilities
    are in [0, 1], separations in [-1, 1].
    """

    leaf: Labels
    top: Labels
    fits: int
    stability: float
    separation: float
    by_chance: float
    modularity: float
    leaf_stability: tuple[float, ...]
    top_stability: tuple[float, ...]


class ThemeClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Themes of rows of features, as a scikit-learn estimator; ``group`` is what the pipeline uses.

    After ``fit``: ``labels_`` (n,) of the level that fits, ``leaf_labels_``, ``top_labels_``,
    ``stability_``, ``separation_`` and ``grouping_``. ``config=None`` is the default Config.
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Group the rows of ``X`` (n, d). Raises ValueError for fewer than two rows."""
        rows = validate_data(self, X, dtype=np.float32, ensure_min_samples=2)
        self.grouping_ = group(unit(rows), self.config or Config())
        self.leaf_labels_, self.top_labels_ = self.grouping_.leaf, self.grouping_.top
        self.labels_ = fitting(self.grouping_)
        self.stability_, self.separation_ = self.grouping_.stability, self.grouping_.separation
        return self


def fitting(grouping: Grouping) -> Labels:
    """Labels (n,) of the level the corpus supports."""
    return grouping.leaf if grouping.fits == 2 else grouping.top


def by_size(labels: Labels) -> Labels:
    """The same partition numbered from the largest group; ties by first member. -1 stays."""
    values, first, place, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    ranked = np.lexsort((first, -counts))
    ranked = ranked[values[ranked] >= 0]
    number = np.full(len(values), -1, dtype=np.int64)
    number[ranked] = np.arange(len(ranked))
    return number[place]


def sums(rows: Vectors, labels: Labels) -> Vectors:
    """(number of labels, d) sums of the rows of each label from 0."""
    inside = np.flatnonzero(labels >= 0)
    member = sparse.csr_matrix(
        (np.ones(len(inside), dtype=np.float32), (labels[inside], inside)),
        shape=(int(labels.max(initial=-1)) + 1, len(rows)),
    )
    result: Vectors = member @ rows
    return result


def centroids(rows: Vectors, labels: Labels) -> Vectors:
    """(number of labels, d) unit means of the rows of each label from 0."""
    return unit(sums(rows, labels))


def granularities(n: int, config: Config) -> tuple[int, ...]:
    """The lengths of neighbour lists for n passages: a quarter, a half and all of ``neighbours``.

    None is over a tenth of a small corpus: thirty neighbours of a hundred passages are everybody.
    """
    longest = min(n - 1, max(6, n // 10))
    return tuple(sorted({min(longest, max(2, config.neighbours // share)) for share in (4, 2, 1)}))


@dataclass(frozen=True, slots=True)
class _Space:
    """The passages, the answer each is from, their neighbour lists, their graph, and what they mean
    after smoothing.
    """

    rows: Vectors
    answers: Labels
    lists: NDArray[np.int32]
    ks: tuple[int, ...]
    links: sparse.csr_matrix
    smooth: Vectors


def _space(rows: Vectors, answers: Labels, config: Config) -> _Space:
    rows = principal(rows, config.dimensions)
    ks = granularities(len(rows), config)
    # Lists are longer than the graph needs, so that a resampled corpus can be had from them.
    longest = round(max(ks) / max(config.resample_share, 0.5)) + 5
    lists = nearest(rows, min(len(rows) - 1, longest), processes=config.processes)
    links = _links(shared_neighbours(lists, ks))
    return _Space(rows, answers, lists, ks, links, _smoothed(rows, links, config.smoothing))


def _without(space: _Space, kept: NDArray[np.int64], config: Config) -> Vectors:
    """What the kept passages mean after smoothing, as if nobody had said the others."""
    lists = _restricted(space.lists, kept, max(space.ks))
    links = _links(shared_neighbours(lists, tuple(min(k, lists.shape[1]) for k in space.ks)))
    return _smoothed(space.rows[kept], links, config.smoothing)


def _links(graph: Graph) -> sparse.csr_matrix:
    """The symmetric (n, n) matrix of a graph's weights."""
    half = sparse.coo_matrix(
        (graph.weight.astype(np.float32), (graph.first, graph.second)), shape=(graph.n, graph.n)
    )
    return (half + half.T).tocsr()


def _smoothed(rows: Vectors, links: sparse.csr_matrix, steps: int) -> Vectors:
    """Unit rows after ``steps`` of half staying and half taking the mean of the neighbours."""
    strength = np.sqrt(np.asarray(links.sum(axis=1)).ravel())
    scale = sparse.diags(
        np.divide(1.0, strength, out=np.zeros_like(strength), where=strength > 0).astype(np.float32)
    )
    walk = (scale @ links @ scale).tocsr()
    # Who has no neighbour keeps what they said.
    stay = np.where(strength > 0, 0.5, 1.0).astype(np.float32)[:, None]
    result = rows
    for _ in range(steps):
        result = stay * result + np.float32(0.5) * (walk @ result)
    return unit(result)


def _restricted(
    lists: NDArray[np.int32], kept: NDArray[np.int64], longest: int
) -> NDArray[np.int32]:
    """Neighbour lists of the kept passages alone, from the lists of all."""
    new = np.full(len(lists), -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    mapped = new[lists[kept]]
    width = min(longest, mapped.shape[1])
    order = np.argsort(mapped < 0, axis=1, kind="stable")[:, :width]
    chosen = np.take_along_axis(mapped, order, axis=1)
    # A list cut short repeats its first neighbour, and a passage that lost all of them knows only
    # itself: neither makes an edge that was not there.
    lonely = chosen[:, 0] < 0
    chosen[lonely, 0] = np.flatnonzero(lonely).astype(np.int32)
    return np.where(chosen < 0, chosen[:, :1], chosen)


@dataclass(frozen=True, slots=True)
class _Tree:
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


def _tree(rows: Vectors, weights: NDArray[np.float64] | None = None) -> _Tree:
    """The tree over rows, or over ``_TREE_LEAVES`` small groups of them where there are more."""
    leaf = _small_groups(rows, _TREE_LEAVES)
    sizes = np.bincount(leaf).astype(np.float64) if weights is None else weights
    middles = sums(rows, leaf) / sizes[:, None] if weights is None else rows
    return _Tree(leaf, _ward(middles.astype(np.float64), sizes))


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
        labels = np.unique(_closest(rows, middles), return_inverse=True)[1]
        middles = centroids(rows, labels)
    return labels


def _closest(rows: Vectors, middles: Vectors) -> Labels:
    """The row of ``middles`` nearest to each row, by dot product."""
    result = np.empty(len(rows), dtype=np.int64)
    for start in range(0, len(rows), _BLOCK):
        result[start : start + _BLOCK] = (rows[start : start + _BLOCK] @ middles.T).argmax(axis=1)
    return result


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


def _settled(rows: Vectors, labels: Labels) -> Labels:
    """Labels after passages moved to the nearest middle; a group nobody stays in is gone."""
    for _ in range(_ROUNDS):
        labels = np.unique(_closest(rows, centroids(rows, labels)), return_inverse=True)[1]
    return labels


def modularity(links: sparse.csr_matrix, labels: Labels) -> float:
    """Share of the weight that lies inside groups, less what chance would put there."""
    member = sparse.csr_matrix(
        (np.ones(len(labels), dtype=np.float32), (labels, np.arange(len(labels)))),
        shape=(int(labels.max(initial=-1)) + 1, len(labels)),
    )
    between = (member @ links @ member.T).toarray().astype(np.float64)
    total = max(float(between.sum()), 1e-12)
    return float(np.trace(between) / total - ((between.sum(axis=1) / total) ** 2).sum())


@dataclass(frozen=True, slots=True)
class _Apart:
    """Silhouettes on a fixed, even choice of rows: similarities are taken once for all levels.

    A row is compared with rows of other answers only: ``same`` marks those of its own, itself among
    them, whose similarity is put to 0.
    """

    chosen: NDArray[np.int64]
    similar: Vectors
    same: sparse.csr_matrix

    @classmethod
    def of(cls, rows: Vectors, answers: Labels) -> _Apart:
        chosen = np.linspace(0, len(rows) - 1, min(len(rows), _SILHOUETTE_ROWS)).astype(np.int64)
        own = np.unique(answers[chosen], return_inverse=True)[1]
        member = sparse.csr_matrix(
            (np.ones(len(own), dtype=np.float32), (np.arange(len(own)), own))
        )
        same = (member @ member.T).tocsr()
        similar = rows[chosen] @ rows[chosen].T
        similar[same.nonzero()] = 0
        return cls(chosen, similar, same)

    def __call__(self, labels: Labels) -> float:
        """Mean silhouette by cosine, in [-1, 1]; 0 for one group. Who has no company counts 0."""
        inside = np.flatnonzero(labels[self.chosen] >= 0)
        kinds, own = np.unique(labels[self.chosen[inside]], return_inverse=True)
        if len(kinds) < 2:
            return 0.0
        here = np.arange(len(inside))
        member = np.zeros((len(inside), len(kinds)), dtype=np.float32)
        member[here, own] = 1
        similar, same = self.similar, self.same
        if len(inside) < len(self.chosen):
            similar, same = similar[inside][:, inside], same[inside][:, inside]
        counts = member.sum(axis=0) - same @ member
        distance = np.where(counts > 0, 1 - (similar @ member) / np.maximum(counts, 1), np.inf)
        mine = distance[here, own]
        distance[here, own] = np.inf
        nearest_other = distance.min(axis=1)
        known = np.isfinite(mine) & np.isfinite(nearest_other)
        mine, nearest_other = mine[known], nearest_other[known]
        value = (nearest_other - mine) / np.maximum(np.maximum(nearest_other, mine), 1e-9)
        return float(value.sum() / len(inside))


def _levels(n: int) -> list[int]:
    """Numbers of themes to try, from two to one for every five passages, at most 200."""
    found = [2]
    while (following := max(found[-1] + 1, round(found[-1] * _STEP))) <= min(n // 5, 200):
        found.append(following)
    return found


def _choose(
    space: _Space, apart: _Apart, config: Config, report: Callable[[float], None]
) -> tuple[int, Labels]:
    """The number of groups the tree is cut at and the labels of the level that fits."""
    numbers = _levels(len(space.rows))
    cuts = dict(_tree(space.smooth).cuts(numbers))
    levels: list[tuple[float, int, Labels]] = []
    most, themes_of_most = -np.inf, 1
    for number in sorted(cuts):
        if number > _PATIENCE * themes_of_most and themes_of_most > 1:
            break
        labels = _settled(space.smooth, cuts[number])
        count = int(labels.max(initial=0)) + 1
        report(min(1.0, number / numbers[-1]))
        if count < 2:
            continue
        score = (
            modularity(space.links, labels)
            + _SEPARATION_WEIGHT * apart(labels)
            - config.finer_price * float(np.log2(count))
        )
        levels.append((score, number, labels))
        if score > most:
            most, themes_of_most = score, count
    for score, number, labels in levels:
        if score >= most - _AS_GOOD:
            return number, labels
    return 1, np.zeros(len(space.rows), dtype=np.int64)


def _attach_small(rows: Vectors, labels: Labels, minimum: int) -> Labels:
    """Groups smaller than ``minimum`` passages go, passage by passage, to the nearest large one.

    Only when the passage is nearer to its middle than most members are not, that is above their
    lowest tenth; otherwise it fits none (-1).
    """
    counts = np.bincount(labels)
    if counts.max() < minimum or counts.min() >= minimum:
        return by_size(labels)
    kept = by_size(np.where(counts[labels] >= minimum, labels, -1))
    middles = centroids(rows, kept)
    inside, outside = np.flatnonzero(kept >= 0), np.flatnonzero(kept < 0)
    own = np.einsum("ij,ij->i", rows[inside], middles[kept[inside]])
    floor = np.asarray([np.quantile(own[kept[inside] == k], 0.1) for k in range(len(middles))])
    similar = rows[outside] @ middles.T
    best = similar.argmax(axis=1)
    kept[outside] = np.where(similar[np.arange(len(outside)), best] >= floor[best], best, -1)
    return by_size(kept)


def _joined(space: _Space, labels: Labels, apart: _Apart, config: Config) -> Labels:
    """Top themes (n,), at most ``top_themes``, each made of whole themes of ``labels``."""
    inside = labels >= 0
    counts = np.bincount(labels[inside]).astype(np.float64)
    tree = _tree((sums(space.smooth, labels) / counts[:, None]).astype(np.float32), counts)
    best, best_score = labels, -np.inf
    for number, parent in tree.cuts(range(max(2, config.top_themes // 2), config.top_themes + 1)):
        top = np.where(inside, parent[np.maximum(labels, 0)], -1)
        score = (
            modularity(space.links[inside][:, inside], top[inside])
            + _SEPARATION_WEIGHT * apart(top)
            - config.finer_price * float(np.log2(number))
        )
        if score > best_score:
            best, best_score = top, score
    return by_size(best)


def _parts(space: _Space, top: Labels, config: Config) -> dict[int, Labels]:
    """For each large theme that has parts which stand apart, the part (members,) of each member."""
    found: dict[int, Labels] = {}
    for theme in range(int(top.max(initial=-1)) + 1):
        members = np.flatnonzero(top == theme)
        if len(members) < config.split_minimum_size:
            continue
        minimum = max(config.theme_minimum_size, 5, len(members) // 12)
        apart = _Apart.of(space.rows[members], space.answers[members])
        links = space.links[members][:, members]
        best, best_score = None, -np.inf
        for number, parts in _tree(space.smooth[members]).cuts(range(2, _PARTS + 1)):
            parts = _settled(space.smooth[members], parts)
            if np.bincount(parts).min() < minimum or parts.max() == 0:
                continue
            distance = apart(parts)
            score = (
                modularity(links, parts)
                + _SEPARATION_WEIGHT * distance
                - config.finer_price * float(np.log2(number))
            )
            if score > best_score and distance >= config.split_separation:
                best, best_score = by_size(parts), score
        if best is not None:
            found[theme] = best
    return found


def _cut(rows: Vectors, number: int) -> Labels:
    """Labels (n,) of ``number`` groups of the rows."""
    if len(rows) <= number:
        return np.arange(len(rows))
    return _settled(rows, next(_tree(rows).cuts([number]))[1])


def _left(answers: Labels, config: Config) -> list[NDArray[np.int64]]:
    """The passages that are left without a share of the answers, ``resamples`` times: the same
    ones every time.
    """
    kinds, answer = np.unique(answers, return_inverse=True)
    number = max(2, round(len(kinds) * config.resample_share))
    found = []
    for turn in range(config.resamples):
        chosen = np.zeros(len(kinds), dtype=bool)
        chosen[np.random.default_rng([0, turn]).permutation(len(kinds))[:number]] = True
        found.append(np.flatnonzero(chosen[answer]))
    return found


@dataclass(frozen=True, slots=True)
class _Doubt:
    """What came back when answers were left out: of the level, of each theme, of the themes that
    have parts, and of each part. Shares in [0, 1].
    """

    agreement: float
    themes: NDArray[np.float64]
    split: dict[int, float]
    parts: dict[int, NDArray[np.float64]]


def _doubted(
    space: _Space, labels: Labels, number: int, parts: dict[int, Labels], config: Config
) -> _Doubt:
    """How well themes and parts come back when a share of the answers is left out.

    The mean adjusted Rand index of the level, and of the parts of each theme that has some; for
    each theme and part the mean of its best match.
    """
    pieces = [(space, kept, labels, number, parts, config) for kept in _left(space.answers, config)]
    many = len(labels) >= _SPREAD_FROM
    doubts = list(spread_where_cheap(_doubt, pieces, config.processes, enough=many))
    turns = max(len(doubts), 1)
    themes = np.zeros(int(labels.max(initial=-1)) + 1)
    return _Doubt(
        sum(doubt.agreement for doubt in doubts) / turns,
        sum((doubt.themes for doubt in doubts), themes) / turns,
        {theme: sum(doubt.split[theme] for doubt in doubts) / turns for theme in parts},
        {
            theme: sum((d.parts[theme] for d in doubts), np.zeros(int(own.max()) + 1)) / turns
            for theme, own in parts.items()
        },
    )


def _doubt(
    piece: tuple[_Space, NDArray[np.int64], Labels, int, dict[int, Labels], Config],
) -> _Doubt:
    """What comes back where only some passages are left."""
    space, kept, labels, number, parts, config = piece
    smooth = _without(space, kept, config)
    found, before = _cut(smooth, number), labels[kept]
    inside = before >= 0
    split: dict[int, float] = {}
    of_parts: dict[int, NDArray[np.float64]] = {}
    for theme, own in parts.items():
        everyone = np.full(len(labels), -1, dtype=np.int64)
        everyone[labels == theme] = own
        mine = np.flatnonzero(before == theme)
        count = int(own.max()) + 1
        again = _cut(smooth[mine], count)
        split[theme] = float(adjusted_rand_score(everyone[kept[mine]], again))
        of_parts[theme] = _matches(everyone[kept[mine]], again, count)
    return _Doubt(
        float(adjusted_rand_score(before[inside], found[inside])),
        _matches(before, found, int(labels.max(initial=-1)) + 1),
        split,
        of_parts,
    )


def _matches(before: Labels, found: Labels, count: int) -> NDArray[np.float64]:
    """(count,) Jaccard similarity of each label of ``before`` with the group most like it.

    Hennig 2007, "Cluster-wise assessment of cluster stability".
    """
    inside = before >= 0
    table = np.zeros((count, int(found.max(initial=0)) + 1))
    np.add.at(table, (before[inside], found[inside]), 1)
    union = table.sum(axis=1, keepdims=True) + np.bincount(found)[None, :] - table
    result: NDArray[np.float64] = (table / np.maximum(union, 1)).max(axis=1)
    return result


def _by_chance(space: _Space, number: int, config: Config) -> float:
    """Mean separation of as many groups in corpora that have the same spread but no themes.

    Rows drawn from one normal cloud with the corpus's own covariance, grouped the same way: near
    neighbours, and groups of them, are found in anything (Sarle 1983; Liu et al. 2008, "Statistical
    significance of clustering").
    """
    spread = space.rows.T @ space.rows / len(space.rows)
    values, directions = np.linalg.eigh(spread.astype(np.float64))
    axes = (directions * np.sqrt(np.maximum(values, 0))).T
    n = min(len(space.rows), _SHAPELESS_ROWS)
    found: list[float] = []
    for turn in range(_SHAPELESS):
        drawn = np.random.default_rng([0, turn]).standard_normal((n, len(values))) @ axes
        cloud = _space(drawn.astype(np.float32), np.arange(n), config)
        labels = _cut(cloud.smooth, min(number, n // 2))
        found.append(_Apart.of(cloud.rows, cloud.answers)(labels))
    return float(np.mean(found))


def group(
    rows: Vectors,
    config: Config,
    report: Callable[[float], None] = lambda share: None,
    *,
    answers: Labels | None = None,
) -> Grouping:
    """Themes of the passages with features ``rows`` (n, d), on two levels.

    ``answers`` (n,) numbers the answer each passage is from; without it each is one of its own. The
    rows' order decides only where everything else is equal; the pipeline sorts passages first.
    """
    space = _space(rows, np.arange(len(rows)) if answers is None else answers, config)
    apart = _Apart.of(space.rows, space.answers)
    report(0.3)
    number, labels = _choose(space, apart, config, lambda share: report(0.3 + 0.3 * share))
    labels = _attach_small(space.smooth, labels, config.theme_minimum_size)
    many = int(labels.max(initial=-1)) + 1 > config.top_themes
    parts = {} if many else _parts(space, labels, config)
    report(0.65)
    doubt = _doubted(space, labels, number, parts, config)
    inside = labels >= 0
    measured = (
        doubt.agreement,
        apart(labels),
        _by_chance(space, number, config),
        modularity(space.links[inside][:, inside], labels[inside]),
    )
    if many:
        top = _joined(space, labels, apart, config)
        whole = np.bincount(top[inside], doubt.themes[labels[inside]]) / np.bincount(top[inside])
        return Grouping(
            labels, top, 2, *measured, tuple(doubt.themes.tolist()), tuple(whole.tolist())
        )
    leaf = labels * _PARTS
    comes_back = {theme * _PARTS: share for theme, share in enumerate(doubt.themes.tolist())}
    for theme, own in parts.items():
        if doubt.split[theme] >= config.split_stability:
            leaf[labels == theme] += own
            for part, share in enumerate(doubt.parts[theme].tolist()):
                comes_back[theme * _PARTS + part] = share
    found, leaf = np.unique(np.where(labels < 0, -1, leaf), return_inverse=True)
    if found[0] < 0:
        found, leaf = found[1:], leaf - 1
    of_leaves = tuple(comes_back[leaf] for leaf in found.tolist())
    return Grouping(leaf, labels, 1, *measured, of_leaves, tuple(doubt.themes.tolist()))
