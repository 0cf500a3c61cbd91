"""Charts drawn on the server: plain SVG with real text, in both languages, and their tables.

Pure Python (markupsafe only). The site's findings pages and the spreadsheet tool's report draw
with the same functions; the stylesheet is ``analysis/figures/static/figures/charts.css``.

    from analysis.figures.charts import BarRow, bar_chart, bar_table

    rows = [BarRow("Waiting times at the counter", en=141, fr=100)]
    bar_chart(rows, n=588, language="en", title="Themes", description="…", intervals=True)
    bar_table(rows, n=588, language="en", caption="Themes", heading="Theme")
"""

from __future__ import annotations

from pathlib import Path

from analysis.figures.charts.bars import BarRow, bar_chart, bar_table
from analysis.figures.charts.dots import DotMark, DotRow, dot_chart
from analysis.figures.charts.maps import MapDisc, MapDot, disc_map
from analysis.figures.charts.means import MeanRow, mean_chart, mean_table
from analysis.figures.charts.numbers import (
    format_count,
    format_decimal,
    format_n,
    format_range,
    format_share,
    signed,
)
from analysis.figures.charts.shares import ShareRow, share_chart, share_table
from analysis.figures.intervals import Interval, wilson

STYLESHEET = Path(__file__).resolve().parent.parent / "static" / "figures" / "charts.css"

__all__ = [
    "STYLESHEET",
    "BarRow",
    "DotMark",
    "DotRow",
    "Interval",
    "MapDisc",
    "MapDot",
    "MeanRow",
    "ShareRow",
    "bar_chart",
    "bar_table",
    "disc_map",
    "dot_chart",
    "format_count",
    "format_decimal",
    "format_n",
    "format_range",
    "format_share",
    "mean_chart",
    "mean_table",
    "share_chart",
    "share_table",
    "signed",
    "wilson",
]
