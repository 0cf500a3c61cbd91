"""Both drafts of a pair side by side, block by block: what a person reads before saying yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext, override

from analysis.review.selectors.quotes import QuoteView
from cms.publishing.faces import face_of
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import LANGUAGES, Kind, Leaf, Problem
from feedback.dates import is_french, long_date

PASSAGE = "passage"
# The parts by which a block is called.
NAMES = ("heading", "label", "title")


@dataclass(frozen=True, slots=True)
class Side:
    """One value in one language. ``lang`` is empty where nobody knows; ``is_there`` is False where
    this language has no such part."""

    text: Any
    lang: str
    is_there: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One value in both languages. ``is_shared``: it is one and the same, such as a quote."""

    label: str
    sides: tuple[Side, ...]
    problems: tuple[Problem, ...] = ()
    is_shared: bool = False
    is_quote: bool = False


@dataclass(slots=True)
class Section:
    """A block of the page; the first one, without a title, holds what belongs to none. ``name`` is
    what the block calls itself, in the reader's language where it does."""

    title: str
    anchor: str
    name: str = ""
    lines: list[Line] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """How many things are to be mended here."""
        return sum(len(line.problems) for line in self.lines)


def comparison(
    english: PairedPage, french: PairedPage, problems: Iterable[Problem]
) -> list[Section]:
    """The two drafts in the order of the page; what is empty in both is left out."""
    faces = [face_of(english).by_path(), face_of(french).by_path()]
    order = dict.fromkeys(path for face in faces for path in face)
    quotes: dict[tuple[str, int], QuoteView] = {}
    for page in (english, french):
        quotes |= page.quoted()
    told = list(problems)
    sections: dict[tuple[str, ...], Section] = {(): Section("", "page")}
    for path in order:
        leaves = [face.get(path) for face in faces]
        leaf = next(each for each in leaves if each is not None)
        block = path[:2] if len(path) > 1 else ()
        if path == block and block:
            sections[block] = Section(
                title=capfirst(leaf.label),
                anchor="-".join(path).replace(":", "-"),
                name=_name(faces, path),
            )
            if (line := _numbers(english, french, leaves, faces, path)) is not None:
                sections[block].lines.append(line)
        about = tuple(p for p in told if p.label == leaf.label)
        quote = quotes.get((_code(faces, block), leaf.shown)) if path[-1] == PASSAGE else None
        line = _line(leaf, leaves, quote, sections[block].title, about)
        if line is not None:
            sections[block].lines.append(line)
    return [section for section in sections.values() if section.lines]


def _name(faces: list[dict[tuple[str, ...], Leaf]], block: tuple[str, ...]) -> str:
    own = faces[1] if is_french() else faces[0]
    found = (face.get((*block, part)) for part in NAMES for face in (own, *faces))
    return next((leaf.value for leaf in found if leaf is not None and leaf.value), "")


def _code(faces: list[dict[tuple[str, ...], Leaf]], block: tuple[str, ...]) -> str:
    """Of the theme that a block of a report is about."""
    return next((found.value for face in faces if (found := face.get((*block, "code")))), "")


def _line(
    leaf: Leaf,
    leaves: list[Leaf | None],
    quote: QuoteView | None,
    section: str,
    problems: tuple[Problem, ...],
) -> Line | None:
    label = capfirst(capfirst(leaf.label).removeprefix(section).removeprefix(", "))
    if leaf.path[-1] == PASSAGE:
        text = (
            quote.text
            if quote is not None
            else gettext("Withdrawn, or no longer in this theme. It is not shown.")
        )
        lang = quote.language if quote is not None and quote.language in LANGUAGES else ""
        return Line(
            label.rpartition(", ")[0],
            (Side(text, lang),),
            problems,
            is_shared=True,
            is_quote=quote is not None,
        )
    if leaf.kind == Kind.SHARED and not isinstance(leaf.shown, date):
        # What a block is, and what it belongs to: told by its place, unless it is to be mended.
        missing = tuple(
            Side("", language, is_there=found is not None)
            for language, found in zip(LANGUAGES, leaves, strict=True)
        )
        return Line(label or section, missing, problems) if problems else None
    sides = tuple(
        Side(_shown(found, language), language, is_there=found is not None)
        for language, found in zip(LANGUAGES, leaves, strict=True)
    )
    if not problems and not any(found is not None and found.value for found in leaves):
        return None
    return Line(label, sides, problems)


def _shown(leaf: Leaf | None, language: str) -> Any:
    if leaf is None or not leaf.value:
        return ""
    if isinstance(leaf.shown, date):
        with override(language):
            return long_date(leaf.shown)
    return leaf.shown if leaf.shown is not None else leaf.value


def _numbers(
    english: PairedPage,
    french: PairedPage,
    leaves: list[Leaf | None],
    faces: list[dict[tuple[str, ...], Leaf]],
    path: tuple[str, ...],
) -> Line | None:
    """What the machine will say of a block: the numbers that a theme was drafted with."""
    code = _code(faces, path)
    sides = []
    for language, page, leaf in zip(LANGUAGES, (english, french), leaves, strict=True):
        with override(language):
            said = page.numbers_in_words(code)
        sides.append(Side(said, language, is_there=leaf is not None))
    return Line(gettext("Numbers"), tuple(sides)) if any(side.text for side in sides) else None
