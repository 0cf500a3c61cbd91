"""A comment: as many sentences as fit."""

from django.utils.translation import gettext_lazy as _

from feedback.asking.kinds.written import Written


class LongText(Written):
    """Drawn as a box of several lines. Grouped into themes once its engagement has closed."""

    code = "long_text"
    label = _("Long text")
    place = 5
    is_analysed_when_closed = True


KIND = LongText()
