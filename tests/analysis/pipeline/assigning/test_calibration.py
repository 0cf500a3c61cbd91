"""A probability after review is what it says: of those said at .8, four of five are right."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.pipeline.assigning.calibration import (
    Curve,
    calibration_error,
    evidence,
    fitted,
    reliability,
)


def drawn(n: int, k: int, *, several: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores of a regression and of nearness that tell, more or less, in which themes a text is."""
    generator = np.random.default_rng(0)
    member = np.eye(k, dtype=bool)[generator.integers(0, k, n)]
    member |= generator.random((n, k)) < several
    regression = 0.25 * member + generator.normal(0, 0.12, (n, k))
    near = 0.2 * member + generator.normal(0, 0.15, (n, k))
    return regression, near, member


@pytest.mark.parametrize("several", [0.0, 0.1])
def test_chances_fitted_on_some_texts_are_right_on_others_with_one_theme_or_several(
    several: float,
) -> None:
    regression, near, member = drawn(2_000, 8, several=several)
    known = evidence(regression, near, member[:500].mean(axis=0))
    chance = fitted(known[:500], member[:500]).chance(known[500:])
    assert calibration_error(chance, member[500:]) < 0.06
    # One theme each: what they all get sums to one theme a text, though nothing asks it to.
    assert chance.sum(axis=1).mean() == pytest.approx(member[500:].sum(axis=1).mean(), abs=0.1)


def test_a_higher_score_never_makes_a_theme_less_likely() -> None:
    regression, near, member = drawn(40, 3, several=0.0)
    curve = fitted(evidence(-regression, near, [1 / 3] * 3), member)
    assert min(curve.weights[:4]) >= 0


def test_few_examples_leave_the_curve_near_that_of_other_sets() -> None:
    regression, near, member = drawn(6, 2, several=0.0)
    curve = fitted(evidence(regression, near, [0.5, 0.5]), member)
    assert np.allclose(curve.weights, (8.0, 3.0, 3.0, 2.0, -0.5), atol=6.0)


def test_the_bins_say_how_many_how_sure_and_how_often_right() -> None:
    chance = np.array([[0.95, 0.1], [0.92, 0.2], [0.3, 0.55], [0.2, 0.58]])
    member = np.array([[True, False], [False, True], [False, True], [False, True]])
    assert [(n, round(sure, 3), right) for n, sure, right in reliability(chance, member)] == [
        (2, 0.565, 1.0),
        (2, 0.935, 0.5),
    ]
    assert calibration_error(chance, member) == pytest.approx((0.435 + 0.435) / 2)


def test_a_curve_gives_what_its_weights_say() -> None:
    curve = Curve((1.0, 0.0, 0.0, 0.0, 0.0), 0.0)
    one = evidence(np.array([[0.0, 2.0]]), np.zeros((1, 2)), [0.5, 0.5])
    assert curve.chance(one) == pytest.approx(np.array([[0.5, 1 / (1 + np.exp(-2.0))]]))
