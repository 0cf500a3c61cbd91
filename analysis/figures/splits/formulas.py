"""Tests and intervals on counts: shares, ranks and means of two groups that share nobody."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr, ndtri, stdtr, stdtrit

from analysis.figures.intervals import Interval

Floats = NDArray[np.float64]


def fisher(count: int, n: int, whole: int, total: int) -> float:
    """Two-sided p of Fisher's exact test: ``count`` of a theme's ``n`` chose a value that ``whole``
    of all ``total`` chose. Tables no more probable than the one seen are added up."""
    low, high = max(0, n + whole - total), min(n, whole)
    k = np.arange(low, high + 1, dtype=np.float64)

    def choose(a: float, b: Floats) -> Floats:
        out: Floats = gammaln(a + 1) - gammaln(b + 1) - gammaln(a - b + 1)
        return out

    chances = choose(whole, k) + choose(total - whole, n - k)
    chances = np.exp(chances - choose(total, np.array([float(n)])))
    # As likely as the table seen, but for the last digits of the logarithms.
    return min(1.0, float(chances[chances <= chances[count - low] * (1 + 1e-7)].sum()))


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's step-down correction (1979): the chance of any false claim stays below alpha, however
    the tests depend on one another. In the order given, each in [0, 1]."""
    corrected, highest = [0.0] * len(ps), 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=lambda i: ps[i])):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[i]))
        corrected[i] = highest
    return corrected


def superiority(x: Sequence[int], y: Sequence[int]) -> tuple[Interval, float]:
    """The probability that one of ``x`` lies above one of ``y``, ties half, its interval and p.

    ``x`` and ``y`` count people at each point of one ordered scale. The interval is Brunner and
    Munzel's on the logit scale, so that it stays in [0, 1]. The p is the larger of theirs, which
    allows for different spreads but is too small in its tail where ten people nearly all chose the
    same point (measured: 0.055 where it says 0.005), and Mann and Whitney's with correction for
    ties, which holds its level there. Without any overlap there is no variance to work from: then
    Newcombe's method 5 and Mann and Whitney alone. ValueError for fewer than two on a side.
    """
    a, b = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
    n, m = float(a.sum()), float(b.sum())
    if min(n, m) < 2:
        raise ValueError("two people or more are needed on each side")
    # For each point: the share of the other side below it, and half of those at it.
    above_y, above_x = (np.cumsum(b) - b / 2) / m, (np.cumsum(a) - a / 2) / n
    theta = float((a * above_y).sum() / n)
    spread_x = float((a * (above_y - theta) ** 2).sum() / (n - 1)) / n
    spread_y = float((b * (above_x - (1 - theta)) ** 2).sum() / (m - 1)) / m
    variance = spread_x + spread_y
    if variance < 1e-12 or not 0 < theta < 1:
        return Interval(theta, *_newcombe_auc(theta, n, m)), _mann_whitney(a, b, theta)
    freedom = variance**2 / (spread_x**2 / (n - 1) + spread_y**2 / (m - 1))
    error = sqrt(variance)
    p = max(
        min(1.0, 2 * float(stdtr(freedom, -abs(theta - 0.5) / error))), _mann_whitney(a, b, theta)
    )
    half = float(stdtrit(freedom, 0.975)) * error / (theta * (1 - theta))
    middle = log(theta / (1 - theta))
    low, high = (1 / (1 + exp(-max(-700.0, middle + side * half))) for side in (-1, 1))
    return Interval(theta, low, high), p


def _mann_whitney(a: Floats, b: Floats, theta: float) -> float:
    n, m, ties = float(a.sum()), float(b.sum()), a + b
    total = n + m
    variance = (total + 1 - float((ties**3 - ties).sum()) / (total * (total - 1))) / (12 * n * m)
    if variance <= 1e-15:
        return 1.0
    return min(1.0, 2 * float(ndtr(-abs(theta - 0.5) / sqrt(variance))))


def _newcombe_auc(theta: float, n: float, m: float) -> tuple[float, float]:
    """The thetas that lie 1.96 of their own standard errors from the one seen, by bisection."""
    z = float(ndtri(0.975))
    star = (n + m) / 2 - 1

    def beyond(t: float) -> bool:
        variance = t * (1 - t) * (1 + star * (1 - t) / (2 - t) + star * t / (1 + t)) / (n * m)
        return (theta - t) ** 2 > z * z * variance

    limits = []
    for end in (0.0, 1.0):
        inside, outside = theta, end
        for _ in range(60 if beyond(end) else 0):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
        limits.append(inside if beyond(end) else end)
    return limits[0], limits[1]


def _moments(counts: Floats, points: Floats) -> tuple[float, float, float]:
    n = float(counts.sum())
    mean = float((counts * points).sum() / n)
    return n, mean, float((counts * (points - mean) ** 2).sum() / (n - 1)) if n > 1 else 0.0


def mean_of(counts: Floats, points: Floats) -> Interval:
    """The mean with Student's interval, kept within the scale; the whole scale where nobody
    differs, for then there is no spread to judge by."""
    n, mean, variance = _moments(counts, points)
    lowest, highest = float(points.min()), float(points.max())
    if variance == 0:
        return Interval(mean, lowest, highest)
    half = float(stdtrit(n - 1, 0.975)) * sqrt(variance / n)
    return Interval(mean, max(lowest, mean - half), min(highest, mean + half))


def welch(x: Floats, y: Floats, points: Floats) -> Interval:
    """Mean of ``x`` minus mean of ``y`` with Welch's interval. A side on which all rate alike
    borrows the spread of the other: that nobody differs in ten is no proof that nobody would."""
    n, mean_x, var_x = _moments(x, points)
    m, mean_y, var_y = _moments(y, points)
    a, b = (var_x or var_y) / n, (var_y or var_x) / m
    difference = mean_x - mean_y
    if a + b == 0:
        return Interval(difference, difference, difference)
    freedom = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    half = float(stdtrit(freedom, 0.975)) * sqrt(a + b)
    return Interval(difference, difference - half, difference + half)
