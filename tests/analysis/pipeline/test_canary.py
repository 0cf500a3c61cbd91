"""What people give away of themselves is nowhere in what is made of their answers."""

from __future__ import annotations

import csv
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.pipeline import Document, Language, Result, analyse, result_to_json
from analysis.spreadsheet.command import main
from tests.analysis.pipeline import corpus

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


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted answers and a letter that twelve people signed, as a spreadsheet."""
    path = tmp_path_factory.mktemp("canary") / "answers.csv"
    letters = [
        Document(f"letter-{n}", corpus.ENGLISH_LETTER + SAID[Language.EN][n % 2], Language.EN)
        for n in range(12)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "comment", "language", "channel", "score", "address", "agent"])
        for n, d in enumerate([*planted(), *letters]):
            address = f"zorblax.quenneville{n}@exemple.ca"
            agent = ("Mme Quenneville", "Mr. Zorblax")[n % 2]
            channel = ("phone", "online")[n % 2]
            rows.writerow([d.id, d.text, str(d.language), channel, n % 5 + 1, address, agent])
    return path


@pytest.fixture(scope="module")
def reports(table: Path) -> list[Path]:
    """Every file that the command writes: themes found, and themes given, beside each other."""
    book = table.with_name("codebook.csv")
    with book.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["code", "name_en", "name_fr", "example"])
        for document in planted():
            code = corpus.theme_of(document.id)
            if code != "courtesy":  # what fits none becomes a candidate
                rows.writerow([code, code, code, document.text])
    found, given = table.with_name("found"), table.with_name("given")
    every = [str(table), "--text", "comment", "--id", "number", "--by", "channel", "--by", "score"]
    every += ["--format", "html,json,csv,xlsx", "--out"]
    assert main([*every, str(found)]) == 0
    assert main([*every, str(given), "--codebook", str(book), "--compare", str(found)]) == 0
    return [path for folder in (found, given) for path in sorted(folder.iterdir())]


def test_what_people_gave_away_is_in_no_file_of_the_report(reports: list[Path]) -> None:
    # Two runs in four formats, the splits of both, and the comparison of one in two formats.
    assert len(reports) == 12
    with_letter = set()
    for path in reports:
        text = words_of(path)
        assert "stationnement" in text or path.stem in ("splits", "comparison")
        assert not canaries_in(text), path
        if "Maple Street library" in text:
            with_letter.add(path.name)
    assert with_letter >= {"report.html", "assignments.csv", "themes.xlsx"}


@pytest.mark.parametrize("column", [("--id", "address"), ("--by", "agent")])
def test_a_column_that_names_people_is_in_no_report(
    table: Path, column: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = table.with_name("refused")
    assert main([str(table), "--text", "comment", *column, "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert column[0] in said
    assert not canaries_in(said)
    assert not out.exists()


def words_of(path: Path) -> str:
    """The text of a file, of every part of a workbook."""
    if path.suffix != ".xlsx":
        return path.read_text("utf-8")
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8") for name in book.namelist())
