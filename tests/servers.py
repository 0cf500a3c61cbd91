"""The servers of one test session: started when first asked for, gone when it ends.

A session has its own folder, `var/test/session-<pid>`, locked while it lives, so that two
sessions in one checkout do not meet and a killed one is cleaned up by the next. Migrations take
20 seconds and change rarely: they are run once per state of the migration files, in a cluster
kept as `var/test/migrated-<digest>`; a session starts from a copy of that.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from consult.embedded import Postgres, Valkey
from consult.embedded.postgres import FAST

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "test"


class Servers:
    def __init__(self) -> None:
        self._home: Path | None = None
        self._stack = contextlib.ExitStack()
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None

    def database_url(self) -> str:
        """A PostgreSQL whose database `consult` is migrated and empty: a template for others."""
        if self._postgres is None:
            home = self._folder()
            migrated_cluster_copy(home)
            self._postgres = Postgres(home, options=FAST)
            self._postgres.start()
            self._stack.callback(self._postgres.stop)
        return self._postgres.url

    def broker_url(self) -> str:
        if self._valkey is None:
            self._valkey = Valkey(self._folder(), keep=False)
            self._valkey.start()
            self._stack.callback(self._valkey.stop)
        return self._valkey.url

    def close(self) -> None:
        self._stack.close()

    def _folder(self) -> Path:
        if self._home is None:
            self._home = self._stack.enter_context(session_folder())
        return self._home


@contextlib.contextmanager
def session_folder(name: str = "") -> Iterator[Path]:
    """A folder for servers, gone at the end or, if we are killed, when the next one is made."""
    VAR.mkdir(parents=True, exist_ok=True)
    _remove_leftovers()
    home = VAR / f"session-{os.getpid()}{name and f'-{name}'}"
    home.mkdir(mode=0o700)
    with _locked(home / "lock"):
        try:
            yield home
        finally:
            _destroy(home)


def migrated_cluster_copy(target: Path) -> None:
    """Put a cluster with every migration applied into a folder, for a Postgres to start there."""
    _copy_cluster(_migrated_cluster(), target)


def database_copy(url: str, *, source: str, target: str) -> None:
    """Make the database `target` anew, as a copy of `source`, to which nobody may be connected."""
    with psycopg.connect(url, autocommit=True, dbname="postgres") as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        names = sql.Identifier(target), sql.Identifier(source)
        connection.execute(_DROP.format(names[0]))
        connection.execute(copy.format(*names))


def database_drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True, dbname="postgres") as connection:
        connection.execute(_DROP.format(sql.Identifier(name)))


_DROP = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _migrated_cluster() -> Path:
    """The folder of a stopped cluster with every migration applied; made if there is none."""
    kept = VAR / f"migrated-{_migrations_digest()}"
    with _locked(VAR / "migrated.lock"):
        if not (kept / "complete").exists():
            for old in VAR.glob("migrated-*/"):
                _destroy(old)
            postgres = Postgres(kept, options=FAST)
            url = postgres.start()
            try:
                subprocess.run(
                    [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                    cwd=ROOT,
                    env={
                        **os.environ,
                        "DATABASE_URL": url,
                        "SECRET_KEY": "migrations-sign-nothing",
                    },
                    check=True,
                )
            finally:
                postgres.stop()
            (kept / "complete").touch()
    return kept


def _migrations_digest() -> str:
    """Changes when a migration of any installed package does, or the server, or who runs it."""
    digest = hashlib.sha256(f"{os.geteuid()} {sys.version}".encode())
    packages = Path(psycopg.__file__).parent.parent
    digest.update(" ".join(sorted(path.name for path in packages.glob("*.dist-info"))).encode())
    for room in ("feedback", "analysis", "cms"):
        for path in sorted((ROOT / room).rglob("migrations/*.py")):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _copy_cluster(source: Path, target: Path) -> None:
    """`cp -a`: keeps owners, which matter to PostgreSQL, and shares blocks where it can."""
    with _locked(VAR / "migrated.lock"):
        subprocess.run(
            ["cp", "-a", source / "postgres", source / "postgres.json", target], check=True
        )


def _remove_leftovers() -> None:
    """Folders of sessions that were killed: nobody holds their lock."""
    for home in VAR.glob("session-*"):
        with contextlib.suppress(OSError), (home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _destroy(home)


def _destroy(home: Path) -> None:
    Postgres(home).destroy()
    Valkey(home).destroy()
    shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
