"""The sections of the report that are a picture, the sentence it shows, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from analysis.figures.charts import (
    BarRow,
    DotMark,
    DotRow,
    MapDisc,
    MapDot,
    MeanRow,
    bar_chart,
    bar_table,
    disc_map,
    dot_chart,
    format_count,
    format_decimal,
    format_n,
    format_range,
    format_share,
    mean_table,
    signed,
    wilson,
)
from analysis.figures.intervals import Interval, newcombe
from analysis.figures.split_words import comparisons_sentence, rank_sentence, sentence
from analysis.figures.splits import Split, ThemeSplit, Verdict
from analysis.pipeline.types import ThemeProposal
from analysis.spreadsheet.comparison import Change, Comparison
from analysis.spreadsheet.outcome import Outcome
from analysis.spreadsheet.questions import Question
from analysis.spreadsheet.words import WORDS

# A director reads so many rows and columns of a table; the files hold all of them.
MOST_VALUES = 6
MOST_CLEAR = 20
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Section:
    """Heading, sentences, picture with its note, points, and the tables that say the same."""

    uid: str
    heading: str
    lead: tuple[str, ...]
    chart_title: str = ""
    chart: Markup | None = None
    note: str = ""
    points: tuple[tuple[str, tuple[str, ...]], ...] = ()  # heading, sentences
    tables: tuple[tuple[str, Markup], ...] = ()  # name, table
    is_folded: bool = False  # a picture in which nothing stands out is there for who asks


class Numbered:
    """The upper themes as both languages number and name them in the report."""

    def __init__(self, outcome: Outcome, language: str) -> None:
        self.language = language
        self.number = {t.code: i for i, t in enumerate(outcome.top, start=1)}
        self.theme = {t.code: t for t in outcome.top}

    def name(self, code: str) -> str:
        """Its name in the page's language."""
        return name_of(self.theme[code], self.language)

    def label(self, code: str) -> str:
        """``3. Waiting times``, and whether it is only a candidate."""
        label = f"{self.number[code]}. {self.name(code)}"
        if self.theme[code].emergent:
            label += f" ({WORDS[self.language]['candidate']})"
        return label


def name_of(theme: ThemeProposal, language: str) -> str:
    """The name of a theme in ``en`` or ``fr``."""
    return theme.name_en if language == "en" else theme.name_fr


def quoted(name: str, language: str) -> str:
    """A name in the quotation marks of the language; a stand-in for one has its own."""
    if name.startswith(("“", "«")):
        return name
    return f"“{name}”" if language == "en" else f"«\u00a0{name}\u00a0»"


def listed(names: Sequence[str], language: str) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + str(WORDS[language]["and"]) + names[-1]


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """A table whose first column heads its rows and whose other columns are numbers or words.

    A head that begins with ``#`` is that of a column of numbers.
    """
    numeric = [head.startswith("#") for head in heads]

    def css(column: int) -> Markup:
        return Markup(' class="num"') if numeric[column] else Markup("")

    out = Markup('<table class="chart-table"><caption>{}</caption><thead><tr>').format(caption)
    out += Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(css(i), head.removeprefix("#"))
        for i, head in enumerate(heads)
    )
    out += Markup("</tr></thead><tbody>")
    for first, *rest in rows:
        out += Markup('<tr><th scope="row">{}</th>').format(first)
        out += Markup("").join(
            Markup("<td{}>{}</td>").format(css(i), cell) for i, cell in enumerate(rest, start=1)
        )
        out += Markup("</tr>")
    return out + Markup("</tbody></table>")


# --- Themes ---------------------------------------------------------------------------------------


def themes_section(outcome: Outcome, language: str) -> Section:
    """Bars of all upper themes, English and French apart, with their intervals."""
    words, named = WORDS[language], Numbered(outcome, language)
    base = outcome.base
    rows = []
    for t in outcome.top:
        spoken = outcome.spoken[t.code]
        size = min(t.size, base)
        en, fr = spoken["en"], spoken["fr"]
        rows.append(BarRow(named.label(t.code), en, fr, max(0, size - en - fr)))
    title = words["chart_title"].format(n=format_count(base, language))
    said = "; ".join(
        f"{row.label}{words['colon']} {format_share(row.total / max(base, 1), language)}, "
        f"{format_n(row.total, language)}"
        for row in rows
    )
    n = max(base, 1)
    return Section(
        uid="chart",
        heading=title,
        lead=(),
        chart_title=title,
        chart=bar_chart(
            rows,
            n=n,
            language=language,
            title=title,
            description=said,
            intervals=True,
            uid=f"{language}-chart-picture",
        ),
        note=f"{words['chart_note']} {words['overlap']}",
        tables=(
            (
                words["table_heading"],
                bar_table(
                    rows,
                    n=n,
                    language=language,
                    caption=words["table_caption"].format(n=format_count(base, language)),
                    heading=words["theme"],
                    intervals=True,
                ),
            ),
        ),
    )


# --- Languages ------------------------------------------------------------------------------------


def more_in(outcome: Outcome, code: str) -> str:
    """``en`` or ``fr`` where a theme is clearly spoken of more in that language, else ``""``."""
    found = outcome.balance.theme(code) if outcome.balance else None
    if found is None or found.verdict is not Verdict.DIFFERENT:
        return ""
    difference = found.clear[0].difference
    more = found.clear[0].value.code
    if difference is not None and difference.estimate < 0:
        more = "en" if more == "fr" else "fr"
    return more


def balance_section(outcome: Outcome, language: str) -> Section:
    """What the English and the French comments speak of, side by side."""
    words, named = WORDS[language], Numbered(outcome, language)
    n_en, n_fr = outcome.languages["en"], outcome.languages["fr"]
    heading = words["balance_heading"]
    if not n_en or not n_fr or not outcome.top:
        return Section("balance", heading, (words["balance_one"],))
    rows, cells, points, letters = [], [], [], []
    for t in outcome.top:
        en, fr = outcome.spoken[t.code]["en"], outcome.spoken[t.code]["fr"]
        first, second = wilson(en, n_en), wilson(fr, n_fr)
        rows.append(
            DotRow(named.label(t.code), (DotMark(first, "en", en), DotMark(second, "fr", fr)))
        )
        gap = newcombe(fr, n_fr, en, n_en)
        cells.append(
            (
                named.label(t.code),
                format_count(en, language),
                f"{format_share(first.estimate, language)} ({_ends(first, language)})",
                format_count(fr, language),
                f"{format_share(second.estimate, language)} ({_ends(second, language)})",
                f"{signed(gap.estimate * 100, language)} ({_signed_ends(gap, language)})",
            )
        )
        found = outcome.balance.theme(t.code) if outcome.balance else None
        if found is not None and found.verdict is Verdict.LETTERS:
            theme = quoted(named.name(t.code), language)
            letters.append(words["balance_letters"].format(theme=theme))
        if more_in(outcome, t.code):
            points.append(
                words["balance_more"].format(
                    theme=quoted(named.name(t.code), language),
                    en=format_share(first.estimate, language),
                    fr=format_share(second.estimate, language),
                    n_en=format_count(en, language),
                    n_fr=format_count(fr, language),
                    all_en=format_count(n_en, language),
                    all_fr=format_count(n_fr, language),
                )
            )
    compared = outcome.balance.compared if outcome.balance else 0
    clear = words["balance_note"].format(n=format_count(compared, language))
    return Section(
        uid="balance",
        heading=heading,
        lead=(*(() if points else (words["balance_none"],)), *letters),
        chart_title=words["balance_chart"],
        chart=dot_chart(
            rows,
            language=language,
            title=words["balance_chart"],
            description="; ".join(points) or words["balance_none"],
            uid=f"{language}-balance-picture",
        ),
        note=f"{words['chart_note_dots']} {clear}",
        points=((words["balance_some"], tuple(points)),) if points else (),
        tables=(
            (
                words["table_heading"],
                table(
                    words["balance_table"],
                    (
                        words["theme"],
                        f"#{words['in_en']}, n",
                        f"#{words['share']} ({words['interval']})",
                        f"#{words['in_fr']}, n",
                        f"#{words['share']} ({words['interval']})",
                        f"#{words['gap_en_fr']}",
                    ),
                    cells,
                ),
            ),
        ),
    )


# --- Map ------------------------------------------------------------------------------------------


def map_section(outcome: Outcome, language: str) -> Section | None:
    """Where the passages stand; None where the run has no map."""
    found, words = outcome.result.map, WORDS[language]
    if found is None or not found.themes:
        return None
    named = Numbered(outcome, language)
    spots = sorted(found.themes, key=lambda spot: named.number[spot.code])
    discs = [
        MapDisc(
            named.number[s.code],
            named.name(s.code) if rank < MOST_NAMED else "",
            s.x,
            s.y,
            s.radius,
            f"{named.label(s.code)}{words['colon']} "
            + words["map_of"].format(n=format_count(s.passages, language)),
        )
        for rank, s in enumerate(spots)
    ]
    kind = {"en": "en", "fr": "fr"}
    dots = [MapDot(kind.get(p.language.value, "other"), p.x, p.y) for p in found.points]
    rows = []
    for s in spots:
        others = [o for o in spots if o is not s]
        nearest = min(
            others,
            key=lambda o: ((o.x - s.x) ** 2 + (o.y - s.y) ** 2) ** 0.5 - o.radius,
            default=None,
        )
        rows.append(
            (
                str(named.number[s.code]),
                named.name(s.code),
                format_count(s.passages, language),
                named.label(nearest.code) if nearest else words["map_alone"],
            )
        )
    passages = sum(s.passages for s in spots)
    lead = words["map_lead_all" if len(dots) == passages else "map_lead"].format(
        shown=format_count(len(dots), language), all=format_count(passages, language)
    )
    return Section(
        uid="map",
        heading=words["map_heading"],
        lead=(lead,),
        chart=disc_map(
            discs,
            dots,
            language=language,
            title=words["map_heading"],
            description=f"{lead} {words['map_note']}",
            uid=f"{language}-map-picture",
        ),
        note=words["map_note"],
        tables=(
            (
                words["map_table"],
                table(
                    words["map_heading"],
                    (
                        words["map_number"],
                        words["theme"],
                        f"#{words['map_passages']}",
                        words["map_near"],
                    ),
                    rows,
                ),
            ),
        ),
    )


# --- Questions ------------------------------------------------------------------------------------


def question_section(question: Question, place: int, outcome: Outcome, language: str) -> Section:
    """A closed question beside the themes: what all answered, and which themes differ."""
    words, found = WORDS[language], question.found
    named = Numbered(outcome, language)
    n = found.everyone.n
    lead = words["by_answered_all" if n == outcome.base else "by_answered"].format(
        n=format_count(n, language),
        base=format_count(outcome.base, language),
        share=format_share(n / max(1, outcome.base), language),
    )
    if found.everyone.not_applicable:
        na = format_count(found.everyone.not_applicable, language)
        lead += " " + words["by_na"].format(n=na)
    uid = f"by-{place}"
    parts = (_rating if found.is_rating else _choice)(question, uid, named, language)
    return Section(
        uid=uid,
        heading=words["by_heading"].format(column=question.name),
        lead=(lead, *parts.lead),
        chart_title=parts.chart_title,
        chart=parts.chart,
        note=parts.note,
        points=parts.points,
        tables=parts.tables,
        is_folded=not parts.points,
    )


def says_of(question: Question, code: str, language: str) -> str:
    """What a question says of one theme, where it says something; with the column's name."""
    theme = question.found.theme(code)
    if theme is None or theme.verdict not in (Verdict.LOWER, Verdict.HIGHER, Verdict.DIFFERENT):
        return ""
    heading = WORDS[language]["by_heading"].format(column=question.name)
    said = _after_colon(sentence(question.found, theme, language), language)
    return f"{heading}{WORDS[language]['colon']} {said}"


def _after_colon(said: str, language: str) -> str:
    """French goes on in lower case after a colon."""
    return said[:1].lower() + said[1:] if language == "fr" else said


def _rating(question: Question, uid: str, named: Numbered, language: str) -> Section:
    words, found = WORDS[language], question.found
    rated = [(t.rating, t) for t in found.themes if t.rating is not None]
    rated.sort(key=lambda pair: (pair[0].mean.estimate, pair[1].theme))
    rows = [
        MeanRow(
            named.label(t.theme),
            t.tally.n,
            rating.mean,
            rating.difference,
            t.verdict in (Verdict.LOWER, Verdict.HIGHER),
        )
        for rating, t in rated
    ]
    title = words["by_mean_chart"].format(column=question.name)
    points = tuple(
        (words[key], tuple(_said(found, t, named, language, rank=True) for t in side))
        for key, side in (("by_low", found.low), ("by_high", found.high))
        if side
    )
    scale = [value.points or 0 for value in found.values]
    chart = None
    if rows and found.mean is not None:
        chart = dot_chart(
            [DotRow(r.label, (DotMark(r.mean, "all", r.n, is_open=not r.is_clear),)) for r in rows],
            unit="number",
            ends=(min(scale), max(scale)),
            reference=found.mean.estimate,
            reference_label=words["by_mean_all"].format(
                mean=format_decimal(found.mean.estimate, language)
            ),
            language=language,
            title=title,
            description=" ".join(text for _, side in points for text in side) or words["by_none"],
            uid=f"{language}-{uid}-picture",
        )
    tables = [_everyone(question, language)]
    if rows:
        means = mean_table(rows, language=language, caption=title, heading=words["theme"])
        tables.append((words["table_heading"], means))
    return Section(
        uid=uid,
        heading="",
        lead=_summed_up(found, named, language),
        chart_title=title if rows else "",
        chart=chart,
        note=words["by_mean_note"] if rows else "",
        points=points,
        tables=tuple(tables),
    )


def _choice(question: Question, uid: str, named: Numbered, language: str) -> Section:
    words, found = WORDS[language], question.found
    differing = [t for t in found.themes if t.verdict is Verdict.DIFFERENT]
    rows = []
    for t in differing:
        # Of two answers, one says it all.
        for cell in t.clear[: 1 if len(found.values) == 2 else None]:
            if cell.difference is not None:
                label = f"{named.label(t.theme)}{words['colon']} {cell.value.name(language)}"
                rows.append(DotRow(label, (DotMark(cell.difference, "all", cell.n),)))
    rows = rows[:MOST_CLEAR]
    sentences = tuple(_said(found, t, named, language) for t in differing)
    chart = None
    if rows:
        chart = dot_chart(
            rows,
            unit="points",
            reference=0.0,
            reference_label=words["by_gap_zero"],
            language=language,
            title=words["by_gap_chart"],
            description=" ".join(sentences),
            uid=f"{language}-{uid}-picture",
        )
    shown = sorted(
        range(len(found.values)), key=lambda i: (-found.everyone.counts[i], found.values[i].code)
    )[:MOST_VALUES]
    shown.sort()
    cells = [
        (words["by_all"], format_count(found.everyone.n, language), *(
            format_share(found.everyone.counts[i] / max(1, found.everyone.n), language)
            for i in shown
        ))
    ]  # fmt: skip
    cells += [_shares(found, t, shown, named, language) for t in found.themes]
    heads = [words["theme"], f"#{words['answers']}, n"]
    heads += [f"#{found.values[i].name(language)}" for i in shown]
    lead = [*_summed_up(found, named, language)]
    if len(shown) < len(found.values):
        lead.append(words["by_first"].format(n=format_count(len(shown), language)))
    return Section(
        uid=uid,
        heading="",
        lead=tuple(lead),
        chart_title=words["by_gap_chart"] if rows else "",
        chart=chart,
        note=words["by_gap_note"] if rows else "",
        points=((words["by_differ"], sentences),) if sentences else (),
        tables=(
            _everyone(question, language),
            (
                words["table_heading"],
                table(words["by_table"].format(column=question.name), heads, cells),
            ),
        ),
    )


def _summed_up(found: Split, named: Numbered, language: str) -> tuple[str, ...]:
    """Whether any theme differs, and which do so by the letters of campaigns alone."""
    words = WORDS[language]
    clear = (Verdict.LOWER, Verdict.HIGHER, Verdict.DIFFERENT)
    by_letters = [
        quoted(named.name(t.theme), language) for t in found.themes if t.verdict is Verdict.LETTERS
    ]
    said = []
    if any(t.verdict in clear for t in found.themes):
        said.append(comparisons_sentence(found, language))
    elif not by_letters:
        said.append(words["by_none"])
    if by_letters:
        themes = listed(by_letters, language)
        said.append(words["by_letters"][len(by_letters) > 1].format(themes=themes))
    return tuple(said)


def _said(
    found: Split, theme: ThemeSplit, named: Numbered, language: str, *, rank: bool = False
) -> str:
    parts = [
        f"{named.label(theme.theme)}{WORDS[language]['colon']}",
        _after_colon(sentence(found, theme, language), language),
        rank_sentence(theme, language) if rank else "",
    ]
    return " ".join(part for part in parts if part)


def _shares(
    found: Split, theme: ThemeSplit, shown: Sequence[int], named: Numbered, language: str
) -> tuple[str, ...]:
    row = [named.label(theme.theme), format_count(theme.tally.n, language)]
    for i in shown:
        cell = theme.cells[i]
        if cell.share is None:
            row.append("–")
            continue
        text = format_share(cell.share.estimate, language)
        if theme.verdict is not Verdict.TOO_FEW:
            text += f" ({_ends(cell.share, language)})"
        if cell.is_clear and cell.difference is not None:
            text += " ▲" if cell.difference.estimate > 0 else " ▼"
        row.append(text)
    return tuple(row)


def _everyone(question: Question, language: str) -> tuple[str, Markup]:
    words, found = WORDS[language], question.found
    n = found.everyone.n
    caption = words["by_all_caption"].format(column=question.name, n=format_count(n, language))
    rows = [
        BarRow(value.name(language), other=count)
        for value, count in zip(found.values, found.everyone.counts, strict=True)
    ]
    return words["by_all"], bar_table(
        rows, n=n, language=language, caption=caption, heading=question.name, intervals=True
    )


# --- Comparison -----------------------------------------------------------------------------------


def comparison_section(outcome: Outcome, language: str) -> Section | None:
    """What became of the themes of an earlier run; None where there is none."""
    found, words = outcome.comparison, WORDS[language]
    if found is None:
        return None
    kept = [c for c in found.changes if c.difference is not None and c.after is not None]
    lead = [_compared(found, words, language)]
    if found.is_regrouped:
        lead.append(words["compare_regrouped"])
    if found.agreement is not None:
        lead.append(
            words["compare_agreement"].format(
                n=format_count(found.agreement_n, language),
                value=format_decimal(found.agreement, language, digits=2),
            )
        )
    rows = [
        DotRow(
            (c.after or c.before).name(language),  # type: ignore[union-attr]
            (DotMark(c.difference, "all", c.n_after, is_open=c.kind == "stayed"),),
        )
        for c in kept
        if c.difference is not None
    ]
    chart = None
    if rows:
        chart = dot_chart(
            rows,
            unit="points",
            reference=0.0,
            reference_label=words["compare_zero"],
            language=language,
            title=words["compare_chart"],
            description=lead[0],
            uid=f"{language}-compare-picture",
        )
    return Section(
        uid="compare",
        heading=words["compare_heading"],
        lead=tuple(lead),
        chart_title=words["compare_chart"] if rows else "",
        chart=chart,
        note=words["compare_note"] if rows else "",
        tables=(
            (
                words["table_heading"],
                table(
                    words["compare_table"],
                    (
                        words["theme"],
                        words["compare_change"],
                        f"#{words['compare_then']}",
                        f"#{words['compare_now']}",
                        f"#{words['compare_shared']}",
                    ),
                    [_change(c, words, language) for c in found.changes],
                ),
            ),
        ),
    )


def _compared(found: Comparison, words: dict[str, Any], language: str) -> str:
    def said(forms: tuple[str, str], n: int) -> str:
        return forms[n > 1].replace("{n}", format_count(n, language))

    kinds = {k: len(found.of(k)) for k in ("stayed", "grew", "shrank", "went")}
    what = [said(words["compare_parts"][k], n) for k, n in kinds.items() if n]
    new, then = len(found.of("appeared")), sum(kinds.values())
    return " ".join(
        (
            words["compare_lead"].format(
                other=quoted(found.other, language),
                common=format_count(found.common, language),
                before=format_count(found.n_before, language),
                after=format_count(found.n_after, language),
            ),
            said(words["compare_of"], then).replace("{what}", ", ".join(what))
            if then
            else words["compare_none"],
            *((said(words["compare_new"], new),) if new else ()),
        )
    )


def _change(change: Change, words: dict[str, Any], language: str) -> tuple[str, ...]:
    theme = change.after or change.before
    name = theme.name(language) if theme else ""
    said = [words["compare_kinds"][change.kind]]
    if change.difference is not None and change.kind != "stayed":
        said.append(f"{signed(change.difference.estimate * 100, language)}")
    if change.before and change.after and change.before.name(language) != name:
        said.append(words["compare_was"].format(name=change.before.name(language)))
    if change.mostly is not None and change.mostly_share >= 0.3:
        key = "compare_from" if change.kind == "appeared" else "compare_to"
        said.append(
            words[key].format(
                theme=change.mostly.name(language),
                share=format_share(change.mostly_share, language),
            )
        )
    return (
        name,
        ", ".join(said),
        _size(change.n_before, change.share_before, language),
        _size(change.n_after, change.share_after, language),
        format_count(change.shared, language) if change.jaccard is not None else "–",
    )


def _size(n: int, share: Interval | None, language: str) -> str:
    if share is None:
        return "–"
    return (
        f"{format_count(n, language)}, {format_share(share.estimate, language)} "
        f"({_ends(share, language)})"
    )


# --- Numbers --------------------------------------------------------------------------------------


def _ends(found: Interval, language: str) -> str:
    return format_range(found.low, found.high, language)


def _signed_ends(found: Interval, language: str) -> str:
    low, high = (signed(end * 100, language) for end in (found.low, found.high))
    return f"{low} to {high}" if language == "en" else f"de {low} à {high}"
