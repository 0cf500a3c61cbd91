"""What the frame of every page says of the site, whoever knows it.

The base page stands below every room, so it asks nobody: a context processor puts an object with
these attributes into the context as ``frame`` (`cms.pages.frame`). Where there is none, as in a
page that must do without the database, the plain one serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.template import Context


class FooterLink(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def text(self) -> str: ...


class Logo(Protocol):
    url: str
    width: int
    height: int


class Frame(Protocol):
    """Read only where a template shows it: each attribute may cost a query."""

    @property
    def name(self) -> str:
        """The name of the site, in the active language."""

    @property
    def logo(self) -> Logo | None:
        """Its mark, at most 80 pixels high."""

    @property
    def footer_links(self) -> Sequence[FooterLink]:
        """What stands at the foot of every page."""


@dataclass(frozen=True, slots=True)
class PlainFrame:
    name: str = "Consultations"
    logo: Logo | None = None
    footer_links: Sequence[FooterLink] = ()


PLAIN = PlainFrame()


def frame_in(context: Context | dict[str, Any]) -> Frame:
    """The frame of the page being drawn."""
    found: Frame | None = context.get("frame")
    return PLAIN if found is None else found
