"""What is counted of a report, whole, and what of it may be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class People:
    """Everything a report counts, whole, as sets of the ids of answers.

    ``wrote`` gives the language each was written in ("en", "fr" or another), ``forms`` that of the
    form. ``themes`` are those of the first level; ``parts`` by the code of the theme above.
    ``reasons`` says of each that is in no theme why. ``responses`` counts all standing responses by
    language of the form and by channel, those without a comment too. ``campaigns`` are the answers
    of each letter.
    """

    wrote: Mapping[int, str]
    forms: Mapping[int, str]
    themes: Mapping[str, Collection[int]]
    parts: Mapping[str, Mapping[str, Collection[int]]]
    campaigns: Mapping[str, Collection[int]]
    reasons: Mapping[int, str]
    languages: Mapping[str, int]
    channels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What may be published of one theme, or of all other themes together.

    ``n`` people, or at least so many. ``by_language`` is empty, ``in_letters`` None, where that
    division is not told.
    """

    n: int
    is_at_least: bool = False
    by_language: Mapping[str, int] = field(default_factory=dict)
    in_letters: int | None = None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be published of a report. Empty or None is what is not told.

    ``themes`` by code, largest first; ``joined`` are the codes of those that are large enough to be
    written about and are counted under ``others``, which are all other themes together and, where
    ``others_hold_unthemed``, those in no theme. ``unthemed`` counts the latter by reason.
    """

    smallest: int
    responses: int | None
    languages: Mapping[str, int]
    channels: Mapping[str, int]
    with_text: int
    with_text_languages: Mapping[str, int]
    themes: Mapping[str, Told]
    parts: Mapping[str, Mapping[str, int]]
    joined: tuple[str, ...]
    others: Told | None
    others_hold_unthemed: bool
    unthemed: Mapping[str, int]
    letters: int
    campaigns: int

    @property
    def in_themes(self) -> int | None:
        """People in a theme; None where it would give those in none away."""
        if self.others_hold_unthemed:
            return None
        if self.smallest <= 0 or self.unthemed:
            return self.with_text - sum(self.unthemed.values())
        return None
