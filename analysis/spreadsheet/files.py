"""The two files that other programs read: ``themes.json`` and ``assignments.csv``.

The same input and configuration give the same bytes: nothing here depends on the clock, the
machine's cores, or the order of a set.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.catalogue import Message, gettext_noop
from analysis.figures.intervals import wilson
from analysis.spreadsheet.questions import interval_json, questions_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.pipeline.types import Confidence
    from analysis.spreadsheet.outcome import Outcome

COLUMNS = ("id", "theme", "main", "score", "passage", "start", "end", "reason")

_METHOD = Message(
    gettext_noop(
        "Texts are put into one space for both languages by a sentence encoder that runs on this "
        "machine, grouped with those close to them in meaning, and described from their own words. "
        "No theme is given in advance and nothing is sent anywhere."
    )
)
# With --codebook the themes are given, not found.
_METHOD_GIVEN = Message(
    gettext_noop(
        "Texts are put into one space for both languages by a sentence encoder that runs on this "
        "machine and compared with the names, definitions and examples of the codebook. What fits "
        "none of its themes is said to fit none, or grouped as a candidate. Nothing is sent "
        "anywhere."
    )
)


# With --namer a model has seen some passages.
_METHOD_NAMED = Message(
    gettext_noop(
        "Texts are put into one space for both languages by a sentence encoder that runs on this "
        "machine, grouped with those close to them in meaning, and described from their own words. "
        "No theme is given in advance. A few passages of themes, personal information hidden, were "
        "sent to the generative model named with --namer, whose names are marked; nothing else was "
        "sent anywhere."
    )
)


def method(outcome: Outcome) -> Message:
    """How the themes were made, in a paragraph."""
    if outcome.source.get("codebook"):
        return _METHOD_GIVEN
    return _METHOD_NAMED if outcome.result.shown_to else _METHOD


def _confidence(confidence: Confidence) -> dict[str, object]:
    return {
        "level": confidence.level.value,
        "reason_en": confidence.reason_en,
        "reason_fr": confidence.reason_fr,
        "stability": None if confidence.stability is None else round(confidence.stability, 4),
    }


def themes_json(outcome: Outcome) -> str:
    """Everything about the themes as JSON text, UTF-8, two spaces, keys in a fixed order.

    ``quotes[].id`` is the id of a row and ``quotes[].text`` the words of that row, personal
    information hidden; ``start`` and ``end`` count characters of the row as it was given.
    ``share`` is of the documents that say something, with its 95 % interval (Wilson).
    """
    result, base = outcome.result, outcome.base
    value = {
        "source": dict(outcome.source),
        "n": {
            "documents": outcome.documents,
            "base": base,
            "themed": outcome.themed,
            "unthemed": {reason.value: len(ids) for reason, ids in outcome.unthemed.items()},
        },
        "confidence": _confidence(result.confidence),
        "themes": [
            {
                "code": t.code,
                "parent": t.parent,
                "name_en": t.name_en,
                "name_fr": t.name_fr,
                "description_en": t.description_en,
                "description_fr": t.description_fr,
                "keywords_en": list(t.keywords_en),
                "keywords_fr": list(t.keywords_fr),
                "size": t.size,
                "share": interval_json(wilson(min(t.size, base), base) if base else None),
                "main": outcome.main[t.code],
                "passages": t.passages,
                "languages": dict(sorted(t.languages.items())),
                "confidence": _confidence(t.confidence),
                "warnings": [
                    {
                        "kind": w.kind.value,
                        "reason_en": w.reason_en,
                        "reason_fr": w.reason_fr,
                        "themes": list(w.themes),
                    }
                    for w in t.warnings
                ],
                "coverage": {
                    each.language.value: {"says": each.says, "of": each.of} for each in t.covered
                },
                "unnamed": [language.value for language in t.unnamed],
                "named_by": t.named_by,
                "emergent": t.emergent,
                "quotes": [
                    {
                        "id": q.document_id,
                        "language": q.language.value,
                        "border": q.border,
                        "at_random": q.at_random,
                        "start": q.start,
                        "end": q.end,
                        "text": q.text,
                    }
                    for q in t.quotes
                ],
            }
            for t in result.themes
        ],
        "campaigns": [
            {
                "code": c.code,
                "representative": c.representative,
                "size": len(c.document_ids),
                "languages": dict(sorted(c.languages.items())),
                "linked": c.linked,
                "link_score": None if c.link_score is None else round(c.link_score, 4),
                "ids": outcome.in_order(c.document_ids),
            }
            for c in result.campaigns
        ],
        "repeats": [
            {
                "representative": r.representative,
                "text": r.text,
                "language": r.language.value,
                "size": len(r.document_ids),
                "ids": outcome.in_order(r.document_ids),
            }
            for r in result.repeats
        ],
        "by": questions_json(outcome.questions),
        "in_order_of_likeness": list(result.order),
        "masked": dict(sorted(result.masked.items())),
        "metrics": {k: round(v, 6) for k, v in sorted(result.metrics.items())},
        "method": method(outcome).in_both(),
        "naming": [
            {language: why.said_in(language) for language in ("en", "fr")} for why in result.naming
        ],
        "seed": result.config.get("seed"),
        "config": dict(sorted(result.config.items())),
        "versions": dict(sorted(result.versions.items())),
        "corpus_digest": result.corpus_digest,
    }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def assignment_cells(outcome: Outcome) -> Iterator[tuple[str | int, ...]]:
    """The rows of assignments.csv: one for each passage, in the order of the file."""
    for row in assignment_rows(outcome):
        score = row[3]
        yield (*row[:3], "" if score is None else f"{score:.4f}", *row[4:])


def assignment_rows(
    outcome: Outcome,
) -> Iterator[tuple[str, str, int, float | None, str, int, int, str]]:
    """What stands under COLUMNS, as values; ``score`` is None where there is no theme."""
    place = outcome.place
    for a in sorted(
        outcome.result.assignments, key=lambda a: (place[a.document_id], a.start, a.end, not a.main)
    ):
        yield (
            a.document_id,
            a.theme or "",
            int(a.main),
            a.score if a.theme is not None else None,
            a.text.replace("\x00", ""),
            a.start,
            a.end,
            a.reason.value if a.reason is not None else "",
        )
