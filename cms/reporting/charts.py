"""The chart of a report's themes, and the table beside it."""

from __future__ import annotations

from django.utils.translation import gettext

from analysis.figures.charts import bar_chart, bar_table
from cms.reporting import sentences
from cms.reporting.numbers import Numbers


def themes_chart(numbers: Numbers, language: str, width: int | None = None) -> str:
    """The chart of the page; with a width, of the file."""
    return bar_chart(
        numbers.bars(language),
        n=numbers.with_text,
        language=language,
        title=sentences.chart_heading(numbers),
        description=sentences.chart_description(numbers),
        width=width,
    )


def themes_table(numbers: Numbers, language: str) -> str:
    """The same with every number."""
    return bar_table(
        numbers.bars(language),
        n=numbers.with_text,
        language=language,
        caption=sentences.chart_heading(numbers),
        heading=gettext("Theme"),
        intervals=True,
    )
