"""What the frame of a page needs to know: the site's name, its footer, the other language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import template
from django.template import Context
from django.template.defaultfilters import stringfilter
from django.urls import translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, override

from consult.look import contacts
from consult.look.frame import FooterLink, Logo, frame_in

register = template.Library()

OTHER_LANGUAGE = {"en": "fr", "fr": "en"}
OWN_NAMES = {"en": "English", "fr": "Français"}


@register.simple_tag(takes_context=True)
def site_name(context: Context) -> str:
    return frame_in(context).name


@register.simple_tag(takes_context=True)
def site_logo(context: Context) -> Logo | None:
    """The site's mark, or None."""
    return frame_in(context).logo


@register.simple_tag(takes_context=True)
def site_footer_links(context: Context) -> Sequence[FooterLink]:
    return frame_in(context).footer_links


@register.simple_tag(takes_context=True)
def language_toggle(context: Context, address: str = "") -> str:
    """The link to this same page in the other language, named in that language.

    It leads to ``address``; without one, to this address under the other prefix, query included.
    """
    other = OTHER_LANGUAGE[(get_language() or "en")[:2]]
    request = context.get("request")
    if not address and request is not None:
        path = request.get_full_path()
        address = translate_url(path, other)
        if address == path:
            address = ""
    with override(other):
        label = gettext("This page in English") if other == "en" else gettext("This page in French")
    return format_html(
        '<a href="{}" lang="{}" hreflang="{}" translate="no" title="{}">{}</a>',
        address or f"/{other}/",
        other,
        other,
        label,
        OWN_NAMES[other],
    )


@register.filter
def contact_links(html: str) -> SafeString:
    """Our own words, with their e-mail addresses and telephone numbers as links."""
    return contacts.contact_links(html)


@register.filter(is_safe=True)
@stringfilter
def as_typed(text: str) -> str:
    """What stands in a ``<textarea>``, to the character.

    Browsers drop a line end after the tag; without one of ours, the text's own first one would go.
    """
    return f"\n{text}"


@register.filter(is_safe=True)
@stringfilter
def on_one_line(text: str) -> str:
    """For the title of a page, which a template may write on several lines."""
    return re.sub(r"[ \n]+", " ", text).strip(" ")
