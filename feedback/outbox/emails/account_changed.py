"""To the owner of an account whose password or second step was changed, by whomever."""

from django.utils.translation import gettext_lazy as _

from feedback.outbox.emails.words import Words

WORDS = Words(
    subject=_("How you sign in was changed"),
    paragraphs=(
        _("Hello {name},"),
        _("the password or the second step of your account {account} was changed just now."),
    ),
    action=_("How you sign in:"),
    after=(
        _(
            "If it was not you, choose a new password at once and tell an administrator of your "
            "department."
        ),
    ),
)
