"""Communities of the passage graph, at the granularity the corpus itself supports.

Leiden (Traag, Waltman and van Eck 2019) on modularity with a resolution: no number of themes is
asked for. No one resolution fits every corpus, so a path from broad to fine is judged without
labels: the broad end is taken unless finer themes stand clearly further apart (silhouette), by a
stated amount for every doubling of their number.

The result always has two levels. Where the fitting level has more themes than a person can hold in
mind, it becomes the lower one and its themes are joined, nearest first, under at most
``top_themes``. Where it has few, each large theme is shown with its parts when it has parts that
come back under resampling.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import igraph
import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, silhouette_score

from .config import Config
from .embedders import Vectors, unit
from .neighbours import Graph, nearest, shared_neighbours

Labels = NDArray[np.int64]

# Starts of each search for communities; the best of them is kept, which is what makes two seeds
# agree.
_STARTS = 4
_SILHOUETTE_ROWS = 2_500


@dataclass(frozen=True, slots=True)
class Grouping:
    """Two levels of themes over n passages.

    ``leaf`` and ``top`` are (n,) labels from 0, -1 for a passage that fits no theme; every leaf
    lies in one top theme. ``fits`` is 1 when the top level is the one the corpus supports and 2
    when it is the leaves. ``stability`` is of the fitting level; ``theme_stability`` of each leaf,
    a part having that of its theme. Both in [0, 1].
    """

    leaf: Labels
    top: Labels
    fits: int
    resolution: float
    stability: float
    theme_stability: tuple[float, ...]


def leiden(graph: Graph, resolution: float, seed: int, *, starts: int = _STARTS) -> Labels:
    """Labels (n,) of the communities at that resolution, largest community first.

    Each start runs until nothing improves; the best by modularity is kept. The same graph,
    resolution and seed give the same labels in every process.
    """
    made = igraph.Graph(
        n=graph.n, edges=np.column_stack([graph.first, graph.second]), directed=False
    )
    weights = graph.weight.tolist()
    if not weights:
        return np.arange(graph.n, dtype=np.int64)
    best: tuple[float, list[int]] | None = None
    # igraph draws from Python's generator; ours is its own, so nobody else's draws disturb it.
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - not a secret
    try:
        for _ in range(starts):
            found = made.community_leiden(
                objective_function="modularity",
                weights=weights,
                resolution=resolution,
                n_iterations=-1,
            ).membership
            quality = made.modularity(found, weights=weights, resolution=resolution)
            if best is None or quality > best[0] + 1e-9:
                best = (quality, found)
    finally:
        igraph.set_random_number_generator(random)
    assert best is not None  # noqa: S101 - starts is at least one
    return by_size(np.asarray(best[1], dtype=np.int64))


def by_size(labels: Labels) -> Labels:
    """The same partition numbered from the largest group; ties by first member. -1 stays."""
    result = np.full(len(labels), -1, dtype=np.int64)
    values, starts, counts = np.unique(labels, return_index=True, return_counts=True)
    ranked = sorted(
        (int(-c), int(s), int(v)) for v, s, c in zip(values, starts, counts, strict=True) if v >= 0
    )
    for rank, (_, _, value) in enumerate(ranked):
        result[labels == value] = rank
    return result


def centroids(rows: Vectors, labels: Labels, weights: NDArray[np.float64] | None = None) -> Vectors:
    """(number of labels, d) unit means of the rows of each label from 0."""
    k = int(labels.max(initial=-1)) + 1
    result = np.zeros((k, rows.shape[1]), dtype=np.float64)
    inside = labels >= 0
    factor = np.ones(len(rows)) if weights is None else weights
    np.add.at(result, labels[inside], rows[inside] * factor[inside, None])
    return unit(result.astype(np.float32))


def granularities(n: int, config: Config) -> tuple[int, ...]:
    """The lengths of neighbour lists for n passages: a quarter, a half and all of ``neighbours``.

    A small corpus takes a tenth of itself instead: forty neighbours of a hundred passages are
    everybody.
    """
    longest = int(np.clip(n // 10, 6, config.neighbours))
    return tuple(
        sorted({min(n - 1, k) for k in (max(3, longest // 4), max(4, longest // 2), longest)})
    )


@dataclass(frozen=True, slots=True)
class _Space:
    """The passages, their neighbour lists and their graph."""

    rows: Vectors
    lists: NDArray[np.int32]
    ks: tuple[int, ...]
    graph: Graph


def _space(rows: Vectors, config: Config) -> _Space:
    ks = granularities(len(rows), config)
    # Lists are longer than the graph needs, so that a resampled corpus can be had from them.
    lists = nearest(rows, min(len(rows) - 1, round(max(ks) / max(config.resample_share, 0.5)) + 5))
    return _Space(rows, lists, ks, shared_neighbours(lists, ks))


def separation(rows: Vectors, labels: Labels, seed: int) -> float:
    """Mean silhouette by cosine, in [-1, 1], on at most 2,500 rows. 0 for one group."""
    inside = np.flatnonzero(labels >= 0)
    if len(inside) > _SILHOUETTE_ROWS:
        inside = np.sort(np.random.default_rng(seed).permutation(inside)[:_SILHOUETTE_ROWS])
    chosen = labels[inside]
    kinds = len(np.unique(chosen))
    if kinds < 2 or kinds >= len(chosen):
        return 0.0
    return float(silhouette_score(rows[inside], chosen, metric="cosine"))


def _choose(space: _Space, config: Config, report: Callable[[float], None]) -> tuple[float, Labels]:
    """The resolution and labels of the level that fits."""
    resolutions = sorted(config.resolutions)
    start, *finer = resolutions
    base = leiden(space.graph, start, config.seed)
    base_apart = separation(space.rows, base, config.seed)
    best, best_gain = (start, base), 0.0
    worse = 0
    for number, resolution in enumerate(finer):
        labels = leiden(space.graph, resolution, config.seed)
        doublings = np.log2((labels.max() + 1) / max(base.max() + 1, 1))
        apart = separation(space.rows, labels, config.seed)
        gain = apart - base_apart - config.finer_price * doublings
        if doublings > 0 and gain > best_gain:
            best, best_gain = (resolution, labels), gain
        # Two steps in a row that stand less far apart than the start: the fine end is noise.
        worse = worse + 1 if apart < base_apart else 0
        report((number + 1) / len(finer))
        if worse == 2:
            break
    return best


def resampled(
    space: _Space, labels: Labels, resolution: float, config: Config
) -> tuple[float, NDArray[np.float64]]:
    """How well ``labels`` come back when a share of the passages is left out.

    Returns the mean adjusted Rand index, and for each label the mean over resamplings of its best
    Jaccard match (Hennig 2007, "Cluster-wise assessment of cluster stability").
    """
    n = len(labels)
    count = int(labels.max(initial=-1)) + 1
    agreements: list[float] = []
    matches = np.zeros(count)
    for turn in range(config.resamples):
        generator = np.random.default_rng([config.seed, turn])
        kept = np.sort(generator.permutation(n)[: max(2, round(n * config.resample_share))])
        again = leiden(
            _restricted(space.lists, kept, space.ks), resolution, config.seed + turn + 1, starts=2
        )
        before = labels[kept]
        inside = before >= 0
        agreements.append(float(adjusted_rand_score(before[inside], again[inside])))
        table = np.zeros((count, int(again.max(initial=0)) + 1))
        np.add.at(table, (before[inside], again[inside]), 1)
        union = table.sum(1, keepdims=True) + np.bincount(again)[None, :] - table
        matches += (table / np.maximum(union, 1)).max(axis=1)
    turns = max(config.resamples, 1)
    return float(np.mean(agreements)) if agreements else 0.0, matches / turns


def _restricted(lists: NDArray[np.int32], kept: NDArray[np.int64], ks: tuple[int, ...]) -> Graph:
    """The shared-neighbour graph of the kept passages alone, from the lists of all."""
    new = np.full(len(lists), -1, dtype=np.int32)
    new[kept] = np.arange(len(kept), dtype=np.int32)
    mapped = new[lists[kept]]
    width = min(max(ks), mapped.shape[1])
    order = np.argsort(mapped < 0, axis=1, kind="stable")[:, :width]
    chosen = np.take_along_axis(mapped, order, axis=1)
    # A list cut short repeats its first neighbour, and a passage that lost all of them knows only
    # itself: neither makes an edge that was not there.
    lonely = chosen[:, 0] < 0
    chosen[lonely, 0] = np.flatnonzero(lonely).astype(np.int32)
    short = chosen < 0
    chosen[short] = np.broadcast_to(chosen[:, :1], chosen.shape)[short]
    return shared_neighbours(chosen, tuple(min(k, width) for k in ks))


def _attach_small(space: _Space, labels: Labels, minimum: int) -> Labels:
    """Groups smaller than ``minimum`` passages go, passage by passage, where their edges lead.

    A passage whose neighbours are all in such groups goes to the nearest large group when it is
    nearer to its middle than most members are not, that is above their lowest tenth; otherwise it
    fits none (-1).
    """
    counts = np.bincount(labels)
    large = np.flatnonzero(counts >= minimum)
    if len(large) == 0 or len(large) == len(counts):
        return labels
    kept = np.where(np.isin(labels, large), labels, -1)
    kept = by_size(kept)
    middles = centroids(space.rows, kept)
    own = np.full(len(labels), -1.0)
    inside = kept >= 0
    own[inside] = np.einsum("ij,ij->i", space.rows[inside], middles[kept[inside]])
    floor = np.asarray([np.quantile(own[kept == k], 0.1) for k in range(len(middles))])
    for index in np.flatnonzero(~inside).tolist():
        similar = space.rows[index] @ middles.T
        best = int(similar.argmax())
        if similar[best] >= floor[best]:
            kept[index] = best
    return by_size(kept)


def join(space: _Space, labels: Labels, at_most: int) -> Labels:
    """Parents (number of labels,) of each label, at most ``at_most``: nearest pairs joined first.

    Nearness is the weight between two groups against what their sizes would give by chance, which
    is what modularity itself counts; larger families wait their turn.
    """
    k = int(labels.max(initial=-1)) + 1
    graph = space.graph
    a, b = labels[graph.first], labels[graph.second]
    use = (a >= 0) & (b >= 0)
    between = np.zeros((k, k))
    np.add.at(between, (a[use], b[use]), graph.weight[use])
    between = between + between.T
    strength = between.sum(axis=1)
    middles = centroids(space.rows, labels).astype(np.float64)
    sizes = np.bincount(labels[labels >= 0], minlength=k).astype(np.float64)
    sums = middles * sizes[:, None]
    parent = np.arange(k)
    alive = list(range(k))
    while len(alive) > at_most:
        total = max(strength[alive].sum(), 1e-12)
        best: tuple[float, int, int] | None = None
        for x, i in enumerate(alive):
            for j in alive[x + 1 :]:
                expected = strength[i] * strength[j] / total
                linked = between[i, j] / max(expected, 1e-12)
                alike = float(
                    sums[i]
                    @ sums[j]
                    / max(float(np.linalg.norm(sums[i]) * np.linalg.norm(sums[j])), 1e-12)
                )
                # Mass decides among equals: two small themes are joined before two large ones.
                score = (np.log1p(linked) + 2 * alike) / np.sqrt(
                    (sizes[i] + sizes[j]) / sizes.sum() + 1 / at_most
                )
                if best is None or score > best[0] + 1e-12:
                    best = (score, i, j)
        assert best is not None  # noqa: S101 - there are at least two alive
        _, i, j = best
        parent[parent == j] = i
        between[i] += between[j]
        between[:, i] += between[:, j]
        strength[i] += strength[j]
        sums[i] += sums[j]
        sizes[i] += sizes[j]
        alive.remove(j)
    return by_size(parent)


def _parts(space: _Space, top: Labels, config: Config) -> Labels:
    """Leaves below each top theme: its own communities, where it has some that stand apart."""
    leaf = np.full(len(top), -1, dtype=np.int64)
    following = 0
    for theme in range(int(top.max(initial=-1)) + 1):
        members = np.flatnonzero(top == theme)
        parts = np.zeros(len(members), dtype=np.int64)
        if len(members) >= config.split_minimum_size:
            parts = _split(space.rows[members], config)
        leaf[members] = parts + following
        following += int(parts.max()) + 1
    return leaf


def _split(rows: Vectors, config: Config) -> Labels:
    """Parts (n,) of one theme; all zeros when it is one subject."""
    whole = np.zeros(len(rows), dtype=np.int64)
    space = _space(rows, config)
    broad = min(config.resolutions)
    found = leiden(space.graph, broad, config.seed, starts=2)
    # A part is worth its line when it holds at least a twelfth of the theme.
    found = _attach_small(space, found, max(config.theme_minimum_size, 5, len(rows) // 12))
    # What fits no part stays with the largest: it is in the theme all the same.
    found = np.where(found < 0, 0, found)
    if found.max() < 1:
        return whole
    if separation(rows, found, config.seed) < config.split_separation:
        return whole
    stable, _ = resampled(space, found, broad, config)
    return by_size(found) if stable >= config.split_stability else whole


def group(
    rows: Vectors, config: Config, report: Callable[[float], None] = lambda share: None
) -> Grouping:
    """Themes of the passages with features ``rows`` (n, d), on two levels."""
    space = _space(rows, config)
    report(0.25)
    resolution, labels = _choose(space, config, lambda share: report(0.25 + 0.4 * share))
    labels = _attach_small(space, labels, config.theme_minimum_size)
    stability, matches = resampled(space, labels, resolution, config)
    report(0.8)
    if labels.max(initial=-1) + 1 > config.top_themes:
        parent = join(space, labels, config.top_themes)
        top = np.where(labels >= 0, parent[np.maximum(labels, 0)], -1)
        order = by_size(top)
        return Grouping(labels, order, 2, resolution, stability, tuple(matches.tolist()))
    leaf = _parts(space, labels, config)
    again = np.asarray(
        [matches[labels[leaf == k][0]] for k in range(int(leaf.max(initial=-1)) + 1)]
    )
    return Grouping(leaf, labels, 1, resolution, stability, tuple(again.tolist()))
