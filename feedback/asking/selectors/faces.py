"""All that the public reads of an engagement and of what it asks, as plain values to compare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feedback.asking.models import Engagement, Question, Questionnaire
from feedback.asking.selectors.questionnaires import questions_of

# One thing that is read: ``what`` names the column, ``question`` and ``choice`` are codes. A text
# has ``en`` and ``fr``, anything else a ``value``.
Line = dict[str, Any]
Face = dict[str, Line]
# What a change carries for each side of a line.
SIDES = ("en", "fr", "value")
# What is only worded, in each language; of all the rest there is one.
WORDS = frozenset({"title", "privacy_notice", "page_title", "text", "hint", "label"})


def engagement_face(engagement: Engagement) -> Face:
    """By a key that stays the same whatever is reworded, every line; an empty one is not there."""
    return {key: line for key, line in _lines(engagement) if _says_something(line)}


def _says_something(line: Line) -> bool:
    return any(line.get(side) not in (None, "", []) for side in SIDES)


def _lines(engagement: Engagement) -> Iterator[tuple[str, Line]]:
    yield "title", _text("title", engagement)
    for what in ("opens_at", "closes_at"):
        moment = getattr(engagement, what)
        yield what, {"what": what, "value": moment.isoformat() if moment else None}
    for what in ("sampling", "contact_email", "subjects", "audiences"):
        yield what, {"what": what, "value": getattr(engagement, what)}
    partners = list(engagement.partner_departments.order_by("code"))
    yield (
        "partner_departments",
        {
            "what": "partner_departments",
            "en": ", ".join(partner.name_en for partner in partners),
            "fr": ", ".join(partner.name_fr for partner in partners),
        },
    )
    questionnaire = Questionnaire.objects.filter(engagement=engagement).first()
    if questionnaire is not None:
        yield from _asked(questionnaire)


def _asked(questionnaire: Questionnaire) -> Iterator[tuple[str, Line]]:
    yield "minutes", {"what": "minutes", "value": questionnaire.minutes}
    yield "privacy_notice", _text("privacy_notice", questionnaire)
    questions = questions_of(questionnaire)
    yield "order", {"what": "questions", "value": [question.code for question in questions]}
    for question in questions:
        yield from _question(question)


def _question(question: Question) -> Iterator[tuple[str, Line]]:
    where = {"question": question.code}
    key = f"question:{question.pk}"
    for what in ("page_title", "text", "hint"):
        yield f"{key}:{what}", _text(what, question) | where
    for what in ("kind", "is_required", "max_length"):
        yield f"{key}:{what}", {"what": what, "value": getattr(question, what)} | where
    choices = list(question.choices.all())
    yield f"{key}:order", {"what": "choices", "value": [c.code for c in choices]} | where
    for choice in choices:
        here = where | {"choice": choice.code}
        yield f"choice:{choice.pk}:label", _text("label", choice) | here
        for what in ("value", "is_not_applicable"):
            line = {"what": "points" if what == "value" else what, "value": getattr(choice, what)}
            yield f"choice:{choice.pk}:{what}", line | here


def _text(what: str, row: Any) -> Line:
    return {"what": what, "en": getattr(row, f"{what}_en"), "fr": getattr(row, f"{what}_fr")}


def changes_between(before: Face, after: Face) -> list[dict[str, Any]]:
    """What differs, in the order of the page; JSON-ready.

    ``{"what", "question", "choice", "before", "after"}``; a side that was not there is None. A
    choice is named by its code before the change.
    """
    changes = []
    for key in dict.fromkeys([*before, *after]):
        was, is_now = before.get(key), after.get(key)
        if was is not None and is_now is not None and _side(was) == _side(is_now):
            continue
        line = was or is_now or {}
        changes.append(
            {
                "what": line["what"],
                "question": line.get("question", ""),
                "choice": line.get("choice", ""),
                "before": _side(was) if was is not None else None,
                "after": _side(is_now) if is_now is not None else None,
            }
        )
    return changes


def are_words(changes: list[dict[str, Any]]) -> bool:
    """Whether these changes are of words alone: nothing added, left out, moved or set otherwise."""
    return all(change["what"] in WORDS for change in changes)


def _side(line: Line) -> Line:
    return {side: line[side] for side in SIDES if side in line}
