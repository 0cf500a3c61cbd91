"""The map: the same picture every time, nothing on top of anything, near means alike."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.pipeline.grouping import layout


def blobs(
    sizes: list[int], *, seed: int = 1, dimensions: int = 64, noise: float = 0.35
) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    middles = generator.standard_normal((len(sizes), dimensions))
    labels = np.repeat(np.arange(len(sizes)), sizes)
    rows = middles[labels] + noise * generator.standard_normal((len(labels), dimensions))
    return rows.astype(np.float32), labels


def sizes_of(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_counts=True)[1].astype(float)


def test_the_same_vectors_give_the_same_map() -> None:
    rows, labels = blobs([80, 40, 20, 10])
    first = layout.place(rows, labels, sizes_of(labels), 7)
    again = layout.place(rows.copy(), labels.copy(), sizes_of(labels), 7)
    assert np.array_equal(first.points, again.points)
    assert np.array_equal(first.centres, again.centres)


@pytest.mark.parametrize("sizes", [[1], [5], [3, 3], [400, 3, 3], [30] * 15, [900, 40, 7, 5, 3]])
def test_discs_do_not_overlap_and_everything_is_inside_the_picture(sizes: list[int]) -> None:
    rows, labels = blobs(sizes)
    map_ = layout.place(rows, labels, sizes_of(labels), 0)
    for i, centre in enumerate(map_.centres):
        for j in range(i):
            apart = np.linalg.norm(centre - map_.centres[j])
            assert apart >= map_.radii[i] + map_.radii[j] - 1e-6
        own = map_.points[labels == i]
        assert np.linalg.norm(own - centre, axis=1).max() <= map_.radii[i]
    assert map_.points.min() >= 0
    assert map_.points[:, 0].max() <= 1
    assert map_.points[:, 1].max() <= map_.height
    assert (map_.radii > 0.01).all()


def test_larger_themes_have_larger_discs() -> None:
    rows, labels = blobs([100, 50, 25])
    radii = layout.place(rows, labels, np.array([4000.0, 2000.0, 1000.0]), 0).radii
    assert radii[0] ** 2 / radii[1] ** 2 == pytest.approx(2)
    assert radii[1] ** 2 / radii[2] ** 2 == pytest.approx(2)


def test_themes_that_are_alike_stand_nearest_to_each_other() -> None:
    generator = np.random.default_rng(3)
    pair, other = generator.standard_normal((2, 64))
    near = pair + 0.3 * generator.standard_normal(64)
    far = generator.standard_normal(64)
    middles = np.stack([pair, other, near, far])
    labels = np.repeat(np.arange(4), 30)
    rows = (middles[labels] + 0.2 * generator.standard_normal((120, 64))).astype(np.float32)
    centres = layout.place(rows, labels, sizes_of(labels), 0).centres
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2) + np.eye(4) * 9
    assert apart[0].argmin() == 2
    assert apart[2].argmin() == 0


def test_families_of_themes_stand_together() -> None:
    # Four families of three, a little nearer to their own kind: as themes of one subject are.
    generator = np.random.default_rng(0)
    family = np.repeat(np.arange(4), 3)
    middles = generator.standard_normal((12, 64)) + 0.7 * generator.standard_normal((4, 64))[family]
    labels = np.repeat(np.arange(12), 20)
    rows = (middles[labels] + 0.3 * generator.standard_normal((240, 64))).astype(np.float32)
    centres = layout.place(rows, labels, sizes_of(labels), 0).centres
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2) + np.eye(12) * 9
    assert (family[apart.argmin(axis=1)] == family).mean() >= 0.8


def test_a_typical_passage_stands_further_in_than_an_odd_one() -> None:
    rows, labels = blobs([60, 60])
    rows[0] = rows[labels == 0].mean(axis=0)
    rows[1] = rows[1] + 1.5 * np.random.default_rng(5).standard_normal(64).astype(np.float32)
    map_ = layout.place(rows, labels, sizes_of(labels), 0)
    out = np.linalg.norm(map_.points[labels == 0] - map_.centres[0], axis=1)
    assert out[0] == out.min()
    assert out[1] == out.max()


def test_a_passage_stands_on_the_side_of_the_theme_it_leans_towards() -> None:
    rows, labels = blobs([40, 40, 40], noise=0.3)
    middles = np.stack([rows[labels == k].mean(axis=0) for k in range(3)])
    rows[:5] += 0.5 * (middles[1] - middles[0])
    rows[5:10] += 0.5 * (middles[2] - middles[0])
    map_ = layout.place(rows, labels, sizes_of(labels), 0)
    for few, k in ((slice(0, 5), 1), (slice(5, 10), 2)):
        way = map_.points[few].mean(axis=0) - map_.centres[0]
        assert way @ (map_.centres[k] - map_.centres[0]) > 0


def test_equal_passages_are_spread_and_not_lost() -> None:
    rows = np.tile(np.arange(8, dtype=np.float32), (30, 1))
    map_ = layout.place(rows, np.repeat([0, 1], 15), np.array([15.0, 15.0]), 0)
    assert np.isfinite(map_.points).all()
    assert len(np.unique(map_.points.round(6), axis=0)) == 30


def test_a_million_passages_are_a_sample_that_keeps_the_shares() -> None:
    labels = np.concatenate([np.full(700_000, 0), np.full(299_990, 2), np.full(10, 5), [-1] * 9])
    rows = layout.chosen(labels, 0)
    assert len(rows) <= layout.MOST_POINTS + 36
    counts = np.bincount(labels[rows])
    assert counts[0] / counts[2] == pytest.approx(7 / 3, rel=0.05)
    assert counts[5] == 10
    assert np.array_equal(rows, layout.chosen(labels, 0))
    assert np.array_equal(np.unique(rows), rows)


def test_no_theme_is_an_error_and_not_an_empty_picture() -> None:
    with pytest.raises(ValueError, match="theme"):
        layout.place(np.zeros((0, 8), dtype=np.float32), np.zeros(0, dtype=int), np.zeros(0), 0)
