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
from cms.publishing.parity import LANGUAGES, Face, Kind, Leaf, Problem
from feedback.dates import is_french, long_date

PASSAGE = "passage"
# The parts by which a block is called.
NAMES = ("heading", "label", "title")


@dataclass(frozen=True, slots=True)
class Side:
    """One value in one language. ``lang`` is empty where nobody knows; ``is_there`` is False where
    this language has no such part. ``was``: what readers see of it, where that is something else.
    """

    text: Any
    lang: str
    is_there: bool = True
    was: Any = None


@dataclass(frozen=True, slots=True)
class Line:
    """One value in both languages. ``is_shared``: it is one and the same, such as a quote."""

    label: str
    sides: tuple[Side, ...]
    problems: tuple[Problem, ...] = ()
    is_shared: bool = False
    is_quote: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether readers see something else, in one language or both."""
        return any(side.was is not None for side in self.sides)


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

    @property
    def changes(self) -> int:
        """How many things here are not as readers see them."""
        return sum(line.is_changed for line in self.lines)


def comparison(
    english: PairedPage,
    french: PairedPage,
    problems: Iterable[Problem],
    published: tuple[Face, Face] | None = None,
) -> list[Section]:
    """The two drafts in the order of the page; what is empty in both is left out. ``published``:
    what readers see, to say beside each value what it was."""
    faces = [face_of(english).by_path(), face_of(french).by_path()]
    before = [face.by_path() for face in published] if published is not None else None
    # What readers see and the drafts no longer have comes last in its part.
    order = dict.fromkeys(path for face in (*faces, *(before or ())) for path in face)
    quotes: dict[tuple[str, int], QuoteView] = {}
    for page in (english, french):
        quotes |= page.quoted()
    told = list(problems)
    sections: dict[tuple[str, ...], Section] = {(): Section("", "page")}
    for path in order:
        leaves = [face.get(path) for face in faces]
        gone = [face.get(path) for face in before or ()]
        leaf = next(each for each in (*leaves, *gone) if each is not None)
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
        was = [face.get(path) for face in before] if before is not None else None
        line = _line(leaf, leaves, quote, sections[block].title, about, was)
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
    before: list[Leaf | None] | None,
) -> Line | None:
    label = capfirst(capfirst(leaf.label).removeprefix(section).removeprefix(", "))
    if leaf.path[-1] == PASSAGE:
        is_gone = not any(leaves)
        text = (
            quote.text
            if quote is not None
            else gettext("Removed")
            if is_gone
            else gettext("Withdrawn, or no longer in this theme. It is not shown.")
        )
        is_same = before is None or leaf.value == _value(before[0]) == _value(leaves[0])
        lang = quote.language if quote is not None and quote.language in LANGUAGES else ""
        return Line(
            label.rpartition(", ")[0],
            (Side(text, lang, was=None if is_same else gettext("another quote, or none")),),
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
    was = [
        _was(found, old, language)
        for language, found, old in zip(LANGUAGES, leaves, before or leaves, strict=True)
    ]
    sides = tuple(
        Side(_shown(found, language), language, is_there=found is not None, was=old)
        for language, found, old in zip(LANGUAGES, leaves, was, strict=True)
    )
    is_said = any(found is not None and found.value for found in leaves)
    if not problems and not is_said and not any(old is not None for old in was):
        return None
    return Line(label, sides, problems)


def _was(leaf: Leaf | None, before: Leaf | None, language: str) -> Any:
    """What readers see in its stead; None where it is the same, empty where there was nothing."""
    return None if _value(leaf) == _value(before) else _shown(before, language)


def _value(leaf: Leaf | None) -> str:
    return leaf.value if leaf is not None else ""


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
