"""Wrong passwords and codes, counted so that they slow whoever guesses and nobody else.

Guesses are counted in buckets: one for an account and the network they come from, one for the
network whatever the account. A device on which somebody signed in before has a bucket of its own
(`devices`), so that a thousand wrong passwords from elsewhere cost the owner nothing. Nobody is
ever locked out: the first tries are free, then each has to wait, twice as long as the one before,
never longer than the bucket says. What comes too early is refused unread.

They are counted in PostgreSQL, where the account is, and not in the cache: while that is away
guessing must not become free, nor may everybody be refused. A bucket is named by a keyed digest:
nobody can read from it whose account or which network it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from feedback.people.models import Attempts

# A bucket in which nobody tried for so long is empty again.
FORGOTTEN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """``free`` tries, then waits of 1, 2, 4, … seconds up to ``longest``."""

    free: int
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """Between so many failures and the next try."""
        if failures < self.free:
            return timedelta(0)
        # 2 ** 20 seconds are twelve days.
        return min(timedelta(seconds=2 ** min(failures - self.free, 20)), self.longest)


# An account tried from a network: some hundred guesses a day.
ACCOUNT: Final = Pace(free=5, longest=timedelta(minutes=15))
# An office behind one address mistypes more often, and must not wait for its slowest colleague.
NETWORK: Final = Pace(free=50, longest=timedelta(minutes=1))
# A device on which the account's owner signed in before.
DEVICE: Final = Pace(free=10, longest=timedelta(minutes=5))
# Codes of a second factor, from wherever: only who has the password comes so far.
CODES: Final = Pace(free=20, longest=timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Bucket:
    """``about``: what is counted together, for instance ("account", "elise", "192.0.2.1")."""

    about: tuple[str, ...]
    pace: Pace

    @property
    def key(self) -> str:
        return salted_hmac(
            "feedback.people.attempts", "\0".join(self.about), algorithm="sha256"
        ).hexdigest()


class TooSoon(Exception):  # noqa: N818 (named for what happened)
    """It has to wait. ``wait``: how long from now."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait

    @property
    def seconds(self) -> int:
        return max(1, ceil(self.wait.total_seconds()))


@transaction.atomic
def attempt_begin(buckets: Sequence[Bucket]) -> None:
    """Count a try before it is looked at, so that many at once are not more than one after another.

    Raises TooSoon, and counts nothing, where one of the buckets has to wait.
    """
    now = timezone.now()
    by_key = {bucket.key: bucket for bucket in buckets}
    Attempts.objects.bulk_create(
        [Attempts(key=key, failures=0, last_at=now) for key in by_key], ignore_conflicts=True
    )
    # In one order, whoever comes: nobody waits for each other in a ring.
    rows = list(Attempts.objects.select_for_update().filter(key__in=by_key).order_by("key"))
    for row in rows:
        if now - row.last_at > FORGOTTEN_AFTER:
            row.failures = 0
    wait = max(_left(row, by_key[row.key].pace, now) for row in rows)
    if wait > timedelta(0):
        raise TooSoon(wait)
    for row in rows:
        row.failures += 1
        row.last_at = now
        row.save(update_fields=["failures", "last_at"])


def _left(row: Attempts, pace: Pace, now: datetime) -> timedelta:
    return row.last_at + pace.wait(row.failures) - now if row.failures else timedelta(0)


def attempt_succeeded(buckets: Sequence[Bucket]) -> None:
    """It was no guess. What belongs to the account is empty again; a network's bucket gives back
    this one try only, or whoever has an account there could empty it between guesses."""
    for bucket in buckets:
        rows = Attempts.objects.filter(key=bucket.key)
        if bucket.pace is NETWORK:
            rows.filter(failures__gt=0).update(failures=F("failures") - 1)
        else:
            rows.delete()


def attempts_purge() -> int:
    """Delete what is forgotten anyway. Returns how many buckets."""
    deleted, _ = Attempts.objects.filter(last_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    return deleted


# --- Which buckets -------------------------------------------------------------------------------


def password_buckets(account: str, network: str, device: str | None) -> list[Bucket]:
    """``account``: what was typed, whether there is one or not; ``device``: one the owner knows."""
    name = account.strip().casefold()
    if device:
        return [Bucket(("password", name, device), DEVICE)]
    return [Bucket(("password", name, network), ACCOUNT), Bucket(("network", network), NETWORK)]


def code_buckets(user_id: int, network: str, device: str | None) -> list[Bucket]:
    """Of a second factor, after the right password."""
    if device:
        return [Bucket(("code", str(user_id), device), DEVICE)]
    return [
        Bucket(("code", str(user_id), network), ACCOUNT),
        Bucket(("codes", str(user_id)), CODES),
    ]


def mail_buckets(network: str) -> list[Bucket]:
    """Of requests that send an email."""
    return [Bucket(("network", network), NETWORK)]
