"""How an engagement and its questionnaire are reviewed: as one thing, by its status."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, prefetch_related_objects
from django.urls import reverse
from wagtail.models import ModelLogEntry, Revision

from feedback.approval.enums import Step
from feedback.approval.reviewed import Reviewed
from feedback.asking.life import BY_THE_CLOCK, UNDER_REVIEW, EngagementStatus
from feedback.asking.models import Engagement, EngagementEvent, Questionnaire
from feedback.asking.permissions import scope_of
from feedback.asking.selectors.faces import Face, engagement_face
from feedback.asking.services.engagements import engagement_move, engagement_moves
from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.people.permissions import Scope
from feedback.people.table import Action

# What Wagtail's screens note of whoever writes.
_WROTE = ("wagtail.create", "wagtail.edit")


class ReviewedEngagement(Reviewed):
    """Title, dates, questions, notice: all that the public reads of it."""

    sending = Action.SUBMIT
    steps = {Step.TRANSLATE: Action.VOUCH, Step.APPROVE: Action.DECIDE}

    def leading(self, thing: Engagement) -> Engagement:
        return thing

    def hold(self, thing: Engagement) -> Engagement:
        held = Engagement.objects.select_for_update(of=("self",)).select_related("department")
        return held.get(pk=thing.pk)

    def scope(self, thing: Engagement) -> Scope:
        return scope_of(thing)

    def titles(self, thing: Engagement) -> dict[str, str]:
        return {"en": thing.title_en, "fr": thing.title_fr}

    def address(self, thing: Engagement) -> str:
        return reverse("asking:engagement", args=[thing.reference_number]) + "#review"

    def words(self, thing: Engagement) -> str:
        face = json.dumps(engagement_face(thing), sort_keys=True)
        return sha256(face.encode()).hexdigest()[:24]

    def authors(self, things: list[Engagement]) -> dict[Engagement, set[int]]:
        """Whoever saved it or its questionnaire since its last approval."""
        approvals = EngagementEvent.objects.filter(
            engagement__in=things, to_status=EngagementStatus.APPROVED
        )
        approved: dict[int, datetime] = dict(
            approvals.values_list("engagement").annotate(Max("at")).order_by()
        )
        asked = dict(
            Questionnaire.objects.filter(engagement__in=things).values_list("pk", "engagement")
        )
        own = {thing.pk: thing.pk for thing in things}
        authors: dict[int, set[int]] = defaultdict(set)
        for model, rows in ((Engagement, own), (Questionnaire, asked)):
            written = ModelLogEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(model),
                object_id__in=list(map(str, rows)),
                action__in=_WROTE,
                user__isnull=False,
            )
            for pk, user, at in written.values_list("object_id", "user", "timestamp"):
                engagement = rows[int(pk)]
                if engagement not in approved or at > approved[engagement]:
                    authors[engagement].add(user)
        return {thing: authors[thing.pk] for thing in things}

    def record(self, act: Act, thing: Engagement, user: Any, after: dict[str, Any]) -> None:
        audit_record(
            act,
            about=About.ENGAGEMENT,
            reference=thing.reference_number,
            actor=user,
            department_id=thing.department_id,
            after=after,
        )

    def keep(self, thing: Engagement, user: Any) -> None:
        """With the status in which it was sent: what was approved is compared with later."""
        revision = Revision.objects.create(
            content_object=thing,
            base_content_type=thing.get_base_content_type(),
            user=user,
            content={"pk": thing.pk, "status": thing.status, "face": engagement_face(thing)},
            object_str=str(thing),
        )
        thing.latest_revision = revision
        thing.save(update_fields=["latest_revision"])

    def sent(self, thing: Engagement, user: Any) -> None:
        engagement_move(engagement=thing, to=EngagementStatus.IN_REVIEW, actor=user)

    def approved(self, thing: Engagement, user: Any) -> None:
        engagement_move(engagement=thing, to=EngagementStatus.APPROVED, actor=user)

    def ended(self, thing: Engagement, user: Any, comment: str) -> None:
        if Engagement.objects.get(pk=thing.pk).status in UNDER_REVIEW:
            engagement_move(engagement=thing, to=EngagementStatus.DRAFT, actor=user, reason=comment)

    def may_go(self, thing: Engagement) -> bool:
        """Until it opens: afterwards it is changed in the open (`feedback.asking.services`)."""
        return any(move.begins_review for move in engagement_moves(thing))

    def prefetch(self, things: list[Engagement]) -> None:
        prefetch_related_objects(things, "department")


def approved_face(engagement: Engagement) -> Face | None:
    """The words as they stood when it last went from approved into review; None: never before."""
    kept = engagement.revisions.filter(content__status__in=sorted(BY_THE_CLOCK))
    revision = kept.order_by("-pk").first()
    return revision.content["face"] if revision is not None else None
