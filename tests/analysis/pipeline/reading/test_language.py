"""Each text's own language, whatever page it was written on."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from analysis.pipeline import Config, Document, Language, Reason
from analysis.pipeline.reading.documents import corpus_of
from analysis.pipeline.reading.language import detect
from analysis.pipeline.reading.mixed import runs
from analysis.pipeline.reading.normalise import clean, count_words, fold, key, words
from analysis.pipeline.reading.prepare import read_documents
from analysis.pipeline.reading.splitting import sentences
from analysis.pipeline.reading.substance import without_substance
from analysis.pipeline.reading.texts import read
from tests.analysis.pipeline import corpus


def labelled() -> list[tuple[str, str]]:
    """Texts written for this test: the languages people answer in, as they type them."""
    path = Path(__file__).parents[1] / "data" / "languages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["language"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("prior", [None, Language.EN, Language.FR])
def test_ninety_eight_of_a_hundred_texts_of_five_words_are_told_right(
    prior: Language | None,
) -> None:
    texts = [(text, language) for text, language in labelled() if count_words(text) >= 5]
    wrong = [
        (text, language, detect(text, prior).language)
        for text, language in texts
        if detect(text, prior).language != language
    ]
    assert len(texts) >= 450
    assert len(wrong) <= 0.02 * len(texts), wrong
    for language in ("en", "fr"):
        own = sum(1 for _, known in texts if known == language)
        assert sum(1 for item in wrong if item[1] == language) <= 0.01 * own, wrong


def test_nine_of_ten_shorter_texts_are_told_right_even_on_the_other_page() -> None:
    texts = [(t, known) for t, known in labelled() if count_words(t) < 5 and known in ("en", "fr")]
    other = {"en": Language.FR, "fr": Language.EN}
    wrong = [(t, known) for t, known in texts if detect(t, other[known]).language != known]
    assert len(texts) >= 50
    assert len(wrong) <= 0.15 * len(texts), wrong
    assert [t for t, known in texts if detect(t, Language(known)).language != known] == []


def test_what_says_nothing_takes_its_page_and_is_unknown_without_one() -> None:
    texts = [text for text, language in labelled() if language == "und"]
    assert {detect(text).language for text in texts} == {Language.UNDETERMINED}
    for page in (Language.EN, Language.FR):
        assert {detect(text, page).language for text in texts} <= {page, Language.UNDETERMINED}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "The wait at the counter is far too long and nobody explains why. "
            "L'attente au comptoir est beaucoup trop longue et personne n'explique pourquoi.",
            ["The wait", "L'attente"],
        ),
        (
            "We need a bus in the evening / Nous avons besoin d'un autobus le soir",
            ["We need", "Nous avons"],
        ),
        (
            "Il n'y a pas de rampe à la bibliothèque.\nThere is no ramp at the library.\n"
            "Merci de nous avoir posé la question.",
            ["Il n'y", "There is", "Merci de"],
        ),
        (
            "I have been waiting for my card since the month of May. ਮੈਨੂੰ ਕੋਈ ਜਵਾਬ ਨਹੀਂ ਮਿਲਿਆ।",
            ["I have", "ਮੈਨੂੰ"],
        ),
        ("On m'a répondu « please hold the line » pendant une heure. C'est long.", ["On m'a"]),
        ("The Régie du logement said no. So did the Bureau de la concurrence.", ["The Régie"]),
        ("We waited for two hours at the desk. Merci! It was not worth it.", ["We waited"]),
    ],
)
def test_an_answer_in_two_languages_is_taken_apart(text: str, parts: list[str]) -> None:
    found = runs(text, sentences(text))
    begins = [text[run[0][0] :] for run in found]
    assert len(found) == len(parts)
    assert all(begin.startswith(part) for begin, part in zip(begins, parts, strict=True))
    kept = "".join(text[a:b] for run in found for a, b in run)
    assert "".join(kept.split()) == "".join(text.split())


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
        ("No comment", Reason.DECLINED),
        ("Rien à ajouter", Reason.DECLINED),
        ("Sans commentaire.", Reason.DECLINED),
        ("S.O.", Reason.NO_ANSWER),
        ("Je n'ai pas de commentaires", Reason.DECLINED),
        ("I don't know", Reason.DECLINED),
        ("", Reason.NO_ANSWER),
        ("-", Reason.NO_ANSWER),
        ("12345 678", Reason.UNREADABLE),
        ("???!!!????", Reason.UNREADABLE),
        ("Aucun", Reason.DECLINED),
        ("Nothing, thanks!", Reason.DECLINED),
        ("No, nothing else to add at this time. Thank you.", Reason.DECLINED),
        ("I have no opinion on this", Reason.DECLINED),
        ("No comment on this", Reason.DECLINED),
        ("Je n'ai rien d'autre à ajouter, merci", Reason.DECLINED),
        ("Aucune idée pour le moment", Reason.DECLINED),
        ("Désolé, je ne sais pas", Reason.DECLINED),
        ("test", Reason.TEST),
        ("This is a test row", Reason.TEST),
        ("test test test test test", Reason.TEST),
        ("Ceci est un test, svp ignorer", Reason.TEST),
        ("asdfgh", Reason.TEST),
        ("qwerty azerty", Reason.TEST),
        ("😀😀😀😀", None),
        ("👍", None),
        ("aaaaaaaa", Reason.UNREADABLE),
        ("Parking", None),
        ("Trop cher", None),
        ("No comment from staff when I complained", None),
        ("Rien ne fonctionne", None),
        ("I don't know where to park", None),
        ("Nothing works", None),
        ("No parking", None),
        ("Aucun stationnement", None),
        ("Not sure the bus is safe", None),
        ("Test results take too long", None),
        ("Les tests de dépistage", None),
        ("CRTC", None),
    ],
)
def test_answers_that_say_nothing_are_named(text: str, reason: Reason | None) -> None:
    assert without_substance(text) is reason


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("Taux de mortalité par suicide", Language.FR),
        ("Nombre de médecins par habitant", Language.FR),
        ("Couverture vaccinale antigrippale", Language.FR),
        ("Infant mortality per province", Language.EN),
    ],
)
def test_terms_of_a_trade_are_in_the_language_they_are_declared_in(
    text: str, declared: Language
) -> None:
    assert detect(text, declared).language is declared


def test_a_declared_third_language_is_overridden_by_strong_evidence_only() -> None:
    assert detect("Parkplätze fehlen", Language.OTHER).language is Language.OTHER
    assert detect("The lines are too long at the office", Language.OTHER).language is Language.EN


def test_a_refusal_is_in_its_own_language_and_counted_there() -> None:
    for text, language in (
        ("No comment", Language.EN),
        ("Nothing, thanks", Language.EN),
        ("Rien à ajouter", Language.FR),
        ("Aucun", Language.FR),
    ):
        for page in (None, Language.EN, Language.FR):
            assert read(Document("1", text, page), Config())[0] is language


def test_a_corpus_of_german_is_not_read_as_english() -> None:
    long = ["Die Wartezeiten am Schalter sind viel zu lang", "Es gibt zu wenig Radwege hier"]
    short = ["Parkplätze fehlen", "Mehr Radwege", "Umwelt", "Zu teuer", "Schulen sanieren"]
    ours = ["The lines at the counter are too long", "Il faut attendre deux heures au comptoir"]
    for page in (None, Language.EN):
        documents = [Document(f"{i:03}", t, page) for i, t in enumerate(long * 8 + short + ours)]
        found = read_documents(corpus_of(documents), Config())
        assert [found.documents[i].text for i in found.analysed] == ours
        assert found.count_languages(range(len(documents))) == {
            "en": 1,
            "fr": 1,
            "other": len(documents) - 2,
        }
    # Beside a few Germans, what people declared or may have meant stays.
    documents = [Document(f"{i:03}", t) for i, t in enumerate(ours * 20 + long + short)]
    assert len(read_documents(corpus_of(documents), Config()).analysed) == 40 + len(short)


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
