"""Tables as people save them: encodings, separators, quotes, workbooks, and what is no table."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from analysis.pipeline.types import Language
from analysis.spreadsheet import reading
from analysis.spreadsheet.documents import documents_of, language_of
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.reading import read_table

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ["numéro", "commentaire", "langue"]
ROWS = [
    ["1", "L'été, c'est bondé; l'hiver, non, jamais. « Où aller? »", "fr"],
    ["2", 'She said "no", twice,\nand left — €5 short.', "en"],
    ["3", "Œuvre d'un élève à l'école\tde l'île", "fr"],
]


def csv_text(separator: str, end: str = "\r\n") -> str:
    def cell(value: str) -> str:
        return (
            '"' + value.replace('"', '""') + '"'
            if any(c in value for c in f'"\n{separator}')
            else value
        )

    return end.join(separator.join(map(cell, row)) for row in [HEADER, *ROWS]) + end


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_each_encoding_and_separator_gives_the_same_cells(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(csv_text(separator).encode(encoding))
    for hint in ("commentaire", ""):
        table = read_table(path, text_column=hint)
        assert table.columns == HEADER
        assert table.rows == ROWS
        assert table.notes == []


def test_mac_and_dos_encodings_are_recognised_by_their_french(tmp_path: Path) -> None:
    text = "Les élèves français préfèrent la forêt à côté de l'hôpital; où ça dégèle."
    path = tmp_path / "c.csv"
    for encoding in ("mac_roman", "cp850", "cp1252"):
        path.write_bytes(f"commentaire\n{text}\n".encode(encoding))
        assert read_table(path, text_column="commentaire").rows == [[text]]


def test_a_long_file_is_read_in_pieces_and_only_what_is_asked_for_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MEGA", 1000)
    monkeypatch.setattr(reading, "SAMPLE_BYTES", 3000)
    path = tmp_path / "c.csv"
    rows = [[str(i), f"été no {i} à l'école 🌲", "x" * 50] for i in range(900)]
    for encoding in ("utf-8", "utf-16"):
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([["id", "comment", "other"], *rows])
        table = read_table(path, text_column="comment", columns=["Comment", "id"])
        assert table.columns == ["id", "comment", "other"]
        assert table.rows == [[i, text, ""] for i, text, _ in rows]
        assert table.notes == []


def test_one_torn_character_does_not_spoil_the_others(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"commentaire\n" + "été à l'école,\n".encode() * 30 + b"caf\xc3\n")
    table = read_table(path, text_column="commentaire")
    assert table.rows[0][0].startswith("été à l'école")
    assert len(table.notes) >= 1
    assert "\ufffd" in table.notes[0].said_in("en")


def test_one_column_of_prose_is_one_column(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("comment\nI came, I saw, I left; twice\nYes\n", "utf-8")
    table = read_table(path, text_column="comment")
    assert table.rows == [["I came, I saw, I left; twice"], ["Yes"]]


@pytest.mark.parametrize("column", ["1", "comm"])
def test_one_column_of_prose_loses_no_words_to_its_commas(tmp_path: Path, column: str) -> None:
    said = ["I came, I saw", "Be realistic; tax wealth", "Yes", "Buses, trains, ferries", "No"]
    path = tmp_path / "c.csv"
    path.write_text("\n".join(["comment", *said, ""]), "utf-8")
    table = read_table(path, text_column=column)
    assert table.columns == ["comment"]
    assert table.rows == [[text] for text in said]
    assert table.notes == []


def test_commas_left_unquoted_in_the_last_column_lose_no_words(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("id,comment\n1,One\n2,Two, and more, and more\n3\n", "utf-8")
    table = read_table(path, text_column="comment")
    assert table.rows == [["1", "One"], ["2", "Two, and more, and more"], ["3", ""]]
    assert len(table.notes) == 2


def test_nul_bytes_sep_lines_and_blank_rows_are_survived(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"sep=;\r\nid;comment\r\n1;He\x00llo\r\n;\r\n\r\n4;Bye, now\r\n")
    table = read_table(path, text_column="comment")
    assert table.rows == [["1", "Hello"], ["4", "Bye, now"]]
    assert table.numbers == [1, 4]


def test_a_workbook_is_read_by_the_sheet_that_has_the_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Read me"])
    sheet = book.create_sheet("Réponses")
    sheet.append(["id", "Comment", "on"])
    sheet.append([1, "Très bien", date(2026, 11, 1)])
    sheet.append([2.5, "=not a formula".removeprefix("="), None])
    path = tmp_path / "c.xlsx"
    book.save(path)
    table = read_table(path, text_column="comment")
    assert table.columns == ["id", "Comment", "on"]
    assert table.rows == [["1", "Très bien", "2026-11-01"], ["2.5", "not a formula", ""]]
    with pytest.raises(SpreadsheetError, match="Réponses"):
        read_table(path, text_column="comment", sheet="Nope")


@pytest.mark.parametrize("name", ["answers.csv", "answers.xlsx"])
def test_a_title_above_the_headings_is_no_comment(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    rows = [["Consultation, 2026"], [], ["Exported", "April 2"], ["id", "comment", "x"]]
    rows += [["1", "Bon, oui", "a"], [], ["2", "Non; jamais", "b"]]
    if name.endswith("csv"):
        path.write_text("\n".join(";".join(f'"{c}"' for c in row) for row in rows), "utf-8")
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(row)
        book.save(path)
    table = read_table(path, text_column="Comment")
    given = documents_of(table, text="Comment")
    assert [(d.id, d.text) for d in given.documents] == [("1", "Bon, oui"), ("3", "Non; jamais")]
    # Two rows that say something stand above; the reader of the report is told so.
    assert [note.said_in("en")[-2:] for note in given.notes] == ["2."]
    # Without a name to look for, the first row has the headings, as ever.
    assert read_table(path).columns[0] == "Consultation, 2026"


def bomb(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * size)
    return out.getvalue()


def test_a_workbook_that_would_fill_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(bomb(reading.RATIO_FROM + 1))
    with pytest.raises(SpreadsheetError, match="unpacks to more"):
        read_table(path)


def test_a_workbook_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(bomb(5_000_000))
    true = (5_000_000).to_bytes(4, "little")
    while (at := data.find(true)) >= 0:
        data[at : at + 4] = (50).to_bytes(4, "little")
    path = tmp_path / "liar.xlsx"
    path.write_bytes(data)
    with pytest.raises(SpreadsheetError, match="not a readable XLSX"):
        read_table(path)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xef\xbb\xbf\r\n\r\n", "is empty"),
        ("a.csv", b"%PDF-1.7\n%....", "looks like PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n0000", "looks like PNG"),
        ("a.csv", bytes(range(256)) * 40, "not a table"),
        ("a.csv", b"<!DOCTYPE html><html><body>hi</body></html>", "looks like HTML"),
        ("a.csv", b'[{"comment": "hi"}]', "looks like JSON"),
        ("a.xlsx", b"not a zip at all", "not a readable XLSX"),
        ("a.xlsx", b"PK\x03\x04 torn", "not a readable XLSX"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or password-protected"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SpreadsheetError, match=said) as caught:
        read_table(path)
    assert caught.value.said_in("fr") != caught.value.said_in("en")


def test_a_document_saved_as_a_workbook_is_told_from_one(tmp_path: Path) -> None:
    path = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(SpreadsheetError, match="DOCX"):
        read_table(path)


def test_prose_is_not_a_table_of_one_column(tmp_path: Path) -> None:
    for name, said in (("README.md", "not a table"), ("c.csv", "no column “comment”")):
        path = tmp_path / name
        path.write_text("# Consult\n\nA platform for consultations.\n", "utf-8")
        with pytest.raises(SpreadsheetError, match=said) as caught:
            documents_of(read_table(path, text_column="comment"), text="comment")
        assert "Did you mean" not in caught.value.said_in("en")
    (tmp_path / "one.dat").write_text("comment\nHi there\n", "utf-8")
    assert read_table(tmp_path / "one.dat", text_column="comment").rows == [["Hi there"]]


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(SpreadsheetError, match="is a folder"):
        read_table(tmp_path)
    with pytest.raises(SpreadsheetError, match="There is no file"):
        read_table(tmp_path / "nope.csv")


def table_of(tmp_path: Path, text: str) -> reading.Table:
    path = tmp_path / "c.csv"
    path.write_text(text, "utf-8")
    return read_table(path)


def test_a_missing_column_names_those_there_are_and_the_nearest(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,comment\n1,Hi\n")
    with pytest.raises(SpreadsheetError, match=r"“id”, “comment”.*Did you mean “comment”"):
        documents_of(table, text="coments")
    assert documents_of(table, text=" COMMENT ").documents[0].text == "Hi"


def test_a_header_used_twice_is_an_error_only_when_asked_for(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,a,b\n1,2,hello\n")
    assert documents_of(table, text="b").documents[0].text == "hello"
    with pytest.raises(SpreadsheetError, match="2 columns are called “a”"):
        documents_of(table, text="a")


def test_ids_must_be_there_and_differ(tmp_path: Path) -> None:
    table = table_of(tmp_path, "id,c\nA,one\nB,two\nA,three\n")
    with pytest.raises(SpreadsheetError, match="more than once: A"):
        documents_of(table, text="c", identifier="id")
    assert [d.id for d in documents_of(table, text="c").documents] == ["1", "2", "3"]
    table = table_of(tmp_path, "id,c\nA,one\n,two\n")
    with pytest.raises(SpreadsheetError, match=r"row numbers: 2\b"):
        documents_of(table, text="c", identifier="id")


@pytest.mark.parametrize(
    ("ids", "is_private"),
    [
        (["a@exemple.ca", "b@exemple.ca", "c@exemple.ca"], True),
        (["613-555-0177", "613-555-0178", "418-555-0177"], True),
        (["R-0001", "R-0002", "2026-04-02/3"], False),
        (["6135550177", "6135550178", "4185550177"], False),  # as likely the numbers of replies
        ([*(f"R-{n}" for n in range(40)), "613-555-0177"], False),
    ],
)
def test_ids_that_name_people_are_refused(tmp_path: Path, ids: list[str], is_private: bool) -> None:
    table = table_of(tmp_path, "id,c\n" + "".join(f"{name},text\n" for name in ids))
    if not is_private:
        assert [d.id for d in documents_of(table, text="c", identifier="id").documents] == ids
        return
    with pytest.raises(SpreadsheetError, match="--id") as caught:
        documents_of(table, text="c", identifier="id")
    assert not any(name in caught.value.said_in("en") + caught.value.said_in("fr") for name in ids)


@pytest.mark.parametrize(
    ("header", "cells", "is_private"),
    [
        ("Town", "Victoria Regina Laval Charlotte Saint-Jean Kelowna Vernon Duncan", False),
        ("ville", "Jean-Talon Alexandria Bruce Victoria Nicolas Amos", False),
        ("q4", "Victoria Regina Laval Charlotte Saint-Jean Kelowna Jean-Talon", False),
        ("Province", "Ontario Québec Alberta Manitoba", False),
        ("School", "Laura_Secord Emily_Carr Marie-Victorin Vincent_Massey", False),
        ("circonscription", "Louis-Hébert Jean-Lesage Papineau Rosemont", False),
        ("q5", "Sainte-Foy Lester_B._Pearson Kelowna Laval Dorval Gander", False),
        ("Programme", "Pensions Passports Taxes", False),
        ("q4", "Marie_Tremblay Luc_Gagnon Priya_Sharma", True),
        ("q4", "Marie_Tremblay Nobody Another_team", True),
        ("q4", "Julie Marc Sophie Kevin", True),
        ("Office manager", "Julie Marc Sophie Kevin", True),
        ("Office name", "Vernon Duncan Bruce Nicolas", False),
        ("Name", "Zsófia Oluwaseun Tuğba", True),
        ("nom de famille", "Gagnon Lavoie Bouchard", True),
        ("Agent", "Julie Online Telephone Mail Counter", True),
        ("Town", "Victoria 613-555-0177 Regina", True),
    ],
)
def test_answers_to_split_by_may_be_places_called_after_people_and_no_people(
    tmp_path: Path, header: str, cells: str, is_private: bool
) -> None:
    values = [cell.replace("_", " ") for cell in cells.split()]
    rows = "".join(f"{value},text\n{value},text\n" for value in values)
    table = table_of(tmp_path, f"{header},c\n{rows}")
    if not is_private:
        [column] = documents_of(table, text="c", by=[header]).by
        assert set(column.answers.values()) == set(values)
        return
    with pytest.raises(SpreadsheetError, match="--by") as caught:
        documents_of(table, text="c", by=[header])
    assert not any(
        value in caught.value.said_in("en") + caught.value.said_in("fr") for value in values
    )


def test_no_text_is_no_documents(tmp_path: Path) -> None:
    for text in ("id,c\n", "id,c\n1,\n2,  \n3,12345\n"):
        with pytest.raises(SpreadsheetError):
            documents_of(table_of(tmp_path, text), text="c")


@pytest.mark.parametrize(
    ("value", "language"),
    [
        *((v, Language.EN) for v in ("en", "EN", "English", "anglais", "en-CA", "Eng.", "E")),
        *((v, Language.FR) for v in ("fr", "FR", "French", "Français", "fr-CA", "FRA", "f")),
        *(
            (v, Language.OTHER)
            for v in ("es", "de-DE", "Inuktitut", "other", "espagnol", "Allemand")
        ),
        *((v, None) for v in ("", "  ", "No", "bilingual", "1")),
    ],
)
def test_languages_are_read_as_people_write_them(value: str, language: Language | None) -> None:
    assert language_of(value) is language


def test_languages_nobody_knows_are_noted(tmp_path: Path) -> None:
    given_ = documents_of(table_of(tmp_path, "c,l\nHola,es\nHi,en\n"), text="c", language="l")
    assert [d.language for d in given_.documents] == [Language.OTHER, Language.EN]
    assert "es" in given_.notes[0].said_in("en")
    assert "es" in given_.notes[0].said_in("fr")
