"""The frame of a page: plain by itself, else what the site says, and free where unread."""

from __future__ import annotations

import pytest
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.utils.translation import override
from wagtail.models import Site

from cms.pages.frame import SiteFrame, frame
from cms.pages.models import SiteSettings
from consult.look.frame import PLAIN, Frame
from tests.factories import make_site

PAGE = '{% extends "look/base.html" %}{% block main %}{% endblock %}'


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_what_fills_the_frame_has_all_that_the_frame_shows() -> None:
    assert public(SiteFrame) == public(Frame) == public(type(PLAIN))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_base_page_is_whole_without_anybody_who_knows_the_site(language: str) -> None:
    """No request, no database: as in a page that says that there is none."""
    with override(language):
        html = Template(PAGE).render(Context({}))
    other = {"en": "fr", "fr": "en"}[language]
    assert f'<html lang="{language}"' in html
    assert "<title>Consultations</title>" in html
    assert f'href="/{other}/" lang="{other}"' in html


@pytest.mark.django_db
def test_frame_says_what_administrators_wrote_in_the_language_being_drawn() -> None:
    make_site()
    found = SiteSettings.for_site(Site.objects.get(is_default_site=True))
    found.name_en, found.name_fr = "Talk to us", "Parlez-nous"
    found.privacy_url_en, found.privacy_url_fr = "/en/privacy/", "/fr/confidentialite/"
    found.save()
    drawn = SiteFrame(RequestFactory().get("/"))
    for language, name, url in (
        ("fr", "Parlez-nous", "/fr/confidentialite/"),
        ("en", "Talk to us", "/en/privacy/"),
    ):
        with override(language):
            assert drawn.name == name
            assert [link.url for link in drawn.footer_links] == [url]
            assert drawn.logo is None


@pytest.mark.django_db
def test_frame_costs_what_is_read_of_it(django_assert_num_queries) -> None:
    make_site()
    SiteSettings.for_site(Site.objects.get(is_default_site=True))
    request = RequestFactory().get("/en/")
    with django_assert_num_queries(0):
        frame(request)
    # The site and its settings, however often they are shown.
    with django_assert_num_queries(2):
        engines["django"].from_string(PAGE).render({}, request)
