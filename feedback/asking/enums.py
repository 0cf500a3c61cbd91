"""The closed lists of this room, named once. Values are stored; labels are shown.

Statuses and phases stand in `feedback.asking.life`, with the moves between them.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EngagementKind(TextChoices):
    """What an engagement is: a policy question put to the public, or a service being rated."""

    CONSULTATION = "consultation", _("Consultation")
    SURVEY = "survey", _("Service survey")


class Sampling(TextChoices):
    """How people came to answer, which decides what may be said of the numbers."""

    OPEN = "open", _("Open to everyone (people choose to take part)")
    INVITED = "invited", _("Random sample of invited people")
    CENSUS = "census", _("Everyone in the group was asked")


class Channel(TextChoices):
    """How a response reached us. Those we take responses by ourselves: ``answering/channels/``."""

    ONLINE = "online", _("Online")
    PHONE = "phone", _("By phone")
    IN_PERSON = "in_person", _("In person")
    MAIL = "mail", _("By mail")
    EMAIL = "email", _("By email")
    OTHER = "other", _("Other")
