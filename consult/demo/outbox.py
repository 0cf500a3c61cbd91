"""The demo's outbox: emails that went nowhere, and what the telephones of its people show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from consult.demo.staff import PEOPLE, demo_codes

MOST = 50
# What Django's backend writes between two emails of a file.
BETWEEN = b"\n" + b"-" * 79 + b"\n"
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Shown:
    to: str
    subject: str
    body: SafeString


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    emails = emails_in(Path(settings.EMAIL_FILE_PATH))  # type: ignore[misc]
    codes = demo_codes()
    people = [(person, codes.get(person.username, "")) for person in PEOPLE]
    return render(request, "demo/outbox.html", {"emails": emails, "people": people})


def door_notice(_request: HttpRequest) -> dict[str, object]:
    """On the pages at the door: where the second steps are."""
    text = gettext_lazy(
        "This is a demo: its outbox has the emails and the codes of the second step"
    )
    return {"door_notice": {"address": reverse_lazy("demo-outbox"), "text": text}}


def emails_in(folder: Path) -> list[Shown]:
    """The newest first."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
    found: list[Shown] = []
    for file in files[:MOST]:
        for raw in reversed(file.read_bytes().split(BETWEEN)):
            if raw.strip():
                found.append(_shown(raw))
    return found[:MOST]


def _shown(raw: bytes) -> Shown:
    email = message_from_bytes(raw, policy=policy.default)
    part = email.get_body(("plain",))
    text = str(part.get_content()) if part else ""
    linked = LINK.sub(
        lambda found: f'<a href="{found[0]}">{found[0]}</a>', conditional_escape(text)
    )
    return Shown(
        to=str(email["To"]),
        subject=str(email["Subject"]),
        body=mark_safe(linked),  # noqa: S308 (escaped above)
    )
