"""``python -m analysis`` as an analyst runs it: a file in, three files out, or one clear line."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from analysis.figures.cells import spreadsheet_restore
from analysis.spreadsheet.command import main
from tests.analysis.pipeline.corpus import documents
from tests.analysis.spreadsheet.conftest import ROOT, rows, run, write_csv

FILES = {"themes.json", "assignments.csv", "report.html"}


def themes(folder: Path) -> dict[str, object]:
    value: dict[str, object] = json.loads((folder / "themes.json").read_text("utf-8"))
    return value


def assignments(folder: Path) -> list[dict[str, str]]:
    text = (folder / "assignments.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_three_files_are_written_and_nothing_else(made: Path) -> None:
    assert {p.name for p in made.iterdir()} == FILES
    assert {p.name for p in made.parent.iterdir()} == {"comments.csv", "out"}


def test_every_row_is_in_a_theme_or_has_a_reason(made: Path) -> None:
    by_id = defaultdict(list)
    for a in assignments(made):
        by_id[spreadsheet_restore(a["id"])].append(a)
    assert list(by_id) == [r[0] for r in rows()]
    for name, found in by_id.items():
        main = sum(a["main"] == "1" for a in found)
        if any(a["theme"] for a in found):
            assert main == 1, name
        else:
            assert main == 0
            assert all(a["reason"] for a in found)
    assert by_id["none"][0]["reason"] == by_id["empty"][0]["reason"] == "no_substantive_answer"


def test_passages_and_quotes_are_the_words_of_their_row(made: Path) -> None:
    text = {r[0]: r[1] for r in rows()}
    for a in assignments(made):
        passage = spreadsheet_restore(a["passage"])
        if "removed]" not in passage and "retiré]" not in passage:
            assert text[a["id"]][int(a["start"]) : int(a["end"])] == passage
    for theme in themes(made)["themes"]:  # type: ignore[attr-defined]
        assert theme["quotes"]
        for q in theme["quotes"]:
            if "removed]" not in q["text"] and "retiré]" not in q["text"]:
                assert text[q["id"]][q["start"] : q["end"]] == q["text"]


def test_personal_information_is_in_none_of_the_files(made: Path) -> None:
    for name in FILES:
        data = (made / name).read_text("utf-8")
        assert "046 454 286" not in data
        assert "555-0142" not in data


def test_themes_and_assignments_count_alike(made: Path) -> None:
    found = themes(made)
    mains = Counter(a["theme"] for a in assignments(made) if a["main"] == "1")
    top = [t for t in found["themes"] if t["parent"] is None]  # type: ignore[attr-defined]
    assert len(top) >= 3
    assert sum(t["main"] for t in top) == sum(mains.values())
    assert found["n"]["documents"] == len(rows())  # type: ignore[index]
    assert found["n"]["themed"] + sum(found["n"]["unthemed"].values()) == len(rows())  # type: ignore[index]
    for t in top:
        assert t["name_en"]
        assert t["name_fr"]
        assert len(t["keywords_en"]) <= 8
        assert t["confidence"]["reason_en"]
        assert t["confidence"]["reason_fr"]
        assert sum(t["languages"].values()) == t["size"]
    assert found["campaigns"][0]["size"] == 6  # type: ignore[index]
    assert found["seed"] == 0
    assert found["versions"]


def test_no_cell_is_a_formula(made: Path) -> None:
    for a in assignments(made):
        assert not a["passage"].lstrip().startswith(("=", "+", "-", "@"))
    assert any(a["passage"].startswith("'=HYPERLINK") for a in assignments(made))


def test_the_same_input_and_seed_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    path = made.parent / "comments.csv"
    for i, env in enumerate(
        ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"})
    ):
        out = tmp_path / str(i)
        done = run(
            path, "--text", "comment", "--lang", "lang", "--id", "ref", "--out", out, env=env
        )
        assert done.returncode == 0, done.stderr
        for name in ("themes.json", "assignments.csv"):
            assert (out / name).read_bytes() == (made / name).read_bytes()


def test_a_workbook_and_a_semicolon_file_in_windows_1252_give_the_same_themes(
    made: Path, tmp_path: Path
) -> None:
    table = [["ref", "comment", "lang"], *rows()]
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in table:
        book.active.append(row)
    for cells in book.active.iter_rows():
        for cell in cells:
            cell.data_type = "s" if cell.value else cell.data_type
    book.save(tmp_path / "c.xlsx")
    write_csv(tmp_path / "c.csv", table, encoding="cp1252", delimiter=";")
    for name in ("c.xlsx", "c.csv"):
        out = tmp_path / f"out-{name}"
        done = run(
            tmp_path / name, "--text", "comment", "--lang", "lang", "--id", "ref", "--out", out
        )
        assert done.returncode == 0, done.stderr
        assert themes(out)["themes"] == themes(made)["themes"]
        assert (out / "assignments.csv").read_bytes() == (made / "assignments.csv").read_bytes()


class Page(HTMLParser):
    """Tags in their order, and the text of each half of the report."""

    VOID = frozenset({"meta", "input", "br", "link", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.texts: dict[str, list[str]] = defaultdict(list)
        self.quotes: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes += [(tag, k, v) for k, v in attrs]
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "blockquote":
            self.quotes.append(given)
        half = self.stack[-1][1] if self.stack else ""
        if tag == "main":
            half = str(given.get("lang"))
        if tag not in self.VOID:
            self.stack.append((tag, half))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, k, v) for k, v in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self.stack and self.stack[-1][0] != "style":
            self.texts[self.stack[-1][1]].append(data)


@pytest.fixture(scope="module")
def page(made: Path) -> Page:
    parsed = Page()
    parsed.feed((made / "report.html").read_text("utf-8"))
    parsed.close()
    assert parsed.stack == []
    return parsed


def test_the_report_fetches_nothing_and_runs_nothing(made: Path, page: Page) -> None:
    for tag, name, value in page.attributes:
        assert tag not in {"script", "link", "img", "iframe", "object"}
        assert not name.startswith("on")
        assert name not in {"src", "style", "action"}
        if name == "href":
            assert (value or "").startswith("#")
        if name not in {"xmlns", "content"}:
            assert "http" not in (value or ""), (tag, name, value)
    html = (made / "report.html").read_text("utf-8")
    assert "url(" not in re.sub(r"url\(#[a-z-]+\)", "", html)
    assert "@import" not in html
    assert "<script>alert" not in html


def test_the_report_says_the_language_of_everything_quoted(page: Page) -> None:
    assert page.quotes
    assert all(q.get("lang") in {"en", "fr", "other", "und"} for q in page.quotes)
    assert {q.get("lang") for q in page.quotes} >= {"en", "fr"}
    assert len(page.ids) == len(set(page.ids))


def test_both_languages_show_the_same_numbers(page: Page) -> None:
    def numbers(lang: str) -> Counter[str]:
        text = " ".join(page.texts[lang])
        # The date is the only number written in another order; hours of quotes are the same words.
        text = re.sub(
            r"(?:November|novembre|[A-Z][a-z]+\u00a0\d+, |\d+\u00a0[a-zéû]+ )20\d\d", "", text
        )
        return Counter(re.findall(r"\d+", re.sub(r"(?<=\d)[,.\u00a0](?=\d)", "", text)))

    english, french = numbers("en"), numbers("fr")
    assert english
    differing = {k for k in english | french if english[k] != french[k]}
    # Descriptions count what was said in one language, so only their small numbers may differ.
    assert all(int(k) <= 40 for k in differing), differing
    en, fr = (" ".join(page.texts[x]) for x in ("en", "fr"))
    assert re.search(r"\d%", en)
    assert not re.search(r"\d%", re.sub(r"[“«].*?[”»]", "", fr))
    assert re.search(r"\d\u00a0%", fr)


def test_the_report_opens_in_the_language_asked_for(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "c.csv", [["c"], ["Parking is dear."], ["Merci pour tout!"]])
    assert main([str(path), "--text", "c", "--out", str(tmp_path / "o"), "--lang-ui", "fr"]) == 0
    assert "Commentaires" in capsys.readouterr().out
    html = (tmp_path / "o" / "report.html").read_text("utf-8")
    assert '<html lang="fr">' in html
    assert re.search(r'id="choose-fr"\s+checked', html)
    assert '<html lang="en">' in (made / "report.html").read_text("utf-8")


def test_few_comments_are_not_forced_into_themes(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "c.csv", [["c"], ["Parking is dear."], ["Merci pour tout!"]])
    assert main([str(path), "--text", "c", "--out", str(tmp_path / "o")]) == 0
    assert themes(tmp_path / "o")["themes"] == []
    assert {a["reason"] for a in assignments(tmp_path / "o")} <= {
        "not_enough_to_group",
        "no_substantive_answer",
    }
    html = (tmp_path / "o" / "report.html").read_text("utf-8")
    assert "not enough to group" in html
    for lang in ("en", "fr"):
        page = html[html.index(f'<main class="wrap page-{lang}"') :].split("</main>")[0]
        assert "Parking is dear." in page
        assert "Merci pour tout!" in page
        assert 'class="machine"' not in page


def test_comments_that_cannot_be_grouped_are_listed_masked_with_those_most_alike_together(
    tmp_path: Path,
) -> None:
    said = [
        "Parking is dear.",
        "n/a",
        "Appelez-moi au 613-555-0142.",
        "Soup, please.",
        "Plus de bancs.",
    ]
    path = write_csv(tmp_path / "c.csv", [["c"], *([text] for text in (said * 3)[:11])])
    assert main([str(path), "--text", "c", "--out", str(tmp_path / "o")]) == 0
    html = (tmp_path / "o" / "report.html").read_text("utf-8")
    assert "555-0142" not in html
    page = html[html.index('<main class="wrap page-en"') :].split("</main>")[0]
    shown = [int(n) for n in re.findall(r"<footer[^>]*>Row (\d+)</footer>", page)]
    assert sorted(shown) == [n for n in range(1, 12) if (n - 1) % 5 != 1]
    # The same words stand side by side, wherever they are in the file.
    assert [n % 5 for n in shown] == sorted(
        (n % 5 for n in shown), key=[n % 5 for n in shown].index
    )
    assert shown == list(map(int, themes(tmp_path / "o")["in_order_of_likeness"]))
    assert "2, 7<" in page
    assert page.count("first row below the headings") == 1


def test_the_report_calls_comments_by_the_name_the_file_gives_them(made: Path) -> None:
    html = (made / "report.html").read_text("utf-8")
    assert ">Comment " in html
    assert ">Commentaire " in html
    assert not re.search(r"<footer[^>]*>(?:Row|Ligne) ", html)
    assert "below the headings" not in html
    assert "sous les en-têtes" not in html


@pytest.mark.parametrize("ui", ["en", "fr"])
@pytest.mark.parametrize(
    ("content", "options", "named"),
    [
        ("c\nHello\n", ["--text", "comments"], "“c”|« c »"),
        ("c\nHello\n", ["--text", "c", "--lang", "l"], "--lang"),
        ("c,l\nHello,short\nBye,\n", ["--text", "c", "--lang", "l"], "--lang"),
        ("c\nHello\n", ["--text", "c", "--sheet", "X"], "--sheet"),
        ("c\nHello\n", ["--text", "c", "--id", "i"], "--id"),
        ("i,c\n7,Hello\n7,Bye\n", ["--text", "c", "--id", "i"], "7"),
        ("", ["--text", "c"], r"c\.csv"),
        ("c\n", ["--text", "c"], ""),
        ("c\n123\n", ["--text", "c"], "“c”|« c »"),
        ("%PDF-1.4", ["--text", "c"], "PDF"),
        (None, ["--text", "c"], r"c\.csv"),
    ],
)
def test_each_mistake_is_one_line_exit_2_and_nothing_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    options: list[str],
    named: str,
    ui: str,
) -> None:
    path = tmp_path / "c.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main([str(path), *options, "--out", str(tmp_path / "out"), "--lang-ui", ui]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert re.search(named, said.err.replace("\u00a0", " "))
    assert {p.name for p in tmp_path.iterdir()} <= {"c.csv"}


@pytest.mark.parametrize(
    "arguments",
    [["x.csv"], ["--text", "c"], ["x.csv", "--text", "c", "--out", "o", "--seed", "-1"]],
)
def test_options_left_out_are_one_line_too(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--help" in said


def test_a_mistake_reaches_the_shell_as_exit_code_2(tmp_path: Path) -> None:
    done = run(tmp_path / "nope.csv", "--text", "c", "--out", tmp_path / "out")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "nope.csv" in done.stderr


def test_an_out_that_cannot_be_a_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_csv(tmp_path / "c.csv", [["c"], ["Hello there"]])
    for out in (path, path / "deeper"):
        assert main([str(path), "--text", "c", "--out", str(out)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["c.csv"]


def test_other_files_in_the_folder_stay(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "themes.json").write_text("old")
    path = write_csv(tmp_path / "c.csv", [["c"], ["Parking is dear."]])
    assert main([str(path), "--text", "c", "--out", str(out)]) == 0
    assert (out / "notes.txt").read_text() == "mine"
    assert {p.name for p in out.iterdir()} == FILES | {"notes.txt"}
    assert (out / "themes.json").read_text("utf-8") != "old"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    table = [["c"], *([f"{d.text} ({i})"] for i in range(60) for d in documents())]
    path = write_csv(tmp_path / "c.csv", table)
    process = subprocess.Popen(
        [sys.executable, "-m", "analysis", str(path), "--text", "c", "--out", str(tmp_path / "o")],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        stderr=subprocess.PIPE,
        text=True,
        # A suite started in the background passes on that Ctrl-C is to be ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".o.*")) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "nothing was written" in said
    assert "Traceback" not in said
    assert [p.name for p in tmp_path.iterdir()] == ["c.csv"]


def test_help_has_an_example_and_version_a_number() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "python -m analysis comments.csv --text comment" in done.stdout
    assert re.search(r"\d+\.\d+", run("--version").stdout)


def test_the_tool_needs_no_django() -> None:
    code = (
        "import sys, analysis.spreadsheet.command, analysis.spreadsheet.report;"
        "roots = {m.split('.')[0] for m in sys.modules};"
        "assert not roots & {'django', 'wagtail', 'celery', 'psycopg'}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
