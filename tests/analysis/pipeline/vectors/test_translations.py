"""A letter and its translation are proposed as one campaign; letters that only agree are not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from analysis.pipeline import Config, Document, Language, LetterCampaign, Reason, Result, analyse
from analysis.pipeline.vectors.translations import LetterVectors, linked
from tests.analysis.pipeline import corpus

FERRY = (
    "I am writing to oppose the cut to the winter ferry between the island and the mainland. "
    "Without the morning crossing, our students cannot reach their college and our patients miss "
    "their appointments at the regional hospital. "
    "The bridge adds two hours of driving on roads that are often closed by snow. "
    "Fishers also depend on the ferry to bring their catch to market while it is fresh. "
    "I ask the minister to keep two crossings a day from December to April. "
    "Please publish the cost of the service so that residents can judge for themselves."
)
TRAVERSIER = (
    "Je vous écris pour m'opposer à la réduction du traversier d'hiver entre l'île et le "
    "continent. Sans la traversée du matin, nos étudiants ne peuvent pas se rendre au collège "
    "et nos malades manquent leurs rendez-vous à l'hôpital régional. "
    "Le pont ajoute deux heures de route sur des chemins souvent fermés par la neige. "
    "Les pêcheurs ont aussi besoin du traversier pour livrer leurs prises au marché bien fraîches. "
    "Je demande au ministre de maintenir deux traversées par jour de décembre à avril. "
    "Veuillez publier le coût du service afin que les résidents puissent en juger eux-mêmes."
)
# The same subject, other people, other reasons.
TARIFS = (
    "Les tarifs du traversier ont augmenté trois fois en deux ans et notre auberge perd des "
    "clients. Les touristes de l'été vont ailleurs quand une voiture coûte cent dollars. "
    "Nous demandons un rabais pour les familles et un laissez-passer pour les travailleurs. "
    "Le billet devrait pouvoir être acheté en ligne, sans frais de réservation. "
    "Un bateau électrique réduirait la facture de carburant et le bruit dans le port."
)
# The same subject, the opposite opinion.
POUR = (
    "J'appuie la réduction du traversier d'hiver entre l'île et le continent. "
    "Presque personne ne prend la traversée du matin et le bateau navigue souvent vide. "
    "Le pont est sûr et les routes sont bien déneigées. "
    "Les pêcheurs peuvent livrer leurs prises par camion. "
    "Je demande au ministre de mettre l'argent épargné dans l'hôpital régional."
)
PERSONAL = (
    "My own grandfather missed three dialysis treatments last February because the boat was full."
)
PERSONNEL = "Ma voisine a accouché dans l'ambulance en attendant le bateau de sept heures."


def sent(code: str, text: str, language: Language, copies: int) -> list[Document]:
    return [Document(f"{code}-{i}", text, language) for i in range(copies)]


@pytest.fixture(scope="module")
def result() -> Result:
    documents = [
        *corpus.documents()[::3],
        *sent("ferry", FERRY, Language.EN, 4),
        *sent("traversier", TRAVERSIER, Language.FR, 3),
        *sent("tarifs", TARIFS, Language.FR, 3),
        *sent("pour", POUR, Language.FR, 3),
        *sent("library", corpus.ENGLISH_LETTER, Language.EN, 3),
        Document("greeting", f"Dear minister, good morning to you and your staff. {FERRY}"),
        Document("end", f"{FERRY} {PERSONAL}", Language.EN),
        Document("middle", FERRY.replace("Fishers", f"{PERSONAL} Fishers"), Language.EN),
        Document("paragraph", f"{PERSONAL}\n\n{FERRY}", Language.EN),
        Document("french", f"{FERRY}\n\n{PERSONNEL}", Language.EN),
        Document("both", f"{corpus.documents()[0].text} ਮੈਨੂੰ ਕੋਈ ਜਵਾਬ ਨਹੀਂ ਮਿਲਿਆ।", Language.EN),
    ]
    random.Random(2).shuffle(documents)
    return analyse(documents)


def letter_of(result: Result, document: str) -> LetterCampaign:
    (found,) = (c for c in result.campaigns if document in c.document_ids)
    return found


def test_a_letter_and_its_translation_are_proposed_as_one(result: Result) -> None:
    english, french = letter_of(result, "ferry-0"), letter_of(result, "traversier-0")
    assert (english.linked, french.linked) == (french.code, english.code)
    assert english.link_score == french.link_score
    assert english.link_score is not None
    assert english.link_score >= 0.55


def test_letters_on_the_same_subject_that_say_other_things_are_not_linked(result: Result) -> None:
    for document in ("tarifs-0", "pour-0", "library-0"):
        letter = letter_of(result, document)
        assert (letter.linked, letter.link_score) == (None, None)


@pytest.mark.parametrize("document", ["end", "middle", "paragraph"])
def test_what_a_person_added_anywhere_in_a_letter_is_a_passage_of_its_own(
    result: Result, document: str
) -> None:
    assert document in letter_of(result, "ferry-0").document_ids
    own = [row.text for row in result.assignments if row.document_id == document]
    assert PERSONAL in own


def test_what_was_added_in_the_other_language_keeps_its_language(result: Result) -> None:
    assert "french" in letter_of(result, "ferry-0").document_ids
    own = {row.text: row.language for row in result.assignments if row.document_id == "french"}
    assert own[PERSONNEL] is Language.FR
    assert Language.EN in own.values()


def test_a_greeting_alone_does_not_make_another_letter(result: Result) -> None:
    assert "greeting" in letter_of(result, "ferry-0").document_ids


def test_an_answer_half_in_another_language_is_read_for_the_half_we_can(result: Result) -> None:
    rows = [row for row in result.assignments if row.document_id == "both"]
    assert [row.language for row in rows] == [Language.EN, Language.OTHER]
    assert rows[0].reason is not Reason.OTHER_LANGUAGE
    assert rows[1].reason is Reason.OTHER_LANGUAGE


def vectors(language: Language, rows: list[list[float]], words: int = 20) -> LetterVectors:
    values = np.asarray(rows, dtype=np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    return LetterVectors(language, values, np.full(len(rows), words))


def test_each_letter_is_linked_once_and_only_across_languages() -> None:
    letter = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    close = [[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]]
    english, again = vectors(Language.EN, letter), vectors(Language.EN, close)
    french = vectors(Language.FR, letter)
    assert linked([english, again], Config()) == []
    assert linked([again, french, english], Config()) == [(2, 1, 1.0)]
    longer = vectors(Language.FR, letter, words=50)
    assert linked([english, longer], Config()) == []
    assert linked([], Config()) == []
