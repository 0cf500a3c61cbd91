"""Any number of several choices."""

from django.utils.translation import gettext_lazy as _

from feedback.asking.kinds.chosen import Chosen


class MultipleChoice(Chosen):
    """Drawn as boxes to tick. The people of its choices add up to more than there are people."""

    code = "multiple_choice"
    label = _("Several choices")
    place = 2


KIND = MultipleChoice()
