"""To whoever takes over the work of somebody who left."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("You take over from {leaver}"),
    paragraphs=(
        _("Hello {name},"),
        _("{leaver} no longer works here. What was theirs alone is yours now."),
        _("Pages and files: {things}."),
    ),
    action=_("Go to your home page:"),
)
