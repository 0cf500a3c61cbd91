"""What a department's people see and do, and what the others do not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from feedback.answering.services.tallies import engagement_tally_refresh
from feedback.asking.enums import EngagementKind
from feedback.asking.life import EngagementStatus
from feedback.asking.models import Choice, Engagement
from feedback.people.enums import Role
from tests.factories import (
    make_department,
    make_engagement,
    make_questionnaire,
    make_superuser,
    make_user,
    submit,
)

pytestmark = pytest.mark.django_db
HOME = reverse("asking:home")
both = pytest.mark.parametrize("language", ["en", "fr"])


def page_of(engagement: Engagement) -> str:
    return reverse("asking:engagement", args=[engagement.reference_number])


def move_of(engagement: Engagement) -> str:
    return reverse("asking:move", args=[engagement.reference_number])


def signed_in(user: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


@pytest.fixture
def here() -> Any:
    return make_department()


@pytest.fixture
def engagement(here) -> Engagement:
    return make_questionnaire(
        make_engagement(here, title_en="Ours", title_fr="Le nôtre")
    ).engagement


def test_anonymous_people_are_sent_to_sign_in_and_back(client, engagement) -> None:
    for where in (HOME, page_of(engagement)):
        assert client.get(where)["Location"] == f"{reverse('account_login')}?next={where}"
    assert client.post(move_of(engagement))["Location"].startswith(reverse("account_login"))


def test_other_departments_engagements_are_not_there(engagement) -> None:
    stranger = signed_in(make_user(make_department(), *Role))
    assert b"Ours" not in stranger.get(HOME).content
    assert stranger.get(page_of(engagement)).status_code == 404
    moved = stranger.post(move_of(engagement), {"to": "withdrawn", "reason": "x"})
    assert moved.status_code == 404
    engagement.refresh_from_db()
    assert engagement.status == EngagementStatus.APPROVED


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.ANALYST])
def test_colleagues_without_the_role_may_look_but_not_decide(here, engagement, role) -> None:
    client = signed_in(make_user(here, role))
    shown = client.get(page_of(engagement))
    assert shown.status_code == 200
    assert move_of(engagement).encode() not in shown.content
    assert client.post(move_of(engagement), {"to": "withdrawn", "reason": "x"}).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_other_methods_are_refused(here, engagement, method) -> None:
    client = signed_in(make_user(here, *Role))
    for where in (HOME, page_of(engagement)):
        assert getattr(client, method)(where).status_code == 405
    assert client.get(move_of(engagement)).status_code == 405


def test_moving_on_needs_the_forms_token(here, engagement) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(here, Role.APPROVER))
    assert client.post(move_of(engagement), {"to": "withdrawn", "reason": "x"}).status_code == 403


@both
def test_pages_speak_the_readers_language_and_count(here, engagement, language) -> None:
    submit(engagement)
    engagement_tally_refresh(engagement_id=engagement.pk)
    client = signed_in(make_user(here, *Role), language)
    for where in (HOME, page_of(engagement)):
        html = client.get(where).content.decode()
        assert f'<html lang="{language}">' in html
        assert {"en": "Ours", "fr": "Le nôtre"}[language] in html
        assert {"en": "Le nôtre", "fr": "Ours"}[language] not in html


def test_person_without_a_department_is_told_what_to_do() -> None:
    reply = signed_in(make_user()).get(HOME)
    assert reply.status_code == 200
    assert b"<table" not in reply.content


def test_administrator_sees_every_department(engagement) -> None:
    other = make_engagement(title_en="Theirs")
    html = signed_in(make_superuser()).get(HOME).content.decode()
    assert page_of(engagement) in html
    assert page_of(other) in html


def test_list_costs_the_same_number_of_queries_however_long(
    here, engagement, django_assert_max_num_queries
) -> None:
    client = signed_in(make_user(here, Role.AUTHOR))
    client.get(HOME)
    for _ in range(8):
        make_engagement(here)
    with django_assert_max_num_queries(16):
        client.get(HOME)


def test_approver_takes_it_from_review_to_withdrawal_and_the_history_is_shown(here) -> None:
    engagement = make_questionnaire(
        make_engagement(here, status=EngagementStatus.IN_REVIEW)
    ).engagement
    approver = make_user(here, Role.APPROVER, first_name="Océane", last_name="Roy")
    client = signed_in(approver)
    reply = client.post(move_of(engagement), {"to": "approved"})
    assert reply["Location"] == page_of(engagement)
    refused = client.post(move_of(engagement), {"to": "withdrawn", "reason": " "})
    assert refused.status_code == 422
    assert b'id="reason-withdrawn"' in refused.content
    client.post(move_of(engagement), {"to": "withdrawn", "reason": "Élections <déclenchées>."})
    html = client.get(page_of(engagement)).content.decode()
    assert "Élections &lt;déclenchées&gt;." in html
    assert html.count("Océane Roy") >= 2
    engagement.refresh_from_db()
    assert engagement.status == EngagementStatus.WITHDRAWN


def test_staff_read_of_a_survey_in_its_own_gender_and_of_times_with_their_zone(here) -> None:
    survey = make_engagement(here, kind=EngagementKind.SURVEY, status=EngagementStatus.IN_REVIEW)
    make_questionnaire(survey)
    client = signed_in(make_user(here, *Role), "fr")
    client.post(move_of(survey), {"to": "approved"})
    html = client.get(page_of(survey)).content.decode()
    assert "examen → Approuvé<" in html
    author = make_user(here, Role.AUTHOR)
    UserProfile.objects.create(user=author, preferred_language="fr")
    client = signed_in(author, "fr")
    listed = client.get(admin("engagements:index")).content.decode()
    assert "Approuvé\n" in listed or "Approuvé<" in listed
    assert "Approuvée" not in listed.split("<table")[1].split("</table")[0]
    assert "Fermeture (heure de l’Est)" in listed
    form = client.get(admin("engagements:add")).content.decode()
    assert form.count("Heure de l’Est") >= 2


@both
def test_incomplete_questionnaire_is_not_approved_and_the_page_says_where(here, language) -> None:
    engagement = make_questionnaire(
        make_engagement(here, status=EngagementStatus.IN_REVIEW)
    ).engagement
    Choice.objects.filter(question__code="ease", value=2).delete()
    client = signed_in(make_user(here, Role.APPROVER), language)
    assert "ease" in client.get(page_of(engagement)).content.decode()
    reply = client.post(move_of(engagement), {"to": "approved"})
    assert reply.status_code == 422
    title = reply.content.decode().split("<title>")[1]
    assert title.startswith({"en": "Error: ", "fr": "Erreur\u00a0: "}[language])


def test_approver_reads_what_is_asked_before_saying_yes(here) -> None:
    engagement = make_questionnaire(
        make_engagement(here, status=EngagementStatus.IN_REVIEW)
    ).engagement
    author = make_user(here, Role.AUTHOR, first_name="Nora", last_name="Writes")
    client = signed_in(make_user(here, Role.APPROVER, first_name="Omar", last_name="Decides"))
    page = client.get(page_of(engagement)).content.decode()
    for where in (
        admin("engagements:edit", engagement.pk),
        admin("questionnaires:edit", engagement.questionnaire.pk),
    ):
        assert f'href="{where}"' in page
        html = client.get(where).content.decode().partition("<main")[2]
        assert engagement.questionnaire.questions.first().text_fr in html
        # Who could change it now.
        assert author.get_full_name() in html
        assert "Omar" not in html.partition("help-block")[2].partition("</table>")[0]
    analyst = signed_in(make_user(here, Role.ANALYST)).get(page_of(engagement)).content.decode()
    assert "<dd><ul></ul></dd>" not in analyst
    assert admin("engagements:edit", engagement.pk) not in analyst


@both
def test_engagement_without_a_questionnaire_says_what_is_missing(here, language) -> None:
    engagement = make_engagement(here, status=EngagementStatus.IN_REVIEW)
    missing = {"en": "There is no questionnaire yet.", "fr": "pas encore de questionnaire."}
    page = signed_in(make_user(here, Role.AUTHOR), language).get(page_of(engagement))
    assert missing[language] in page.content.decode()
    client = signed_in(make_user(here, Role.APPROVER), language)
    reply = client.post(move_of(engagement), {"to": "approved"})
    assert reply.status_code == 422
    assert missing[language] in reply.content.decode()
    make_questionnaire(engagement)
    assert missing[language] not in client.get(page_of(engagement)).content.decode()


@pytest.mark.parametrize("to", ["", "open", "draft"])
def test_move_that_is_not_possible_is_told_and_changes_nothing(here, engagement, to) -> None:
    client = signed_in(make_user(here, *Role))
    assert client.post(move_of(engagement), {"to": to}).status_code == 422
    engagement.refresh_from_db()
    assert engagement.status == EngagementStatus.APPROVED


# --- Editing in the admin ----------------------------------------------------------------------


def admin(name: str, *args: Any) -> str:
    return reverse(name, args=args)


def formset(prefix: str, rows: list[dict[str, Any]], initial: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{key}": value for key, value in row.items()}
        data.setdefault(f"{prefix}-{number}-ORDER", number + 1)
    return data


def posted(engagement: Engagement) -> dict[str, Any]:
    """The questionnaire's form as the browser sends it when nothing was changed."""
    questionnaire = engagement.questionnaire
    questions = list(questionnaire.questions.all())
    rows = [
        {
            "id": q.pk,
            "code": q.code,
            "kind": q.kind,
            "page_title_en": q.page_title_en,
            "page_title_fr": q.page_title_fr,
            "text_en": q.text_en,
            "text_fr": q.text_fr,
            "hint_en": q.hint_en,
            "hint_fr": q.hint_fr,
            "max_length": q.max_length,
            **({"is_required": "on"} if q.is_required else {}),
        }
        for q in questions
    ]
    data = {
        "minutes": questionnaire.minutes,
        "privacy_notice_en": questionnaire.privacy_notice_en,
        "privacy_notice_fr": questionnaire.privacy_notice_fr,
        **formset("questions", rows, len(rows)),
    }
    for number, question in enumerate(questions):
        choices = [
            {
                "id": c.pk,
                "code": c.code,
                "label_en": c.label_en,
                "label_fr": c.label_fr,
                "value": "" if c.value is None else c.value,
                **({"is_not_applicable": "on"} if c.is_not_applicable else {}),
            }
            for c in question.choices.all()
        ]
        data |= formset(f"questions-{number}-choices", choices, len(choices))
    return data


def opened(client: Client, where: str) -> str:
    """What the form at this address carries of what it showed."""
    return str(client.get(where).context["opened"])


def save(client: Client, where: str, data: dict[str, Any], **more: Any) -> Any:
    """Open, change, save; and, as an approver, confirm with both languages read."""
    confirmed = {
        "confirmation": "confirm",
        "confirmation-same": "1",
        "confirmation-reason": "Plus clair.",
    }
    return client.post(where, data | {"opened": opened(client, where)} | confirmed | more)


def test_lists_show_the_authors_departments_only(here, engagement) -> None:
    theirs = make_questionnaire(make_engagement(title_en="Theirs")).engagement
    client = signed_in(make_user(here, Role.AUTHOR))
    for name in ("engagements:index", "questionnaires:index"):
        html = client.get(admin(name)).content.decode()
        assert "Ours" in html
        assert "Theirs" not in html
    assert theirs.pk


def test_form_of_a_questionnaire_names_no_other_departments_engagement(here, engagement) -> None:
    make_questionnaire(make_engagement(title_en="Theirs", title_fr="Le leur"))
    make_questionnaire(make_engagement(here, title_en="Another of ours"))
    for role in (Role.AUTHOR, Role.APPROVER):
        client = signed_in(make_user(here, role))
        for of in (engagement, make_engagement(here, status=EngagementStatus.DRAFT)):
            if not hasattr(of, "questionnaire"):
                make_questionnaire(of)
            html = client.get(admin("questionnaires:edit", of.questionnaire.pk)).content.decode()
            assert of.title_en in html
            assert "Theirs" not in html
            assert "Another of ours" not in html


def test_headings_of_lists_all_begin_with_a_capital(here, engagement) -> None:
    for language in ("en", "fr"):
        client = signed_in(make_superuser(), language)
        client.cookies["language"] = language
        for name in ("engagements:index", "questionnaires:index"):
            html = client.get(admin(name)).content.decode()
            for each in re.findall(r"<th\b.*?</th>", html, re.DOTALL):
                words = re.sub(r"<[^>]*>", "", each).split()
                assert not words or words[0][0].isupper(), words


def test_lists_have_their_headings_in_the_readers_language(here, engagement) -> None:
    client = signed_in(make_superuser())
    client.cookies["language"] = "fr"
    for name, heading in (("engagements:index", "Titre"), ("departments:index", "Nom")):
        headings = re.findall(r"<th\b.*?</th>", client.get(admin(name)).content.decode(), re.DOTALL)
        assert any(heading in each for each in headings)
        assert not any(re.search(r">\s*(Title|Name)\s*<", each) for each in headings)


@pytest.mark.parametrize("view", ["edit", "delete", "history", "usage"])
@pytest.mark.parametrize("what", ["engagements", "questionnaires"])
def test_other_departments_are_not_there_whatever_the_address(what, view) -> None:
    theirs = make_questionnaire().engagement
    pk = theirs.pk if what == "engagements" else theirs.questionnaire.pk
    client = signed_in(make_user(make_department(), Role.AUTHOR))
    where = admin(f"{what}:{view}", pk)
    for reply in (client.get(where), client.post(where, {"title_en": "Mine now"})):
        # Wagtail answers a lack of permission by leading to its home page, with a message.
        assert reply.status_code == 404 or (view == "delete" and reply.status_code == 302)
    theirs.refresh_from_db()
    assert theirs.title_en != "Mine now"


def test_analysts_do_not_edit_what_is_asked(here, engagement) -> None:
    client = signed_in(make_user(here, Role.ANALYST))
    for where in (
        admin("engagements:index"),
        admin("engagements:edit", engagement.pk),
        admin("questionnaires:edit", engagement.questionnaire.pk),
    ):
        assert client.get(where).status_code in {302, 403, 404}


def test_departments_and_memberships_are_for_administrators(here) -> None:
    author = signed_in(make_user(here, Role.AUTHOR))
    administrator = signed_in(make_superuser())
    for what in ("departments", "memberships"):
        assert author.get(admin(f"{what}:index")).status_code == 404
        assert author.post(admin(f"{what}:add"), {}).status_code == 404
        assert administrator.get(admin(f"{what}:index")).status_code == 200
    where = admin("departments:edit", here.pk)
    assert author.get(where).status_code == 404
    assert administrator.get(where).status_code == 200


def test_anonymous_people_do_not_reach_the_admin(client, engagement) -> None:
    assert client.get(admin("engagements:edit", engagement.pk)).status_code == 302


def test_author_begins_an_engagement_in_her_own_department_only(here) -> None:
    client = signed_in(make_user(here, Role.AUTHOR))
    assert client.get(admin("engagements:add")).status_code == 200
    fields = {
        "kind": "consultation",
        "reference_number": "new-1",
        "title_en": "New",
        "title_fr": "Nouvelle",
        "sampling": "open",
        "department": make_department().pk,
    }
    client.post(admin("engagements:add"), fields)
    assert not Engagement.objects.filter(reference_number="new-1").exists()
    client.post(admin("engagements:add"), fields | {"department": here.pk})
    made = Engagement.objects.get(reference_number="new-1")
    assert made.status == EngagementStatus.DRAFT


def test_what_others_rely_on_cannot_be_changed_by_the_form(here, engagement) -> None:
    client = signed_in(make_user(here, Role.APPROVER))
    closes_at = timezone.now() + timedelta(days=99)
    save(
        client,
        admin("engagements:edit", engagement.pk),
        {
            "kind": "survey",
            "reference_number": "other",
            "department": make_department().pk,
            "title_en": "Renamed",
            "title_fr": "Renommée",
            "sampling": "open",
            "opens_at": timezone.localtime(engagement.opens_at).strftime("%Y-%m-%d %H:%M"),
            "closes_at": timezone.localtime(closes_at).strftime("%Y-%m-%d %H:%M"),
        },
    )
    reference = engagement.reference_number
    engagement.refresh_from_db()
    assert engagement.title_fr == "Renommée"
    assert (engagement.kind, engagement.reference_number) == ("consultation", reference)
    assert engagement.department == here
    assert engagement.closes_at == closes_at.replace(second=0, microsecond=0)


def test_wording_is_changed_and_makes_a_version(here, engagement) -> None:
    submit(engagement)
    client = signed_in(make_user(here, Role.APPROVER))
    where = admin("questionnaires:edit", engagement.questionnaire.pk)
    save(client, where, posted(engagement) | {"questions-1-text_fr": "Mieux dit?"})
    engagement.questionnaire.refresh_from_db()
    assert engagement.questionnaire.version == 2
    assert engagement.questionnaire.questions.get(code="used").text_fr == "Mieux dit?"


@both
@pytest.mark.parametrize(
    "change",
    [
        {"questions-1-code": "uses"},
        {"questions-1-kind": "single_choice"},
        {"questions-1-DELETE": "on"},
        {"questions-1-choices-0-code": "telephone"},
        {"questions-1-choices-0-DELETE": "on"},
    ],
)
def test_structure_once_answered_is_refused_as_an_error_of_the_form(
    here, engagement, change, language
) -> None:
    submit(engagement)
    client = signed_in(make_user(here, Role.APPROVER), language)
    where = admin("questionnaires:edit", engagement.questionnaire.pk)
    reply = save(client, where, posted(engagement) | change | {"questions-0-text_fr": "Aussi?"})
    assert reply.status_code == 200
    assert "used" in reply.content.decode()
    engagement.questionnaire.refresh_from_db()
    assert engagement.questionnaire.version == 1
    assert engagement.questionnaire.questions.get(code="used").kind == "multiple_choice"
    assert engagement.questionnaire.questions.get(code="reached").text_fr != "Aussi?"


@pytest.mark.parametrize(
    ("english", "french", "named"),
    [("", "", 2), ("\u00a0", " \u00a0", 2), ("New.", "\u00a0", 1), ("", "Nouvel avis.", 1)],
)
def test_blank_notice_of_what_is_approved_is_an_error_at_each_language_that_lacks_it(
    here, engagement, english, french, named
) -> None:
    client = signed_in(make_user(here, Role.APPROVER))
    where = admin("questionnaires:edit", engagement.questionnaire.pk)
    notice = {"privacy_notice_en": english, "privacy_notice_fr": french}
    reply = save(client, where, posted(engagement) | notice)
    html = reply.content.decode()
    assert reply.status_code == 200
    assert html.count("its privacy notice is never blank") == named
    # There is no such way out once it has been approved.
    assert "or in neither" not in html
    assert engagement.questionnaire.privacy_notice_en
    engagement.questionnaire.refresh_from_db()
    assert engagement.questionnaire.privacy_notice_fr


def test_questions_can_be_put_in_another_order(here, engagement) -> None:
    submit(engagement)
    client = signed_in(make_user(here, Role.APPROVER))
    where = admin("questionnaires:edit", engagement.questionnaire.pk)
    data = posted(engagement) | {"questions-4-ORDER": 6, "questions-5-ORDER": 5}
    save(client, where, data)
    codes = list(engagement.questionnaire.questions.values_list("code", flat=True))
    assert codes == ["reached", "used", "ease", "slowed", "change", "first"]


def test_half_a_pair_is_refused_as_an_error_of_the_form(here, engagement) -> None:
    client = signed_in(make_user(here, Role.APPROVER))
    where = admin("questionnaires:edit", engagement.questionnaire.pk)
    for half in (
        {"questions-1-hint_en": "Only here"},
        {"questions-1-text_fr": ""},
        {"questions-1-choices-0-label_en": "\u00a0"},
        {"privacy_notice_fr": " "},
        {"privacy_notice_en": "", "privacy_notice_fr": ""},
    ):
        reply = save(client, where, posted(engagement) | half)
        assert reply.status_code == 200
        assert reply.context["form"].is_valid() is False
    engagement.questionnaire.refresh_from_db()
    assert engagement.questionnaire.version == 1


@pytest.mark.parametrize("what", ["departments", "engagements", "questionnaires"])
def test_what_was_used_is_not_deleted_and_that_is_said(here, engagement, what) -> None:
    submit(engagement)
    pk = {
        "departments": here.pk,
        "engagements": engagement.pk,
        "questionnaires": engagement.questionnaire.pk,
    }[what]
    client = signed_in(make_superuser())
    reply = client.post(admin(f"{what}:delete", pk), follow=True)
    assert reply.status_code == 200
    assert [message.level_tag for message in reply.context["messages"]] == ["error"]
    assert Engagement.objects.filter(pk=engagement.pk, questionnaire__isnull=False).exists()


def test_author_deletes_nothing(here, engagement) -> None:
    client = signed_in(make_user(here, Role.AUTHOR))
    draft = make_engagement(here, status=EngagementStatus.DRAFT)
    assert client.post(admin("engagements:delete", draft.pk)).status_code in {302, 403}
    assert Engagement.objects.filter(pk=draft.pk).exists()
