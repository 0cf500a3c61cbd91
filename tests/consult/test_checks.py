"""Each deploy mistake has its id, and a deployment without mistakes has none."""

import pytest
from django.core.checks import Tags, run_checks

from tests.servers import ROOT

GOOD_KEY = "k" * 20 + "0123456789abcdefghijklmnop"
POSTGRES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PORT": 5432,
        "NAME": "consult",
    }
}


@pytest.fixture
def good(settings, monkeypatch, tmp_path):
    """A deployment with nothing wrong."""
    settings.DEBUG = False
    settings.SECRET_KEY = GOOD_KEY
    settings.CONSULT_RECEIPT_KEY = f"{GOOD_KEY}-of-receipts"
    settings.CONSULT_BASE_URL = "https://consult.example"
    settings.ALLOWED_HOSTS = ["consult.example"]
    settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE = True
    settings.LANGUAGE_COOKIE_SECURE = True
    settings.CONSULT_SECOND_FACTOR_REQUIRED = ["analyst", "administrator"]
    settings.CONSULT_EMAIL_ENABLED = True
    settings.CELERY_BROKER_URL = "redis://broker.example/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.MEDIA_ROOT.mkdir(mode=0o750)
    # Replaced in place: Django's own connections must not follow.
    monkeypatch.setattr("consult.checks.settings.DATABASES", POSTGRES)
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    return settings


def found() -> set[str]:
    messages = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return {message.id for message in messages if (message.id or "").startswith("consult.")}


def test_a_good_deployment_has_nothing_to_be_told(good):
    assert found() == set()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"SECRET_KEY": ""}, {"consult.E001"}),
        ({"SECRET_KEY": "only-for-debugging"}, {"consult.E001"}),
        ({"SECRET_KEY": "short"}, {"consult.E001"}),
        ({"CONSULT_RECEIPT_KEY": ""}, {"consult.E002"}),
        ({"CONSULT_RECEIPT_KEY": GOOD_KEY}, {"consult.E003"}),
        ({"DEBUG": True}, {"consult.E004"}),
        ({"ALLOWED_HOSTS": ["*"]}, {"consult.E005"}),
        ({"ALLOWED_HOSTS": [".example"]}, {"consult.E005"}),
        ({"ALLOWED_HOSTS": ["other.example"]}, {"consult.E006"}),
        ({"CONSULT_BASE_URL": "http://consult.example"}, {"consult.E007"}),
        ({"SESSION_COOKIE_SECURE": False}, {"consult.E008"}),
        ({"CSRF_COOKIE_SECURE": False}, {"consult.E008"}),
        ({"CELERY_BROKER_URL": "memory://"}, {"consult.E011"}),
        ({"CONSULT_EMBEDDER": "no-such-embedder"}, {"consult.E014"}),
        ({"CONSULT_EMBEDDER": "/no/such/folder"}, {"consult.E014"}),
        ({"CONSULT_SECOND_EMBEDDER": "folder:/no/such"}, {"consult.E014"}),
        (
            {"CONSULT_NAMER_URL": "http://models.example/v1", "CONSULT_NAMER_MODEL": "m"},
            {"consult.E018"},
        ),
        ({"CONSULT_NAMER_URL": "https://models.example/v1"}, {"consult.E018"}),
        ({"CONSULT_SECOND_SHARE": 1.2}, {"consult.E019"}),
        ({"CONSULT_NAMER_SECONDS": 0}, {"consult.E015"}),
        ({"CONSULT_CHUNK_TEXTS": 0}, {"consult.E015"}),
        ({"CONSULT_OUTBOX_DAYS": 0}, {"consult.E015"}),
        ({"CONSULT_SECOND_FACTOR_REQUIRED": ["administrator", "boss"]}, {"consult.E016"}),
        ({"CONSULT_SECOND_FACTOR_REQUIRED": []}, {"consult.W004"}),
        ({"CONSULT_OIDC_URL": "http://sso.example"}, {"consult.E017"}),
        ({"CONSULT_EMAIL_ENABLED": False}, {"consult.W005"}),
        ({"CONSULT_WORKER_MEMORY": 200}, {"consult.W003"}),
        (
            {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}},
            {"consult.W001"},
        ),
    ],
    ids=lambda value: "-".join(sorted(value)) if isinstance(value, dict) else "",
)
def test_a_mistake_is_told_by_its_id(good, wrong, told):
    for name, value in wrong.items():
        setattr(good, name, value)
    assert found() == told


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ({"ENGINE": "django.db.backends.sqlite3", "HOST": "", "PORT": ""}, "consult.E009"),
        ({**POSTGRES["default"], "PORT": 1}, "consult.E010"),
        ({**POSTGRES["default"], "HOST": ""}, "consult.E010"),
    ],
)
def test_a_database_that_cannot_keep_responses_is_told(good, monkeypatch, database, told):
    monkeypatch.setattr("consult.checks.settings.DATABASES", {"default": database})
    assert found() == {told}


def test_unset_blas_threads_are_told(good, monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    assert found() == {"consult.W002"}


def test_uploads_that_anyone_on_the_machine_may_read_are_told(good):
    good.MEDIA_ROOT.chmod(0o755)
    assert found() == {"consult.E012"}


def test_uploads_among_our_own_files_are_told(good):
    good.MEDIA_ROOT = good.STATIC_ROOT / "media"
    assert found() == {"consult.E013"}


def test_a_machine_of_ones_own_needs_no_https(good):
    good.CONSULT_BASE_URL = "http://localhost:8000"
    good.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    good.SESSION_COOKIE_SECURE = good.CSRF_COOKIE_SECURE = good.LANGUAGE_COOKIE_SECURE = False
    good.DEBUG = True
    assert found() == set()


def test_every_id_is_documented():
    import re

    ids = set(re.findall(r"[EW]0\d\d", (ROOT / "consult" / "checks.py").read_text()))
    described = (ROOT / "docs" / "operations.md").read_text()
    assert ids
    assert not {name for name in ids if f"consult.{name}" not in described}
