"""Somebody leaves, or comes back. By administrators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from feedback.outbox.emails import email_queue
from feedback.people.acting import acting_for
from feedback.people.administrators import is_last_administrator
from feedback.people.invitations import invitation_withdraw
from feedback.people.leaving.work import Held, work_give, work_of
from feedback.people.models import Department, Invitation, Membership, User
from feedback.people.sign_in.sessions import sessions_end
from feedback.people.signals import person_left, person_returned, work_handed_over


class NobodyGiven(Exception):  # noqa: N818 (named for what happened)
    """Something of theirs is given to nobody, or to somebody who may not do it: ``held``."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.kind, held.pk)
        self.held = held


class LastAdministrator(Exception):  # noqa: N818 (named for what happened)
    """Nobody else could let anybody in."""


@transaction.atomic
def person_leave(*, user: User, heirs: Mapping[int, User], actor: User) -> None:
    """The account is no more to be signed in with; nothing that was done with it is lost.

    ``heirs``: who takes over, by department (0: what is the administrators'). Sessions end, second
    step and recovery codes are void, the password too; roles end, invitations that were sent and
    not taken up are withdrawn. Raises NobodyGiven and LastAdministrator, and does nothing then.
    """
    if is_last_administrator(user):
        raise LastAdministrator
    user = User.objects.select_for_update().get(pk=user.pk)
    with acting_for(actor):
        handed = _hand_over(user, heirs)
        for invitation in Invitation.objects.filter(
            invited_by=user, accepted_at=None, withdrawn_at=None
        ):
            invitation_withdraw(invitation=invitation, actor=actor)
        person_left.send(sender=User, user=user, actor=actor)
        user.is_active = user.is_superuser = user.is_staff = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "is_superuser", "is_staff", "password"])
        Authenticator.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        sessions_end(user)
        # Last: until then the audit log knows who audits where they worked.
        for membership in user.memberships.all():
            membership.delete()
    for heir_id, things in handed.items():
        email_queue("work_handed_over", {"user_id": heir_id, "from_id": user.pk, "things": things})


def _hand_over(user: User, heirs: Mapping[int, User]) -> Counter[int]:
    """How many things each got."""
    handed: Counter[int] = Counter()
    for held in work_of(user):
        heir = heirs.get(held.department_id)
        if heir is None or heir.pk == user.pk or not held.may_go_to(heir):
            raise NobodyGiven(held)
        work_give(user, held, heir)
        work_handed_over.send(sender=User, user=user, heir=heir, held=held)
        handed[heir.pk] += 1
    return handed


@transaction.atomic
def person_return(*, user: User, actor: User) -> None:
    """The account may be signed in with again: with a new password, chosen behind a link that is
    sent now, and a new second step. Roles are given anew."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        return
    with acting_for(actor):
        user.is_active = True
        user.save(update_fields=["is_active"])
        person_returned.send(sender=User, user=user, actor=actor)
    if user.email:
        email_queue("password_reset", {"user_id": user.pk})


# --- Who may take it over ----------------------------------------------------------------------


def heirs_for(work: list[Held], leaver: User) -> list[User]:
    """Who may do all of this, colleagues before administrators."""
    people = User.objects.filter(is_active=True).exclude(pk=leaver.pk)
    colleagues = people.filter(memberships__isnull=False).distinct().order_by("username")
    administrators = people.filter(is_superuser=True).order_by("username")
    found = {each.pk: each for each in (*colleagues, *administrators)}
    return [each for each in found.values() if all(held.may_go_to(each) for held in work)]


def roles_left_without(user: User) -> list[Membership]:
    """Roles that nobody else holds there: after this nobody does that work."""
    return [
        membership
        for membership in user.memberships.select_related("department")
        if not Membership.objects.filter(
            department=membership.department,
            role=membership.role,
            engagement=membership.engagement_id,
            user__is_active=True,
        )
        .exclude(user=user)
        .exists()
    ]


def by_department(work: list[Held]) -> dict[Department | None, list[Held]]:
    found: dict[Department | None, list[Held]] = {}
    for held in work:
        found.setdefault(held.department, []).append(held)
    return found
