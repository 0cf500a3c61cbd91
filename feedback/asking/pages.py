"""Where an engagement's page for the public is, and where it is answered.

Both belong to rooms above this one, which must not be imported here. At start-up they say how to
find them; without a page, the plain one before the form serves.
"""

from __future__ import annotations

from collections.abc import Callable

from feedback.asking.models import Engagement

Finder = Callable[[Engagement, str], str | None]
FormFinder = Callable[[Engagement], str]

_finders: list[Finder] = []
_form_finders: list[FormFinder] = []


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


def register_form_finder(finder: FormFinder) -> None:
    """``finder(engagement)`` gives the address of the form. For ``AppConfig.ready``."""
    if finder not in _form_finders:
        _form_finders.append(finder)


def form_address(engagement: Engagement) -> str:
    """Where it is answered, in the active language; empty where nothing takes answers."""
    return next((finder(engagement) for finder in _form_finders), "")
