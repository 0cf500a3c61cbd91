"""What an email is made of, and how it is set in one language or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Words:
    """An email in both languages. Each text is a message of the catalogue, with `{name}` for what
    the recipient's values say. ``action`` is the text of the one link; empty: there is none.
    ``foot``: of the link at the foot, by which one says that no such email is wanted."""

    subject: Text
    paragraphs: tuple[Text, ...]
    action: Text = ""
    after: tuple[Text, ...] = ()
    foot: Text = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its heading; each line is a link, its text and a sentence on it."""

    heading: str
    lines: Sequence[Line]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    link: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The email in one language."""

    language: str
    subject: str
    paragraphs: list[str]
    lists: Sequence[Listed]
    action: str
    after: list[str]
    foot: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets it, and what stands in it. ``language``: empty where we do not know it; then both
    are sent, in one email. ``values`` fill the words, by language; ``lists`` stand after the
    paragraphs."""

    address: str
    language: str
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    link: str = ""
    foot_link: str = ""
    lists: Mapping[str, Sequence[Listed]] = field(default_factory=dict)


def compose(words: Words, recipient: Recipient, *, message_id: str) -> EmailMultiAlternatives:
    languages = [recipient.language] if recipient.language else ["en", "fr"]
    parts = [_part(words, recipient, language) for language in languages]
    context = {
        "parts": parts,
        "link": recipient.link,
        "foot_link": recipient.foot_link,
        "site": settings.CONSULT_BASE_URL,
    }
    email = EmailMultiAlternatives(
        subject=" / ".join(part.subject for part in parts),
        body=render_to_string("outbox/email.txt", context).strip() + "\n",
        to=[recipient.address],
        # Nobody's holiday notice is wanted; and how the receiving side knows a second copy.
        headers={"Auto-Submitted": "auto-generated", "Message-ID": message_id},
    )
    email.attach_alternative(render_to_string("outbox/email.html", context), "text/html")
    return email


def _part(words: Words, recipient: Recipient, language: str) -> Part:
    values = recipient.values.get(language, {})
    with translation.override(language):
        return Part(
            language=language,
            # A line break in a name must not become a header.
            subject=" ".join(str(words.subject).format(**values).split()),
            paragraphs=[str(text).format(**values) for text in words.paragraphs],
            lists=recipient.lists.get(language, ()),
            action=str(words.action),
            after=[str(text).format(**values) for text in words.after],
            foot=str(words.foot),
        )
