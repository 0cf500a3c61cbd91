"""Intervals for shares, so that no number of respondents is shown as if it were exact."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the limits of its interval, all in the same unit."""

    estimate: float
    low: float
    high: float

    @property
    def leaves_out_zero(self) -> bool:
        """Of a difference: whether there is one. An end at zero leaves it open."""
        return self.low > 0 or self.high < 0


def wilson(count: int, n: int, *, level: float = 0.95) -> Interval:
    """Wilson's score interval for ``count`` of ``n`` (Wilson 1927, JASA 22:209).

    Keeps within [0, 1] and is honest for small n and for 0 or n successes, where the usual
    normal interval has no width. ValueError unless 0 <= count <= n and n > 0.
    """
    if n <= 0 or not 0 <= count <= n:
        raise ValueError(f"not a share: {count} of {n}")
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = count / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == n else min(1.0, centre + half)
    return Interval(share, low, high)


def newcombe(count: int, n: int, other: int, m: int, *, level: float = 0.95) -> Interval:
    """``count / n - other / m`` with the hybrid score interval (Newcombe 1998, Stat. Med. 17:873,
    method 10). Raises as ``wilson`` does."""
    a, b = wilson(count, n, level=level), wilson(other, m, level=level)
    difference = a.estimate - b.estimate
    return Interval(
        difference,
        difference - hypot(a.estimate - a.low, b.high - b.estimate),
        difference + hypot(a.high - a.estimate, b.estimate - b.low),
    )
