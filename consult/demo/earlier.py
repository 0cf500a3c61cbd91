"""A demo's database that an earlier version made, whose tables are not those of this one."""

from __future__ import annotations

from typing import Final

import psycopg
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

OURS: Final = ("feedback.", "analysis.", "cms.")
# Rooms that were one app each, before each subject had one.
ROOMS: Final = frozenset({"feedback", "analysis", "cms"})


def made_by_an_earlier_version(database_url: str) -> bool:
    """Whether migrations of ours were applied there that are no more; not of a new database."""
    with psycopg.connect(database_url) as connection:
        (table,) = connection.execute("SELECT to_regclass('django_migrations')").fetchone() or ()
        if table is None:
            return False
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    ours = ROOMS.union(a.label for a in apps.get_app_configs() if a.name.startswith(OURS))
    known = MigrationLoader(None).disk_migrations
    return any(app in ours and (app, name) not in known for app, name in applied)
