"""Who comes and goes, and by which door: told by the signals of Django, allauth and our own."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator

from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.audit.services.tallies import audit_record_sometimes
from feedback.people.enums import InvitationState
from feedback.people.models import Invitation, User


def signed_in(sender: Any, user: User, **kwargs: Any) -> None:
    """user_logged_in."""
    _of_own(Act.SIGNED_IN, user)


def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    """user_logged_out; of nobody, where nobody was signed in."""
    if user is not None:
        _of_own(Act.SIGNED_OUT, user)


def sign_in_refused(sender: Any, user: User | None, reason: str, **kwargs: Any) -> None:
    """Whose account was tried, if there is one; by whom is not known.

    What was typed is not kept where it names nobody: people type passwords there.
    """
    audit_record_sometimes(Act.SIGN_IN_FAILED, user, why=reason)


def password_reset(sender: Any, user: User, **kwargs: Any) -> None:
    """By the link of an email. That it is another one now, `rows.user_saved` has told."""
    _of_own(Act.PASSWORD_RESET, user)


# --- Second steps and sessions -------------------------------------------------------------------


def factor_added(
    sender: Any, instance: Authenticator, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """post_save of its row: allauth's own signals come after the commit."""
    if created:
        _of_factor(Act.FACTOR_ADDED, instance, after={"factor": str(instance.type)})


def factor_removed(sender: Any, instance: Authenticator, **kwargs: Any) -> None:
    """pre_delete: by the person, an administrator, or at the server's command line."""
    _of_factor(Act.FACTOR_REMOVED, instance, before={"factor": str(instance.type)})


def _of_factor(act: Act, factor: Authenticator, **told: Any) -> None:
    user = factor.user
    audit_record(act, about=About.USER, reference=user.get_username(), account=user, **told)


def recovery_code_used(sender: Any, user: User, left: int, **kwargs: Any) -> None:
    _of_own(Act.RECOVERY_CODE_USED, user, after={"codes_left": left})


def sessions_ended(sender: Any, user: User, sessions: int, **kwargs: Any) -> None:
    """Elsewhere than here, by the person or an administrator."""
    audit_record(
        Act.SESSIONS_ENDED,
        about=About.USER,
        reference=user.get_username(),
        account=user,
        after={"sessions": sessions},
    )


def _of_own(act: Act, user: User, **told: Any) -> None:
    audit_record(act, about=About.USER, reference=user.get_username(), actor=user, **told)


# --- Invitations ---------------------------------------------------------------------------------


def invitation_sent(sender: Any, invitation: Invitation, actor: User, **kwargs: Any) -> None:
    _of_invitation(Act.INVITATION_SENT, invitation, actor, after=_said(invitation))


def invitation_withdrawn(
    sender: Any, invitation: Invitation, actor: User | None, **kwargs: Any
) -> None:
    _of_invitation(Act.INVITATION_WITHDRAWN, invitation, actor, before=_said(invitation))


def invitation_accepted(sender: Any, invitation: Invitation, user: User, **kwargs: Any) -> None:
    _of_invitation(
        Act.INVITATION_ACCEPTED, invitation, user, after={"username": user.get_username()}
    )


def invitation_refused(
    sender: Any, invitation: Invitation, state: InvitationState, **kwargs: Any
) -> None:
    """Somebody followed a link that is no longer good."""
    audit_record_sometimes(Act.INVITATION_REFUSED, invitation, why=state)


def _of_invitation(act: Act, invitation: Invitation, actor: User | None, **told: Any) -> None:
    audit_record(
        act,
        about=About.INVITATION,
        reference=invitation.pk,
        actor=actor,
        department_id=invitation.department_id,
        **told,
    )


def _said(invitation: Invitation) -> dict[str, Any]:
    return {"email": invitation.email, "role": invitation.role}
