"""What people read about a review, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.approval.enums import Step
from feedback.people.models import Department, User


def name_of(person: User | None) -> str:
    """What somebody is called; of an account that is no more, that it is none."""
    if person is None:
        return _("somebody whose account is no more")
    return str(person.get_full_name() or person.get_username())


def names_of(people: Iterable[User]) -> str:
    """People in a list, in the order of their names."""
    return ", ".join(sorted(map(name_of, people)))


def in_review_said(step: str, names: str) -> str:
    """Whom a thing in review waits for."""
    if not names:
        return _(
            "It is in review, and nobody in the department can do the next step any more. An "
            "administrator can, and whoever sent it can take it back."
        )
    if step == Step.TRANSLATE:
        return _(
            "It is in review: its translation is being checked by {names}. Whoever sent it can "
            "take it back."
        ).format(names=names)
    return _(
        "It is in review: it waits for the yes of {names}. Whoever sent it can take it back."
    ).format(names=names)


def own_words_said(names: str) -> str:
    """Why an author does not approve what she wrote."""
    return _("You wrote some of these words, so somebody else approves them: {names}.").format(
        names=names
    )


def nobody_translates_said(department: Department) -> str:
    """Said before a thing is sent."""
    return _(
        "Nobody in this department has the role of translator ({department}): it goes to approval "
        "at once. Make sure yourself that both languages say the same."
    ).format(department=department.name)


def nobody_approves_said(department: Department) -> str:
    """Why a thing is not sent."""
    return _(
        "Nobody in this department can approve ({department}). Ask an administrator to give "
        "somebody the role of approver; then send it."
    ).format(department=department.name)
