"""How templates are written: lines one can read, and nothing in a text field but the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.template.loader import get_template
from django.utils.html import escape

from tests.servers import ROOT

LONGEST = 120
TEMPLATES = [
    path
    for room in ("consult", "cms", "analysis", "feedback")
    for suffix in ("*.html", "*.jinja")
    for path in sorted((ROOT / room).rglob(suffix))
]
# The end of a tag, then something before what is written into the field, or the line end that
# browsers drop and a formatter would indent: `as_typed` sets it.
SPACE_IN_FIELD = re.compile(r"<textarea\b(?:[^<>]|{%.*?%}|{{.*?}})*>\s")


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_line_of_a_template_is_too_long_to_read() -> None:
    assert len(TEMPLATES) > 100
    wrong = [
        f"{where(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert not wrong, "Break the line where white space is not read, or cut a partial."


def test_no_template_puts_white_space_of_its_own_into_a_text_field() -> None:
    wrong = [where(path) for path in TEMPLATES if SPACE_IN_FIELD.search(path.read_text("utf-8"))]
    assert not wrong, "{{ text|as_typed }}, right after the tag."
    assert SPACE_IN_FIELD.search('<textarea rows="{% if a > 1 %}2{% endif %}">\n  {{ text }}')
    assert not SPACE_IN_FIELD.search('<textarea name="{{ name }}">{{ text|as_typed }}')


@pytest.mark.parametrize("text", ["", "\n\nfirst", "a\r\nb", "  indented\n", "<b>&amp;</b>"])
def test_a_text_field_gives_back_what_was_typed(text: str) -> None:
    html = Template("{% load look %}<textarea>{{ text|as_typed }}</textarea>").render(
        Context({"text": text})
    )
    inside = html.removeprefix("<textarea>").removesuffix("</textarea>")
    assert inside == f"\n{escape(text)}"


SHOWS_BLANKS = re.compile(r"<(pre|textarea)\b(?:[^<>]|{%.*?%}|{{.*?}})*>(.*?)</\1", re.S)


def test_what_is_sent_has_no_indentation_of_ours_and_the_same_lines() -> None:
    for path in TEMPLATES:
        source = path.read_text("utf-8")
        assert not [m for m in SHOWS_BLANKS.finditer(source) if "\n" in m[2]], where(path)
        if "templates" in path.parts and path.suffix == ".html":
            after = path.parts.index("templates", len(ROOT.parts)) + 1
            sent = get_template("/".join(path.parts[after:])).template.source  # type: ignore[attr-defined]
            assert sent.splitlines() == [
                line if number == 0 else line.lstrip(" \t")
                for number, line in enumerate(source.splitlines())
            ], where(path)


def test_the_templates_of_others_are_left_as_they_are() -> None:
    assert "\n  " in get_template("wagtailadmin/login.html").template.source  # type: ignore[attr-defined]
