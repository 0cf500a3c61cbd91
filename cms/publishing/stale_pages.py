"""Two people, or two tabs, in one page of the editor: the second save erases nothing.

Wagtail tells an author who looks at her screen that somebody else has saved, and lets her save over
it. Here a draft that was begun from an older one is not saved: what was saved meanwhile is shown
beside what was typed, part by part, and what was typed travels in the page until a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Revision

from cms.publishing.faces import face_of
from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import Kind

# What a form says of the draft it was opened with; Wagtail's own names.
_OPENED = ("loaded_revision_id", "loaded_revision_created_at", "overwrite_revision_id")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a page that differs: as saved meanwhile, and as typed."""

    label: str
    theirs: str
    mine: str
    is_said: bool


def stale_refusal(request: HttpRequest, page: PairedPage) -> HttpResponse | None:
    """The reply to a draft begun from an older one; None for one that may be saved."""
    latest = page.get_latest_revision()
    if latest is None or not _is_stale(request, latest):
        return None
    context = {
        "page": page,
        "latest": latest,
        "parts": _parts(request, page, latest),
        "hidden": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in (*_OPENED, "csrfmiddlewaretoken")
            for value in values
        ],
    }
    return render(request, "publishing/admin/stale.html", context, status=409)


def _is_stale(request: HttpRequest, latest: Revision) -> bool:
    own = request.POST.get("overwrite_revision_id", "")
    if own:
        return own != str(latest.pk)
    loaded = request.POST.get("loaded_revision_id", "")
    if not loaded:
        return False
    # A draft of the same number may have been written over by its author's next keystrokes.
    moment = request.POST.get("loaded_revision_created_at", "")
    return loaded != str(latest.pk) or moment != latest.created_at.isoformat()


def _parts(request: HttpRequest, page: PairedPage, latest: Revision) -> list[Part]:
    stored = latest.as_object()
    form_class = stored.get_edit_handler().get_form_class()
    form = form_class(
        request.POST,
        request.FILES,
        instance=latest.as_object(),
        parent_page=page.get_parent().specific,
        for_user=request.user,
    )
    form.defer_required_fields()
    # Puts every value that can be read into the instance, whatever is wrong with the others.
    form.is_valid()
    theirs, mine = face_of(stored).by_path(), face_of(form.instance).by_path()
    parts = []
    for path in dict.fromkeys([*theirs, *mine]):
        was, typed = theirs.get(path), mine.get(path)
        if was == typed:
            continue
        leaf = was or typed
        if leaf is not None:
            parts.append(
                Part(
                    label=leaf.label,
                    theirs=was.value if was else "",
                    mine=typed.value if typed else "",
                    is_said=leaf.kind == Kind.TEXT,
                )
            )
    return parts
