"""A finished run as the writers need it: what each of them counts is counted here, once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.figures.splits import Split, Value
from analysis.figures.splits.comparing import split
from analysis.pipeline.types import Language, Reason, Repeat, Result, ThemeProposal
from analysis.spreadsheet.documents import Input
from analysis.spreadsheet.questions import Question, questions_of
from analysis.spreadsheet.words import languages

if TYPE_CHECKING:
    from analysis.spreadsheet.comparison import Comparison

# Reasons for which a text holds nothing to group: they are not part of the base of any share.
EMPTY = (Reason.NO_ANSWER, Reason.DECLINED, Reason.TEST, Reason.UNREADABLE)


# People who wrote the same words from which a reader is told.
REPEATED = 3


@dataclass(frozen=True)
class Outcome:
    """What was given, what came of it, and where it came from (for the files' first lines)."""

    result: Result
    given: Input
    source: Mapping[str, object] = field(default_factory=dict)
    comparison: Comparison | None = None

    @cached_property
    def top(self) -> tuple[ThemeProposal, ...]:
        """The themes of the upper level, the largest first."""
        found = [t for t in self.result.themes if t.parent is None]
        return tuple(sorted(found, key=lambda t: (-t.size, t.code)))

    @cached_property
    def parts(self) -> dict[str, list[ThemeProposal]]:
        """The themes under each code, the largest first."""
        found: dict[str, list[ThemeProposal]] = defaultdict(list)
        for t in sorted(self.result.themes, key=lambda t: (-t.size, t.code)):
            if t.parent is not None:
                found[t.parent].append(t)
        return found

    @cached_property
    def parent(self) -> dict[str, str]:
        """The upper theme of each code; its own for an upper one."""
        return {t.code: t.parent or t.code for t in self.result.themes}

    @cached_property
    def members(self) -> dict[str, set[str]]:
        """The ids of the documents of each upper theme; a long one can be in several."""
        found: dict[str, set[str]] = {t.code: set() for t in self.top}
        for a in self.result.assignments:
            if a.theme is not None:
                found[self.parent[a.theme]].add(a.document_id)
        return found

    @cached_property
    def main(self) -> Counter[str]:
        """Documents by main theme; an upper theme holds those of its parts."""
        found: Counter[str] = Counter()
        for a in self.result.assignments:
            if a.main and a.theme is not None:
                found[a.theme] += 1
                if self.parent[a.theme] != a.theme:
                    found[self.parent[a.theme]] += 1
        return found

    @cached_property
    def unthemed(self) -> dict[Reason, list[str]]:
        """The documents in no theme, by the reason they carry, in the order of the file."""
        themed = {a.document_id for a in self.result.assignments if a.theme is not None}
        why: dict[str, Reason] = {}
        for a in self.result.assignments:
            if a.document_id not in themed and a.reason is not None:
                why.setdefault(a.document_id, a.reason)
        found: dict[Reason, list[str]] = {reason: [] for reason in Reason}
        for name in self.in_order(why):
            found[why[name]].append(name)
        return found

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each document stands in the file."""
        return {d.id: i for i, d in enumerate(self.given.documents)}

    def in_order(self, ids: Iterable[str]) -> list[str]:
        """Ids as the file has them, not as their letters or figures sort."""
        return sorted(ids, key=self.place.__getitem__)

    @property
    def documents(self) -> int:
        """All that were given."""
        return len(self.given.documents)

    @cached_property
    def base(self) -> int:
        """Documents that say something: what every share is a share of."""
        return self.documents - sum(len(self.unthemed[r]) for r in EMPTY)

    @cached_property
    def themed(self) -> int:
        """Documents in a theme."""
        return self.documents - sum(len(ids) for ids in self.unthemed.values())

    @cached_property
    def language_of(self) -> dict[str, str]:
        """The language of each document that says something: that of its first passage."""
        empty = {i for reason in EMPTY for i in self.unthemed[reason]}
        seen: dict[str, str] = {}
        for a in self.result.assignments:
            if a.document_id not in empty:
                seen.setdefault(a.document_id, a.language.value)
        return seen

    @cached_property
    def languages(self) -> Counter[str]:
        """Documents that say something, by language."""
        return Counter(self.language_of.values())

    @cached_property
    def spoken(self) -> dict[str, Counter[str]]:
        """Documents of each upper theme, by language."""
        return {
            code: Counter(self.language_of[i] for i in ids) for code, ids in self.members.items()
        }

    @cached_property
    def balance(self) -> Split | None:
        """The upper themes beside the two languages; None where only one is spoken."""
        if not self.languages["en"] or not self.languages["fr"]:
            return None
        said_en, said_fr = languages("en"), languages("fr")
        spoken = {i: lang for i, lang in self.language_of.items() if lang in ("en", "fr")}
        return split(
            themes={t.code: self.members[t.code] & spoken.keys() for t in self.top if t.size},
            answers=spoken,
            values=[Value(code, said_en[code], said_fr[code]) for code in ("en", "fr")],
            everyone=spoken.keys(),
            letters=spoken.keys() & {i for c in self.result.campaigns for i in c.document_ids},
        )

    @cached_property
    def copies(self) -> Counter[str]:
        """For each upper theme, the letters beyond one of each campaign."""
        letter = {i: c.code for c in self.result.campaigns for i in c.document_ids}
        found: Counter[str] = Counter()
        for code, ids in self.members.items():
            sent = Counter(letter[i] for i in ids if i in letter)
            found[code] = sum(n - 1 for n in sent.values())
        return found

    @cached_property
    def repeated(self) -> dict[str, list[Repeat]]:
        """What several people wrote in the same words, letters included, by upper theme.

        The most often written first; "" where it is in none.
        """
        where = {
            a.document_id: self.parent[a.theme]
            for a in self.result.assignments
            if a.theme is not None and a.main
        }
        found: dict[str, list[Repeat]] = defaultdict(list)
        sent = [
            Repeat(
                c.representative,
                self.letters[c.representative],
                Language(max(sorted(c.languages), key=lambda code: c.languages[code])),
                c.document_ids,
            )
            for c in self.result.campaigns
        ]
        for repeat in sorted((*sent, *self.result.repeats), key=lambda r: -len(r.document_ids)):
            if len(repeat.document_ids) >= REPEATED:
                found[where.get(repeat.representative, "")].append(repeat)
        return found

    @cached_property
    def letters(self) -> dict[str, str]:
        """The words of each campaign's representative, personal information hidden, by its id."""
        return self.masked_texts({c.representative for c in self.result.campaigns})

    def masked_texts(self, wanted: Collection[str]) -> dict[str, str]:
        """The words of the documents ``wanted`` by id, personal information hidden."""
        own = [a for a in self.result.assignments if a.document_id in wanted]
        own.sort(key=lambda a: (a.document_id, a.start))
        found: dict[str, dict[int, str]] = defaultdict(dict)
        for a in own:
            found[a.document_id][a.start] = a.text
        return {name: " ".join(parts.values()) for name, parts in found.items()}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The upper themes beside each column asked for."""
        return questions_of(
            self.given.by,
            themes={t.code: self.members[t.code] for t in self.top if t.size},
            everyone=self.language_of.keys(),
            letters={i for c in self.result.campaigns for i in c.document_ids},
        )
