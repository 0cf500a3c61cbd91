"""What many people wrote in the same words weighs once, and is said to be written by many."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis.pipeline import Document, Level, analyse
from analysis.pipeline.reading.campaigns import is_slip
from tests.analysis.pipeline.corpus import documents

FIVE = "Purple zebra parade every Friday"
NINE = "We want the old bandstand back in the square"
TWELVE = "Please bring the old bandstand back to the market square this summer"


def with_copies(text: str, n: int) -> list[Document]:
    return [*documents(), *(Document(f"copy-{i:02}", text) for i in range(n))]


def test_copies_of_five_words_name_no_theme_and_make_none() -> None:
    result = analyse(with_copies(FIVE, 10))
    (repeat,) = result.repeats
    assert repeat.text == FIVE
    assert len(repeat.document_ids) == 10
    where = {a.document_id: a.theme for a in result.assignments}
    assert len({where[i] for i in repeat.document_ids}) == 1
    for theme in result.themes:
        sizes = Counter(i.startswith("copy") for i, code in where.items() if code == theme.code)
        if sizes[False]:
            assert "zebra" not in theme.name_en.lower()


@pytest.mark.parametrize(("text", "is_letter"), [(NINE, False), (TWELVE, True)])
def test_sixty_copies_are_counted_whatever_their_length_and_make_no_theme_sure(
    text: str, is_letter: bool
) -> None:
    result = analyse(with_copies(text, 60))
    told = result.campaigns if is_letter else result.repeats
    assert [len(t.document_ids) for t in told] == [60]
    where = {a.document_id: a.theme for a in result.assignments}
    top = (where["copy-00"] or "").split(".")[0]
    (theme,) = [t for t in result.themes if t.code == top]
    assert theme.size >= 60
    # Sixty copies are one text known: what is sure of the theme is what the others say.
    assert theme.confidence.why.values["size"] == theme.size - 59
    if theme.size < 60 + 20:
        assert theme.confidence.level is not Level.HIGH


def test_three_hundred_identical_comments_are_told_as_such() -> None:
    text = "The park needs more benches and better lighting"
    result = analyse([Document(f"{i:03}", text) for i in range(300)])
    (repeat,) = result.repeats
    assert (repeat.text, len(repeat.document_ids)) == (text, 300)
    assert result.metrics["passages_distinct"] == 1
    assert len(result.order) == 300


def test_a_slip_of_a_key_makes_no_other_answer() -> None:
    text = "We want the old bandstand back"
    slips = [
        "We want the old bandstnad back",
        "we want the old bandstan back.",
        "We want the old bandstand back!",
    ]
    others = [
        "We want the old bandwagon back",
        "We want the new bandstand back",
        "We want an old bandstand back",
    ]
    said = [text] * 6 + slips + others
    result = analyse([*documents(), *(Document(f"said-{i:02}", t) for i, t in enumerate(said))])
    (repeat,) = result.repeats
    assert repeat.text == text
    assert repeat.document_ids == tuple(f"said-{i:02}" for i in range(9))
    for a in result.assignments:
        # Each person's own words, slips and all.
        if a.document_id.startswith("said"):
            assert a.text == said[int(a.document_id[-2:])]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("automatic", "automtic", True),
        ("automatic", "automatci", True),
        ("automatic", "automatic", False),
        ("moral", "amoral", False),
        ("12345", "12346", False),
        ("service", "servant", False),
    ],
)
def test_what_a_slip_of_a_key_is(one: str, other: str, same: bool) -> None:
    assert is_slip(one, other) is same
    assert is_slip(other, one) is same
