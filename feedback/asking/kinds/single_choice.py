"""One of several choices."""

from django.utils.translation import gettext_lazy as _

from feedback.asking.kinds.chosen import OneChosen


class SingleChoice(OneChosen):
    """Drawn as radio buttons."""

    code = "single_choice"
    label = _("One choice")
    place = 1


KIND = SingleChoice()
