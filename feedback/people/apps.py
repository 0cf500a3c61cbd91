from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class PeopleConfig(AppConfig):
    """Departments, who works in them, who may do what."""

    name = "feedback.people"
    verbose_name = _("People")
    default = True


class UsersConfig(WagtailUsersAppConfig):  # type: ignore[misc]
    """Wagtail's users, with what ours have beside; in INSTALLED_APPS for ``wagtail.users``."""

    default = False
    user_viewset = "feedback.people.viewsets.UserViewSet"
