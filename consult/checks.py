"""System checks: a deployment that would fail later, or leak, is told before it starts.

`manage.py check --deploy` runs them. Errors (E) stop a deployment; warnings (W) are for the
person who knows why it is so.
"""

import ipaddress
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from feedback.people.enums import Role

# As feedback.people.sign_in.second_factor calls superusers, whose module asks the database.
ADMINISTRATOR: Final = "administrator"

# A key of this length holds 256 bits even when written in hexadecimal.
KEY_LENGTH: Final = 32
KNOWN_KEYS: Final = frozenset({"", "only-for-debugging"})
# MiB a worker process needs to analyse anything at all.
LEAST_MEMORY: Final = 768
BLAS_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def is_local(host: str) -> bool:
    """Whether only this machine can mean itself by that name."""
    host = host.strip("[]").rstrip(".").lower()
    if host in {"localhost", "testserver"} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _base_host() -> str:
    return urlsplit(settings.CONSULT_BASE_URL).hostname or ""


def _is_public() -> bool:
    """Whether someone elsewhere is meant to use this site."""
    return not is_local(_base_host()) or any(not is_local(host) for host in settings.ALLOWED_HOSTS)


@register(Tags.security, deploy=True)
def deployment(**_kwargs: Any) -> list[CheckMessage]:
    return [*_keys(), *_addresses(), *_people(), *_services(), *_files(), *_analysis()]


def _keys() -> Iterator[CheckMessage]:
    try:
        secret_key = settings.SECRET_KEY
    except ImproperlyConfigured:  # What Django says of an empty one.
        secret_key = ""
    receipt_key = settings.CONSULT_RECEIPT_KEY
    for number, name, value in (
        ("E001", "SECRET_KEY", secret_key),
        ("E002", "CONSULT_RECEIPT_KEY", receipt_key),
    ):
        if value in KNOWN_KEYS or len(value) < KEY_LENGTH:
            yield Error(
                f"{name} is missing, known or shorter than {KEY_LENGTH} characters.",
                hint='Make one: python -c "import secrets; print(secrets.token_urlsafe(48))"',
                id=f"consult.{number}",
            )
    if secret_key and secret_key == receipt_key:
        yield Error(
            "CONSULT_RECEIPT_KEY is the same as SECRET_KEY.",
            hint="Rotating one would then void every receipt handed out.",
            id="consult.E003",
        )


def _addresses() -> Iterator[CheckMessage]:
    if settings.DEBUG and _is_public():
        yield Error(
            "DEBUG is on at an address others can reach.",
            hint="It shows settings, queries and what people typed. Unset DEBUG.",
            id="consult.E004",
        )
    if "*" in settings.ALLOWED_HOSTS or any(
        host.startswith(".") for host in settings.ALLOWED_HOSTS
    ):
        yield Error(
            "ALLOWED_HOSTS lets any name in.",
            hint="Name each host; a forged one ends up in links and caches.",
            id="consult.E005",
        )
    elif _base_host() not in settings.ALLOWED_HOSTS:
        yield Error(
            "The host of CONSULT_BASE_URL is not in ALLOWED_HOSTS: links we send would not open.",
            id="consult.E006",
        )
    if _is_public() and not settings.CONSULT_BASE_URL.startswith("https://"):
        yield Error(
            "CONSULT_BASE_URL is public and not https: cookies and answers travel in the clear.",
            id="consult.E007",
        )
    cookies = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
    if _is_public() and (open_ones := [name for name in cookies if not getattr(settings, name)]):
        yield Error(f"Cookies are sent without https: {', '.join(open_ones)}.", id="consult.E008")


def _people() -> Iterator[CheckMessage]:
    known = {ADMINISTRATOR, *Role.values}
    if unknown := set(settings.CONSULT_SECOND_FACTOR_REQUIRED) - known:
        yield Error(
            f"CONSULT_SECOND_FACTOR_REQUIRED names no role: {', '.join(sorted(unknown))}.",
            hint=f"There are {', '.join(sorted(known))}.",
            id="consult.E016",
        )
    if ADMINISTRATOR not in settings.CONSULT_SECOND_FACTOR_REQUIRED:
        yield checks.Warning(
            "Administrators sign in with a password alone: see CONSULT_SECOND_FACTOR_REQUIRED.",
            id="consult.W004",
        )
    oidc = urlsplit(settings.CONSULT_OIDC_URL)
    if oidc.scheme == "http" and not is_local(oidc.hostname or ""):
        yield Error(
            "CONSULT_OIDC_URL is not https: whoever is on the way says who somebody is.",
            id="consult.E017",
        )
    if not settings.CONSULT_EMAIL_ENABLED:
        yield checks.Warning(
            "EMAIL_URL is missing: invitations wait, and forgotten passwords are an "
            "administrator's work.",
            id="consult.W005",
        )


def _services() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    if database["ENGINE"] not in ("consult.database", "django.db.backends.postgresql"):
        yield Error(
            "The database is not PostgreSQL.",
            hint="Constraints and row locks that keep responses whole need it.",
            id="consult.E009",
        )
    elif not database["HOST"] or str(database["PORT"]) == "1":
        yield Error("DATABASE_URL is missing.", id="consult.E010")
    if urlsplit(settings.CELERY_BROKER_URL).scheme in {"", "memory", "filesystem"}:
        yield Error("BROKER_URL is missing: nothing would be analysed or sent.", id="consult.E011")
    if not settings.CACHES["default"]["BACKEND"].endswith("RedisCache"):
        yield checks.Warning(
            "CACHE_URL is missing: each web process keeps a cache of its own.",
            hint="Limits on attempts then count per process.",
            id="consult.W001",
        )
    if not any(os.environ.get(name, "").isdigit() for name in BLAS_VARIABLES):
        yield checks.Warning(
            "The threads of the numeric libraries are not set.",
            hint="Set OMP_NUM_THREADS and OPENBLAS_NUM_THREADS to the cores a worker may use; "
            "4 threads on 2 cores were measured 15 times slower than 1.",
            id="consult.W002",
        )


def _files() -> Iterator[CheckMessage]:
    media, static = Path(settings.MEDIA_ROOT), Path(settings.STATIC_ROOT)
    if media.exists() and media.stat().st_mode & (stat.S_IWOTH | stat.S_IROTH):
        yield Error(
            f"MEDIA_ROOT ({media}) is open to everyone on the machine.",
            hint=f"chmod o-rwx {media}",
            id="consult.E012",
        )
    if media == static or media in static.parents or static in media.parents:
        yield Error(
            "MEDIA_ROOT and STATIC_ROOT overlap: uploads would be served as our own files.",
            id="consult.E013",
        )


def _analysis() -> Iterator[CheckMessage]:
    # The numeric libraries, for this one command alone.
    from analysis.pipeline import EmbedderError, NamerError, ServedNamer, embedder_named

    for setting in ("CONSULT_EMBEDDER", "CONSULT_SECOND_EMBEDDER"):
        name = getattr(settings, setting)
        # The second may be none.
        if setting == "CONSULT_SECOND_EMBEDDER" and not name:
            continue
        try:
            embedder_named(name)
        except EmbedderError as error:
            yield Error(
                f"{setting} is {name!r}, and cannot be loaded: {error}",
                hint="Every worker needs the same one; without it every run fails.",
                id="consult.E014",
            )
    if not 0 <= settings.CONSULT_SECOND_SHARE <= 1:
        yield Error("CONSULT_SECOND_SHARE must be between 0 and 1.", id="consult.E019")
    if settings.CONSULT_NAMER_URL:
        try:
            ServedNamer(
                settings.CONSULT_NAMER_URL,
                settings.CONSULT_NAMER_MODEL,
                key=settings.CONSULT_NAMER_KEY,
            )
        except NamerError as error:
            yield Error(
                f"CONSULT_NAMER_URL, CONSULT_NAMER_MODEL or CONSULT_NAMER_KEY: {error}",
                hint="Until then no model is asked, and themes are named by people's words.",
                id="consult.E018",
            )
    for name in (
        "CONSULT_NAMER_SECONDS",
        "CONSULT_CHUNK_TEXTS",
        "CONSULT_CHUNK_SECONDS",
        "CONSULT_VECTOR_DAYS",
        "CONSULT_OUTBOX_DAYS",
    ):
        if getattr(settings, name) < 1:
            yield Error(f"{name} must be at least 1.", id="consult.E015")
    if 0 < settings.CONSULT_WORKER_MEMORY < LEAST_MEMORY:
        yield checks.Warning(
            f"CONSULT_WORKER_MEMORY is less than {LEAST_MEMORY} MiB.",
            hint="The language model alone takes about 300 MiB: runs would fail.",
            id="consult.W003",
        )
