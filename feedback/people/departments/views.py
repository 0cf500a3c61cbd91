"""Departments on the screen, by administrators: which there are, what becomes of them, the file."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.people.departments.directory import (
    LONGEST,
    DirectoryRefused,
    Plan,
    directory_apply,
    directory_export,
    directory_read,
)
from feedback.people.departments.forms import DirectoryForm, MergeForm, RenameForm
from feedback.people.departments.history import (
    HistoryRefused,
    department_merge,
    department_rename,
)
from feedback.people.models import Department
from feedback.people.permissions import Scope, is_administrator, require, signed_in
from feedback.people.table import Action

HERE = {"here": "departments"}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def departments(request: HttpRequest) -> HttpResponse:
    """All there are. A file that is sent is compared, and nothing is written; when the comparison
    is sent back with a yes, it is."""
    _administrators_only(request)
    if request.method != "POST":
        return _departments(request, DirectoryForm())
    if "content" in request.POST:
        return _apply(request)
    form = DirectoryForm(request.POST, request.FILES)
    if not form.is_valid():
        return _departments(request, form)
    # One byte more than may be: the reading says that it is too long.
    raw = form.cleaned_data["file"].read(LONGEST + 1)
    return _plan(request, directory_read(raw), raw)


@require_safe
@login_required
def departments_export(request: HttpRequest) -> HttpResponse:
    """All departments as CSV, UTF-8 with a byte-order mark; read back, it changes nothing."""
    _administrators_only(request)
    text = io.StringIO(newline="")
    text.write("\ufeff")
    directory_export(text)
    return HttpResponse(
        text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="departments.csv"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def department(request: HttpRequest, code: str) -> HttpResponse:
    """One of them: its names, and the two things that may become of it."""
    found = get_object_or_404(Department.objects.select_related("successor"), code=code)
    require(request.user, Action.ADMINISTER, Scope(found))
    act = request.POST.get("act", "")
    rename = RenameForm(request.POST if act == "rename" else None, instance=found)
    merge = MergeForm(request.POST if act == "merge" else None, department=found)
    if act == "rename" and found.successor is None and rename.is_valid():
        done = _rename(request, found, rename)
    elif act == "merge" and merge.is_valid():
        done = _merge(request, found, merge)
    else:
        done = None
    if done is not None:
        return done
    # A form that was refused has put its words on the row.
    shown = Department.objects.select_related("successor").get(pk=found.pk)
    context = HERE | {
        "department": shown,
        "former_names": shown.former_names.all(),
        "predecessors": shown.predecessors.all(),
        "forms": {} if shown.successor else {"rename": rename, "merge": merge},
        "form": merge if act == "merge" else rename,
    }
    status = 422 if act else 200
    return render(request, "people/departments/department.html", context, status=status)


def _rename(request: HttpRequest, found: Department, form: RenameForm) -> HttpResponse | None:
    names = {name: form.cleaned_data[name] for name in ("name_en", "name_fr")}
    try:
        department_rename(department=found, since=form.cleaned_data["since"], **names)
    except HistoryRefused as refusal:
        form.add_error("since", str(refusal.says))
        return None
    messages.success(request, _("The department has its new name. The one before is kept."))
    return redirect("department", found.code)


def _merge(request: HttpRequest, found: Department, form: MergeForm) -> HttpResponse | None:
    into, on = form.cleaned_data["into"], form.cleaned_data["on"]
    try:
        department_merge(department=found, into=into, on=on, actor=signed_in(request))
    except HistoryRefused as refusal:
        form.add_error("on", str(refusal.says))
        return None
    done = _("{department} has gone into {into}.").format(department=found.name, into=into.name)
    messages.success(request, done)
    return redirect("department", found.code)


# --- The file ------------------------------------------------------------------------------------


def _apply(request: HttpRequest) -> HttpResponse:
    try:
        raw = base64.b64decode(request.POST["content"], validate=True)
    except binascii.Error:
        raise SuspiciousOperation("not what the page has sent") from None
    try:
        plan = directory_apply(raw, digest=request.POST.get("digest", ""), actor=signed_in(request))
    except DirectoryRefused as refusal:
        return _plan(request, refusal.plan, raw, is_other=not refusal.plan.faults)
    done = _("Departments written: {n}.").format(n=len(plan.entries))
    messages.success(request, done)
    return redirect("departments")


def _plan(request: HttpRequest, plan: Plan, raw: bytes, *, is_other: bool = False) -> HttpResponse:
    """``is_other``: what there is has changed since the comparison was shown."""
    context: dict[str, Any] = HERE | {
        "plan": plan,
        "is_other": is_other,
        "content": "" if plan.faults else base64.b64encode(raw).decode(),
    }
    status = 422 if plan.faults else 409 if is_other else 200
    return render(request, "people/departments/plan.html", context, status=status)


def _departments(request: HttpRequest, form: DirectoryForm) -> HttpResponse:
    context = HERE | {
        "form": form,
        "departments": Department.objects.select_related("successor").order_by("code"),
    }
    status = 422 if form.errors else 200
    return render(request, "people/departments/departments.html", context, status=status)


def _administrators_only(request: HttpRequest) -> None:
    if not is_administrator(signed_in(request)):
        raise Http404
