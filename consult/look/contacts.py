"""E-mail addresses and telephone numbers in our own words, made into links.

For what departments write: contacts, notices, privacy notices. Never for what respondents wrote.
"""

from __future__ import annotations

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

EMAIL = r"(?P<email>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"
GAP = r"[ .\u00a0\u2011-]"
# Of North America, in ten digits or eleven; the spaces between may be of any kind.
PHONE = rf"(?P<phone>(?<!\w)(?:\+?1{GAP})?\(?[2-9]\d{{2}}\)?{GAP}\d{{3}}{GAP}\d{{4}}(?!\d))"
CONTACT = re.compile(f"{EMAIL}|{PHONE}")
TAG = re.compile(r"(<[^>]*>)")


def contact_links(html: str) -> SafeString:
    """The same HTML with `mailto:` and `tel:` links, save inside links that are there already.

    Text that is not marked safe is escaped first.
    """
    parts: list[str] = []
    inside = 0
    for part in TAG.split(conditional_escape(html).replace("&nbsp;", "\u00a0")):
        if part.startswith("<a ") or part == "<a>":
            inside += 1
        elif part == "</a>":
            inside -= 1
        elif not inside and not part.startswith("<"):
            part = CONTACT.sub(_link, part)
        parts.append(part)
    return mark_safe("".join(parts))  # noqa: S308 (escaped above; what we add has no markup of theirs)


def _link(found: re.Match[str]) -> str:
    shown = found.group()
    if found["email"]:
        return f'<a href="mailto:{shown}">{shown}</a>'
    digits = re.sub(r"\D", "", shown)
    return f'<a href="tel:+1{digits[-10:]}">{shown}</a>'
