"""To somebody who is to work here."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("Invitation: {department}, consultations and surveys"),
    paragraphs=(
        _("Hello,"),
        _("{inviter} invites you to work on consultations and surveys of: {department}."),
        _("Your role: {role}."),
    ),
    action=_("Make your account:"),
    after=(
        _("The link works once, until {until}."),
        _("If you do not know what this is about, do nothing."),
    ),
)
