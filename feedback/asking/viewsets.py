"""Editing what is asked, in Wagtail's admin. Nobody's answers are ever shown there.

Each person finds the departments she works in and no others: lists are filtered, and what belongs
to another department is not there (404), whatever the address.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise, cached_property, lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSetGroup

from feedback.asking.life import UNDER_REVIEW
from feedback.asking.locks import wait_for_answers
from feedback.asking.models import Engagement, Questionnaire
from feedback.asking.permissions import engagements_where, may_change, may_translate, scope_of
from feedback.asking.selectors.faces import WORDS, engagement_face
from feedback.asking.services.changes import (
    ChangeRefused,
    Confirmation,
    NotConfirmed,
    NoticeBlank,
    WordsOnly,
)
from feedback.asking.services.engagements import engagement_change
from feedback.asking.services.questionnaires import StructureFrozen, questionnaire_change
from feedback.asking.wording import problem_text, shown_changes, shown_face, why_not
from feedback.people.models import Department
from feedback.people.permissions import departments_where, people_who_may
from feedback.people.table import Action
from feedback.people.viewsets import (
    AdministratorsPolicy,
    DepartmentViewSet,
    Edit,
    MembershipViewSet,
    ScopedViewSet,
    column_heading,
)
from feedback.zones import zone_name


class EngagementPolicy(AdministratorsPolicy):
    """Engagements and what belongs to them, by the table. ``path`` leads to the engagement."""

    def __init__(self, model: type[Model], path: str = "") -> None:
        super().__init__(model)
        self.path = path

    def instances_for(self, user: Any, actions: list[Action]) -> QuerySet[Any]:
        theirs = engagements_where(user, *actions)
        if not self.path:
            return theirs
        found: QuerySet[Any] = self.model._default_manager.filter(**{f"{self.path}__in": theirs})
        return found

    def is_seen_by(self, user: Any, instance: Any) -> bool:
        return bool(self.instances_for(user, [Action.SEE]).filter(pk=instance.pk).exists())

    def may_begin(self, user: Any) -> bool:
        if self.path:
            return bool(engagements_where(user, Action.BEGIN).exists())
        return departments_where(user, Action.BEGIN).exists()


WORDS_ONLY = gettext_lazy(
    "You change the words here, in both languages. What is asked, of whom and when is for the "
    "authors: add, remove and move nothing."
)


def keep_all_but_words(form: Any) -> None:
    """For who translates: in the form and in the forms inside it, all else shows as it stands."""
    for name, field in form.fields.items():
        is_word = name.removesuffix("_en").removesuffix("_fr") in WORDS
        if not is_word and name not in ("id", "ORDER", "DELETE"):
            field.disabled = True
    for formset in getattr(form, "formsets", {}).values():
        # What is added can be filled in, and is refused with its reason.
        for each in formset.initial_forms:
            keep_all_but_words(each)


class EditWhatIsAsked(Edit):
    """An engagement or its questionnaire: by whoever may change it now; confirmed once approved."""

    heading = gettext_lazy("Engagement")
    refusal = ""

    @property
    def engagement(self) -> Engagement:
        """The one that is changed, or whose questionnaire is."""
        raise NotImplementedError

    def hold(self) -> None:
        # In the order of the services, so that nobody waits for the other.
        Engagement.objects.select_for_update(no_key=True).get(pk=self.engagement.pk)

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if not may_translate(request.user, self.engagement):
            return self._read_only()
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        if may_translate(request.user, self.engagement):
            return super().post(request, *args, **kwargs)
        # Most likely approved while the form was open: what was typed is given back.
        self.refusal = _("Nothing was saved.") + f" {why_not(self.engagement)}"
        return self.conflict(None, self.unbound_form(), status=403)

    def _read_only(self) -> HttpResponse:
        shown = self.engagement
        people = people_who_may(Action.CHANGE, scope_of(shown))
        context = {
            "engagement": shown,
            "heading": self.heading,
            "why": why_not(shown),
            "people": ", ".join(p.get_full_name() or p.get_username() for p in people),
            "lines": shown_face(engagement_face(shown)),
        }
        return render(self.request, "asking/admin/read_only.html", context)

    def confirmation(self) -> Confirmation:
        """What the approver said on the page that shows before and after."""
        return Confirmation(
            reason=self.request.POST.get("confirmation-reason", ""),
            says_the_same=self.request.POST.get("confirmation-same") == "1",
        )

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.POST.get("confirmation") == "back":
            self.form = form
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]
        try:
            response: HttpResponse = super().form_valid(form)
        except NotConfirmed as needed:
            response = self._ask(needed)
        except NoticeBlank:
            # Approved since the form was checked.
            form.refuse_blank_notice(form.cleaned_data)
            response = self._invalid(form)
        except WordsOnly:
            form.add_error(None, ValidationError(WORDS_ONLY))
            response = self._invalid(form)
        except ChangeRefused:
            # The role was taken away, or the approval given, since this request began.
            raise PermissionDenied from None
        except StructureFrozen as refusal:
            for problem in refusal.problems:
                form.add_error(None, ValidationError(problem_text(problem)))
            response = self._invalid(form)
        return response

    def _invalid(self, form: Any) -> HttpResponse:
        self.produced_error_message = self.get_error_message()
        return self.form_invalid(form)  # type: ignore[no-any-return]

    def _ask(self, needed: NotConfirmed) -> HttpResponse:
        """Both languages, before and after; everything typed travels in the page."""
        post = self.request.POST
        given = self.confirmation()
        problems = []
        if post.get("confirmation") == "confirm":
            if not given.says_the_same:
                problems.append(
                    (
                        "confirmation-same",
                        _("Read both languages, then tick that they say the same."),
                    )
                )
            if not given.reason.strip():
                problems.append(
                    ("confirmation-reason", _("Write why: people may ask what was changed."))
                )
        context = {
            "engagement": Engagement.objects.get(pk=self.engagement.pk),
            "lines": shown_changes(needed.changes),
            "responses": needed.responses,
            "problems": problems,
            "reason": given.reason,
            "says_the_same": given.says_the_same,
            "form_url": self.get_edit_url(),
            "hidden": [
                (name, value)
                for name, values in post.lists()
                if name != "csrfmiddlewaretoken" and not name.startswith("confirmation")
                for value in values
            ],
        }
        return render(
            self.request, "asking/admin/confirm.html", context, status=422 if problems else 200
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["is_live"] = self.engagement.is_approved and not self.refusal
        if not may_change(self.request.user, self.engagement) and not self.refusal:
            context["words_only"] = WORDS_ONLY
        context["refusal"] = self.refusal
        # Typed on the page that confirms, before something led back to the form.
        context["reason"] = self.request.POST.get("confirmation-reason", "")
        return context


# --- Engagements -------------------------------------------------------------------------------


class EngagementForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Offers the person's own departments; keeps still what others rely on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.fields["department"]
        for name in ("opens_at", "closes_at"):
            # A time without its zone is none, here where it is set as where it is read.
            self.fields[name].help_text = capfirst(zone_name())
        if not self.instance.pk:
            department.queryset = departments_where(self.for_user, Action.BEGIN).in_use()
            return
        department.queryset = Department.objects.filter(pk=self.instance.department_id)
        # They stand in addresses, exports and permissions.
        for name in ("kind", "reference_number", "department"):
            self.fields[name].disabled = True
        if not may_change(self.for_user, self.instance):
            keep_all_but_words(self)

    def save(self, commit: bool = True) -> Any:
        """Only what the form shows: its status may have moved on meanwhile."""
        if not commit or not self.instance.pk:
            return super().save(commit=commit)
        engagement = super().save(commit=False)
        shown = [name for name, field in self.fields.items() if not field.disabled]
        columns = {field.name for field in engagement._meta.concrete_fields}
        engagement.save(update_fields=[name for name in shown if name in columns])
        self.save_m2m()
        return engagement


def _moment_column(name: str, label: Promise) -> Column:
    """A date and time under a heading that says in which zone it is."""
    heading = format_lazy("{} ({})", column_heading(label), lazy(zone_name, str)())
    return Column(name, label=heading, sort_key=name)


class EngagementEdit(EditWhatIsAsked):
    """Saving is one change of the engagement, by the rules of ``engagement_change``."""

    @property
    def engagement(self) -> Engagement:
        found: Engagement = self.object
        return found

    def save_instance(self) -> Any:
        with engagement_change(
            engagement=self.object, actor=self.request.user, confirmation=self.confirmation()
        ):
            return super().save_instance()


class EngagementViewSet(ScopedViewSet):
    """What an engagement is called, who asks, and from when to when."""

    model = Engagement
    name = "engagements"
    icon = "comment"
    menu_label = gettext_lazy("Engagements")
    add_item_label = gettext_lazy("Begin an engagement")
    list_display = [
        "title",
        "department",
        "kind",
        Column(
            "status",
            label=column_heading(gettext_lazy("status")),
            accessor="status_label",
            sort_key="status",
        ),
        _moment_column("opens_at", gettext_lazy("opens at")),
        _moment_column("closes_at", gettext_lazy("closes at")),
    ]
    list_filter = ["kind", "status"]
    search_fields = ["title_en", "title_fr", "reference_number"]
    # `contains` in SQL: these are rows, not pages, and the search index holds none of them.
    search_backend_name = None
    edit_view_class = EngagementEdit

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
    def permission_policy(self) -> EngagementPolicy:
        return EngagementPolicy(self.model)


# --- Questionnaires ----------------------------------------------------------------------------


class QuestionnaireForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Offers engagements of the person's departments that have no questionnaire yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            field = self.fields["engagement"]
            field.disabled = True
            # A list that cannot be opened still has its other lines in the page.
            field.queryset = Engagement.objects.filter(pk=self.instance.engagement_id)
            if not may_change(self.for_user, self.instance.engagement):
                keep_all_but_words(self)
        else:
            # Nor one in review: it would be approved with questions that its translator never saw.
            offered = engagements_where(self.for_user, Action.BEGIN).prepared()
            self.fields["engagement"].queryset = offered.exclude(status__in=UNDER_REVIEW).filter(
                questionnaire=None
            )

    def clean(self) -> dict[str, Any]:
        """Browsers send other line ends than they were given: that is no change of the notice."""
        cleaned: dict[str, Any] = super().clean()
        for name in ("privacy_notice_en", "privacy_notice_fr"):
            cleaned[name] = cleaned.get(name, "").replace("\r\n", "\n")
        if self.instance.pk and self.instance.engagement.is_approved:
            self.refuse_blank_notice(cleaned)
        return cleaned

    def refuse_blank_notice(self, cleaned: dict[str, Any]) -> None:
        """Say so beside each language that is missing; both would be no way out any more."""
        for name in ("privacy_notice_en", "privacy_notice_fr"):
            if not cleaned.get(name, "").strip():
                self.add_error(name, _("It has been approved: its privacy notice is never blank."))


class QuestionnaireEdit(EditWhatIsAsked):
    """Saving is one change of the questionnaire, by the rules of ``questionnaire_change``."""

    heading = gettext_lazy("Questionnaire")

    @property
    def engagement(self) -> Engagement:
        found: Engagement = self.object.engagement
        return found

    def hold(self) -> None:
        wait_for_answers(self.object)
        super().hold()

    def save_instance(self) -> Any:
        with questionnaire_change(
            questionnaire=self.object, actor=self.request.user, confirmation=self.confirmation()
        ):
            return super().save_instance()


class Rows(InlinePanel):  # type: ignore[misc]
    """Wagtail's panel of rows, with words of its own on the button that adds one."""

    def __init__(self, *args: Any, add_label: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_label = add_label

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "add_label": self.add_label}

    class BoundPanel(InlinePanel.BoundPanel):  # type: ignore[misc]
        template_name = "asking/admin/rows.html"


class QuestionnaireViewSet(ScopedViewSet):
    """Questions and what can be chosen, both languages side by side."""

    model = Questionnaire
    name = "questionnaires"
    icon = "list-ol"
    menu_label = gettext_lazy("Questionnaires")
    add_item_label = gettext_lazy("Add a questionnaire")
    list_display = ["engagement", "version"]
    edit_view_class = QuestionnaireEdit

    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("engagement"), FieldPanel("minutes")]),
            FieldRowPanel([FieldPanel("privacy_notice_en"), FieldPanel("privacy_notice_fr")]),
            Rows(
                "questions",
                heading=gettext_lazy("Questions"),
                label=gettext_lazy("Question"),
                add_label=gettext_lazy("Add a question"),
                help_text=gettext_lazy(
                    "Once approved, an approver changes them, in both languages at once, and each "
                    "change is kept. After the first response, only wording may change and "
                    "questions may be added."
                ),
                panels=[
                    FieldRowPanel([FieldPanel("page_title_en"), FieldPanel("page_title_fr")]),
                    FieldRowPanel([FieldPanel("text_en"), FieldPanel("text_fr")]),
                    FieldRowPanel([FieldPanel("hint_en"), FieldPanel("hint_fr")]),
                    FieldRowPanel([FieldPanel("code"), FieldPanel("kind")]),
                    FieldRowPanel([FieldPanel("is_required"), FieldPanel("max_length")]),
                    Rows(
                        "choices",
                        heading=gettext_lazy("Choices"),
                        label=gettext_lazy("Choice"),
                        add_label=gettext_lazy("Add a choice"),
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
    def permission_policy(self) -> EngagementPolicy:
        return EngagementPolicy(self.model, "engagement")


class FeedbackViewSetGroup(ViewSetGroup):  # type: ignore[misc]
    """One entry in the admin's menu for all of them."""

    menu_label = gettext_lazy("Consultations")
    menu_icon = "comment"
    menu_order = 150
    items = (EngagementViewSet, QuestionnaireViewSet, DepartmentViewSet, MembershipViewSet)
