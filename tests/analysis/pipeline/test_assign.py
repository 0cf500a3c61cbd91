"""New answers find the themes people settled on, in the other language too, or none."""

from __future__ import annotations

import pytest
from sklearn.exceptions import NotFittedError

from analysis.pipeline import Codebook, Document, Example, Language, Reason

from . import corpus


def examples(language: Language, *, first: int = 0, last: int = 8) -> list[Example]:
    side = 0 if language is Language.EN else 1
    return [
        Example(text, theme)
        for theme, both in corpus.THEMES.items()
        for text in both[side][first:last]
    ]


def right(codebook: Codebook, documents: list[Document]) -> float:
    rows = codebook.assign(documents)
    return sum(row.theme == corpus.theme_of(row.document_id) for row in rows) / len(documents)


@pytest.mark.parametrize(
    ("taught", "asked"), [(Language.EN, Language.FR), (Language.FR, Language.EN)]
)
def test_examples_in_one_language_reach_answers_in_the_other(
    taught: Language, asked: Language
) -> None:
    codebook = Codebook(abstain_below=0.0).fit(examples(taught))
    assert right(codebook, [d for d in corpus.documents() if d.language is asked]) >= 0.7


def test_unseen_answers_are_put_where_people_put_theirs() -> None:
    taught = examples(Language.EN, last=6) + examples(Language.FR, last=6)
    unseen = [d for d in corpus.documents() if int(d.id.split("-")[2]) >= 6]
    assert right(Codebook(abstain_below=0.0).fit(taught), unseen) >= 0.75


def test_what_resembles_no_example_fits_no_theme() -> None:
    codebook = Codebook().fit(examples(Language.EN) + examples(Language.FR))
    odd = [
        Document("1", "Photosynthesis turns sunlight into sugar inside green leaves.", Language.EN),
        Document("2", "n/a", Language.EN),
        Document("3", "Los volcanes de esta isla están dormidos desde hace muchos siglos."),
    ]
    rows = {row.document_id: row for row in codebook.assign(odd)}
    assert rows["1"].reason is Reason.FITS_NO_THEME
    assert rows["2"].reason is Reason.NO_ANSWER
    assert rows["3"].reason is Reason.OTHER_LANGUAGE
    assert not any(row.theme or row.main for row in rows.values())


def test_every_document_has_at_most_one_main_passage_and_the_order_changes_nothing() -> None:
    codebook = Codebook().fit(examples(Language.EN))
    long = Document("long", " ".join(text for text in corpus.THEMES["parking"][0]), Language.EN)
    documents = [*corpus.documents()[:20], long]
    rows = codebook.assign(documents)
    assert rows == codebook.assign(documents[::-1])
    assert len([row for row in rows if row.document_id == "long"]) > 1
    for document in documents:
        assert sum(row.main for row in rows if row.document_id == document.id) <= 1


def test_a_codebook_says_what_it_lacks() -> None:
    with pytest.raises(ValueError, match="at least two themes"):
        Codebook().fit([Example("The wait is long.", "waiting")])
    with pytest.raises(NotFittedError):
        Codebook().assign([])
