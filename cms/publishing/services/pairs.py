"""Publishing, taking down, moving and deleting two pages as one.

Everything here happens to both languages in one transaction, at one instant, or not at all: a
reader sees both old or both new, and so does whoever looks after a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log as log_action
from wagtail.models import Locale, Page, Revision

from cms.publishing import gate
from cms.publishing.audited import page_record, wording_between
from cms.publishing.faces import face_of
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import LANGUAGES, Code, ParityError, Problem, other_language
from cms.publishing.selectors import Pair, pair_of
from cms.publishing.services.verdicts import verdict_of
from cms.publishing.signals import pair_published
from feedback.approval.people import approvers_beside
from feedback.approval.selectors import review_under_way, step_under_way
from feedback.approval.services.reviews import review_end
from feedback.approval.wording import names_of, own_words_said
from feedback.audit.enums import Act
from feedback.people.models import User

# --- Making a pair ---------------------------------------------------------------------------


@transaction.atomic
def pair_create(
    *, parent: PairedPage | Page, english: PairedPage, french: PairedPage, user: User | None = None
) -> Pair:
    """Put two new pages under ``parent`` and its counterpart, as drafts with a first revision.

    ``parent`` may be either language's; under the root both become its children.
    """
    french.translation_key = english.translation_key
    for page in (english, french):
        page.locale = Locale.objects.get(language_code="en" if page is english else "fr")
        page.live = False
        page.owner = user
        _parent_for(parent, page.language).add_child(instance=page)
        page.save_revision(user=user, log_action=False)
    made = pair_of(english)
    page_record(Act.PAGE_BEGUN, made.english, user)
    return made


def _parent_for(parent: PairedPage | Page, language: str) -> Page:
    if not isinstance(parent, PairedPage):
        return parent
    return pair_of(parent).of(language)


@transaction.atomic
def counterpart_draft(*, page: PairedPage, user: User | None = None) -> PairedPage:
    """The counterpart of ``page``; made as a draft with the same words if there is none yet.

    The gate lets it through only when its words are no longer those of the other language.
    """
    found = page.counterpart
    if found is not None:
        return found
    locale = Locale.objects.get(language_code=other_language(page.language))
    draft: PairedPage = page.copy_for_translation(locale)
    if user is not None:
        draft.owner = user
        draft.save(update_fields=["owner"], clean=False)
    slug = find_available_slug(draft.get_parent(), f"{page.slug}-{locale.language_code}")
    draft.slug = slug
    draft.save(clean=False)
    draft.save_revision(user=user, clean=False, log_action=False)
    return draft


# --- Publishing ------------------------------------------------------------------------------


@transaction.atomic
def pair_publish(
    *,
    page: PairedPage,
    user: User | None,
    revision: Revision | None = None,
    concerns_one_language: bool = False,
    reason: str = "",
    checks_permission: bool = True,
) -> Pair:
    """Publish the newest drafts of both languages in one transaction, at one instant.

    ``revision`` stands in for the newest draft of its own page. With ``go_live_at`` in the future
    on both, both are scheduled. ``concerns_one_language``: a person says that a change to one of
    two live pages needs none in the other (a typo); kept in both histories with ``reason``.
    Raises ``ParityError`` with every reason why not, ``PermissionDenied`` without the right.
    """
    pair = pair_of(page, is_locked=True)
    if checks_permission:
        _require(user, pair, lambda tester: bool(tester.can_publish()))
        _require_review(user, pair)
    revisions = {p.language: _newest_revision(p, user) for p in pair.pages}
    if revision is not None:
        revisions[page.language] = revision
    drafts = {lang: cast(PairedPage, rev.as_object()) for lang, rev in revisions.items()}
    verdict = verdict_of(pair, drafts)
    excused = concerns_one_language and verdict.only_stale
    if not verdict.may_publish and not excused:
        raise ParityError(verdict.problems)
    publish_both(pair, revisions, user)
    if review_under_way(pair.english) is not None:
        # What changes were asked of is out: nobody sends it again.
        review_end(thing=pair.english, actor=user)
    if excused:
        for live in pair.pages:
            log_action(live, "cms.pair.one_language", user=user, data={"reason": reason or "–"})
    return pair_of(page)


def _require_review(user: User | None, pair: Pair) -> None:
    """Nothing goes out beside a review, nor by the hand that wrote it where another may say yes."""
    if step_under_way(pair.english) is not None:
        raise ParityError(
            message=gettext("These pages are in review. They are published when it says yes.")
        )
    if user is not None and (others := approvers_beside(user, pair.english)):
        raise ParityError(message=own_words_said(names_of(others)))


def _newest_revision(page: PairedPage, user: User | None) -> Revision:
    return page.get_latest_revision() or page.save_revision(user=user, log_action=False)


def publish_both(
    pair: Pair, revisions: dict[str, Revision], user: User | None, action: str | bool = True
) -> None:
    """Publish these revisions, or schedule them, whatever the rules say: they have been asked."""
    was = {page.language: face_of(page) for page in pair.pages if page.live}
    drafts = {lang: cast(PairedPage, rev.as_object()) for lang, rev in revisions.items()}
    before, after = wording_between(was, {lang: face_of(each) for lang, each in drafts.items()})
    with gate.open_for(*pair.pages):
        for language in LANGUAGES:
            PublishPageRevisionAction(revisions[language], user=user, log_action=action).execute(
                skip_permission_checks=True
            )
    now = timezone.now()
    fresh = pair_of(pair.english)
    is_out = all(_went_live(page, revisions[page.language]) for page in fresh.pages)
    act = Act.PAGE_PUBLISHED if is_out else Act.PAGE_SCHEDULED
    page_record(act, fresh.english, user, before, after)
    if not all(page.live for page in fresh.pages):
        return  # Scheduled.
    first = min(page.first_published_at or now for page in fresh.pages)
    pks = [page.pk for page in fresh.pages]
    Page.objects.filter(pk__in=pks).update(first_published_at=first, last_published_at=now)
    if is_out:
        pair_published.send(type(fresh.english), page=fresh.english, user=user)


def _went_live(page: PairedPage, revision: Revision) -> bool:
    return bool(page.live_revision_id == revision.pk)


def _require(user: User | None, pair: Pair, may: Callable[[Any], bool]) -> None:
    if user is None or not all(may(page.permissions_for_user(user)) for page in pair.pages):
        raise PermissionDenied


# --- Taking down, moving, deleting -----------------------------------------------------------


@transaction.atomic
def pair_unpublish(*, page: PairedPage, user: User | None, has_expired: bool = False) -> None:
    """Take both languages down, and what is below them: a report does not outlive its page."""
    pair = pair_of(page, is_locked=True)
    if user is not None:
        _require(user, pair, lambda tester: bool(tester.can_unpublish()))
    below = [
        each.specific
        for live in pair.pages
        for each in live.get_descendants().live()
        if gate.is_paired(each)
    ]
    action = "wagtail.unpublish.scheduled" if has_expired else True
    with gate.open_for(*pair.pages, *below):
        for each in (*below, *pair.pages):
            UnpublishPageAction(
                each, set_expired=has_expired, user=user, log_action=action
            ).execute(skip_permission_checks=True)
            if each.language == "en":
                page_record(Act.PAGE_TAKEN_DOWN, each, user)


@transaction.atomic
def pair_delete(*, page: PairedPage, user: User) -> None:
    """Delete both languages and what is below them. A live pair is taken down first, by a person
    who saw what it was."""
    pair = pair_of(page, is_locked=True)
    _require(user, pair, lambda tester: bool(tester.can_delete()))
    below = [each.specific for one in pair.pages for each in one.get_descendants()]
    if any(each.live for each in (*pair.pages, *below)):
        raise ParityError([Problem(Code.LIVE)])
    for each in (*below, *pair.pages):
        if isinstance(each, PairedPage) and each.language == "en":
            page_record(Act.PAGE_DELETED, each, user, {"title": each.title})
    with gate.open_for(*pair.pages, *below):
        for each in pair.pages:
            DeletePageAction(each, user=user).execute(skip_permission_checks=True)


@transaction.atomic
def pair_move(*, page: PairedPage, target: Page, user: User) -> None:
    """Move both languages: ``page`` under ``target``, the other under target's counterpart."""
    pair = pair_of(page, is_locked=True)
    target = target.specific
    if not isinstance(target, PairedPage) or target.language != page.language:
        raise ParityError([Problem(Code.PARENT)])
    targets = pair_of(target)
    above = pair.english.get_parent()
    with gate.open_for(*pair.pages):
        for each in pair.pages:
            MovePageAction(each, targets.of(each.language), pos="last-child", user=user).execute()
    page_record(
        Act.PAGE_MOVED,
        pair.english,
        user,
        {"parent": above.pk},
        {"parent": targets.english.pk},
    )
