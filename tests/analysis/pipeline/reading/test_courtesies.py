"""Forms of courtesy: kept in the answer, and nothing that it is grouped by."""

from __future__ import annotations

import time

import pytest

from analysis.pipeline import Document, Language, Reason, analyse, passage_text
from analysis.pipeline.reading.courtesies import without_courtesies
from tests.analysis.pipeline.corpus import documents

CLOSE = "Veuillez agréer, Madame la Ministre, mes salutations distinguées."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (CLOSE, ""),
        (f"Je ne demande pas un privilège.  {CLOSE}", "Je ne demande pas un privilège."),
        ("Veuillez agreer, Monsieur, mes salutations distinguees", ""),
        ("Madame, Monsieur,  Je paie mes impôts.", "Je paie mes impôts."),
        ("Bonjour à tous, la file est longue. Merci d'avance!", "la file est longue."),
        ("Je vous prie d'agréer l'expression de mes sentiments les meilleurs", ""),
        ("Plus de bancs. Cordialement, Jeanne Tremblay", "Plus de bancs."),
        ("Dear Minister,  I am 88.  Yours truly,", "I am 88."),
        ("To whom it may concern: fix the door.", "fix the door."),
        ("Fix it. Thank you for your time and consideration. Sincerely, Mr. A. B. Roy", "Fix it."),
        ("Hello, parking is bad. Thanks", "parking is bad."),
        ("Thank you for the opportunity to comment.", ""),
    ],
)
def test_set_forms_at_either_end_are_left_out(text: str, left: str) -> None:
    assert without_courtesies(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the kind staff at counter 3.",
        "Merci à la dame du comptoir.",
        "Merci de me répondre en français.",
        "Bonjour/Hi seulement sur l'affiche",
        "Ni bonjour ni merci",
        "Monsieur Tremblay m'a aidé.",
        "Hi I'm Bob, I want a bus",
        "Thanks for nothing",
        "More respect",
        "Dear God this site is slow",
    ],
)
def test_what_says_something_stays_whole(text: str) -> None:
    assert without_courtesies(text) == text


@pytest.mark.parametrize("text", ["merci " * 20_000, "hello, " * 20_000, "\n" * 50_000 + "merci"])
def test_a_text_anyone_can_send_is_read_at_once(text: str) -> None:
    begun = time.process_time()
    without_courtesies(text)
    assert time.process_time() - begun < 0.05


def test_people_who_close_alike_are_in_no_theme_for_it() -> None:
    closed = [
        Document(d.id, f"{d.text}\n\n{CLOSE}", d.language) if d.language is Language.FR else d
        for d in documents()
    ]
    plain, polite = analyse(documents()), analyse(closed)
    theme = {a.document_id: a.theme for a in plain.assignments if a.main}
    assert {a.document_id: a.theme for a in polite.assignments if a.main} == theme
    assert any(CLOSE in a.text for a in polite.assignments)
    alone = analyse([*documents(), Document("z", CLOSE)])
    (found,) = [a for a in alone.assignments if a.document_id == "z"]
    assert (found.theme, found.reason, found.text) == (None, Reason.NO_ANSWER, CLOSE)


def test_a_passage_made_again_from_its_place_has_the_words_that_were_embedded() -> None:
    document = Document("a", f"Plus de bancs. {CLOSE}", Language.FR)
    whole = (0, len(document.text))
    assert passage_text(document, *whole, Language.FR, ()) == "Plus de bancs."
