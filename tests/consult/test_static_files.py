"""What a citizen sees where styles and scripts were not collected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.urls import reverse
from django.utils.functional import empty
from django.utils.translation import override

from tests.factories import make_questionnaire


@pytest.fixture
def not_collected(settings: Any, tmp_path: Path) -> Any:
    """The storage of a real deployment, without its folder."""
    settings.DEBUG = False
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "consult.static_files.StaticFiles"},
    }
    staticfiles_storage._wrapped = empty
    yield
    staticfiles_storage._wrapped = empty


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_without_its_styles_is_a_page(
    client: Client, not_collected: None, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    engagement = make_questionnaire().engagement
    with override(language):
        addresses = [
            reverse("answering:answer", args=[engagement.reference_number]),
            reverse("answering:withdraw"),
        ]
    for address in addresses * 2:
        response = client.get(address)
        assert response.status_code == 200, address
        assert 'href="/static/look/site.css"' in response.content.decode()
    assert client.get(f"/{language}/nowhere/").status_code == 404
    # Told once, however many pages want it.
    told = [message for message in caplog.messages if "look/site.css" in message]
    assert len(told) == 1


def test_shipped_settings_use_that_storage() -> None:
    source = (Path(__file__).parents[2] / "consult" / "settings.py").read_text()
    assert '"consult.static_files.StaticFiles"' in source
