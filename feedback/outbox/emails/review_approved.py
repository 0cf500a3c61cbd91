"""To whoever sent something for review that was approved."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("Approved: {title}"),
    paragraphs=(
        _("Hello {name},"),
        _("{reviewer} approved “{title}”, {department}, in both languages."),
    ),
    action=_("See what became of it:"),
)
