"""Answers of a word, a picture or a refusal: read, counted and kept apart as what they are."""

from __future__ import annotations

from collections import Counter

from analysis.pipeline import Document, Language, Reason, analyse
from analysis.pipeline.vectors.emoji import in_words
from tests.analysis.pipeline.corpus import documents

SUBJECTS = {
    "weather": "weather rain snow storm climate wind temps météo pluie neige orage climat vent",
    "transit": "bus train subway streetcar transit ferry autobus métro tramway traversier",
    "health": "hospital doctor nurse clinic surgery hôpital médecin infirmière clinique chirurgie",
    "food": "bread cheese soup vegetables meat fruit fromage soupe légumes viande",
    "school": "school teacher student classroom exam école enseignant élève classe examen",
    "glad": "👍 👍👍 👏 👌 🙌 ❤️ 😍 😊",
}


def test_words_and_pictures_alone_are_grouped_across_the_languages() -> None:
    words = {word: subject for subject, said in SUBJECTS.items() for word in said.split()}
    result = analyse(Document(word, word) for word in words)
    theme = {a.document_id: a.theme for a in result.assignments}
    assert theme["weather"] == theme["temps"] is not None
    assert theme["bus"] == theme["autobus"]
    assert theme["hospital"] == theme["hôpital"]
    right = 0
    for subject in SUBJECTS:
        own = [theme[word] for word, said in words.items() if said == subject]
        right += Counter(own).most_common(1)[0][1]
    assert right >= 0.85 * len(words)
    assert theme["👍"] is not None


def test_an_emoji_is_read_by_its_name_where_it_stands_alone() -> None:
    assert in_words("👍🏽👍") == "thumbs up"
    assert in_words("❤️") == "heart"
    for text in ("Great 👍", "Bien", "?!", "été", "", "12"):
        assert in_words(text) == text


def test_refusals_are_a_bucket_with_their_count_and_in_no_theme() -> None:
    refusals = [
        "aucun", "Aucune", "nothing", "Nothing!", "don't know", "I don't know, sorry", "no comment",
        "No comment on this", "rien à ajouter", "Je n'ai rien à ajouter, merci",
    ]  # fmt: skip
    said = [Document(f"no-{i:02}", text) for i, text in enumerate(refusals * 3)]
    result = analyse([*documents(), *said, Document("blank", ""), Document("test", "test test")])
    found = {a.document_id: a for a in result.assignments}
    for document in said:
        assert found[document.id].theme is None
        assert found[document.id].reason is Reason.DECLINED
    assert result.metrics["documents_declined_to_answer"] == len(said)
    assert found["blank"].reason is Reason.NO_ANSWER
    # A guess, under a name of its own: whoever reads it puts it where it belongs.
    assert found["test"].reason is Reason.TEST
    assert found["test"].text == "test test"
    assert found["no-06"].language is Language.EN
