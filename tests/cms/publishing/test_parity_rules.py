"""The rules alone, on plain values."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from cms.publishing.parity import (
    Code,
    Face,
    Kind,
    Leaf,
    Problem,
    face_problems,
    must_differ,
    stale_problem,
)


def face(language: str, *leaves: tuple[str, Kind, str]) -> Face:
    return Face(
        language,
        tuple(Leaf(tuple(path.split("/")), path, kind, value) for path, kind, value in leaves),
    )


ENGLISH = (
    ("title", Kind.TEXT, "Opening hours of our counters"),
    ("steps/0:step", Kind.SHARED, "step"),
    ("steps/0:step/starts_on", Kind.SHARED, "2026-11-01"),
    ("file", Kind.OWN, "12"),
)
FRENCH = (
    ("title", Kind.TEXT, "Les heures d'ouverture de nos comptoirs"),
    ("steps/0:step", Kind.SHARED, "step"),
    ("steps/0:step/starts_on", Kind.SHARED, "2026-11-01"),
    ("file", Kind.OWN, "13"),
)


def changed(leaves: tuple[tuple[str, Kind, str], ...], path: str, value: str | None):
    return tuple(
        (p, kind, value if p == path else v)
        for p, kind, v in leaves
        if not (p == path and value is None)
    )


def codes(english, french) -> list[tuple[Code, str]]:
    return [(p.code, p.language) for p in face_problems(face("en", *english), face("fr", *french))]


def test_equal_pair_has_no_problem():
    assert codes(ENGLISH, FRENCH) == []


@pytest.mark.parametrize(
    ("french", "expected"),
    [
        (changed(FRENCH, "title", ""), (Code.EMPTY, "fr")),
        (changed(FRENCH, "title", "OPENING  hours of our counters"), (Code.UNTRANSLATED, "")),
        (changed(FRENCH, "steps/0:step/starts_on", "2026-11-02"), (Code.DIFFERS, "")),
        (changed(FRENCH, "file", ""), (Code.EMPTY, "fr")),
        (changed(FRENCH, "steps/0:step/starts_on", None), (Code.STRUCTURE, "fr")),
    ],
)
def test_each_difference_is_named_with_the_language_to_mend(french, expected):
    assert codes(ENGLISH, french) == [expected]


def test_missing_block_is_one_problem_not_one_for_each_leaf():
    french = tuple(leaf for leaf in FRENCH if not leaf[0].startswith("steps"))
    assert codes(ENGLISH, french) == [(Code.STRUCTURE, "fr")]


def test_same_blocks_in_another_order_are_not_the_same_structure():
    english = (("b/0:quote", Kind.SHARED, "quote"), ("b/1:theme", Kind.SHARED, "theme"))
    french = (("b/0:theme", Kind.SHARED, "theme"), ("b/1:quote", Kind.SHARED, "quote"))
    assert {code for code, _ in codes(english, french)} == {Code.STRUCTURE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Consultations Bellerive", False),
        ("2026-27", False),
        ("SPB 044 / 12.5 %", False),
        ("counters-comptoirs@example.ca", False),
        ("https://example.ca/one/two/three/four/five/six", False),
        ("Opening hours of service counters", True),
        ("services-in-your-language", True),
    ],
)
def test_only_what_must_be_written_twice_counts_as_untranslated(text, expected):
    assert must_differ(text) is expected


@pytest.mark.parametrize(
    ("changes", "stale"),
    [
        ({"en": True, "fr": True}, []),
        ({"en": False, "fr": False}, []),
        ({"en": True, "fr": False}, ["fr"]),
        ({"en": False, "fr": True}, ["en"]),
    ],
)
def test_change_in_one_language_makes_the_other_stale(changes, stale):
    assert [problem.language for problem in stale_problem(changes)] == stale


@pytest.mark.parametrize("code", list(Code))
def test_every_problem_says_what_to_do_in_both_languages(code):
    problem = Problem(code, language="fr", label="X", detail="Y")
    with override("en"):
        english = problem.message
    with override("fr"):
        french = problem.message
    assert english != french
    assert "%(" not in english + french
