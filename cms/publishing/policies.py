"""Wagtail's own permission policies, narrowed to what exists for a person.

Every listing, search, chooser, report and count of Wagtail asks one of these policies which pages
and files there are for a person. So this is where another department's end: what a policy does
not name, no screen shows, also no screen that is not written yet. `cms.publishing.screens` guards
what screens are asked for by its number.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from taggit.models import Tag, TaggedItem
from wagtail.admin import auth as admin_auth
from wagtail.admin import filters as admin_filters
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.images.views import chooser as image_chooser
from wagtail.models import Collection, Page, get_page_models
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import page_permission_policy

from cms.publishing.models import DepartmentFiles
from cms.publishing.models.paired import PairedPage
from feedback.asking.models import Engagement, Questionnaire
from feedback.asking.permissions import engagements_where
from feedback.people.models import Anyone
from feedback.people.permissions import departments_where, is_administrator
from feedback.people.table import Action, roles_ever_for

# What Wagtail calls using a file. Changing and deleting is for whoever uploaded it, as Wagtail has
# it.
USING = frozenset({"add", "choose"})


def pages_visible_to(user: Anyone, pages: Any) -> Any:
    """``pages`` without those of engagements that do not exist for the person.

    A kind of page that does not say whose it is (`PairedPage.engagement_path`) is nobody's but
    the administrators'.
    """
    if is_administrator(user):
        return pages
    # The root is no page; Wagtail shows the way down from it.
    visible = Q(depth=1)
    own = engagements_where(user, Action.SEE)
    for model in get_page_models():
        path = model.engagement_path if issubclass(model, PairedPage) else None
        if path is None:
            continue
        theirs = model._default_manager.order_by()
        if path:
            theirs = theirs.filter(**{f"{path}__in": own})
        visible |= Q(pk__in=theirs.values("pk"))
    return pages.filter(pk__in=Page.objects.order_by().filter(visible).values("pk"))


def exists_for(user: Anyone, model: type[Model], pk: Any) -> bool:
    """Whether there is such a page or file for this person; of other things, for administrators.

    A number that nothing has, or that is none, is not there for anyone.
    """
    if issubclass(model, Page):
        found = pages_visible_to(user, Page.objects.all())
    elif model in (document_policy.model, image_policy.model):
        policy = document_policy if model is document_policy.model else image_policy
        found = policy.instances_user_has_any_permission_for(user, {"choose", "change", "delete"})
    elif model is Engagement:
        found = engagements_where(user, Action.SEE)
    elif model is Questionnaire:
        asked = engagements_where(user, Action.SEE)
        found = Questionnaire.objects.filter(engagement__in=asked)
    elif is_administrator(user):
        found = model._default_manager.all()
    else:
        return False
    return _is_in(found, pk)


def is_colleagues(user: Anyone, model: type[Model], pk: Any) -> bool:
    """Whether it is a file of a department all of which the person sees, perhaps with no role that
    uses files."""
    if model not in (document_policy.model, image_policy.model):
        return False
    own = collections_of(departments_where(user, Action.SEE))
    return _is_in(model._default_manager.filter(collection__in=own), pk)


def _is_in(found: Any, pk: Any) -> bool:
    try:
        return bool(found.filter(pk=pk).exists())
    except (ValueError, OverflowError):
        return False


def collections_of(departments: Any) -> QuerySet[Collection]:
    """Where these departments keep their files, with what is below."""
    collections: QuerySet[Collection] = Collection.objects.none()
    for files in DepartmentFiles.objects.filter(department__in=departments).select_related(
        "collection"
    ):
        collections |= Collection.objects.descendant_of(files.collection, inclusive=True)
    return collections


class DepartmentPagePolicy(PagePermissionPolicy):  # type: ignore[misc]
    """Wagtail's rules for pages, within the person's departments."""

    def instances_user_has_any_permission_for(
        self, user: Anyone, actions: Iterable[str]
    ) -> QuerySet[Page]:
        found = super().instances_user_has_any_permission_for(user, actions)
        return pages_visible_to(user, found)  # type: ignore[no-any-return]

    def explorable_instances(self, user: Anyone) -> QuerySet[Page]:
        return pages_visible_to(user, super().explorable_instances(user))  # type: ignore[no-any-return]

    def user_has_any_permission_for_instance(
        self, user: Anyone, actions: Iterable[str], instance: Page
    ) -> bool:
        if not super().user_has_any_permission_for_instance(user, actions, instance):
            return False
        return bool(pages_visible_to(user, Page.objects.filter(pk=instance.pk)).exists())


class DepartmentFilePolicy(CollectionOwnershipPermissionPolicy):  # type: ignore[misc]
    """Files belong to the department in whose collection they are; roles there decide.

    Wagtail's own permissions on collections are not asked: they know groups, and our groups cross
    departments.
    """

    def _check_perm(
        self, user: Anyone, actions: Iterable[str], collection: Collection | None = None
    ) -> bool:
        if not (user.is_active and user.is_authenticated):
            return False
        if is_administrator(user):
            return True
        found = self._collections_with_perm(user, actions)
        if collection is not None:
            found = found.filter(pk=collection.pk)
        return bool(found.exists())

    def _collections_with_perm(self, user: Anyone, actions: Iterable[str]) -> QuerySet[Collection]:
        if USING.isdisjoint(actions):
            nothing: QuerySet[Collection] = Collection.objects.none()
            return nothing
        return collections_of(departments_where(user, Action.USE_FILES))

    def _users_with_perm_filter(
        self, actions: Iterable[str], collection: Collection | None = None
    ) -> Q:
        administrators = Q(is_active=True, is_superuser=True)
        if USING.isdisjoint(actions):
            return administrators
        files = DepartmentFiles.objects.all()
        if collection is not None:
            files = files.filter(collection__in=collection.get_ancestors(inclusive=True))
        return administrators | Q(
            Q(memberships__department__in=files.values("department"))
            # Whoever works in the one it has gone into.
            | Q(memberships__department__in=files.values("department__successor")),
            is_active=True,
            memberships__role__in=roles_ever_for(Action.USE_FILES),
            memberships__engagement=None,
        )


class PagesOfOwnDepartments(PagesAdminAPIViewSet):  # type: ignore[misc]
    """The API behind the menu of pages. Wagtail's own makes itself a policy of the plain kind."""

    def get_base_queryset(self) -> QuerySet[Page]:
        return page_permission_policy.explorable_instances(self.request.user)  # type: ignore[no-any-return]


# Who asks, for the one function of Wagtail's that is told no user.
_asking: ContextVar[Anyone | None] = ContextVar("cms_policies_asking", default=None)


@contextmanager
def asked_by(user: Anyone) -> Iterator[None]:
    """While a request of this person is answered."""
    token = _asking.set(user)
    try:
        yield
    finally:
        _asking.reset(token)


def tags_visible_to(user: Anyone) -> QuerySet[Tag]:
    """Tags on files of the person's departments: they are words too, and the file tells whose."""
    everything: QuerySet[Tag] = Tag.objects.order_by()
    if is_administrator(user):
        return everything
    found = Q(pk__in=())
    for policy in (document_policy, image_policy):
        files = policy.instances_user_has_any_permission_for(user, {"choose", "change"})
        on_files = TaggedItem.objects.filter(
            content_type=ContentType.objects.get_for_model(policy.model),
            object_id__in=files.values("pk"),
        )
        found |= Q(pk__in=on_files.values("tag"))
    return everything.filter(found)


def popular_tags_for_model(model: type[Model], count: int = 10) -> QuerySet[Tag]:
    """Wagtail's function of this name, for whoever asks; nobody: none."""
    user = _asking.get()
    tags = tags_visible_to(user) if user is not None else Tag.objects.none()
    kind = ContentType.objects.get_for_model(model)
    used: QuerySet[Tag] = (
        tags.filter(taggit_taggeditem_items__content_type=kind)
        .annotate(item_count=Count("taggit_taggeditem_items"))
        .order_by("-item_count")[:count]
    )
    return used


def refusals_said() -> None:
    """Wagtail answers who may not with its first screen and a line of text, which the audit log and
    whoever asks take for a yes; here it is 403, with the page of the house. Safe to repeat."""

    def permission_denied(request: HttpRequest) -> HttpResponse:
        refusal = sys.exception()
        raise refusal if isinstance(refusal, PermissionDenied) else PermissionDenied

    admin_auth.permission_denied = permission_denied


def policies_narrow() -> None:
    """Give the policies Wagtail's modules hold by name our rules; safe to repeat.

    Wagtail offers no setting for them, and a second policy beside them would cover the screens we
    know of today only.
    """
    admin_filters.popular_tags_for_model = popular_tags_for_model
    image_chooser.popular_tags_for_model = popular_tags_for_model
    page_permission_policy.__class__ = DepartmentPagePolicy
    document_policy.__class__ = DepartmentFilePolicy
    image_policy.__class__ = DepartmentFilePolicy
