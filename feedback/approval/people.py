"""Who does a step of a review: whoever the table allows it, in the thing's department."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from feedback.approval.enums import Step
from feedback.approval.reviewed import kind_of
from feedback.people.models import Anyone, User
from feedback.people.permissions import may, people_who_may


def people_for(thing: Any, step: Step) -> QuerySet[User]:
    """Everybody who may do it; administrators, who always may, are not among them."""
    kind = kind_of(thing)
    return people_who_may(kind.steps[step], kind.scope(thing))


def may_do(user: Anyone, thing: Any, step: Step) -> bool:
    """Whether the person may do it, by role; whose words they are, `approvers_beside` asks."""
    kind = kind_of(thing)
    return may(user, kind.steps[step], kind.scope(thing))


def may_send(user: Anyone, thing: Any) -> bool:
    """Whether the person may send it for review, and take it back."""
    kind = kind_of(thing)
    return may(user, kind.sending, kind.scope(thing))


def approvers_beside(user: Anyone, thing: Any) -> list[User]:
    """Who is to say yes in this person's stead, because they wrote none of it and she did.

    Empty where she may: she wrote none of it, or everybody who could say yes wrote in it, or
    nobody asks for four eyes (CONSULT_APPROVAL_BY_ANOTHER). Administrators may always.
    """
    if not settings.CONSULT_APPROVAL_BY_ANOTHER or getattr(user, "is_superuser", False):
        return []
    authors = _authors(thing)
    if user.pk not in authors:
        return []
    return list(people_for(thing, Step.APPROVE).exclude(pk__in=authors))


def people_asked(thing: Any, step: Step) -> list[User]:
    """Whom the step waits for: they may do it, and are told."""
    people = list(people_for(thing, step))
    if step == Step.APPROVE and settings.CONSULT_APPROVAL_BY_ANOTHER:
        authors = _authors(thing)
        return [person for person in people if person.pk not in authors] or people
    return people


def _authors(thing: Any) -> set[int]:
    return kind_of(thing).authors([thing])[thing]
