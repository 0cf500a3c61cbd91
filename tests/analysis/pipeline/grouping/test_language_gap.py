"""What grouping promises where two languages stand apart: measured, closed, and never invented."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.pipeline import Config, Language
from analysis.pipeline.grouping import neighbours
from analysis.pipeline.grouping.language_gap import language_gap, sides
from analysis.pipeline.vectors.embedder import Vectors, unit

THEMES = 5


def spoken(apart: float, *, shared: bool = True) -> tuple[Vectors, list[Language]]:
    """Centred rows on themes in two languages, each theme ``apart`` in them, or not ``shared``."""
    draw = np.random.default_rng(0)
    themes, french = np.repeat(np.arange(2 * THEMES), 60) // 2, np.tile([0, 1], 60 * THEMES)
    subjects = themes if shared else themes + THEMES * french
    middles = draw.standard_normal((2 * THEMES, 64))
    accents = draw.standard_normal((2, THEMES, 64))
    rows = middles[subjects] + apart * accents[french, themes]
    rows += 1.2 * draw.standard_normal(rows.shape)
    languages = [(Language.EN, Language.FR)[side] for side in french]
    return neighbours.centre(unit(rows.astype(np.float32)), languages), languages


def test_languages_that_say_the_same_have_no_gap() -> None:
    rows, languages = spoken(0.0)
    assert language_gap(rows, languages, Config()) == 0.0


def test_languages_that_speak_of_other_things_are_left_apart() -> None:
    rows, languages = spoken(0.0, shared=False)
    assert language_gap(rows, languages, Config()) == 0.0


@pytest.mark.parametrize("few", [0, 9])
def test_a_language_that_hardly_anybody_wrote_has_no_gap(few: int) -> None:
    rows, languages = spoken(0.8)
    french = [i for i, language in enumerate(languages) if language is Language.FR]
    kept = sorted(set(range(len(rows))) - set(french[few:]))
    assert language_gap(rows[kept], [languages[i] for i in kept], Config()) == 0.0


def test_a_gap_between_the_same_subjects_is_closed() -> None:
    rows, languages = spoken(0.5)
    french = np.asarray([language is Language.FR for language in languages])

    def own(taken: Vectors | None) -> float:
        near = neighbours.nearest(neighbours.principal(rows, 128), 30, sides=taken)
        return float((french[near] == french[:, None]).mean())

    gap = language_gap(rows, languages, Config())
    assert gap > 0
    assert own(None) > 0.7
    assert own(sides(languages, gap)) == pytest.approx(0.5, abs=0.05)


def test_sides_bring_near_what_is_on_the_other_side_and_nothing_else() -> None:
    languages = [Language.EN, Language.FR, Language.UNDETERMINED, Language.EN]
    taken = sides(languages, 0.08)
    between = np.outer(taken, taken)
    np.testing.assert_allclose(between[0], [0.04, -0.04, 0.0, 0.04], atol=1e-7)
    rows = np.asarray([[1, 0], [0.9, 0.4], [0, 1], [0.92, 0.39]], dtype=np.float32)
    assert neighbours.nearest(rows, 1)[0, 0] == 3
    assert neighbours.nearest(rows, 1, sides=taken)[0, 0] == 1
