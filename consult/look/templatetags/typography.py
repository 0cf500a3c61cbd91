"""For the two pages that are no messages of a catalogue, because it may be what fails."""

from django import template

from analysis.typography import typographic

register = template.Library()
register.filter("typographic", typographic, is_safe=True)
