"""A few words: which counter, which town."""

from django.utils.translation import gettext_lazy as _

from feedback.asking.kinds.written import Written


class ShortText(Written):
    """Drawn as a field of one line. Grouped into themes when an analyst asks, not by the clock."""

    code = "short_text"
    label = _("Short text")
    place = 4


KIND = ShortText()
