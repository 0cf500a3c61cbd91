"""A way in is one file; which channel a response came by makes no other difference."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import include, path
from django.utils.translation import override

from consult.urls import urlpatterns as site_addresses
from feedback.answering import channels, urls
from feedback.answering.channels import ways_in
from feedback.answering.models import Response
from feedback.answering.services.tallies import engagement_tally_refresh
from feedback.asking.enums import Channel
from feedback.asking.selectors.engagements import engagement_counts
from tests.factories import make_questionnaire
from tests.sources import modules

# Somebody at a counter writes down what a person says.
COUNTER = """
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from feedback.answering.channels.base import WayIn
from feedback.answering.services.responses import response_submit
from feedback.asking.answers import AnswerInput
from feedback.asking.enums import Channel
from feedback.asking.models import Engagement


@csrf_exempt
def write_down(request, reference_number):
    response = response_submit(
        engagement=Engagement.objects.get(reference_number=reference_number),
        client_token=request.POST["token"],
        language="fr",
        channel=WAY_IN.channel,
        answers={
            "reached": AnswerInput(codes=("counter",)),
            "ease": AnswerInput(codes=(request.POST["ease"],)),
        },
    ).response
    return HttpResponse(response.reference)


WAY_IN = WayIn(
    channel=Channel.IN_PERSON,
    urls=(path("counter/<slug:reference_number>/", write_down, name="counter"),),
)
"""


@pytest.fixture
def counter(tmp_path: Path, settings, monkeypatch) -> Iterator[None]:
    """The way in, added as whoever adds one would: a file."""
    (tmp_path / "counter.py").write_text(COUNTER)
    with monkeypatch.context() as added:
        added.setattr(channels, "__path__", [*channels.__path__, str(tmp_path)])
        importlib.reload(urls)
        site = ModuleType("site_with_a_counter")
        site.urlpatterns = [path("", include("feedback.answering.urls")), *site_addresses]
        settings.ROOT_URLCONF = site
        yield
    del sys.modules["feedback.answering.channels.counter"]
    importlib.reload(urls)


@pytest.mark.django_db
def test_a_made_up_way_in_takes_a_response(counter: None) -> None:
    engagement = make_questionnaire().engagement
    sent = {"token": str(uuid4()), "ease": "4"}
    reply = Client().post(f"/counter/{engagement.reference_number}/", sent)
    response = Response.objects.get()
    assert reply.content.decode() == response.reference
    assert response.channel == "in_person"
    engagement_tally_refresh(engagement_id=engagement.pk)
    assert engagement_counts(engagement).by_channel == {Channel.IN_PERSON: 1}


def test_each_way_in_has_a_channel_of_its_own_and_pages() -> None:
    ways = ways_in()
    assert [way.channel for way in ways] == [Channel.ONLINE]
    for way in ways:
        assert way.urls
        assert all(url in urls.urlpatterns for url in way.urls)


@pytest.mark.parametrize("channel", Channel)
def test_each_channel_is_named_in_both_languages(channel: Channel) -> None:
    with override("en"):
        english = str(channel.label)
    with override("fr"):
        assert str(channel.label) != english


def test_nobody_but_its_way_in_knows_a_channel() -> None:
    for name, tree in modules(but=("feedback/answering/channels/",)):
        named = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "Channel"
        }
        assert not named & set(Channel.names), name
