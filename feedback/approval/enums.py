"""The closed lists of this room. Values are stored; labels are shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    """What is done with a thing in review, in this order."""

    TRANSLATE = "translate", _("Check of the translation")
    APPROVE = "approve", _("Approval")


class Deed(TextChoices):
    """What a person does about a review; the value of the button."""

    SEND = "send", _("Send for review")
    AGREE = "agree", _("Agree")
    ASK = "ask", _("Ask for changes")
    TAKE_BACK = "take_back", _("Take it back")
