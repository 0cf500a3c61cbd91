"""Whom each address is for, asked of each address as everybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from analysis.review.models import CandidateTheme, Passage, Theme
from analysis.review.selectors.findings import findings_for
from cms.publishing.services.pairs import pair_create
from cms.reporting.frozen import as_json
from cms.reporting.models import FindingsPage, FindingsSnapshot
from cms.reporting.numbers import numbers_of
from consult.routes import ROUTES, For, Somewhere
from feedback.bilingual import Language
from feedback.people.enums import Role
from feedback.people.models import Membership
from feedback.people.permissions import departments_where
from feedback.people.table import Action, State, roles_for
from tests.cms.publishing.test_other_departments import screens
from tests.factories import (
    make_comments,
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_result,
    make_run,
    make_superuser,
    make_user,
)

STAFF = {name: route for name, route in ROUTES.items() if not isinstance(route, For | Somewhere)}
ADMINISTRATORS = [name for name, route in ROUTES.items() if route is For.ADMINISTRATORS]
OWN = [name for name, route in ROUTES.items() if route is For.OWN]
SOMEWHERE = {name: r.action for name, r in ROUTES.items() if isinstance(r, Somewhere)}
SIGNED_IN = [name for name, route in ROUTES.items() if route is For.SIGNED_IN]

# With what is behind the links of emails.
DOORS = ("staff/sign-in/", "staff/sign-out/", "staff/password/", "staff/invitation/")


def test_every_address_says_whom_it_is_for() -> None:
    """A new address fails here until it has a line in `consult.routes`."""
    found = {each.name for each in screens() if not each.route.startswith(settings.CMS_PATH)}
    assert found - ROUTES.keys() == set(), "say in consult.routes whom these are for"
    # Nor is one listed that is no more. Uploads are served by us only where nobody else does.
    assert ROUTES.keys() - found <= {"media"}
    # What is under staff/ is no one's but the staff's, its doors aside.
    for each in screens("staff/"):
        is_door = each.route.startswith(DOORS)
        assert (ROUTES[each.name] is For.EVERYONE) is is_door, each.name


@dataclass
class Rows:
    """An engagement of a department, with a row for each address to be about."""

    people: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        department = make_department()
        self.people = {role.value: make_user(department, role) for role in Role}
        self.people |= {
            "stranger": make_user(make_department(), *Role),
            "partner": make_user(partner := make_department(), *Role),
            "nowhere": make_user(),
            "gone": make_user(department, *Role, is_active=False),
            "administrator": make_superuser(),
        }
        self.engagement = make_engagement(department)
        self.engagement.partner_departments.add(partner)
        for who, engagement in (
            ("only here", self.engagement),
            ("only elsewhere", make_engagement(department)),
        ):
            self.people[who] = make_user()
            for role in Role:
                Membership.objects.create(
                    user=self.people[who], department=department, role=role, engagement=engagement
                )
        question = make_questionnaire(self.engagement).questions.get(code="slowed")
        answers = make_comments(
            question, [(f"The wait was long, number {n}.", Language.EN) for n in range(3)]
        )
        run = make_run(question, make_result(answers, {"T1": [0, 1, 2]}))
        pages = make_pages(self.engagement)
        self.department = department
        reference = [self.engagement.reference_number]
        asked = [*reference, question.code]
        theme = Theme.objects.create(
            question=question,
            code="wait",
            name_en="Waiting",
            name_fr="L'attente",
            origin="human",
            created_by=self.people["analyst"],
        )
        self.about = {
            "department": [department.code],
            "person-leaving": [self.people["analyst"].pk],
            "second-factor-remove": [self.people["analyst"].pk],
            "asking:engagement": reference,
            "asking:move": reference,
            "asking:review": reference,
            "review:candidate": [*asked, CandidateTheme.objects.get(run=run).pk],
            "review:theme": [*asked, theme.pk],
            "review:passages": asked,
            "review:themes": asked,
            "review:unmask": [*asked, Passage.objects.filter(answer__in=answers)[0].pk],
            "review:run": [*asked, run.pk],
            "reporting:findings_draft": [question.pk],
            "reporting:findings_preview": [self._report(question, pages).pk],
        }
        self.asked = asked

    def _report(self, question: Any, pages: Any) -> Any:
        snapshot = FindingsSnapshot.objects.create(
            engagement=self.engagement,
            question=question,
            numbers=as_json(numbers_of(findings_for(question), question)),
            created_by=self.people["analyst"],
        )
        drafts = {
            language: FindingsPage(title="Heard", slug="heard", lead="Heard", snapshot=snapshot)
            for language in ("en", "fr")
        }
        pair = pair_create(
            parent=pages.english,
            english=drafts["en"],
            french=drafts["fr"],
            user=self.people["analyst"],
        )
        return pair.english

    def expects(self, who: str, action: Action) -> int:
        """200 for: comes in."""
        is_open = who == "administrator"
        sees = is_open or who in roles_for(Action.SEE) or who in ("partner", "only here")
        if action is Action.ADMINISTER:
            # About a colleague, or the department itself.
            sees = is_open or who in roles_for(Action.SEE)
        elif who == "only here":
            is_open = bool(roles_for(action, State.APPROVED))
        elif who == "partner":
            is_open = action in (Action.SEE, Action.READ)
        elif who in Role.values:
            is_open = who in roles_for(action, State.APPROVED)
        return 200 if is_open else 403 if sees else 404

    def address(self, name: str) -> str:
        return reverse(name, args=self.about.get(name, self.asked))


# What a form sends, so that the right person is refused by nothing but the content.
SENT: dict[str, dict[str, str]] = {
    "review:candidate": {"action": "accept", "name_en": "Waiting", "name_fr": "Attente"},
    "review:theme": {"action": "dismiss", "version": "1"},
    "review:themes": {"name_en": "Hours", "name_fr": "Heures"},
}
# The move that asks for the action, of an engagement that is open.
MOVED = {Action.SUBMIT: {"to": "in_review"}, Action.DECIDE: {"to": "withdrawn"}}
# What the person decides in a review.
REVIEWED = {
    Action.SUBMIT: {"deed": "take_back"},
    Action.VOUCH: {"deed": "agree", "step": "translate"},
    Action.DECIDE: {"deed": "agree", "step": "approve"},
}
SENT_BY_ACTION = {"asking:move": MOVED, "asking:review": REVIEWED}


@pytest.mark.django_db
def test_each_address_is_for_whom_the_table_says_and_for_nobody_else() -> None:
    rows = Rows()
    clients = {who: Client() for who in rows.people}
    for who, client in clients.items():
        client.force_login(rows.people[who])
    asked = [
        (name, method, action)
        for name, methods in STAFF.items()
        for method, actions in methods.items()
        for action in actions
    ]
    for name, method, action in asked:
        address = rows.address(name)
        data = SENT_BY_ACTION[name][action] if name in SENT_BY_ACTION else SENT.get(name, {})
        for client in (Client(), clients["gone"]):
            assert _is_sent_to_sign_in(client, method, address, data), name
        for who in rows.people:
            if who == "gone":
                continue
            code = getattr(clients[who], method.lower())(address, data).status_code
            expected = rows.expects(who, action)
            if expected == 200:
                assert code not in (403, 404, 405), (name, method, who, code)
            else:
                assert code == expected, (name, method, who, code)


@pytest.mark.django_db
@pytest.mark.parametrize("name", SIGNED_IN)
def test_first_screens_are_for_whoever_is_signed_in(name) -> None:
    address = reverse(name)
    assert _is_sent_to_sign_in(Client(), "GET", address, {})
    for person in (make_user(), make_user(make_department(), Role.ANALYST)):
        client = Client()
        client.force_login(person)
        assert client.get(address, follow=True).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADMINISTRATORS)
def test_what_administrators_have_exists_for_nobody_else(name) -> None:
    address = reverse(name)
    assert _is_sent_to_sign_in(Client(), "GET", address, {})
    others = make_user(), make_user(make_department(), *Role)
    for person, status in (*((person, 404) for person in others), (make_superuser(), 200)):
        client = Client()
        client.force_login(person)
        assert client.get(address).status_code == status
        if status == 404:
            assert client.post(address).status_code in (404, 405)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OWN)
def test_what_is_ones_own_is_there_for_its_owner_alone(name) -> None:
    owner = make_user()
    _app, passkey, _codes = (
        Authenticator.objects.create(user=owner, type=type_, data=data)
        for type_, data in (
            ("totp", {"secret": "A" * 32}),
            ("webauthn", {"name": "Key", "credential": {}}),
            ("recovery_codes", {"seed": encrypt("0" * 80), "used_mask": 0}),
        )
    )
    address = reverse(name, args=[passkey.pk] if "webauthn" in name else [])
    assert _is_sent_to_sign_in(Client(), "GET", address, {})
    for person, there in ((owner, True), (make_user(), False), (make_superuser(), False)):
        client = Client()
        client.force_login(person)
        asked = client.get(address)
        if asked.status_code == 302 and "/confirm/" in asked["Location"]:
            asked = client.post(asked["Location"], {"password": "correct horse battery"})
            asked = client.get(address)
        assert (asked.status_code == 200) is there, (name, asked.status_code)
        if not there:
            assert asked.status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", SOMEWHERE)
def test_screens_of_no_one_thing_are_for_who_may_in_some_department(name) -> None:
    address, here = reverse(name), make_department()
    assert _is_sent_to_sign_in(Client(), "GET", address, {})
    for person in (*(make_user(here, role) for role in Role), make_user(), make_superuser()):
        client = Client()
        client.force_login(person)
        allowed = departments_where(person, SOMEWHERE[name]).exists()
        assert client.get(address).status_code == (200 if allowed else 403), (name, person)
        assert client.post(address).status_code == 405


def _is_sent_to_sign_in(client: Client, method: str, address: str, data: dict[str, str]) -> bool:
    reply = getattr(client, method.lower())(address, data)
    return bool(
        reply.status_code == 302 and reply.headers["Location"].startswith("/staff/sign-in/")
    )
