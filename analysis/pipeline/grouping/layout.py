"""Where themes and passages stand on a map: a picture of the vectors, the same every time.

Five hundred dimensions do not fit on paper. What is kept: themes that are alike stand near each
other (classical scaling, Torgerson 1952, then the majorization of de Leeuw 1977), each theme is a
disc whose surface is its number of passages (the smallest are drawn large enough to be seen) and
no two discs overlap; inside a disc the middle is typical and the edge is not, and a passage stands
on the side of the theme it leans towards. What is not kept: the directions of the picture mean
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Points that an eye can still tell apart, and a page carry in a few tens of kilobytes.
MOST_POINTS = 1500
# So that a theme of three passages beside one of three thousand is still seen.
_FEWEST_A_THEME = 12
_SMALLEST_RADIUS = 0.16
# Between two discs, where all discs together have the surface of one of radius one.
_GAP = 0.09
# Themes stand far from each other in five hundred dimensions, and by nearly as much: most of the
# smallest distance says nothing and is taken from all. On fifteen groupings of five sets the theme
# that is most alike is then the nearest disc for .71 of themes (.58 with nothing taken, .70 with
# .8 or with all of it) and among the nearest three for .92 (.87).
_IN_COMMON = 0.9
_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class Placement:
    """``points`` (n, 2) and ``centres`` (k, 2), x in [0, 1] and y in the same unit, downwards.

    ``radii`` (k,) of the discs; ``height`` of the picture whose width is 1. Row ``k`` of centres
    is the ``k``-th label in ascending order.
    """

    points: NDArray[np.float64]
    centres: NDArray[np.float64]
    radii: NDArray[np.float64]
    height: float


def chosen(labels: NDArray[np.int64], seed: int, *, most: int = MOST_POINTS) -> NDArray[np.int64]:
    """At most about ``most`` rows that keep each label's share, a dozen of each at least.

    Rows with a negative label are in no theme and never chosen. Ascending.
    """
    inside = np.flatnonzero(labels >= 0)
    if len(inside) <= most:
        return inside
    generator = np.random.default_rng(seed)
    taken = []
    for label in np.unique(labels[inside]):
        rows = np.flatnonzero(labels == label)
        wanted = max(_FEWEST_A_THEME, round(most * len(rows) / len(inside)))
        if wanted < len(rows):
            rows = generator.choice(rows, wanted, replace=False)
        taken.append(rows)
    return np.sort(np.concatenate(taken))


def place(
    vectors: NDArray[np.float32], labels: NDArray[np.int64], sizes: NDArray[np.float64], seed: int
) -> Placement:
    """Lay out ``vectors`` (n, d) of passages that are all in a theme, ``labels`` (n,).

    ``sizes`` (k,) is how many passages each theme holds in all, of which ``vectors`` may be a
    sample; labels in ascending order. The same arrays give the same floats on one machine; round
    them before they are compared across machines. ValueError without a passage.
    """
    names, own = np.unique(labels, return_inverse=True)
    if len(names) == 0 or len(sizes) != len(names):
        raise ValueError("every theme needs a passage and a size")
    rows = _unit(vectors.astype(np.float64))
    middles = _unit(np.stack([rows[own == k].mean(axis=0) for k in range(len(names))]))
    share = np.sqrt(np.maximum(sizes, 1) / np.maximum(sizes, 1).sum())
    apart = np.sqrt(np.maximum(0.0, 2 - 2 * middles @ middles.T))
    if len(names) > 1:
        apart = np.maximum(0.0, apart - _IN_COMMON * apart[np.triu_indices(len(names), 1)].min())
    spots = _scaled(apart)
    radii = np.maximum(share, _SMALLEST_RADIUS)
    centres = _pushed_apart(_spread(spots, radii), radii)
    points = np.empty((len(rows), 2))
    for k in range(len(names)):
        mine = np.flatnonzero(own == k)
        others = np.flatnonzero(np.arange(len(names)) != k)
        inside = _around(
            rows[mine], middles[k], middles[others], centres[others] - centres[k], seed
        )
        points[mine] = centres[k] + inside * radii[k]
    low = (centres - radii[:, None]).min(axis=0)
    width, height = (centres + radii[:, None]).max(axis=0) - low
    return Placement(
        (points - low) / width, (centres - low) / width, radii / width, float(height / width)
    )


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    result: NDArray[np.float64] = rows / np.maximum(length, 1e-12)
    return result


def _scaled(apart: NDArray[np.float64]) -> NDArray[np.float64]:
    """(k, 2) spots whose distances come near ``apart`` (k, k); the longest side lies across."""
    k = len(apart)
    if k == 1:
        return np.zeros((1, 2))
    centring = np.eye(k) - 1 / k
    values, axes = np.linalg.eigh(-0.5 * centring @ (apart**2) @ centring)
    spots = np.zeros((k, 2))
    for column, at in enumerate(np.argsort(-values, kind="stable")[:2]):
        axis = axes[:, at] * np.sqrt(max(values[at], 0.0))
        # An eigenvector has no sign of its own: the largest theme's side is the left, then up.
        lead = np.flatnonzero(np.abs(axis) > 1e-9)
        spots[:, column] = axis * (-np.sign(axis[lead[0]]) if len(lead) else 1.0)
    for _ in range(100):
        shown = np.linalg.norm(spots[:, None] - spots[None], axis=2)
        ratio = np.where(shown > 1e-12, apart / np.maximum(shown, 1e-12), 0.0)
        np.fill_diagonal(ratio, 0.0)
        guttman = -ratio
        np.fill_diagonal(guttman, ratio.sum(axis=1))
        spots = guttman @ spots / k
    spots -= spots.mean(axis=0)
    _, _, turn = np.linalg.svd(spots, full_matrices=False)
    turned: NDArray[np.float64] = spots @ turn.T
    for column in (0, 1):
        lead = np.flatnonzero(np.abs(turned[:, column]) > 1e-9)
        if len(lead) and turned[lead[0], column] > 0:
            turned[:, column] *= -1
    return turned


def _spread(spots: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spots to the scale at which a disc and its nearest neighbour touch, on average."""
    if len(spots) == 1:
        return spots
    distance = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argmin(axis=1)
    wide = float(distance.min(axis=1).mean())
    if wide <= 1e-9:
        return spots
    return spots * (float((radii + radii[nearest] + _GAP).mean()) / wide)


def _pushed_apart(spots: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """The spots moved as little as removes every overlap of the discs around them."""
    k = len(spots)
    # Two themes on the same spot are told apart by their number, on a spiral.
    turn = np.arange(k) * 2.399963
    spots = spots + 1e-4 * np.column_stack([np.cos(turn), np.sin(turn)])
    least = radii[:, None] + radii[None] + _GAP
    for _ in range(_ROUNDS):
        between = spots[:, None] - spots[None]
        distance = np.maximum(np.linalg.norm(between, axis=2), 1e-9)
        short = np.maximum(0.0, least - distance)
        np.fill_diagonal(short, 0.0)
        if short.max() < 1e-6:
            break
        spots = spots + (between / distance[..., None] * short[..., None]).sum(axis=1) * 0.4
    return spots


def _around(
    rows: NDArray[np.float64],
    middle: NDArray[np.float64],
    others: NDArray[np.float64],
    towards: NDArray[np.float64],
    seed: int,
) -> NDArray[np.float64]:
    """(n, 2) places of one theme's passages in a disc of radius one.

    How far out: by rank of the distance from the middle, so that the disc is evenly filled. On
    which side: the two directions in which the theme varies most (local principal components),
    turned as one so that they agree best with where the other themes stand (Procrustes).
    """
    n = len(rows)
    far = 1 - rows @ middle
    rank = np.empty(n)
    rank[np.argsort(far, kind="stable")] = np.arange(n)
    radius = np.sqrt((rank + 0.5) / n) * 0.96
    rest = rows - rows.mean(axis=0)
    axes = np.linalg.qr(np.random.default_rng(seed).standard_normal((rows.shape[1], 2)))[0]
    for _ in range(12):
        axes = np.linalg.qr(rest.T @ (rest @ axes))[0]
    flat = rest @ axes
    if len(others):
        lean = (rest @ _unit(others - middle).T) @ _unit(towards)
        left, _, right = np.linalg.svd(flat.T @ lean)
        flat = flat @ (left @ right)
    length = np.linalg.norm(flat, axis=1)
    # Equal passages have no side; the golden angle spreads them evenly.
    turn = np.arange(n) * 2.399963
    even = np.column_stack([np.cos(turn), np.sin(turn)])
    side = np.where((length > 1e-9)[:, None], flat / np.maximum(length, 1e-9)[:, None], even)
    result: NDArray[np.float64] = side * radius[:, None]
    return result
