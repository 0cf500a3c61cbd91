"""New answers find the themes people settled on, in the other language too, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from analysis.pipeline import (
    Codebook,
    CodebookError,
    Document,
    Example,
    FrameTheme,
    Language,
    Reason,
    Result,
    assign_codebook,
    result_to_json,
)
from analysis.pipeline.assigning.examples import ThemeRidge
from analysis.pipeline.assigning.frames import likely_sets
from tests.analysis.pipeline import corpus

THEMES = tuple(FrameTheme(code) for code in corpus.THEMES)
NAMED = (
    FrameTheme("waiting", "Waiting time and queues", "Temps d'attente et files"),
    FrameTheme("french", "Service in French", "Service en français"),
    FrameTheme("parking", "Parking", "Stationnement"),
    FrameTheme("forms", "Online forms", "Formulaires en ligne"),
    FrameTheme("phone", "Reaching someone by telephone", "Joindre quelqu'un au téléphone"),
    FrameTheme("courtesy", "Kindness of the staff", "Gentillesse du personnel"),
)


def examples(language: Language, *, first: int = 0, last: int = 8) -> tuple[Example, ...]:
    side = 0 if language is Language.EN else 1
    return tuple(
        Example(text, theme)
        for theme, both in corpus.THEMES.items()
        for text in both[side][first:last]
    )


def right(result: Result) -> float:
    rows = [row for row in result.assignments if row.main or row.reason]
    return sum(row.theme == corpus.theme_of(row.document_id) for row in rows) / len(rows)


@pytest.mark.parametrize(
    ("taught", "asked"), [(Language.EN, Language.FR), (Language.FR, Language.EN)]
)
def test_examples_in_one_language_reach_answers_in_the_other(
    taught: Language, asked: Language
) -> None:
    documents = [d for d in corpus.documents() if d.language is asked]
    assert right(assign_codebook(documents, Codebook(THEMES, examples(taught)))) >= 0.7


def test_unseen_answers_are_put_where_people_put_theirs() -> None:
    taught = examples(Language.EN, last=6) + examples(Language.FR, last=6)
    unseen = [d for d in corpus.documents() if int(d.id.split("-")[2]) >= 6]
    assert right(assign_codebook(unseen, Codebook(THEMES, taught))) >= 0.75


def test_what_resembles_no_example_fits_no_theme() -> None:
    taught = Codebook(THEMES, examples(Language.EN) + examples(Language.FR))
    odd = [
        Document("1", "Photosynthesis turns sunlight into sugar inside green leaves.", Language.EN),
        Document("2", "n/a", Language.EN),
        Document("3", "Los volcanes de esta isla están dormidos desde hace muchos siglos."),
    ]
    rows = {row.document_id: row for row in assign_codebook(odd, taught).assignments}
    assert rows["1"].reason is Reason.FITS_NO_THEME
    assert rows["2"].reason is Reason.NO_ANSWER
    assert rows["3"].reason is Reason.OTHER_LANGUAGE
    assert not any(row.theme or row.main for row in rows.values())


def test_every_document_has_at_most_one_main_passage_and_the_order_changes_nothing() -> None:
    taught = Codebook(THEMES, examples(Language.EN))
    long = Document("long", " ".join(text for text in corpus.THEMES["parking"][0]), Language.EN)
    documents = [*corpus.documents()[:20], long]
    result = assign_codebook(documents, taught)
    back = assign_codebook(documents[::-1], replace(taught, examples=taught.examples[::-1]))
    assert result_to_json(result) == result_to_json(back)
    rows = result.assignments
    assert len([row for row in rows if row.document_id == "long"]) > 1
    for document in documents:
        assert sum(row.main for row in rows if row.document_id == document.id) <= 1


def test_themes_keep_the_codebooks_order_codes_and_names_and_nobodys_theme_is_shown() -> None:
    parking = [d for d in corpus.documents() if corpus.theme_of(d.id) == "parking"]
    result = assign_codebook(parking, Codebook(NAMED))
    shown = [theme for theme in result.themes if not theme.emergent]
    assert [theme.code for theme in shown] == [theme.code for theme in NAMED]
    assert [theme.name_fr for theme in shown] == [theme.name_fr for theme in NAMED]
    sizes = {theme.code: theme.size for theme in shown}
    assert sizes["parking"] > 0
    assert sizes["courtesy"] == 0


@pytest.mark.parametrize(
    ("themes", "taught", "says"),
    [
        ((), (), "at least one"),
        ((FrameTheme("a", "One"), FrameTheme("a", "Two")), (), "twice: a"),
        ((FrameTheme(" ", "One"),), (), "needs a code"),
        ((FrameTheme("a"),), (), "neither a name"),
        ((FrameTheme("a", "One"),), (Example("text", "b"),), "lacks: b"),
    ],
)
def test_a_codebook_says_what_it_lacks(
    themes: tuple[FrameTheme, ...], taught: tuple[Example, ...], says: str
) -> None:
    with pytest.raises(CodebookError, match=says):
        Codebook(themes, taught)


@parametrize_with_checks([ThemeRidge()])  # type: ignore[untyped-decorator]
def test_the_regression_is_a_scikit_learn_classifier(estimator: ThemeRidge, check: Any) -> None:
    check(estimator)


def test_what_is_said_of_an_example_left_out_is_what_a_model_without_it_says() -> None:
    generator = np.random.default_rng(0)
    rows, member = generator.normal(size=(30, 5)), generator.integers(0, 2, size=(30, 3))
    every = ThemeRidge().fit(rows, member)
    for left in (0, 7, 29):
        kept = np.arange(30) != left
        alone = ThemeRidge().fit(rows[kept], member[kept]).scores(rows[[left]])[0]
        assert np.allclose(every.held_out_[left], alone, atol=1e-8)


def test_a_set_of_themes_grows_only_while_that_is_worth_it() -> None:
    chance = np.array([[0.9, 0.05, 0.02], [0.8, 0.7, 0.1], [0.02, 0.2, 0.05]])
    assert likely_sets(chance).tolist() == [
        [True, False, False],
        [True, True, False],
        [False, True, False],
    ]


def test_a_passage_on_two_themes_has_a_row_with_each() -> None:
    both = [
        (f"{a} {b}", first, second)
        for first, second in (("parking", "waiting"), ("phone", "courtesy"), ("forms", "french"))
        for a, b in zip(corpus.THEMES[first][0][:7], corpus.THEMES[second][0][:7], strict=True)
    ]
    taught = examples(Language.EN, last=7) + tuple(
        Example(text, theme) for text, *themes in both for theme in themes
    )
    asked = "The parking lot was full again. Then I stood in line for two hours."
    result = assign_codebook([Document("1", asked, Language.EN)], Codebook(THEMES, taught))
    assert {row.theme for row in result.assignments} == {"parking", "waiting"}
    assert [row.main for row in result.assignments].count(True) == 1
    assert {(row.start, row.end) for row in result.assignments} == {(0, len(asked))}
    assert {theme.code: theme.size for theme in result.themes if theme.size} == {
        "parking": 1,
        "waiting": 1,
    }


def test_agreement_with_examples_left_out_is_reported_when_there_are_enough() -> None:
    enough = Codebook(THEMES, examples(Language.EN) + examples(Language.FR))
    measured = assign_codebook(corpus.documents()[:4], enough).metrics
    assert measured["held_out_f1"] > 0.6
    assert 0 <= measured["calibration_error"] < 0.5
    few = assign_codebook(corpus.documents()[:4], Codebook(THEMES, examples(Language.EN, last=2)))
    assert "held_out_f1" not in few.metrics
