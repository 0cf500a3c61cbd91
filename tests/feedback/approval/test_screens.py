"""Reviews on the screens where both languages are read, and past Wagtail's own buttons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from feedback.approval.enums import Step
from feedback.approval.models import DepartmentWorkflow
from feedback.approval.services.reviews import review_take_back
from feedback.asking.models import Questionnaire
from tests.factories import make_superuser, page_texts
from tests.feedback.approval.conftest import House

pytestmark = pytest.mark.django_db


def signed_in(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


def answered(house: House, person: Any, deed: str, **form: Any) -> Any:
    """The reply to the form of the screen, as this person has it."""
    seen = house.review(person)
    data = {
        "deed": deed,
        "words": seen.words,
        "step": seen.step or "",
        "task_state": seen.task_state_id or "",
        **form,
    }
    address = house.address
    if house.kind == "engagement":
        address = reverse("asking:review", args=[house.engagement.reference_number])
    return signed_in(person, person.language).post(address, data)


def screen(house: House, person: Any, language: str = "en") -> str:
    reply = signed_in(person, language).get(house.address)
    assert reply.status_code == 200
    return str(reply.content.decode())


def test_each_answers_on_the_screen_that_shows_both_languages(house: House) -> None:
    # The translator has her own language's words for it, the author hers.
    assert 'value="send"' in screen(house, house.author)
    assert answered(house, house.author, "send").status_code == 302
    page = screen(house, house.translator, "fr")
    assert 'value="agree"' in page
    assert "Les deux versions disent la même chose" in page
    for lead in house.words:
        assert lead in page
    assert 'value="agree"' not in screen(house, house.author)
    assert answered(house, house.translator, "agree").status_code == 302
    assert 'value="agree"' in screen(house, house.approver, "fr")
    assert answered(house, house.approver, "agree").status_code == 302
    assert house.is_out
    # French words of ours, no name of a workflow.
    for language in ("en", "fr"):
        assert "Moderators" not in screen(house, house.approver, language)


def test_a_refusal_is_said_and_keeps_what_was_typed(house: House) -> None:
    house.send()
    typed = "Le titre est trop long."
    reply = answered(house, house.translator, "ask", comment=" ")
    assert reply.status_code == 422
    assert "Écrivez ce qui est à modifier" in reply.content.decode()
    late = answered(house, house.translator, "ask", comment=typed, task_state="99999999")
    assert late.status_code == 422
    assert typed in late.content.decode()
    stale = answered(house, house.translator, "agree", words="other", comment=typed)
    assert stale.status_code == 422
    assert typed in stale.content.decode()
    assert house.review(house.translator).step == Step.TRANSLATE


def test_buttons_of_others_are_refused(house: House) -> None:
    house.send()
    assert answered(house, house.author, "agree").status_code in (302, 403)
    assert answered(house, house.approver, "agree").status_code in (302, 403)
    assert answered(house, house.author, "nothing").status_code in (302, 403)
    other = House(house.kind)
    assert answered(house, other.translator, "agree").status_code == 404
    assert house.review(house.translator).step == Step.TRANSLATE


def test_what_keeps_pages_from_going_out_is_listed(pages: House) -> None:
    pages.send()
    pages.agree(pages.translator)
    assert pages.pair is not None
    draft = pages.pair.french.get_latest_revision_as_object()
    draft.lead = ""
    draft.save_revision(clean=False)
    reply = answered(pages, pages.approver, "agree")
    assert reply.status_code == 422
    assert "ne peuvent pas encore être publiées" in reply.content.decode()
    assert not pages.is_out


def test_what_changed_stands_beside_what_readers_see(pages: House) -> None:
    pages.send()
    pages.agree(pages.translator)
    pages.agree(pages.approver)
    assert pages.pair is not None
    was = pages.pair.english.lead
    pages.wrote(pages.author)
    page = screen(pages, pages.approver)
    assert "<del" in page
    assert page.index(f"{was}</del") < page.index(f"{was}!</ins")
    # Two languages of one part.
    assert page.count("</del") == 2


def test_what_changed_since_the_last_approval_is_shown_in_both_languages(
    engagement: House,
) -> None:
    thing = engagement.engagement
    thing.opens_at = timezone.now() + timedelta(days=30)
    thing.closes_at = thing.opens_at + timedelta(days=30)
    thing.save()
    engagement.send()
    assert "all of it is new" in screen(engagement, engagement.approver)
    engagement.agree(engagement.translator)
    engagement.agree(engagement.approver)
    was = engagement.fresh().title_fr
    engagement.send()
    engagement.ask(engagement.translator)
    engagement.wrote(engagement.author)
    engagement.send()
    page = screen(engagement, engagement.translator, "fr")
    assert f"{was}</del>" in page.replace("\n", "").replace("              ", "")
    assert f"{was}!" in page


def test_wagtails_own_buttons_lead_nowhere_else(pages: House) -> None:
    """Posted by hand: its editor submits one page, and answers without the words that were read."""
    assert pages.pair is not None
    french = pages.pair.french
    edit = reverse("wagtailadmin_pages:edit", args=[french.pk])
    form = {
        **page_texts("fr"),
        "engagement": pages.engagement.pk,
        "next_steps-count": 0,
        "documents-count": 0,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }
    for rich in ("why", "how_used", "other_ways", "contact"):
        form[rich] = '{"entityMap": {}, "blocks": []}'
    author = signed_in(pages.author)
    for door in ("action-submit", "action-restart-workflow"):
        drafts = french.revisions.count()
        author.post(edit, {**form, door: "1"})
        # A draft was saved, and nothing more.
        assert french.revisions.count() == drafts + 1
    reply = author.post(edit, {**form, "action-review": "1"})
    assert reply["Location"].startswith(reverse("cms_pair", args=[french.pk]))
    assert not WorkflowState.objects.exists()
    html = author.get(edit).content.decode()
    assert 'name="action-review"' in html
    assert 'name="action-submit"' not in html
    pages.send()
    locked = author.get(edit).content.decode()
    assert pages.translator.first_name in locked
    assert 'name="action-cancel-workflow"' not in locked
    answer = {
        "action-workflow-action": "1",
        "workflow-action-name": "approve",
        "workflow-action-extra-data": "{}",
    }
    for person in (pages.author, pages.approver):
        signed_in(person).post(edit, {**form, **answer})
    assert pages.review(pages.translator).step == Step.TRANSLATE


def test_an_administrator_answers_on_wagtails_screens_for_both_languages(pages: House) -> None:
    pages.send()
    administrator = make_superuser()
    client = signed_in(administrator)
    for _step in Step:
        number = pages.review(administrator).task_state_id
        address = reverse(
            "wagtailadmin_pages:workflow_action", args=[pages.thing.pk, "approve", number]
        )
        client.post(address, {"comment": ""})
    assert pages.is_out
    assert mail.outbox == []


def test_an_administrator_opens_what_somebody_locked_and_left(pages: House) -> None:
    page = pages.thing
    page.locked, page.locked_by, page.locked_at = True, pages.author, timezone.now()
    page.save(update_fields=["locked", "locked_by", "locked_at"])
    pages.author.is_active = False
    pages.author.save(update_fields=["is_active"])
    client = signed_in(make_superuser())
    client.post(reverse("wagtailadmin_pages:unlock", args=[page.pk]))
    page.refresh_from_db()
    assert not page.locked


def test_both_histories_say_in_words_what_was_done(pages: House) -> None:
    pages.send()
    pages.ask(pages.translator, "Trop long.")
    assert pages.pair is not None
    for page in pages.pair.pages:
        address = reverse("wagtailadmin_pages:history", args=[page.pk])
        html = signed_in(pages.author, "fr").get(address).content.decode()
        assert "Soumission des deux versions" in html
        assert "Modifications demand" in html
        assert "Trop long." in html


def test_wagtails_own_lists_of_reviews_open_for_administrators(house: House) -> None:
    house.send()
    client = signed_in(make_superuser())
    workflow = DepartmentWorkflow.objects.get(department=house.department)
    for address in (
        reverse("wagtailadmin_reports:workflow"),
        reverse("wagtailadmin_reports:workflow_tasks"),
        reverse("wagtailadmin_workflows:index"),
        reverse("wagtailadmin_workflows:task_index"),
        reverse("wagtailadmin_workflows:edit", args=[workflow.pk]),
    ):
        assert client.get(address).status_code == 200, address


def test_what_is_to_be_changed_is_said_in_one_place(pages: House) -> None:
    where = reverse("wagtailadmin_pages:edit", args=[pages.thing.pk])
    form = signed_in(pages.author).get(where).content.decode()
    assert 'data-side-panel="checks"' in form
    assert 'data-side-panel="comments"' not in form
    assert 'name="comment_notifications"' not in form


def test_no_questionnaire_is_begun_while_its_engagement_is_in_review(engagement: House) -> None:
    Questionnaire.objects.filter(engagement=engagement.engagement).delete()
    author = signed_in(engagement.author)
    offered = f'<option value="{engagement.engagement.pk}">'
    where = reverse("questionnaires:add")
    assert offered in author.get(where).content.decode()
    engagement.send()
    assert offered not in author.get(where).content.decode()
    review_take_back(thing=engagement.fresh(), actor=engagement.author)
    assert offered in author.get(where).content.decode()
