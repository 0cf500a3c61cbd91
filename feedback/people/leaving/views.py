"""Somebody's leaving, on one page: what is theirs, who takes it over, and the act itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.people.administrators import is_last_administrator
from feedback.people.leaving.services import (
    LastAdministrator,
    NobodyGiven,
    by_department,
    heirs_for,
    person_leave,
    person_return,
    roles_left_without,
)
from feedback.people.leaving.work import Held, work_of
from feedback.people.models import Department, User
from feedback.people.permissions import person_for_administrators, signed_in


class HeirsForm(forms.Form):
    """Who takes over, by department."""

    def __init__(self, *args: Any, leaver: User, work: list[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: list[tuple[Department | None, list[Held], str, bool]] = []
        for department, held in by_department(work).items():
            name = f"heir_{held[0].department_id}"
            heirs = {str(each.pk): each for each in heirs_for(held, leaver)}
            choices = [("", ""), *((pk, _named(each)) for pk, each in heirs.items())]
            self.fields[name] = forms.TypedChoiceField(
                label=_("Who takes this over"), choices=choices, coerce=heirs.__getitem__
            )
            is_nobody = all(each.is_superuser for each in heirs.values())
            self.parts.append((department, held, name, is_nobody))

    def heirs(self) -> dict[int, User]:
        prefix = "heir_"
        return {int(name.removeprefix(prefix)): to for name, to in self.cleaned_data.items()}

    def sections(self) -> list[dict[str, Any]]:
        """What is shown: the things of a department, the field for who takes them over, and
        whether nobody but an administrator could."""
        return [
            {"department": department, "held": held, "field": self[name], "is_nobody": is_nobody}
            for department, held, name, is_nobody in self.parts
        ]


def _named(user: User) -> str:
    name = user.get_full_name() or user.get_username()
    return _("{name} (administrator)").format(name=name) if user.is_superuser else name


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """By administrators, from the page of the user."""
    person = person_for_administrators(request, pk)
    if request.method == "POST" and request.POST.get("act") == "return":
        person_return(user=person, actor=signed_in(request))
        done = _("{name} may sign in again, with a new password. Give the roles anew.")
        messages.success(request, done.format(name=_named(person)))
        return redirect("person-leaving", person.pk)
    form = HeirsForm(
        request.POST if request.method == "POST" else None, leaver=person, work=work_of(person)
    )
    refusal = ""
    if request.method == "POST" and person.is_active and form.is_valid():
        refusal = _leave(request, person, form)
        if not refusal:
            return redirect("person-leaving", person.pk)
    with transaction.atomic():
        is_last = is_last_administrator(person)
    if is_last and request.method == "POST":
        refusal = _last()
    context = {
        "person": person,
        "is_last": is_last,
        "name": _named(person),
        "form": form,
        "sections": form.sections(),
        "left_without": roles_left_without(person),
        "refusal": refusal,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "people/leaving/leaving.html", context, status=status)


def _last() -> str:
    return _("This is the last administrator: make somebody else one first.")


def _leave(request: HttpRequest, person: User, form: HeirsForm) -> str:
    """The sentence where it was refused."""
    try:
        person_leave(user=person, heirs=form.heirs(), actor=signed_in(request))
    except LastAdministrator:
        return _last()
    except NobodyGiven as refusal:
        says = _(
            "“{title}” cannot be given so: whoever takes it over must be allowed to work on it."
        )
        return says.format(title=refusal.held.title)
    done = _("{name} can no longer sign in. What was theirs was handed over.")
    messages.success(request, done.format(name=_named(person)))
    return ""
