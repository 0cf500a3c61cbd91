"""Long answers are cut where an idea ends, at offsets that find it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.pipeline import Config
from analysis.pipeline.reading.splitting import sentences, split

CONFIG = Config()
LONG = (
    "I waited two hours at the counter before anyone called my number, and the room was full. "
    "Mr. Roy, the clerk at approx. 3 p.m. on Monday, told me to come back with form no. 12. "
    "La file était très longue et personne ne parlait français au comptoir ce matin-là. "
    "M. Roy m'a dit de revenir avec une pièce d'identité, p. ex. un passeport. "
    "Parking was also impossible: I drove around for half an hour looking for a place to stop. "
    "Thanks."
)


def test_a_short_answer_stays_whole() -> None:
    text = "  Too slow. Too far. Too dear.  "
    assert [text[a:b] for a, b in split(text, CONFIG)] == ["Too slow. Too far. Too dear."]


def test_abbreviations_end_no_sentence_in_either_language() -> None:
    found = [LONG[a:b] for a, b in sentences(LONG)]
    assert len(found) == 6
    assert found[1].startswith("Mr. Roy")
    assert found[1].endswith("no. 12.")
    assert found[3].startswith("M. Roy")
    assert found[3].endswith("p. ex. un passeport.")


def test_what_somebody_is_quoted_as_saying_is_not_cut() -> None:
    text = (
        "On m'a dit «\u00a0Revenez jeudi. Il n'y a personne.\u00a0» J'ai attendu. "
        "Elle a demandé «\u00a0Parlez-vous anglais?\u00a0» et j'ai dit non. "
        "Un guillemet « seul. Fin."
    )
    assert [text[a:b] for a, b in sentences(text)] == [
        "On m'a dit «\u00a0Revenez jeudi. Il n'y a personne.\u00a0»",
        "J'ai attendu.",
        "Elle a demandé «\u00a0Parlez-vous anglais?\u00a0» et j'ai dit non.",
        "Un guillemet « seul.",
        "Fin.",
    ]


def test_a_long_answer_is_cut_into_ideas() -> None:
    found = [LONG[a:b] for a, b in split(LONG, CONFIG)]
    assert len(found) >= 4
    assert any(piece.startswith("Parking") for piece in found)
    assert not any(piece == "Thanks." for piece in found), "too short to stand alone"


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_a_blank_answer_has_no_passage(text: str) -> None:
    assert split(text, CONFIG) == []


def test_ten_thousand_characters_without_a_full_stop_are_cut_between_words() -> None:
    text = "we waited and waited in the cold " * 300
    found = split(text, CONFIG)
    assert len(found) > 20
    assert all(len(text[a:b].split()) <= 2 * CONFIG.passage_maximum_words for a, b in found)


@given(
    st.lists(
        st.sampled_from([*"abé .!?;:,\n", "the wait ", "M. ", "etc. ", "no. 5 ", "… ", "»"]),
        max_size=400,
    ).map("".join)
)
def test_passages_cover_every_visible_character_once(text: str) -> None:
    spans = split(text, Config(passage_split_over_words=5, passage_maximum_words=20))
    at = 0
    for start, end in spans:
        assert not text[at:start].strip()
        assert start < end
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()
