"""``overview.html`` and ``overview.json``: what leads to the reports where several were asked for.

Each column of texts has a folder of its own with the files of a run; the overview says of each how
many wrote, of what most, and how far that can be relied on.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from analysis.catalogue import translations
from analysis.figures.charts.numbers import format_count, format_share
from analysis.spreadsheet.pictures import name_of
from analysis.spreadsheet.report import environment, stylesheet
from analysis.spreadsheet.usage import FILES
from analysis.spreadsheet.words import OWN_NAMES, labelled, levels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from analysis.spreadsheet.outcome import Outcome

LARGEST = 3  # themes named
_FOLDER = re.compile(r"\d+(?:-[a-z0-9-]+)?")
_LETTERS = 40  # of a folder's name


@dataclass(frozen=True, slots=True)
class Said:
    """What the overview says of one column: the ``file`` of its ``folder`` to open first.

    ``largest`` are names of themes and how many people, by language.
    """

    folder: str
    file: str
    column: str
    documents: int
    base: int
    themes: int
    level: str
    largest: Mapping[str, Sequence[tuple[str, int]]]


def folder_for(number: int, column: str) -> str:
    """The folder of the column that is the ``number``th asked for: ``2-what-would-you-change``."""
    plain = unicodedata.normalize("NFKD", column.casefold()).encode("ascii", "ignore").decode()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LETTERS].strip("-")
    return f"{number}-{words}" if words else str(number)


def said_of(outcome: Outcome, folder: str, file: str) -> Said:
    """What the overview will say of a finished run, whose files are in ``folder``."""
    largest = [t for t in outcome.top if t.size][:LARGEST]
    return Said(
        folder=folder,
        file=file,
        column=outcome.given.column,
        documents=outcome.documents,
        base=outcome.base,
        themes=len(outcome.top),
        level=outcome.result.confidence.level.value,
        largest={
            language: [(name_of(t, language), t.size) for t in largest] for language in OWN_NAMES
        },
    )


def earlier_files(out: Path) -> list[str]:
    """The files of the columns of an earlier run in ``out``, as ``folder/file``."""
    try:
        values = json.loads((out / "overview.json").read_text("utf-8"))
        folders = [str(column["folder"]) for column in values["columns"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # none, or somebody's own file of that name: nothing of ours is known to be there
    return [f"{name}/{file}" for name in folders if _FOLDER.fullmatch(name) for file in FILES]


def overview_json(said: Sequence[Said], *, file: str) -> str:
    """The overview for other programs."""
    columns = [
        {
            "folder": one.folder,
            "column": one.column,
            "documents": one.documents,
            "base": one.base,
            "themes": one.themes,
            "confidence": one.level,
        }
        for one in said
    ]
    return json.dumps({"file": file, "columns": columns}, ensure_ascii=False, indent=2) + "\n"


def overview_html(said: Sequence[Said], *, first: str, file: str) -> str:
    """The page as text, in both languages; it opens in ``first``."""
    template = environment().get_template("overview.html.jinja")
    pages = [_page(said, language) for language in OWN_NAMES]
    return template.render(pages=pages, first=first, file=file, styles=stylesheet())


def _page(said: Sequence[Said], language: str) -> dict[str, object]:
    translated = translations(language)
    _ = translated.gettext
    n = len(said)
    return {
        "lang": language,
        "_": _,
        "labelled": partial(labelled, language=language),
        "own_name": OWN_NAMES[language],
        "title": translated.ngettext("{n} report", "{n} reports", n).format(
            n=format_count(n, language)
        ),
        "columns": [
            {
                "file": f"{one.folder}/{one.file}",
                "name": one.column,
                "counts": _counts(one, language),
                "confidence": labelled(
                    _("Confidence"), levels(language)[one.level].lower(), language
                )
                if one.themes
                else levels(language)[one.level],
                "largest": [
                    labelled(name, _shared(people, one.base, language), language)
                    for name, people in one.largest[language]
                ],
            }
            for one in said
        ],
    }


def _counts(one: Said, language: str) -> str:
    translated = translations(language)
    comments = translated.ngettext("{n} comment", "{n} comments", one.base)
    themes = translated.ngettext("one theme", "{n} themes", one.themes)
    return ", ".join(
        said.format(n=format_count(n, language))
        for said, n in ((comments, one.base), (themes, one.themes))
        if n or said == comments
    )


def _shared(people: int, base: int, language: str) -> str:
    share = format_share(people / base, language) if base else "–"
    return f"{format_count(people, language)} ({share})"
