"""What the public reads: never in one language, never changed unseen, never without a trace."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from feedback.approval.services.reviews import review_send
from feedback.asking.life import EngagementStatus
from feedback.asking.models import (
    Choice,
    Engagement,
    EngagementChange,
    Question,
    Questionnaire,
    QuestionnaireWording,
)
from feedback.asking.selectors.questionnaires import as_worded
from feedback.asking.services.changes import (
    ApproverNeeded,
    Confirmation,
    NotConfirmed,
    NoticeBlank,
)
from feedback.asking.services.engagements import (
    ChangedMeanwhile,
    QuestionnaireNotReady,
    engagement_change,
    engagement_move,
)
from feedback.asking.services.questionnaires import questionnaire_change
from feedback.people.enums import Role
from tests.factories import (
    by_approver,
    make_department,
    make_engagement,
    make_question,
    make_questionnaire,
    make_superuser,
    make_user,
    submit,
)
from tests.feedback.asking.test_staff import admin, both, opened, page_of, posted, save, signed_in

pytestmark = pytest.mark.django_db
S = EngagementStatus


@pytest.fixture
def here() -> Any:
    return make_department()


@pytest.fixture
def asked(here) -> Questionnaire:
    """Open, with eight responses."""
    questionnaire = make_questionnaire(make_engagement(here))
    for _ in range(8):
        submit(questionnaire.engagement)
    return questionnaire


def questions_form(questionnaire: Questionnaire) -> str:
    return admin("questionnaires:edit", questionnaire.pk)


def details(engagement: Engagement, **changed: str) -> dict[str, str]:
    """The engagement's form as the browser sends it, with some of it changed."""

    def moment(value: Any) -> str:
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""

    return {
        "title_en": engagement.title_en,
        "title_fr": engagement.title_fr,
        "opens_at": moment(engagement.opens_at),
        "closes_at": moment(engagement.closes_at),
        "sampling": engagement.sampling,
        "contact_email": engagement.contact_email,
        **changed,
    }


def refused_at_commit(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def at_once() -> None:
    """What the database would check at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# --- The privacy notice ------------------------------------------------------------------------


@pytest.mark.parametrize(("en", "fr"), [("", ""), ("\u00a0 \u200b", "\n")])
def test_nothing_is_approved_without_a_privacy_notice(en, fr) -> None:
    questionnaire = make_questionnaire(make_engagement(status=S.IN_REVIEW))
    engagement = questionnaire.engagement
    if not en:
        Questionnaire.objects.update(privacy_notice_en=en, privacy_notice_fr=fr)
        with pytest.raises(QuestionnaireNotReady) as caught:
            engagement_move(engagement=engagement, to=S.APPROVED, actor=make_user())
        assert [problem.trouble for problem in caught.value.problems] == ["no_privacy_notice"]
        with pytest.raises(IntegrityError, match="no privacy notice"), transaction.atomic():
            Engagement.objects.update(status=S.APPROVED)
    else:
        # Blanks of other kinds are no notice either.
        with (
            pytest.raises(IntegrityError, match="questionnaire_privacy_notice_in_both_languages"),
            transaction.atomic(),
        ):
            Questionnaire.objects.update(privacy_notice_en=en, privacy_notice_fr=fr)


@pytest.mark.parametrize("column", ["privacy_notice_en", "privacy_notice_fr"])
@pytest.mark.parametrize("status", [S.DRAFT, S.APPROVED])
def test_one_language_of_a_notice_is_never_emptied(status, column) -> None:
    make_questionnaire(make_engagement(status=status))
    with pytest.raises(IntegrityError), transaction.atomic():
        Questionnaire.objects.update(**{column: ""})


def test_live_notice_is_never_blanked_by_any_road(asked) -> None:
    def blank() -> None:
        Questionnaire.objects.update(privacy_notice_en="", privacy_notice_fr="")

    with pytest.raises(IntegrityError, match="never blank"), transaction.atomic():
        blank()
    said = by_approver(asked.engagement)
    with pytest.raises(NoticeBlank), questionnaire_change(questionnaire=asked, **said):
        blank()


def test_each_response_remembers_the_notice_it_was_given_under(client, asked) -> None:
    first = asked.engagement.responses.first()
    with questionnaire_change(questionnaire=asked, **by_approver(asked.engagement)):
        Questionnaire.objects.update(
            privacy_notice_en="We keep your words for ten years.",
            privacy_notice_fr="Nous gardons vos mots dix ans.",
        )
    at_once()
    later = submit(asked.engagement)
    assert (first.questionnaire_version, later.questionnaire_version) == (1, 2)
    for response, english in ((first, "no name"), (later, "ten years")):
        notice = as_worded(Questionnaire.objects.get(), response.questionnaire_version)
        assert english in notice.privacy_notice_en
        receipt = client.get(f"/en/receipt/{response.receipt_key}/").content.decode()
        assert english in receipt


def test_form_opened_before_a_change_keeps_the_words_and_notice_it_showed(client, asked) -> None:
    where = f"/en/answer/{asked.engagement.reference_number}/"
    page = client.get(where).content.decode()
    carried = dict(re.findall(r'name="(token|stamp|page)" value="([^"]*)"', page))
    with questionnaire_change(questionnaire=asked, **by_approver(asked.engagement)):
        Question.objects.filter(code="reached").update(text_en="Do you oppose?", text_fr="Contre?")
        Question.objects.filter(code="slowed").update(hint_en="New hint.", hint_fr="Nouveau.")
        Questionnaire.objects.update(privacy_notice_en="New notice.", privacy_notice_fr="Nouvel.")
    sent = {**carried, "c.reached": "phone", "c.ease": "4"}
    check = client.post(where, {**sent, "page": "3", "go": "next"}).content.decode()
    assert "What about reached?" in check
    assert "oppose" not in check
    first = client.post(where, {**sent, "go": "page-1"}).content.decode()
    assert "What about reached?" in first
    receipt = client.post(where, {**sent, "page": "check", "go": "send"}, follow=True)
    html = receipt.content.decode()
    assert "What about reached?" in html
    assert "New notice." not in html
    assert asked.engagement.responses.latest("pk").questionnaire_version == 1


def test_replaced_notice_is_kept_or_the_change_is_undone(asked) -> None:
    def reword() -> None:
        Questionnaire.objects.update(privacy_notice_en="Other.", privacy_notice_fr="Autre.")

    with refused_at_commit("without a record"), transaction.atomic():
        reword()
        at_once()
    # A record alone is not enough: the notice people read must be there too.
    with refused_at_commit("not kept"), transaction.atomic():
        record(asked.engagement)
        reword()
        at_once()


# --- Words of what has been approved -----------------------------------------------------------


def record(engagement: Engagement) -> EngagementChange:
    return EngagementChange.objects.create(
        engagement=engagement,
        actor=make_user(),
        reason="x",
        changes=[],
        responses=0,
    )


WORDS = [
    "UPDATE asking_question SET text_en = 'Do you oppose it?' WHERE code = 'used'",
    "UPDATE asking_question SET hint_en = 'x', hint_fr = 'y' WHERE code = 'used'",
    "UPDATE asking_question SET page_title_fr = 'y' WHERE code = 'reached'",
    "UPDATE asking_choice SET label_fr = 'Fortement contre' WHERE code = 'phone'",
    "UPDATE asking_engagement SET title_fr = 'Autre chose'",
]


@pytest.mark.parametrize("sql", WORDS)
@pytest.mark.parametrize("status", [S.APPROVED, S.OUTCOME_PUBLISHED, S.WITHDRAWN])
def test_database_refuses_new_words_without_a_record(status, sql) -> None:
    make_questionnaire(make_engagement(status=status))
    with refused_at_commit("without a record"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
        at_once()


@pytest.mark.parametrize("sql", WORDS)
def test_database_lets_drafts_be_written(sql) -> None:
    make_questionnaire(make_engagement(status=S.DRAFT))
    with connection.cursor() as cursor:
        cursor.execute(sql)
    at_once()


@pytest.mark.parametrize("table", ["asking_engagementchange", "asking_questionnairewording"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_said_and_changed_is_append_only(asked, table, verb) -> None:
    with questionnaire_change(questionnaire=asked, **by_approver(asked.engagement)):
        Question.objects.filter(code="used").update(text_en="And?", text_fr="Et?")
    assert QuestionnaireWording.objects.exists()
    with (
        pytest.raises(IntegrityError, match="never changed and never deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb.format(table))


def test_approved_questionnaire_is_not_deleted(here) -> None:
    questionnaire = make_questionnaire(make_engagement(here))
    with pytest.raises(DatabaseError, match="it stays"), transaction.atomic():
        Questionnaire.objects.filter(pk=questionnaire.pk).delete()
    client = signed_in(make_superuser())
    reply = client.post(admin("questionnaires:delete", questionnaire.pk), follow=True)
    assert [message.level_tag for message in reply.context["messages"]] == ["error"]


CHANGES = {
    "question": lambda q: Question.objects.filter(code="used").update(text_en="Against?"),
    "label": lambda q: Choice.objects.filter(code="phone").update(label_fr="Contre"),
    "hint": lambda q: Question.objects.filter(code="slowed").update(hint_en="x", hint_fr="y"),
    "page title": lambda q: Question.objects.filter(code="ease").update(page_title_en="x"),
    "notice": lambda q: Questionnaire.objects.filter(pk=q.pk).update(privacy_notice_en="x"),
    "minutes": lambda q: Questionnaire.objects.filter(pk=q.pk).update(minutes=55),
    "order": lambda q: Question.objects.filter(code="used").update(sort_order=9),
    "order of choices": lambda q: Choice.objects.filter(code="phone").update(sort_order=9),
    "required": lambda q: Question.objects.filter(code="used").update(is_required=True),
    "length": lambda q: Question.objects.filter(code="change").update(max_length=9),
    "added": lambda q: make_question(q, "new", "long_text"),
    "title": lambda q: Engagement.objects.update(title_fr="Autre"),
    "closing": lambda q: Engagement.objects.update(closes_at=timezone.now() + timedelta(days=1)),
    "sampling": lambda q: Engagement.objects.update(sampling="census"),
    "contact": lambda q: Engagement.objects.update(contact_email="x@example.org"),
    "partners": lambda q: q.engagement.partner_departments.add(make_department()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_service_refuses_every_change_that_no_approver_confirmed(asked, change) -> None:
    engagement = asked.engagement
    author = make_user(engagement.department, Role.AUTHOR, Role.ANALYST)
    stranger = make_user(make_department(), *Role)
    complete = Confirmation("Because.", says_the_same=True)
    for actor in (None, author, stranger):
        with (
            pytest.raises(ApproverNeeded),
            questionnaire_change(questionnaire=asked, actor=actor, confirmation=complete),
        ):
            change(asked)
    approver = make_user(engagement.department, Role.APPROVER)
    for said in (None, Confirmation(" ", says_the_same=True), Confirmation("Why.", False)):
        with (
            pytest.raises(NotConfirmed) as asks,
            questionnaire_change(questionnaire=asked, actor=approver, confirmation=said),
        ):
            change(asked)
        assert asks.value.responses == 8
    asked.refresh_from_db()
    assert asked.version == 1
    assert not EngagementChange.objects.exists()
    with questionnaire_change(questionnaire=asked, actor=approver, confirmation=complete):
        change(asked)
    kept = EngagementChange.objects.get()
    assert [line["what"] for line in kept.changes] == [c["what"] for c in asks.value.changes]
    assert (kept.actor, kept.reason, kept.responses) == (approver, "Because.", 8)
    at_once()


def test_both_languages_of_what_changed_are_kept_also_the_one_that_did_not(asked) -> None:
    with questionnaire_change(questionnaire=asked, **by_approver(asked.engagement)):
        Choice.objects.filter(question__code="used", code="phone").update(label_en="Never")
    (change,) = EngagementChange.objects.get().changes
    assert change == {
        "what": "label",
        "question": "used",
        "choice": "phone",
        "before": {"en": "By phone", "fr": "Par téléphone"},
        "after": {"en": "Never", "fr": "Par téléphone"},
    }


def test_nothing_changed_keeps_nothing(here, asked) -> None:
    with engagement_change(engagement=asked.engagement):
        pass
    # A browser's line ends are nobody's change.
    Engagement.objects.update(status=S.DRAFT)
    Questionnaire.objects.update(privacy_notice_en="One.\n\nTwo.", privacy_notice_fr="Un.\n\nDeux.")
    at_once()
    Engagement.objects.update(status=S.APPROVED)
    client = signed_in(make_user(here, Role.APPROVER))
    asked.refresh_from_db()
    data = posted(Engagement.objects.get()) | {
        "privacy_notice_en": "One.\r\n\r\nTwo.",
        "privacy_notice_fr": "Un.\r\n\r\nDeux.",
        "opened": opened(client, questions_form(asked)),
    }
    assert client.post(questions_form(asked), data).status_code == 302
    assert not EngagementChange.objects.exists()


@pytest.mark.parametrize("status", [S.DRAFT, S.IN_REVIEW])
def test_before_approval_authors_write_freely(here, status) -> None:
    questionnaire = make_questionnaire(make_engagement(here, status=status))
    client = signed_in(make_user(here, Role.AUTHOR))
    data = posted(questionnaire.engagement) | {
        "questions-1-text_en": "Which?",
        "opened": opened(client, questions_form(questionnaire)),
    }
    assert client.post(questions_form(questionnaire), data).status_code == 302
    assert Question.objects.get(code="used").text_en == "Which?"
    assert not EngagementChange.objects.exists()


# --- In the admin ------------------------------------------------------------------------------


@both
@pytest.mark.parametrize("what", ["engagements", "questionnaires"])
def test_author_is_told_before_typing_that_an_approver_changes_it(
    here, asked, what, language
) -> None:
    make_user(here, Role.APPROVER, first_name="Océane", last_name="Roy")
    client = signed_in(make_user(here, Role.AUTHOR), language)
    pk = asked.pk if what == "questionnaires" else asked.engagement.pk
    reply = client.get(admin(f"{what}:edit", pk))
    html = reply.content.decode()
    assert reply.status_code == 200
    assert "Océane Roy" in html
    assert 'name="title_en"' not in html
    assert 'name="questions-0-text_en"' not in html
    # To be read all the same, in both languages.
    assert "What about used?" in html
    assert "Que dire de used?" in html


def test_author_whose_draft_was_approved_meanwhile_gets_her_words_back(here) -> None:
    questionnaire = make_questionnaire(make_engagement(here, status=S.IN_REVIEW))
    client = signed_in(make_user(here, Role.AUTHOR))
    where = questions_form(questionnaire)
    token = opened(client, where)
    engagement_move(engagement=questionnaire.engagement, to=S.APPROVED, actor=make_user())
    typed = posted(questionnaire.engagement) | {"questions-1-text_en": "Typed for an hour?"}
    reply = client.post(where, typed | {"opened": token})
    assert reply.status_code == 403
    assert "Typed for an hour?" in reply.content.decode()
    assert Question.objects.get(code="used").text_en == "What about used?"


@both
def test_approver_sees_both_languages_before_and_after_and_confirms_with_a_reason(
    here, asked, language
) -> None:
    approver = make_user(here, Role.APPROVER, first_name="Paula", last_name="Nowak")
    client = signed_in(approver, language)
    where = questions_form(asked)
    typed = posted(asked.engagement) | {
        "opened": opened(client, where),
        "questions-1-choices-0-label_en": "Strongly <oppose>",
    }
    shown = client.post(where, typed)
    html = shown.content.decode()
    assert shown.status_code == 200
    for text in ("By phone", "Strongly &lt;oppose&gt;", "Par téléphone"):
        assert text in html
    assert Choice.objects.filter(label_en="By phone").count() == 2
    assert shown.context["responses"] == 8
    # Everything typed travels in the page.
    hidden = dict(shown.context["hidden"])
    assert hidden["questions-1-choices-0-label_en"] == "Strongly <oppose>"
    for half in ({"confirmation-same": "1"}, {"confirmation-reason": "Why."}):
        refused = client.post(where, hidden | half | {"confirmation": "confirm"})
        assert refused.status_code == 422
        assert refused.context["problems"]
    back = client.post(where, hidden | {"confirmation": "back", "confirmation-reason": "Long."})
    assert back.status_code == 200
    assert 'name="confirmation-reason" value="Long."' in back.content.decode()
    assert 'value="Strongly &lt;oppose&gt;"' in back.content.decode()
    said = {
        "confirmation-same": "1",
        "confirmation-reason": "Une <faute>.",
        "confirmation": "confirm",
    }
    assert client.post(where, hidden | said).status_code == 302
    assert Choice.objects.get(label_en="Strongly <oppose>").label_fr == "Par téléphone"
    asked.refresh_from_db()
    assert asked.version == 2
    # Whoever works there finds it in the history, in both languages, whatever she reads in.
    history = signed_in(make_user(here, Role.ANALYST), language).get(page_of(asked.engagement))
    html = history.content.decode()
    for text in (
        "By phone",
        "Strongly &lt;oppose&gt;",
        "Par téléphone",
        "Une &lt;faute&gt;.",
        "Paula Nowak",
    ):
        assert text in html


def test_approver_extends_the_closing_date_with_a_reason_kept(here, asked) -> None:
    engagement = asked.engagement
    client = signed_in(make_user(here, Role.APPROVER))
    where = admin("engagements:edit", engagement.pk)
    later = engagement.closes_at + timedelta(days=10)
    typed = details(engagement, closes_at=timezone.localtime(later).strftime("%Y-%m-%d %H:%M"))
    assert client.post(where, typed | {"opened": opened(client, where)}).status_code == 200
    engagement.refresh_from_db()
    assert engagement.closes_at < later - timedelta(days=1)
    assert save(client, where, typed).status_code == 302
    change = EngagementChange.objects.get().changes
    assert [line["what"] for line in change if line["what"] != "opens_at"] == ["closes_at"]


def test_approver_does_not_write_drafts_nor_another_departments_words(here) -> None:
    draft = make_questionnaire(make_engagement(here, status=S.DRAFT))
    client = signed_in(make_user(here, Role.APPROVER))
    where = questions_form(draft)
    assert 'name="questions-0-text_en"' not in client.get(where).content.decode()
    assert client.post(where, posted(draft.engagement)).status_code == 403
    theirs = make_questionnaire()
    assert client.get(questions_form(theirs)).status_code == 404
    assert client.post(questions_form(theirs), posted(theirs.engagement)).status_code == 404


def test_form_does_not_undo_a_move_made_meanwhile(here) -> None:
    engagement = make_questionnaire(make_engagement(here, status=S.DRAFT)).engagement
    client = signed_in(make_superuser())
    where = admin("engagements:edit", engagement.pk)
    token = opened(client, where)
    make_user(here, Role.APPROVER)
    review_send(thing=engagement, actor=make_superuser())
    client.post(where, details(engagement, title_fr="Nouveau") | {"opened": token})
    engagement.refresh_from_db()
    assert (engagement.status, engagement.title_fr) == (S.IN_REVIEW, "Nouveau")


def test_approver_approves_the_questions_she_read(here) -> None:
    questionnaire = make_questionnaire(make_engagement(here, status=S.IN_REVIEW))
    seen = questionnaire.version
    with questionnaire_change(questionnaire=questionnaire):
        Question.objects.filter(code="used").update(text_en="Against?")
    at_once()  # While it was a draft.
    move = {"engagement": questionnaire.engagement, "to": S.APPROVED, "actor": make_user()}
    with pytest.raises(ChangedMeanwhile):
        engagement_move(**move, version_seen=seen)
    client = signed_in(make_user(here, Role.APPROVER))
    address = f"{page_of(questionnaire.engagement)}move/"
    assert client.post(address, {"to": "approved", "version": seen}).status_code == 422
    assert client.post(address, {"to": "approved", "version": seen + 1}).status_code == 302
