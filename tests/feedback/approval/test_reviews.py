"""From author to translator to approver: who may do what, and that nothing waits for nobody.

Most hold for pages and for questionnaires alike.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import GroupApprovalTask, Workflow, WorkflowState

from cms.publishing.parity import ParityError
from cms.publishing.services.pairs import pair_publish
from feedback.approval.enums import Deed, Step
from feedback.approval.models import DepartmentTask, DepartmentWorkflow
from feedback.approval.refusals import (
    ChangedMeanwhile,
    CommentMissing,
    MovedOn,
    NobodyApproves,
    OwnWords,
)
from feedback.approval.services.reviews import review_agree, review_take_back
from feedback.approval.services.workflows import department_workflow_ensure
from feedback.asking.life import EngagementStatus
from feedback.asking.permissions import may_translate
from feedback.asking.services.engagements import MoveRefused, engagement_move
from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry
from feedback.outbox.emails import emails_send_due
from feedback.outbox.models import Email
from feedback.people.enums import WaitingEmails
from feedback.people.models import Membership
from feedback.people.waiting import Kind, waits_for
from tests.factories import make_department, make_engagement, make_pages, make_superuser
from tests.feedback.approval.conftest import A, House, P, T

pytestmark = pytest.mark.django_db


def waiting(user: Any, kind: Kind) -> list[str]:
    return [
        item.title for section in waits_for(user) if section.kind == kind for item in section.items
    ]


def acts() -> list[str]:
    reviews = AuditEntry.objects.filter(act__startswith="review_").order_by("pk")
    return [str(act) for act in reviews.values_list("act", flat=True)]


def written_to(kind: str) -> list[Any]:
    return [row.about["user_id"] for row in Email.objects.filter(kind=kind).order_by("pk")]


# --- The way ------------------------------------------------------------------------------------


def test_from_author_to_translator_to_approver_and_out(house: House) -> None:
    other = House(house.kind)
    house.wrote(house.author)
    house.send()
    if house.kind == "engagement":
        assert house.fresh().status == EngagementStatus.IN_REVIEW
    assert waiting(house.translator, Kind.TRANSLATE)
    for person in (house.author, house.approver, other.translator, other.approver):
        assert not waiting(person, Kind.TRANSLATE)
        assert not waiting(person, Kind.APPROVE)
    assert Deed.AGREE not in house.review(house.approver).deeds

    house.agree(house.translator)
    assert not waiting(house.translator, Kind.TRANSLATE)
    assert waiting(house.approver, Kind.APPROVE)
    assert not waiting(other.approver, Kind.APPROVE)
    assert not house.is_out

    house.agree(house.approver)
    assert house.is_out
    assert not waiting(house.approver, Kind.APPROVE)
    assert house.review(house.approver).step is None
    assert acts() == [Act.REVIEW_SENT, Act.REVIEW_TRANSLATED, Act.REVIEW_APPROVED]
    # Each person is written to once, and by nobody but the outbox.
    assert written_to("waiting_now") == [house.translator.pk, house.approver.pk]
    assert written_to("review_approved") == [house.author.pk]
    assert mail.outbox == []


def test_changes_are_asked_for_with_a_comment_and_it_is_sent_again(house: House) -> None:
    house.wrote(house.author)
    house.send()
    house.agree(house.translator)
    with pytest.raises(CommentMissing):
        house.ask(house.approver, "  ")
    house.ask(house.approver, "Say which services.")
    seen = house.review(house.author)
    assert seen.returned is not None
    assert seen.returned.comment == "Say which services."
    assert seen.deeds == {Deed.SEND, Deed.TAKE_BACK}
    assert waiting(house.author, Kind.RETURNED)
    assert not waiting(house.approver, Kind.APPROVE)
    assert written_to("waiting_now")[-1] == house.author.pk
    entry = AuditEntry.objects.get(act=Act.REVIEW_RETURNED)
    assert entry.after == {"comment": "Say which services."}
    if house.kind == "engagement":
        assert house.fresh().status == EngagementStatus.DRAFT
        assert house.engagement.events.get(to_status="draft").reason == "Say which services."

    house.wrote(house.author)
    house.send()
    # The words are others: their translation is looked at again.
    assert waiting(house.translator, Kind.TRANSLATE)
    house.agree(house.translator)
    house.agree(house.approver)
    assert house.is_out
    assert WorkflowState.objects.for_instance(house.thing).count() == 1


def test_it_is_taken_back_by_whoever_may_send_it_and_by_nobody_else(house: House) -> None:
    colleague = house.person("colin", A)
    house.send()
    with pytest.raises(PermissionDenied):
        review_take_back(thing=house.fresh(), actor=house.person("tom", T))
    review_take_back(thing=house.fresh(), actor=colleague)
    assert house.review(house.author).deeds == {Deed.SEND}
    assert acts() == [Act.REVIEW_SENT, Act.REVIEW_TAKEN_BACK]
    if house.kind == "engagement":
        assert house.fresh().status == EngagementStatus.DRAFT
    with pytest.raises(MovedOn):
        review_take_back(thing=house.fresh(), actor=house.author)
    house.send()
    with pytest.raises(MovedOn):
        house.send()


def test_another_departments_people_do_nothing(house: House) -> None:
    other = House(house.kind)
    house.send()
    for person in (other.author, other.translator, other.approver):
        for deed in (house.agree, house.ask, house.send):
            with pytest.raises(PermissionDenied):
                deed(person)
        with pytest.raises(PermissionDenied):
            review_take_back(thing=house.fresh(), actor=person)
    assert house.review(house.translator).step == Step.TRANSLATE


# --- Nobody there -------------------------------------------------------------------------------


def test_without_translators_it_goes_to_approval_and_that_is_said_before(house: House) -> None:
    Membership.objects.filter(role=T).delete()
    assert any(house.department.name in note for note in house.review(house.author).notes)
    house.send()
    assert waiting(house.approver, Kind.APPROVE)
    house.agree(house.approver)
    assert house.is_out


def test_without_approvers_it_is_not_sent_and_that_is_said_before(house: House) -> None:
    Membership.objects.filter(role=P).delete()
    seen = house.review(house.author)
    assert house.department.name in seen.not_yet
    assert Deed.SEND not in seen.deeds
    with pytest.raises(NobodyApproves):
        house.send()
    assert house.review(house.author).step is None
    assert not acts()


def test_a_step_whose_people_left_waits_for_administrators_and_can_be_taken_back(
    house: House,
) -> None:
    administrator = make_superuser()
    house.send()
    assert not waiting(administrator, Kind.TRANSLATE)
    Membership.objects.filter(user=house.translator).delete()
    house.approver.is_active = False
    house.approver.save(update_fields=["is_active"])
    with pytest.raises(PermissionDenied):
        house.agree(house.translator)
    assert waiting(administrator, Kind.TRANSLATE)
    assert house.review(house.author).waits_for == ""
    assert Deed.TAKE_BACK in house.review(house.author).deeds
    house.agree(administrator)
    with pytest.raises(PermissionDenied):
        house.agree(house.approver)
    assert waiting(administrator, Kind.APPROVE)
    # What was written to people who no longer do it is not sent.
    emails_send_due()
    assert mail.outbox == []
    house.agree(administrator)
    assert house.is_out


def test_what_is_sent_back_to_somebody_who_left_is_for_her_colleagues(house: House) -> None:
    colleague = house.person("colin", A)
    house.send()
    house.author.is_active = False
    house.author.save(update_fields=["is_active"])
    house.ask(house.translator)
    assert colleague.pk in written_to("waiting_now")
    assert house.author.pk not in written_to("waiting_now")
    assert waiting(colleague, Kind.RETURNED)
    house.send(colleague)
    assert waiting(house.translator, Kind.TRANSLATE)


def test_a_role_in_one_engagement_reaches_its_reviews_and_no_others(house: House) -> None:
    Membership.objects.filter(role=T).delete()
    guest = house.person("gus")
    Membership.objects.create(
        user=guest, department=house.department, role=T, engagement=house.engagement
    )
    house.send()
    assert waiting(guest, Kind.TRANSLATE)
    other = House(house.kind)
    other.engagement.department = house.department
    other.engagement.save(update_fields=["department"])
    other.send(house.author)
    # Nobody translates that one.
    assert len(waiting(guest, Kind.TRANSLATE)) == 1
    assert len(waiting(house.approver, Kind.APPROVE)) == 1
    house.agree(guest)
    with pytest.raises(PermissionDenied):
        other.agree(guest)


# --- Two at once, and other words ---------------------------------------------------------------


def test_the_second_of_two_is_told_and_does_nothing(house: House) -> None:
    second = house.person("paul", P)
    house.send()
    house.agree(house.translator)
    seen = house.review(second)
    house.agree(house.approver)
    with pytest.raises(MovedOn):
        review_agree(thing=house.fresh(), task_state_id=seen.task_state_id, actor=second)
    assert acts().count(Act.REVIEW_APPROVED) == 1
    # The step a translator had on the screen is not the approval that it is now.
    other = House(house.kind)
    other.send()
    seen = other.review(other.translator)
    other.agree(other.translator)
    with pytest.raises(MovedOn):
        review_agree(thing=other.fresh(), task_state_id=seen.task_state_id, actor=other.approver)
    assert not other.is_out


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_same_moment_one_counts() -> None:
    house = House("engagement")
    second = house.person("paul", P)
    house.send()
    house.agree(house.translator)
    number = house.review(second).task_state_id
    assert number is not None
    together = Barrier(2, timeout=30)

    def yes(person: Any) -> str:
        together.wait()
        try:
            review_agree(thing=house.fresh(), task_state_id=number, actor=person)
        except MovedOn:
            return "told"
        finally:
            connection.close()
        return "counted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(yes, (house.approver, second))) == ["counted", "told"]
    assert acts().count(Act.REVIEW_APPROVED) == 1
    assert written_to("review_approved") == [house.author.pk]


def test_nobody_says_yes_to_words_she_has_not_read(house: House) -> None:
    house.send()
    seen = house.review(house.translator)
    house.wrote(house.translator)
    with pytest.raises(ChangedMeanwhile):
        house.agree(house.translator, words_read=seen.words)
    house.agree(house.translator, words_read=house.review(house.translator).words)


# --- Four eyes ----------------------------------------------------------------------------------


def test_whoever_wrote_it_does_not_approve_it_where_another_can(
    house: House, settings: Any
) -> None:
    both = house.person("bo", A, P)
    house.wrote(both)
    house.send(both)
    house.agree(house.translator)
    assert not waiting(both, Kind.APPROVE)
    assert both.pk not in written_to("waiting_now")
    seen = house.review(both)
    assert "Pia" in seen.not_yet
    assert Deed.AGREE not in seen.deeds
    with pytest.raises(OwnWords, match="Pia"):
        house.agree(both)
    settings.CONSULT_APPROVAL_BY_ANOTHER = False
    assert Deed.AGREE in house.review(both).deeds
    settings.CONSULT_APPROVAL_BY_ANOTHER = True
    # The only one who could: better seen by a translator than waiting for ever.
    house.approver.is_active = False
    house.approver.save(update_fields=["is_active"])
    assert waiting(both, Kind.APPROVE)
    house.agree(both)
    assert house.is_out


def test_own_words_are_not_published_beside_the_review_either(pages: House) -> None:
    both = pages.person("bo", A, P)
    pages.wrote(both)
    with pytest.raises(ParityError, match="Pia"):
        pair_publish(page=pages.thing, user=both)
    pages.send()
    with pytest.raises(ParityError):
        pair_publish(page=pages.thing, user=pages.approver)
    assert not pages.is_out
    review_take_back(thing=pages.fresh(), actor=pages.author)
    pair_publish(page=pages.thing, user=pages.approver)
    assert pages.is_out


# --- One life, one place ------------------------------------------------------------------------


def test_an_engagement_does_not_move_beside_its_review(engagement: House) -> None:
    thing = engagement.engagement
    with pytest.raises(MoveRefused):
        engagement_move(engagement=thing, to="in_review", actor=engagement.author)
    engagement.send()
    for to in ("approved", "draft"):
        with pytest.raises(MoveRefused):
            engagement_move(engagement=thing, to=to, actor=engagement.approver)
    assert engagement.fresh().status == EngagementStatus.IN_REVIEW


@pytest.mark.parametrize("opened", [-1, 1])
def test_what_has_opened_is_not_offered_for_review(engagement: House, opened: int) -> None:
    engagement.send()
    engagement.agree(engagement.translator)
    engagement.agree(engagement.approver)
    thing = engagement.fresh()
    thing.opens_at = timezone.now() + timedelta(days=opened)
    thing.save(update_fields=["opens_at"])
    is_planned = opened > 0
    for person in (engagement.author, engagement.approver, make_superuser()):
        assert (Deed.SEND in engagement.review(person).deeds) is is_planned
    assert [said.label for said in engagement.review(engagement.author).history]


def test_whoever_sends_it_again_does_not_stand_for_whoever_sent_it_first(house: House) -> None:
    other = house.person("ben", A)
    house.send()
    first = house.review(other).sent_at
    house.ask(house.translator)
    house.send(other)
    again = house.review(other)
    assert again.sent_at is not None
    assert first is not None
    assert (again.sent_by, again.sent_at > first) == ("Ben", True)
    said = [(str(each.label), each.by) for each in again.history]
    assert said == [
        ("Sent for review again", "Ben"),
        ("Changes asked for", "Théo"),
        ("Sent for review", "Ada"),
    ]


def test_withdrawing_ends_the_review(engagement: House) -> None:
    engagement.send()
    engagement_move(
        engagement=engagement.engagement, to="withdrawn", actor=engagement.approver, reason="No."
    )
    assert engagement.fresh().status == EngagementStatus.WITHDRAWN
    assert engagement.review(engagement.author).step is None
    assert not waiting(engagement.translator, Kind.TRANSLATE)


def test_switching_a_workflow_off_gives_everything_back(house: House) -> None:
    house.send()
    workflow = DepartmentWorkflow.objects.get(department=house.department)
    workflow.workflow_ptr.deactivate(user=make_superuser())
    assert house.review(house.author).deeds == {Deed.SEND}
    if house.kind == "engagement":
        assert house.fresh().status == EngagementStatus.DRAFT
    house.send()
    assert waiting(house.translator, Kind.TRANSLATE)


def test_what_is_not_complete_is_not_approved_and_the_review_stays(house: House) -> None:
    house.send()
    house.agree(house.translator)
    if house.pair is not None:
        draft = house.pair.french.get_latest_revision_as_object()
        draft.lead = ""
        draft.save_revision(clean=False)
    else:
        house.engagement.questionnaire.questions.all().delete()
    with pytest.raises((ParityError, MoveRefused)):
        house.agree(house.approver)
    assert house.review(house.approver).step == Step.APPROVE
    assert not house.is_out
    assert Act.REVIEW_APPROVED not in acts()
    assert not Email.objects.filter(kind="review_approved").exists()


def test_in_review_only_those_of_the_step_write(house: House) -> None:
    def writes(user: Any) -> bool:
        if house.pair is None:
            return may_translate(user, house.fresh())
        return all(
            (lock := page.specific.get_lock()) is None or not lock.for_user(user)
            for page in house.pair.pages
        )

    administrator = make_superuser()
    assert writes(house.author)
    house.send()
    assert not writes(house.author)
    assert writes(administrator)
    assert writes(house.translator)
    assert not writes(house.approver)
    house.agree(house.translator)
    assert not writes(house.translator)
    assert not writes(house.author)
    assert writes(administrator)
    house.ask(house.approver)
    assert writes(house.author)


# --- Workflows ----------------------------------------------------------------------------------


def test_each_department_has_one_workflow_and_wagtails_own_is_gone() -> None:
    assert not GroupApprovalTask.objects.exists()
    assert not Workflow.objects.filter(departmentworkflow=None).exists()
    here = make_department("here")
    workflow = DepartmentWorkflow.objects.get(department=here)
    assert [task.specific.step for task in workflow.tasks] == [Step.TRANSLATE, Step.APPROVE]
    here.name_fr = "Ministère renommé"
    here.save()
    department_workflow_ensure(department=here)
    workflow.refresh_from_db()
    assert "Ministère renommé" in workflow.name
    assert DepartmentTask.objects.filter(department=here).count() == 2
    here.delete()
    assert not Workflow.objects.filter(pk=workflow.pk).exists()


def test_a_deleted_thing_takes_its_review_along(engagement: House) -> None:
    engagement.send()
    thing = engagement.engagement
    thing.events.all().delete()
    thing.questionnaire.delete()
    thing.delete()
    assert not waiting(engagement.translator, Kind.TRANSLATE)
    assert not WorkflowState.objects.exists()


def test_what_waits_is_asked_in_as_many_queries_however_much_waits() -> None:
    house = House("engagement")
    kinds = ("engagement", "pages")

    def one_more_of_each() -> None:
        for kind in kinds:
            status = EngagementStatus.DRAFT if kind == "engagement" else EngagementStatus.APPROVED
            house.engagement = make_engagement(house.department, status=status)
            house.thing = house.engagement
            if kind == "pages":
                house.thing = make_pages(house.engagement, published=False).english
            house.send()
            house.agree(house.translator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert waiting(house.approver, Kind.APPROVE)
        return len(queries)

    one_more_of_each()
    asked()
    first = asked()
    for _number in range(3):
        one_more_of_each()
    assert asked() == first


# --- Emails -------------------------------------------------------------------------------------


def test_emails_are_in_the_readers_language_with_its_title_and_a_link(house: House) -> None:
    house.send()
    emails_send_due()
    [email] = mail.outbox
    assert email.to == [house.translator.email]
    assert house.address in email.body
    assert "langue" in email.subject
    with translation.override("fr"):
        assert str(Kind.TRANSLATE.label) in email.subject
    emails_send_due()
    assert len(mail.outbox) == 1
    house.ask(house.translator, "Plus court, s'il vous plaît.")
    emails_send_due()
    assert mail.outbox[-1].to == [house.author.email]
    assert "Plus court" in mail.outbox[-1].body
    house.send()
    house.agree(house.translator)
    house.agree(house.approver)
    mail.outbox.clear()
    emails_send_due()
    assert [email.to for email in mail.outbox] == [[house.author.email]]
    assert house.approver.first_name in mail.outbox[-1].body
    assert mail.outbox[-1].alternatives
    assert house.address in mail.outbox[-1].body


def test_who_wants_no_emails_gets_none(house: House) -> None:
    for person in (house.author, house.translator, house.approver):
        person.waiting_emails = WaitingEmails.NEVER
        person.save(update_fields=["waiting_emails"])
    house.send()
    house.agree(house.translator)
    house.agree(house.approver)
    assert not Email.objects.exists()
