"""Names of people: after a word that announces one, and by themselves where the lists know them.

Offices, and what is called after somebody (streets, schools, laws), are no names (``written``).
"""

from __future__ import annotations

from .alone import Alone
from .cued import Cued
from .titled import Titled


class People(Cued, Titled, Alone):
    """The names in one text. Each method gives the first and last token of one, or None."""
