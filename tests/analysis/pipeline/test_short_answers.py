"""Answers of a word, a picture or a refusal: read, counted and kept apart as what they are."""

from __future__ import annotations

from collections import Counter

from analysis.pipeline import OFFICIAL_LANGUAGES, Document, Language, Reason, analyse
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


def test_a_theme_counts_its_answers_by_language_as_its_passages_are_counted() -> None:
    """The site and the report count an answer in the language of its first official passage, and
    one whose language nobody can tell in no other language."""
    french = "Les autobus passent trop tard le soir et personne ne prévient les gens qui attendent."
    english = " ".join(
        f"The bus number {n} is late in the evening and nobody tells the people who wait for it."
        for n in range(2, 9)
    )
    result = analyse([*documents(), Document("mixed", f"{french} {english}")])
    mixed = [row.language for row in result.assignments if row.document_id == "mixed"]
    assert mixed[0] is Language.FR
    assert mixed.count(Language.EN) > len(mixed) / 2
    first: dict[str, str] = {}
    for row in result.assignments:
        if row.language in OFFICIAL_LANGUAGES:
            first.setdefault(row.document_id, row.language.value)
    below = {theme.code: theme.parent for theme in result.themes}
    for theme in result.themes:
        members = {
            row.document_id
            for row in result.assignments
            if row.theme is not None and theme.code in (row.theme, below[row.theme])
        }
        counted = Counter(first.get(each, "none") for each in members)
        assert {code: theme.languages.get(code, 0) for code in ("en", "fr")} == {
            code: counted[code] for code in ("en", "fr")
        }
        assert "another language" not in theme.description_en or theme.languages.get("other")
