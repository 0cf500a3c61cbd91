"""Coverage: which answers say what a name says, and what follows where few do."""

from __future__ import annotations

import pytest

from analysis.pipeline import Config, Description, Group, Language, analyse
from analysis.pipeline.judging.confidence import theme_confidence
from analysis.pipeline.judging.proposals import said_by
from analysis.pipeline.naming.coverage import Answers, WordVectors, part_of, says_any
from analysis.pipeline.naming.describe import describe_themes
from analysis.pipeline.naming.lexicon import segments
from analysis.pipeline.naming.vocabulary import Vocabulary
from analysis.pipeline.types import Covered, Level, Warning  # noqa: A004 - the field's word for it
from analysis.pipeline.vectors.use import UseEmbedder
from tests.analysis.pipeline.corpus import documents
from tests.analysis.pipeline.naming.test_describe import passages

EN, FR = Language.EN, Language.FR

SAID = {
    EN: (
        "parking",
        ["There is nowhere to park the car.", "The parking lot is full.", "Staff were kind to me."],
    ),
    FR: (
        "stationnement",
        [
            "Impossible de garer l'auto.",
            "Le stationnement est plein.",
            "Le personnel a été gentil.",
        ],
    ),
}


@pytest.mark.parametrize("language", [EN, FR])
def test_an_answer_may_say_it_in_other_words_and_another_subject_does_not(
    language: Language,
) -> None:
    name, texts = SAID[language]
    encoder = UseEmbedder()
    words = WordVectors(encoder)
    answers = Answers(texts, language, encoder.embed(texts), words)
    chances = answers.chances([part_of(name, language, words)])
    assert says_any(chances).tolist() == [True, True, False]
    # A name of two parts says either.
    either = {EN: "kind staff", FR: "personnel gentil"}[language]
    both = [part_of(text, language, words) for text in (name, either)]
    assert says_any(answers.chances(both)).all()


def test_every_theme_tells_of_each_of_its_names_how_many_answers_it_covers() -> None:
    result = analyse(documents(), Config(processes=1))
    assert result.themes
    for theme in result.themes:
        told = {each.language: each for each in theme.covered}
        assert set(told) == {
            lang for lang in (EN, FR) if lang not in theme.unnamed and theme.languages.get(lang)
        }
        little = {each.language for each in theme.covered if each.says * 3 < each.of}
        warned = [w for w in theme.warnings if w.kind is Warning.COVERS_LITTLE]
        assert len(warned) == len(little)
        for language, each in told.items():
            assert 0 <= each.says <= each.of == theme.languages[language]
            assert f"{each.says}" in each.why.said_in("en")
            assert f"{each.of}" in each.why.said_in("fr")


def test_a_name_that_covers_less_than_a_third_makes_a_theme_low_and_says_so() -> None:
    assert theme_confidence(60, 0.95, 1.5, covered=(20, 60)).level is Level.HIGH
    low = theme_confidence(60, 0.95, 1.5, covered=(19, 60))
    assert low.level is Level.LOW
    assert "19" in low.why.said_in("en")
    assert "19" in low.why.said_in("fr")


def test_answers_in_no_language_are_among_those_that_do_not_say_the_name() -> None:
    words = Description("T1", "Weather", "Météo", "", "", (), (), (), covered=(Covered(EN, 2, 2),))
    assert said_by(words, {"en": 2, "fr": 3}) == (2, 2)
    assert said_by(words, {"en": 2, "fr": 3, "und": 10}) == (2, 12)
    # Of a sample, as many as would be beside it.
    assert said_by(words, {"en": 20, "und": 10}) == (2, 3)


def test_a_group_of_several_subjects_is_said_to_be_mixed_of_them_in_both_languages() -> None:
    english = {
        "parking": ["Parking is full.", "The parking lot is small.", "Parking costs too much."],
        "passwords": ["My password fails.", "The password expired.", "I forgot my password."],
        "garden": ["The garden is dry.", "Flowers in the garden died.", "Water the garden."],
        "lunch": ["Lunch was cold.", "The lunch break is short.", "Lunch costs more."],
    }
    french = {
        "parking": ["Le stationnement est plein.", "Un stationnement trop petit."],
        "passwords": ["Mon mot de passe expire.", "Le mot de passe ne marche pas."],
        "garden": ["Le jardin est sec.", "Les fleurs du jardin sont mortes."],
        "lunch": ["Le dîner était froid.", "Le dîner coûte cher."],
    }
    mixed = Group(
        "M",
        None,
        passages(*(text for texts in english.values() for text in texts), language=EN)
        + passages(*(text for texts in french.values() for text in texts)),
    )
    others = [
        Group(f"O{n}", None, passages(*[text] * 3, language=EN, start=100 * n))
        for n, text in enumerate(
            [
                "The train is late again today.",
                "Snow covers the mountain road.",
                "The doctor sees a patient.",
                "Football players won the match.",
            ],
            start=1,
        )
    ]
    encoder = UseEmbedder()
    groups = [mixed, *others]
    vectors = [encoder.embed([p.text for p in g.passages]) for g in groups]
    found = describe_themes(groups, embedder=encoder, vectors=vectors)
    assert found[0].name_en.startswith("Mixed: ")
    assert found[0].name_fr.startswith("Divers\u00a0: ")
    assert len(found[0].name_en.split(", ")) == len(found[0].name_fr.split(", ")) == 3
    assert not any(d.name_en.startswith("Mixed") for d in found[1:])


def test_titles_name_nothing_and_initials_keep_their_capitals() -> None:
    french = passages(
        *["L'honorable ministre parle de la tva.", "La tva est trop haute, ministre."] * 3
    )
    rest = passages(*["Le train arrive en retard.", "Le train est plein."] * 3, start=50)
    d = describe_themes([Group("A", None, french), Group("B", None, rest)])[0]
    assert "TVA" in d.name_fr
    assert "ministre" not in d.name_fr.lower()


def test_a_word_a_letter_away_from_a_common_one_is_misspelled() -> None:
    texts = ["Tell us of the transfer to the exchange."] * 12 + ["What of the exhange?"]
    found = Vocabulary([segments(text, EN) for text in texts], EN)
    assert found.misspelled() == {"exhang"}
