"""What the program asks of a way in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import URLPattern

from feedback.asking.enums import Channel


@dataclass(frozen=True, slots=True)
class WayIn:
    """How responses of one channel are taken: ``urls`` are its pages, among this room's.

    Its views read what was sent, and hand it to ``response_submit`` with their ``channel``, which
    is kept with each response and tells it from others in every count.
    """

    channel: Channel
    urls: tuple[URLPattern, ...]
