"""Publishing, taking down, moving and deleting two pages as one.

Everything here happens to both languages in one transaction, at one instant, or not at all: a
reader sees both old or both new, and so does whoever looks after a crash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import structlog
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.coreutils import find_available_slug
from wagtail.log_actions import log as log_action
from wagtail.models import Locale, Page, PageLogEntry, Revision

from cms.publishing import gate
from cms.publishing.faces import face_of
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import (
    LANGUAGES,
    Code,
    ParityError,
    Problem,
    Verdict,
    face_problems,
    other_language,
    stale_problem,
)

log = structlog.stdlib.get_logger("cms.pairs")

User = AbstractBaseUser | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The two pages as they are in their table (live content), English first."""

    english: PairedPage
    french: PairedPage

    @property
    def pages(self) -> tuple[PairedPage, PairedPage]:
        return self.english, self.french

    def of(self, language: str) -> PairedPage:
        return self.english if language == "en" else self.french


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one tick of the scheduler did."""

    published: int = 0
    expired: int = 0
    refused: int = 0


def pair_of(page: PairedPage, *, is_locked: bool = False) -> Pair:
    """Both pages, read anew; with ``is_locked`` nobody else may publish either meanwhile.

    Raises ``ParityError`` where there is no counterpart.
    """
    model = type(page)
    rows = model._default_manager.filter(
        translation_key=page.translation_key, locale__language_code__in=LANGUAGES
    ).order_by("pk")
    if is_locked:
        # Of the base table only, always in the same order: two publishers cannot deadlock.
        list(
            Page.objects.select_for_update()
            .filter(translation_key=page.translation_key)
            .order_by("pk")
            .values_list("pk")
        )
    found = {row.language: row for row in rows}
    for language in LANGUAGES:
        if language not in found:
            raise ParityError([Problem(Code.NO_COUNTERPART, language=language)])
    return Pair(found["en"], found["fr"])


# --- What the gate says ----------------------------------------------------------------------


def pair_verdict(*, page: PairedPage) -> Verdict:
    """Whether the newest drafts of this page and its counterpart may be published, or why not."""
    try:
        pair = pair_of(page)
    except ParityError as refusal:
        return Verdict(refusal.problems)
    return _verdict(pair, {p.language: _draft(p) for p in pair.pages})


def _draft(page: PairedPage) -> PairedPage:
    return cast(PairedPage, page.get_latest_revision_as_object())


def _verdict(pair: Pair, drafts: dict[str, PairedPage]) -> Verdict:
    english, french = drafts["en"], drafts["fr"]
    problems = [
        *_place_problems(pair),
        *english.pair_problems(french),
        *_invalid(english),
        *_invalid(french),
        *face_problems(face_of(english), face_of(french)),
    ]
    if (english.go_live_at, english.expire_at) != (french.go_live_at, french.expire_at):
        problems.append(Problem(Code.SCHEDULE))
    if pair.english.live:
        problems += stale_problem(
            {p.language: face_of(drafts[p.language]) != face_of(p) for p in pair.pages}
        )
    # A required field left empty is one thing to mend, not two.
    invalid = {(p.language, p.label) for p in problems if p.code == Code.INVALID}
    return Verdict(
        tuple(
            problem
            for problem in dict.fromkeys(problems)
            if problem.code != Code.EMPTY or (problem.language, problem.label) not in invalid
        )
    )


def _place_problems(pair: Pair) -> list[Problem]:
    parents = [page.get_parent().specific for page in pair.pages]
    paired = [parent for parent in parents if isinstance(parent, PairedPage)]
    if not paired and parents[0].pk == parents[1].pk:
        return []
    if len(paired) != 2 or paired[0].translation_key != paired[1].translation_key:
        return [Problem(Code.PARENT)]
    if [parent.language for parent in paired] != list(LANGUAGES):
        return [Problem(Code.PARENT)]
    if pair.english.needs_live_parent and not all(parent.live for parent in paired):
        return [Problem(Code.PARENT_NOT_LIVE)]
    return []


def _invalid(draft: PairedPage) -> list[Problem]:
    """What Wagtail would refuse: required fields left empty while drafting, a slug twice."""
    try:
        draft.full_clean()
    except ValidationError as error:
        return [
            Problem(
                Code.INVALID,
                language=draft.language,
                label=_label(draft, name),
                detail=" ".join(messages),
            )
            for name, messages in error.message_dict.items()
        ]
    return []


def _label(page: PairedPage, name: str) -> str:
    try:
        return str(page._meta.get_field(name).verbose_name)
    except Exception:  # A remark on the page as a whole.
        return str(page.title)


# --- Making a pair ---------------------------------------------------------------------------


@transaction.atomic
def pair_create(
    *, parent: PairedPage | Page, english: PairedPage, french: PairedPage, user: User = None
) -> Pair:
    """Put two new pages under ``parent`` and its counterpart, as drafts with a first revision.

    ``parent`` may be either language's; under the root both become its children.
    """
    french.translation_key = english.translation_key
    for page in (english, french):
        page.locale = Locale.objects.get(language_code="en" if page is english else "fr")
        page.live = False
        page.owner = cast(Any, user)
        _parent_for(parent, page.language).add_child(instance=page)
        page.save_revision(user=user, log_action=False)
    return pair_of(english)


def _parent_for(parent: PairedPage | Page, language: str) -> Page:
    if not isinstance(parent, PairedPage):
        return parent
    return pair_of(parent).of(language)


@transaction.atomic
def counterpart_draft(*, page: PairedPage, user: User = None) -> PairedPage:
    """The counterpart of ``page``; made as a draft with the same words if there is none yet.

    The gate lets it through only when its words are no longer those of the other language.
    """
    found = page.counterpart
    if found is not None:
        return found
    locale = Locale.objects.get(language_code=other_language(page.language))
    draft: PairedPage = page.copy_for_translation(locale)
    if user is not None:
        draft.owner = cast(Any, user)
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
    user: User,
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
    revisions = {p.language: _newest_revision(p, user) for p in pair.pages}
    if revision is not None:
        revisions[page.language] = revision
    drafts = {lang: cast(PairedPage, rev.as_object()) for lang, rev in revisions.items()}
    verdict = _verdict(pair, drafts)
    excused = concerns_one_language and verdict.only_stale
    if not verdict.may_publish and not excused:
        raise ParityError(verdict.problems)
    _publish_both(pair, revisions, user)
    if excused:
        for live in pair.pages:
            log_action(live, "cms.pair.one_language", user=user, data={"reason": reason or "–"})
    return pair_of(page)


def _newest_revision(page: PairedPage, user: User) -> Revision:
    return page.get_latest_revision() or page.save_revision(user=user, log_action=False)


def _publish_both(
    pair: Pair, revisions: dict[str, Revision], user: User, action: str | bool = True
) -> None:
    with gate.open_for(*pair.pages):
        for language in LANGUAGES:
            PublishPageRevisionAction(revisions[language], user=user, log_action=action).execute(
                skip_permission_checks=True
            )
    now = timezone.now()
    fresh = pair_of(pair.english)
    if not all(page.live for page in fresh.pages):
        return  # Scheduled.
    first = min(page.first_published_at or now for page in fresh.pages)
    pks = [page.pk for page in fresh.pages]
    Page.objects.filter(pk__in=pks).update(first_published_at=first, last_published_at=now)
    if all(_went_live(page, revisions[page.language]) for page in fresh.pages):
        fresh.english.pair_published(user)


def _went_live(page: PairedPage, revision: Revision) -> bool:
    return bool(page.live_revision_id == revision.pk)


def _require(user: User, pair: Pair, may: Callable[[Any], bool]) -> None:
    if user is None or not all(may(page.permissions_for_user(user)) for page in pair.pages):
        raise PermissionDenied


# --- By the clock ----------------------------------------------------------------------------


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
            verdict = _verdict(pair, drafts)
            # Whoever scheduled a change to one language of a live pair was asked then.
            if not verdict.may_publish and not verdict.only_since:
                raise ParityError(verdict.problems)
            _publish_both(pair, revisions, _scheduler(revisions), "wagtail.publish.scheduled")
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


def _scheduler(revisions: dict[str, Revision]) -> User:
    """Who wrote what now goes out; the history should not say that nobody did."""
    return cast(User, revisions["en"].user or revisions["fr"].user)


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


# --- Taking down, moving, deleting -----------------------------------------------------------


@transaction.atomic
def pair_unpublish(*, page: PairedPage, user: User, has_expired: bool = False) -> None:
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


@transaction.atomic
def pair_delete(*, page: PairedPage, user: AbstractBaseUser) -> None:
    """Delete both languages and what is below them. A live pair is taken down first, by a person
    who saw what it was."""
    pair = pair_of(page, is_locked=True)
    _require(user, pair, lambda tester: bool(tester.can_delete()))
    below = [each.specific for one in pair.pages for each in one.get_descendants()]
    if any(each.live for each in (*pair.pages, *below)):
        raise ParityError([Problem(Code.LIVE)])
    with gate.open_for(*pair.pages, *below):
        for each in pair.pages:
            DeletePageAction(each, user=user).execute(skip_permission_checks=True)


@transaction.atomic
def pair_move(*, page: PairedPage, target: Page, user: AbstractBaseUser) -> None:
    """Move both languages: ``page`` under ``target``, the other under target's counterpart."""
    pair = pair_of(page, is_locked=True)
    target = target.specific
    if not isinstance(target, PairedPage) or target.language != page.language:
        raise ParityError([Problem(Code.PARENT)])
    targets = pair_of(target)
    with gate.open_for(*pair.pages):
        for each in pair.pages:
            MovePageAction(each, targets.of(each.language), pos="last-child", user=user).execute()
