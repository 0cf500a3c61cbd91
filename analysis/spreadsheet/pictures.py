"""The sections of the report that are a picture, the sentence it shows, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analysis.catalogue import translations
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
from analysis.spreadsheet.comparison import REGROUPED, Change, Comparison
from analysis.spreadsheet.outcome import Outcome
from analysis.spreadsheet.questions import Question
from analysis.spreadsheet.words import changes, labelled, listed, quoted, spoken_in

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
            candidate = translations(self.language).pgettext("a theme that is a", "candidate")
            return f"{label} ({candidate})"
        return label


def name_of(theme: ThemeProposal, language: str) -> str:
    """The name of a theme in ``en`` or ``fr``."""
    return theme.name_en if language == "en" else theme.name_fr


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
    _ = translations(language).gettext
    named, base = Numbered(outcome, language), outcome.base
    rows = []
    for t in outcome.top:
        spoken = outcome.spoken[t.code]
        size = min(t.size, base)
        en, fr = spoken["en"], spoken["fr"]
        rows.append(BarRow(named.label(t.code), en, fr, max(0, size - en - fr)))
    title = _("Themes, by share of the {n} comments that say something").format(
        n=format_count(base, language)
    )
    said = "; ".join(
        labelled(
            row.label,
            f"{format_share(row.total / max(base, 1), language)}, {format_n(row.total, language)}",
            language,
        )
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
        note=" ".join(
            (
                _("The line at the end of a bar is the 95% confidence interval of its share."),
                _(
                    "A long comment can be in more than one theme, so shares may add up to more "
                    "than 100%. Each comment has one main theme."
                ),
            )
        ),
        tables=(
            (
                _("The same numbers as a table"),
                bar_table(
                    rows,
                    n=n,
                    language=language,
                    caption=_("Comments in each theme, of {n} that say something").format(
                        n=format_count(base, language)
                    ),
                    heading=_("Theme"),
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
    _ = translations(language).gettext
    named, heads = Numbered(outcome, language), spoken_in(language)
    n_en, n_fr = outcome.languages["en"], outcome.languages["fr"]
    heading = _("The two languages")
    if not n_en or not n_fr or not outcome.top:
        return Section(
            "balance",
            heading,
            (
                _(
                    "All comments that say something are in one language, so that there is "
                    "nothing to compare."
                ),
            ),
        )
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
            letters.append(
                _(
                    "The gap on {theme} comes from the letters of a campaign: without them, "
                    "chance alone could make it."
                ).format(theme=theme)
            )
        if more_in(outcome, t.code):
            points.append(
                _(
                    "{theme}: {fr} of the comments in French ({n_fr} of {all_fr}), {en} of "
                    "those in English ({n_en} of {all_en})."
                ).format(
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
    clear = _(
        "A difference is clear beyond what chance would make among {n} themes "
        "(Fisher's test, Holm's correction, 5% in all)."
    ).format(n=format_count(compared, language))
    interval = _("95% confidence interval")
    share = "#" + _("Share") + f" ({interval})"
    return Section(
        uid="balance",
        heading=heading,
        lead=(
            *(
                ()
                if points
                else (_("No theme is spoken of clearly more in one language than in the other."),)
            ),
            *letters,
        ),
        chart_title=_("Share of the comments in each language that speak of a theme"),
        chart=dot_chart(
            rows,
            language=language,
            title=_("Share of the comments in each language that speak of a theme"),
            description="; ".join(points)
            or _("No theme is spoken of clearly more in one language than in the other."),
            uid=f"{language}-balance-picture",
        ),
        note=" ".join(
            (
                _("The line through a mark is the 95% confidence interval of its share."),
                clear,
            )
        ),
        points=((_("Clearly more in one language than in the other:"), tuple(points)),)
        if points
        else (),
        tables=(
            (
                _("The same numbers as a table"),
                table(
                    _("Comments in each language, by theme"),
                    (
                        _("Theme"),
                        f"#{heads['en']}, n",
                        share,
                        f"#{heads['fr']}, n",
                        share,
                        "#" + _("French minus English, percentage points"),
                    ),
                    cells,
                ),
            ),
        ),
    )


# --- Map ------------------------------------------------------------------------------------------


def map_section(outcome: Outcome, language: str) -> Section | None:
    """Where the passages stand; None where the run has no map."""
    _ = translations(language).gettext
    found = outcome.result.map
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
            labelled(
                named.label(s.code),
                _("{n} passages").format(n=format_count(s.passages, language)),
                language,
            ),
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
                named.label(nearest.code) if nearest else _("none"),
            )
        )
    passages = sum(s.passages for s in spots)
    lead = (
        _("All {all} different passages in a theme, placed by what they say.")
        if len(dots) == passages
        else _("{shown} of {all} different passages in a theme, placed by what they say.")
    ).format(shown=format_count(len(dots), language), all=format_count(passages, language))
    note = _(
        "Each mark is a passage: a disc in English, an open square in French. The "
        "nearer two themes stand, the more alike is what they say; the larger a "
        "circle, the more passages it holds. Within a circle the middle is typical "
        "and the edge is not, and a mark stands on the side of the theme it leans "
        "towards. Up, down, left and right mean nothing. A sheet of paper always "
        "bends what has five hundred dimensions: look here for questions, and for "
        "answers in the numbers."
    )
    return Section(
        uid="map",
        heading=_("A map of the passages"),
        lead=(lead,),
        chart=disc_map(
            discs,
            dots,
            language=language,
            title=_("A map of the passages"),
            description=f"{lead} {note}",
            uid=f"{language}-map-picture",
        ),
        note=note,
        tables=(
            (
                _("The map as a table"),
                table(
                    _("A map of the passages"),
                    (
                        _("No."),
                        _("Theme"),
                        "#" + _("Different passages"),
                        _("Nearest to"),
                    ),
                    rows,
                ),
            ),
        ),
    )


# --- Questions ------------------------------------------------------------------------------------


def question_section(question: Question, place: int, outcome: Outcome, language: str) -> Section:
    """A closed question beside the themes: what all answered, and which themes differ."""
    _ = translations(language).gettext
    found, named = question.found, Numbered(outcome, language)
    n = found.everyone.n
    lead = (
        _("All {base} comments that say something come with an answer.")
        if n == outcome.base
        else _("{n} of the {base} comments that say something come with an answer ({share}).")
    ).format(
        n=format_count(n, language),
        base=format_count(outcome.base, language),
        share=format_share(n / max(1, outcome.base), language),
    )
    if found.everyone.not_applicable:
        na = format_count(found.everyone.not_applicable, language)
        lead += " " + _("For {n} more the question did not apply.").format(n=na)
    uid = f"by-{place}"
    parts = (_rating if found.is_rating else _choice)(question, uid, named, language)
    return Section(
        uid=uid,
        heading=_("By “{column}”").format(column=question.name),
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
    heading = translations(language).gettext("By “{column}”").format(column=question.name)
    said = _after_colon(sentence(question.found, theme, language), language)
    return labelled(heading, said, language)


def _after_colon(said: str, language: str) -> str:
    """French goes on in lower case after a colon."""
    return said[:1].lower() + said[1:] if language == "fr" else said


def _rating(question: Question, uid: str, named: Numbered, language: str) -> Section:
    _ = translations(language).gettext
    found = question.found
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
    title = _("Mean of “{column}” among those who wrote about a theme").format(column=question.name)
    points = tuple(
        (head, tuple(_said(found, t, named, language, rank=True) for t in side))
        for head, side in (
            (_("Linked to lower ratings"), found.low),
            (_("Linked to higher ratings"), found.high),
        )
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
            reference_label=_("all answers: {mean}").format(
                mean=format_decimal(found.mean.estimate, language)
            ),
            language=language,
            title=title,
            description=" ".join(text for _, side in points for text in side)
            or _("No theme differs from the others by more than chance could make."),
            uid=f"{language}-{uid}-picture",
        )
    tables = [_everyone(question, language)]
    if rows:
        means = mean_table(rows, language=language, caption=title, heading=_("Theme"))
        tables.append((_("The same numbers as a table"), means))
    return Section(
        uid=uid,
        heading="",
        lead=_summed_up(found, named, language),
        chart_title=title if rows else "",
        chart=chart,
        note=_(
            "A full mark differs clearly from all answers, an open one does not. The "
            "line through a mark is its 95% interval."
        )
        if rows
        else "",
        points=points,
        tables=tuple(tables),
    )


def _choice(question: Question, uid: str, named: Numbered, language: str) -> Section:
    _ = translations(language).gettext
    found = question.found
    differing = [t for t in found.themes if t.verdict is Verdict.DIFFERENT]
    rows = []
    for t in differing:
        # Of two answers, one says it all.
        for cell in t.clear[: 1 if len(found.values) == 2 else None]:
            if cell.difference is not None:
                label = labelled(named.label(t.theme), cell.value.name(language), language)
                rows.append(DotRow(label, (DotMark(cell.difference, "all", cell.n),)))
    rows = rows[:MOST_CLEAR]
    sentences = tuple(_said(found, t, named, language) for t in differing)
    chart = None
    if rows:
        chart = dot_chart(
            rows,
            unit="points",
            reference=0.0,
            reference_label=_("as all"),
            language=language,
            title=_("Percentage points above (+) or below (−) all answers"),
            description=" ".join(sentences),
            uid=f"{language}-{uid}-picture",
        )
    shown = sorted(
        range(len(found.values)), key=lambda i: (-found.everyone.counts[i], found.values[i].code)
    )[:MOST_VALUES]
    shown.sort()
    cells = [
        (_("All answers"), format_count(found.everyone.n, language), *(
            format_share(found.everyone.counts[i] / max(1, found.everyone.n), language)
            for i in shown
        ))
    ]  # fmt: skip
    cells += [_shares(found, t, shown, named, language) for t in found.themes]
    heads = [_("Theme"), "#" + _("Answers") + ", n"]
    heads += [f"#{found.values[i].name(language)}" for i in shown]
    lead = [*_summed_up(found, named, language)]
    if len(shown) < len(found.values):
        lead.append(
            _(
                "The {n} most frequent answers are shown; the others are in splits.csv and "
                "themes.json."
            ).format(n=format_count(len(shown), language))
        )
    return Section(
        uid=uid,
        heading="",
        lead=tuple(lead),
        chart_title=_("Percentage points above (+) or below (−) all answers") if rows else "",
        chart=chart,
        note=_("Only clear differences are drawn; the line through a mark is its 95% interval.")
        if rows
        else "",
        points=((_("Where the answers of a theme differ clearly"), sentences),)
        if sentences
        else (),
        tables=(
            _everyone(question, language),
            (
                _("The same numbers as a table"),
                table(
                    _("“{column}” by theme: share of those who answered").format(
                        column=question.name
                    ),
                    heads,
                    cells,
                ),
            ),
        ),
    )


def _summed_up(found: Split, named: Numbered, language: str) -> tuple[str, ...]:
    """Whether any theme differs, and which do so by the letters of campaigns alone."""
    translated = translations(language)
    clear = (Verdict.LOWER, Verdict.HIGHER, Verdict.DIFFERENT)
    by_letters = [
        quoted(named.name(t.theme), language) for t in found.themes if t.verdict is Verdict.LETTERS
    ]
    said = []
    if any(t.verdict in clear for t in found.themes):
        said.append(comparisons_sentence(found, language))
    elif not by_letters:
        said.append(
            translated.gettext("No theme differs from the others by more than chance could make.")
        )
    if by_letters:
        themes = listed(by_letters, language)
        letters = translated.ngettext(
            "{themes} differs from the others only with the letters of campaigns: without them, "
            "chance alone could explain it.",
            "{themes} differ from the others only with the letters of campaigns: without them, "
            "chance alone could explain it.",
            len(by_letters),
        )
        said.append(letters.format(themes=themes))
    return tuple(said)


def _said(
    found: Split, theme: ThemeSplit, named: Numbered, language: str, *, rank: bool = False
) -> str:
    text = labelled(
        named.label(theme.theme),
        _after_colon(sentence(found, theme, language), language),
        language,
    )
    ranked = rank_sentence(theme, language) if rank else ""
    return f"{text} {ranked}".rstrip()


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
    _ = translations(language).gettext
    found = question.found
    n = found.everyone.n
    caption = _("“{column}”: all {n} answers").format(
        column=question.name, n=format_count(n, language)
    )
    rows = [
        BarRow(value.name(language), other=count)
        for value, count in zip(found.values, found.everyone.counts, strict=True)
    ]
    return _("All answers"), bar_table(
        rows, n=n, language=language, caption=caption, heading=question.name, intervals=True
    )


# --- Comparison -----------------------------------------------------------------------------------


def comparison_section(outcome: Outcome, language: str) -> Section | None:
    """What became of the themes of an earlier run; None where there is none."""
    _ = translations(language).gettext
    found = outcome.comparison
    if found is None:
        return None
    kept = [c for c in found.changes if c.difference is not None and c.after is not None]
    lead = [_compared(found, language)]
    if found.is_regrouped:
        lead.append(REGROUPED.said_in(language))
    if found.agreement is not None:
        lead.append(
            _(
                "Of {n} comments with a main theme in both runs, the two groupings agree "
                "to {value} (adjusted Rand index: 1 for the same groups, 0 for chance)."
            ).format(
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
            reference_label=_("no change"),
            language=language,
            title=_("Change in each theme's share, in percentage points"),
            description=lead[0],
            uid=f"{language}-compare-picture",
        )
    return Section(
        uid="compare",
        heading=_("Compared with an earlier run"),
        lead=tuple(lead),
        chart_title=_("Change in each theme's share, in percentage points") if rows else "",
        chart=chart,
        note=_(
            "A theme grew or shrank when the whole 95% interval of its change, widened "
            "for the number of themes, lies on one side of zero: its mark is full, "
            "that of a theme that kept its size is open. Themes are matched by the "
            "comments and the words they share."
        )
        if rows
        else "",
        tables=(
            (
                _("The same numbers as a table"),
                table(
                    _("What became of each theme"),
                    (
                        _("Theme"),
                        translations(language).pgettext("to a theme", "What happened"),
                        "#" + _("Then"),
                        "#" + _("Now"),
                        "#" + _("Comments shared"),
                    ),
                    [_change(c, language) for c in found.changes],
                ),
            ),
        ),
    )


def _compared(found: Comparison, language: str) -> str:
    """How many comments are in both runs, and how many themes stayed, grew, shrank or went."""
    said = translations(language)
    _ = said.gettext
    stayed, grew, shrank, went, new = (
        len(found.of(kind)) for kind in ("stayed", "grew", "shrank", "went", "appeared")
    )
    parts = (
        (stayed, said.ngettext("one kept its size", "{n} kept their size", stayed)),
        (grew, said.ngettext("one grew", "{n} grew", grew)),
        (shrank, said.ngettext("one shrank", "{n} shrank", shrank)),
        (went, said.ngettext("one disappeared", "{n} disappeared", went)),
    )
    what = ", ".join(part.format(n=format_count(n, language)) for n, part in parts if n)
    sentences = [
        _(
            "Beside {other}: {common} comments are in both runs ({before} then, {after} now)."
        ).format(
            other=quoted(found.other, language),
            common=format_count(found.common, language),
            before=format_count(found.n_before, language),
            after=format_count(found.n_after, language),
        )
    ]
    if then := stayed + grew + shrank + went:
        of = said.ngettext("Of the one theme then, {what}.", "Of {n} themes then, {what}.", then)
        sentences.append(of.format(n=format_count(then, language), what=what))
    else:
        sentences.append(_("There were no themes then."))
    if new:
        appeared = said.ngettext("One appeared.", "{n} appeared.", new)
        sentences.append(appeared.format(n=format_count(new, language)))
    return " ".join(sentences)


def _change(change: Change, language: str) -> tuple[str, ...]:
    _ = translations(language).gettext
    theme = change.after or change.before
    name = theme.name(language) if theme else ""
    said = [changes(language)[change.kind]]
    if change.difference is not None and change.kind != "stayed":
        said.append(signed(change.difference.estimate * 100, language))
    if change.before and change.after and change.before.name(language) != name:
        said.append(_("was “{name}”").format(name=change.before.name(language)))
    if change.mostly is not None and change.mostly_share >= 0.3:
        where = (
            _("mostly from “{theme}” ({share})")
            if change.kind == "appeared"
            else _("mostly now in “{theme}” ({share})")
        )
        share = format_share(change.mostly_share, language)
        said.append(where.format(theme=change.mostly.name(language), share=share))
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
    return translations(language).gettext("{low} to {high}").format(low=low, high=high)
