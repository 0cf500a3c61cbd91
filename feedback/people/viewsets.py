"""Departments, memberships and users in Wagtail's admin, and what a department's screens share.

Each person finds the departments she works in and no others: lists are filtered, and what belongs
to another department is not there (404), whatever the address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Field, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.functional import Promise, cached_property, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy
from wagtail.users import forms
from wagtail.users.views import users

from feedback.people.administrators import is_last_administrator
from feedback.people.forms import engagement_check, engagement_field
from feedback.people.models import Department, Membership, User
from feedback.people.optimistic_lock import RefusesStaleSaves
from feedback.people.permissions import is_administrator
from feedback.people.table import Action

# What Wagtail calls an action, and what it is in the table. What is not here is the
# administrators': deleting, which the database refuses for whatever has been approved or answered.
# Authors and translators write what is not approved yet, approvers what is; each may open what the
# others write.
ACTIONS: dict[str, Action] = {"add": Action.BEGIN, "change": Action.READ, "view": Action.READ}


class AdministratorsPolicy(BasePermissionPolicy):  # type: ignore[misc]
    """Things that are the administrators'; a room says of its own who else has them."""

    def actions(self, named: Iterable[str]) -> list[Action]:
        """What Wagtail calls so."""
        return [ACTIONS.get(name, Action.ADMINISTER) for name in named]

    def instances_for(self, user: Any, actions: list[Action]) -> QuerySet[Any]:
        """The rows with which somebody who is no administrator may do one of these."""
        nothing: QuerySet[Any] = self.model._default_manager.none()
        return nothing

    def is_seen_by(self, user: Any, instance: Any) -> bool:
        """Whether it exists for somebody who may not open it."""
        return False

    def may_begin(self, user: Any) -> bool:
        """Whether somebody who is no administrator may add one."""
        return False

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        if is_administrator(user):
            return True
        named = list(actions)
        if "add" in named and self.may_begin(user):
            return True
        return bool(self.instances_for(user, self.actions(n for n in named if n != "add")).exists())

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        found = self.instances_user_has_any_permission_for(user, actions)
        return bool(found.filter(pk=instance.pk).exists())

    def instances_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Any]:
        everything: QuerySet[Any] = self.model._default_manager.all()
        if is_administrator(user):
            return everything
        return self.instances_for(user, self.actions(actions))

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        return User.objects.filter(is_active=True, is_superuser=True)


class OfTheirDepartments:
    """For every view of one thing: another department's is not there."""

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_object(*args, **kwargs)  # type: ignore[misc]
        allowed = self.permission_policy.instances_user_has_any_permission_for(  # type: ignore[attr-defined]
            self.request.user,  # type: ignore[attr-defined]
            ACTIONS,
        )
        if not allowed.filter(pk=found.pk).exists():
            if self.permission_policy.is_seen_by(self.request.user, found):  # type: ignore[attr-defined]
                raise PermissionDenied
            raise Http404
        return found


class Index(generic.IndexView):  # type: ignore[misc]
    """The list, narrowed to the person's departments."""

    add_item_label: str | Promise = ""

    def get_base_queryset(self) -> QuerySet[Any]:
        allowed: QuerySet[Any] = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, ACTIONS
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
    # What the button says: French must know whether it is "un" or "une".
    add_item_label: Promise

    def get_index_view_kwargs(self) -> dict[str, Any]:
        return {**super().get_index_view_kwargs(), "add_item_label": self.add_item_label}


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
    add_item_label = gettext_lazy("Add a department")
    list_display = ["name", "code"]
    edit_handler = ObjectList(
        [
            FieldPanel("code"),
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_fr")])],
                heading=gettext_lazy("Name"),
                help_text=gettext_lazy(
                    "Here it is corrected. A new name from a day on, of which the one before is "
                    "kept, and a merger are under Departments in the bar of staff screens."
                ),
            ),
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


class MembershipForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Nobody is taken into a department that has gone into another; a role in one engagement only
    is in one of the department's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = (
            Department.objects.in_use() | Department.objects.filter(pk=self.instance.department_id)
        )
        self.fields["engagement"] = engagement_field()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        engagement_check(self, cleaned)
        return cleaned


class MembershipViewSet(ScopedViewSet):
    """Who works where, as what. By administrators."""

    model = Membership
    name = "memberships"
    icon = "group"
    menu_label = gettext_lazy("Memberships")
    add_item_label = gettext_lazy("Add a membership")
    list_display = ["user", "department", "role", "engagement"]
    list_filter = ["department", "role"]
    edit_handler = ObjectList(
        [
            FieldPanel("user"),
            FieldPanel("department"),
            FieldPanel("role"),
            FieldPanel("engagement"),
        ],
        base_form_class=MembershipForm,
    )

    @cached_property
    def permission_policy(self) -> AdministratorsPolicy:
        return AdministratorsPolicy(self.model)


# --- Who signs in ------------------------------------------------------------------------------


class UserCreationForm(forms.UserCreationForm):  # type: ignore[misc]
    class Meta(forms.UserCreationForm.Meta):  # type: ignore[misc]
        fields = forms.UserCreationForm.Meta.fields | {"language"}


class UserEditForm(forms.UserEditForm):  # type: ignore[misc]
    """Who leaves is deactivated where their work is handed over too (`leaving`), not here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("is_active", None)

    def clean(self) -> dict[str, Any]:
        """Asked while the row is held: `UserEdit`."""
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("is_superuser") is False and is_last_administrator(self.instance):
            self.add_error(
                "is_superuser",
                _("This is the last administrator: make somebody else one first."),
            )
        return cleaned

    class Meta(forms.UserEditForm.Meta):  # type: ignore[misc]
        fields = forms.UserEditForm.Meta.fields | {"language"}


def _heading_of(name: str) -> Promise:
    field = cast("Field[Any, Any]", User._meta.get_field(name))
    return cast(Promise, column_heading(cast(Promise, field.verbose_name)))


class UserIndex(users.IndexView):  # type: ignore[misc]
    """The list, with where and in which language a person is written to."""

    @cached_property
    def columns(self) -> list[Column]:
        select, name, username, *others = super().columns
        email = Column("email", label=_heading_of("email"))
        language = Column(
            "language", label=_heading_of("language"), accessor="get_language_display"
        )
        # Without the boxes that choose several: each account is dealt with by itself.
        del select
        return [name, username, email, language, *others]


class UserEdit(users.EditView):  # type: ignore[misc]
    """Two administrators who take each other's rights away at once are not both heard."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().post(request, *args, **kwargs)
        return response


class UserDelete(users.DeleteView):  # type: ignore[misc]
    """Of an account that was never used; whoever worked here is deactivated."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.get_object()
        with transaction.atomic():
            is_last = is_last_administrator(person)
        if is_last:
            messages.error(
                request, _("This is the last administrator: make somebody else one first.")
            )
            return redirect("wagtailusers_users:index")
        if person.last_login is not None:
            messages.error(
                request,
                _("This account has been used. Deactivate it: what was done with it stays."),
            )
            return redirect("person-leaving", person.pk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class UserViewSet(users.UserViewSet):  # type: ignore[misc]
    """Wagtail's own, which asks for a preferred language too."""

    index_view_class = UserIndex
    edit_view_class = UserEdit
    delete_view_class = UserDelete
    create_template_name = "people/admin/user_create.html"
    edit_template_name = "people/admin/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.UserForm]:
        return UserEditForm if for_update else UserCreationForm
