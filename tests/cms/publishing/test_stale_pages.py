"""Two people in one page of the editor: the second draft erases nothing."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Revision

from feedback.people.enums import Role
from tests.factories import make_engagement, make_pages, make_superuser, make_user

pytestmark = pytest.mark.django_db


class Inputs(HTMLParser):
    """What a browser sends from the forms of a page as they stand."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.data: dict[str, str] = {}
        self.area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        at = dict(attrs)
        if tag == "input" and at.get("name") and at.get("type") not in ("checkbox", "submit"):
            self.data[at["name"]] = at.get("value") or ""
        if tag == "textarea":
            self.area = at.get("name") or ""
            self.data[self.area] = ""

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.data[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            # The line end after the tag is not part of the text.
            self.data[self.area] = self.data[self.area].removeprefix("\n")
            self.area = None


STREAMS = ("next_steps", "documents")


def opened(client: Client, page: Any) -> dict[str, str]:
    """The page's form as the editor's browser would send it."""
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    sent = Inputs(client.get(where).content.decode().partition('id="page-edit-form"')[2]).data
    # Selected, or filled in by scripts.
    sent |= {f"{name}-count": "0" for name in STREAMS} | {"engagement": str(page.engagement_id)}
    return {name: value for name, value in sent.items() if "__prefix__" not in name}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_second_draft_is_refused_and_both_are_shown(language) -> None:
    engagement = make_engagement()
    page = make_pages(engagement).of(language)
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    people = []
    for name in ("Amir", "Élise"):
        client = Client(headers={"accept-language": language})
        client.force_login(
            make_user(engagement.department, Role.AUTHOR, first_name=name, last_name="Roy")
        )
        people.append(client)
    forms = [opened(person, page) for person in people]
    assert forms[0]["loaded_revision_id"] == str(page.latest_revision_id)
    first = people[0].post(where, forms[0] | {"lead": "Their words."})
    assert first.status_code == 302
    revisions = Revision.objects.count()
    reply = people[1].post(where, forms[1] | {"lead": "My <words>."})
    html = reply.content.decode()
    assert reply.status_code == 409
    assert Revision.objects.count() == revisions
    for text in ("Their words.", "My &lt;words&gt;.", "Amir Roy"):
        assert text in html
    # Having read both, she may still say that hers stands; theirs is in the history.
    again = Inputs(html).data
    assert again["lead"] == "My <words>."
    assert people[1].post(where, again).status_code == 302
    page.refresh_from_db()
    assert page.get_latest_revision_as_object().lead == "My <words>."
    leads = [revision.as_object().lead for revision in page.revisions.all()]
    assert "Their words." in leads


def test_draft_that_was_written_over_meanwhile_is_known_by_its_time() -> None:
    page = make_pages().english
    where = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client = Client()
    client.force_login(make_superuser())
    form = opened(client, page)
    page.save_revision()
    assert client.post(where, form | {"lead": "Mine."}).status_code == 409
    # What keeps drafts as one types has Wagtail's own refusal, which its scripts understand.
    kept = client.post(where, form | {"lead": "Mine."}, headers={"accept": "application/json"})
    assert kept.json()["error_code"] == "invalid_revision"
    fresh = opened(client, page)
    moment = {"loaded_revision_created_at": "2020-01-01T00:00:00+00:00"}
    assert client.post(where, fresh | moment | {"lead": "Mine."}).status_code == 409
    assert client.post(where, fresh | {"lead": "Mine."}).status_code == 302
