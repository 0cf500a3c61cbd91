"""To somebody who wants to know at once that something waits."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("{kind}: {title}"),
    paragraphs=(_("Hello {name},"), _("this has just come to wait for you.")),
    action=_("Everything that waits for you:"),
    foot=_("Change when you get these emails, or end them:"),
)
