"""The one table of an engagement's life: each set by name, at every door that speaks of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from feedback.asking import conditions, life
from feedback.asking.life import MOVES, EngagementStatus, Move, Phase
from feedback.asking.models import Engagement
from feedback.asking.selectors.engagements import engagements_with_counts
from feedback.asking.services.engagements import engagement_move, questionnaire_ready
from feedback.people.table import Action
from tests.factories import make_engagement, make_questionnaire, make_superuser, make_user

S = EngagementStatus
pytestmark = pytest.mark.django_db

# What the public finds at the form's address, and whether the clock decides; dates say "open".
STATUSES: dict[EngagementStatus, tuple[int, bool]] = {
    S.DRAFT: (404, False),
    S.IN_REVIEW: (404, False),
    S.APPROVED: (200, True),
    S.OUTCOME_PUBLISHED: (200, False),
    S.NO_REPORT_EXPECTED: (200, False),
    S.WITHDRAWN: (410, False),
}

# What is claimed of which phases; of all others the opposite.
CLAIMS: dict[str, set[Phase]] = {
    "is_planned": {Phase.APPROVED, Phase.SCHEDULED},
    "is_scheduled": {Phase.SCHEDULED},
    "is_open": {Phase.OPEN},
    "is_closed": {Phase.CLOSED, Phase.OUTCOME_PUBLISHED, Phase.NO_REPORT_EXPECTED},
    "awaits_outcome": {Phase.CLOSED},
    "is_reported": {Phase.OUTCOME_PUBLISHED},
    "is_unreported": {Phase.CLOSED, Phase.NO_REPORT_EXPECTED},
    "is_withdrawn": {Phase.WITHDRAWN},
    "is_settled": {Phase.OUTCOME_PUBLISHED, Phase.NO_REPORT_EXPECTED, Phase.WITHDRAWN},
    "is_over": {
        Phase.CLOSED,
        Phase.OUTCOME_PUBLISHED,
        Phase.NO_REPORT_EXPECTED,
        Phase.WITHDRAWN,
    },
}


def standing(phase: Phase) -> dict[str, Any]:
    """The fields of an engagement that stands so now."""
    now, day = timezone.now(), timedelta(days=1)
    dates: dict[Phase, dict[str, Any]] = {
        Phase.APPROVED: {"opens_at": None, "closes_at": None},
        Phase.SCHEDULED: {"opens_at": now + day, "closes_at": now + 2 * day},
        Phase.CLOSED: {"opens_at": now - 3 * day, "closes_at": now - day},
        Phase.OPEN: {"opens_at": now - 2 * day, "closes_at": now + day},
    }
    status = S.APPROVED if phase in dates else S(phase.value)
    return {"status": status, **dates.get(phase, dates[Phase.OPEN])}


@pytest.mark.parametrize("status", S)
def test_every_status_exists_for_the_public_or_not_at_every_door(client, status) -> None:
    code, by_the_clock = STATUSES[status]
    engagement = make_questionnaire(make_engagement(status=status)).engagement
    is_public = code != 404
    assert engagement.is_approved is is_public
    assert Engagement.objects.public().exists() is is_public
    assert Engagement.objects.prepared().exists() is not is_public
    for name in ("answer", "start"):
        address = reverse(f"answering:{name}", args=[engagement.reference_number])
        assert client.get(address).status_code == code
    # Its words stand from then on, for whoever asks the database.
    with connection.cursor() as cursor:
        cursor.execute("SELECT asking_is_approved(%s)", [engagement.pk])
        assert cursor.fetchone() == (is_public,)
    assert engagement.is_open is by_the_clock
    assert Engagement.objects.open().exists() is by_the_clock
    past = timezone.now() + timedelta(days=100)
    assert Engagement.objects.awaiting_outcome(at=past).exists() is by_the_clock
    assert (engagement.phase(past) == Phase.CLOSED) is by_the_clock


@pytest.mark.parametrize("status", [s for s in S if s != S.APPROVED])
def test_database_lets_nothing_before_the_public_without_its_notice(status) -> None:
    """The trigger lists in SQL what is not public; this is the same list."""
    approve = Engagement.objects.filter(pk=make_engagement(status=status).pk).update
    if STATUSES[status][0] != 404:
        assert approve(status=S.APPROVED) == 1
        return
    with pytest.raises(IntegrityError, match="no privacy notice"), transaction.atomic():
        approve(status=S.APPROVED)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_is_reached_and_claims_what_it_is(phase) -> None:
    engagement = make_engagement(**standing(phase))
    assert engagement.phase() == phase
    claimed = {claim for claim in CLAIMS if getattr(engagement.phase(), claim)}
    assert claimed == {claim for claim, phases in CLAIMS.items() if phase in phases}


def test_every_claim_of_a_phase_is_tested() -> None:
    said = {name for name, what in vars(Phase).items() if isinstance(what, property)}
    assert said == set(CLAIMS)


def test_staff_find_first_what_is_open_then_what_waits_then_what_is_planned() -> None:
    for phase in reversed(Phase):
        make_engagement(**standing(phase))
    found = [phase for _engagement, phase, _counts in engagements_with_counts(make_superuser())]
    assert found[:3] == [Phase.OPEN, Phase.CLOSED, Phase.SCHEDULED]
    assert set(found) == set(Phase)


def test_every_status_can_be_reached_and_no_move_stands_twice() -> None:
    assert {move.to for move in MOVES} == set(S)
    ways = [(move.origin, move.to) for move in MOVES]
    assert len(ways) == len(set(ways))
    assert life.PHASES.keys() == set(S)


def test_staff_are_offered_each_move_with_its_words(client) -> None:
    client.force_login(make_superuser())
    for move in MOVES:
        phase = next(iter(move.phases)) if move.phases else None
        fields = standing(phase) if phase else {"status": move.origin}
        engagement = make_engagement(**fields)
        html = client.get(f"/staff/engagements/{engagement.reference_number}/").content.decode()
        if move.is_of_review:
            # The review's own buttons do it: tests/feedback/approval.
            assert f'name="to" value="{move.to}"' not in html
            continue
        assert f'name="to" value="{move.to}"' in html
        assert str(move.label) in html
        assert (f'id="reason-{move.to}"' in html) is move.needs_reason


# --- Conditions --------------------------------------------------------------------------------


@pytest.fixture
def unanswered(monkeypatch) -> str:
    """A move asks for something that no room knows of."""
    name: Any = "both_pages_live"
    label = MOVES[0].label
    asking = Move(S.DRAFT, S.IN_REVIEW, Action.SUBMIT, label, conditions=(name,))
    monkeypatch.setattr(life, "MOVES", (asking, *MOVES[1:]))
    return str(name)


def test_condition_that_no_room_answers_is_an_error_at_the_start(unanswered) -> None:
    (error,) = [found for found in run_checks() if found.id == "asking.E001"]
    assert unanswered in error.msg


def test_condition_that_no_room_answers_is_never_taken_to_hold(unanswered) -> None:
    engagement = make_engagement(status=S.DRAFT)
    with pytest.raises(KeyError, match=unanswered):
        engagement_move(engagement=engagement, to=S.IN_REVIEW, actor=make_user())
    engagement.refresh_from_db()
    assert engagement.status == S.DRAFT


def test_every_condition_is_answered_by_one_room(monkeypatch) -> None:
    assert not [found for found in run_checks() if found.id == "asking.E001"]
    monkeypatch.setattr(conditions, "_answers", dict(conditions._answers))
    name = life.Condition.QUESTIONNAIRE_READY
    conditions.register_condition(name, questionnaire_ready)
    with pytest.raises(ImproperlyConfigured, match=name):
        conditions.register_condition(name, lambda engagement, version_seen: None)
