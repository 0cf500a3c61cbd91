"""Short answers are grouped by what they say, never by being short."""

from __future__ import annotations

from analysis.pipeline import Document, Reason, analyse
from tests.analysis.pipeline.corpus import documents

NOTHING_IN_COMMON = (
    "Fast.", "I gave up", "All good here", "Way better now", "Nice lady", "on hold again",
    "never mind", "Ten out of ten", "too many pages", "not my turn", "my knees hurt", "Bravo",
    "Rapide", "c'est long", "belle affiche", "pas pire", "mon chien aussi", "Tout va bien",
    "lâchez pas", "rien compris", "jamais reçu", "drôle de couleur", "dix sur dix", "chez nous non",
)  # fmt: skip
LONG = (
    "When I went there last week with my neighbour we found that",
    "As somebody who has lived here for thirty years I must say:",
    "I would like whoever reads this to know what happened:",
)
LONG_FR = (
    "La semaine dernière, quand j'y suis allée avec ma voisine :",
    "Comme quelqu'un qui vit ici depuis trente ans, je dois dire ceci :",
    "J'aimerais que les personnes qui lisent sachent ce qui est arrivé :",
)


def long_answers() -> list[Document]:
    return [
        Document(
            f"{document.id}-{n}",
            f"{(LONG if document.language == 'en' else LONG_FR)[n]} {document.text}",
            document.language,
        )
        for document in documents()
        for n in range(3)
    ]


def test_short_answers_with_nothing_in_common_make_no_theme() -> None:
    result = analyse(
        [*long_answers(), *(Document(f"short-{i}", t) for i, t in enumerate(NOTHING_IN_COMMON))]
    )
    where = {a.document_id: a for a in result.assignments}
    own = [where[f"short-{i}"] for i in range(len(NOTHING_IN_COMMON))]
    themes = {a.theme.split(".")[0] for a in own if a.theme}
    for code in themes:
        inside = [i for i, a in where.items() if a.theme and a.theme.split(".")[0] == code]
        assert sum(i.startswith("short") for i in inside) < len(inside) / 2
    left = [a for a in own if a.theme is None]
    assert left
    assert {a.reason for a in left} <= {Reason.TOO_SHORT, Reason.NO_ANSWER, Reason.DECLINED}


def test_short_answers_on_one_subject_stay_together() -> None:
    said = ("Free parking", "More parking", "parking is full", "No parking", "Parking costs",
            "a parking spot", "cheaper parking", "Parking!", "parking meters")  # fmt: skip
    others = [d for d in long_answers() if not d.id.startswith("parking")]
    result = analyse([*others, *(Document(f"p{i}", text) for i, text in enumerate(said))])
    where = {a.document_id: a.theme for a in result.assignments}
    assert len({where[f"p{i}"] for i in range(len(said))} - {None}) == 1
    assert all(where[f"p{i}"] for i in range(len(said)))
