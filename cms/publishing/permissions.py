"""Who may do what with a page: roles in its engagement, or the department of that, decide."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

from cms.publishing.models.paired import PairedPage
from feedback.asking.permissions import scope_of as engagement_scope
from feedback.people.models import Anyone
from feedback.people.permissions import Scope, is_administrator, may, require
from feedback.people.table import Action

P = TypeVar("P", bound=PairedPage)


def scope_of(page: PairedPage) -> Scope:
    engagement = page.engagement_shown
    return Scope(None) if engagement is None else engagement_scope(engagement)


def may_edit_page(user: Anyone, page: PairedPage) -> bool:
    return may(user, Action.WRITE_PAGE, scope_of(page))


def may_begin_page(user: Anyone, page: PairedPage) -> bool:
    """Whether the person may begin pages below it, move and delete it."""
    return may(user, Action.BEGIN_PAGE, scope_of(page))


def may_publish_page(user: Anyone, page: PairedPage) -> bool:
    return may(user, Action.PUBLISH_PAGE, scope_of(page))


def page_to_edit(user: Anyone, page: P | None) -> P:
    """The page, for those who write it. Raises Http404 to whom it does not exist, PermissionDenied
    to those who work there in another role."""
    if page is None:
        raise Http404
    require(user, Action.WRITE_PAGE, scope_of(page))
    return page


class PairPermissionTester(PagePermissionTester):  # type: ignore[misc]
    """Wagtail's own rules, narrowed to the person's departments and roles."""

    def __init__(self, user: Anyone, page: Page) -> None:
        self._specific: PairedPage = page.specific if type(page) is Page else page
        # Only the page itself knows that it is in review with its counterpart.
        super().__init__(user, self._specific)

    def _may_edit(self) -> bool:
        return may_edit_page(self.user, self._specific)

    def _may_begin(self) -> bool:
        return may_begin_page(self.user, self._specific)

    def _may_publish(self) -> bool:
        return may_publish_page(self.user, self._specific)

    def can_add_subpage(self) -> bool:
        # Under the home page anyone who writes may begin a page; the engagement says whose it is.
        allowed = self._specific.department is None or self._may_begin()
        return bool(super().can_add_subpage()) and allowed

    def can_edit(self) -> bool:
        if is_administrator(self.user):
            return bool(super().can_edit())
        return self.user.is_active and self._may_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(super().can_delete(ignore_bulk)) and self._may_begin()

    def can_publish(self) -> bool:
        return bool(super().can_publish()) and self._may_publish()

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish()) and self._may_publish()

    def can_publish_subpage(self) -> bool:
        # A page that is only now being created has no counterpart to be published with.
        return False

    def can_view_revisions(self) -> bool:
        # Of the home pages, which are nobody's, Wagtail would offer a history that it then refuses.
        allowed = may(self.user, Action.WRITE_PAGE, scope_of(self._specific))
        return bool(super().can_view_revisions()) and allowed

    def can_reorder_children(self) -> bool:
        return bool(super().can_reorder_children()) and self._may_publish()

    def can_copy(self) -> bool:
        # A copy would be a page without a counterpart. Pairs are begun, not copied.
        return False

    def can_lock(self) -> bool:
        return bool(super().can_lock()) and self._may_edit()

    def can_unlock(self) -> bool:
        return bool(super().can_unlock()) and self._may_edit()
