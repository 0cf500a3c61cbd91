"""The map and the chart of estimates: readable, told by shape, light, and the same every time."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from analysis.figures.charts import DotMark, DotRow, Interval, MapDisc, MapDot, disc_map, dot_chart

SVG = "{http://www.w3.org/2000/svg}"
DISCS = [
    MapDisc(1, "Waiting times at the counter", 0.2, 0.2, 0.2, "Waiting: 90 passages"),
    MapDisc(2, "Parking & <cars>", 0.7, 0.15, 0.12),
    MapDisc(3, "Forms", 0.6, 0.55, 0.1),
]
DOTS = [MapDot("en", 0.2, 0.2), MapDot("en", 0.25, 0.21), MapDot("fr", 0.7, 0.1)]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - we wrote it


def drawn(language: str = "en", **options: object) -> ET.Element:
    return parsed(
        str(disc_map(DISCS, DOTS, language=language, title="Map", **options))  # type: ignore[arg-type]
    )


def spots(path: str) -> list[tuple[float, float]]:
    """Where each mark of a path begins, walking the pen as a browser does."""
    x = y = sx = sy = 0.0
    found = []
    for command, numbers in re.findall(r"([Mmhvlz])([^Mmhvlz]*)", path):
        n = [float(v) for v in re.findall(r"-?\d+(?:\.\d+)?", numbers)]
        if command == "M":
            x, y = n
        elif command in "ml":
            x, y = x + n[0], y + n[1]
        elif command == "h":
            x += n[0]
        elif command == "v":
            y += n[0]
        else:
            x, y = sx, sy
        if command in "Mm":
            sx, sy = x, y
        found.append((command, x, y))
    return [(x, y) for command, x, y in found if command in "Mm"]


def test_every_passage_is_where_it_belongs() -> None:
    dots = [MapDot(k, i / 97 % 1, i / 53 % 1) for i in range(60) for k in ("en", "fr", "other")]
    root = parsed(str(disc_map(DISCS, dots, language="en", title="T")))
    # The pen is put down once, twice or three times for a mark; a shape begins at its corner.
    for kind, corner, turn, every in (("en", 0, 0, 1), ("fr", 2, 1, 2), ("other", 2, 1, 3)):
        path = next(p for p in root.iter(f"{SVG}path") if f"map-dots-{kind}" in p.get("class", ""))
        starts = spots(path.get("d", ""))[turn::every]
        wanted = [(d.x * 600, d.y * 600) for d in dots if d.kind == kind]
        assert len(starts) == len(wanted)
        for (x, y), (a, b) in zip(starts, wanted, strict=True):
            assert x == pytest.approx(a - corner, abs=0.06)
            assert y == pytest.approx(b - corner, abs=0.06)


def test_the_languages_differ_by_shape_and_each_has_its_key() -> None:
    root = drawn("fr")
    paths = {p.get("class"): p for p in root.iter(f"{SVG}path")}
    assert "z" in paths["map-dots map-dots-fr"].get("d", "")
    assert "z" not in paths["map-dots map-dots-en"].get("d", "")
    text = [t.text for t in root.iter(f"{SVG}text") if "map-key" in t.get("class", "")]
    assert text == ["Anglais", "Français"]


def test_every_disc_has_its_number_name_and_hint() -> None:
    root = drawn()
    numbers = [s.text for s in root.iter(f"{SVG}tspan") if s.get("class") == "map-number"]
    assert numbers == ["1", "2", "3"]
    hints = [c.find(f"{SVG}title") for c in root.iter(f"{SVG}circle")]
    assert [h.text for h in hints if h is not None] == [
        "Waiting: 90 passages", "Parking & <cars>", "Forms",
    ]  # fmt: skip
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None


def test_names_of_neighbours_do_not_lie_on_each_other() -> None:
    row = [MapDisc(i, f"A theme of some length {i}", 0.07 + i * 0.1, 0.5, 0.045) for i in range(9)]
    root = parsed(str(disc_map(row, [], language="en", title="T")))
    boxes = []
    for text in root.iter(f"{SVG}text"):
        lines = ["".join(text.itertext())]
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        rows = 1 + sum(s.get("dy") is not None for s in text.iter(f"{SVG}tspan"))
        wide = 6 * max(len(line) for line in lines) / rows
        boxes.append((x - wide / 2, y - 12, x + wide / 2, y - 12 + 16 * rows))
    hidden = sum(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        for i, a in enumerate(boxes)
        for b in boxes[:i]
    )
    assert hidden <= 2


def test_a_map_of_thousands_stays_light() -> None:
    dots = [
        MapDot(("en", "fr")[i % 2], i * 37 % 997 / 997, i * 91 % 991 / 991) for i in range(1500)
    ]
    svg = str(disc_map(DISCS, dots, language="en", title="T"))
    assert len(svg) < 60_000
    assert svg == str(disc_map(DISCS, dots, language="en", title="T"))
    assert "style=" not in svg


ROWS = [
    DotRow("Waiting", (DotMark(Interval(0.2, 0.1, 0.3), "en", 20),
                       DotMark(Interval(0.6, 0.5, 0.7), "fr", 60))),
]  # fmt: skip


def lines(root: ET.Element, css: str) -> list[tuple[float, float]]:
    return [
        (float(line.get("x1", "")[:-1]), float(line.get("x2", "")[:-1]))
        for line in root.iter(f"{SVG}line")
        if line.get("class") == css
    ]


def test_an_interval_is_drawn_from_its_low_to_its_high_end_on_a_scale_from_zero() -> None:
    root = parsed(str(dot_chart(ROWS, language="en", title="T")))
    (a, b), (c, d) = lines(root, "chart-whisker")
    assert (b - a) == pytest.approx(d - c, abs=0.02)
    assert c / a == pytest.approx(5, abs=0.01)
    assert min(x for x, _ in lines(root, "chart-line")) == 0
    text = " ".join(root.itertext())
    assert "20%" in text
    assert "n\u00a0=\u00a060" in text


def test_points_of_difference_carry_their_sign_and_their_zero() -> None:
    rows = [
        DotRow("A", (DotMark(Interval(-0.12, -0.2, -0.04), n=30),)),
        DotRow("B", (DotMark(Interval(0.08, 0.01, 0.15), n=9),)),
    ]
    root = parsed(
        str(
            dot_chart(
                rows,
                unit="points",
                reference=0.0,
                reference_label="as all",
                language="fr",
                title="T",
            )
        )
    )
    text = " ".join(root.itertext())
    assert "−12" in text
    assert "+8" in text
    assert "as all" in text
    dashed = [x for x in root.iter(f"{SVG}line") if x.get("stroke-dasharray")]
    assert len(dashed) == 2


@pytest.mark.parametrize("wrong", [{"unit": "euros"}, {"language": "de"}])
def test_what_a_chart_does_not_know_is_an_error(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="must be"):
        dot_chart(ROWS, **{"language": "en", "title": "T", **wrong})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be"):
        disc_map(DISCS, DOTS, language="de", title="T")
