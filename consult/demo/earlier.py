"""A demo's database that an earlier version made, whose tables are not those of this one."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import psycopg
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

OURS: Final = ("feedback.", "analysis.", "cms.")
# Rooms that were one app each, before each subject had one.
ROOMS: Final = frozenset({"feedback", "analysis", "cms"})


def made_by_an_earlier_version(database_url: str, made_by: Path) -> bool:
    """Whether our migrations that were applied there are no more, or say something else now; not
    of a new database. ``made_by`` keeps, a line each, the digests of those it was made by."""
    with psycopg.connect(database_url) as connection:
        (table,) = connection.execute("SELECT to_regclass('django_migrations')").fetchone() or ()
        if table is None:
            return False
        applied = connection.execute("SELECT app, name FROM django_migrations").fetchall()
    ours = ROOMS.union(a.label for a in apps.get_app_configs() if a.name.startswith(OURS))
    known = MigrationLoader(None).disk_migrations
    if any(app in ours and (app, name) not in known for app, name in applied):
        return True
    # Made anew under the same name, its tables are others, and nothing is migrated. A demo without
    # the file is older than the file.
    kept = set(made_by.read_text().splitlines()) if made_by.exists() else set()
    now = migration_digests()
    return any(now[name] not in kept for name in applied if name in now)


def migration_digests() -> dict[tuple[str, str], str]:
    """By app and name: each migration of ours, with a digest of its file."""
    found = {}
    for app in apps.get_app_configs():
        if app.name.startswith(OURS):
            for path in sorted(Path(app.path, "migrations").glob("[0-9]*.py")):
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                found[app.label, path.stem] = f"{app.label} {path.stem} {digest}"
    return found
