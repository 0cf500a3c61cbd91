"""What staff are told, in words, about what the services refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from feedback.approval.people import people_asked
from feedback.approval.selectors import step_under_way
from feedback.approval.wording import in_review_said, names_of
from feedback.asking.enums import Sampling
from feedback.asking.kinds import KINDS
from feedback.asking.kinds.base import Gap
from feedback.asking.models import Engagement
from feedback.asking.selectors.faces import Face
from feedback.asking.services.questionnaires import Problem, Trouble

TROUBLES: dict[Trouble, Promise] = {
    Trouble.NO_QUESTIONS: gettext_lazy("There are no questions yet."),
    Trouble.NO_PRIVACY_NOTICE: gettext_lazy(
        "There is no privacy notice yet. Write it in both languages."
    ),
    Trouble.QUESTION_REMOVED: gettext_lazy(
        "People have answered: this question can no longer be removed."
    ),
    Trouble.QUESTION_CODE_CHANGED: gettext_lazy(
        "People have answered: the code of a question can no longer change."
    ),
    Trouble.KIND_CHANGED: gettext_lazy(
        "People have answered: the kind of a question can no longer change. Add a new question."
    ),
    Trouble.CHOICE_ADDED: gettext_lazy(
        "People have answered without this choice: add a new question instead."
    ),
    Trouble.CHOICE_REMOVED: gettext_lazy("People have answered: choices can no longer be removed."),
    Trouble.CHOICE_CHANGED: gettext_lazy(
        "People have answered: the code, the points and the meaning of a choice can no longer "
        "change. Only its label may."
    ),
}


def problem_text(problem: Problem) -> str:
    """The trouble, after the code of the question it concerns."""
    trouble = problem.trouble
    words = trouble.label if isinstance(trouble, Gap) else TROUBLES[trouble]
    if not problem.question_code:
        return str(words)
    return _("%(code)s: %(problem)s") % {"code": problem.question_code, "problem": words}


# --- What the public reads, and what was changed of it -----------------------------------------

# What each line of a face is called.
LINES: dict[str, Promise] = {
    "title": gettext_lazy("title"),
    "opens_at": gettext_lazy("opens at"),
    "closes_at": gettext_lazy("closes at"),
    "sampling": gettext_lazy("sampling"),
    "contact_email": gettext_lazy("contact email"),
    "subjects": gettext_lazy("subjects"),
    "audiences": gettext_lazy("audiences"),
    "partner_departments": gettext_lazy("partner departments"),
    "minutes": gettext_lazy("minutes to answer"),
    "privacy_notice": gettext_lazy("privacy notice"),
    "questions": gettext_lazy("order of the questions"),
    "choices": gettext_lazy("order of the choices"),
    "page_title": gettext_lazy("page title"),
    "text": pgettext_lazy("what is asked", "question"),
    "hint": gettext_lazy("hint"),
    "kind": gettext_lazy("kind"),
    "is_required": gettext_lazy("required"),
    "max_length": gettext_lazy("longest answer, in characters"),
    "label": gettext_lazy("label"),
    "points": gettext_lazy("points"),
    "is_not_applicable": gettext_lazy("means “not applicable”"),
}
_LANGUAGES = {"en": gettext_lazy("English"), "fr": gettext_lazy("French")}
_MOMENTS = ("opens_at", "closes_at")


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a line, before and after; no language where both share one value."""

    language: str
    language_name: str
    before: Any
    after: Any

    @property
    def is_same(self) -> bool:
        """Whether this language stays as it is while the other changes."""
        return bool(self.before == self.after)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One thing the public reads, by name, in each language. ``is_moment``: dates, to be written
    out by the page."""

    label: str
    sides: list[Side]
    is_moment: bool = False


def shown_changes(changes: Iterable[Mapping[str, Any]]) -> list[ShownLine]:
    """Recorded changes in words; both languages of a text, also where one stayed as it was."""
    return [_shown(change, change["before"], change["after"]) for change in changes]


def shown_face(face: Face) -> list[ShownLine]:
    """All that the public reads, as it is now."""
    return [_shown(line, None, line) for line in face.values()]


def _shown(
    line: Mapping[str, Any], before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> ShownLine:
    what = line["what"]
    where = " › ".join(filter(None, (line.get("question", ""), line.get("choice", ""))))
    name = str(LINES[what])
    # A code is written as it is.
    label = _("%(where)s: %(what)s") % {"where": where, "what": name} if where else capfirst(name)
    there = before or after or {}
    if "value" in there:
        sides = [Side("", "", _value(what, before), _value(what, after))]
    else:
        sides = [
            Side(language, str(called), _text(before, language), _text(after, language))
            for language, called in _LANGUAGES.items()
        ]
    return ShownLine(label, sides, what in _MOMENTS)


def _text(side: Mapping[str, Any] | None, language: str) -> str:
    return str(side[language]) if side else ""


def _value(what: str, side: Mapping[str, Any] | None) -> Any:
    value = side["value"] if side else None
    if value is None or value == "":
        return ""
    if what in _MOMENTS:
        return datetime.fromisoformat(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if what == "kind":
        return str(KINDS[value].label)
    if what == "sampling":
        return str(Sampling(value).label)
    if isinstance(value, list):
        return ", ".join(value)
    return str(value)


def why_not(engagement: Engagement) -> str:
    """Why somebody who works there may read and not change it, and what can be done."""
    step = step_under_way(engagement)
    if step is not None:
        return in_review_said(step, names_of(people_asked(engagement, step)))
    if not engagement.is_approved:
        return _("Until it is approved, it is written by the authors of the department.")
    if engagement.phase().is_planned:
        return _(
            "It has been approved: its words and dates are changed by an approver. It is not open "
            "yet, so it can also be sent back to review, edited, and approved anew."
        )
    return _(
        "It has been approved, and people may have answered: its words and dates are changed by an "
        "approver, in both languages at once, and each change is kept with its reason."
    )
