"""Departments and memberships in Wagtail's admin, and what all screens of a department share.

Each person finds the departments she works in and no others: lists are filtered, and what belongs
to another department is not there (404), whatever the address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise, cached_property, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy

from feedback.people.enums import Role
from feedback.people.models import Department, Membership
from feedback.people.optimistic_lock import RefusesStaleSaves
from feedback.people.permissions import departments_of, has_role, is_administrator

# Who does what with the things of a department. Editors write what is not approved yet, publishers
# what is (``may_change``); each may open what the other writes, and read. Deleting is the
# administrators', and the database refuses it for whatever has been approved or answered.
ROLES: dict[str, tuple[Role, ...]] = {
    "add": (Role.EDITOR,),
    "change": (Role.EDITOR, Role.PUBLISHER),
    "view": (Role.EDITOR, Role.PUBLISHER),
}


class DepartmentPolicy(BasePermissionPolicy):  # type: ignore[misc]
    """Editors and publishers in their departments; administrators everywhere.

    ``path`` leads to the department.
    """

    def __init__(self, model: type[Model], path: str) -> None:
        super().__init__(model)
        self.path = path

    def user_has_permission(self, user: Any, action: str) -> bool:
        if is_administrator(user):
            return True
        roles = ROLES.get(action, ())
        return bool(roles) and departments_of(user, *roles).exists()

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if is_administrator(user):
            return True
        department = instance
        for name in self.path.split("__"):
            department = getattr(department, name)
        return has_role(user, department, *ROLES.get(action, ()))

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        return any(self.user_has_permission_for_instance(user, a, instance) for a in actions)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        everything: QuerySet[Any] = self.model._default_manager.all()
        if is_administrator(user):
            return everything
        roles = {role for action in actions for role in ROLES.get(action, ())}
        if not roles:
            return everything.none()
        return everything.filter(**{f"{self.path}__in": departments_of(user, *roles)})

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return get_user_model().objects.filter(is_active=True, is_superuser=True)


class AdministratorsPolicy(BasePermissionPolicy):  # type: ignore[misc]
    """Administrators, and nobody else."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return is_administrator(user)

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return is_administrator(user)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return is_administrator(user)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        return is_administrator(user)

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        everything: QuerySet[Any] = self.model._default_manager.all()
        return everything if is_administrator(user) else everything.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return get_user_model().objects.filter(is_active=True, is_superuser=True)


class OfTheirDepartments:
    """For every view of one thing: another department's is not there."""

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        allowed = self.permission_policy.instances_user_has_any_permission_for(  # type: ignore[attr-defined]
            self.request.user,  # type: ignore[attr-defined]
            ROLES,
        )
        if not allowed.filter(pk=found.pk).exists():
            raise Http404
        return found


class Index(generic.IndexView):  # type: ignore[misc]
    """The list, narrowed to the person's departments."""

    def get_base_queryset(self) -> QuerySet[Any]:
        allowed: QuerySet[Any] = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ROLES
        )
        return allowed


class Edit(RefusesStaleSaves, OfTheirDepartments, generic.EditView):  # type: ignore[misc]
    """Saving refuses to overwrite what someone else saved meanwhile."""


class Delete(OfTheirDepartments, generic.DeleteView):  # type: ignore[misc]
    """What others depend on is not deleted, and that is said."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)
        except (ProtectedError, IntegrityError):
            messages.error(
                self.request, _("It cannot be deleted: it has been used, and others depend on it.")
            )
            response = HttpResponseRedirect(self.get_success_url())
        return response


class History(OfTheirDepartments, history.HistoryView):  # type: ignore[misc]
    pass


class Usage(OfTheirDepartments, usage.UsageView):  # type: ignore[misc]
    pass


class ScopedViewSet(ModelViewSet):  # type: ignore[misc]
    """What all of this room's screens share."""

    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = Index
    edit_view_class = Edit
    edit_template_name = "people/admin/edit.html"
    delete_view_class = Delete
    history_view_class = History
    usage_view_class = Usage
    add_to_reference_index = False


def _capitalized(label: Promise) -> str:
    return capfirst(str(label))


# Begins with a capital, as the headings do that Wagtail makes of our fields.
column_heading = lazy(_capitalized, str)


# --- Departments and who works there -----------------------------------------------------------


class DepartmentViewSet(ScopedViewSet):
    """Who asks. By administrators."""

    model = Department
    name = "departments"
    icon = "home"
    menu_label = gettext_lazy("Departments")
    list_display = ["name", "code"]
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_fr")]),
            MultiFieldPanel(
                [FieldPanel("email"), FieldPanel("phone"), FieldPanel("accent_colour")],
                heading=gettext_lazy("Shown to the public"),
            ),
            FieldPanel("smallest_cell"),
        ]
    )

    @cached_property
    def permission_policy(self) -> AdministratorsPolicy:
        return AdministratorsPolicy(self.model)


class MembershipViewSet(ScopedViewSet):
    """Who works where, as what. By administrators."""

    model = Membership
    name = "memberships"
    icon = "group"
    menu_label = gettext_lazy("Memberships")
    list_display = ["user", "department", "role"]
    list_filter = ["department", "role"]
    edit_handler = ObjectList([FieldPanel("user"), FieldPanel("department"), FieldPanel("role")])

    @cached_property
    def permission_policy(self) -> AdministratorsPolicy:
        return AdministratorsPolicy(self.model)
