"""To somebody for whom things wait, once a day."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("Waiting for you: {number}"),
    paragraphs=(_("Hello {name},"), _("this waits for you this morning.")),
    action=_("Everything that waits for you:"),
    foot=_("Change when you get these emails, or end them:"),
)
