"""Every class that a style sheet names is one that something here writes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import wagtail

from tests.servers import ROOT

ROOMS = ("consult", "cms", "analysis", "feedback")
WRITTEN_IN = (".html", ".jinja", ".py", ".js")
COMMENT = re.compile(r"/\*.*?\*/", re.S)
DECLARATIONS = re.compile(r"{[^{}]*}")
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
# These sheets dress screens of Wagtail, whose classes Wagtail writes: one it drops is seen.
FOR_WAGTAIL = ("feedback/people/static/people/cms.css", "feedback/people/static/people/admin.css")
# "chart-{}", f"chart-{kind}", "page-{{ language }}": the beginning of a class that is put together.
PUT_TOGETHER = re.compile(r"([A-Za-z][\w-]*-){")


def classes_of(sheet: str) -> set[str]:
    return set(CLASS.findall(DECLARATIONS.sub("{}", COMMENT.sub("", sheet))))


@cache
def sources() -> dict[Path, str]:
    return {
        path: path.read_text("utf-8")
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in WRITTEN_IN
    }


@cache
def words() -> frozenset[str]:
    return frozenset(word for text in sources().values() for word in re.findall(r"[\w-]+", text))


@cache
def beginnings() -> dict[str, str]:
    """What is put together, with all that stands in the folders where it is: its ends among it."""
    found: dict[str, str] = {}
    for path, text in sources().items():
        for beginning in PUT_TOGETHER.findall(text):
            beside = (other for at, other in sources().items() if at.parent == path.parent)
            found[beginning] = found.get(beginning, "") + "".join(beside)
    return found


@cache
def words_of_wagtail() -> frozenset[str]:
    package = Path(wagtail.__file__).parent
    return frozenset(
        word
        for path in package.rglob("*")
        if path.suffix in WRITTEN_IN
        for word in re.findall(r"[\w-]+", path.read_text("utf-8"))
    )


def is_written(name: str) -> bool:
    if name in words():
        return True
    return any(
        name.startswith(beginning)
        and re.search(rf"[\"']{re.escape(name.removeprefix(beginning))}[\"']", around)
        for beginning, around in beginnings().items()
    )


def test_every_class_in_a_style_sheet_is_written_somewhere() -> None:
    named = {
        (path.relative_to(ROOT).as_posix(), name)
        for room in ROOMS
        for path in (ROOT / room).rglob("*.css")
        for name in classes_of(path.read_text("utf-8"))
    }
    assert len(named) > 200
    wrong = sorted(
        (sheet, name)
        for sheet, name in named
        if not is_written(name) and not (sheet in FOR_WAGTAIL and name in words_of_wagtail())
    )
    assert not wrong, "Nothing writes these: remove the rules."


def test_a_class_that_nothing_writes_is_seen() -> None:
    assert classes_of(".a-b:hover>.c{margin:.5em}@media print{.d .e{x:url(f.png)}}") == {
        *("a-b", "c", "d", "e")
    }
    # Of the chart of lines that there was, and parts of what there is.
    assert not any(map(is_written, ("chart-" + "path-en", "chart-" + "band", "map-dots-" + "zz")))
    assert is_written("chart-undivided")
