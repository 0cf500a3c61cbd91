"""What the public is told of an engagement, in each phase it can be in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse
from django.utils.translation import override

from cms.pages.selectors.front_page import front_page_lists
from feedback.asking.enums import EngagementKind
from feedback.asking.life import Phase
from feedback.asking.models import Engagement
from tests.factories import make_engagement, make_pages, make_questionnaire, make_site, submit
from tests.feedback.asking.test_life import standing

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Told:
    """The list of the front page, the mark, and what is said where."""

    listed: str
    mark: str
    heading: str = ""
    is_over: bool = False
    used: str = "will be"
    is_settled: bool = False
    not_open: str = ""


TOLD = {
    Phase.APPROVED: Told("", "planned", not_open="is not open yet"),
    Phase.SCHEDULED: Told("planned", "planned", not_open="is not open yet"),
    Phase.OPEN: Told("open", "open"),
    Phase.CLOSED: Told(
        "closed", "closed", "Closed consultation", is_over=True, used="is", not_open="is closed"
    ),
    Phase.OUTCOME_PUBLISHED: Told(
        "",
        "closed",
        "Closed consultation",
        is_over=True,
        used="was",
        is_settled=True,
        not_open="is closed",
    ),
    Phase.NO_REPORT_EXPECTED: Told(
        "closed",
        "closed",
        "Closed consultation",
        is_over=True,
        used="is",
        is_settled=True,
        not_open="is closed",
    ),
    Phase.WITHDRAWN: Told(
        "",
        "closed",
        "Withdrawn consultation",
        is_over=True,
        used="",
        is_settled=True,
        not_open="was withdrawn",
    ),
}


@pytest.mark.parametrize("phase", [p for p in Phase if p not in (Phase.DRAFT, Phase.IN_REVIEW)])
def test_every_phase_is_told_on_pages_lists_form_and_receipt(client, phase) -> None:
    told = TOLD[phase]
    home = make_site().english
    engagement = make_questionnaire(make_engagement(kind=EngagementKind.CONSULTATION)).engagement
    pair = make_pages(engagement)
    response = submit(engagement)
    Engagement.objects.filter(pk=engagement.pk).update(**standing(phase))

    lists = front_page_lists(home)
    listed = {name: len(getattr(lists, name)) for name in ("open", "planned", "closed")}
    assert listed == {name: int(name == told.listed) for name in listed}

    html = client.get(pair.english.url).content.decode()
    assert f'class="status {told.mark}"' in html
    for heading in ("Closed consultation", "Withdrawn consultation"):
        assert (heading in html) is (heading == told.heading)
    for tense in ("will be", "is", "was"):
        assert (f"How your input {tense} used" in html) is (tense == told.used)
    form = reverse("answering:answer", args=[engagement.reference_number])
    assert (form in html) is (phase is Phase.OPEN)
    questions = client.get(f"{pair.english.url}questions/").content.decode()
    assert ("can no longer be answered" in questions) is told.is_over

    reply = client.get(form)
    assert reply.status_code == (410 if phase is Phase.WITHDRAWN else 200)
    assert told.not_open in reply.content.decode()
    assert (b'name="go"' in reply.content) is (phase is Phase.OPEN)

    with override("fr"):
        address = reverse("answering:receipt", args=[response.receipt_key])
    receipt = client.get(address).content.decode()
    assert ("Les suites" in receipt) is told.is_settled
