"""What the frame of staff's screens asks."""

from __future__ import annotations

from django import template
from django.template import Context

from feedback.people.bar import Entry, bar_entries_of

register = template.Library()


@register.simple_tag(takes_context=True)
def bar_entries(context: Context) -> list[Entry]:
    """Where the person who is signed in may go."""
    return bar_entries_of(context["request"].user)
