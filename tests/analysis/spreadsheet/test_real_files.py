"""Files as survey systems and people really leave them, read without losing or inventing a word."""

from __future__ import annotations

import csv
import json
import warnings
from typing import TYPE_CHECKING

import pytest

from analysis import __main__ as entry
from analysis.spreadsheet.command import main
from analysis.spreadsheet.documents import documents_of
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.mending import mended
from analysis.spreadsheet.reading import read_table

from .conftest import rows, write_csv

if TYPE_CHECKING:
    from pathlib import Path

QUALTRICS = [
    ["StartDate", "Q1", "Q2_TEXT"],
    ["Start Date", "What would you change?", "Why?"],
    ['{"ImportId":"startDate","timeZone":"UTC"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}'],
    ["2026-01-02", "Shorter lines", "I wait an hour"],
    ["2026-01-03", "Plus d'autobus", "Je marche"],
]
SURVEYMONKEY = [
    ["Respondent ID", "Start Date", "What would you change?", "How did you come?", ""],
    ["", "", "Open-Ended Response", "By bus", "Other (please specify)"],
    ["118", "01/02/2026", "Shorter lines", "By bus", ""],
    ["119", "01/03/2026", "Plus d'autobus", "", "À pied"],
]


def texts(path: Path, column: str) -> list[str]:
    return [
        d.text for d in documents_of(read_table(path, text_column=column), text=column).documents
    ]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (QUALTRICS, ["Q1", "What would you change?", "what would", "2"]),
        (SURVEYMONKEY, ["What would you change?", "What would", "3"]),
        ([["Export of April 2"], [], *SURVEYMONKEY], ["What would you change?"]),
        ([["Export of April 2"], [], *QUALTRICS], ["Q1", "2"]),
    ],
)
def test_headings_of_several_rows_are_no_answers_and_each_of_them_names_a_column(
    tmp_path: Path, table: list[list[str]], columns: list[str]
) -> None:
    path = write_csv(tmp_path / "c.csv", table)
    for column in columns:
        assert texts(path, column) == ["Shorter lines", "Plus d'autobus"], column
    notes = read_table(path, text_column=columns[0]).notes
    # A reader of the report is told in either language that rows were taken for headings.
    assert any(str(n) in note.said_in("fr") for n in (2, 3) for note in notes)


def test_a_part_of_a_question_is_named_with_its_question(tmp_path: Path) -> None:
    table = read_table(write_csv(tmp_path / "c.csv", SURVEYMONKEY), text_column="What")
    assert table.columns[3:] == [
        "How did you come?: By bus",
        "How did you come?: Other (please specify)",
    ]
    assert [row[4] for row in table.rows] == ["", "À pied"]


def test_a_second_row_that_looks_like_an_answer_is_one(tmp_path: Path) -> None:
    given = [["id", "comment"], ["", "A fair response"], ["2", "Response"]]
    assert texts(write_csv(tmp_path / "c.csv", given), "comment") == ["A fair response", "Response"]


@pytest.mark.parametrize(
    "total",
    [
        ["Total", "", "12"],
        ["Grand total", "2", "12"],
        ["Total général : 12", "", ""],
        ["", "n = 2"],
    ],
)
def test_a_row_of_totals_is_no_comment_and_is_told(tmp_path: Path, total: list[str]) -> None:
    given = [["id", "comment", "rating"], ["1", "Too slow", "5"], ["2", "Trop long", "7"], total]
    table = read_table(write_csv(tmp_path / "c.csv", given), text_column="comment")
    assert [row[1] for row in table.rows] == ["Too slow", "Trop long"]
    assert any("3" in note.said_in("fr") for note in table.notes)


def test_words_that_begin_like_a_total_are_kept(tmp_path: Path) -> None:
    given = [
        ["comment"],
        ["Total"],
        ["Total waste of money"],
        ["Totally agree"],
        ["Moyenne"],
        ["x"],
    ]
    assert texts(write_csv(tmp_path / "c.csv", given), "comment") == [row[0] for row in given[1:]]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("<p>It&#39;s <b>slow</b> &amp; costly.</p><p>Why?</p>", "It's slow & costly.\nWhy?"),
        ("L&rsquo;attente&nbsp;: <br/>deux heures", "L’attente\u00a0: \ndeux heures"),
        ("&lt;p&gt;Trop long&lt;/p&gt;", "Trop long"),
        (
            "R&D &madeup; I <3 this, x < y > z <script>",
            "R&D &madeup; I <3 this, x < y > z <script>",
        ),
        ("Les Ã©lÃ¨ves prÃ©fÃ¨rent lâ€™hÃ´pital", "Les élèves préfèrent l’hôpital"),
        ("Ã‰tÃ© Ã  l'Ã©cole", "Été à l'école"),
        ("« L'été, à Âge-d'Or » — 5 €, Hâte!", "« L'été, à Âge-d'Or » — 5 €, Hâte!"),
        ("Two lines_x000D_\nkept", "Two lines\nkept"),
    ],
)
def test_markup_and_misread_letters_are_undone_and_nothing_else(given: str, meant: str) -> None:
    assert mended(given) == meant
    assert mended(meant) == meant


def test_what_was_mended_is_counted(tmp_path: Path) -> None:
    given = [["c"], ["<i>Bon</i> service"], ["TrÃ¨s long"], ["Rien à dire de mal"]]
    found = documents_of(read_table(write_csv(tmp_path / "c.csv", given)), text="c")
    assert [d.text for d in found.documents] == ["Bon service", "Très long", "Rien à dire de mal"]
    assert [note.said_in("fr")[-2:] for note in found.notes] == ["1.", "1."]


@pytest.mark.parametrize("lost", ["L'?cole est loin", "Ã?a ne va pas", "h\ufffdpital ferm\ufffd"])
def test_letters_lost_for_good_are_refused_with_their_rows(tmp_path: Path, lost: str) -> None:
    given = [["c"], *([lost] for _ in range(3)), *([f"Bien, no {i}"] for i in range(9))]
    table = read_table(write_csv(tmp_path / "c.csv", given))
    with pytest.raises(SpreadsheetError) as error:
        documents_of(table, text="c")
    for language in ("en", "fr"):
        assert "1, 2, 3" in error.value.said_in(language)
    # One among many is somebody's slip, or a question without a space after it.
    few = [
        ["c"],
        ["Really?why"],
        ["see https://x.example/?q=a"],
        *([f"Bien {i}"] for i in range(30)),
    ]
    assert documents_of(read_table(write_csv(tmp_path / "f.csv", few)), text="c").documents


def test_rows_that_an_unclosed_quotation_mark_swallows_are_told_with_their_row(
    tmp_path: Path,
) -> None:
    lines = [f"{i},fine and short no {i},en" for i in range(1, 40)]
    lines[9] = '10,"the ""new"" hall is small,en'
    lines[12] = '13,they call it "modern",en'
    path = tmp_path / "c.csv"
    path.write_text(
        "\n".join(["id,comment,lang", *lines, '40,"two\nlines, that are one",fr']), "utf-8"
    )
    table = read_table(path, text_column="comment", columns=["comment"])
    (note,) = [n for n in table.notes if "guillemet" in n.said_in("fr")]
    assert "10" in note.said_in("en")
    assert ": 3." in note.said_in("en")


def test_lines_of_one_comment_are_not_taken_for_swallowed_rows(tmp_path: Path) -> None:
    given = [
        [str(i), "Yes, but slow, and cold\n12, rue X, was better\n3) no", "en"] for i in range(9)
    ]
    table = read_table(write_csv(tmp_path / "c.csv", [["id", "comment", "lang"], *given]))
    assert table.notes == []


def test_a_long_table_is_read_one_question_at_a_time(tmp_path: Path) -> None:
    given = [
        ["person", "question", "answer"],
        *([str(i), question, f"{question} {i}"] for i in range(4) for question in ("Why", "Où")),
    ]
    table = read_table(write_csv(tmp_path / "c.csv", given))
    found = documents_of(table.where([("question", "où")]), text="answer", identifier="person")
    assert [(d.id, d.text) for d in found.documents] == [(str(i), f"Où {i}") for i in range(4)]
    assert len(table.where([("question", "Où"), ("question", "Why")]).rows) == 8
    for conditions, named in (
        ([("question", "When")], "Why"),
        ([("quest", "Why"), ("person", "9")], "9"),
        ([("nothing", "x")], "nothing"),
    ):
        with pytest.raises(SpreadsheetError) as error:
            table.where(conditions)
        assert named in error.value.said_in("fr")


def test_a_column_is_meant_by_number_or_beginning_and_doubt_is_told(tmp_path: Path) -> None:
    head = ["What works?", "What does not?", "2", "Comment", "comment"]
    table = read_table(write_csv(tmp_path / "c.csv", [head, ["a", "b", "c", "d", "e"]]))
    for name, at in (("1", 0), ("2", 2), ("4", 3), ("5", 4), ("what w", 0), ("Comment", 3)):
        assert table.column(name, "--text") == at, name
    for name, named in (
        ("what", "What does not?"),
        ("COMMENT", "4, 5"),
        ("works", "What works?"),
        ("9", "--text"),
    ):
        with pytest.raises(SpreadsheetError) as error:
            table.column(name, "--text")
        for language in ("en", "fr"):
            assert named in error.value.said_in(language)


def test_several_columns_are_a_report_each_and_an_overview(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = rows()[:60]
    table = [
        ["id", "What works?", "Où aller <ici>?", "lang"],
        *([r[0], r[1], given[-i][1], r[2]] for i, r in enumerate(given)),
    ]
    path, out = write_csv(tmp_path / "c.csv", table), tmp_path / "out"
    options = [str(path), "--out", str(out), "--format", "html,json", "--lang-ui", "fr"]
    assert main([*options, "--text", "What", "--text", "3", "--lang", "lang"]) == 0
    captured = capsys.readouterr()
    assert "overview.html" in captured.out
    names = ["1-what-works", "2-ou-aller-ici"]
    assert sorted(p.name for p in out.iterdir()) == [*names, "overview.html", "overview.json"]
    overview = json.loads((out / "overview.json").read_text("utf-8"))
    page = (out / "overview.html").read_text("utf-8")
    for name, column in zip(names, overview["columns"], strict=True):
        themes = json.loads((out / name / "themes.json").read_text("utf-8"))
        assert (out / name / "report.html").exists()
        assert column["folder"] == name
        assert column["column"] == themes["source"]["text"]
        assert column["documents"] == themes["n"]["documents"] == 60
        assert page.count(f'href="{name}/report.html"') == 2  # once in each language
        first = max(themes["themes"], key=lambda t: t["size"])
        assert first["name_en"] in page
        assert first["name_fr"] in page
    assert "<ici>" not in page
    # A run of one column into the same folder leaves nothing of the two to be read with it.
    (out / "mine.txt").write_text("mine", "utf-8")
    assert main([*options, "--text", "What"]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["mine.txt", "report.html", "themes.json"]


def test_a_mistake_in_the_second_column_is_found_before_the_first_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "c.csv", [["a", "b"], *([f"Comment {i}", ""] for i in range(30))])
    out = tmp_path / "out"
    assert main([str(path), "--text", "a", "--text", "b", "--out", str(out)]) == 2
    assert "“b”" in capsys.readouterr().err
    assert not out.exists()


def test_no_library_speaks_to_the_analyst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "c.csv", [["c"], *([text] for text in ["Same words here"] * 60)])
    monkeypatch.setattr("sys.argv", ["x", str(path), "--text", "c", "--out", str(tmp_path / "o")])
    monkeypatch.setattr("sys.warnoptions", [])

    def warned(*arguments: object, **options: object) -> int:
        warnings.warn("for programmers", FutureWarning, stacklevel=1)
        return main(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(entry, "main", warned)
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        assert entry.run() == 0
    assert shown == []
    assert capsys.readouterr().err == ""
    with (tmp_path / "o" / "assignments.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.reader(file))) == 61
