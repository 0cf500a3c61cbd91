from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Departments, who works in them, who may do what."""

    name = "feedback.people"
    verbose_name = _("People")
