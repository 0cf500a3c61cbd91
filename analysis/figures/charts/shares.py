"""A theme's people beside all answers: the share of each value, and the table that says the same.

Grey on purpose: teal and ochre mean a language everywhere else. What is all answers is a line, what
is a theme's people is a bar, so that nothing is told by colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from analysis.catalogue import translations
from analysis.figures.charts import svg
from analysis.figures.charts.numbers import (
    check_language,
    format_count,
    format_gap,
    format_n,
    format_range,
    format_share,
)
from analysis.figures.charts.rows import (
    BAR,
    GAP,
    LINE,
    ZONE,
    all_mark,
    all_mark_at,
    label,
    quiet,
    table,
    table_row,
    tick,
    tick_word,
    value,
    whisker,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.figures.intervals import Interval


@lru_cache(maxsize=2)
def split_words(language: str) -> Mapping[str, str]:
    """What stands in charts and tables of splits; ValueError for no language of ours."""
    said = translations(check_language(language))
    _ = said.gettext
    return {
        "theme": _("Wrote about this"),
        "all": _("All answers"),
        "all_key": said.pgettext("in the key of a chart", "All"),
        "mean_all": _("All answers: {mean}"),
        "people": _("People"),
        "share": _("Share"),
        "mean": _("Mean"),
        "interval": said.pgettext("head of a column", "95% confidence interval"),
        "gap": _("Gap to all answers"),
        "points": _("Gap, in points"),
        "hidden": _("not shown"),
        "range": _("{low} to {high}"),
        "verdict": said.pgettext("head of a verdict", "Difference"),
        "clear": _("clear difference"),
        "open": _("no clear difference"),
    }


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One value: ``n`` of a theme's people chose it, and what share of all did.

    ``n`` and ``share`` are None where the count is not to be shown; ``everyone`` likewise.
    ``difference`` is theme minus all, None where nothing may be said. ``kind`` is "en" or "fr" for
    a language's own colour.
    """

    label: str
    n: int | None
    share: Interval | None
    everyone: float | None
    difference: Interval | None = None
    kind: str = "plain"


def share_chart(
    rows: Sequence[ShareRow],
    *,
    language: str,
    title: str,
    description: str = "",
    uid: str | None = None,
    width: int | None = None,
) -> Markup:
    """Draw a bar a value with the whisker of its interval, and a line where all answers stand.

    Rows in the order given; shares are of the people of one theme who answered. Widths, ids and
    colours as ``bar_chart``. Raises ValueError for a language that is neither ``en`` nor ``fr``.
    """
    words = split_words(language)
    uid = uid or svg.chart_id("split", language, title, *rows)
    ends = [
        end for row in rows for end in (row.share.high if row.share else 0.0, row.everyone or 0.0)
    ]
    top, step = svg.ceiling(max(ends, default=0.0))
    ticks = [i * step for i in range(round(top / step) + 1)]
    body = svg.hatch(uid) if any(row.kind == "fr" for row in rows) else Markup("")
    body += _key(words)
    y = 34
    for row in rows:
        lines = svg.wrap(row.label)
        body += label(lines, y)
        y += len(lines) * LINE + 2
        for mark in ticks:
            body += tick(mark / top * ZONE, y)
        if row.share is not None:
            body += Markup(
                '<rect class="{css}chart-edge" x="0%" y="{y}" width="{w}" height="{h}" '
                'fill="{fill}" stroke="{paper}"/>'
            ).format(
                css=Markup("") if row.kind == "fr" else Markup("chart-{} ").format(row.kind),
                y=y,
                w=svg.percent(row.share.estimate / top * ZONE),
                h=BAR,
                fill=f"url(#{uid}-hatch)"
                if row.kind == "fr"
                else svg.EN
                if row.kind == "en"
                else svg.OTHER,
                paper=svg.PAPER,
            )
            body += whisker(row.share.low / top * ZONE, row.share.high / top * ZONE, y)
        if row.everyone is not None:
            body += all_mark(row.everyone / top * ZONE, y)
        end = max(row.share.high if row.share else 0.0, row.everyone or 0.0)
        said = format_share(row.share.estimate, language) if row.share else words["hidden"]
        body += value(
            end / top * ZONE,
            y,
            said,
            format_n(row.n, language) if row.n is not None else "",
        )
        y += BAR + GAP
    for i, mark in enumerate(ticks):
        body += tick_word(mark / top * ZONE, y, format_share(mark, language), first=not i)
    return (
        svg.opening(uid, language, title, description, y + 10, width, "chart-split")
        + body
        + Markup("</svg>")
    )


def share_table(
    rows: Sequence[ShareRow], *, language: str, caption: str, heading: str, gaps: bool = True
) -> Markup:
    """The same rows as a table. ``gaps`` adds the difference with its interval, in points of
    percentage; a row of which nothing may be said has a dash there."""
    words = split_words(language)
    heads = [words["people"], words["share"], words["interval"], words["all"]]
    if gaps:
        heads.append(words["gap"])
    body = Markup("")
    for row in rows:
        cells = [
            format_count(row.n, language) if row.n is not None else words["hidden"],
            format_share(row.share.estimate, language) if row.share else "–",
            format_range(row.share.low, row.share.high, language) if row.share else "–",
            format_share(row.everyone, language) if row.everyone is not None else words["hidden"],
        ]
        if gaps:
            cells.append(format_gap(row.difference, language, factor=100, digits=0))
        body += table_row(row.label, cells)
    return table(caption, heading, heads, body)


def _key(words: Mapping[str, str]) -> Markup:
    return (
        Markup('<rect class="chart-plain" x="0" y="3" width="16" height="13" fill="{}"/>').format(
            svg.OTHER
        )
        + quiet("23", 14, words["theme"])
        + all_mark_at("172", 1, 17)
        + quiet("182", 14, words["all_key"])
    )
