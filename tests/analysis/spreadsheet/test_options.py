"""What the other options add: splits, a comparison, a workbook, and messages in two languages."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from analysis.figures.cells import spreadsheet_restore
from analysis.figures.splits import Verdict
from analysis.spreadsheet.codebook import read_codebook
from analysis.spreadsheet.command import main
from analysis.spreadsheet.comparison import COLUMNS as CHANGES
from analysis.spreadsheet.questions import COLUMNS
from tests.analysis.spreadsheet.conftest import EVIL, answered, rows, run, write_csv

ALL = {
    "report.html",
    "themes.json",
    "assignments.csv",
    "splits.csv",
    "comparison.json",
    "comparison.csv",
    "themes.xlsx",
}


@pytest.fixture(scope="module")
def french(made: Path, full: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of ``full`` with its files in French."""
    out = tmp_path_factory.mktemp("french") / "out"
    done = run(
        full.parent / "comments.csv", "--text", "comment", "--lang", "lang", "--id", "ref",
        "--out", out, "--by", "How <well>?", "--by", "=stance", "--compare", made,
        "--format", "json,xlsx", "--lang-ui", "fr",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out


def table(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def value(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_every_file_asked_for_is_written_and_no_other(full: Path) -> None:
    assert {p.name for p in full.iterdir()} == ALL


# Splits.


def members(folder: Path) -> dict[str, set[str]]:
    """The documents of each upper theme, read from the assignments."""
    found: dict[str, set[str]] = {}
    for row in table(folder / "assignments.csv"):
        if row["theme"]:
            found.setdefault(row["theme"].split(".")[0], set()).add(row["id"])
    return found


def test_a_split_counts_the_answers_of_the_people_of_a_theme(full: Path) -> None:
    answers = {row[0]: row for row in answered()}
    for code, ids in members(full).items():
        for column, place in (("How <well>?", 3), ("=stance", 4)):
            expected = Counter(answers[i][place] for i in ids if answers[i][place])
            found = {
                r["value"]: int(r["n"])
                for r in table(full / "splits.csv")
                if spreadsheet_restore(r["column"]) == column
                and r["theme"] == code
                and r["value"] != "mean"
            }
            assert {v: n for v, n in found.items() if n} == expected


def test_themes_that_go_with_low_and_high_ratings_are_told_apart(full: Path) -> None:
    rating = next(q for q in value(full / "themes.json")["by"] if q["kind"] == "rating")
    verdicts = {t["verdict"] for t in rating["themes"]}
    assert {"lower", "higher"} <= verdicts
    for t in rating["themes"]:
        if t["verdict"] == "lower":
            assert t["rating"]["difference"]["high"] < 0
            assert t["rating"]["p"] < 0.05
        if t["verdict"] == "higher":
            assert t["rating"]["difference"]["low"] > 0
    choice = next(q for q in value(full / "themes.json")["by"] if q["kind"] == "choice")
    assert any(v["clear"] for t in choice["themes"] for v in t["values"])


def test_a_column_that_names_a_formula_or_a_tag_stays_text(full: Path) -> None:
    assert {row["column"] for row in table(full / "splits.csv")} == {"How <well>?", "'=stance"}
    html = (full / "report.html").read_text("utf-8")
    assert "How <well>" not in html
    assert "How &lt;well&gt;?" in html


@pytest.mark.parametrize("ui", ["en", "fr"])
def test_a_column_of_free_text_is_no_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ui: str
) -> None:
    path = write_csv(
        tmp_path / "c.csv", [["c", "x"], *([f"Word {i}", str(i * 7)] for i in range(40))]
    )
    arguments = [str(path), "--text", "c", "--by", "x", "--out", str(tmp_path / "o")]
    assert main([*arguments, "--lang-ui", ui]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "40" in said
    assert "--by" in said
    assert not (tmp_path / "o").exists()


# A workbook.


def test_the_workbook_opens_with_what_the_files_hold(full: Path) -> None:
    book = openpyxl.load_workbook(full / "themes.xlsx")
    assert book.sheetnames == [
        "Themes", "Quotes", "Letters", "Splits", "Comparison", "Assignments", "Method",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref
        assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n"}
        assert not any(c.hyperlink for row in sheet.iter_rows() for c in row)
    found = value(full / "themes.json")
    codes = [row[0].value for row in book["Themes"].iter_rows(min_row=2)]
    assert sorted(codes) == sorted(t["code"] for t in found["themes"])
    shown = [
        (str(r[0].value), r[1].value or "", r[5].value or "")
        for r in book["Assignments"].iter_rows(min_row=2)
    ]
    written = [
        (spreadsheet_restore(r["id"]), r["theme"], spreadsheet_restore(r["passage"]))
        for r in table(full / "assignments.csv")
    ]
    assert shown == written
    assert book["Splits"].max_row == len(table(full / "splits.csv")) + 1


def test_the_workbook_says_splits_and_changes_in_its_language(full: Path, french: Path) -> None:
    """No code of the CSV files stands in a sheet, and both languages hold the same numbers."""
    pages = [openpyxl.load_workbook(f / "themes.xlsx") for f in (full, french)]
    codes = {*COLUMNS, *CHANGES} - {"p"} | {v.value for v in Verdict}
    for english, other in (("Splits", "Ventilations"), ("Comparison", "Comparaison")):
        sheets = [pages[0][english], pages[1][other]]
        heads = [[c.value for c in sheet[1]] for sheet in sheets]
        assert len(heads[0]) == len(heads[1])
        assert sum(a == b for a, b in zip(*heads, strict=True)) <= 4  # p, Question and the like
        for sheet in sheets:
            cells = {c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str)}
            assert not codes & cells
        numbers = [
            [c.value for r in sheet.iter_rows(min_row=2) for c in r if c.data_type == "n"]
            for sheet in sheets
        ]
        assert numbers[0] == numbers[1]
    names = {t["code"]: t["name_fr"] for t in value(french / "themes.json")["themes"]}
    for row in pages[1]["Ventilations"].iter_rows(min_row=2):
        assert row[2].value == names[str(row[1].value)]
        is_mean = row[3].value == "moyenne"
        assert (row[6].number_format == "0.0%") is not is_mean


def test_a_cell_of_the_workbook_that_looks_like_a_formula_keeps_its_words(full: Path) -> None:
    book = openpyxl.load_workbook(full / "themes.xlsx")
    cells = [c for row in book["Assignments"].iter_rows(min_row=2) for c in row]
    evil = [c for c in cells if isinstance(c.value, str) and c.value.startswith("=")]
    assert [c.value for c in evil] == [EVIL]
    assert evil[0].data_type == "s"
    assert evil[0].quotePrefix


def test_the_workbook_holds_no_clock(full: Path) -> None:
    with zipfile.ZipFile(full / "themes.xlsx") as archive:
        assert {e.date_time[0] for e in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2000-01-01T"}


def test_the_workbook_given_back_is_a_codebook(full: Path) -> None:
    codebook = read_codebook(full / "themes.xlsx")
    top = [t for t in value(full / "themes.json")["themes"] if t["parent"] is None]
    assert {(t.code, t.name_en, t.name_fr) for t in codebook.themes} == {
        (t["code"], t["name_en"], t["name_fr"]) for t in top
    }
    assert all(t.definition_en and t.definition_fr for t in codebook.themes)


# A comparison.


def test_every_theme_of_both_runs_is_accounted_for(made: Path, full: Path) -> None:
    found = value(full / "comparison.json")
    assert found["documents"] == {
        "before": len(rows()),
        "after": len(answered()),
        "in_both": len(rows()),
    }
    kinds = Counter(t["change"] for t in found["themes"])
    before = sum(t["parent"] is None for t in value(made / "themes.json")["themes"])
    after = sum(t["parent"] is None for t in value(full / "themes.json")["themes"])
    assert sum(n for k, n in kinds.items() if k != "appeared") == before
    assert sum(n for k, n in kinds.items() if k != "went") == after
    assert found["agreement"]["adjusted_rand_index"] > 0.5
    read = [{k: v or None for k, v in row.items()} for row in table(full / "comparison.csv")]
    assert [r["change"] for r in read] == [t["change"] for t in found["themes"]]
    assert [r["after"] for r in read] == [t["after"] for t in found["themes"]]


def test_the_report_shows_each_part_in_both_languages(full: Path) -> None:
    html = (full / "report.html").read_text("utf-8")
    for lang in ("en", "fr"):
        for part in ("chart", "balance", "map", "by-1", "by-2", "compare"):
            assert f'id="{lang}-h-{part}"' in html
        assert html.count(f'id="{lang}-map-picture"') == 1
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
    assert len(html) < 1_000_000


@pytest.mark.parametrize("ui", ["en", "fr"])
@pytest.mark.parametrize("case", ["nothing", "not a run", "other ids", "other texts", "changed"])
def test_what_cannot_be_compared_is_one_line(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str, ui: str
) -> None:
    earlier = tmp_path / "earlier"
    table_ = [["ref", "c"], *([r[0], r[1]] for r in rows())]
    if case != "nothing":
        earlier.mkdir()
        (earlier / "notes.txt").write_text("mine")
    if case in ("other ids", "other texts", "changed"):
        shutil.copytree(made, earlier, dirs_exist_ok=True)
    if case == "other ids":
        table_ = [["ref", "c"], *([f"x{r[0]}", r[1]] for r in rows())]
    if case == "other texts":
        table_ = [["ref", "c"], *([r[0], f"Something else, {i}"] for i, r in enumerate(rows()))]
    if case == "changed":
        (earlier / "themes.json").write_text('{"themes": [{"code": "T1"}]}')
    path = write_csv(tmp_path / "c.csv", table_)
    arguments = [str(path), "--text", "c", "--id", "ref", "--compare", str(earlier)]
    assert main([*arguments, "--out", str(tmp_path / "o"), "--lang-ui", ui]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "--compare" in said.err
    assert not (tmp_path / "o").exists()


# A codebook.

CODEBOOK = [
    ["Code", "Name EN", "Nom FR", "definition_en", "Définition FR", "example", "Exemple 2"],
    ["Q", "Waiting in line", "File d'attente", "Waiting at the counter", "Attendre au comptoir",
     "I waited two hours", "J'ai attendu au comptoir"],
    ["P", "Parking", "Stationnement", "Nowhere to park a car", "Où garer une voiture", "", ""],
    ["M", "Missions to Mars", "Missions vers Mars", "Rockets and astronauts", "Fusées", "", ""],
]  # fmt: skip


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coded")
    path = write_csv(folder / "c.csv", [["ref", "comment", "lang"], *rows()])
    codebook = write_csv(folder / "book.csv", CODEBOOK)
    done = run(
        path, "--text", "comment", "--lang", "lang", "--id", "ref", "--out", folder / "out",
        "--codebook", codebook,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_comments_are_put_into_the_themes_of_a_codebook(coded: Path) -> None:
    found = value(coded / "themes.json")
    given = [t for t in found["themes"] if not t["emergent"]]
    assert [(t["code"], t["name_en"], t["name_fr"]) for t in given] == [
        ("Q", "Waiting in line", "File d'attente"),
        ("P", "Parking", "Stationnement"),
        ("M", "Missions to Mars", "Missions vers Mars"),
    ]
    assert found["source"]["codebook"] == "book.csv"
    assert len(found["source"]["codebook_digest"]) == 64
    by_theme: dict[str, set[str]] = {}
    for row in table(coded / "assignments.csv"):
        by_theme.setdefault(row["theme"], set()).add(row["id"])
    texts = {row[0]: row[1].lower() for row in rows()}
    parking = {i for i, text in texts.items() if "parking" in text or "stationn" in text}
    assert len(by_theme["P"] & parking) >= 0.8 * len(parking)
    html = (coded / "report.html").read_text("utf-8")
    assert "Missions to Mars" in html
    assert "book.csv" in html
    assert found["method"]["en"] != ""


def test_a_theme_that_nobody_speaks_of_stays_empty(coded: Path) -> None:
    size = {t["code"]: t["size"] for t in value(coded / "themes.json")["themes"]}
    assert size["M"] <= 1


@pytest.mark.parametrize("ui", ["en", "fr"])
@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "book.csv"),
        ("", "book.csv"),
        ("name_en\nParking\n", "code"),
        ("code,name_en\n", "book.csv"),
        ("code,name_en\nA,Queues\n,Parking\n", " 3"),
        ("code,label\nP,Parking\n", "name_en, name_fr, definition_en"),
        ("code,definition_en\nP,Nowhere to park\nP,Waiting\n", "P"),
        ("code,name_en\nP,Parking\nP,Waiting\n", "Parking"),
        ("code,name_en\nP,Parking\nQ,\n", "Q"),
        ("code,name_en\n" + "".join(f"C{i},N{i}\n" for i in range(400)), "400"),
    ],
)
def test_a_codebook_that_cannot_be_used_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, named: str, ui: str
) -> None:
    path = write_csv(tmp_path / "c.csv", [["c"], ["Parking is dear."]])
    book = tmp_path / "book.csv"
    if content is not None:
        book.write_text(content, "utf-8")
    arguments = [str(path), "--text", "c", "--codebook", str(book), "--out", str(tmp_path / "o")]
    assert main([*arguments, "--lang-ui", ui]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert named in said.err
    assert not (tmp_path / "o").exists()


def test_a_row_that_repeats_a_code_adds_examples(tmp_path: Path) -> None:
    book = write_csv(
        tmp_path / "b.csv",
        [
            ["code", "name", "example"],
            ["P", "Parking", "one"],
            ["P", "", "two"],
            ["Q", "", "three"],
        ],
    )
    found = read_codebook(book)
    assert found.codes == ("P", "Q")
    assert {(e.theme, e.text) for e in found.examples} == {
        ("P", "one"), ("P", "two"), ("Q", "three"),
    }  # fmt: skip
    assert found.themes[0].name_fr == "Parking"


# Formats, folders, languages.


def test_only_the_formats_asked_for_are_written_and_old_ones_do_not_stay(
    full: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(full, out)
    (out / "notes.txt").write_text("mine")
    path = write_csv(tmp_path / "c.csv", [["c"], ["Parking is dear."], ["Merci pour tout!"]])
    assert main([str(path), "--text", "c", "--out", str(out), "--format", "csv, XLSX"]) == 0
    assert {p.name for p in out.iterdir()} == {"assignments.csv", "themes.xlsx", "notes.txt"}
    book = openpyxl.load_workbook(out / "themes.xlsx")
    assert book["Themes"].max_row == 1


MISTAKES: list[tuple[list[str], str, str]] = [
    ([], "required", "il manque"),
    (["x.csv", "--text"], "--text", "il manque une valeur"),
    (["x.csv", "--text", "c", "--out", "o", "--no"], "--no", "inconnus"),
    (["x.csv", "--text", "c", "--out", "o", "--seed", "-1"], "whole number", "nombre entier"),
    (["x.csv", "--text", "c", "--out", "o", "--seed", "x"], "whole number", "nombre entier"),
    (["x.csv", "--text", "c", "--out", "o", "--format", "pdf"], "html, json", "html, json"),
    (["x.csv", "--text", "c", "--out", "o", "--format", ","], "html, json", "séparés"),
]


@pytest.mark.parametrize(("arguments", "english", "french"), MISTAKES)
def test_a_wrong_option_is_said_in_the_language_of_the_system(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    english: str,
    french: str,
) -> None:
    for locale, said_so in (("en_CA.UTF-8", english), ("fr_CA.UTF-8", french)):
        monkeypatch.setenv("LC_ALL", locale)
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert said_so in said.replace("\u00a0", " ")


def test_help_is_in_the_language_of_the_system_or_the_one_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        with pytest.raises(SystemExit) as caught:
            main([*arguments, "--help"])
        assert caught.value.code == 0
        return capsys.readouterr().out

    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    french = told()
    assert french.startswith("utilisation\u00a0: ")
    assert "show this help" not in french
    assert told("--lang-ui", "en").startswith("usage: ")
    monkeypatch.setenv("LC_ALL", "C")
    english = told()
    assert told("--lang-ui=fr") == french
    options = re.compile(r"^  (--[a-z-]+)", re.MULTILINE)
    assert options.findall(english) == options.findall(french)
    assert "consult-themes commentaires.csv" in french


def test_a_workbook_changed_by_hand_is_never_replaced(full: Path, tmp_path: Path) -> None:
    table = tmp_path / "comments.csv"
    table.write_text("comment\nParking is full.\n", "utf-8")
    out = tmp_path / "report"
    out.mkdir()
    mine = out / "themes.xlsx"
    book = openpyxl.load_workbook(full / "themes.xlsx")
    book.worksheets[0]["B2"] = "The name we agreed on"
    book.save(mine)
    before = mine.read_bytes()
    for formats in ("xlsx", "csv"):  # one would replace it, the other take it away
        done = run(table, "--text", "comment", "--out", out, "--format", formats)
        assert done.returncode == 2
        assert "themes.xlsx" in done.stderr
        assert mine.read_bytes() == before
        assert [p.name for p in out.iterdir()] == ["themes.xlsx"]
    # As it was written, it may go.
    mine.write_bytes((full / "themes.xlsx").read_bytes())
    done = run(table, "--text", "comment", "--out", out, "--format", "csv")
    assert done.returncode == 0
    assert not mine.exists()
