"""No module or template lists statuses and phases, or compares with one: `life` names the sets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from feedback.asking.life import EngagementStatus, Phase
from tests.servers import ROOT

LIFE = ROOT / "feedback" / "asking" / "life.py"
ROOMS = ("consult", "cms", "analysis", "feedback")
VALUES = {*EngagementStatus.values, *Phase.values}
ENUMS = {"EngagementStatus", "Phase"}
# Of a template: what is asked of a phase or a status in a tag, and with which word.
IN_TEMPLATE = re.compile(r"(?:phase|status)\s*(?:==|!=|(?:not )?in)\s*[\"']([^\"']*)[\"']")
IN_TAG = re.compile(r"{%.*?%}", re.S)


def found_in_module(source: str) -> Iterator[int]:
    """The lines that list statuses or phases, compare with one, or tell cases by one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            is_about = any(_name(side).endswith(("phase", "status")) for side in sides)
            if any(_is_member(side) or (is_about and _is_value(side)) for side in sides):
                yield node.lineno
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            if any(_is_member(each) for each in node.elts):
                yield node.lineno
        elif isinstance(node, ast.Dict):
            if any(key is not None and _is_member(key) for key in node.keys):
                yield node.lineno
        elif (isinstance(node, ast.MatchValue) and _is_member(node.value)) or (
            isinstance(node, ast.keyword)
            and str(node.arg).split("__")[0] in ("status", "phase")
            and _is_member(node.value)
        ):
            yield node.value.lineno


def found_in_template(source: str) -> list[str]:
    """The statuses and phases that a tag compares with."""
    asked = (word for tag in IN_TAG.findall(source) for word in IN_TEMPLATE.findall(tag))
    return [word for word in asked if VALUES & set(re.split(r"[\s,]+", word))]


def _is_member(node: ast.AST) -> bool:
    """``Phase.OPEN``, alone or as a value: ``Phase.OPEN.value``."""
    if isinstance(node, ast.Attribute):
        return (_name(node.value) in ENUMS and node.attr.isupper()) or _is_member(node.value)
    return False


def _is_value(node: ast.AST) -> bool:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return any(_is_value(each) for each in node.elts)
    return isinstance(node, ast.Constant) and node.value in VALUES


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_no_module_but_the_life_lists_statuses_or_compares_with_one() -> None:
    modules = [
        path
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != LIFE and "migrations" not in path.parts
    ]
    assert len(modules) > 200
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in modules
        for line in found_in_module(path.read_text("utf-8"))
    ]
    assert not wrong, "Ask the phase (`is_open`), or name a set in feedback/asking/life.py."


def test_no_template_compares_with_a_status() -> None:
    wrong = {
        str(path.relative_to(ROOT)): words
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.html"))
        if (words := found_in_template(path.read_text("utf-8")))
    }
    assert not wrong, "Ask the phase: {% if phase.is_open %}."


@pytest.mark.parametrize(
    "source",
    [
        "if engagement.phase() == 'open': pass",
        "if phase is Phase.OPEN: pass",
        "if row.status in ('draft', 'approved'): pass",
        "SOME = {Phase.OPEN, Phase.CLOSED}",
        "WORDS = {EngagementStatus.DRAFT: 1}",
        "Engagement.objects.filter(status__in=EngagementStatus.DRAFT)",
        "match phase:\n    case Phase.OPEN: pass",
    ],
)
def test_what_is_looked_for_in_modules_is_found(source: str) -> None:
    assert list(found_in_module(source))
    assert not list(found_in_module("if phase.is_open and theme.status == 'merged': pass"))


@pytest.mark.parametrize(
    "source",
    ["{% if a and phase != 'open' %}", '{% elif row.status in "draft,approved" %}'],
)
def test_what_is_looked_for_in_templates_is_found(source: str) -> None:
    assert found_in_template(source)
    assert not found_in_template("{% if phase.is_open and theme.status == 'merged' %}")
