"""The numbers of a report as files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy

from analysis.figures.cells import write_csv
from analysis.figures.disclosure import OTHERS
from cms.reporting.charts import themes_chart
from cms.reporting.numbers import Numbers

SVG_WIDTH = 720

COLUMNS = (
    "theme_code", "parent_code", "theme_en", "theme_fr", "people", "is_at_least", "base", "share",
    "share_low_95", "share_high_95", "people_en", "base_en", "people_fr", "base_fr",
    "people_without_letters", "base_without_letters", "by_hand",
)  # fmt: skip
# The names are the same in both languages, so that one program reads both files; what they mean
# stands on the page, in its language.
MEANINGS = {
    "theme_code": gettext_lazy("the theme, as a code that stays the same"),
    "parent_code": gettext_lazy("the theme this one is a part of"),
    "theme_en, theme_fr": gettext_lazy("the name of the theme in English and in French"),
    "people": gettext_lazy("how many people wrote about the theme"),
    "is_at_least": gettext_lazy("1 where nearly everyone did, and people is only the least"),
    "base": gettext_lazy("how many people wrote a comment"),
    "share": gettext_lazy("people divided by base"),
    "share_low_95, share_high_95": gettext_lazy("the 95% confidence interval of the share"),
    "people_en, people_fr": gettext_lazy("those of them who wrote in English, in French"),
    "base_en, base_fr": gettext_lazy("how many people wrote a comment in English, in French"),
    "people_without_letters, base_without_letters": gettext_lazy(
        "people and base without the letters of campaigns"
    ),
    "by_hand": gettext_lazy("1 where people made the theme, 0 where software proposed it"),
}


def themes_csv(numbers: Numbers) -> str:
    """One row a theme, then the others, then those in no theme. A count that is not told is empty.
    UTF-8 with a byte-order mark, for Excel."""
    return _table(COLUMNS, _theme_rows(numbers))


def _theme_rows(numbers: Numbers) -> Iterable[Sequence[object]]:
    bases = numbers.with_text_languages
    parts = {theme.code: numbers.parts_of(theme.code) for theme in numbers.top_themes}
    rows = [each for theme in numbers.top_themes for each in (theme, *parts[theme.code])]
    if numbers.others is not None:
        rows.append(numbers.others)
    for theme in rows:
        share = numbers.share(theme)
        own_words = numbers.share_without_letters(theme)
        interval = share is not None and not theme.is_at_least
        yield (
            theme.code, theme.parent or "", theme.name_en, theme.name_fr,
            theme.n, int(theme.is_at_least), numbers.with_text,
            f"{share.share:.4f}" if share else "",
            f"{share.low:.4f}" if share and interval else "",
            f"{share.high:.4f}" if share and interval else "",
            *(
                cell
                for language in ("en", "fr")
                for cell in (theme.by_language.get(language, ""), bases.get(language, ""))
            ),
            own_words.n if own_words else "", own_words.base if own_words else "",
            "" if theme.code == OTHERS else int(theme.is_by_hand),
        )  # fmt: skip
    total = numbers.unthemed_total
    if total:
        part = f"{total / numbers.with_text:.4f}"
        names = ("In no theme", "Dans aucun thème")
        yield ("", "", *names, total, 0, numbers.with_text, part, *[""] * 9)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    out.write("\ufeff")
    write_csv(out, columns, rows)
    return out.getvalue()


SPLIT_COLUMNS = (
    "question_code", "theme_code", "theme_en", "theme_fr", "answer_en", "answer_fr", "hidden",
    "people", "base", "share", "share_low_95", "share_high_95", "share_of_all_answers",
)  # fmt: skip
SPLIT_MEANINGS = {
    "question_code": gettext_lazy("the other question, as a code"),
    "theme_code": MEANINGS["theme_code"],
    "theme_en, theme_fr": MEANINGS["theme_en, theme_fr"],
    "answer_en, answer_fr": gettext_lazy("the answer in English and in French"),
    "hidden": gettext_lazy("1 where a count is too small to be published, and is left empty"),
    "people": gettext_lazy("how many of those who wrote about the theme gave this answer"),
    "base": gettext_lazy("how many of those who wrote about the theme are counted"),
    "share": MEANINGS["share"],
    "share_low_95, share_high_95": MEANINGS["share_low_95, share_high_95"],
    "share_of_all_answers": gettext_lazy("the share of this answer among all people"),
}


def has_answers(numbers: Numbers) -> bool:
    """Whether the file of the splits says how anybody answered."""
    return any(
        cell.n is not None
        for split in numbers.splits
        for each in split.themes
        for cell in each.cells
    )


def splits_csv(numbers: Numbers) -> str:
    """One row a question, theme and answer. A count that is hidden is empty, and says so."""
    return _table(SPLIT_COLUMNS, _split_rows(numbers))


def _split_rows(numbers: Numbers) -> Iterable[Sequence[object]]:
    for split in numbers.splits:
        for each in split.themes:
            theme = numbers.theme(each.theme)
            if theme is None:
                continue
            names = (theme.code, theme.name_en, theme.name_fr)
            if each.n is None:
                yield (split.code, *names, "", "", 1, *[""] * 6)
            for cell in each.cells:
                yield (
                    split.code, *names, cell.label_en, cell.label_fr,
                    int(cell.n is None), "" if cell.n is None else cell.n, each.n,
                    *(
                        "" if value is None else f"{value:.4f}"
                        for value in (cell.share, cell.low, cell.high, cell.everyone)
                    ),
                )  # fmt: skip


def themes_svg(numbers: Numbers, language: str) -> str:
    """The chart of the themes, to stand alone."""
    return themes_chart(numbers, language, width=SVG_WIDTH)
