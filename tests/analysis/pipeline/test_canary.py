"""What people give away of themselves is nowhere in what is made of their answers."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.pipeline import Document, Language, Result, analyse, result_to_json
from analysis.spreadsheet.command import main

from . import corpus

# Invented, and said by everyone: by their number alone they would be the best name of any theme.
# Each is a piece that survives writing it with other spaces or in capitals.
CANARIES = (
    "zorblax",
    "quenneville",
    "046454286",
    "6135550177",
    "5550177",
    "k1a0b1",
    "@exemple",
)
SAID = {
    Language.EN: (
        " My name is Zorblax Quenneville, my SIN is 046 454 286 and my phone is 613-555-0177.",
        " Write to zorblax.quenneville@exemple.ca or to me at K1A 0B1.",
    ),
    Language.FR: (
        " Je m'appelle Zorblax Quenneville, mon NAS est le 046 454 286, mon téléphone le "
        "613 555-0177.",
        " Écrivez à zorblax.quenneville@exemple.ca ou chez moi, K1A 0B1.",
    ),
}


def planted() -> list[Document]:
    """The corpus whose themes are known; everybody gives away the same things."""
    found = []
    for n, document in enumerate(corpus.documents()):
        assert document.language is not None
        found.append(replace(document, text=document.text + SAID[document.language][n % 2]))
    return found


def canaries_in(text: str) -> list[str]:
    plain = "".join(c for c in text.casefold() if c.isalnum() or c == "@")
    return [canary for canary in CANARIES if canary in plain]


@pytest.fixture(scope="module")
def result() -> Result:
    return analyse(planted())


def test_the_planted_answers_would_show_a_leak() -> None:
    assert canaries_in(" ".join(d.text for d in planted())) == list(CANARIES)


def test_what_people_gave_away_is_in_no_name_keyword_sentence_or_quote(result: Result) -> None:
    assert len(result.themes) >= 3
    for theme in result.themes:
        for shown in (
            theme.name_en,
            theme.name_fr,
            theme.description_en,
            theme.description_fr,
            *theme.keywords_en,
            *theme.keywords_fr,
            *(quote.text for quote in theme.quotes),
            *(reason for w in theme.warnings for reason in (w.reason_en, w.reason_fr)),
        ):
            assert not canaries_in(shown), theme.code
        # Nor does what stands in its place become a subject.
        named = " ".join((theme.name_en, theme.name_fr, *theme.keywords_en, *theme.keywords_fr))
        assert "[" not in named
        assert not {"removed", "retiré"} & set(named.lower().split())
    assert not canaries_in(result_to_json(result))


def test_what_people_gave_away_is_in_no_file_of_the_report(tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "comment", "language"])
        rows.writerows([d.id, d.text, str(d.language)] for d in planted())
    out = tmp_path / "report"
    assert main([str(table), "--text", "comment", "--out", str(out)]) == 0
    made = [path for path in out.rglob("*") if path.is_file()]
    assert len(made) >= 3
    for path in made:
        text = path.read_bytes().decode("utf-8", "replace")
        assert not canaries_in(text), path.name
