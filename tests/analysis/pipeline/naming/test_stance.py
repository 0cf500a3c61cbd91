"""A name says "against" where the answers say so and agree, and never otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from analysis.pipeline import Group, GroupPassage, Language
from analysis.pipeline.naming.describe import describe_themes

EN, FR = Language.EN, Language.FR
OTHERS = {
    EN: ("The train is late.", "The train is full.", "A night train would help."),
    FR: ("Le train arrive en retard.", "Le train est plein.", "Un train de nuit serait bien."),
}
AGAINST = {
    EN: (
        "I am against the bridge toll.", "The bridge toll should be scrapped.",
        "We oppose the bridge toll.", "Scrap the bridge toll, please.",
        "The bridge toll is on my mind.",
    ),
    FR: (
        "Je suis contre le péage.", "Non au péage.", "Le péage devrait être aboli.",
        "Il faut supprimer le péage.", "Le péage, on en parle beaucoup.",
    ),
}  # fmt: skip
FOR = {
    EN: ("I support the bridge toll.", "Keep the bridge toll.", "I'm not against the bridge toll.",
         "The bridge toll should not be abolished."),
    FR: ("Je suis favorable au péage.", "Gardez le péage.", "Je ne suis pas contre le péage.",
         "Le péage ne doit pas être aboli."),
}  # fmt: skip


def said(language: Language, texts: Sequence[str], start: int = 0) -> tuple[GroupPassage, ...]:
    return tuple(
        GroupPassage(f"{language}-{start + n}", 0, len(t), t, language, 0.9, 0.1)
        for n, t in enumerate(texts)
    )


def names(english: Sequence[str] = (), french: Sequence[str] = ()) -> tuple[str, str]:
    other = [
        passage
        for language, texts in ((EN, english), (FR, french))
        if texts
        for passage in said(language, OTHERS[language], start=100)
    ]
    mine = (*said(EN, english), *said(FR, french))
    groups = [Group("A", None, mine), Group("B", None, tuple(other))]
    found = describe_themes(groups)[0]
    return found.name_en, found.name_fr


def test_where_the_answers_agree_both_names_say_so() -> None:
    assert names(AGAINST[EN], AGAINST[FR]) == ("Against the bridge toll", "Contre le péage")


def test_in_one_language_the_name_of_that_language_says_so() -> None:
    assert names(english=AGAINST[EN])[0] == "Against the bridge toll"
    assert names(french=AGAINST[FR])[1] == "Contre le péage"


@pytest.mark.parametrize("language", [EN, FR])
def test_where_they_are_split_it_is_a_subject(language: Language) -> None:
    split = {language: (*AGAINST[language], *FOR[language])}
    found = names(split.get(EN, ()), split.get(FR, ()))
    assert not any(name.startswith(("Against", "Contre")) for name in found)


def test_where_one_language_does_not_agree_neither_name_says_so() -> None:
    found = names(AGAINST[EN], (*AGAINST[FR], *FOR[FR]))
    assert found == ("Bridge toll", "Péage")


@pytest.mark.parametrize("language", [EN, FR])
def test_a_negation_of_a_negation_is_for_it(language: Language) -> None:
    twice = {language: FOR[language][2:] * 3}
    found = names(twice.get(EN, ()), twice.get(FR, ()))
    assert not any(name.startswith(("Against", "Contre")) for name in found)
    # And not for it is against it.
    refused = {
        EN: ("I do not support the bridge toll.",),
        FR: ("Je ne suis pas favorable au péage.",),
    }
    denied = {language: refused[language] * 4}
    found = names(denied.get(EN, ()), denied.get(FR, ()))
    assert any(name.startswith(("Against the", "Contre le")) for name in found)


@pytest.mark.parametrize(
    "text",
    ["No problem with the bridge toll.", "I am against raising the bridge toll.",
     "Banning the bridge toll would cost us.", "The stop is near the bridge toll."],
)  # fmt: skip
def test_what_is_said_of_something_else_is_not_said_of_it(text: str) -> None:
    assert not names(english=(text,) * 6)[0].startswith("Against")


def test_few_who_say_so_do_not_speak_for_the_others() -> None:
    neutral = tuple(f"The bridge toll is {n} dollars." for n in range(2, 14))
    assert names(english=(*AGAINST[EN], *neutral))[0] == "Bridge toll"


def test_french_takes_the_article_that_people_wrote() -> None:
    plural = ("Non aux tarifs.", "Je m'oppose aux tarifs.", "Il faut abolir les tarifs.",
              "Supprimez les tarifs!")  # fmt: skip
    assert names(french=plural)[1] == "Contre les tarifs"
    elided = ("Je suis contre l'éolienne.", "Non à l'éolienne.", "On s'oppose à l'éolienne.",
              "L'éolienne doit être interdite.")  # fmt: skip
    assert names(french=elided)[1] == "Contre l'éolienne"
