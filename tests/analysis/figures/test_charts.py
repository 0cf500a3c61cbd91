"""Charts say the same in both languages, to eyes, to screen readers and on paper."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures.charts import (
    STYLESHEET,
    BarRow,
    MapDisc,
    MapDot,
    MeanRow,
    ShareRow,
    bar_chart,
    bar_table,
    disc_map,
    format_count,
    format_decimal,
    format_range,
    format_share,
    mean_chart,
    mean_table,
    share_chart,
    share_table,
    svg,
    wilson,
)
from analysis.figures.charts.dots import DotMark, DotRow, dot_chart
from analysis.figures.intervals import Interval

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [BarRow("Waiting times", en=141, fr=100), BarRow("Served in French", en=18, fr=147)]


def parse(chart: str) -> ET.Element:
    return ET.fromstring(chart)  # noqa: S314 - our own output, not a stranger's


def texts(chart: str) -> list[str]:
    return ["".join(e.itertext()) for e in parse(chart).iter(f"{SVG}text")]


def bars(chart: str) -> list[tuple[float, float]]:
    """Start and length of each drawn segment, in percent of the width."""
    return [
        (float(e.attrib["x"].rstrip("%")), float(e.attrib["width"].rstrip("%")))
        for e in parse(chart).iter(f"{SVG}rect")
        if e.attrib.get("width", "").endswith("%")
    ]


def test_numbers_are_written_as_each_language_writes_them() -> None:
    assert format_count(1234567, "en") == "1,234,567"
    assert format_count(1234567, "fr") == "1\u00a0234\u00a0567"
    assert format_share(0.2, "en") == "20%"
    assert format_share(0.2, "fr") == "20\u00a0%"
    assert format_decimal(1234.56, "fr") == "1\u00a0234,6"
    assert format_decimal(3.25, "en") == "3.3"
    assert format_range(0.37, 0.45, "en") == "37% to 45%"
    assert format_range(0.37, 0.45, "fr") == "de 37\u00a0% à 45\u00a0%"


def test_a_share_that_is_not_nothing_is_not_shown_as_nothing() -> None:
    assert format_share(1 / 1000, "en") == "<1%"
    assert format_share(999 / 1000, "en") == ">99%"
    assert format_share(0, "en") == "0%"
    assert format_share(1, "fr") == "100\u00a0%"
    assert format_share(0.125, "en") == "13%"


def test_an_unknown_language_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="language"):
        format_count(1, "de")
    with pytest.raises(ValueError, match="language"):
        bar_chart(ROWS, n=588, language="und", title="T")


def test_wilson_matches_published_values() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    for count, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(count, n)
        assert found.low == pytest.approx(low, abs=5e-5)
        assert found.high == pytest.approx(high, abs=5e-5)
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_its_share_and_stays_a_share(case: tuple[int, int]) -> None:
    found = wilson(*case)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


@pytest.mark.parametrize("language", ["en", "fr"])
def test_bars_are_as_long_as_their_counts(language: str) -> None:
    chart = bar_chart(ROWS, n=588, language=language, title="T")
    drawn = bars(chart)
    assert len(drawn) == 4
    for (start, length), (count, before) in zip(
        drawn, [(141, 0), (100, 141), (18, 0), (147, 18)], strict=True
    ):
        scale = drawn[0][1] / 141
        assert length == pytest.approx(count * scale, abs=0.02)
        assert start == pytest.approx(before * scale, abs=0.02)


def test_both_languages_show_the_same_numbers() -> None:
    english, french = (texts(bar_chart(ROWS, n=588, language=x, title="T")) for x in ("en", "fr"))
    digits = [[re.sub(r"\D", "", t) for t in found] for found in (english, french)]
    assert digits[0] == digits[1]
    assert any("41%" in t and "241" in t for t in english)
    assert any("41\u00a0%" in t and "241" in t for t in french)
    assert {"Anglais", "Français"} <= set(french)


def test_french_is_told_apart_without_colour() -> None:
    root = parse(bar_chart(ROWS, n=588, language="fr", title="T"))
    pattern = root.find(f".//{SVG}pattern")
    assert pattern is not None
    filled = [
        e for e in root.iter(f"{SVG}rect") if e.attrib["fill"] == f"url(#{pattern.get('id')})"
    ]
    assert len(filled) == 3  # the key and two bars
    assert all("chart-fr" not in e.get("class", "") for e in filled)


def test_a_chart_names_and_describes_itself() -> None:
    root = parse(bar_chart(ROWS, n=588, language="fr", title="Thèmes", description="Deux."))
    assert root.get("role") == "img"
    assert root.get("lang") == "fr"
    ids = {e.get("id"): "".join(e.itertext()) for e in root.iter() if e.get("id")}
    assert ids[root.get("aria-labelledby")] == "Thèmes"
    assert ids[root.get("aria-describedby")] == "Deux."


def test_nothing_in_a_chart_breaks_a_strict_policy_or_the_page() -> None:
    evil = '</text><script>alert(1)</script>"\x00\x1b\ud800'
    for chart in (
        bar_chart([BarRow(evil, en=1)], n=3, language="en", title=evil, description=evil),
        share_chart(
            [ShareRow(evil, 1, wilson(1, 3), 0.2)], language="en", title=evil, description=evil
        ),
        mean_chart(
            [MeanRow(evil, 9, Interval(2, 1, 3), Interval(0, -1, 1), is_clear=False)],
            lowest=1,
            highest=5,
            everyone=2.5,
            language="en",
            title=evil,
        ),
        disc_map([MapDisc(1, evil, 0.5, 0.5, 0.2)], [], language="en", title=evil),
    ):
        root = parse(chart)
        assert not list(root.iter(f"{SVG}script"))
        assert all(
            "style" not in e.attrib and not any(a.startswith("on") for a in e.attrib)
            for e in root.iter()
        )
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", chart)


def test_ids_differ_between_charts_and_stay_the_same_for_one() -> None:
    one, two = (bar_chart(ROWS, n=n, language="en", title="T") for n in (588, 600))
    ids = [set(re.findall(r' id="([^"]+)"', c)) for c in (one, two)]
    assert not ids[0] & ids[1]
    assert one == bar_chart(ROWS, n=588, language="en", title="T")
    assert ' id="mine-title"' in bar_chart(ROWS, n=588, language="en", title="T", uid="mine")


def test_long_labels_wrap_and_cut_off_labels_say_so() -> None:
    long = "Calling back after a dropped line and being asked everything again " * 5
    lines = [
        t
        for t in texts(bar_chart([BarRow(long, en=1)], n=2, language="en", title="T"))
        if "Calling" in t or "dropped" in t or "…" in t
    ]
    assert 1 < len(lines) <= 3
    assert all(len(line) <= 40 for line in lines)
    assert lines[-1].endswith("…")


@pytest.mark.parametrize(
    "label",
    [
        "Heures d'ouverture et temps d'attente",
        "Service téléphonique et comptes en ligne",
        "MMMMMMMM WWWWWWWWWWWW MMMMMMMMMMM",
        "Anticonstitutionnellement-anticonstitutionnellement-anticonstitutionnellement",
        "",
    ],
)
def test_every_line_of_a_label_fits_a_phone(label: str) -> None:
    lines = svg.wrap(label)
    assert all(svg.text_width(line) <= svg.NARROWEST for line in lines)
    assert "".join("".join(lines).split()) == "".join(label.split())
    # Measured in a browser, in the widest face it may fall back to: these overflowed once.
    assert svg.text_width("Heures d'ouverture et temps d'attente") > 354


def test_a_bar_whose_languages_are_not_told_is_plain_and_says_so() -> None:
    rows = [BarRow("A", en=40, fr=20), BarRow("B", undivided=30), BarRow("C", undivided=90)]
    rows[2] = BarRow("C", undivided=90, is_at_least=True)
    for language, words in (
        ("en", ("Language not shown", "not shown", "at least 90%")),
        ("fr", ("Langue non diffusée", "non diffusé", "au moins 90\u00a0%")),
    ):
        chart = bar_chart(rows, n=100, language=language, title="T", intervals=True)
        table = bar_table(rows, n=100, language=language, caption="T", heading="H", intervals=True)
        assert words[0] in chart
        assert words[2] in chart
        assert table.count(f">{words[1]}<") == 4
        assert words[2] in table
    # Where no row is divided there is nothing to explain.
    alone = bar_chart([BarRow("B", undivided=30)], n=100, language="en", title="T")
    assert "Language not shown" not in alone


def test_the_longest_bar_leaves_room_for_its_number() -> None:
    for rows in (ROWS, [BarRow("All", en=588)], [BarRow("Few", fr=1)], []):
        chart = bar_chart(rows, n=588, language="en", title="T", intervals=True)
        assert all(start + length <= 66.01 for start, length in bars(chart))


def test_counts_beyond_n_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        bar_chart([BarRow("A", en=3, fr=2)], n=4, language="en", title="T")
    with pytest.raises(ValueError, match="between 0 and n"):
        bar_table([BarRow("A", en=-1)], n=4, language="en", caption="T", heading="Theme")


def test_nobody_answered_is_an_empty_chart_not_an_error() -> None:
    assert "0%" in bar_chart([BarRow("A")], n=0, language="en", title="T", intervals=True)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_table_has_the_numbers_of_the_chart(language: str) -> None:
    table = bar_table(ROWS, n=588, language=language, caption="C", heading="H", intervals=True)
    root = parse(table)
    cells = [[c.text for c in row] for row in root.iter("tr")]
    assert [c[1:4] for c in cells[1:]] == [["141", "100", "241"], ["18", "147", "165"]]
    chart = " ".join(texts(bar_chart(ROWS, n=588, language=language, title="T")))
    assert all(row[4] in chart for row in cells[1:])
    assert [h.get("scope") for h in root.iter("th")].count("row") == 2


def test_every_class_drawn_has_a_rule() -> None:
    drawn = bar_chart([BarRow("A", 1, 1, 1)], n=9, language="en", title="T", intervals=True)
    drawn += share_chart(SHARES, language="en", title="T") + means("en")
    drawn += disc_map(
        [MapDisc(1, "A", 0.5, 0.5, 0.2)],
        [MapDot(kind, 0.5, 0.5) for kind in ("en", "fr", "other")],
        language="en",
        title="T",
    )
    rules = STYLESHEET.read_text("utf-8")
    pictures = {"chart-bars", "chart-split", "chart-means"}
    for name in {n for found in re.findall(r' class="([^"]+)"', drawn) for n in found.split()}:
        if name.startswith("chart-") and name not in pictures:
            assert f".{name}" in rules, name


# --- A theme beside all


SHARES = [
    ShareRow("Very dissatisfied", 40, wilson(40, 84), 0.11, Interval(0.37, 0.26, 0.47)),
    ShareRow("<b>Neutral</b> & more", 30, wilson(30, 84), 0.3),
    ShareRow("Satisfied", None, None, None),
]
MEANS = [
    MeanRow("Waiting times", 84, Interval(2.1, 1.8, 2.4), Interval(-1, -1.3, -0.7), is_clear=True),
    MeanRow("Parking", 24, Interval(2.9, 2.2, 3.6), Interval(-0.04, -0.9, 0.5), is_clear=False),
]


def means(language: str) -> str:
    return mean_chart(MEANS, lowest=1, highest=5, everyone=3.1, language=language, title="T")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_theme_beside_all_is_drawn_without_style_or_script(language: str) -> None:
    for chart in (share_chart(SHARES, language=language, title="T"), means(language)):
        assert "style=" not in chart
        assert "<b>" not in chart
        assert parse(chart).attrib["lang"] == language
        ids = re.findall(r' id="([^"]+)"', chart)
        assert len(ids) == len(set(ids))


def test_a_hidden_count_is_in_neither_the_picture_nor_its_table() -> None:
    hidden = [ShareRow("Satisfied", None, None, None)]
    chart = share_chart(hidden, language="en", title="T")
    assert not bars(chart)
    assert "not shown" in chart
    table = share_table(hidden, language="fr", caption="C", heading="Réponse")
    assert "non diffusé" in table
    assert not re.search(r"\d", re.sub(r"<thead>.*</thead>", "", table))


def test_what_is_clear_is_told_by_shape_and_in_words() -> None:
    dots = [e.attrib["class"] for e in parse(means("en")).iter(f"{SVG}circle")]
    # Two in the key, then one a theme.
    assert dots[2:] == ["chart-dot", "chart-dot chart-dot-open"]
    table = mean_table(MEANS, language="fr", caption="C", heading="Thème")
    assert "\u22121,0 (de \u22121,3 à \u22120,7)" in table
    # What rounds to nothing has no sign.
    assert "0,0 (de \u22120,9 à +0,5)" in table
    assert table.count("pas d’écart net") == 1


def test_a_mean_outside_its_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="scale"):
        mean_chart(MEANS, lowest=1, highest=2, everyone=1.5, language="en", title="T")


def test_both_languages_draw_the_same_theme_beside_all() -> None:
    def shape(chart: str) -> list[tuple[str, str | None, str | None]]:
        return [
            (e.tag, e.attrib.get("x"), e.attrib.get("width"))
            for e in parse(chart).iter()
            if e.tag != f"{SVG}svg"
        ]

    pair = [share_chart(SHARES, language=each, title="T") for each in ("en", "fr")]
    assert shape(pair[0]) == shape(pair[1])


@pytest.mark.parametrize("ends", [(0, 10), (1, 5), (1, 10), (0, 7), (0, 100), (1, 12)])
def test_the_axis_of_a_rating_is_marked_at_both_of_its_ends(ends: tuple[int, int]) -> None:
    row = DotRow("Waiting", (DotMark(Interval(3, 2.5, 3.5), n=40),))
    drawn = dot_chart([row], language="en", title="Mean", unit="number", ends=ends)
    texts = [t.text for t in ET.fromstring(drawn).iter(f"{SVG}text") if t.text]  # noqa: S314
    ticks = [int(t) for t in texts if t.isdecimal()]
    assert (ticks[0], ticks[-1]) == ends
    assert 3 <= len(ticks) <= 7
    assert ticks == sorted(set(ticks))
