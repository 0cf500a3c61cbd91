"""No way leads to a page in one language: each door is tried."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Locale, Page, PageLogEntry, Revision, Workflow, WorkflowPage

from cms.pages.models import ConsultationPage
from cms.publishing.parity import Code, ParityError
from cms.publishing.selectors import pair_of
from cms.publishing.services.pairs import (
    counterpart_draft,
    pair_delete,
    pair_move,
    pair_publish,
    pair_unpublish,
)
from cms.publishing.services.schedule import pairs_publish_scheduled
from cms.publishing.services.verdicts import pair_verdict
from cms.publishing.signals import pair_published
from cms.publishing.tasks import publish_scheduled
from feedback.asking.enums import EngagementKind
from feedback.asking.life import EngagementStatus
from feedback.people.enums import Role
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_site,
    make_superuser,
    make_user,
    page_texts,
)

pytestmark = pytest.mark.django_db


def live(pair) -> tuple[bool, bool]:
    rows = dict(Page.objects.filter(pk__in=[p.pk for p in pair.pages]).values_list("pk", "live"))
    return rows[pair.english.pk], rows[pair.french.pk]


def leads(pair) -> tuple[str, str]:
    fresh = pair_of(pair.english)
    return fresh.english.lead, fresh.french.lead


def edit(page, **fields) -> Revision:
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    revision: Revision = draft.save_revision(clean=False)
    return revision


def lone_draft() -> ConsultationPage:
    """A page whose counterpart was never begun."""
    page = ConsultationPage(
        engagement=make_engagement(),
        locale=Locale.objects.get(language_code="en"),
        **page_texts("en"),
    )
    make_site().english.add_child(instance=page)
    page.save_revision()
    return page


def codes(error: ParityError) -> set[Code]:
    return {problem.code for problem in error.problems}


# --- Publishing ------------------------------------------------------------------------------


def test_both_languages_go_live_at_one_instant():
    pair = make_pages()
    assert live(pair) == (True, True)
    assert pair.english.first_published_at == pair.french.first_published_at
    assert pair.english.last_published_at == pair.french.last_published_at


@pytest.mark.parametrize("language", ["en", "fr"])
def test_publishing_a_revision_of_either_language_publishes_both(language):
    pair = make_pages(published=False)
    pair.of(language).get_latest_revision().publish()
    assert live(pair) == (True, True)


def test_page_without_counterpart_is_refused_and_says_so():
    make_site()
    page = lone_draft()
    with pytest.raises(ParityError) as refusal:
        page.get_latest_revision().publish()
    assert codes(refusal.value) == {Code.NO_COUNTERPART}
    page.refresh_from_db()
    assert not page.live


def test_draft_copied_from_the_other_language_is_refused_until_written():
    make_site()
    page = lone_draft()
    draft = counterpart_draft(page=page)
    assert draft.language == "fr"
    assert not draft.live
    with pytest.raises(ParityError) as refusal:
        pair_publish(page=page, user=None, checks_permission=False)
    assert codes(refusal.value) == {Code.UNTRANSLATED}
    edit(draft, **page_texts("fr"))
    pair_publish(page=page, user=None, checks_permission=False)
    assert live(pair_of(page)) == (True, True)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"lead": ""}, Code.INVALID),
        ({"other_ways": ""}, Code.EMPTY),
        ({"lead": page_texts("en")["lead"]}, Code.UNTRANSLATED),
        ({"slug": "été"}, Code.INVALID),
        ({"next_steps": [("step", {"label": "Ouverte", "when": "", "starts_on": "2026-11-01"})]},
         Code.STRUCTURE),
        ({"go_live_at": timezone.now() + timedelta(days=3)}, Code.SCHEDULE),
    ],
)  # fmt: skip
def test_each_inequality_keeps_both_back(fields, code):
    pair = make_pages(published=False)
    edit(pair.french, **fields)
    with pytest.raises(ParityError) as refusal:
        pair_publish(page=pair.english, user=None, checks_permission=False)
    assert code in codes(refusal.value)
    assert live(pair) == (False, False)


def test_pages_of_two_engagements_are_no_pair():
    pair = make_pages(published=False)
    edit(pair.french, engagement=make_engagement())
    with pytest.raises(ParityError) as refusal:
        pair_publish(page=pair.english, user=None, checks_permission=False)
    assert Code.ENGAGEMENT in codes(refusal.value)


def test_what_is_not_approved_is_not_published():
    pair = make_pages(make_engagement(status=EngagementStatus.DRAFT), published=False)
    assert [p.code for p in pair_verdict(page=pair.french).problems] == [Code.NOT_APPROVED]


def test_change_to_one_live_language_waits_for_the_other():
    pair = make_pages()
    old = leads(pair)
    edit(pair.english, lead="Something new was decided this week.")
    with pytest.raises(ParityError) as refusal:
        pair_publish(page=pair.english, user=None, checks_permission=False)
    assert [(p.code, p.language) for p in refusal.value.problems] == [(Code.STALE, "fr")]
    assert leads(pair) == old
    edit(pair.french, lead="Du nouveau a été décidé cette semaine.")
    pair_publish(page=pair.english, user=None, checks_permission=False)
    assert leads(pair) == (
        "Something new was decided this week.",
        "Du nouveau a été décidé cette semaine.",
    )


def test_typo_in_one_language_may_be_mended_and_is_kept_in_the_history():
    pair = make_pages()
    edit(pair.english, lead="We are deciding which services move online.")
    author = make_superuser()
    pair_publish(
        page=pair.english, user=author, concerns_one_language=True, reason="A word too many"
    )
    assert leads(pair)[0] == "We are deciding which services move online."
    entries = PageLogEntry.objects.filter(action="cms.pair.one_language")
    assert {entry.page_id for entry in entries} == {pair.english.pk, pair.french.pk}
    assert {entry.user_id for entry in entries} == {author.pk}


def test_one_language_only_excuses_nothing_else():
    pair = make_pages()
    edit(pair.english, lead="We are deciding.", notice="In English alone.")
    with pytest.raises(ParityError):
        pair_publish(
            page=pair.english, user=None, concerns_one_language=True, checks_permission=False
        )


def test_crash_between_the_two_leaves_both_old(monkeypatch):
    pair = make_pages()
    old = leads(pair)
    edit(pair.english, lead="Something new was decided this week.")
    edit(pair.french, lead="Du nouveau a été décidé cette semaine.")
    execute = PublishPageRevisionAction.execute

    def crash_on_french(self, *args, **kwargs):
        if self.object.language == "fr":
            raise RuntimeError("power cut")
        return execute(self, *args, **kwargs)

    monkeypatch.setattr(PublishPageRevisionAction, "execute", crash_on_french)
    with pytest.raises(RuntimeError):
        pair_publish(page=pair.english, user=None, checks_permission=False)
    assert leads(pair) == old
    assert live(pair) == (True, True)


def test_what_must_follow_and_fails_leaves_both_old():
    pair = make_pages()
    old = leads(pair)
    edit(pair.english, lead="Something new was decided this week.")
    edit(pair.french, lead="Du nouveau a été décidé cette semaine.")

    def fail(sender, **kwargs):
        raise RuntimeError("the outcome cannot be kept")

    pair_published.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            pair_publish(page=pair.english, user=None, checks_permission=False)
    finally:
        pair_published.disconnect(fail)
    assert leads(pair) == old


@pytest.mark.django_db(transaction=True)
def test_a_reader_never_sees_one_language_new_and_the_other_old():
    """Another connection looks as fast as it can while versions are published one after another."""
    pair = make_pages()
    texts = {page.pk: page.lead for page in pair.pages}
    seen: set[tuple[str, str]] = set()
    stop = threading.Event()

    def look() -> None:
        try:
            while not stop.is_set():
                rows = dict(
                    ConsultationPage.objects.filter(pk__in=list(texts)).values_list("pk", "lead")
                )
                seen.add((rows[pair.english.pk], rows[pair.french.pk]))
        finally:
            connection.close()

    reader = threading.Thread(target=look)
    reader.start()
    published = {(texts[pair.english.pk], texts[pair.french.pk])}
    try:
        for number in range(8):
            words = (f"Version number {number} of this page", f"Version numéro {number} de la page")
            edit(pair.english, lead=words[0])
            edit(pair.french, lead=words[1])
            pair_publish(page=pair.english, user=None, checks_permission=False)
            published.add(words)
    finally:
        stop.set()
        reader.join()
    assert seen <= published
    assert len(seen) > 1


# --- The side doors --------------------------------------------------------------------------


def test_wagtails_own_publish_action_is_refused():
    pair = make_pages(published=False)
    with pytest.raises(ParityError):
        PublishPageRevisionAction(pair.english.get_latest_revision()).execute(
            skip_permission_checks=True
        )
    assert live(pair) == (False, False)


def test_saving_a_page_live_is_refused():
    pair = make_pages(published=False)
    pair.english.live = True
    with pytest.raises(ParityError):
        pair.english.save()
    base = Page.objects.get(pk=pair.english.pk)
    base.live = True
    with pytest.raises(ParityError):
        base.save()
    assert live(pair) == (False, False)


def test_saving_other_words_on_a_live_page_is_refused():
    pair = make_pages()
    pair.french.lead = "Autre chose."
    with pytest.raises(ParityError):
        pair.french.save()
    with pytest.raises(ParityError):
        pair.french.save(update_fields=["lead"])


def test_what_readers_do_not_see_may_be_saved():
    pair = make_pages()
    pair.english.locked = True
    pair.english.save()
    edit(pair.english, lead="A draft hurts nobody, however different.")
    assert leads(pair)[0] == page_texts("en")["lead"]


def test_adding_a_live_page_is_refused():
    home = make_site().english
    page = ConsultationPage(engagement=make_engagement(), live=True, **page_texts("en"))
    with pytest.raises(ParityError):
        home.add_child(instance=page)


def test_copy_that_stays_live_is_refused():
    pair = make_pages()
    with pytest.raises(ParityError), transaction.atomic():
        pair.english.copy(update_attrs={"slug": "a-copy"}, keep_live=True)


@pytest.mark.parametrize("was_published", [True, False])
def test_update_past_every_model_is_refused_by_the_database(was_published):
    pair = make_pages(published=was_published)
    Page.objects.filter(pk=pair.english.pk).update(live=not was_published)
    with pytest.raises(IntegrityError, match="one language alone"):
        connection.check_constraints()


def test_workflow_that_approves_one_publishes_both_or_is_refused():
    pair = make_pages(published=False)
    user = make_superuser()
    workflow = Workflow.objects.create(name="One look")
    WorkflowPage.objects.create(workflow=workflow, page=pair.english)
    edit(pair.french, lead="")
    # A workflow without tasks approves as soon as it begins.
    with pytest.raises(ParityError), transaction.atomic():
        workflow.start(pair.english, user)
    assert live(pair) == (False, False)
    edit(pair.french, **page_texts("fr"))
    workflow.start(pair.english, user)
    assert live(pair) == (True, True)


# --- Taking down, moving, deleting -----------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_unpublishing_either_takes_both_down(language):
    pair = make_pages()
    pair.of(language).unpublish()
    assert live(pair) == (False, False)


def test_wagtails_own_unpublish_action_is_refused():
    pair = make_pages()
    for page in (pair.english, Page.objects.get(pk=pair.french.pk)):
        with pytest.raises(ParityError):
            UnpublishPageAction(page).execute(skip_permission_checks=True)
    assert live(pair) == (True, True)


def test_home_pages_take_what_is_below_down_with_them():
    pair = make_pages()
    pair_unpublish(page=make_site().french, user=make_superuser())
    assert live(pair) == (False, False)


def test_deleting_one_alone_is_refused_and_both_together_is_not():
    pair = make_pages(published=False)
    with pytest.raises(ParityError), transaction.atomic():
        pair.english.delete()
    with pytest.raises(ParityError), transaction.atomic():
        Page.objects.filter(pk=pair.french.pk).delete()
    pair_delete(page=pair.english, user=make_superuser())
    assert not ConsultationPage.objects.exists()


def test_live_pair_is_not_deleted():
    pair = make_pages()
    with pytest.raises(ParityError) as refusal:
        pair_delete(page=pair.english, user=make_superuser())
    assert codes(refusal.value) == {Code.LIVE}
    assert live(pair) == (True, True)


def test_moving_one_alone_is_refused():
    pair = make_pages()
    root = Page.get_first_root_node()
    with pytest.raises(ParityError):
        pair.english.move(root, pos="last-child")
    with pytest.raises(ParityError):
        pair_move(page=pair.english, target=make_site().french, user=make_superuser())


def test_reordering_among_siblings_is_no_move():
    first = make_pages()
    other = make_pages(make_engagement(kind=EngagementKind.SURVEY), published=False)
    other.english.move(first.english, pos="left")
    assert live(first) == (True, True)


# --- By the clock ----------------------------------------------------------------------------


def scheduled_pair(*, at):
    pair = make_pages(published=False)
    for page in pair.pages:
        edit(page, go_live_at=at)
    pair_publish(page=pair.english, user=None, checks_permission=False)
    return pair


def test_scheduled_pair_goes_live_together_by_the_task():
    pair = scheduled_pair(at=timezone.now() + timedelta(hours=1))
    publish_scheduled()
    assert live(pair) == (False, False)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        publish_scheduled()
        publish_scheduled()
    assert live(pair) == (True, True)
    fresh = pair_of(pair.english)
    assert fresh.english.first_published_at == fresh.french.first_published_at


def test_one_scheduled_alone_publishes_neither_and_leaves_a_line_in_the_history():
    pair = scheduled_pair(at=timezone.now() + timedelta(hours=1))
    pair.french.revisions.update(approved_go_live_at=None)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        for _ in range(3):
            call_command("publish_scheduled")
    assert live(pair) == (False, False)
    entries = PageLogEntry.objects.filter(action="cms.pair.refused")
    assert sorted(entry.page_id for entry in entries) == sorted(p.pk for p in pair.pages)
    assert {tuple(entry.data["problems"]) for entry in entries} == {("not_scheduled",)}


def test_scheduled_pair_that_fails_the_gate_keeps_no_other_pair_waiting():
    at = timezone.now() + timedelta(hours=1)
    bad = scheduled_pair(at=at)
    engagement = bad.english.engagement
    good = make_pages(make_engagement(kind=EngagementKind.SURVEY), published=False)
    for page in good.pages:
        edit(page, go_live_at=at)
    pair_publish(page=good.english, user=None, checks_permission=False)
    engagement.status = EngagementStatus.IN_REVIEW
    engagement.save(update_fields=["status"])
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        outcome = pairs_publish_scheduled()
    assert (outcome.published, outcome.refused) == (1, 1)
    assert live(bad) == (False, False)
    assert live(good) == (True, True)


def test_expired_pair_comes_down_together():
    pair = make_pages()
    at = timezone.now() + timedelta(hours=1)
    for page in pair.pages:
        edit(page, expire_at=at)
    pair_publish(page=pair.english, user=None, checks_permission=False)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        call_command("publish_scheduled")
    assert live(pair) == (False, False)


# --- Who may ---------------------------------------------------------------------------------


def test_only_approvers_of_the_department_publish():
    department = make_department()
    pair = make_pages(make_engagement(department), published=False)
    strangers = [
        make_user(department, Role.AUTHOR),
        make_user(department, Role.ANALYST),
        make_user(make_department(), Role.APPROVER),
        make_user(),
    ]
    for user in strangers:
        with pytest.raises(PermissionDenied):
            pair_publish(page=pair.english, user=user)
    pair_publish(page=pair.english, user=make_user(department, Role.APPROVER))
    assert live(pair) == (True, True)


# --- Through Wagtail's screens ---------------------------------------------------------------


@pytest.fixture
def admin_client(client):
    client.force_login(make_superuser())
    return client


def bulk(client, action: str, page):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return client.post(f"{url}?id={page.pk}&next=/cms/", {"include_descendants": ""})


def test_bulk_publish_of_one_publishes_both(admin_client):
    pair = make_pages(published=False)
    bulk(admin_client, "publish", pair.french)
    assert live(pair) == (True, True)


def test_bulk_publish_that_fails_the_gate_publishes_neither(admin_client):
    pair = make_pages(published=False)
    edit(pair.french, lead="")
    response = bulk(admin_client, "publish", pair.french)
    assert response.status_code < 500
    assert live(pair) == (False, False)


def test_bulk_unpublish_of_one_takes_both_down(admin_client):
    pair = make_pages()
    bulk(admin_client, "unpublish", pair.english)
    assert live(pair) == (False, False)


def test_bulk_delete_of_one_is_refused(admin_client):
    pair = make_pages(published=False)
    response = bulk(admin_client, "delete", pair.english)
    assert response.status_code < 500
    assert ConsultationPage.objects.count() == 2


def test_admin_api_refuses_to_publish_or_unpublish_one(admin_client):
    pair = make_pages(published=False)
    url = reverse("wagtailadmin_api:pages:action", args=[pair.english.pk, "publish"])
    assert admin_client.post(url).status_code in (400, 403)
    assert live(pair) == (False, False)
    pair_publish(page=pair.english, user=None, checks_permission=False)
    url = reverse("wagtailadmin_api:pages:action", args=[pair.english.pk, "unpublish"])
    assert admin_client.post(url).status_code in (400, 403)
    assert live(pair) == (True, True)


def test_unpublish_screen_takes_both_down(admin_client):
    pair = make_pages()
    admin_client.post(reverse("wagtailadmin_pages:unpublish", args=[pair.english.pk]))
    assert live(pair) == (False, False)


def test_delete_screen_deletes_both_drafts_but_no_live_page(admin_client):
    pair = make_pages()
    url = reverse("wagtailadmin_pages:delete", args=[pair.english.pk])
    admin_client.post(url)
    assert live(pair) == (True, True)
    pair_unpublish(page=pair.english, user=None)
    admin_client.post(url)
    assert not ConsultationPage.objects.exists()
