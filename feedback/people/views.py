"""The home of staff, and what each person says of emails."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.people.forms import WaitingEmailsForm
from feedback.people.models import Department, User
from feedback.people.permissions import signed_in
from feedback.people.waiting import waits_for
from feedback.people.waiting_emails import waiting_emails_choose


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, by kind; what is only good to know stands beside it."""
    user = signed_in(request)
    sections = waits_for(user)
    context = {
        "tasks": [section for section in sections if section.kind.is_task],
        "others": [section for section in sections if not section.kind.is_task],
        "number": sum(len(section.items) for section in sections if section.kind.is_task),
        "roles": _roles(user),
        "departments": {item.department for section in sections for item in section.items},
    }
    return render(request, "people/home.html", context)


def _roles(user: User) -> dict[Department, list[str]]:
    """Where the person works, as what."""
    roles: dict[Department, list[str]] = {}
    held = user.memberships.select_related("department").order_by("department__code", "pk")
    for membership in held:
        roles.setdefault(membership.department, []).append(membership.get_role_display())
    return roles


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def waiting_emails(request: HttpRequest) -> HttpResponse:
    """When the person is written to about what waits."""
    user = signed_in(request)
    form = WaitingEmailsForm(request.POST or None, initial={"choice": user.waiting_emails})
    if request.method == "POST" and form.is_valid():
        waiting_emails_choose(user=user, choice=form.cleaned_data["choice"])
        messages.success(request, _("Kept."))
        return redirect("waiting-emails")
    status = 422 if form.errors else 200
    return render(request, "people/waiting_emails.html", {"form": form}, status=status)
