"""Inviting somebody to work here: by email, for a while, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone

from feedback.outbox.emails import email_queue
from feedback.people.acting import acting_for
from feedback.people.enums import InvitationState, Role
from feedback.people.models import Department, Invitation, Membership, User
from feedback.people.signals import invitation_accepted, invitation_sent, invitation_withdrawn

SALT: Final = "feedback.people.invitations"


class AlreadyHere(Exception):  # noqa: N818 (named for what happened)
    """Somebody signs in with that address: give them a role instead."""


class NotOpen(Exception):  # noqa: N818 (named for what happened)
    """It was taken up, withdrawn, or is too old: ``state`` says which."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(state)
        self.state = state


@transaction.atomic
def invitation_send(
    *,
    email: str,
    language: str,
    department: Department,
    role: Role,
    actor: User,
    engagement: Any = None,
) -> Invitation:
    """Any that this address has for the department is withdrawn: only the newest link is good.

    ``engagement``: of the department; the role is held in that one alone.

    Raises AlreadyHere.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise AlreadyHere(email)
    now = timezone.now()
    for before in Invitation.objects.filter(
        email__iexact=email, department=department, accepted_at=None, withdrawn_at=None
    ):
        invitation_withdraw(invitation=before, actor=actor)
    invitation = Invitation.objects.create(
        email=email,
        language=language,
        department=department,
        role=role,
        engagement=engagement,
        invited_by=actor,
        expires_at=now + timedelta(days=settings.CONSULT_INVITATION_DAYS),
    )
    email_queue("invitation", {"invitation_id": invitation.pk})
    invitation_sent.send(sender=Invitation, invitation=invitation, actor=actor)
    return invitation


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, actor: User) -> None:
    """Its link is no longer good. One that was taken up stays as it was, and so does one that was
    withdrawn before."""
    withdrawn = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=timezone.now())
    if withdrawn:
        invitation_withdrawn.send(sender=Invitation, invitation=invitation, actor=actor)


@transaction.atomic
def invitation_accept(
    *, invitation: Invitation, first_name: str, last_name: str, language: str, password: str
) -> User:
    """The account, with the role the invitation is for. Raises NotOpen, also to the second of two
    at once, and AlreadyHere where an account was made for the address meanwhile."""
    # The second waits here for the first.
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state != InvitationState.OPEN:
        raise NotOpen(invitation.state)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AlreadyHere(invitation.email)
    user = User.objects.create_user(
        username=_free_name(invitation.email),
        email=invitation.email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        language=language,
    )
    # Taken up by the person, given by whoever invited her.
    with acting_for(invitation.invited_by):
        Membership.objects.create(
            user=user,
            department=invitation.department,
            role=invitation.role,
            engagement=invitation.engagement,
        )
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    invitation_accepted.send(sender=Invitation, invitation=invitation, user=user)
    return user


def _free_name(email: str) -> str:
    """A user name: the address, unless somebody is called so."""
    name, number = email[:140], 1
    while User.objects.filter(username__iexact=name).exists():
        number += 1
        name = f"{email[:140]}-{number}"
    return name


# --- Links -----------------------------------------------------------------------------------


def invitation_token(invitation: Invitation) -> str:
    return signing.Signer(salt=SALT).sign_object([invitation.pk, invitation.email])


def invitation_of(token: str) -> Invitation | None:
    """None: nobody was sent this link; part of it may be missing."""
    try:
        pk, email = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError):
        return None
    found: Invitation | None = Invitation.objects.filter(pk=pk, email=email).first()
    return found


def invitation_open(pk: int) -> Invitation | None:
    invitation = Invitation.objects.filter(pk=pk).first()
    return invitation if invitation and invitation.state == InvitationState.OPEN else None
