"""How pages are reviewed: both languages of a pair as one thing."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

from django.db.models import prefetch_related_objects
from django.urls import reverse
from wagtail.log_actions import log as log_action
from wagtail.models import Page, Revision

from cms.publishing.audited import page_record
from cms.publishing.models.paired import PairedPage
from cms.publishing.permissions import scope_of
from cms.publishing.selectors import is_as_published, pair_of
from cms.publishing.services.pairs import pair_publish
from feedback.approval.enums import Step
from feedback.approval.reviewed import Reviewed
from feedback.audit.enums import Act
from feedback.people.permissions import Scope
from feedback.people.table import Action

# What Wagtail calls it in a page's history.
_OF_FRENCH: dict[Act, tuple[str, dict[str, str]]] = {
    Act.REVIEW_SENT: ("start", {}),
    Act.REVIEW_TRANSLATED: ("approve", {"step": Step.TRANSLATE}),
    Act.REVIEW_APPROVED: ("approve", {"step": Step.APPROVE}),
    Act.REVIEW_RETURNED: ("reject", {}),
    Act.REVIEW_TAKEN_BACK: ("cancel", {}),
}


class ReviewedPair(Reviewed):
    """Both pages: the review is kept with the English one, and says yes to both or to neither."""

    sending = Action.SUBMIT
    steps = {Step.TRANSLATE: Action.VOUCH, Step.APPROVE: Action.PUBLISH_PAGE}

    def leading(self, thing: Page) -> PairedPage:
        page = thing.specific if type(thing) is Page else thing
        if page.language == "en":
            return cast(PairedPage, page)
        return cast(PairedPage, page.counterpart or page)

    def hold(self, thing: PairedPage) -> PairedPage:
        return pair_of(thing, is_locked=True).english

    def scope(self, thing: PairedPage) -> Scope:
        return scope_of(thing)

    def titles(self, thing: PairedPage) -> dict[str, str]:
        """Of the drafts: the first page of a pair has no other title yet."""
        other = _french(thing)
        return {"en": _title(thing), "fr": _title(other) if other is not None else _title(thing)}

    def address(self, thing: PairedPage) -> str:
        return reverse("cms_pair", args=[thing.pk]) + "#review"

    def words(self, thing: PairedPage) -> str:
        """By the newest drafts; one may have been written over by its author's next keystrokes."""
        # Read anew. One language may stand alone yet: that is nothing to refuse to show.
        pages = type(thing)._default_manager.filter(translation_key=thing.translation_key)
        return " ".join(map(_draft, pages.order_by("locale__language_code")))

    def authors(self, things: list[PairedPage]) -> dict[PairedPage, set[int]]:
        """Whoever saved a draft of either language since what is published."""
        keys = {thing.translation_key: thing for thing in things}
        pages = Page.objects.filter(translation_key__in=keys).values_list(
            "pk", "translation_key", "live_revision_id"
        )
        of = {str(pk): (keys[key], live or 0) for pk, key, live in pages}
        written = Revision.page_revisions.filter(object_id__in=list(of), user__isnull=False)
        authors: dict[PairedPage, set[int]] = defaultdict(set)
        for pk, revision, user in written.values_list("object_id", "pk", "user"):
            thing, live = of[pk]
            if revision > live:
                authors[thing].add(user)
        return {thing: authors[thing] for thing in things}

    def record(self, act: Act, thing: PairedPage, user: Any, after: dict[str, Any]) -> None:
        page_record(act, thing, user, after=after)
        # Wagtail notes it in the English page's history alone.
        french = thing.counterpart
        if french is not None:
            action, told = _OF_FRENCH[act]
            log_action(french, f"wagtail.workflow.{action}", user=user, data={**told, **after})

    def keep(self, thing: PairedPage, user: Any) -> None:
        for page in pair_of(thing).pages:
            if page.latest_revision_id is None:
                page.save_revision(user=user, log_action=False)
            if page.pk == thing.pk:
                thing.latest_revision_id = page.latest_revision_id

    def sent(self, thing: PairedPage, user: Any) -> None:
        """Nothing more: that they are in review, their workflow says."""

    def approved(self, thing: PairedPage, user: Any) -> None:
        pair_publish(page=thing, user=user)

    def ended(self, thing: PairedPage, user: Any, comment: str) -> None:
        """Nothing more: the drafts are where they were."""

    def may_go(self, thing: PairedPage) -> bool:
        """There is something to say yes to: readers do not see all of it yet."""
        return not is_as_published(thing)

    def prefetch(self, things: list[PairedPage]) -> None:
        by_kind: dict[type[PairedPage], list[PairedPage]] = defaultdict(list)
        for thing in things:
            by_kind[type(thing)].append(thing)
        for kind, pages in by_kind.items():
            if kind.engagement_path:
                prefetch_related_objects(pages, f"{kind.engagement_path}__department")
        prefetch_related_objects(things, "locale")
        french = {
            page.translation_key: page
            for page in Page.objects.filter(
                translation_key__in=[thing.translation_key for thing in things],
                locale__language_code="fr",
            )
        }
        for thing in things:
            setattr(thing, _FRENCH, french.get(thing.translation_key))


# Where what `prefetch` found is kept.
_FRENCH = "_reviewed_french"


def _french(thing: PairedPage) -> Page | None:
    return getattr(thing, _FRENCH) if hasattr(thing, _FRENCH) else thing.counterpart


def _title(page: Page) -> str:
    return str(page.draft_title or page.title)


def _draft(page: PairedPage) -> str:
    revision = page.get_latest_revision()
    return f"{revision.pk}@{revision.created_at.isoformat()}" if revision is not None else "-"
