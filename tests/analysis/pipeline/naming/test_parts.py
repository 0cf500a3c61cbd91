"""Parts of themes are shown where a name covers half of them."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.pipeline import Config, Document, Language, analyse
from analysis.pipeline.grouping.themes import Themes
from analysis.pipeline.naming.named import NamedThemes
from analysis.pipeline.naming.parts import parts_with_a_name
from analysis.pipeline.types import Covered, Description
from consult.demo.content import closed_consultation_responses

EN, FR = Language.EN, Language.FR
WHOLE, FIRST, SECOND, THIRD = "T1", "T1.1", "T1.2", "T1.3"
PLACE = {WHOLE: None, FIRST: WHOLE, SECOND: WHOLE, THIRD: WHOLE}


def themes() -> Themes:
    leaf = np.arange(3)
    numbers = np.ones(3)
    members = {code: np.asarray([n]) for n, code in enumerate((FIRST, SECOND, THIRD))}
    return Themes(
        leaf=leaf,
        top=np.zeros(3, dtype=int),
        score=numbers,
        border=numbers,
        centrality=numbers,
        code_of_leaf={0: FIRST, 1: SECOND, 2: THIRD},
        parent_of=PLACE,
        stability_of=dict.fromkeys(PLACE, 1.0),
        members={WHOLE: leaf, **members},
        likeness_of=dict.fromkeys(PLACE, 1.0),
    )


def named(**covered: tuple[Covered, ...]) -> NamedThemes:
    return NamedThemes(
        [
            Description(code, code, code, "", "", (), (), (), covered=covered.get(by, ()))
            for code, by in zip(PLACE, ("whole", "first", "second", "third"), strict=True)
        ],
        {FIRST: {SECOND: 0.9, THIRD: 0.8}, SECOND: {FIRST: 0.9}},
        {FIRST: SECOND, SECOND: FIRST, THIRD: FIRST},
    )


def test_a_part_that_its_name_does_not_cover_is_in_the_whole() -> None:
    # 9 of 19 in both languages together, though 9 of 10 in one of them.
    poor = (Covered(EN, 9, 10), Covered(FR, 0, 9))
    found, words = parts_with_a_name(themes(), named(second=poor))
    assert found.code_of_leaf == {0: FIRST, 1: WHOLE, 2: THIRD}
    assert list(found.members) == [WHOLE, FIRST, THIRD]
    assert list(found.parent_of) == list(found.stability_of) == list(found.likeness_of)
    assert [item.code for item in words.descriptions] == [WHOLE, FIRST, THIRD]
    assert words.alike == {FIRST: {THIRD: 0.8}}
    assert words.nearest == {THIRD: FIRST}


def test_one_part_alone_is_none() -> None:
    poor = (Covered(EN, 1, 3),)
    found, words = parts_with_a_name(themes(), named(first=poor, third=poor))
    assert set(found.code_of_leaf.values()) == {WHOLE}
    assert [item.code for item in words.descriptions] == [WHOLE]


@pytest.mark.parametrize(
    "covered",
    [
        {},
        {"whole": (Covered(EN, 0, 9),)},
        {"first": (Covered(EN, 1, 2),), "second": (Covered(EN, 0, 1), Covered(FR, 2, 3))},
    ],
)
def test_the_rest_is_left_as_it_was(covered: dict[str, tuple[Covered, ...]]) -> None:
    before, words = themes(), named(**covered)
    assert parts_with_a_name(before, words) == (before, words)


def test_every_part_of_a_run_is_covered_by_half() -> None:
    said = [
        Document(str(n), answer, Language(response.language))
        for n, response in enumerate(closed_consultation_responses())
        if isinstance(answer := response.answers.get("comment"), str)
    ]
    result = analyse(said, Config())
    parts = [theme for theme in result.themes if theme.parent is not None]
    assert parts
    for part in parts:
        assert sum(c.says for c in part.covered) * 2 >= sum(c.of for c in part.covered)
    # Nobody's answer is lost by it.
    codes = {theme.code for theme in result.themes}
    assert {row.theme for row in result.assignments} - {None} <= codes
