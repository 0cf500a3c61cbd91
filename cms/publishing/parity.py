"""Both languages or nothing: what must hold of a pair of pages before either may go live.

Rules over plain values. `cms.publishing.faces` reads a page into a `Face`;
`cms.publishing.services.pairs` asks these rules and publishes; `cms.publishing.gate` sees to it
that no other way leads to a live page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_noop as _

LANGUAGES = ("en", "fr")
LANGUAGE_NAMES = {"en": gettext_lazy("English"), "fr": gettext_lazy("French")}
# The page as a whole, in a sentence: "The French version ..."
VERSIONS = {"en": gettext_lazy("English version"), "fr": gettext_lazy("French version")}

# Texts this short may be the same in both languages: names, places, "Documents", "Consultation".
WORDS_THAT_MAY_AGREE = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
# What is the same in every language, however long: addresses.
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+|(?:https?://|www\.)\S+")


class Kind(StrEnum):
    """What a leaf of a page is."""

    TEXT = "text"  # said in the page's language
    SHARED = "shared"  # one value for both: a date, a theme, a quote
    OWN = "own"  # each language has its own (a file), and must have one where the other does


class Code(StrEnum):
    """What is wrong with a pair."""

    NO_COUNTERPART = "no_counterpart"
    ENGAGEMENT = "engagement"
    PARENT = "parent"
    STRUCTURE = "structure"
    EMPTY = "empty"
    DIFFERS = "differs"
    UNTRANSLATED = "untranslated"
    INVALID = "invalid"
    SCHEDULE = "schedule"
    NOT_SCHEDULED = "not_scheduled"
    PARENT_NOT_LIVE = "parent_not_live"
    STALE = "stale"
    NOT_APPROVED = "not_approved"
    KIND = "kind"
    UNKNOWN_THEME = "unknown_theme"
    UNKNOWN_QUOTE = "unknown_quote"
    QUOTE_GONE = "quote_gone"
    LIVE = "live"
    STILL_OPEN = "still_open"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a page. ``path`` is its place, the same in both languages; ``shown`` is what a
    page would show of it, where ``value`` only tells two of them apart."""

    path: tuple[str, ...]
    label: str
    kind: Kind
    value: str
    shown: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Face:
    """All that a page says, in the order it says it."""

    language: str
    leaves: tuple[Leaf, ...]

    def by_path(self) -> dict[tuple[str, ...], Leaf]:
        return {leaf.path: leaf for leaf in self.leaves}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a pair may not go live. ``language`` is where to mend it, if only there."""

    code: Code
    language: str = ""
    label: str = ""
    detail: str = ""

    @property
    def message(self) -> str:
        """What is missing and what to do, in the active language."""
        words = {
            "language": str(LANGUAGE_NAMES.get(self.language, "")),
            "version": str(VERSIONS.get(self.language, "")),
            "other": str(VERSIONS.get(other_language(self.language), "")),
            "label": self.label,
            "detail": self.detail,
        }
        return gettext(_MESSAGES[self.code]) % words


_MESSAGES = {
    Code.NO_COUNTERPART: _("There is no %(version)s yet. Begin it, then publish both."),
    Code.ENGAGEMENT: _("The two versions belong to different engagements. Choose the same one."),
    Code.PARENT: _(
        "The two versions are not in the same place of the site. Move one of them: the other goes "
        "along."
    ),
    Code.STRUCTURE: _(
        "“%(label)s” is in one language only, or in another order. Add it to the %(version)s, or "
        "remove it from the other."
    ),
    Code.EMPTY: _("“%(label)s” is empty in the %(version)s. Fill it in, or empty it in the other."),
    Code.DIFFERS: _("“%(label)s” is not the same in both languages: %(detail)s."),
    Code.UNTRANSLATED: _(
        "“%(label)s” says the same in both languages. Write it in the language of the page."
    ),
    Code.INVALID: _("“%(label)s”, %(version)s: %(detail)s"),
    Code.SCHEDULE: _(
        "The two versions are to be published, or to expire, at different times. Give both the "
        "same times."
    ),
    Code.NOT_SCHEDULED: _("The %(version)s is not scheduled for this time. Neither is published."),
    Code.PARENT_NOT_LIVE: _("The page above this one is not published yet. Publish it first."),
    Code.STALE: _(
        "The %(version)s has not changed since it was last published, but the %(other)s has. "
        "Bring it up to date."
    ),
    Code.NOT_APPROVED: _(
        "What these pages ask is not approved yet. An approver approves the engagement; then these "
        "pages can be published."
    ),
    Code.KIND: _("A consultation needs a consultation page, a survey a survey page."),
    Code.STILL_OPEN: _(
        "The consultation or survey is still open. Its report is published after it closes."
    ),
    Code.LIVE: _("These pages, or pages below them, are published. Unpublish them first."),
    Code.UNKNOWN_THEME: _("The numbers of this report have no theme “%(label)s”. Remove it."),
    Code.UNKNOWN_QUOTE: _("“%(label)s” is not from the answers this report is about. Remove it."),
    Code.QUOTE_GONE: _(
        "“%(label)s” holds no comment, or one that was withdrawn or is no longer in its theme. "
        "Choose another in both versions, or remove it."
    ),
}


class ParityError(PermissionDenied):
    """A pair may not go live as asked, and why. Wagtail's admin and API turn it into a refusal."""

    def __init__(self, problems: Iterable[Problem] = (), message: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__(message or " ".join(problem.message for problem in self.problems))


def other_language(language: str) -> str:
    return "fr" if language == "en" else "en"


def face_problems(english: Face, french: Face) -> list[Problem]:
    """Every difference between two faces that a reader of either language would be owed."""
    return [
        *_structure(english, french),
        *_shared_values(english, french),
        *_empty_on_one_side(english, french),
        *_untranslated(english, french),
    ]


def stale_problem(changed: dict[str, bool]) -> list[Problem]:
    """One language edited since both were last published, the other not."""
    unchanged = [language for language in LANGUAGES if not changed[language]]
    return [Problem(Code.STALE, language=unchanged[0])] if len(unchanged) == 1 else []


def _structure(english: Face, french: Face) -> Iterator[Problem]:
    """Same fields, same blocks, same order. One remark a block, not one for each of its leaves."""
    for face, other in ((english, french), (french, english)):
        missing = set(other.by_path()) - set(face.by_path())
        seen: set[tuple[str, ...]] = set()
        for leaf in other.leaves:
            if leaf.path not in missing:
                continue
            top = _missing_from(leaf.path, face)
            if top not in seen:
                seen.add(top)
                yield Problem(Code.STRUCTURE, language=face.language, label=leaf.label)


def _missing_from(path: tuple[str, ...], face: Face) -> tuple[str, ...]:
    """The shortest beginning of ``path`` that ``face`` does not have."""
    for length in range(1, len(path) + 1):
        head = path[:length]
        if not any(leaf.path[:length] == head for leaf in face.leaves):
            return head
    return path


def _pairs(english: Face, french: Face, kind: Kind) -> Iterator[tuple[Leaf, Leaf]]:
    theirs = french.by_path()
    for leaf in english.leaves:
        match = theirs.get(leaf.path)
        if match is not None and leaf.kind == match.kind == kind:
            yield leaf, match


def _shared_values(english: Face, french: Face) -> Iterator[Problem]:
    for leaf, match in _pairs(english, french, Kind.SHARED):
        if leaf.value != match.value:
            yield Problem(
                Code.DIFFERS,
                label=leaf.label,
                detail=f"{leaf.value or '–'} / {match.value or '–'}",
            )


def _empty_on_one_side(english: Face, french: Face) -> Iterator[Problem]:
    for kind in (Kind.TEXT, Kind.OWN):
        for leaf, match in _pairs(english, french, kind):
            if bool(leaf.value) != bool(match.value):
                language = "fr" if leaf.value else "en"
                yield Problem(Code.EMPTY, language=language, label=leaf.label)


def _untranslated(english: Face, french: Face) -> Iterator[Problem]:
    for leaf, match in _pairs(english, french, Kind.TEXT):
        if leaf.value and _plain(leaf.value) == _plain(match.value) and must_differ(leaf.value):
            yield Problem(Code.UNTRANSLATED, label=leaf.label)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def must_differ(text: str) -> bool:
    """Whether a text this long cannot be the same in both languages.

    Codes, numbers, addresses and up to three words may: "Consultations Bellerive", "2026-27".
    """
    return len(_WORD.findall(_ADDRESS.sub(" ", text))) > WORDS_THAT_MAY_AGREE


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a pair. ``only_stale``: nothing else stands in the way."""

    problems: tuple[Problem, ...] = field(default=())

    @property
    def may_publish(self) -> bool:
        return not self.problems

    @property
    def is_stale(self) -> bool:
        return any(p.code == Code.STALE for p in self.problems)

    @property
    def only_stale(self) -> bool:
        return bool(self.problems) and all(p.code == Code.STALE for p in self.problems)

    @property
    def only_since(self) -> bool:
        """Nothing but what came up after somebody scheduled the pair: a quote that was withdrawn
        is no longer shown, and keeps no report from coming out at its time."""
        return bool(self.problems) and all(
            p.code in (Code.STALE, Code.QUOTE_GONE) for p in self.problems
        )
