"""The two files that other programs read: ``themes.json`` and ``assignments.csv``.

The same input and configuration give the same bytes: nothing here depends on the clock, the
machine's cores, or the order of a set.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING

from analysis.pipeline.types import Reason
from analysis.spreadsheet.safety import spreadsheet_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.pipeline.types import Confidence, Document, PassageAssignment, Result

COLUMNS = ("id", "theme", "main", "score", "passage", "start", "end", "reason")

METHOD = {
    "en": (
        "Texts are put into one space for both languages by a sentence encoder that runs on this "
        "machine, grouped by the communities of their nearest neighbours, and described from their "
        "own words. No theme is given in advance and nothing is sent anywhere."
    ),
    "fr": (
        "Un encodeur de phrases exécuté sur cet ordinateur place les textes dans un même espace "
        "pour les deux langues; les textes voisins sont regroupés en communautés, puis décrits "
        "avec leurs propres mots. Aucun thème n'est fixé d'avance et rien n'est envoyé nulle part."
    ),
}


def unthemed(result: Result) -> dict[Reason, list[str]]:
    """The documents in no theme, by the reason they carry, in the result's order."""
    themed = {a.document_id for a in result.assignments if a.theme is not None}
    why: dict[str, Reason] = {}
    for a in result.assignments:
        if a.document_id not in themed and a.reason is not None:
            why.setdefault(a.document_id, a.reason)
    return {r: [d for d, reason in why.items() if reason is r] for r in Reason}


def _confidence(confidence: Confidence) -> dict[str, object]:
    return {
        "level": confidence.level.value,
        "reason_en": confidence.reason_en,
        "reason_fr": confidence.reason_fr,
        "stability": None if confidence.stability is None else round(confidence.stability, 4),
    }


def themes_json(result: Result, *, documents: Sequence[Document], source: dict[str, object]) -> str:
    """Everything about the themes as JSON text, UTF-8, two spaces, keys in a fixed order.

    ``quotes[].id`` is the id of a row and ``quotes[].text`` the words of that row, personal
    information hidden; ``start`` and ``end`` count characters of the row as it was given.
    """
    main = Counter(a.theme for a in result.assignments if a.main)
    set_aside = unthemed(result)
    value = {
        "source": source,
        "n": {
            "documents": len(documents),
            "themed": len({a.document_id for a in result.assignments if a.theme is not None}),
            "unthemed": {reason.value: len(ids) for reason, ids in set_aside.items()},
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
                "main": main[t.code]
                + sum(main[c.code] for c in result.themes if c.parent == t.code),
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
                "unnamed": [language.value for language in t.unnamed],
                "quotes": [
                    {
                        "id": q.document_id,
                        "language": q.language.value,
                        "border": q.border,
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
                "ids": list(c.document_ids),
            }
            for c in result.campaigns
        ],
        "masked": dict(sorted(result.masked.items())),
        "metrics": {k: round(v, 6) for k, v in sorted(result.metrics.items())},
        "method": METHOD,
        "seed": result.config.get("seed"),
        "config": dict(sorted(result.config.items())),
        "versions": dict(sorted(result.versions.items())),
        "corpus_digest": result.corpus_digest,
    }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def assignments_csv(result: Result, *, documents: Sequence[Document]) -> bytes:
    """One row for each passage, in the order of the file, as Excel opens it without being asked.

    UTF-8 with a byte order mark, commas, CRLF (RFC 4180). A cell that a spreadsheet program could
    take for a formula has an apostrophe in front (``spreadsheet_restore`` takes it away).
    """
    place = {d.id: i for i, d in enumerate(documents)}
    rows: list[PassageAssignment] = sorted(
        result.assignments, key=lambda a: (place[a.document_id], a.start, a.end)
    )
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for a in rows:
        writer.writerow(
            [
                spreadsheet_safe(a.document_id),
                a.theme or "",
                int(a.main),
                f"{a.score:.4f}" if a.theme is not None else "",
                spreadsheet_safe(a.text.replace("\x00", "")),
                a.start,
                a.end,
                a.reason.value if a.reason is not None else "",
            ]
        )
    return out.getvalue().encode("utf-8-sig", "replace")
