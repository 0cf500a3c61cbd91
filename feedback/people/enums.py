"""The closed lists of this room. Values are stored; labels are shown."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a member of staff is in a department. Administrators are superusers.

    What each may do stands in `feedback.people.table`.
    """

    AUTHOR = "author", _("Author")
    TRANSLATOR = "translator", _("Translator")
    APPROVER = "approver", _("Approver")
    INTAKE_CLERK = "intake_clerk", _("Intake clerk")
    MODERATOR = "moderator", _("Moderator")
    ANALYST = "analyst", _("Analyst")
    PRIVACY_OFFICER = "privacy_officer", _("Privacy officer")
    VIEWER = "viewer", _("Viewer")
    AUDITOR = "auditor", _("Auditor")


class WaitingEmails(TextChoices):
    """When somebody is written to about what waits."""

    AT_ONCE = "at_once", _("At once, and every morning what still waits")
    DAILY = "daily", _("Every morning, if something waits")
    NEVER = "never", _("Never")


class SmallestCell(IntegerChoices):
    """The smallest count of people that a department publishes."""

    ANY = 0, _("No threshold: everything is published")
    FIVE = 5, _("5 people")
    TEN = 10, _("10 people")
    TWENTY = 20, _("20 people")


class Refusal(TextChoices):
    """Why somebody was not let in."""

    PASSWORD = "password", _("Wrong name or password")
    CODE = "code", _("Wrong code")
    TOO_SOON = "too_soon", _("Too many tries")
    INACTIVE = "inactive", _("Account no longer in use")
    PROVIDER = "provider", _("Not whom the provider said")


class InvitationState(TextChoices):
    """How an invitation stands; told by its dates, not stored."""

    OPEN = "open", pgettext_lazy("invitation", "Open")
    ACCEPTED = "accepted", _("Taken up")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Too old")
