"""Each warning has its reason in both languages, and is given when its rule says so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.pipeline import Description, Group, GroupPassage, Language, UseEmbedder
from analysis.pipeline.judging.cautions import Facts, cautions
from analysis.pipeline.naming.likeness import alike, nearest
from analysis.pipeline.types import Caution, Warning  # noqa: A004 - the field's word for it

EN, FR = Language.EN, Language.FR


def described(code: str, en: str = "Waiting", fr: str = "Attente") -> Description:
    keywords = ("street", "car", "fees", "parking"), ("rue", "auto", "frais", "stationnement")
    return Description(code, en, fr, "", "", *keywords, ())


def facts(code: str, texts: range, parent: str | None = None) -> Facts:
    half = len(texts) // 2
    return Facts(
        code,
        parent,
        np.asarray(texts),
        {"en": len(texts) - half, "fr": half},
        border=0.2,
        distinct=len(texts),
        stability=0.9,
        nearest=None,
    )


PLAIN = [facts(f"T{i}", range(20 * i, 20 * i + 20)) for i in range(1, 5)]
BOTH = {"en": 60, "fr": 60}


def found(
    themes: list[Facts],
    *,
    words: dict[str, Description] | None = None,
    same: dict[str, dict[str, float]] | None = None,
    overall: dict[str, int] | None = None,
) -> dict[str, tuple[Caution, ...]]:
    words = {t.code: described(t.code, f"Name {t.code}", f"Nom {t.code}") for t in themes} | (
        words or {}
    )
    return cautions(themes, words, same or {}, overall or BOTH)


def kinds(found: tuple[Caution, ...]) -> list[Warning]:
    return [caution.kind for caution in found]


def test_a_plain_theme_has_no_warning() -> None:
    assert all(not each for each in found(PLAIN).values())


@pytest.mark.parametrize(
    ("changed", "overall", "kind"),
    [
        (facts("T1", range(4)), BOTH, Warning.TINY),
        (facts("T1", range(20)), {"en": 20_000, "fr": 20_000}, Warning.TINY),
        (replace(PLAIN[0], stability=0.3), BOTH, Warning.VAGUE),
        (replace(PLAIN[0], border=0.9, nearest="T2"), BOTH, Warning.OVERLAPS),
        (replace(PLAIN[0], languages={"en": 20}), BOTH, Warning.ONE_LANGUAGE),
        (facts("T1", range(200, 270)), BOTH, Warning.CATCH_ALL),
        (facts("T1", range(40, 56)), BOTH, Warning.OVERLAPS),
    ],
)
def test_each_rule_gives_its_warning_with_a_reason_in_both_languages(
    changed: Facts, overall: dict[str, int], kind: Warning
) -> None:
    given = found([changed, *PLAIN[1:]], overall=overall)[changed.code]
    caution = next(each for each in given if each.kind is kind)
    assert caution.reason_en != caution.reason_fr
    assert caution.reason_en.endswith(".")
    assert caution.reason_fr.endswith(".")
    assert "'" not in caution.reason_en + caution.reason_fr


def test_an_overlap_says_with_which_theme_to_both() -> None:
    given = found([*PLAIN], same={"T2": {"T3": 0.95}})
    assert [c.themes for c in given["T2"]] == [("T3",)]
    assert [c.themes for c in given["T3"]] == [("T2",)]
    assert "Name T3" in given["T2"][0].reason_en
    assert "Nom T3" in given["T2"][0].reason_fr


def test_a_part_does_not_overlap_its_whole() -> None:
    themes = [facts("T1", range(20)), facts("T1.1", range(18), "T1"), *PLAIN[1:]]
    assert kinds(found(themes, same={"T1": {"T1.1": 0.99}})["T1"]) == []


def test_a_language_hardly_anyone_wrote_in_is_not_missed() -> None:
    themes = [replace(PLAIN[0], languages={"en": 20}), *PLAIN[1:]]
    assert kinds(found(themes, overall={"en": 118, "fr": 2})["T1"]) == []


def test_a_name_that_stands_in_for_one_is_said_where_the_language_is_written() -> None:
    words = {"T1": replace(described("T1"), unnamed=(FR,))}
    assert kinds(found(PLAIN, words=words)["T1"]) == [Warning.UNNAMED]
    assert kinds(found(PLAIN, words=words, overall={"en": 120})["T1"]) == []
    # A few texts in the other language do not make a warning on every theme.
    assert kinds(found(PLAIN, words=words, overall={"en": 118, "fr": 2})["T1"]) == []


def test_a_general_name_is_vague() -> None:
    words = {"T1": replace(described("T1"), generic=True)}
    assert kinds(found(PLAIN, words=words)["T1"]) == [Warning.VAGUE]
    words = {"T1": replace(described("T1"), generic=True, unnamed=(EN, FR))}
    assert kinds(found(PLAIN, words=words)["T1"]) == [Warning.UNNAMED, Warning.UNNAMED]


def test_names_that_mean_the_same_are_found_in_either_language() -> None:
    words = [
        described("T1", "Parking fees", "Frais"),
        described("T2", "Fees for parking", "Deux trains de nuit"),
        replace(
            described("T3", "Opening hours", "Heures d'ouverture"),
            keywords_en=("evening", "Saturday"),
            keywords_fr=("soir", "samedi"),
        ),
    ]
    assert set(alike(words, UseEmbedder())) == {"T1"}
    assert set(alike(words, UseEmbedder())["T1"]) == {"T2"}


def test_the_nearest_theme_is_of_the_same_level() -> None:
    passage = GroupPassage("a", 0, 1, "a", EN, 1.0, 0.0)
    groups = [Group(c, p, (passage,)) for c, p in (("A", None), ("B", None), ("A.1", "A"))]
    vectors = [np.eye(3, dtype=np.float32)[[i]] for i in (0, 1, 0)]
    assert nearest(groups, vectors) == {"A": "B", "B": "A"}
