"""The audit log on the screen and as a file, for auditors and administrators."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.figures.cells import write_csv
from feedback.audit.enums import About, Act
from feedback.audit.forms import FilterForm
from feedback.audit.models import AuditEntry
from feedback.audit.selectors import entries_for, may_audit
from feedback.audit.wording import roles_said, said
from feedback.people.permissions import signed_in

PER_PAGE = 50
# The same in both languages, so that one program reads every file.
COLUMNS = (
    "number", "at", "act", "actor", "roles", "departments", "about", "reference", "before", "after",
    "place", "seal",
)  # fmt: skip


@require_safe
@login_required
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries, or those older than ``before``; fifty at a time."""
    form = _asked(request)
    found = entries_for(signed_in(request), **form.cleaned_data)
    older_than = request.GET.get("before", "")
    if older_than.isdecimal() and len(older_than) < 19:
        found = found.filter(pk__lt=int(older_than))
    shown = list(found[: PER_PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "form": form,
        "rows": [_row(entry) for entry in shown[:PER_PAGE]],
        "oldest": shown[PER_PAGE - 1].pk if len(shown) > PER_PAGE else None,
        "is_newest": not older_than,
        "query": query.urlencode(),
    }
    return render(request, "audit/entries.html", context, status=200 if form.is_valid() else 422)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponseBase:
    """All that the filter finds, as CSV: codes and times in UTC, UTF-8 with a byte-order mark."""
    form = _asked(request)
    if not form.is_valid():
        return entries(request)
    found = entries_for(signed_in(request), **form.cleaned_data)
    # On disk, without a name: a log grows for years.
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the reply closes it)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write("\ufeff")
    write_csv(text, COLUMNS, map(_cells, found.iterator(chunk_size=1000)))
    text.detach()
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename="audit.csv", content_type="text/csv; charset=utf-8"
    )


def _asked(request: HttpRequest) -> FilterForm:
    """The filter, validated. Raises PermissionDenied for who reads no department's log."""
    if not may_audit(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET)
    form.is_valid()
    return form


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "act": Act(entry.act).label if entry.act in Act.values else entry.act,
        "about": About(entry.about).label if entry.about in About.values else entry.about,
        "roles": roles_said(entry.roles),
        "lines": said(entry.act, entry.before, entry.after),
    }


def _cells(entry: AuditEntry) -> Sequence[object]:
    return [
        entry.pk, entry.at.isoformat(timespec="microseconds"), entry.act, entry.actor_name,
        " ".join(entry.roles), " ".join(entry.departments), entry.about, entry.reference,
        _json(entry.before), _json(entry.after), entry.place or "", entry.seal,
    ]  # fmt: skip


def _json(kept: Any) -> str:
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""
