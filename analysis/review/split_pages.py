"""How splits stand on staff pages: charts, tables and names, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, ngettext, pgettext
from markupsafe import Markup

from analysis.figures.charts import (
    MeanRow,
    ShareRow,
    format_count,
    format_decimal,
    format_range,
    format_share,
    mean_chart,
    mean_table,
    share_chart,
    share_table,
)
from analysis.figures.charts.rows import table, table_row
from analysis.figures.splits import Cell, Tally
from analysis.review.selectors.crossings import LANGUAGE, Crossing
from analysis.review.selectors.splits import DeskSplits, GroupSplit, Level, desk_splits, reader

if TYPE_CHECKING:
    from analysis.review.selectors.reviewed import Review


def _level_name(name: str) -> str:
    return {
        "themes": gettext("Themes of the codebook"),
        "parts": gettext("Parts of themes"),
        "proposals": gettext("Proposals"),
        "proposal_parts": gettext("Parts of proposals"),
    }[name]


# --- One group ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SplitView:
    """One group beside the question asked for.

    ``balance`` says how the languages people wrote in stand in it; empty where that is what was
    asked for. ``rated`` is the nearest rating and ``ratings`` the first level beside it, of which
    the groups that go with low and high ratings are listed; None where nothing was rated.
    """

    group: GroupSplit
    level: Level
    base: str
    chart: Markup
    table: Markup
    balance: str
    rated: Crossing | None
    ratings: Level | None


def split_view(
    review: Review, options: list[Crossing], chosen: Crossing, key: str
) -> SplitView | None:
    """What the desk shows of one group; None where it is set aside. Two queries at most."""
    splits = desk_splits(review, options, chosen, key)
    group, level = splits.group(key), splits.level(key)
    if group is None or level is None:
        return None
    rows = _share_rows(group, in_colour=chosen.code == LANGUAGE)
    title = gettext("How people who wrote about “%(theme)s” answered: %(question)s") % {
        "theme": group.node.name,
        "question": chosen.text,
    }
    beside = None
    if chosen.code != LANGUAGE:
        beside = desk_splits(review, options, options[-1], key).group(key)
    rated = chosen if chosen.is_rating else next((each for each in options if each.is_rating), None)
    ratings = None
    if rated is not None:
        ratings = (splits if rated is chosen else desk_splits(review, options, rated, key)).first
    return SplitView(
        group=group,
        level=level,
        base=_base(group.theme.tally),
        chart=share_chart(
            rows, language=reader(), title=title, description=_description(rows), uid="split"
        ),
        table=share_table(rows, language=reader(), caption=title, heading=gettext("Answer")),
        balance=_balance(beside) if beside is not None else "",
        rated=rated,
        ratings=ratings,
    )


def _share_rows(group: GroupSplit, *, in_colour: bool) -> list[ShareRow]:
    return [
        ShareRow(
            label=cell.value.name(reader()),
            n=cell.n,
            share=cell.share,
            everyone=whole.share.estimate if whole.share else None,
            difference=cell.difference,
            kind=cell.value.code if in_colour else "plain",
        )
        for cell, whole in zip(group.theme.cells, group.found.cells, strict=True)
    ]


def _description(rows: list[ShareRow]) -> str:
    """The chart for those who do not see it."""
    return "; ".join(
        gettext("%(answer)s %(share)s, all answers %(all)s")
        % {
            "answer": row.label,
            "share": format_share(row.share.estimate, reader()),
            "all": format_share(row.everyone, reader()),
        }
        for row in rows
        if row.share is not None and row.everyone is not None
    )


def _balance(group: GroupSplit) -> str:
    """The share of each language with its interval, beside that in all, and whether they differ."""
    shares = "; ".join(
        gettext("%(answer)s %(share)s (%(range)s), all answers %(all)s")
        % {
            "answer": row.label,
            "share": format_share(row.share.estimate, reader()),
            "range": format_range(row.share.low, row.share.high, reader()),
            "all": format_share(row.everyone, reader()),
        }
        for row in _share_rows(group, in_colour=True)
        if row.share is not None and row.everyone is not None
    )
    return f"{shares}. {group.sentence}"


def _base(tally: Tally) -> str:
    """How many of the group answered, and why the others are in no share."""
    said = ngettext(
        "%(n)s of %(people)s people answered.", "%(n)s of %(people)s people answered.", tally.n
    ) % {"n": format_count(tally.n, reader()), "people": format_count(tally.people, reader())}
    if tally.not_applicable:
        said += " " + ngettext(
            "For %(n)s person it did not apply.",
            "For %(n)s people it did not apply.",
            tally.not_applicable,
        ) % {"n": format_count(tally.not_applicable, reader())}
    return said


# --- All groups side by side -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LevelView:
    """Groups of one level side by side. ``chart`` is empty for a choice and where nobody rated."""

    name: str
    level: Level
    chart: Markup
    table: Markup


def level_views(splits: DeskSplits) -> list[LevelView]:
    """All levels beside the question asked for, those with somebody who answered."""
    return [
        LevelView(
            name=_level_name(level.name),
            level=level,
            chart=_means(level, splits.chosen.text) if level.found.is_rating else Markup(""),
            table=_mean_rows(level, splits.chosen.text)
            if level.found.is_rating
            else _crossed(level, splits.chosen.text),
        )
        for level in splits.levels
        if level.found.everyone.n
    ]


def _rated(level: Level) -> list[MeanRow]:
    rows = [
        MeanRow(
            label=group.node.name,
            n=group.theme.tally.n,
            mean=rating.mean,
            difference=rating.difference,
            is_clear=group.theme.verdict in ("lower", "higher"),
        )
        for group in level.groups
        if (rating := group.theme.rating) is not None
    ]
    return sorted(rows, key=lambda row: row.mean.estimate)


def _means(level: Level, question: str) -> Markup:
    rows, mean = _rated(level), level.found.mean
    if not rows or mean is None:
        return Markup("")
    points = [value.points for value in level.found.values if value.points is not None]
    return mean_chart(
        rows,
        lowest=min(points),
        highest=max(points),
        everyone=mean.estimate,
        language=reader(),
        title=gettext("Average rating by theme: %(question)s") % {"question": question},
        description=_mean_description(rows),
        uid=f"means-{level.name}",
    )


def _mean_description(rows: list[MeanRow]) -> str:
    return "; ".join(f"{row.label} {format_decimal(row.mean.estimate, reader())}" for row in rows)


def _mean_rows(level: Level, question: str) -> Markup:
    return mean_table(
        _rated(level),
        language=reader(),
        caption=question,
        heading=gettext("Theme"),
    )


def _crossed(level: Level, question: str) -> Markup:
    """Themes down, values across: each share, and whether it is clearly above or below all."""
    heads = [gettext("People"), *(value.name(reader()) for value in level.found.values)]
    rows = [
        *((group.node.name, group.theme.tally.n, group.theme.cells) for group in level.groups),
        (gettext("All answers"), level.found.everyone.n, level.found.cells),
    ]
    body = Markup("").join(
        table_row(name, [format_count(n, reader()), *map(_crossed_cell, cells)])
        for name, n, cells in rows
    )
    return table(question, gettext("Theme"), heads, body)


def _crossed_cell(cell: Cell) -> str:
    share = format_share(cell.share.estimate, reader()) if cell.share else "–"
    if not cell.is_clear or cell.difference is None:
        return share
    more, less = pgettext("share of a theme", "more"), pgettext("share of a theme", "less")
    word = more if cell.difference.estimate > 0 else less
    return Markup("<b>{} {}</b>").format(share, word)
