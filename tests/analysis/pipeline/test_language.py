"""Each text's own language, whatever page it was written on."""

from __future__ import annotations

import pytest

from analysis.pipeline import Language, Reason
from analysis.pipeline.language import detect
from analysis.pipeline.normalise import clean, fold, key, words
from analysis.pipeline.substance import without_substance

from . import corpus


@pytest.mark.parametrize("prior", [None, Language.EN, Language.FR])
def test_sentences_are_told_apart_on_the_page_of_either_language(prior: Language | None) -> None:
    wrong = [
        document.text
        for document in corpus.documents()
        if detect(document.text, prior).language is not document.language
    ]
    assert wrong == []


def test_french_without_accents_is_french() -> None:
    texts = [
        "jai attendu deux heures et personne ma repondu",
        "le formulaire ne fonctionne pas sur mon telephone",
        "il faudrait plus de places de stationnement pres de ledifice",
    ]
    assert [detect(text, Language.EN).language for text in texts] == [Language.FR] * 3


@pytest.mark.parametrize("text", ["Parking", "Service", "Excellent", "Long", "OK 5/5 super"])
def test_a_text_too_short_to_tell_takes_the_language_of_its_page(text: str) -> None:
    assert detect(text, Language.EN).language is Language.EN
    assert detect(text, Language.FR).language is Language.FR


@pytest.mark.parametrize(
    "text",
    [
        "Tuve que esperar más de dos horas y nadie me ayudó con el formulario.",
        "Ich musste zwei Stunden am Schalter warten und niemand konnte mir helfen.",
        "等了两个小时才有人接待我。",
        "ਮੈਨੂੰ ਦੋ ਘੰਟੇ ਉਡੀਕ ਕਰਨੀ ਪਈ",
        "ᐃᓄᒃᑎᑐᑦ ᐅᖃᐅᓯᖅ",
        "Ho aspettato due ore allo sportello e nessuno mi ha aiutato con il modulo.",
    ],
)
def test_other_languages_are_kept_apart(text: str) -> None:
    assert detect(text, Language.EN).language is Language.OTHER


@pytest.mark.parametrize("text", ["", "12345", "!!!", "😀😀"])
def test_what_has_no_letters_has_no_language(text: str) -> None:
    assert detect(text, Language.FR).language is Language.UNDETERMINED


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n/a", Reason.NO_ANSWER),
        ("N/A.", Reason.NO_ANSWER),
        ("No comment", Reason.NO_ANSWER),
        ("Rien à ajouter", Reason.NO_ANSWER),
        ("Sans commentaire.", Reason.NO_ANSWER),
        ("S.O.", Reason.NO_ANSWER),
        ("Je n'ai pas de commentaires", Reason.NO_ANSWER),
        ("I don't know", Reason.NO_ANSWER),
        ("", Reason.NO_ANSWER),
        ("-", Reason.NO_ANSWER),
        ("12345 678", Reason.UNREADABLE),
        ("???!!!????", Reason.UNREADABLE),
        ("😀😀😀😀", Reason.UNREADABLE),
        ("asdfgh", Reason.UNREADABLE),
        ("aaaaaaaa", Reason.UNREADABLE),
        ("Parking", None),
        ("Trop cher", None),
        ("No comment from staff when I complained", None),
        ("Rien ne fonctionne", None),
        ("CRTC", None),
    ],
)
def test_answers_that_say_nothing_are_named(text: str, reason: Reason | None) -> None:
    assert without_substance(text) is reason


def test_accents_are_kept_and_elisions_split_when_words_are_counted() -> None:
    assert words("L’aide à l’école québécoise qu'on reçoit") == [
        "l", "aide", "à", "l", "école", "québécoise", "qu", "on", "reçoit",
    ]  # fmt: skip
    assert words("aujourd'hui")[0].startswith("aujourd")


def test_cleaning_never_moves_an_offset() -> None:
    text = "L’été\u00a0: «\u202fœuf\u200b »"
    assert len(clean(text)) == len(text)


def test_texts_a_person_would_call_the_same_have_one_key() -> None:
    assert key("The  wait was TOO long!!") == key("the wait was too long")
    assert key("L’attente") == key("l'attente")
    assert fold("Œuvre À la clé") == "oeuvre a la cle"
