"""The numbers of a report as files."""

from __future__ import annotations

import csv
import io
from typing import Any

from analysis.cells import spreadsheet_safe as safe_cell
from cms.numbers import from_json

SVG_WIDTH = 720

COLUMNS = (
    "theme_code", "parent_code", "theme_en", "theme_fr", "people", "base", "share",
    "share_low_95", "share_high_95", "people_en", "base_en", "people_fr", "base_fr",
    "people_without_letters", "base_without_letters",
)  # fmt: skip


def themes_csv(plain: dict[str, Any]) -> str:
    """One row a theme, then one of those in no theme. UTF-8 with a byte-order mark, for Excel."""
    numbers = from_json(plain)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    bases = numbers.with_text_languages
    own_words = numbers.with_text - numbers.letters
    for theme in numbers.themes:
        share = numbers.share(theme)
        shares = (share.share, share.low, share.high) if share else ()
        writer.writerow(
            [
                safe_cell(theme.code), safe_cell(theme.parent or ""),
                safe_cell(theme.name_en), safe_cell(theme.name_fr),
                theme.n, numbers.with_text,
                *([f"{each:.4f}" for each in shares] or ["", "", ""]),
                theme.by_language.get("en", 0), bases.get("en", 0),
                theme.by_language.get("fr", 0), bases.get("fr", 0),
                theme.n - theme.in_letters, own_words,
            ]
        )  # fmt: skip
    total = numbers.unthemed_total
    part = f"{total / numbers.with_text:.4f}" if numbers.with_text else ""
    writer.writerow(
        ["", "", "In no theme", "Dans aucun thème", total, numbers.with_text, part, *[""] * 8]
    )
    return out.getvalue()


SPLIT_COLUMNS = (
    "question_code", "theme_code", "theme_en", "theme_fr", "answer_en", "answer_fr", "hidden",
    "people", "base", "share", "share_low_95", "share_high_95", "share_of_all_answers",
)  # fmt: skip


def splits_csv(plain: dict[str, Any]) -> str:
    """One row a question, theme and answer. A count that is hidden is empty, and says so."""
    numbers = from_json(plain)
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(SPLIT_COLUMNS)
    for split in numbers.splits:
        for each in split.themes:
            theme = numbers.theme(each.theme)
            if theme is None:
                continue
            names = [safe_cell(name) for name in (theme.code, theme.name_en, theme.name_fr)]
            if each.n is None:
                writer.writerow([safe_cell(split.code), *names, "", "", 1, *[""] * 6])
            for cell in each.cells:
                writer.writerow(
                    [
                        safe_cell(split.code), *names,
                        safe_cell(cell.label_en), safe_cell(cell.label_fr),
                        int(cell.n is None), "" if cell.n is None else cell.n, each.n,
                        *(
                            "" if value is None else f"{value:.4f}"
                            for value in (cell.share, cell.low, cell.high, cell.everyone)
                        ),
                    ]
                )  # fmt: skip
    return out.getvalue()


def themes_svg(plain: dict[str, Any], language: str) -> str:
    from cms.selectors import findings_chart

    return findings_chart(from_json(plain), language, width=SVG_WIDTH)
