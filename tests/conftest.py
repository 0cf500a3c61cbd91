"""What every test may lean on: servers that start by themselves, a browser, axe.

Servers start at the first test that needs one (under xdist: before the workers, which share
them), on 127.0.0.1, in a folder of `var/test/` that is theirs alone and removed afterwards. With
DATABASE_URL set, that server is used instead. Celery is not eager: a test calls a task's function
itself, or asks for `celery_worker` and gets a real one.
"""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import environ
import pytest
from django.conf import settings

from consult.embedded import Postgres, Valkey
from consult.embedded.postgres import FAST

VAR = Path(__file__).resolve().parent.parent / "var" / "test"

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Playwright's loop runs in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


class Servers:
    """The servers of this test session, started when first asked for."""

    def __init__(self) -> None:
        self._home: Path | None = None
        self._stack = contextlib.ExitStack()
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None

    def database_url(self) -> str:
        if self._postgres is None:
            self._postgres = Postgres(self._folder(), options=FAST)
            self._postgres.start()
            self._stack.callback(self._postgres.stop)
        return self._postgres.url

    def broker_url(self) -> str:
        if self._valkey is None:
            self._valkey = Valkey(self._folder(), keep=False)
            self._valkey.start()
            self._stack.callback(self._valkey.stop)
        return self._valkey.url

    def _folder(self) -> Path:
        if self._home is None:
            VAR.mkdir(parents=True, exist_ok=True)
            _remove_leftovers()
            self._home = VAR / f"session-{os.getpid()}"
            self._home.mkdir(mode=0o700)
            lock = self._stack.enter_context((self._home / "lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._stack.callback(_destroy, self._home)
        return self._home

    def close(self) -> None:
        self._stack.close()


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


servers = Servers()


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY = "the-tests-sign-with-this-and-nothing-else-does-0123456789"
    settings.CONSULT_RECEIPT_KEY = "the-tests-make-receipts-with-this-0123456789"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Static files straight from the apps, not from where they were last collected.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Never the demo's: those may be what `DATABASE_URL` means here (consult/settings.py).
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CELERY_BROKER_URL = "memory://"
    settings.MEDIA_ROOT = VAR / f"media-{os.getpid()}"
    worker = getattr(config, "workerinput", None)
    if worker is None and getattr(config.option, "numprocesses", None):
        config.stash[_URL] = _wanted_database_url()


_URL = pytest.StashKey[str]()


def _wanted_database_url() -> str:
    return os.environ.get("DATABASE_URL") or servers.database_url()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["database_url"] = node.config.stash[_URL]


def pytest_unconfigure(config: pytest.Config) -> None:
    servers.close()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    given = getattr(request.config, "workerinput", {}).get("database_url")
    return given or _wanted_database_url()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_url: str, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Point Django at the session's server; each xdist worker has its own database there."""
    from django.db import connections

    found = environ.Env.db_url_config(database_url)
    for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME"):
        connections["default"].settings_dict[name] = found[name]
    # One connection at a time is what a test has; a pool would keep the test database busy.
    connections["default"].settings_dict["OPTIONS"].pop("pool", None)


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """A real Valkey."""
    yield os.environ.get("BROKER_URL") or servers.broker_url()
