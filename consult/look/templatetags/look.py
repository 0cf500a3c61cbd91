"""What the frame of a page needs to know: the site's name, its footer, the other language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override

from cms.pages.models.settings import FooterLink, SiteSettings
from cms.pages.selectors.crumbs import crumbs_of
from cms.publishing import excerpts
from consult.look import contacts

register = template.Library()

OTHER_LANGUAGE = {"en": "fr", "fr": "en"}
OWN_NAMES = {"en": "English", "fr": "Français"}


def _language() -> str:
    return (get_language() or "en")[:2]


def _settings(context: Context) -> SiteSettings | None:
    request = context.get("request")
    return SiteSettings.for_reader(request) if request is not None else None


@register.simple_tag(takes_context=True)
def site_name(context: Context) -> str:
    found = _settings(context)
    return (found.name if found else "") or "Consultations"


@register.simple_tag(takes_context=True)
def site_logo(context: Context) -> Any:
    """A rendition 2.2 rem high on a screen of twice the density, or None."""
    found = _settings(context)
    logo: Any = found.logo if found else None
    return logo.get_rendition("height-80") if logo is not None else None


@register.simple_tag(takes_context=True)
def site_footer_links(context: Context) -> list[FooterLink]:
    found = _settings(context)
    return found.footer_links() if found else []


@register.simple_tag(takes_context=True)
def date_modified(context: Context) -> datetime | None:
    """When this page was last published; nothing on pages that are not in the CMS."""
    page = context.get("page")
    modified: datetime | None = getattr(page, "last_published_at", None)
    return modified


@register.simple_tag(takes_context=True)
def language_toggle(context: Context) -> str:
    """The link to this same page in the other language, named in that language.

    A CMS page goes to its counterpart; any other address to itself under the other prefix, query
    included. An address without a language (staff) changes the reader's language and comes back.
    """
    other = OTHER_LANGUAGE[_language()]
    request = context.get("request")
    page = context.get("page")
    href = ""
    if page is not None and hasattr(page, "counterpart_address"):
        href = page.counterpart_address(request)
    if not href and request is not None:
        path = request.get_full_path()
        href = translate_url(path, other)
        if href == path:
            href = f"/{other}/"
    with override(other):
        label = gettext("This page in English") if other == "en" else gettext("This page in French")
    return format_html(
        '<a href="{}" lang="{}" hreflang="{}" translate="no" title="{}">{}</a>',
        href or f"/{other}/",
        other,
        other,
        label,
        OWN_NAMES[other],
    )


@register.filter
def excerpt(text: str, limit: int) -> str:
    """The beginning of a text, cut after a sentence or a word."""
    return excerpts.excerpt(text, limit)


@register.filter
def contact_links(html: str) -> SafeString:
    """Our own words, with their e-mail addresses and telephone numbers as links."""
    return contacts.contact_links(html)


@register.simple_tag
def crumbs(page: Any) -> list[tuple[str, str]]:
    """The pages above this one, as (address, title), from the front page down."""
    return crumbs_of(page)


@register.simple_tag(takes_context=True)
def routablepageurl_of(context: Context, page: Any, name: str) -> str:
    """The address of a part of a page."""
    part: str = page.reverse_subpage(name)
    return f"{page.get_url(context.get('request')) or ''}{part}"
