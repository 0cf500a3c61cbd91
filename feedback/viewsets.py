"""Editing what is asked, in Wagtail's admin. Nobody's answers are ever shown there.

Each person finds the departments she works in and no others: lists are filtered, and what belongs
to another department is not there (404), whatever the address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise, cached_property, lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic import history, usage
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies.base import BasePermissionPolicy

from feedback.enums import EngagementStatus, Role
from feedback.models import Department, Engagement, Membership, Questionnaire
from feedback.permissions import departments_of, has_role, is_administrator
from feedback.services.questionnaires import StructureFrozen, questionnaire_change
from feedback.wording import problem_text
from feedback.zones import zone_name

# What an editor does with the things of her department. Deleting is the administrators', and the
# database refuses it for whatever has been answered.
EDITORS_ACTIONS = {"add", "change", "view"}


class DepartmentPolicy(BasePermissionPolicy):  # type: ignore[misc]
    """Editors in their departments; administrators everywhere. ``path`` leads to the department."""

    def __init__(self, model: type[Model], path: str) -> None:
        super().__init__(model)
        self.path = path

    def user_has_permission(self, user: Any, action: str) -> bool:
        if is_administrator(user):
            return True
        return action in EDITORS_ACTIONS and departments_of(user, Role.EDITOR).exists()

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if is_administrator(user):
            return True
        department = instance
        for name in self.path.split("__"):
            department = getattr(department, name)
        return action in EDITORS_ACTIONS and has_role(user, department, Role.EDITOR)

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
        if not EDITORS_ACTIONS.intersection(actions):
            return everything.none()
        return everything.filter(**{f"{self.path}__in": departments_of(user, Role.EDITOR)})

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
            EDITORS_ACTIONS,
        )
        if not allowed.filter(pk=found.pk).exists():
            raise Http404
        return found


class Index(generic.IndexView):  # type: ignore[misc]
    """The list, narrowed to the person's departments."""

    def get_base_queryset(self) -> QuerySet[Any]:
        allowed: QuerySet[Any] = self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, EDITORS_ACTIONS
        )
        return allowed


class Edit(OfTheirDepartments, generic.EditView):  # type: ignore[misc]
    pass


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
    delete_view_class = Delete
    history_view_class = History
    usage_view_class = Usage
    add_to_reference_index = False


# --- Engagements -------------------------------------------------------------------------------


class EngagementForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Offers the person's own departments; keeps still what others rely on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.fields["department"]
        department.queryset = departments_of(self.for_user, Role.EDITOR)
        for name in ("opens_at", "closes_at"):
            # A time without its zone is none, here where it is set as where it is read.
            self.fields[name].help_text = capfirst(zone_name())
        if not self.instance.pk:
            return
        # They stand in addresses, exports and permissions.
        for name in ("kind", "reference_number", "department"):
            self.fields[name].disabled = True
        is_decided = self.instance.status not in {
            EngagementStatus.DRAFT,
            EngagementStatus.IN_REVIEW,
        }
        if is_decided and not has_role(self.for_user, self.instance.department, Role.PUBLISHER):
            # Whoever said yes to the public said yes to these dates.
            for name in ("opens_at", "closes_at"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "%(zone)s. Once approved, dates are changed by a publisher."
                ) % {"zone": capfirst(zone_name())}


def _status_label(engagement: Engagement) -> str:
    return EngagementStatus(engagement.status).label_for(engagement.kind)


def _moment_column(name: str, label: Promise) -> Column:
    """A date and time under a heading that says in which zone it is."""
    heading = format_lazy("{} ({})", label, lazy(zone_name, str)())
    return Column(name, label=heading, sort_key=name)


class EngagementViewSet(ScopedViewSet):
    """What an engagement is called, who asks, and from when to when."""

    model = Engagement
    name = "engagements"
    icon = "comment"
    menu_label = gettext_lazy("Engagements")
    list_display = [
        "title",
        "department",
        "kind",
        Column("status", label=gettext_lazy("status"), accessor=_status_label, sort_key="status"),
        _moment_column("opens_at", gettext_lazy("opens at")),
        _moment_column("closes_at", gettext_lazy("closes at")),
    ]
    list_filter = ["kind", "status"]
    search_fields = ["title_en", "title_fr", "reference_number"]
    # `contains` in SQL: these are rows, not pages, and the search index holds none of them.
    search_backend_name = None

    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("kind"), FieldPanel("reference_number")]),
            FieldPanel("department"),
            FieldRowPanel([FieldPanel("title_en"), FieldPanel("title_fr")]),
            FieldRowPanel([FieldPanel("opens_at"), FieldPanel("closes_at")]),
            FieldPanel("sampling"),
            FieldPanel("contact_email"),
            FieldPanel("partner_departments"),
        ],
        base_form_class=EngagementForm,
    )

    @cached_property
    def permission_policy(self) -> DepartmentPolicy:
        return DepartmentPolicy(self.model, "department")


# --- Questionnaires ----------------------------------------------------------------------------


class QuestionnaireForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Offers engagements of the person's departments that have no questionnaire yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["engagement"].disabled = True
        else:
            self.fields["engagement"].queryset = Engagement.objects.filter(
                department__in=departments_of(self.for_user, Role.EDITOR), questionnaire=None
            )


class QuestionnaireEdit(Edit):
    """Saving is one change of the questionnaire, by the rules of ``questionnaire_change``."""

    def save_instance(self) -> Any:
        with questionnaire_change(questionnaire=self.object):
            return super().save_instance()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except StructureFrozen as refusal:
            for problem in refusal.problems:
                form.add_error(None, ValidationError(problem_text(problem)))
            self.produced_error_message = self.get_error_message()
            response = self.form_invalid(form)
        return response


class QuestionnaireViewSet(ScopedViewSet):
    """Questions and what can be chosen, both languages side by side."""

    model = Questionnaire
    name = "questionnaires"
    icon = "list-ol"
    menu_label = gettext_lazy("Questionnaires")
    list_display = ["engagement", "version"]
    edit_view_class = QuestionnaireEdit

    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("engagement"), FieldPanel("minutes")]),
            FieldRowPanel([FieldPanel("privacy_notice_en"), FieldPanel("privacy_notice_fr")]),
            InlinePanel(
                "questions",
                heading=gettext_lazy("Questions"),
                label=gettext_lazy("Question"),
                help_text=gettext_lazy(
                    "After the first response, only wording may change and questions may be added."
                ),
                panels=[
                    FieldRowPanel([FieldPanel("page_title_en"), FieldPanel("page_title_fr")]),
                    FieldRowPanel([FieldPanel("text_en"), FieldPanel("text_fr")]),
                    FieldRowPanel([FieldPanel("hint_en"), FieldPanel("hint_fr")]),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
                    FieldRowPanel([FieldPanel("is_required"), FieldPanel("max_length")]),
                    InlinePanel(
                        "choices",
                        heading=gettext_lazy("Choices"),
                        label=gettext_lazy("Choice"),
                        help_text=gettext_lazy(
                            "For choices and ratings. A rating has five, with points from 1 to 5, "
                            "and may have one more that means “not applicable”."
                        ),
                        panels=[
                            FieldRowPanel([FieldPanel("label_en"), FieldPanel("label_fr")]),
                            FieldRowPanel(
                                [
                                    FieldPanel("code"),
                                    FieldPanel("value"),
                                    FieldPanel("is_not_applicable"),
                                ]
                            ),
                        ],
                    ),
                ],
            ),
        ],
        base_form_class=QuestionnaireForm,
    )

    @cached_property
    def permission_policy(self) -> DepartmentPolicy:
        return DepartmentPolicy(self.model, "engagement__department")


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


class FeedbackViewSetGroup(ViewSetGroup):  # type: ignore[misc]
    """One entry in the admin's menu for all of them."""

    menu_label = gettext_lazy("Consultations")
    menu_icon = "comment"
    menu_order = 150
    items = (EngagementViewSet, QuestionnaireViewSet, DepartmentViewSet, MembershipViewSet)
