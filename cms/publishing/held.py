"""Pages that somebody began or locked, and files that somebody uploaded: theirs until handed over.

A lock keeps everybody else out, and a file is changed and deleted by whoever uploaded it.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from cms.publishing.models import DepartmentFiles, PairedPage
from feedback.people.leaving.work import Held
from feedback.people.models import Department, User
from feedback.people.table import Action

PAGES: Final = "pages"


def pages_held(user: User) -> list[Held]:
    """Locked by the person, or begun."""
    pages = Page.objects.filter(Q(locked_by=user) | Q(owner=user)).specific()
    return [
        Held(
            kind=PAGES,
            pk=page.pk,
            title=page.title,
            said=_("page, locked") if page.locked_by_id == user.pk else _("page, begun"),
            department=page.department if isinstance(page, PairedPage) else None,
            action=Action.WRITE_PAGE,
        )
        for page in pages
    ]


def page_give(user: User, held: Held, to: User) -> None:
    """Whoever has the lock, or began it, is another; the page stays as it is."""
    Page.objects.filter(pk=held.pk, locked_by=user).update(locked_by=to)
    Page.objects.filter(pk=held.pk, owner=user).update(owner=to)


def documents_held(user: User) -> list[Held]:
    return _files_held(user, "documents", get_document_model(), _("document"))


def images_held(user: User) -> list[Held]:
    return _files_held(user, "images", get_image_model(), _("image"))


def document_give(user: User, held: Held, to: User) -> None:
    _file_give(get_document_model(), user, held, to)


def image_give(user: User, held: Held, to: User) -> None:
    _file_give(get_image_model(), user, held, to)


def _files_held(user: User, kind: str, model: type[Model], said: str) -> list[Held]:
    files = model._default_manager.filter(uploaded_by_user=user).select_related("collection")
    return [
        Held(
            kind=kind,
            pk=file.pk,
            title=str(file),
            said=said,
            department=_department_of(file),
            action=Action.USE_FILES,
        )
        for file in files
    ]


def _file_give(model: type[Model], user: User, held: Held, to: User) -> None:
    model._default_manager.filter(pk=held.pk, uploaded_by_user=user).update(uploaded_by_user=to)


def _department_of(file: Model) -> Department | None:
    """By the collection it is in, or one above that."""
    above = file.collection.get_ancestors(inclusive=True)  # type: ignore[attr-defined]
    found = DepartmentFiles.objects.filter(collection__in=above).select_related("department")
    files = found.first()
    return files.department if files is not None else None
