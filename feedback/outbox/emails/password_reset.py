"""To somebody who forgot the password."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("Choose a new password"),
    paragraphs=(
        _("Hello {name},"),
        _("somebody, we suppose you, asked for a new password for your account {account}."),
    ),
    action=_("Choose a new password:"),
    after=(
        _("The link works once, for two hours. Your second step, if you have one, stays as it is."),
        _("If it was not you, do nothing: your password is still good."),
    ),
)
