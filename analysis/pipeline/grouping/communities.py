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

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import validate_data

from analysis.pipeline.config import Config
from analysis.pipeline.vectors.embedder import Vectors, unit

from .partitions import Labels, by_size, centroids, sums
from .resampling import doubted
from .separation import Silhouettes, by_chance, modularity
from .space import Space, space_of
from .ward import settled, tree_of

# Levels tried: each has a fifth more themes than the one before.
_STEP = 1.2
# The search ends when a level with this many times the themes of the best is no better: silhouette
# rises without end as groups shrink to pairs.
_PATIENCE = 4.0
# Levels this near the best are as good, and the broadest is read in the least time. 0 to 0.004
# agree with people's labels alike on the six sets; on other cuts of them mean ARI is .586 at 0,
# .599 at 0.002, .611 at 0.004.
_AS_GOOD = 0.003
# What a silhouette counts against modularity; 1.5 to 3 choose alike.
_SEPARATION_WEIGHT = 2.5
# Where there are no themes and some are to be shown: passages in each, and at most so many.
_FORCED_SIZE, _MOST_FORCED = 15, 8
# Most parts shown below one theme.
_PARTS = 8


@dataclass(frozen=True, slots=True)
class Grouping:
    """Two levels of themes over n passages.

    ``leaf`` and ``top`` are (n,) labels from 0, -1 for a passage that fits no theme; every leaf
    lies in one top theme. ``fits`` is 1 when the top level is the one the corpus supports and 2
    when it is the leaves. ``stability``, ``separation`` (mean silhouette) and ``modularity`` are of
    the fitting level, ``by_chance`` is the separation that many groups have in a corpus without
    themes;
    ``leaf_stability`` and ``top_stability`` the share of each theme that comes back. Stabilities
    are in [0, 1], separations in [-1, 1]. ``is_forced`` where no level was better than one group.
    """

    leaf: Labels
    top: Labels
    fits: int
    stability: float
    separation: float
    by_chance: float
    modularity: float
    is_forced: bool
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


def _levels(n: int) -> list[int]:
    """Numbers of themes to try, from two to one for every five passages, at most 200."""
    found = [2]
    while (following := max(found[-1] + 1, round(found[-1] * _STEP))) <= min(n // 5, 200):
        found.append(following)
    return found


def _choose(
    space: Space, apart: Silhouettes, config: Config, report: Callable[[float], None]
) -> tuple[int, Labels]:
    """The number of groups the tree is cut at and the labels of the level that fits."""
    numbers = _levels(len(space.rows))
    cuts = dict(tree_of(space.smooth).cuts(numbers))
    levels: list[tuple[float, int, Labels]] = []
    most, themes_of_most = -np.inf, 1
    for number in sorted(cuts):
        if number > _PATIENCE * themes_of_most and themes_of_most > 1:
            break
        labels = settled(space.smooth, cuts[number])
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


def _joined(space: Space, labels: Labels, apart: Silhouettes, config: Config) -> Labels:
    """Top themes (n,), at most ``top_themes``, each made of whole themes of ``labels``."""
    inside = labels >= 0
    counts = np.bincount(labels[inside]).astype(np.float64)
    tree = tree_of((sums(space.smooth, labels) / counts[:, None]).astype(np.float32), counts)
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


def _parts(space: Space, top: Labels, config: Config) -> dict[int, Labels]:
    """For each large theme that has parts which stand apart, the part (members,) of each member."""
    found: dict[int, Labels] = {}
    for theme in range(int(top.max(initial=-1)) + 1):
        members = np.flatnonzero(top == theme)
        if len(members) < config.split_minimum_size:
            continue
        minimum = max(config.theme_minimum_size, 5, len(members) // 12)
        apart = Silhouettes.of(space.rows[members], space.answers[members])
        links = space.links[members][:, members]
        best, best_score = None, -np.inf
        for number, parts in tree_of(space.smooth[members]).cuts(range(2, _PARTS + 1)):
            parts = settled(space.smooth[members], parts)
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


def group(
    rows: Vectors,
    config: Config,
    report: Callable[[float], None] = lambda share: None,
    *,
    answers: Labels | None = None,
    always: bool = False,
    sides: Vectors | None = None,
) -> Grouping:
    """Themes of the passages with features ``rows`` (n, d), on two levels.

    ``always`` makes a few where there are none, those most alike together.

    ``answers`` (n,) numbers the answer each passage is from; without it each is one of its own.
    ``sides`` (n,) bring passages of opposite sides nearer (``language_gap.sides``). The rows' order
    decides only where everything else is equal; the pipeline sorts passages first.
    """
    space = space_of(rows, np.arange(len(rows)) if answers is None else answers, config, sides)
    apart = Silhouettes.of(space.rows, space.answers)
    report(0.3)
    number, labels = _choose(space, apart, config, lambda share: report(0.3 + 0.3 * share))
    labels = _attach_small(space.smooth, labels, config.theme_minimum_size)
    is_forced = always and int(labels.max(initial=-1)) < 1
    if is_forced:
        number = int(np.clip(len(rows) // _FORCED_SIZE, 2, _MOST_FORCED))
        ((number, cut),) = tree_of(space.smooth).cuts([number])
        labels = by_size(settled(space.smooth, cut))
    many = int(labels.max(initial=-1)) + 1 > config.top_themes
    parts = {} if many else _parts(space, labels, config)
    report(0.65)
    doubt = doubted(space, labels, number, parts, config)
    inside = labels >= 0
    measured = (
        doubt.agreement,
        apart(labels),
        by_chance(space, number, config),
        modularity(space.links[inside][:, inside], labels[inside]),
        is_forced,
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
