"""The command ``consult-themes``, which is ``python -m analysis`` too."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from analysis.catalogue import as_typed, gettext_noop, translations
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.usage import FILES, OVERVIEW, USAGE_ERROR, parser, ui_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from types import FrameType

    from analysis.pipeline import Codebook, Config, Namer
    from analysis.pipeline.types import Result
    from analysis.spreadsheet.comparison import Grouping
    from analysis.spreadsheet.documents import Input
    from analysis.spreadsheet.outcome import Outcome

STOPPED = 130

# One word each: they stand in front of the bar.
STAGES = {
    "prepare": gettext_noop("reading"),
    "campaigns": gettext_noop("letters"),
    "passages": gettext_noop("passages"),
    "embed": gettext_noop("meaning"),
    "group": gettext_noop("themes"),
    "describe": gettext_noop("names"),
    "judge": gettext_noop("checks"),
}


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None, *, prog: str = "consult-themes") -> int:
    """Run the command as ``prog``; the exit code: 0 done, 2 something to put right, 130 stopped."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    language = ui_language(given)
    # A terminal without UTF-8 must not turn a message into a traceback.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser(language, prog).parse_args(given)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return _run(options, language)
    except SpreadsheetError as error:
        print(f"{prog}: {error.said_in(language)}", file=sys.stderr)  # noqa: T201
        return USAGE_ERROR
    except KeyboardInterrupt:
        said = translations(language).gettext("Stopped; nothing was written.")
        print(f"\n{as_typed(said)}", file=sys.stderr)  # noqa: T201
        return STOPPED
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(options: argparse.Namespace, language: str) -> int:
    from analysis.spreadsheet.codebook import read_codebook
    from analysis.spreadsheet.comparison import read_run
    from analysis.spreadsheet.folder import complete_folder
    from analysis.spreadsheet.overview import earlier_files, overview_html, overview_json, said_of
    from analysis.spreadsheet.workbook import is_edited

    path, out = Path(options.file), Path(options.out)
    # What can be wrong is found before the long part begins.
    own = [*FILES, *OVERVIEW, *earlier_files(out)]
    for name in own:
        if name.endswith("themes.xlsx") and is_edited(book := out / name):
            raise SpreadsheetError(
                gettext_noop(
                    "{path} has been changed since it was written, and this run would replace it "
                    "or take it away. Move it, or choose another folder (--out)."
                ),
                path=book,
            )
    codebook = read_codebook(Path(options.codebook)) if options.codebook else None
    namer = _namer(options)
    _second(options)
    given = _given(path, options)
    earlier = [
        read_run(Path(options.compare) / where, one.documents) if options.compare else None
        for where, one in given
    ]
    said = []
    with complete_folder(out, own=own) as folder:
        for (where, one), before in zip(given, earlier, strict=True):
            outcome = _outcome(path, options, one, codebook, before, language, namer)
            (folder / where).mkdir(exist_ok=True)
            _write(folder / where, outcome, options.format, language)
            said.append(said_of(outcome, where, _first(options.format)))
        if len(given) > 1:
            page = overview_html(said, first=language, file=path.name)
            (folder / "overview.html").write_text(page, encoding="utf-8", newline="\n")
            values = overview_json(said, file=path.name)
            (folder / "overview.json").write_text(values, encoding="utf-8", newline="\n")
    if len(given) > 1:
        print(_all_done(len(given), out / "overview.html", language))  # noqa: T201
    else:
        print(_done(outcome, out / _first(options.format), language))  # noqa: T201
    return 0


def _given(path: Path, options: argparse.Namespace) -> list[tuple[str, Input]]:
    """What is analysed: each column of texts, and the folder in which its files go ("" for one)."""
    from analysis.spreadsheet.documents import documents_of
    from analysis.spreadsheet.overview import folder_for
    from analysis.spreadsheet.reading import read_table

    table = read_table(
        path,
        text_column=options.text[0],
        sheet=options.sheet,
        columns=[
            name
            for name in (
                *options.text,
                options.lang,
                options.id,
                *options.by,
                *(column for column, _value in options.where),
            )
            if name
        ],
    )
    if options.where:
        table = table.where(options.where)
    texts = list(dict.fromkeys(table.column(name, "--text") for name in options.text))
    return [
        (
            folder_for(number, table.columns[at]) if len(texts) > 1 else "",
            documents_of(
                table,
                text=at,
                language=options.lang,
                identifier=options.id,
                by=options.by,
            ),
        )
        for number, at in enumerate(texts, start=1)
    ]


def _outcome(
    path: Path,
    options: argparse.Namespace,
    given: Input,
    codebook: Codebook | None,
    earlier: Grouping | None,
    language: str,
    namer: Namer | None,
) -> Outcome:
    from analysis.pipeline import Config
    from analysis.spreadsheet.comparison import compare, grouping_of
    from analysis.spreadsheet.outcome import Outcome

    config = Config(seed=options.seed, second_embedder=options.second, second_share=options.share)
    result = _analyse(given, codebook, config, language, namer)
    comparison = None
    if earlier is not None:
        name = Path(options.compare).resolve().name
        comparison = compare(earlier, grouping_of(result), other=name)
    return Outcome(result, given, _source(path, options, given, codebook), comparison)


def _done(outcome: Outcome, first: Path, language: str) -> str:
    """What was made and where, in one line."""
    _ = translations(language).gettext
    n, themes = outcome.documents, len(outcome.top)
    said = (
        _("Comments: {n}. Themes: {themes}. Files: {first}")
        if themes
        else _(
            "Comments: {n}. They are too few, or have too little in common, to be put into themes; "
            "each is listed. Files: {first}"
        )
    )
    return as_typed(said).format(n=n, themes=themes, first=first)


def _all_done(questions: int, first: Path, language: str) -> str:
    """The same where several columns were asked for."""
    said = translations(language).gettext("Columns: {n}, a report on each. Files: {first}")
    return as_typed(said).format(n=questions, first=first)


def _first(formats: Sequence[str]) -> str:
    """The file to open first."""
    files = {"html": "report.html", "xlsx": "themes.xlsx", "json": "themes.json"}
    return next((files[f] for f in files if f in formats), "assignments.csv")


def _source(
    path: Path, options: argparse.Namespace, given: Input, codebook: Codebook | None
) -> dict[str, object]:
    """Where it came from; the name of a folder is not part of it."""
    return {
        "file": path.name,
        "text": given.column,
        "lang": options.lang,
        "id": options.id,
        "where": [f"{column}={value}" for column, value in options.where],
        "by": [column.name for column in given.by],
        "codebook": Path(options.codebook).name if codebook else None,
        "codebook_digest": codebook.digest if codebook else None,
        "form": given.form,
        "notes": [note.in_both() for note in given.notes],
    }


def _second(options: argparse.Namespace) -> None:
    """Load the encoder that --second names. Raises SpreadsheetError where it cannot be."""
    from analysis.pipeline import EmbedderError, embedder_named

    if options.second and options.codebook:
        raise SpreadsheetError(
            gettext_noop("The themes of a codebook are given: --second cannot be used with it.")
        )
    try:
        if options.second:
            embedder_named(options.second)
    except EmbedderError as error:
        raise SpreadsheetError("{error}", error=error) from error


def _namer(options: argparse.Namespace) -> Namer | None:
    """The generative model that --namer and --model name, if they do."""
    from analysis.pipeline import NamerError, ServedNamer

    if not options.namer and not options.model:
        return None
    if not options.namer or not options.model:
        raise SpreadsheetError(gettext_noop("--namer and --model go together: give both."))
    if options.codebook:
        raise SpreadsheetError(
            gettext_noop("The themes of a codebook have names: --namer cannot be used with it.")
        )
    try:
        return ServedNamer(
            options.namer, options.model, key=os.environ.get("CONSULT_NAMER_KEY", "")
        )
    except NamerError as error:
        raise SpreadsheetError(
            gettext_noop(
                "No model can be asked by that --namer and --model. The address begins with "
                "https://, or with http:// on this machine, and holds no password and no question "
                "mark; a key holds plain characters only."
            )
        ) from error


def _analyse(
    given: Input, codebook: Codebook | None, config: Config, language: str, namer: Namer | None
) -> Result:
    """The pipeline with a progress bar on a terminal (nothing on a pipe or in a log)."""
    from tqdm import tqdm

    from analysis.pipeline import DocumentError, EmbedderError, analyse, assign_codebook

    said = translations(language)
    # Its watching thread, for bars that stand still, would keep the analysis from forking.
    tqdm.monitor_interval = 0
    form = "{desc:<14} {percentage:3.0f}% |{bar}| {elapsed}"
    with tqdm(total=1.0, disable=None, bar_format=form, leave=False, file=sys.stderr) as bar:

        def progress(stage: str, fraction: float) -> None:
            bar.set_description(said.gettext(STAGES.get(stage, stage)), refresh=False)
            bar.update(max(0.0, fraction - bar.n))

        try:
            if codebook is not None:
                return assign_codebook(given.documents, codebook, config, progress=progress)
            return analyse(given.documents, config, progress=progress, namer=namer)
        except (DocumentError, EmbedderError) as error:
            raise SpreadsheetError("{error}", error=error) from error


def _write(folder: Path, outcome: Outcome, formats: Sequence[str], language: str) -> None:
    from analysis.spreadsheet import comparison, files, questions
    from analysis.spreadsheet.safety import write_csv

    def text(name: str, content: str) -> None:
        (folder / name).write_text(content, encoding="utf-8", newline="\n")

    found = outcome.comparison
    if "json" in formats:
        text("themes.json", files.themes_json(outcome))
        if found is not None:
            text("comparison.json", comparison.comparison_json(found))
    if "csv" in formats:
        write_csv(folder / "assignments.csv", files.COLUMNS, files.assignment_cells(outcome))
        if outcome.questions:
            rows = questions.question_rows(outcome.questions)
            write_csv(folder / "splits.csv", questions.COLUMNS, rows)
        if found is not None:
            rows = comparison.comparison_rows(found)
            write_csv(folder / "comparison.csv", comparison.COLUMNS, rows)
    if "html" in formats:
        from analysis.spreadsheet.report import report_html

        text("report.html", report_html(outcome, first=language))
    if "xlsx" in formats:
        from analysis.spreadsheet.workbook import write_workbook

        write_workbook(folder / "themes.xlsx", outcome, language=language)
