"""Vectors kept in the database, so that no worker embeds a text another one has embedded."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone

from analysis.models import KeptVector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float16]

BATCH = 5_000
_TABLE = KeptVector._meta.db_table


class DatabaseCache:
    """The pipeline's vector cache over a table that all workers share.

    A key is hashed once more with the site's secret: who reads the table can neither tell a text
    from its key nor test whether someone wrote a given text.
    """

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Vector]:
        """The vectors known of those asked for; they count as used today."""
        import numpy as np

        found: dict[bytes, Vector] = {}
        for hidden in _batches(keys):
            self._touch(list(hidden))
            rows = KeptVector.objects.filter(pk__in=list(hidden)).values_list("key", "vector")
            for key, vector in rows.iterator(chunk_size=BATCH):
                found[hidden[bytes(key)]] = np.frombuffer(vector, dtype="<f2")
        return found

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """The keys ``get`` would find, without their vectors."""
        return {
            hidden[bytes(key)]
            for hidden in _batches(keys)
            for key in KeptVector.objects.filter(pk__in=list(hidden)).values_list("key", flat=True)
        }

    def put(self, vectors: Mapping[bytes, Vector]) -> None:
        """Keep these. In order of key, so that two workers never wait for each other in a ring."""
        today = timezone.now().date()
        rows = sorted(
            ((_hidden(key), vector) for key, vector in vectors.items()), key=lambda row: row[0]
        )
        KeptVector.objects.bulk_create(
            (
                KeptVector(key=key, vector=vector.astype("<f2").tobytes(), used_on=today)
                for key, vector in rows
            ),
            batch_size=BATCH,
            ignore_conflicts=True,
        )

    @staticmethod
    def _touch(keys: list[bytes]) -> None:
        """Once a day for each; a row another worker is touching is as good as touched."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_TABLE} SET used_on = %(today)s WHERE key IN (SELECT key FROM {_TABLE} "  # noqa: S608
                "WHERE key = ANY(%(keys)s) AND used_on < %(today)s FOR UPDATE SKIP LOCKED)",
                {"today": timezone.now().date(), "keys": keys},
            )


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
