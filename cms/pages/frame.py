"""The site's own name, mark and footer, for the frame of every page (`consult.look.frame`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property

from cms.pages.models.settings import FooterLink, SiteSettings


class SiteFrame:
    """What administrators wrote of the site; asked of the database once a page is drawn with it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _settings(self) -> SiteSettings | None:
        return SiteSettings.for_reader(self._request)

    # Not kept: a page may be drawn in a language that is active for a moment.

    @property
    def name(self) -> str:
        return (self._settings.name if self._settings else "") or "Consultations"

    @property
    def logo(self) -> Any:
        """A rendition 2.2 rem high on a screen of twice the density, or None."""
        logo: Any = self._settings.logo if self._settings else None
        return logo.get_rendition("height-80") if logo is not None else None

    @property
    def footer_links(self) -> list[FooterLink]:
        return self._settings.footer_links() if self._settings else []


def frame(request: HttpRequest) -> dict[str, SiteFrame]:
    """Context processor. Asks nothing by itself: redirects and JSON pay for no frame."""
    return {"frame": SiteFrame(request)}
