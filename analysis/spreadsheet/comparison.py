"""Two runs on the same people's comments: what became of each theme.

Themes are paired one to one so that the documents and the words they share add up to most
(assignment problem, Kuhn 1955). What is left appeared or went, and it is said where its documents
came from or are now. Shares of two runs that have some documents in common are not independent;
their difference has the variance of partially overlapping samples (Derrick, Dobson-McKittrick,
Toher and White 2015).
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from analysis.catalogue import Message
from analysis.catalogue import gettext_noop as _
from analysis.figures.cells import spreadsheet_restore
from analysis.figures.intervals import Interval, wilson
from analysis.pipeline.reading.normalise import words
from analysis.pipeline.types import Document, Result
from analysis.spreadsheet.errors import SpreadsheetError
from analysis.spreadsheet.questions import interval_cells

# What two themes have in common, from 0 to 1: mostly documents, a little of the words.
_DOCUMENTS, _WORDS = 0.7, 0.3
# Below this two themes are not the same one grown or shrunk, but split, merged or drawn anew.
_ALIKE = 0.4
# Documents of a theme that both runs must know before no shared one means another theme; with
# fewer, themes that share none are one only if nearly all of their words are the same.
_ENOUGH = 5
_WORDS_ALONE = 0.5
# What stands in place of something hidden.
_HIDDEN = re.compile(r"\[[^\[\]]*\]")
# Below this agreement a theme's change may come from where the runs drew their lines.
_SAME_GROUPS = 0.7
# Ids that stand for other texts: below this share of equal first passages it is another file.
_SAME_TEXTS = 0.2
REGROUPED = Message(
    _(
        "The two runs do not form the same groups: a change below may come from the grouping, not "
        "from people."
    )
)
_EMPTY = (
    "no_substantive_answer",
    "declined_to_answer",
    "looks_like_a_test",
    "could_not_be_read",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """What a run calls one of its upper themes."""

    code: str
    name_en: str
    name_fr: str
    marks: frozenset[str]  # words of names and keywords

    def name(self, language: str) -> str:
        """The name in ``en`` or ``fr``, else in the other, else the code."""
        names = (self.name_en, self.name_fr)
        return (names[language == "fr"] or names[language == "en"]) or self.code


@dataclass(frozen=True, slots=True)
class Grouping:
    """One run, reduced to who is in which upper theme."""

    themes: dict[str, Theme]
    members: dict[str, set[str]]
    main: dict[str, str]
    documents: frozenset[str]
    base: frozenset[str]  # those that say something


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a theme. ``kind``: stayed, grew, shrank, appeared, went.

    ``mostly`` is, for a theme that appeared, the earlier one that held most of its documents, for
    one that went the later one that holds them; with the share of those that both runs know.
    """

    kind: str
    before: Theme | None
    after: Theme | None
    n_before: int
    n_after: int
    share_before: Interval | None
    share_after: Interval | None
    difference: Interval | None = None
    shared: int = 0
    jaccard: float | None = None
    words: float | None = None
    mostly: Theme | None = None
    mostly_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside an earlier one. ``agreement`` is the adjusted Rand index of the main themes
    over the ``agreement_n`` documents that have one in both; None below two themes or documents.
    """

    other: str
    n_before: int
    n_after: int
    common: int
    agreement: float | None
    agreement_n: int
    changes: tuple[Change, ...]

    @property
    def is_regrouped(self) -> bool:
        """Whether the runs group the same texts so differently that changes may come of it."""
        return self.agreement is not None and self.agreement < _SAME_GROUPS

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)


# --- Reading --------------------------------------------------------------------------------------


def grouping_of(result: Result) -> Grouping:
    """A result in memory, reduced."""
    parent = {t.code: t.parent or t.code for t in result.themes}
    themes = {
        t.code: Theme(t.code, t.name_en, t.name_fr, _marks(
            (t.name_en, t.name_fr, *t.keywords_en, *t.keywords_fr)
        ))
        for t in result.themes
        if t.parent is None
    }  # fmt: skip
    return _grouped(
        themes,
        (
            (
                a.document_id,
                None if a.theme is None else parent[a.theme],
                a.main,
                a.reason.value if a.reason else "",
            )
            for a in result.assignments
        ),
    )


def read_run(path: Path, documents: Iterable[Document]) -> Grouping:
    """A folder that an earlier run wrote, or one of its files, to be compared with ``documents``.

    Who is in which theme is in ``assignments.csv``; names and keywords are in ``themes.json``,
    without which the codes have to do. Raises SpreadsheetError: no such folder, not a run, no
    document in both, the same ids for other texts.
    """
    folder = path if path.is_dir() else path.parent
    if not path.exists():
        raise SpreadsheetError(_("There is no run {path} (--compare)."), path=path)
    names, rows = folder / "themes.json", folder / "assignments.csv"
    if not rows.is_file():
        raise SpreadsheetError(
            _("{folder} is not a run to compare with: it has no assignments.csv (--compare)."),
            folder=folder,
        )
    themes, parent = _named_themes(names) if names.is_file() else ({}, None)
    same = _Same({document.id: document.text for document in documents})
    found = _grouped(themes, same.watch(_rows(rows, parent)))
    same.check(folder)
    return found


def _in_the_open(passage: str) -> str:
    return passage if "[" not in passage else max(_HIDDEN.split(passage), key=len).strip()


class _Same:
    """Whether ids stand for the same texts in both runs, seen while a file goes by."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.known: set[str] = set()
        self.alike: set[str] = set()

    def watch(
        self, rows: Iterable[tuple[str, str | None, bool, str, str]]
    ) -> Iterator[tuple[str, str | None, bool, str]]:
        for name, theme, is_main, reason, passage in rows:
            if passage and name in self.texts:
                self.known.add(name)
                # One passage that is still there is enough: others may be cut anew. Of one in which
                # something is hidden, the longest stretch that is not.
                open_ = _in_the_open(passage)
                if open_ and name not in self.alike and open_ in self.texts[name]:
                    self.alike.add(name)
            yield name, theme, is_main, reason

    def check(self, folder: Path) -> None:
        if not self.known:
            raise SpreadsheetError(
                _(
                    "No comment is in both runs: the ids of {folder} are others (--compare). "
                    "Give both runs the same --id column."
                ),
                folder=folder,
            )
        if len(self.alike) < _SAME_TEXTS * len(self.known):
            raise SpreadsheetError(
                _(
                    "The ids of {folder} stand for other texts ({alike} of {known} are the "
                    "same): it is a run of another file (--compare). Give both runs an --id "
                    "column."
                ),
                folder=folder,
                alike=len(self.alike),
                known=len(self.known),
            )


def _named_themes(path: Path) -> tuple[dict[str, Theme], Callable[[str], str]]:
    try:
        value: Any = json.loads(path.read_text("utf-8"))
        found = value["themes"]
        parents = {t["code"]: t["parent"] or t["code"] for t in found}
        themes = {
            t["code"]: Theme(
                t["code"],
                t["name_en"],
                t["name_fr"],
                _marks((t["name_en"], t["name_fr"], *t["keywords_en"], *t["keywords_fr"])),
            )
            for t in found
            if not t["parent"]
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _not_a_run(path) from None

    def parent(code: str) -> str:
        if code not in parents:
            raise _not_a_run(path)
        return str(parents[code])

    return themes, parent


def _rows(
    path: Path, parent: Callable[[str], str] | None
) -> Iterator[tuple[str, str | None, bool, str, str]]:
    needed = {"id", "theme", "main", "passage", "reason"}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not needed <= set(reader.fieldnames or ()):
                raise _not_a_run(path)
            for row in reader:
                theme = spreadsheet_restore(row["theme"])
                if theme:
                    theme = parent(theme) if parent else re.sub(r"^(T\d+)\.\d+$", r"\1", theme)
                yield (
                    spreadsheet_restore(row["id"]),
                    theme or None,
                    row["main"] == "1",
                    row["reason"],
                    spreadsheet_restore(row["passage"]),
                )
    except (OSError, UnicodeDecodeError, csv.Error, ValueError, TypeError):
        raise _not_a_run(path) from None


def _not_a_run(path: Path) -> SpreadsheetError:
    return SpreadsheetError(
        _("{path} was not written by this command, or has been changed (--compare)."), path=path
    )


def _grouped(
    themes: Mapping[str, Theme], rows: Iterable[tuple[str, str | None, bool, str]]
) -> Grouping:
    members: dict[str, set[str]] = defaultdict(set)
    main: dict[str, str] = {}
    documents: set[str] = set()
    base: set[str] = set()
    for name, theme, is_main, reason in rows:
        documents.add(name)
        if theme is not None:
            members[theme].add(name)
            if is_main:
                main[name] = theme
        if reason not in _EMPTY:
            base.add(name)
    known = dict(themes) or {c: Theme(c, "", "", frozenset()) for c in sorted(members)}
    return Grouping(
        known,
        {code: members.get(code, set()) for code in known},
        main,
        frozenset(documents),
        frozenset(base),
    )


def _marks(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(w for text in texts for w in words(text) if len(w) > 2)


# --- Comparing ------------------------------------------------------------------------------------


def compare(before: Grouping, after: Grouping, *, other: str, level: float = 0.95) -> Comparison:
    """What became of the themes of ``before`` in ``after``; ``other`` is the name of ``before``."""
    from sklearn.metrics import adjusted_rand_score

    common = before.documents & after.documents
    pairs = _paired(before, after, common)
    changes = [
        _kept(before, after, old, new, common, level=1 - (1 - level) / max(1, len(pairs)))
        for old, new in pairs
    ]
    changes += [
        _alone("appeared", after, code, before, common)
        for code in after.themes
        if after.members[code] and code not in {new for _, new in pairs}
    ]
    changes += [
        _alone("went", before, code, after, common)
        for code in before.themes
        if before.members[code] and code not in {old for old, _ in pairs}
    ]
    both = sorted(before.main.keys() & after.main.keys())
    labels = [[run.main[i] for i in both] for run in (before, after)]
    measurable = len(both) > 1 and max(len(set(found)) for found in labels) > 1
    return Comparison(
        other=other,
        n_before=len(before.documents),
        n_after=len(after.documents),
        common=len(common),
        agreement=float(adjusted_rand_score(*labels)) if measurable else None,
        agreement_n=len(both),
        changes=tuple(sorted(changes, key=_order)),
    )


def _order(change: Change) -> tuple[int, int, str]:
    theme = change.after or change.before
    return (
        change.kind == "went",
        -max(change.n_after, change.n_before),
        theme.code if theme else "",
    )


def _paired(before: Grouping, after: Grouping, common: frozenset[str]) -> list[tuple[str, str]]:
    from scipy.optimize import linear_sum_assignment

    olds = [c for c in before.themes if before.members[c]]
    news = [c for c in after.themes if after.members[c]]
    if not olds or not news:
        return []
    alike = np.zeros((len(olds), len(news)))
    for i, old in enumerate(olds):
        a = before.members[old] & common
        for j, new in enumerate(news):
            b = after.members[new] & common
            shared = len(a & b)
            if not shared and min(len(a), len(b)) >= _ENOUGH:
                continue
            said = _said_alike(before.themes[old], after.themes[new])
            alike[i, j] = (
                _DOCUMENTS * _jaccard(a, b) + _WORDS * said if shared else _WORDS_ALONE * said
            )
    rows, columns = linear_sum_assignment(-alike)
    return [
        (olds[i], news[j])
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        if alike[i, j] >= _ALIKE
    ]


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def _said_alike(a: Theme, b: Theme) -> float:
    """Dice's coefficient of the words that name and mark two themes."""
    total = len(a.marks) + len(b.marks)
    return 2 * len(a.marks & b.marks) / total if total else 0.0


def _kept(
    before: Grouping, after: Grouping, old: str, new: str, common: frozenset[str], *, level: float
) -> Change:
    a, b = before.members[old], after.members[new]
    difference = _difference(before, after, a, b, level)
    kind = "grew" if difference.low > 0 else "shrank" if difference.high < 0 else "stayed"
    return Change(
        kind=kind,
        before=before.themes[old],
        after=after.themes[new],
        n_before=len(a),
        n_after=len(b),
        share_before=_share(a, before),
        share_after=_share(b, after),
        difference=difference,
        shared=len(a & b),
        jaccard=_jaccard(a & common, b & common),
        words=_said_alike(before.themes[old], after.themes[new]),
    )


def _share(members: set[str], run: Grouping) -> Interval | None:
    return wilson(min(len(members), len(run.base)), len(run.base)) if run.base else None


def _difference(
    before: Grouping, after: Grouping, a: set[str], b: set[str], level: float
) -> Interval:
    """Share after minus share before, with its interval; see the module's source."""
    n, m = len(before.base), len(after.base)
    p, q = len(a) / n, len(b) / m
    both = len(before.base & after.base)
    covariance = (len(a & b) / both - p * q) if both else 0.0
    variance = p * (1 - p) / n + q * (1 - q) / m - 2 * both * covariance / (n * m)
    half = NormalDist().inv_cdf(0.5 + level / 2) * sqrt(max(0.0, variance))
    return Interval(q - p, q - p - half, q - p + half)


def _alone(
    kind: str, run: Grouping, code: str, opposite: Grouping, common: frozenset[str]
) -> Change:
    members = run.members[code]
    known = members & common
    elsewhere = Counter(opposite.main[i] for i in known if i in opposite.main)
    mostly, share = None, 0.0
    if elsewhere:
        best = max(sorted(elsewhere), key=lambda c: elsewhere[c])
        mostly, share = opposite.themes.get(best), elsewhere[best] / len(known)
    theme, found = run.themes[code], _share(members, run)
    new = kind == "appeared"
    return Change(
        kind=kind,
        before=None if new else theme,
        after=theme if new else None,
        n_before=0 if new else len(members),
        n_after=len(members) if new else 0,
        share_before=None if new else found,
        share_after=found if new else None,
        mostly=mostly,
        mostly_share=share,
    )


# --- Writing --------------------------------------------------------------------------------------

COLUMNS = (
    "change",
    "before",
    "before_name_en",
    "before_name_fr",
    "after",
    "after_name_en",
    "after_name_fr",
    "n_before",
    "n_after",
    "share_before",
    "share_before_low",
    "share_before_high",
    "share_after",
    "share_after_low",
    "share_after_high",
    "difference",
    "difference_low",
    "difference_high",
    "shared_documents",
    "jaccard",
    "words_alike",
    "mostly",
    "mostly_share",
)


def comparison_rows(found: Comparison) -> Iterator[list[str | float | int]]:
    """The rows under COLUMNS; what does not apply is empty."""
    for c in found.changes:
        yield [
            c.kind,
            *chain.from_iterable(
                (t.code, t.name_en, t.name_fr) if t else ("", "", "") for t in (c.before, c.after)
            ),
            c.n_before,
            c.n_after,
            *interval_cells(c.share_before),
            *interval_cells(c.share_after),
            *interval_cells(c.difference),
            c.shared if c.jaccard is not None else "",
            "" if c.jaccard is None else round(c.jaccard, 4),
            "" if c.words is None else round(c.words, 4),
            c.mostly.code if c.mostly else "",
            round(c.mostly_share, 4) if c.mostly else "",
        ]


def comparison_json(found: Comparison) -> str:
    """Everything about the comparison as JSON text, keys in a fixed order."""
    value = {
        "other": found.other,
        "documents": {
            "before": found.n_before,
            "after": found.n_after,
            "in_both": found.common,
        },
        "agreement": {
            "adjusted_rand_index": None if found.agreement is None else round(found.agreement, 6),
            "documents": found.agreement_n,
            "same_groups": None if found.agreement is None else not found.is_regrouped,
        },
        "notes": [REGROUPED.in_both()] if found.is_regrouped else [],
        "themes": [
            dict(zip(COLUMNS, (None if cell == "" else cell for cell in row), strict=True))
            for row in comparison_rows(found)
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
