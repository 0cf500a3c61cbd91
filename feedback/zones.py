"""The time zone of the site, in words."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# The words people use for the zones of Canada; any other zone is shown by its abbreviation.
ZONES = {
    "America/St_Johns": _("Newfoundland time"),
    "America/Halifax": _("Atlantic time"),
    "America/Moncton": _("Atlantic time"),
    "America/Toronto": _("Eastern time"),
    "America/Montreal": _("Eastern time"),
    "America/Winnipeg": _("Central time"),
    "America/Regina": _("Central time"),
    "America/Edmonton": _("Mountain time"),
    "America/Whitehorse": _("Yukon time"),
    "America/Vancouver": _("Pacific time"),
}


def zone_name() -> str:
    """The zone in words; a closing time without one is not a closing time."""
    name = timezone.get_current_timezone_name()
    words = ZONES.get(name)
    return gettext(words) if words else timezone.localtime().strftime("%Z")
