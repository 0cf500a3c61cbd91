"""The options of ``python -m analysis`` and how a wrong one is said, in the user's language."""

from __future__ import annotations

import argparse
import locale
import os
import re
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

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
USUAL_FORMATS = ("html", "json", "csv")

_EXAMPLE = {
    "en": """\
example:
  python -m analysis comments.csv --text comment --lang language --id number --out report/

  then open report/report.html in a browser.

writes into DIR:
  report.html       the themes for a person to read, in English and in French, one file
  themes.json       the themes with their names, sizes, keywords, quotes and confidence
  assignments.csv   one row for each passage: id, theme, main, score, passage, start, end, reason
  splits.csv        with --by: each theme beside each answer
  comparison.json, comparison.csv   with --compare: what became of each theme
  themes.xlsx       with --format xlsx: all of it as a workbook

Personal information is hidden in all of them. Nothing is sent anywhere. The same file and --seed
give the same themes.json and assignments.csv to the byte.
""",
    "fr": """\
exemple\u00a0:
  python -m analysis commentaires.csv --text commentaire --lang langue --id numero --out rapport/

  ensuite, ouvrez rapport/report.html dans un navigateur.

écrit dans DOSSIER\u00a0:
  report.html       les thèmes à lire, en français et en anglais, en un seul fichier
  themes.json       les thèmes\u00a0: noms, tailles, mots clés, citations et fiabilité
  assignments.csv   une ligne par passage\u00a0: id, theme, main, score, passage, start, end, reason
  splits.csv        avec --by\u00a0: chaque thème selon chaque réponse
  comparison.json, comparison.csv   avec --compare\u00a0: ce que chaque thème est devenu
  themes.xlsx       avec --format xlsx\u00a0: le tout dans un classeur

Les renseignements personnels y sont masqués partout. Rien n'est envoyé nulle part. Le même fichier
et le même germe (--seed) donnent les mêmes themes.json et assignments.csv, à l'octet près.
""",
}

_SAID: dict[str, dict[str, str]] = {
    "en": {
        "description": "Group the comments of a spreadsheet into themes, across English and "
        "French, and write a report in both languages.",
        "usage": "usage: ",
        "arguments": "arguments",
        "options": "options",
        "FILE": "FILE",
        "COLUMN": "COLUMN",
        "NAME": "NAME",
        "DIR": "DIR",
        "RUN": "RUN",
        "LIST": "LIST",
        "file": "CSV (comma, semicolon, tab) or XLSX, header row",
        "text": "column of the comments",
        "lang": "column of their language (en, French, anglais, fr-CA …)",
        "id": "column of their ids (default: row number)",
        "sheet": "sheet of a workbook (default: the one with COLUMN)",
        "by": "split each theme by the answers in COLUMN: a choice (province, channel …) or a "
        "rating from 0 to 10; repeat for more",
        "codebook": "CSV or XLSX with code, name_en, name_fr, definition_en, definition_fr and, "
        "if you have them, examples: assign to these themes instead of finding themes",
        "compare": "folder of an earlier run of the same ids: say which themes stayed, grew, "
        "shrank, appeared or disappeared",
        "format": "what to write, separated by commas: html, json, csv, xlsx "
        "(default: html,json,csv)",
        "out": "folder for the files",
        "seed": "seed of what is random (default: 0)",
        "lang-ui": "language of messages and of the report's first page (default: the system's)",
        "help": "show this help and exit",
        "version": "show the version and exit",
        "bad seed": "must be a whole number from 0 to 2147483647",
        "bad format": "must be one or more of html, json, csv, xlsx, separated by commas",
    },
    "fr": {
        "description": "Regroupe les commentaires d'une feuille de calcul en thèmes communs au "
        "français et à l'anglais, et produit un rapport dans les deux langues.",
        "usage": "utilisation\u00a0: ",
        "arguments": "arguments\u00a0",
        "options": "options\u00a0",
        "FILE": "FICHIER",
        "COLUMN": "COLONNE",
        "NAME": "NOM",
        "DIR": "DOSSIER",
        "RUN": "ANALYSE",
        "LIST": "LISTE",
        "file": "CSV (virgule, point-virgule, tabulation) ou XLSX, avec une ligne d'en-tête",
        "text": "colonne des commentaires",
        "lang": "colonne de leur langue (en, French, anglais, fr-CA…)",
        "id": "colonne de leurs identifiants (par défaut\u00a0: le numéro de ligne)",
        "sheet": "feuille d'un classeur (par défaut\u00a0: celle qui contient COLONNE)",
        "by": "ventiler chaque thème selon les réponses de COLONNE\u00a0: un choix (province, "
        "mode de prestation…) ou une note de 0 à 10; à répéter au besoin",
        "codebook": "CSV ou XLSX avec code, name_en, name_fr, definition_en, definition_fr et, au "
        "besoin, des exemples\u00a0: classer dans ces thèmes au lieu d'en chercher",
        "compare": "dossier d'une analyse antérieure des mêmes identifiants\u00a0: dire quels "
        "thèmes sont restés stables, ont augmenté, ont diminué, sont apparus ou ont disparu",
        "format": "ce qu'il faut écrire, séparé par des virgules\u00a0: html, json, csv, xlsx (par "
        "défaut\u00a0: html,json,csv)",
        "out": "dossier des fichiers",
        "seed": "germe de ce qui est aléatoire (par défaut\u00a0: 0)",
        "lang-ui": "langue des messages et de la première page du rapport (par défaut\u00a0: celle "
        "du système)",
        "help": "afficher cette aide et quitter",
        "version": "afficher la version et quitter",
        "bad seed": "doit être un nombre entier de 0 à 2147483647",
        "bad format": "doit être un ou plusieurs des formats html, json, csv et xlsx, séparés "
        "par des virgules",
    },
}

# What argparse says, and how it is said in French.
_FRENCH_ERRORS: tuple[tuple[str, str], ...] = (
    (r"the following arguments are required: (.*)", "il manque\u00a0: {0}"),
    (r"unrecognized arguments: (.*)", "arguments inconnus\u00a0: {0}"),
    (r"argument (.*?): expected one argument", "{0}\u00a0: il manque une valeur"),
    (
        r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)",
        "{0}\u00a0: valeur inconnue {1} (au choix\u00a0: {2})",
    ),
    (r"argument (.*?): (.*)", "{0}\u00a0: {1}"),
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


def parser(language: str) -> argparse.ArgumentParser:
    """The options. One word each, and nothing that a first run needs besides --text and --out."""
    said = _SAID[language]
    made = _Parser(
        language,
        prog="python -m analysis",
        description=said["description"],
        epilog=_EXAMPLE[language],
        formatter_class=_FORMATTERS[language],
        allow_abbrev=False,
        add_help=False,
    )
    argument = made.add_argument_group(said["arguments"]).add_argument
    option = made.add_argument_group(said["options"]).add_argument
    column, file = said["COLUMN"], said["FILE"]
    argument("file", metavar=file, help=said["file"])
    option("--text", metavar=column, required=True, help=said["text"])
    option("--out", metavar=said["DIR"], required=True, help=said["out"])
    option("--lang", metavar=column, help=said["lang"])
    option("--id", metavar=column, help=said["id"])
    option("--sheet", metavar=said["NAME"], help=said["sheet"])
    option("--by", metavar=column, action="append", default=[], help=said["by"])
    option("--codebook", metavar=file, help=said["codebook"])
    option("--compare", metavar=said["RUN"], help=said["compare"])
    option(
        "--format",
        metavar=said["LIST"],
        type=_formats(said["bad format"]),
        default=USUAL_FORMATS,
        help=said["format"],
    )
    option("--seed", metavar="N", type=_seed(said["bad seed"]), default=0, help=said["seed"])
    option("--lang-ui", choices=("en", "fr"), help=said["lang-ui"])
    option("--version", action="version", version=f"consult {_own_version()}", help=said["version"])
    option("-h", "--help", action="help", help=said["help"])
    return made


class _Parser(argparse.ArgumentParser):
    """Errors on one line, like every other error of the command."""

    def __init__(self, language: str, **options: object) -> None:
        self.language = language
        super().__init__(**options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        if self.language == "fr":
            message = _in_french(message)
        self.exit(USAGE_ERROR, f"{self.prog}: {message} (--help)\n")


def _in_french(message: str) -> str:
    for pattern, french in _FRENCH_ERRORS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return french.format(*found.groups())
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
        super().add_usage(usage, actions, groups, prefix or _SAID[self.language]["usage"])  # type: ignore[arg-type]


class _French(_English):
    language = "fr"


_FORMATTERS = {"en": _English, "fr": _French}


def _seed(wrong: str) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not int(value) < 2**31:
            raise argparse.ArgumentTypeError(wrong)
        return int(value)

    return read


def _formats(wrong: str) -> Callable[[str], tuple[str, ...]]:
    def read(value: str) -> tuple[str, ...]:
        asked = [name.strip().lower() for name in value.split(",") if name.strip()]
        if not asked or not set(asked) <= set(FORMATS):
            raise argparse.ArgumentTypeError(wrong)
        return tuple(name for name in FORMATS if name in asked)

    return read


def _own_version() -> str:
    try:
        return version("consult")
    except PackageNotFoundError:
        return "0.1.0"
