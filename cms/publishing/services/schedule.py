"""Pairs that go out, and are taken down, by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import structlog
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log as log_action
from wagtail.models import Page, PageLogEntry, Revision

from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import LANGUAGES, Code, ParityError, Problem
from cms.publishing.selectors import pair_of
from cms.publishing.services.pairs import pair_unpublish, publish_both
from cms.publishing.services.verdicts import verdict_of
from feedback.people.models import User

log = structlog.stdlib.get_logger("cms.pairs")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one tick of the scheduler did."""

    published: int = 0
    expired: int = 0
    refused: int = 0


def pairs_publish_scheduled(*, at: datetime | None = None) -> Outcome:
    """Publish every pair whose time has come, take down every pair whose time is over.

    Each pair in its own transaction: one that is refused keeps none of the others waiting. It is
    refused again at every tick until someone mends it; its history says why, once.
    """
    moment = at or timezone.now()
    published = refused = expired = 0
    due = Revision.page_revisions.filter(approved_go_live_at__lte=moment)
    pages = Page.objects.filter(pk__in=[int(pk) for pk in due.values_list("object_id", flat=True)])
    for page in _one_of_each_pair(pages):
        if pair_publish_due(page=page, at=moment):
            published += 1
        else:
            refused += 1
    for page in _one_of_each_pair(Page.objects.filter(live=True, expire_at__lte=moment)):
        pair_unpublish(page=page, user=None, has_expired=True)
        expired += 1
    return Outcome(published, expired, refused)


def _one_of_each_pair(pages: Any) -> list[PairedPage]:
    found = {
        page.translation_key: page for page in pages.specific() if isinstance(page, PairedPage)
    }
    return list(found.values())


def pair_publish_due(*, page: PairedPage, at: datetime | None = None) -> bool:
    """Publish the scheduled revisions of both languages if both are due and pass the gate.

    False, with a line in the log and in the histories of both pages, if not. Harmless when
    repeated: a pair that is already out has nothing due.
    """
    moment = at or timezone.now()
    try:
        with transaction.atomic():
            pair = pair_of(page, is_locked=True)
            due = {p.language: _due_revision(p, moment) for p in pair.pages}
            if not any(due.values()):
                return True
            missing = [language for language in LANGUAGES if due[language] is None]
            if missing:
                raise ParityError([Problem(Code.NOT_SCHEDULED, language=missing[0])])
            revisions = cast(dict[str, Revision], due)
            drafts = {lang: cast(PairedPage, rev.as_object()) for lang, rev in revisions.items()}
            verdict = verdict_of(pair, drafts)
            # Whoever scheduled a change to one language of a live pair was asked then.
            if not verdict.may_publish and not verdict.only_since:
                raise ParityError(verdict.problems)
            publish_both(pair, revisions, _scheduler(revisions), "wagtail.publish.scheduled")
    except ParityError as refusal:
        _note_refusal(page, refusal, moment)
        return False
    return True


def _due_revision(page: PairedPage, moment: datetime) -> Revision | None:
    found: Revision | None = (
        page.revisions.filter(approved_go_live_at__lte=moment)
        .order_by("-approved_go_live_at", "-pk")
        .first()
    )
    return found


def _scheduler(revisions: dict[str, Revision]) -> User | None:
    """Who wrote what now goes out; the history should not say that nobody did."""
    return cast(User | None, revisions["en"].user or revisions["fr"].user)


def _note_refusal(page: PairedPage, refusal: ParityError, moment: datetime) -> None:
    codes = sorted({problem.code.value for problem in refusal.problems})
    log.warning("scheduled_pair_refused", page=page.pk, title=page.title, problems=codes)
    for each in (page, page.counterpart):
        if each is None:
            continue
        data = {"problems": codes}
        latest = PageLogEntry.objects.filter(page=each.pk).order_by("-timestamp", "-pk").first()
        if latest is None or latest.action != "cms.pair.refused" or latest.data != data:
            log_action(each, "cms.pair.refused", data=data)
