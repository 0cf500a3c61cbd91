"""The one place every write of a live page passes, whoever asks and by whatever way.

Wagtail publishes by many doors: the editor, bulk actions, workflows, the admin's API, the
scheduler, `revision.publish()`, `page.save()`. They all end in saving a `Page`, so this is where
the lock is: what a reader sees of a page changes only while `cms.publishing.services.pairs` holds
the gate open for both of its languages. The database checks the same once more at commit (migration
0002): not one of a pair live without the other, whatever code wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext
from wagtail.models import Page

from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import ParityError

_open_for: ContextVar[frozenset[int]] = ContextVar("cms_gate_open_for", default=frozenset())

# Fields of a page that its readers do not see. Anything else is its face.
BEHIND_THE_FACE = frozenset(
    {
        "path", "depth", "numchild", "url_path", "draft_title", "has_unpublished_changes",
        "owner", "locked", "locked_at", "locked_by", "latest_revision", "live_revision",
        "latest_revision_created_at", "first_published_at", "last_published_at", "expired",
        "go_live_at", "expire_at", "alias_of", "show_in_menus", "page_ptr", "id",
    }
)  # fmt: skip


@contextmanager
def open_for(*pages: Page) -> Iterator[None]:
    """Allow the faces of these pages to change. Only `cms.publishing.services.pairs` does this."""
    token = _open_for.set(_open_for.get() | {page.pk for page in pages})
    try:
        yield
    finally:
        _open_for.reset(token)


def is_open_for(page: Page) -> bool:
    return page.pk in _open_for.get()


def is_paired(page: Any) -> bool:
    """Whether ``page`` is of a kind that lives in two languages."""
    if isinstance(page, PairedPage):
        return True
    return (
        isinstance(page, Page)
        and page.specific_class is not None
        and issubclass(page.specific_class, PairedPage)
    )


def refuse_lone_save(
    sender: type[Model],
    instance: Any,
    raw: bool = False,
    update_fields: Any = None,
    **kwargs: Any,
) -> None:
    """pre_save: a live page's face changes in both languages at once, or not at all."""
    if raw or not is_paired(instance):
        return
    if instance._state.adding:
        if instance.live:
            raise ParityError(message=gettext("A page is published together with its counterpart."))
        return
    if update_fields is not None and not set(update_fields) - BEHIND_THE_FACE:
        return
    if is_open_for(instance):
        return
    stored = type(instance)._base_manager.filter(pk=instance.pk).first()
    if stored is None or not (stored.live or instance.live):
        return
    if _face(stored) != _face(instance):
        raise ParityError(
            message=gettext(
                "This page is published, changed and taken down in both languages together."
            )
        )


def _face(page: Page) -> dict[str, Any]:
    return {
        field.attname: field.get_prep_value(field.value_from_object(page))
        for field in page._meta.concrete_fields
        if field.name not in BEHIND_THE_FACE and not field.name.endswith("_ptr")
    }


def refuse_lone_delete(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """pre_delete: a page that has a counterpart is deleted with it."""
    if type(instance) is Page or not is_paired(instance) or is_open_for(instance):
        return
    if instance.counterpart is not None:
        raise ParityError(message=gettext("The two languages of a page are deleted together."))


def refuse_lone_move(
    sender: type[Model],
    instance: Any,
    parent_page_before: Page,
    parent_page_after: Page,
    **kwargs: Any,
) -> None:
    """pre_page_move: a page that has a counterpart moves with it. Reordering is no move."""
    if not is_paired(instance) or is_open_for(instance):
        return
    if parent_page_before.pk != parent_page_after.pk and instance.specific.counterpart is not None:
        raise ParityError(message=gettext("The two languages of a page are moved together."))
