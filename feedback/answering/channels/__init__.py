"""The ways in: one file a channel that this program itself takes responses by, found by being here.

A way in is a module of this package with a ``WAY_IN``; its addresses join those of the room. Which
channels there are, with what each is called, is the list ``feedback.asking.enums.Channel``: one
row each, and all a channel needs whose responses only arrive through ``response_submit``.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from feedback.answering.channels.base import WayIn

__all__ = ["WayIn", "ways_in"]


def ways_in() -> list[WayIn]:
    """All there are, by the names of their files."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return [module.WAY_IN for module in modules if hasattr(module, "WAY_IN")]
