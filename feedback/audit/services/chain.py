"""The chain: each entry sealed over what it says and the seal before it.

A task does it after the commit, so that acts never wait for each other. It takes whatever is
committed and has no place yet, in the order it was written; an entry whose transaction was still
open then is not there to be seen and takes a later place. So no number is waited for, none can be
passed over, and a place that was given stays.

The seal is keyed (HMAC-SHA-256). A plain hash chain can be made anew by whoever can change the
table; this one only with CONSULT_RECEIPT_KEY too, which is in no database. Rows taken from the end
are found by the head, which says how far the chain had come; whoever sets that back as well is
found by a head that is kept elsewhere: the log has one of each round, and so has every export.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from feedback.audit.models import AuditEntry, AuditHead

log = structlog.stdlib.get_logger("feedback.audit")

SALT = "feedback.audit.chain"
# Entries sealed in one transaction.
BATCH = 500


def canonical(entry: AuditEntry, place: int, before: str) -> str:
    """All that an entry says, with its place and the seal before it, as JSON in one form only."""
    return json.dumps(
        {
            "place": place,
            "previous": before,
            "id": entry.pk,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "act": entry.act,
            "actor_number": entry.actor_number,
            "actor_name": entry.actor_name,
            "roles": entry.roles,
            "departments": entry.departments,
            "about": entry.about,
            "reference": entry.reference,
            "before": entry.before,
            "after": entry.after,
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )


def seal_of(entry: AuditEntry, place: int, before: str) -> str:
    """64 hexadecimal digits."""
    text = canonical(entry, place, before)
    key = settings.CONSULT_RECEIPT_KEY
    return salted_hmac(SALT, text, secret=key, algorithm="sha256").hexdigest()


def audit_chain() -> int:
    """Seal what is committed and not chained yet. Returns how many. Several at once take turns."""
    sealed = 0
    while batch := _chain_batch():
        sealed += batch
        if batch < BATCH:
            break
    return sealed


@transaction.atomic
def _chain_batch() -> int:
    head = AuditHead.objects.select_for_update().get()
    entries = list(AuditEntry.objects.filter(place__isnull=True).order_by("pk")[:BATCH])
    for entry in entries:
        place = head.place + 1
        entry.seal = head.seal = seal_of(entry, place, head.seal)
        entry.place = head.place = place
    if entries:
        AuditEntry.objects.bulk_update(entries, ["place", "seal"])
        head.save(update_fields=["place", "seal"])
        transaction.on_commit(lambda: log.info("audit_chained", head=str(head)))
    return len(entries)


# --- Looking whether it still holds ------------------------------------------------------------


class Fault(StrEnum):
    """What is wrong at the first place where something is."""

    MISSING = "missing"
    CHANGED = "changed"
    CUT_OFF = "cut off"
    OTHER_HEAD = "other head"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found. ``place``: of the first fault, else of the last entry."""

    place: int
    seal: str
    fault: Fault | None
    entry: int | None
    waiting: int
    waiting_since: datetime | None


def audit_verify(heads: Iterable[tuple[int, str]] = ()) -> Verdict:
    """Walk the chain from its first entry to its head. ``heads``: some that were kept elsewhere,
    each a place and the seal that stood there."""
    # Before the entries: what is chained meanwhile lies behind it.
    stored = AuditHead.objects.filter(pk=1).first()
    head = (stored.place, stored.seal) if stored is not None else (0, "")
    known: dict[int, set[str]] = {}
    for place, seal in (*heads, head):
        known.setdefault(place, set()).add(seal)
    place, seal, fault, entry = _walk(max(known), known)
    waiting = AuditEntry.objects.filter(place__isnull=True).order_by("pk")
    first = waiting.first()
    return Verdict(place, seal, fault, entry, waiting.count(), first.at if first else None)


def _walk(end: int, known: dict[int, set[str]]) -> tuple[int, str, Fault | None, int | None]:
    place, seal = 0, ""
    for entry in _chained(end):
        place += 1
        if entry.place != place:
            return place, seal, Fault.MISSING, None
        expected = seal_of(entry, place, seal)
        if not constant_time_compare(entry.seal, expected):
            return place, seal, Fault.CHANGED, entry.pk
        seal = expected
        if known.get(place, {seal}) != {seal}:
            return place, seal, Fault.OTHER_HEAD, entry.pk
    if place < end:
        return place + 1, seal, Fault.CUT_OFF, None
    return place, seal, None, None


def _chained(end: int) -> Iterator[AuditEntry]:
    found = AuditEntry.objects.filter(place__lte=end).order_by("place")
    return found.iterator(chunk_size=BATCH)
