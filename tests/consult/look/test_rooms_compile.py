"""The templates of a room need that room, those below it and what all share; nothing above.

Each room's templates are compiled by an engine that finds no others, with all that they extend and
include; what they name of addresses and static files belongs to those rooms too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.template import Engine, Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.backends.django import get_installed_libraries
from django.template.base import FilterExpression, Node
from django.template.defaulttags import URLNode
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.templatetags.static import StaticNode
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.admin.viewsets import viewsets

from tests.servers import ROOT

OURS = ("consult", "cms", "analysis", "feedback")
SHARED = "consult.look"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
# From the top down; all that are Django apps.
ROOMS = [
    name
    for layer in next(c for c in CONTRACTS["contracts"] if c["type"] == "layers")["layers"]
    for name in layer.replace("|", " ").replace(":", " ").split()
    if any(app.name == name for app in apps.get_app_configs())
]

# At the bottom, for every room; what they have of a page is its styles.
PURE = next(c for c in CONTRACTS["contracts"] if "django" in c.get("forbidden_modules", []))[
    "source_modules"
]


def belongs(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def is_ours(module: str) -> bool:
    return any(belongs(module, room) for room in OURS)


def may_use(module: str, allowed: list[str]) -> bool:
    """Whether a module is of a room allowed, or none of ours."""
    return not is_ours(module) or any(belongs(module, room) for room in allowed)


class Standing:
    """What a room stands on: itself, the rooms below, the look, and what others made."""

    def __init__(self, allowed: list[str]) -> None:
        self.allowed = [*allowed, SHARED, *PURE]
        self.apps = [app for app in apps.get_app_configs() if may_use(app.name, self.allowed)]
        libraries = {
            name: module
            for name, module in get_installed_libraries().items()
            if may_use(module, self.allowed)
        }
        self.engine = Engine(
            dirs=[str(Path(app.path) / "templates") for app in self.apps],
            libraries=libraries,
            debug=True,
        )
        self._seen: set[str] = set()

    def compile(self, name: str) -> Iterator[str]:
        """What is wrong with a template and with those it is made of."""
        if name in self._seen:
            return
        self._seen.add(name)
        try:
            template = self.engine.get_template(name)
        except (TemplateDoesNotExist, TemplateSyntaxError) as error:
            yield f"{name}: {type(error).__name__}: {error}"
            return
        if not any(
            Path(template.origin.name).is_relative_to(app.path)
            for app in self.apps
            if is_ours(app.name)
        ):
            return  # Wagtail's own.
        yield from self._parts(name, template)

    def _parts(self, name: str, template: Template) -> Iterator[str]:
        for node in nodes(template, ExtendsNode):
            yield from self._named(name, node.parent_name)
        for node in nodes(template, IncludeNode):
            yield from self._named(name, node.template)
        for node in nodes(template, URLNode):
            address = str(node.view_name.var)
            if not may_use(owners()[address], self.allowed):
                yield f"{name}: address {address} is of a room above"
        for node in nodes(template, StaticNode):
            file = str(node.path.var)
            if not any((Path(app.path) / "static" / file).is_file() for app in self.apps):
                yield f"{name}: {file} is of a room above, or nowhere"

    def _named(self, name: str, named: FilterExpression) -> Iterator[str]:
        # A partial chosen while drawing is compiled with its own room.
        if isinstance(named.var, str):
            yield from self.compile(named.var)


def nodes(template: Template, kind: type[Node]) -> list[Node]:
    return [found for node in template.nodelist for found in node.get_nodes_by_type(kind)]


def names(app: AppConfig) -> list[str]:
    folder = Path(app.path) / "templates"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


@cache
def owners() -> dict[str, str]:
    """The module that answers, by the name of its address; for a viewset, where it is written."""
    viewed = {
        viewset.name: type(viewset).__module__ for viewset in viewsets.viewsets if viewset.name
    }
    found = {}
    for name, pattern in patterns(get_resolver().url_patterns):
        view = getattr(pattern.callback, "view_class", pattern.callback)
        found[name] = viewed.get(name.rpartition(":")[0], view.__module__)
    return found


def patterns(
    found: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for each in found:
        if isinstance(each, URLResolver):
            within = f"{before}{each.namespace}:" if each.namespace else before
            yield from patterns(each.url_patterns, within)
        elif each.name:
            yield before + each.name, each


def test_every_app_of_ours_is_a_room() -> None:
    ours = {app.name for app in apps.get_app_configs() if is_ours(app.name)}
    assert ours - set(PURE) == {*ROOMS, SHARED}
    assert ROOMS[0] == "consult"


@pytest.mark.parametrize("room", ROOMS)
def test_templates_of_a_room_compile_without_the_rooms_above(room: str) -> None:
    standing = Standing(ROOMS[ROOMS.index(room) :])
    app = next(app for app in apps.get_app_configs() if app.name == room)
    assert names(app) or room == "feedback.outbox"
    assert not [problem for name in names(app) for problem in standing.compile(name)]


def test_what_all_share_compiles_by_itself() -> None:
    standing = Standing([])
    shared = names(next(app for app in apps.get_app_configs() if app.name == SHARED))
    assert "look/base.html" in shared
    assert not [problem for name in shared for problem in standing.compile(name)]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('{% extends "asking/home.html" %}', "TemplateDoesNotExist"),
        ('{% if a %}{% include "reporting/quote.html" %}{% endif %}', "TemplateDoesNotExist"),
        ("{% load published %}", "is not a registered tag library"),
        ("{% url 'asking:home' %}", "asking:home is of a room above"),
        ("{% url 'engagements:edit' 1 as a %}", "engagements:edit is of a room above"),
        ("{% load static %}{% static 'review/desk.css' %}", "desk.css is of a room above"),
        ('{% extends "look/base.html" %}{% load look dates %}{% url "account_logout" %}', ""),
    ],
)
def test_what_is_of_a_room_above_is_found(source: str, problem: str, tmp_path: Path) -> None:
    """Asked of the room of people: what a template there may not say, and one that is right."""
    standing = Standing(["feedback.people", "feedback.outbox"])
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "new.html").write_text(source)
    people = next(app for app in standing.apps if app.name == "feedback.people")
    standing.engine.dirs.append(str(tmp_path))
    standing.apps.append(type("Here", (), {"name": people.name, "path": str(tmp_path)}))
    found = list(standing.compile("people/new.html"))
    assert len(found) == bool(problem)
    assert problem in "".join(found)
