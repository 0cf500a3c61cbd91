"""What every test may lean on: servers that start by themselves, a browser, a fresh start.

Servers start at the first test that needs one (under xdist: before the workers, which share
them), on 127.0.0.1. With DATABASE_URL or BROKER_URL set, those are used instead. Celery is not
eager: a test calls a task's function itself, or asks for `celery_worker` and gets a real one.

A test that commits (`transaction=True`, `live_server`) would leave an emptied database behind,
without Wagtail's root page; here each finds, and leaves, the database as migrations made it and
with the two home pages, since making these takes longer than most tests do.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import environ
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from django.test.signals import setting_changed
from django.utils.translation import trans_real
from playwright.sync_api import Browser, Page

from analysis.catalogue import LOCALE, catalogues_compile
from tests.browser import Pages, assert_accessible, chromium
from tests.servers import VAR, Servers, database_copy, database_drop

__all__ = ["assert_accessible"]

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Playwright's loop runs in the thread that also asks the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

servers = Servers()
_DATABASE_URL = pytest.StashKey[str]()
_RESTORE = pytest.StashKey[Any]()


def pytest_configure(config: pytest.Config) -> None:
    settings.SECRET_KEY = "the-tests-sign-with-this-and-nothing-else-does-0123456789"
    settings.CONSULT_RECEIPT_KEY = "the-tests-make-receipts-with-this-0123456789"
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests are of what roles may do; those of signing in turn it on.
    settings.CONSULT_SECOND_FACTOR_REQUIRED = []
    # Django's tests keep emails in memory.
    settings.CONSULT_EMAIL_ENABLED = True
    # Static files straight from the apps, not from where they were last collected.
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    # Some app has asked for a storage before we came.
    setting_changed.send(None, setting="STORAGES", value=settings.STORAGES, enter=True)
    # Never a running demo's, whose addresses the settings may have found.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CELERY_BROKER_URL = "memory://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {}
    settings.STATIC_ROOT = VAR / "static"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.MEDIA_ROOT = VAR / f"media-{os.getpid()}"
    # A fresh checkout has its catalogues only as text; xdist's workers find them compiled.
    if not hasattr(config, "workerinput") and catalogues_compile(LOCALE):
        # Without workers, Django has looked for them by now and found none.
        trans_real._translations.clear()
        trans_real._default = None
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


# --- The database ----------------------------------------------------------------------------


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
    connection.settings_dict.get("OPTIONS", {}).pop("pool", None)


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest, database_url: str, django_db_modify_db_settings: None
) -> bool:
    """On the embedded server the test database is there already, migrated; Django keeps it."""
    if "DATABASE_URL" in os.environ:
        return bool(request.config.getvalue("reuse_db"))
    from django.db import connection

    database_copy(database_url, source="consult", target=connection.creation._get_test_db_name())
    return True


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    database_url: str,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Keep a copy of the database with a site, from which `_restore` makes the test's own anew."""
    from django.db import connection

    from tests.factories import make_site

    with django_db_blocker.unblock():
        make_site()
    name = str(connection.settings_dict["NAME"])
    pristine = f"{name}_pristine"
    connection.close()
    database_copy(database_url, source=name, target=pristine)

    def restore() -> None:
        connection.close()
        database_copy(database_url, source=pristine, target=name)

    request.config.stash[_RESTORE] = restore
    with pytest.MonkeyPatch.context() as patch:
        # Instead of emptying a hundred tables one by one.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: None)
        yield
    del request.config.stash[_RESTORE]
    connection.close()
    database_drop(database_url, pristine)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    result = yield
    marker = item.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction")) or not {
        "transactional_db",
        "live_server",
    }.isdisjoint(getattr(item, "fixturenames", ()))
    if commits and (restore := item.config.stash.get(_RESTORE, None)):
        restore()
    return result


@pytest.fixture(autouse=True)
def _forget_caches() -> None:
    """Nothing a test before put in memory: pages' addresses, locales, content types, attempts."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache
    from django.utils import translation

    from feedback.answering.services.attempts import attempts_forget

    cache.clear()
    attempts_forget()
    ContentType.objects.clear_cache()
    translation.activate(settings.LANGUAGE_CODE)


# --- The broker ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def broker_url() -> str:
    """A real Valkey."""
    return os.environ.get("BROKER_URL") or servers.broker_url()


@pytest.fixture
def celery_worker(broker_url: str, transactional_db: None) -> Iterator[Any]:
    """A real worker in a thread of this process: messages go to Valkey and come back.

    What a test commits, the worker sees; hence `transactional_db`.
    """
    from celery.contrib.testing.worker import start_worker

    from consult.celery import app

    app.loader.import_default_modules()
    before = app.conf.broker_url
    app.conf.broker_url = broker_url
    app._after_fork()  # Forgets its connections to the broker before.
    try:
        with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
            yield app
    finally:
        app.conf.broker_url = before
        app._after_fork()


# --- A browser -------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(chromium_browser: Browser, live_server: Any) -> Iterator[Pages]:
    """Opens pages of the live site: `open_page(locale="fr-CA", javascript=False)`."""
    pages = Pages(chromium_browser, live_server.url)
    yield pages
    pages.close()
    assert not pages.faults, "\n".join(pages.faults)


@pytest.fixture
def browser_page(open_page: Pages) -> Page:
    """One page, English, on a desktop."""
    return open_page()
