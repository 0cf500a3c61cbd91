"""From what is known of a passage and a theme to the chance that a person would agree.

One logistic curve for all themes of a codebook, fitted on what was said of each example by a model
that had not seen it: Platt 1999, with the lead over the next theme beside each score. Without the
lead, probabilities of the likeliest theme were off by .058 (mean of nine sets), with it by .040;
a curve of its own for each theme, and isotonic regression, need more examples than themes have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from .frames import Scores

_BINS = 10
# The weights that other sets give: of the regression, of nearness, of the lead of each over the
# best other theme, and of the log of the theme's share of the examples. How strongly a codebook of
# few examples is held to them: 0.05 and 0.2 were as good.
_WEIGHTS, _CONSTANT, _PULL = (8.0, 3.0, 3.0, 2.0, -0.5), -4.0, 0.1
# A higher score never makes a theme less likely.
_BOUNDS = (*([(0.0, 40.0)] * 4), (-3.0, 3.0), (-20.0, 5.0))


@dataclass(frozen=True, slots=True)
class Curve:
    """A logistic curve over ``evidence``."""

    weights: tuple[float, ...]
    constant: float

    def chance(self, evidence: NDArray[np.float64]) -> Scores:
        """(n, k) probabilities from (n, k, 5) evidence."""
        logit = evidence @ np.asarray(self.weights) + self.constant
        result: Scores = 1 / (1 + np.exp(-logit))
        return result


def evidence(regression: Scores, near: Scores, share: Sequence[float]) -> NDArray[np.float64]:
    """(n, k, 5): both (n, k) scores, the lead of each, and the log of each theme's ``share``."""
    size = np.broadcast_to(np.log(np.asarray(share, dtype=np.float64)), regression.shape)
    return np.stack([regression, near, _lead(regression), _lead(near), size], axis=-1)


def _lead(score: Scores) -> Scores:
    """How far each theme is before the best of the others; behind it, below zero."""
    ordered = np.sort(score, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    result: Scores = score - np.where(score >= best, second, best)
    return result


def fitted(known: NDArray[np.float64], member: NDArray[np.bool_]) -> Curve:
    """The curve under which (n, k) ``member`` is likeliest, given (n, k, 5) evidence."""
    rows, truth = known.reshape(-1, known.shape[-1]), member.ravel().astype(np.float64)
    usual = np.asarray(_WEIGHTS)

    def loss(values: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logit, away = rows @ values[:-1] + values[-1], values[:-1] - usual
        off = 1 / (1 + np.exp(-logit)) - truth
        worth = np.logaddexp(0.0, logit) - truth * logit
        slope = np.append(rows.T @ off + 2 * _PULL * away, off.sum())
        return float(worth.sum() + _PULL * (away**2).sum()), slope

    start = np.append(usual, _CONSTANT)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=_BOUNDS).x
    return Curve(tuple(found[:-1].tolist()), float(found[-1]))


def reliability(probability: Scores, member: NDArray[np.bool_]) -> list[tuple[int, float, float]]:
    """Of the likeliest theme, by ten equal bins of its probability: how many, the mean
    probability, and the share in which a person agrees. Empty bins are left out."""
    best = probability.argmax(axis=1)
    sure = probability[np.arange(len(best)), best]
    right = member[np.arange(len(best)), best]
    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    return [
        (int((bins == b).sum()), float(sure[bins == b].mean()), float(right[bins == b].mean()))
        for b in np.unique(bins)
    ]


def calibration_error(probability: Scores, member: NDArray[np.bool_]) -> float:
    """Expected calibration error of the likeliest theme, ten equal bins (Guo et al. 2017)."""
    bins = reliability(probability, member)
    return sum(n * abs(sure - right) for n, sure, right in bins) / max(1, len(probability))
