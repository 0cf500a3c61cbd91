"""Where an engagement's page for the public is.

Pages belong to a room above this one, which must not be imported here. At start-up it says how
to find them; without it, this room's own plain start page serves.
"""

from __future__ import annotations

from collections.abc import Callable

from feedback.asking.models import Engagement

Finder = Callable[[Engagement, str], str | None]

_finders: list[Finder] = []


def register_page_finder(finder: Finder) -> None:
    """``finder(engagement, language)`` gives an address, or None. For ``AppConfig.ready``."""
    if finder not in _finders:
        _finders.append(finder)


def page_address(engagement: Engagement, language: str) -> str | None:
    """The address of the live page in that language, if there is one."""
    for finder in _finders:
        address = finder(engagement, language)
        if address:
            return address
    return None
