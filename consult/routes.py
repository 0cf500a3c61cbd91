"""Whom each address is for: the public, whoever is signed in, or whoever may do something.

Read this to know who gets where, and add a line for each new address: a test walks all addresses
there are, fails on one without a line, and asks each of the staff's as everybody. What an
administrator calls Wagtail (everything under CMS_PATH) is listed screen by screen in
`cms.publishing.screens`. Who may do what is in `feedback.people.table`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from feedback.people.table import Action


class For(Enum):
    """Whom an address is for that asks no role."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed in"
    # What the address is about is the person's own; somebody else's is not there.
    OWN = "one's own"
    # About no department; for others it does not exist.
    ADMINISTRATORS = "administrators"


EVERYONE, SIGNED_IN, OWN = For.EVERYONE, For.SIGNED_IN, For.OWN
ADMINISTRATORS = For.ADMINISTRATORS


@dataclass(frozen=True, slots=True)
class Somewhere:
    """For whoever may do this in some department, and of that department alone."""

    action: Action


# By method: what the person must be allowed to do, one of these where there are several.
ByMethod = dict[str, tuple[Action, ...]]
READ: Final[ByMethod] = {"GET": (Action.SEE,)}
REVIEW: Final[ByMethod] = {"POST": (Action.REVIEW,)}

ROUTES: Final[dict[str, For | Somewhere | ByMethod]] = {
    "front-door": EVERYONE,
    "health-live": EVERYONE,
    "health-ready": EVERYONE,
    "set_language": EVERYONE,
    "media": EVERYONE,
    # Signing in and out.
    "account_login": EVERYONE,
    "account_logout": EVERYONE,
    "account_inactive": EVERYONE,
    "mfa_login_webauthn": EVERYONE,
    # A department's own sign-in, where one is set.
    "openid_connect_login": EVERYONE,
    "openid_connect_callback": EVERYONE,
    "account_reset_password": EVERYONE,
    "account_reset_password_done": EVERYONE,
    # Their links are their secret.
    "account_reset_password_from_key": EVERYONE,
    "invitation-accept": EVERYONE,
    # After the right password.
    "mfa_authenticate": EVERYONE,
    # What waits for the person, and emails about it.
    "staff-home": SIGNED_IN,
    "waiting-emails": SIGNED_IN,
    # How one signs in.
    "mfa_index": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": OWN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": OWN,
    "mfa_view_recovery_codes": OWN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    # Of somebody else, by administrators.
    "invitations": ADMINISTRATORS,
    "departments": ADMINISTRATORS,
    "departments-export": ADMINISTRATORS,
    "person-leaving": {"GET": (Action.ADMINISTER,), "POST": (Action.ADMINISTER,)},
    "department": {"GET": (Action.ADMINISTER,), "POST": (Action.ADMINISTER,)},
    "second-factor-remove": {"GET": (Action.ADMINISTER,), "POST": (Action.ADMINISTER,)},
    # What was done, by whom.
    "audit:entries": Somewhere(Action.AUDIT),
    "audit:export": Somewhere(Action.AUDIT),
    # What is asked.
    "asking:home": SIGNED_IN,
    "asking:engagement": READ,
    # As the move asks: `feedback.asking.life`.
    "asking:move": {"POST": (Action.SUBMIT, Action.DECIDE)},
    # As each deed asks: `feedback.approval`.
    "asking:review": {"POST": (Action.SUBMIT, Action.VOUCH, Action.DECIDE)},
    # What was answered, in themes.
    "review:index": SIGNED_IN,
    "review:desk": READ,
    "review:accept": REVIEW,
    "review:candidate": REVIEW,
    "review:theme": REVIEW,
    "review:passages": REVIEW,
    "review:themes": REVIEW,
    "review:unmask": {"GET": (Action.UNMASK,), "POST": (Action.UNMASK,)},
    "review:splits": READ,
    "review:runs": READ | REVIEW,
    "review:run_state": READ,
    "review:run": READ,
    # Reports.
    "reporting:findings_draft": {"POST": (Action.REPORT,)},
    "reporting:findings_preview": READ,
    # The public's form. A receipt's address is its secret.
    "answering:answer": EVERYONE,
    "answering:start": EVERYONE,
    "answering:receipt": EVERYONE,
    "answering:withdraw": EVERYONE,
    "answering:withdrawn": EVERYONE,
    # Pages and files. Wagtail asks for a password where a page or a collection has one.
    "wagtail_serve": EVERYONE,
    "wagtailcore_login": EVERYONE,
    "wagtailcore_authenticate_with_password": EVERYONE,
    "wagtaildocs_serve": EVERYONE,
    "wagtaildocs_authenticate_with_password": EVERYONE,
}
