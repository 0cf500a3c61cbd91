"""The closed lists of this room. Values are stored; labels are shown."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a member of staff may do in one department. Administrators are superusers."""

    EDITOR = "editor", _("Editor")
    ANALYST = "analyst", _("Analyst")
    PUBLISHER = "publisher", _("Publisher")


class SmallestCell(IntegerChoices):
    """The smallest count of people that a department publishes."""

    ANY = 0, _("No threshold: everything is published")
    FIVE = 5, _("5 people")
    TEN = 10, _("10 people")
    TWENTY = 20, _("20 people")
