"""What the audit log keeps of pages, and that nobody's answers get into it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analysis.review.models import Passage
from analysis.review.services.codebook import candidates_accept
from cms.publishing.services.pairs import (
    counterpart_draft,
    pair_delete,
    pair_publish,
    pair_unpublish,
)
from cms.publishing.services.schedule import pairs_publish_scheduled
from cms.reporting.services import findings_draft
from feedback.answering.references import withdrawal_code
from feedback.answering.services.withdrawals import response_withdraw
from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry
from feedback.audit.wording import said
from feedback.bilingual import Language
from feedback.people.enums import Role
from tests.factories import (
    given,
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_result,
    make_run,
    make_superuser,
    make_user,
    submit,
)

pytestmark = pytest.mark.django_db
MARKER = "quokkas parlent doucement"


def of(act: Act) -> AuditEntry:
    entry = AuditEntry.objects.filter(act=act).first()
    assert entry is not None, act
    return entry


def edit(pair: Any, **texts: dict[str, str]) -> None:
    for language, fields in texts.items():
        draft = pair.of(language).get_latest_revision_as_object()
        for name, words in fields.items():
            setattr(draft, name, words)
        draft.save_revision()


def test_what_readers_see_is_kept_before_and_after_once_for_both_languages() -> None:
    pair = make_pages(make_engagement())
    user = make_superuser("ada")
    first = of(Act.PAGE_PUBLISHED)
    assert first.before == {}
    assert first.after["fr/lead"] == pair.french.lead
    was = {"en/lead": pair.english.lead, "fr/lead": pair.french.lead}
    edit(pair, en={"lead": "Plainer words."}, fr={"lead": "Des mots plus simples."})
    pair_publish(page=pair.english, user=user)
    entry = of(Act.PAGE_PUBLISHED)
    assert entry.pk != first.pk
    assert entry.before == was
    assert entry.after == {"en/lead": "Plainer words.", "fr/lead": "Des mots plus simples."}
    assert (entry.actor_name, entry.roles) == ("ada", ["administrator"])
    engagement = pair.english.engagement
    assert entry.reference == f"{engagement.reference_number} {pair.english.pk}"
    assert entry.departments == [engagement.department.code]
    lines = said(entry.act, entry.before, entry.after)
    assert [(line.language, line.after) for line in lines] == [
        ("en", "Plainer words."),
        ("fr", "Des mots plus simples."),
    ]
    pair_unpublish(page=pair.english, user=user)
    assert of(Act.PAGE_TAKEN_DOWN).reference == entry.reference
    pair_delete(page=pair.french, user=user)
    assert of(Act.PAGE_DELETED).before == {"title": pair.english.title}


def test_what_goes_out_by_the_clock_is_kept_when_it_is_set_and_when_it_goes_out() -> None:
    pair = make_pages(make_engagement(), published=False)
    soon = timezone.now() + timedelta(hours=1)
    edit(pair, en={"go_live_at": soon}, fr={"go_live_at": soon})
    pair_publish(page=pair.english, user=make_superuser("ada"))
    assert of(Act.PAGE_SCHEDULED).actor_name == "ada"
    its_own = AuditEntry.objects.filter(reference__endswith=f" {pair.english.pk}")
    assert not its_own.filter(act=Act.PAGE_PUBLISHED).exists()
    with time_machine.travel(soon + timedelta(minutes=1)):
        pairs_publish_scheduled()
    assert its_own.filter(act=Act.PAGE_PUBLISHED).exists()


def test_drafts_are_kept_by_their_revision_and_once_while_somebody_types() -> None:
    pair = make_pages(make_engagement())
    user = make_superuser("ada")
    draft = pair.english.get_latest_revision_as_object()
    revision = draft.save_revision(user=user, log_action=True)
    draft.lead = "Typed on."
    draft.save_revision(user=user, log_action=True, overwrite_revision=revision)
    (entry,) = AuditEntry.objects.filter(act=Act.PAGE_EDITED)
    assert entry.after == {"language": "en", "revision": revision.pk}
    assert entry.actor_name == "ada"


def test_nothing_that_a_citizen_wrote_gets_into_it() -> None:
    """One sentence goes all the way: sent, analyzed, themed, reported, quoted, published, taken,
    shown to every role, refused and withdrawn."""
    department = make_department()
    approver = make_user(department, Role.APPROVER)
    analyst = make_user(department, Role.ANALYST)
    engagement = make_engagement(department)
    pages = make_pages(engagement)
    question = make_questionnaire(engagement).questions.get(code="slowed")
    responses = [
        submit(
            engagement,
            given(reached="phone", ease="4", slowed=f"Les {MARKER}, {n} fois. {MARKER}@x.example"),
            language=Language.FR if n % 2 else Language.EN,
        )
        for n in range(24)
    ]
    answers = [response.answers.get(question=question) for response in responses]
    engagement.opens_at = timezone.now() - timedelta(days=9)
    engagement.closes_at = timezone.now() - timedelta(minutes=1)
    engagement.save()
    run = make_run(question, make_result(answers, {"T1": list(range(24))}))
    candidates_accept(candidates=run.candidates.all(), user=analyst)
    report = findings_draft(question=question, user=approver)
    assert Passage.objects.filter(text__contains=MARKER).exists()
    pair_publish(page=report.english, user=approver)
    counterpart_draft(page=pages.english, user=approver)
    reference = [engagement.reference_number]
    asked = [*reference, question.code]
    addresses = [
        report.english.url,
        report.english.url + "themes/csv/",
        reverse("asking:engagement", args=reference),
        reverse("review:desk", args=asked) + f"?q={MARKER}",
        reverse("review:desk", args=[*reference, "nothing"]),
        reverse("cms_quotes_choose", args=[report.english.pk]) + f"?theme=T1&q={MARKER}",
        reverse("wagtailadmin_reports:site_history") + "?export=csv",
    ]
    everybody = [make_user(department, role) for role in Role]
    for person in (*everybody, make_user(make_department(), *Role), make_superuser()):
        client = Client()
        client.force_login(person)
        for address in addresses:
            client.get(address)
            client.post(address, {"reason": MARKER, "q": MARKER})
    written = AuditEntry.objects.count()
    for response in responses[:3]:
        code = withdrawal_code(response.receipt_key)
        response_withdraw(reference=response.reference, code=code)
    assert AuditEntry.objects.count() == written, "what citizens do is not in the log of staff"
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {Act.PAGE_PUBLISHED, Act.REFUSED, Act.EXPORTED, Act.SIGNED_IN} <= acts
    with connection.cursor() as cursor:
        for word in (MARKER, *MARKER.split(), responses[0].reference):
            cursor.execute(
                "SELECT count(*) FROM audit_auditentry entry WHERE entry::text ILIKE %s",
                [f"%{word}%"],
            )
            assert cursor.fetchone() == (0,), word
