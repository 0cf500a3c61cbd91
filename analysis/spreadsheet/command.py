"""The command ``python -m analysis``."""

from __future__ import annotations

import argparse
import locale
import os
import signal
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from analysis.spreadsheet.errors import SpreadsheetError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from analysis.pipeline.types import Result
    from analysis.spreadsheet.documents import Input

USAGE_ERROR = 2
STOPPED = 130

EXAMPLE = """\
example:
  python -m analysis comments.csv --text comment --lang language --id number --out report/

  then open report/report.html in a browser.
  ensuite, ouvrez report/report.html dans un navigateur (le rapport est dans les deux langues).

writes three files into DIR:
  report.html       the themes for a person to read, in English and in French, one file
  themes.json       the themes with their names, sizes, keywords, quotes and confidence
  assignments.csv   one row for each passage: id, theme, main, score, passage, start, end, reason

Personal information is hidden in all three. Nothing is sent anywhere. The same file and --seed
give the same themes.json and assignments.csv to the byte.
"""

STAGES = {
    "prepare": ("reading", "lecture"),
    "campaigns": ("letters", "lettres"),
    "passages": ("passages", "passages"),
    "embed": ("meaning", "sens"),
    "group": ("themes", "thèmes"),
    "describe": ("names", "noms"),
    "judge": ("checks", "vérifications"),
}


class _Parser(argparse.ArgumentParser):
    """Errors on one line, like every other error of the command."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (--help)\n")


def _seed(value: str) -> int:
    try:
        seed = int(value)
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**31:
        raise argparse.ArgumentTypeError("--seed must be a whole number from 0 to 2147483647")
    return seed


def _own_version() -> str:
    try:
        return version("consult")
    except PackageNotFoundError:
        return "0.1.0"


def parser() -> argparse.ArgumentParser:
    """The options. One word each, and nothing that a first run needs besides --text and --out."""
    made = _Parser(
        prog="python -m analysis",
        description="Group the comments of a spreadsheet into themes, across English and French, "
        "and write a report in both languages.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "file", metavar="FILE", help="CSV (comma, semicolon, tab) or XLSX, header row"
    )
    made.add_argument("--text", metavar="COLUMN", required=True, help="column of the comments")
    made.add_argument(
        "--lang", metavar="COLUMN", help="column of their language (en, French, anglais, fr-CA …)"
    )
    made.add_argument("--id", metavar="COLUMN", help="column of their ids (default: row number)")
    made.add_argument(
        "--sheet", metavar="NAME", help="sheet of a workbook (default: the one with COLUMN)"
    )
    made.add_argument("--out", metavar="DIR", required=True, help="folder for the three files")
    made.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="start of what is random (default: 0)"
    )
    made.add_argument(
        "--lang-ui",
        choices=("en", "fr"),
        help="language of messages and of the report's first page (default: the system's)",
    )
    made.add_argument("--version", action="version", version=f"consult {_own_version()}")
    return made


def _ui_language(asked: str | None) -> str:
    if asked:
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    found = locale.getlocale()[0] or ""
    return "fr" if found.lower().startswith(("fr", "french")) else "en"


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code: 0 done, 2 something to put right, 130 stopped."""
    options = parser().parse_args(arguments)
    language = _ui_language(options.lang_ui)
    # A terminal without UTF-8 must not turn a message into a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(options, language)
    except SpreadsheetError as error:
        print(f"python -m analysis: {error.said_in(language)}", file=sys.stderr)  # noqa: T201
        return USAGE_ERROR
    except KeyboardInterrupt:
        said = (
            "Stopped; nothing was written." if language == "en" else "Arrêté; rien n'a été écrit."
        )
        print(f"\n{said}", file=sys.stderr)  # noqa: T201
        return STOPPED
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(options: argparse.Namespace, language: str) -> int:
    from analysis.spreadsheet.documents import documents_of
    from analysis.spreadsheet.folder import complete_folder
    from analysis.spreadsheet.reading import read_table

    path, out = Path(options.file), Path(options.out)
    table = read_table(path, text_column=options.text, sheet=options.sheet)
    given = documents_of(table, text=options.text, language=options.lang, identifier=options.id)
    with complete_folder(out) as folder:
        result = _analyse(given, options.seed, language)
        _write(folder, result, given, path, options, language)
    themes = sum(t.parent is None for t in result.themes)
    said = {
        "en": f"Comments: {len(given.documents)}. Themes: {themes}. Report: {out / 'report.html'}",
        "fr": f"Commentaires\u00a0: {len(given.documents)}. Thèmes\u00a0: {themes}. "
        f"Rapport\u00a0: {out / 'report.html'}",
    }
    print(said[language])  # noqa: T201
    return 0


def _analyse(given: Input, seed: int, language: str) -> Result:
    """The pipeline with a progress bar on a terminal (nothing on a pipe or in a log)."""
    from tqdm import tqdm

    from analysis.pipeline.config import Config
    from analysis.pipeline.embedders import EmbedderError
    from analysis.pipeline.run import DocumentError, analyse

    form = "{desc:<14} {percentage:3.0f}% |{bar}| {elapsed}"
    with tqdm(total=1.0, disable=None, bar_format=form, leave=False, file=sys.stderr) as bar:

        def progress(stage: str, fraction: float) -> None:
            words = STAGES.get(stage, (stage, stage))
            bar.set_description(words[language == "fr"], refresh=False)
            bar.update(max(0.0, fraction - bar.n))

        try:
            return analyse(given.documents, Config(seed=seed), progress=progress)
        except (DocumentError, EmbedderError) as error:
            raise SpreadsheetError(str(error), str(error)) from error


def _write(
    folder: Path,
    result: Result,
    given: Input,
    path: Path,
    options: argparse.Namespace,
    language: str,
) -> None:
    from analysis.spreadsheet.files import assignments_csv, themes_json
    from analysis.spreadsheet.report import report_html

    source: dict[str, object] = {
        "file": path.name,
        "text": options.text,
        "lang": options.lang,
        "id": options.id,
        "form": given.form,
        "notes": [{"en": en, "fr": fr} for en, fr in given.notes],
    }
    (folder / "themes.json").write_text(
        themes_json(result, documents=given.documents, source=source),
        encoding="utf-8",
        newline="\n",
    )
    (folder / "assignments.csv").write_bytes(assignments_csv(result, documents=given.documents))
    (folder / "report.html").write_text(
        report_html(result, given=given, file=path.name, first=language),
        encoding="utf-8",
        newline="\n",
    )
