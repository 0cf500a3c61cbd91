"""Confidence is said in words, in both languages, with what holds it back."""

from __future__ import annotations

import pytest

from analysis.pipeline import Config, Level
from analysis.pipeline.grouping.refusals import not_separate
from analysis.pipeline.judging.confidence import run_confidence, theme_confidence
from analysis.pipeline.types import Confidence

GOOD = {"unthemed": 0.0, "leak": 0.0, "passages": 900, "both_languages": True}


def reasons(confidences: list[Confidence]) -> list[tuple[str, str]]:
    return [(c.reason_en, c.reason_fr) for c in confidences]


@pytest.mark.parametrize(
    ("stability", "beyond", "change", "level"),
    [
        (0.9, 0.2, {}, Level.HIGH),
        (0.9, 0.05, {}, Level.MODERATE),
        (0.7, 0.2, {}, Level.MODERATE),
        (0.9, 0.2, {"passages": 120}, Level.MODERATE),
        (0.9, 0.025, {}, Level.LOW),
        (0.62, 0.2, {}, Level.LOW),
        (0.9, 0.2, {"passages": 30}, Level.LOW),
        (0.9, 0.2, {"unthemed": 0.4}, Level.LOW),
        (0.9, 0.2, {"leak": 0.3}, Level.LOW),
        (0.9, 0.2, {"gap": 0.08}, Level.MODERATE),
        (0.9, 0.2, {"gap": 0.08, "leak": 0.3}, Level.LOW),
    ],
)
def test_a_run_is_as_sure_as_its_weakest_side(
    stability: float, beyond: float, change: dict[str, float], level: Level
) -> None:
    found = run_confidence(stability, beyond, **{**GOOD, **change})  # type: ignore[arg-type]
    assert found.level is level


def test_every_weak_side_of_a_run_has_its_own_reason_in_both_languages() -> None:
    found = reasons(
        [
            run_confidence(0.9, 0.2, **GOOD),  # type: ignore[arg-type]
            run_confidence(0.9, 0.025, **GOOD),  # type: ignore[arg-type]
            run_confidence(0.55, 0.2, **GOOD),  # type: ignore[arg-type]
            run_confidence(0.9, 0.2, **{**GOOD, "passages": 30}),  # type: ignore[arg-type]
            run_confidence(0.9, 0.2, **{**GOOD, "unthemed": 0.4}),  # type: ignore[arg-type]
            run_confidence(0.9, 0.2, **{**GOOD, "leak": 0.3}),  # type: ignore[arg-type]
            run_confidence(0.9, 0.2, **{**GOOD, "gap": 0.08}),  # type: ignore[arg-type]
            run_confidence(0.9, 0.05, **GOOD),  # type: ignore[arg-type]
            not_separate(0.3, Config(), groups=4),
            not_separate(0.9, Config(), groups=4),
            not_separate(1.0, Config(), groups=1),
        ]
    )
    for language in (0, 1):
        assert len({pair[language] for pair in found}) == len(found)


def test_languages_are_mentioned_only_where_there_are_two() -> None:
    both = run_confidence(0.9, 0.2, **GOOD)  # type: ignore[arg-type]
    one = run_confidence(0.9, 0.2, **{**GOOD, "both_languages": False})  # type: ignore[arg-type]
    assert both.reason_en.startswith(one.reason_en)
    assert both.reason_fr.startswith(one.reason_fr)
    assert both.reason_en != one.reason_en


def test_a_theme_is_held_back_by_size_stability_likeness_or_one_language() -> None:
    sure = theme_confidence(60, 0.9, 1.4)
    few = theme_confidence(4, 0.9, 1.4)
    back = theme_confidence(60, 0.3, 1.9)
    loose = theme_confidence(60, 0.9, 0.75)
    usual = theme_confidence(60, 0.9, 1.0)
    small = theme_confidence(9, 0.9, 1.4)
    english = theme_confidence(60, 0.9, 1.4, one_language="en")
    french = theme_confidence(60, 0.9, 1.4, one_language="fr")
    aid = theme_confidence(60, 0.9, 1.4, is_aid=True)
    of_few = theme_confidence(60, 0.9, 1.4, is_small=True)
    assert (aid.level, of_few.level) == (Level.LOW, Level.MODERATE)
    assert sure.level is Level.HIGH
    assert {c.level for c in (few, back, loose)} == {Level.LOW}
    assert {c.level for c in (usual, small, english, french)} == {Level.MODERATE}
    said = reasons([sure, few, back, loose, usual, small, english, french])
    assert len(set(said)) == 8
    # What is only small has nothing to look for at its border.
    assert "border" not in small.reason_en


def test_one_language_is_no_excuse_for_what_is_loose() -> None:
    assert theme_confidence(60, 0.9, 0.75, one_language="en").level is Level.LOW


def test_a_theme_as_alike_as_any_is_not_called_loose_but_seldom_back() -> None:
    changing = theme_confidence(60, 0.55, 1.1)
    assert changing.level is Level.LOW
    assert changing.why.code == "theme_seldom_back"


@pytest.mark.parametrize(("stability", "likeness"), [(0.8, 1.26), (1.0, 1.01), (0.55, 1.9)])
def test_what_is_said_to_be_more_alike_than_the_average_is(
    stability: float, likeness: float
) -> None:
    assert theme_confidence(60, stability, likeness).why.code == "theme_alike"
