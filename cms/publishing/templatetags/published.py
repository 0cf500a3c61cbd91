"""What templates of pages ask of a page: an address below it, the beginning of its words."""

from __future__ import annotations

from django import template
from django.template import Context

from cms.publishing import excerpts
from cms.publishing.models import PairedPage

register = template.Library()
register.filter("excerpt", excerpts.excerpt)


@register.simple_tag(takes_context=True)
def routablepageurl_of(context: Context, page: PairedPage, name: str) -> str:
    """The address of a part of a page."""
    part: str = page.reverse_subpage(name)
    return f"{page.get_url(context.get('request')) or ''}{part}"
