"""Settings say what they do, and nobody learns of a new one from an outage."""

import itertools
import re

import pytest
from django.conf import settings
from django.utils import formats, translation

from tests.servers import ROOT

READ = re.compile(r'env\.(?:str|bool|int|float|list)\(\s*"([A-Z_]+)"')
DOCUMENTED = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def test_every_variable_the_settings_read_is_documented_and_no_other():
    read = set(READ.findall((ROOT / "consult" / "settings.py").read_text()))
    documented = DOCUMENTED.findall((ROOT / "docs" / "operations.md").read_text())
    assert len(documented) == len(set(documented))
    assert read == set(documented) - {"PORT", "PYTHON", "CI", "CONSULT_DEMO_PASSWORD"}


def test_every_setting_of_ours_has_its_reason_above_it():
    """Each name read from the environment follows a comment."""
    lines = (ROOT / "consult" / "settings.py").read_text().splitlines()
    bare = [
        line
        for above, line in itertools.pairwise(lines)
        if re.match(r"[A-Z_]+(: [^=]+)? = .*env\.", line) and not above.startswith("#")
    ]
    assert not bare


@pytest.mark.parametrize(
    ("language", "number", "day", "moment"),
    [
        ("fr", "1\xa0234,5", "2\xa0novembre\xa02026", "9\xa0h\xa005"),
        ("en", "1,234.5", "November\xa02, 2026", "9:05\xa0a.m."),
    ],
)
def test_numbers_and_dates_are_written_as_in_canada(language, number, day, moment):
    from datetime import date, time

    with translation.override(language):
        assert formats.number_format(1234.5, use_l10n=True) == number
        assert formats.date_format(date(2026, 11, 2)) == day
        assert formats.time_format(time(9, 5)) == moment


def test_nothing_calls_outside_by_itself():
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False


def test_work_is_not_lost_with_the_process_that_does_it():
    """As the worker sees them, not as the settings spell them."""
    from consult.celery import app

    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result
    assert app.conf.task_time_limit > app.conf.task_soft_time_limit > 0


def test_a_running_task_is_not_handed_out_again(monkeypatch):
    """The broker waits longer for the end of a task than a task may take."""
    import runpy

    monkeypatch.setenv("BROKER_URL", "redis://127.0.0.1:1/0")
    read = runpy.run_path(str(ROOT / "consult" / "settings.py"))
    waits = read["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]
    assert waits > read["CELERY_TASK_TIME_LIMIT"]


def test_every_tick_of_the_clock_is_a_task_there_is():
    from consult.celery import app

    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"] <= entry["schedule"]


def test_what_is_kept_for_some_days_is_deleted_by_the_clock():
    ticks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"analysis.review.tasks.vectors_purge", "feedback.outbox.tasks.outbox_purge"} <= ticks


@pytest.mark.parametrize("address", ["https://consult.example", "http://localhost:8000"])
def test_cookies_are_bound_to_the_host_wherever_https_is(monkeypatch, address):
    import runpy

    monkeypatch.setenv("CONSULT_BASE_URL", address)
    read = runpy.run_path(str(ROOT / "consult" / "settings.py"))
    secure = address.startswith("https")
    for cookie in ("SESSION", "CSRF", "LANGUAGE"):
        assert read[f"{cookie}_COOKIE_NAME"].startswith("__Host-") is secure
        assert read[f"{cookie}_COOKIE_SECURE"] is secure
        assert read[f"{cookie}_COOKIE_HTTPONLY"] is True
    assert bool(read["SECURE_HSTS_SECONDS"]) is secure
