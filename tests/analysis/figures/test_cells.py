"""No cell of any file we write is run by a spreadsheet program, and no word in it is lost."""

from __future__ import annotations

import ast
import csv
import io
import re
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.figures.cells import (
    is_formula,
    safe_row,
    spreadsheet_restore,
    spreadsheet_safe,
    write_csv,
)
from analysis.spreadsheet.workbook import MOST_CHARACTERS, _Book

ROOT = Path(__file__).resolve().parents[3]
# What people and attackers begin a cell with, in any order and number.
PIECES = st.sampled_from(
    [
        "=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠", "﹦", "−", "'", '"', ";", ",", "\t",
        "\r", "\n", "\r\n", " ", "\u00a0", "\u2003", "\u3000", "\u200b", "\ufeff", "\u00ad",
        "\u2800", "\u3164", "\u202e", "\u0301", "\x00", "\x0b", "\x1f", "\u2028", "1",
        "cmd|' /C calc'!A0", "SUM(A1)", "HYPERLINK(A1)", "word", "é", "\U0001f468",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))


def first_seen(cell: str) -> str:
    """The first character a program does not throw away, in its plain form."""
    for character in cell:
        hidden = unicodedata.category(character) in {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"}
        if not hidden and character not in "\u115f\u1160\u3164\uffa0\u2800":
            return unicodedata.normalize("NFKC", character).strip()[:1]
    return ""


@given(TEXTS)
@example(" =1+1")
@example("\u00a0=1+1")
@example("\n=1+1")
@example("＝1+1")
@example("|x")
@example("'=1+1")
def test_no_cell_is_a_formula_and_its_words_come_back(text: str) -> None:
    safe = spreadsheet_safe(text)
    assert first_seen(safe) not in {*"=+-@|%"}
    assert safe[:1] not in {"\t", "\r", "\n"}
    assert spreadsheet_restore(safe) == text
    # Readable: nothing but apostrophes was added.
    assert safe.replace("'", "") == text.replace("'", "")


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
@example([['"=']])
@example([[' "\u200b=1', '"-5 degrees" and colder']])
def test_a_file_cut_by_any_separator_holds_no_formula(rows: list[list[str]]) -> None:
    """A program set to French reads our commas as text and cuts at semicolons, quotes or not."""
    file = io.StringIO()
    write_csv(file, ["a", "b"], rows)
    for cell in re.split("[;\t\r\n]", file.getvalue()):
        # A comma is where one of our own cells begins: those are guarded by themselves.
        seen = first_seen(cell.lstrip().lstrip("\"'"))
        if cell.lstrip('"\u200b \u00a0').startswith("'"):
            continue
        assert seen not in {"=", "@"} or cell.lstrip('"').startswith(","), cell
    found = list(csv.reader(io.StringIO(file.getvalue(), newline="")))[1:]
    assert [[spreadsheet_restore(cell) for cell in row] for row in found] == rows


@pytest.mark.parametrize(
    "text", ["a;=1+1", "a\n=1+1", "a\t@SUM(1)", "a;\u200b\u00a0=1", 'a;"=1"', "a\n-2+cmd|' /C'!A0"]
)
def test_what_begins_inside_a_text_is_held_back_too(text: str) -> None:
    safe = spreadsheet_safe(text)
    assert safe != text
    assert re.split("[;\t\n]", safe)[1].startswith("'")
    assert spreadsheet_restore(safe) == text


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1+1", "\u200b=1", "＠x", "'=1", "|x", "\u00a0=1"],
)
def test_formulas_in_every_disguise_are_held_back(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text


def test_ordinary_words_and_lists_are_left_alone() -> None:
    for text in (
        "", "Hello", "L'été", "3 - 1", "«Bonjour»", "(=)", "a = b", "wait; see below",
        "a@b.example", "Three things:\n- the line\n- the desk\n+ the phone", "50 %",
        "yes | no", "5-10 days",
    ):  # fmt: skip
        assert spreadsheet_safe(text) == text


def test_numbers_are_numbers() -> None:
    row: list[Any] = [-1, 2.5, Decimal("-3"), True, None]
    assert safe_row(row) == row
    assert not is_formula("")


# Writers of cells, of the standard library and of XlsxWriter; numbers need no guard.
WRITERS = {
    "writer", "DictWriter", "writerow", "writerows", "writeheader", "write_row", "write_column",
    "write_string", "write_rich_string", "write_formula", "write_array_formula",
    "write_dynamic_array_formula", "write_url", "write_comment", "to_csv", "to_excel",
}  # fmt: skip


def written_unguarded(path: Path) -> set[str]:
    """What a module calls that writes cells."""
    source = path.read_text("utf-8")
    names = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    return names & (WRITERS | ({"write"} if "xlsxwriter" in source else set()))


def test_every_cell_is_written_by_the_one_guard() -> None:
    """Whoever writes cells by another road writes them unguarded."""
    rooms = ("analysis", "cms", "consult", "feedback")
    files = {path.relative_to(ROOT): path for room in rooms for path in (ROOT / room).rglob("*.py")}
    found = {str(name): calls for name, path in files.items() if (calls := written_unguarded(path))}
    assert found == {"analysis/figures/cells.py": {"writer", "writerow", "write_string"}}


@pytest.fixture
def workbook(tmp_path: Path) -> Any:
    def write(texts: list[str], language: str = "en") -> Any:
        path = tmp_path / "book.xlsx"
        book = _Book(path, language)
        book.sheet("Sheet", [("=Head", 20, "text")], ([text] for text in texts))
        book.close()
        with zipfile.ZipFile(path) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in xml
        assert "<hyperlink" not in xml
        (head,), *cells = openpyxl.load_workbook(path)["Sheet"].iter_rows()
        assert (head.value, head.data_type, head.quotePrefix) == ("=Head", "s", True)
        return [c for (c,) in cells]

    return write


def test_a_workbook_holds_words_and_no_formulas(workbook: Any) -> None:
    texts = ["=1+1", " =1", "＝1", "|x", "'=1", "@a", "\ufeff=1", "http://x.example", "12", "plain"]
    cells = workbook(texts)
    assert [c.value for c in cells] == texts
    assert {c.data_type for c in cells} == {"s"}
    assert [c.quotePrefix for c in cells] == [True] * 7 + [False] * 3
    assert not any(c.hyperlink for c in cells)


def test_a_workbook_holds_characters_that_xml_does_not(workbook: Any) -> None:
    (cell,) = workbook(["a\x00b\x0bc\x1fd\ufffee\uffff_x0041_"])
    assert cell.value.startswith("a")
    assert cell.value.endswith("_x0041_")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_text_too_long_for_a_workbook_says_that_it_was_cut(workbook: Any, language: str) -> None:
    """A character beyond sixteen bits counts twice in the format; half of one is no character."""
    fits, long = "é" * MOST_CHARACTERS, "\U0001f468" * MOST_CHARACTERS
    whole, cut = workbook([fits, "a" + long], language)
    assert whole.value == fits
    assert len(cut.value.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert cut.value.rstrip("]").endswith({"en": "other files", "fr": "autres fichiers"}[language])
    assert ("a" + long).startswith(cut.value.split("…")[0])
