"""Telling people by email what waits for them: at once, every morning, or never, as they chose.

What stands in an email is asked when it is sent: what was done meanwhile is not in it, and where
nothing waits any more, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.bilingual import Language
from feedback.dates import long_date, moment_with_zone
from feedback.outbox.emails import Line, Listed, Recipient, email_queue
from feedback.people.enums import WaitingEmails
from feedback.people.models import Digest, User
from feedback.people.waiting import Item, Kind, Section, waits_for

log = structlog.stdlib.get_logger("feedback.people.waiting_emails")

# Of one kind, in one email; the rest is counted, and stands on the home.
LINES: Final = 10


# --- At once -----------------------------------------------------------------------------------


def waiting_told(people: Iterable[User], *, key: str) -> int:
    """In the transaction in which something comes to wait for ``people``: those who want to know
    at once are written to, the others find it on their home and in tomorrow's email.

    ``key``: that of the `Item` which a provider will list for them. Returns how many emails.
    """
    chosen = [
        person
        for person in people
        if person.is_active and person.email and person.waiting_emails == WaitingEmails.AT_ONCE
    ]
    for person in chosen:
        email_queue("waiting_now", {"user_id": person.pk, "key": key})
    return len(chosen)


def now_lookup(about: Mapping[str, Any]) -> Recipient | None:
    def one(sections: list[Section]) -> list[Section]:
        return [
            Section(section.kind, (item,))
            for section in sections
            for item in section.items
            if item.key == about["key"]
        ][:1]

    user = _written_to(about)
    return _recipient(user, one) if user else None


# --- Every morning -----------------------------------------------------------------------------


def digests_queue() -> int:
    """By beat, every few minutes: from CONSULT_DIGEST_HOUR on, in CONSULT_DIGEST_TIME_ZONE, an
    email to each person for whom something waits and who got none that day. Returns how many.

    A day is claimed by its row in the transaction that queues the email: a worker that dies leaves
    the rest to the next round, two at once share the work. The day is the calendar's, so a night
    in which an hour is missing or comes twice has one email too.
    """
    day, is_time = _today()
    if not is_time:
        return 0
    hour = datetime.combine(day, time(settings.CONSULT_DIGEST_HOUR), tzinfo=_zone())
    people = (
        User.objects.filter(is_active=True, date_joined__lt=hour)
        .exclude(Q(email="") | Q(waiting_emails=WaitingEmails.NEVER))
        .exclude(digest__day__gte=day)
    )
    queued = 0
    for user in people.order_by("pk"):
        try:
            with transaction.atomic():
                if _claim(user, day) and _tasks(waits_for(user)):
                    email_queue("waiting_digest", {"user_id": user.pk, "day": day.isoformat()})
                    queued += 1
        except Exception:  # Whatever a room's provider raises: the others get theirs.
            log.exception("digest_not_queued", user=user.pk)
    return queued


def digest_lookup(about: Mapping[str, Any]) -> Recipient | None:
    if date.fromisoformat(about["day"]) != _today()[0]:
        # It could not be sent all day; another is made today.
        return None
    user = _written_to(about)
    if user is None:
        return None
    return _recipient(user, lambda sections: sections if _tasks(sections) else [])


def waiting_emails_choose(*, user: User, choice: WaitingEmails) -> None:
    """The person's own choice. Who wants to be written to from now on gets the first daily email
    tomorrow, not this minute."""
    with transaction.atomic():
        day, is_time = _today()
        if is_time and user.waiting_emails == WaitingEmails.NEVER:
            _claim(user, day)
        user.waiting_emails = choice
        user.save(update_fields=["waiting_emails"])


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.CONSULT_DIGEST_TIME_ZONE)


def _today() -> tuple[date, bool]:
    """The day there, and whether it is late enough."""
    now = timezone.localtime(timezone=_zone())
    return now.date(), now.hour >= settings.CONSULT_DIGEST_HOUR


def _claim(user: User, day: date) -> bool:
    """Whether the day is ours to decide; the second of two waits here, and is told no."""
    _row, is_new = Digest.objects.get_or_create(user=user, defaults={"day": day})
    return is_new or bool(Digest.objects.filter(user=user, day__lt=day).update(day=day))


def _tasks(sections: list[Section]) -> int:
    """How many things there are to do."""
    return sum(len(section.items) for section in sections if section.kind.is_task)


# --- What stands in them -----------------------------------------------------------------------


def _written_to(about: Mapping[str, Any]) -> User | None:
    people = User.objects.filter(pk=about["user_id"], is_active=True).exclude(
        Q(email="") | Q(waiting_emails=WaitingEmails.NEVER)
    )
    return people.first()


def _recipient(user: User, chosen: Callable[[list[Section]], list[Section]]) -> Recipient | None:
    values: dict[str, dict[str, str]] = {}
    lists: dict[str, list[Listed]] = {}
    for language in [user.language] if user.language else Language.values:
        with translation.override(language):
            sections = chosen(waits_for(user))
            if not sections:
                return None
            values[language] = {
                "name": user.get_full_name() or user.get_username(),
                "number": str(_tasks(sections)),
                "kind": str(sections[0].kind.label),
                "title": sections[0].items[0].title,
            }
            lists[language] = [_listed(section) for section in sections]
    return Recipient(
        address=user.email,
        language=user.language,
        values=values,
        lists=lists,
        link=settings.CONSULT_BASE_URL + reverse("staff-home"),
        foot_link=settings.CONSULT_BASE_URL + reverse("waiting-emails"),
    )


def _listed(section: Section) -> Listed:
    more = len(section.items) - LINES
    return Listed(
        heading=str(section.kind.label),
        lines=[
            Line(item.title, settings.CONSULT_BASE_URL + item.address, _said(item, section.kind))
            for item in section.items[:LINES]
        ],
        more=(
            ngettext("and {number} more", "and {number} more", more).format(number=more)
            if more > 0
            else ""
        ),
    )


def _said(item: Item, kind: Kind) -> str:
    moment = (
        _("Closes %(moment)s") % {"moment": moment_with_zone(item.due)}
        if item.due and kind == Kind.CLOSES_SOON
        else _("Due %(date)s") % {"date": long_date(item.due)}
        if item.due
        else _("since {date}").format(date=long_date(item.since))
        if item.since
        else ""
    )
    return " · ".join(filter(None, (item.said, moment, item.department.name)))
