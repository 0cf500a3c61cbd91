"""Every screen of staff has the bar: where to go, who is signed in, the way out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from analysis.review.models import AnalysisRun
from consult.routes import ROUTES, For, Somewhere
from tests.cms.conftest import Reviewed
from tests.cms.publishing.test_other_departments import Screen, screens, speak

pytestmark = pytest.mark.django_db

# Not screens, or not everybody's: what answers a form, and what administrators have.
NO_SCREENS = {"review:run_state", "review:unmask", "second-factor-remove"} | {
    name for name, route in ROUTES.items() if route is For.ADMINISTRATORS
}
DOORS = ("staff/sign-in/", "staff/sign-out/", "staff/password/", "staff/invitation/")
# Asked again who one is, or about a factor one has: tests/feedback/people/test_second_factor.py.
AFTER_CONFIRMING = {
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}


def filled(screen: Screen, reviewed: Reviewed, report: Any) -> str:
    values: dict[str, Any] = {
        "reference": reviewed.engagement.reference_number,
        "code": reviewed.question.code,
        "question_id": reviewed.question.pk,
        "page_id": report.pk,
        "pk": {
            "review:candidate": reviewed.themes[0].pk,
            "review:theme": reviewed.themes[0].pk,
            "review:run": AnalysisRun.objects.get().pk,
        }.get(screen.name),
    }
    return reverse(screen.name, kwargs={name: values[name] for name in screen.parameters})


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", ["analyst", "author", "approver"])
def test_every_staff_screen_has_the_bar_and_the_way_out(client, reviewed, role, language):
    report = getattr(reviewed.drafts(), "english" if language == "en" else "french")
    user = getattr(reviewed, role)
    client.force_login(user)
    speak(user, language)
    client.post("/i18n/set-language/", {"language": language})
    shown = 0
    for screen in screens("staff/"):
        # Those of no one thing are for other roles: tests/feedback/audit looks at them.
        if (
            screen.name in NO_SCREENS | AFTER_CONFIRMING
            or screen.route.startswith(DOORS)
            or isinstance(ROUTES[screen.name], Somewhere)
            # About people: administrators' own.
            or screen.route.startswith("staff/people/")
        ):
            continue
        address = filled(screen, reviewed, report)
        response = client.get(address)
        if response.status_code == 405:
            continue
        assert response.status_code == 200, address
        html = response.content.decode()
        assert f'<html lang="{language}"' in html, address
        bar = html[html.index('class="staff-nav"') :].partition("</nav>")[0]
        assert f'action="{reverse("account_logout")}"' in bar, address
        assert user.get_username() in bar
        assert reverse("review:index") in bar
        assert (reverse("wagtailadmin_explore_root") in bar) == (role != "analyst")
        shown += 1
    # Engagements, an engagement, questions, desk, splits, runs, a run, the draft of a report; how
    # one signs in, that it is really them, the password, the sessions; the home, and emails.
    assert shown == 14


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/cms/pages/", "wagtailadmin_explore_root"),
        ("/cms/images/", "wagtailadmin_explore_root"),
        ("/cms/documents/add/", "wagtailadmin_explore_root"),
        ("/cms/engagements/", "asking:home"),
        ("/cms/questionnaires/", "asking:home"),
        ("/cms/account/", ""),
    ],
)
def test_wagtails_screens_have_the_same_bar_and_say_where_one_is(
    client, reviewed, address, here, language
):
    user = reviewed.author
    client.force_login(user)
    speak(user, language)
    client.post("/i18n/set-language/", {"language": language})

    def entries(html: str) -> list[str]:
        bar = html[html.index('class="staff-nav"') :].partition("</nav>")[0]
        assert f'action="{reverse("account_logout")}"' in bar
        return re.findall(r'<a href="([^"]+)"\s*(aria-current="page")?', bar)

    ours = entries(client.get("/staff/").content.decode())
    theirs = entries(client.get(address).content.decode())
    assert [link for link, _here in theirs] == [link for link, _here in ours]
    assert [link for link, is_here in theirs if is_here] == ([reverse(here)] if here else [])
