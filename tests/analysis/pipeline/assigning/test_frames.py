"""Answers find themes known only by a name and a definition, in either language, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis.pipeline import (
    Codebook,
    Document,
    Example,
    FrameTheme,
    Language,
    Reason,
    assign_codebook,
)
from tests.analysis.pipeline import corpus
from tests.analysis.pipeline.assigning.test_examples import right
from tests.analysis.pipeline.assigning.test_extension import VOLCANOES

FRAME = (
    FrameTheme(
        "waiting",
        "Waiting time",
        "Temps d'attente",
        "Queues, lines and hours of waiting at the counter.",
        "Les files et les heures d'attente au comptoir.",
    ),
    FrameTheme(
        "french",
        "Official languages",
        "Langues officielles",
        "Being served in French, bilingual staff.",
        "Être servi en français, le personnel bilingue.",
    ),
    FrameTheme(
        "parking",
        "Parking",
        "Stationnement",
        "Finding a place to park, and what it costs.",
        "Trouver une place de stationnement, et son prix.",
    ),
    FrameTheme(
        "forms",
        "Online forms",
        "Formulaires en ligne",
        "The website and its forms.",
        "Le site Web et ses formulaires.",
    ),
    FrameTheme(
        "phone",
        "Telephone",
        "Téléphone",
        "Calling, being put on hold, reaching somebody.",
        "Appeler, être mis en attente, joindre quelqu'un.",
    ),
    FrameTheme(
        "courtesy",
        "Courtesy of the staff",
        "Courtoisie du personnel",
        "Employees who are kind, patient and helpful, or rude.",
        "Des employés gentils, patients et serviables, ou impolis.",
    ),
)
ENGLISH = tuple(replace(theme, name_fr="", definition_fr="") for theme in FRAME)
FRENCH = tuple(replace(theme, name_en="", definition_en="") for theme in FRAME)


@pytest.mark.parametrize("frame", [FRAME, ENGLISH, FRENCH], ids=["both", "english", "french"])
def test_definitions_in_either_language_find_answers_in_both(
    frame: tuple[FrameTheme, ...],
) -> None:
    result = assign_codebook(corpus.documents(), Codebook(frame))
    assert right(result) >= 0.75
    assert "held_out_f1" not in result.metrics


def test_what_no_theme_speaks_of_fits_none_or_comes_back_as_a_candidate() -> None:
    odd = [Document(f"volcano-{i}", text, Language.EN) for i, text in enumerate(VOLCANOES)]
    result = assign_codebook([*corpus.documents(), *odd], Codebook(FRAME))
    known = {theme.code for theme in FRAME}
    emergent = {theme.code for theme in result.themes if theme.emergent}
    rows = [row for row in result.assignments if row.document_id.startswith("volcano")]
    assert sum(row.theme not in known for row in rows) >= 0.6 * len(rows)
    for row in result.assignments:
        if row.theme is None:
            assert row.reason is Reason.FITS_NO_THEME
        else:
            assert row.theme in known | emergent
    unfit = {row.document_id for row in result.assignments if row.theme not in known}
    assert result.metrics["documents_fits_no_theme"] == len(unfit)


def test_a_candidate_never_takes_a_code_of_the_codebook() -> None:
    codes = ("E1", "E2", "E12")
    themes = tuple(replace(theme, code=code) for theme, code in zip(FRAME[:3], codes, strict=True))
    result = assign_codebook(corpus.documents(), Codebook(themes))
    shown = [theme.code for theme in result.themes]
    assert len(set(shown)) == len(shown)
    assert not {theme.code for theme in result.themes if theme.emergent} & set(codes)


def test_one_theme_and_one_answer_are_enough() -> None:
    one = Codebook((FRAME[2],))
    park = Document("1", "There is nowhere to park near the building.")
    assert assign_codebook([park], one).assignments[0].theme == "parking"
    assert assign_codebook([], one).themes[0].size == 0


def test_an_example_or_two_help_a_name() -> None:
    # One word each, and whichever examples are at hand: a single choice says little.
    bare = tuple(FrameTheme(theme.code, theme.code) for theme in FRAME)
    without = right(assign_codebook(corpus.documents(), Codebook(bare)))
    helped = [
        right(assign_codebook(corpus.documents(), Codebook(bare, shown)))
        for first in range(0, 8, 2)
        for shown in [
            tuple(
                Example(both[side][first + side], theme)
                for theme, both in corpus.THEMES.items()
                for side in (0, 1)
            )
        ]
    ]
    assert sum(helped) / len(helped) >= without
    assert max(helped) > without


def test_a_few_answers_find_the_themes_they_speak_of() -> None:
    # Ten answers are seldom as near to a definition as the nearest of thousands.
    few = [d for d in corpus.documents() if d.id.endswith(("-0", "-5"))]
    assert len(few) == 24
    result = assign_codebook(few, Codebook(FRAME))
    assert right(result) >= 0.75
    assert all(theme.size for theme in result.themes)
