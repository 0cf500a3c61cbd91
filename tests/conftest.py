"""What every test may lean on: servers that start by themselves, a browser, axe.

Servers start at the first test that needs one (under xdist: before the workers, which share
them), on 127.0.0.1. With DATABASE_URL or BROKER_URL set, those are used instead. Celery is not
eager: a test calls a task's function itself, or asks for `celery_worker` and gets a real one.
"""

import os
import shutil
from typing import Any

import environ
import pytest
from django.conf import settings

from tests.servers import VAR, Servers, database_from_template

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Playwright's loop runs in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

servers = Servers()
_DATABASE_URL = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY = "the-tests-sign-with-this-and-nothing-else-does-0123456789"
    settings.CONSULT_RECEIPT_KEY = "the-tests-make-receipts-with-this-0123456789"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Static files straight from the apps, not from where they were last collected.
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    # Never a running demo's, whose addresses the settings may have found.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CELERY_BROKER_URL = "memory://"
    settings.MEDIA_ROOT = VAR / f"media-{os.getpid()}"
    if _is_controller(config):
        config.stash[_DATABASE_URL] = os.environ.get("DATABASE_URL") or servers.database_url()


def _is_controller(config: pytest.Config) -> bool:
    """Of xdist: starts what its workers share."""
    return not hasattr(config, "workerinput") and bool(getattr(config.option, "numprocesses", None))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["database_url"] = node.config.stash[_DATABASE_URL]


def pytest_unconfigure(config: pytest.Config) -> None:
    servers.close()
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    given = getattr(request.config, "workerinput", {}).get("database_url")
    return given or os.environ.get("DATABASE_URL") or servers.database_url()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_url: str, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Point Django at the session's server; each xdist worker has its own database there."""
    from django.db import connections

    connection = connections["default"]
    found = environ.Env.db_url_config(database_url)
    for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME"):
        connection.settings_dict[name] = found[name]
    # One connection at a time is what a test has; a pool would keep the test database busy.
    connection.settings_dict["OPTIONS"].pop("pool", None)


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest, database_url: str, django_db_modify_db_settings: None
) -> bool:
    """On the embedded server the test database is there already, migrated; Django keeps it."""
    if "DATABASE_URL" in os.environ:
        return bool(request.config.getvalue("reuse_db"))
    from django.db import connection

    database_from_template(database_url, connection.creation._get_test_db_name())
    return True


@pytest.fixture(scope="session")
def broker_url() -> str:
    """A real Valkey."""
    return os.environ.get("BROKER_URL") or servers.broker_url()
