"""What a file would come to is known before it is read: no bomb, and one line in both languages."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from analysis.spreadsheet import reading, sizes
from analysis.spreadsheet.command import main
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.reading import read_table
from analysis.spreadsheet.sizes import Size, sheet_sizes

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = f'<worksheet xmlns="{_MAIN}"><sheetData>{{}}</sheetData></worksheet>'
HEADING = '<row r="1"><c r="A1" t="inlineStr"><is><t>comment</t></is></c></row>'


def workbook(path: Path, *sheets: str, strings: str = "", doctype: str = "") -> Path:
    """A workbook of these sheets' XML, whatever it says of itself."""
    numbered = list(enumerate(sheets, start=1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n, _ in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>'
            for n, _ in numbered
        )
        + f'<Relationship Id="t" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        **{f"xl/worksheets/s{n}.xml": sheet for n, sheet in numbered},
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{doctype}{part}')
    return path


def said(capsys: pytest.CaptureFixture[str], path: Path, out: Path) -> list[str]:
    """What the command says of ``path`` in each language: one line, exit code 2, no trace."""
    found = []
    for language in ("en", "fr"):
        code = main([str(path), "--text", "comment", "--out", str(out), "--lang-ui", language])
        error = capsys.readouterr().err
        assert code == 2
        assert error.count("\n") == 1
        assert "Traceback" not in error
        assert not out.exists()
        found.append(error)
    assert found[0] != found[1]
    return found


def test_a_cell_at_the_far_corner_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["comment"])
    sheet.append(["The wait is long."])
    sheet["XFD1048576"] = "x"
    path = tmp_path / "far.xlsx"
    book.save(path)
    assert path.stat().st_size < 10_000
    for error in said(capsys, path, tmp_path / "out"):
        assert "XFD1048576" in error
        assert "Sheet" in error


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD&#49;048576'><v>1</v></c></row>",
        '<row r="2"><c r="XFD1048576" t="str"><v>x</v></c></row>',
        '<row r="1048575"/><row><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
        f'<x:row xmlns:x="{_MAIN}" r="1"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        '<row r="9999999"><c r="ZZZ9999999"><v>1</v></c></row>',
    ],
)
def test_no_way_of_writing_it_hides_the_far_cell(tmp_path: Path, far: str) -> None:
    path = workbook(tmp_path / "far.xlsx", SHEET.format(HEADING + far))
    with pytest.raises(SpreadsheetError):
        read_table(path, text_column="comment")


def test_a_far_cell_of_another_sheet_does_no_harm(tmp_path: Path) -> None:
    far = SHEET.format('<row r="1"><c r="XFD1048576"><v>1</v></c></row>')
    near = SHEET.format(HEADING + '<row r="2"><c r="A2" t="str"><v>The wait.</v></c></row>')
    path = workbook(tmp_path / "two.xlsx", far, near)
    assert read_table(path, text_column="comment").rows == [["The wait."]]
    with pytest.raises(SpreadsheetError, match="S1"):
        read_table(path, text_column="comment", sheet="S1")


def test_a_format_down_to_the_last_row_is_no_cell(tmp_path: Path) -> None:
    """Whole columns are often coloured: a cell that holds nothing takes no room."""
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    path = workbook(tmp_path / "format.xlsx", SHEET.format(HEADING + far))
    with zipfile.ZipFile(path) as archive:
        assert sheet_sizes(archive) == {"S1": Size(1, 1, 0)}
    assert read_table(path, text_column="comment").columns == ["comment"]


def test_one_long_text_used_by_many_cells_is_counted_as_often(tmp_path: Path) -> None:
    strings = f'<sst xmlns="{_MAIN}" count="2" uniqueCount="2"><si><t>short</t></si><si><t>'
    strings += "a" * 200_000 + "</t></si></sst>"
    cells = '<row><c t="s"><v>{}</v></c></row>' * 4_000
    bomb = workbook(tmp_path / "b.xlsx", SHEET.format(cells.format(*[1] * 4_000)), strings=strings)
    with zipfile.ZipFile(bomb) as archive:
        assert sheet_sizes(archive)["S1"].text == 4_000 * 200_000
    with pytest.raises(SpreadsheetError, match="more text"):
        read_table(bomb, text_column="comment")
    # As many cells, of which one is long: an ordinary file.
    plain = workbook(
        tmp_path / "p.xlsx", SHEET.format(cells.format(1, *[0] * 3_999)), strings=strings
    )
    assert len(read_table(plain).rows) == 3_999


@pytest.mark.parametrize("claimed", ["99999999999", "18446744073709551615", "-1", "x"])
def test_what_the_texts_say_of_their_number_is_not_believed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], claimed: str
) -> None:
    strings = f'<sst xmlns="{_MAIN}" count="{claimed}" uniqueCount="{claimed}">'
    strings += "<si><t>comment</t></si><si><t>The wait.</t></si></sst>"
    sheet = SHEET.format(
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    )
    said(capsys, workbook(tmp_path / "claims.xlsx", sheet, strings=strings), tmp_path / "out")


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    sheet = SHEET.format(HEADING + '<row r="2"><c r="A2" t="str"><v>The wait.</v></c></row>')
    sheet = sheet.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    path = workbook(tmp_path / "claims.xlsx", sheet)
    assert read_table(path, text_column="comment").rows == [["The wait."]]


def test_a_workbook_with_a_document_type_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten entities, each ten of the one before: a kilobyte that is a gigabyte."""
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' if n else '<!ENTITY e0 "ha">' for n in range(10)
    )
    sheet = SHEET.format('<row r="1"><c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row>')
    path = workbook(tmp_path / "e.xlsx", sheet, doctype=f"<!DOCTYPE w [{entities}]>")
    said(capsys, path, tmp_path / "out")


@pytest.mark.parametrize("broken", ["<worksheet><sheetData><row>", SHEET.format('<row r="x"/>')])
def test_a_broken_sheet_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    said(capsys, workbook(tmp_path / "b.xlsx", broken), tmp_path / "out")


def test_two_formats_in_one_archive_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "two.xlsx", SHEET.format(HEADING))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("content.xml", "<x/>")
    said(capsys, path, tmp_path / "out")


# Text files.


def test_a_line_without_end_is_refused_before_it_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reading, "MOST_LINE", 1_000_000)
    path = tmp_path / "line.csv"
    path.write_text("comment\n" + "a" * 3_000_000)
    said(capsys, path, tmp_path / "out")


def test_more_columns_than_a_table_has_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(150_000)) + "\n" + "," * 150_000 + "\n")
    said(capsys, path, tmp_path / "out")


@pytest.mark.parametrize("rest", ["", "more\n" * 50_000], ids=["short", "long"])
def test_a_quotation_mark_never_closed_loses_no_comment_in_silence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rest: str,
) -> None:
    monkeypatch.setattr(reading, "MOST_CELL", 100_000)
    path = tmp_path / "open.csv"
    path.write_text(f'id,comment\n1,The wait.\n2,"Never closed\n3,Parking.\n4,French.\n{rest}')
    for error in said(capsys, path, tmp_path / "out"):
        assert "3" in error


def test_a_lone_inch_mark_is_a_character(tmp_path: Path) -> None:
    path = tmp_path / "inch.csv"
    path.write_text('id,comment\n1,A 5" pipe\n2,"Two ""quoted""\nlines"\n3,The last: 7"')
    table = read_table(path, text_column="comment")
    assert [row[1] for row in table.rows] == ['A 5" pipe', 'Two "quoted"\nlines', 'The last: 7"']


def test_null_characters_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "nulls.csv"
    path.write_bytes(b"comment\nThe wait" + b"\x00" * 200 + b" is long. " + b"word " * 4_000)
    start = time.process_time()
    assert read_table(path, text_column="comment").rows[0][0].startswith("The wait is long.")
    assert time.process_time() - start < 2


def test_columns_are_counted_as_the_program_letters_them() -> None:
    assert Size(1_048_576, 16_384).last == "XFD1048576"
    assert Size(1, 26).last == "Z1"
    assert Size(2, 27).last == "AA2"
    assert sizes.MOST_CELLS < 1_048_576 * 16_384
