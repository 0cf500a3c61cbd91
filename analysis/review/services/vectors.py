"""Vectors kept in the database, so that no worker embeds a text another one has embedded."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone

from analysis.review.models import KeptVector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float16]

BATCH = 5_000
_TABLE = KeptVector._meta.db_table
_GET = f"SELECT key, vector FROM {_TABLE} WHERE key = ANY(%b)".encode()  # noqa: S608
_KNOWN = f"SELECT key FROM {_TABLE} WHERE key = ANY(%b)".encode()  # noqa: S608
# Once a day for each; a row another worker is touching is as good as touched.
_TOUCH = (
    f"UPDATE {_TABLE} SET used_on = %(today)b WHERE key IN (SELECT key FROM {_TABLE} "  # noqa: S608
    "WHERE key = ANY(%(keys)b) AND used_on < %(today)b FOR UPDATE SKIP LOCKED)"
).encode()
_PUT = (
    f"INSERT INTO {_TABLE} (used_on, key, vector) "  # noqa: S608
    "SELECT %b, * FROM unnest(%b::bytea[], %b::bytea[]) AS new (key, vector) ORDER BY key "
    "ON CONFLICT DO NOTHING"
).encode()


class DatabaseCache:
    """The pipeline's vector cache over a table that all workers share.

    A key is hashed once more with the site's secret: who reads the table can neither tell a text
    from its key nor test whether someone wrote a given text.
    """

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The vectors known of those asked for; they count as used today."""
        import numpy as np

        found: dict[bytes, Vector] = {}
        today = timezone.now().date()
        with _binary() as cursor:
            for hidden in _batches(keys):
                cursor.execute(_TOUCH, {"today": today, "keys": list(hidden)})
                cursor.execute(_GET, [list(hidden)], binary=True)
                for key, vector in cursor:
                    found[hidden[key]] = np.frombuffer(vector, dtype="<f2")
        return found

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """The keys ``get`` would find, without their vectors."""
        found: set[bytes] = set()
        with _binary() as cursor:
            for hidden in _batches(keys):
                cursor.execute(_KNOWN, [list(hidden)], binary=True)
                found.update(hidden[key] for (key,) in cursor)
        return found

    def put(self, vectors: Mapping[bytes, Vector]) -> None:
        """Keep these. In order of key, so that two workers never wait for each other in a ring."""
        today = timezone.now().date()
        rows = sorted(
            ((_hidden(key), vector) for key, vector in vectors.items()), key=lambda row: row[0]
        )
        with _binary() as cursor:
            for start in range(0, len(rows), BATCH):
                some = rows[start : start + BATCH]
                made = [vector.astype("<f2").tobytes() for _, vector in some]
                cursor.execute(_PUT, [today, [key for key, _ in some], made])


@contextmanager
def _binary() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor that sends bytes as they are; Django's writes each as two letters, and a vector
    then takes longer to put and to get than some workers take to make it."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor


def vectors_purge() -> int:
    """Delete vectors no run has used for CONSULT_VECTOR_DAYS. Returns how many."""
    oldest = timezone.now().date() - timedelta(days=settings.CONSULT_VECTOR_DAYS)
    deleted, _ = KeptVector.objects.filter(used_on__lt=oldest).delete()
    return deleted


def _hidden(key: bytes) -> bytes:
    secret = f"analysis.vectors {settings.SECRET_KEY}".encode()
    return hmac.digest(secret, key, "sha256")


def _batches(keys: Sequence[bytes]) -> Iterator[dict[bytes, bytes]]:
    """The keys by what they are in the table, some at a time."""
    rest = iter(keys)
    while some := list(islice(rest, BATCH)):
        yield {_hidden(key): key for key in some}
