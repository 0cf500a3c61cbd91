"""Forms of the page editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.forms import Field
from django.http import Http404
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import BlockField
from wagtail.rich_text import extract_references_from_rich_text

from cms.publishing.policies import exists_for
from feedback.asking.permissions import engagements_where
from feedback.people.table import Action

Reference = tuple[type[Model], str]


class PairedPageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """Takes no link to, and no file of, another department.

    Choosers offer none; a form sent by other means could still name one by its number and would
    be answered with its title, its address or its file's name. So what is not there for this
    person is not there (404). What the draft holds already stays as it is.
    """

    def full_clean(self) -> None:
        if self.is_bound and self.for_user is not None:
            for model, pk in self._sent() - self._held():
                if not exists_for(self.for_user, model, pk):
                    raise Http404
        super().full_clean()

    def _held(self) -> set[Reference]:
        """What the draft refers to as it stands."""
        return {
            reference
            for name, field in self.fields.items()
            for reference in references_in(field, self.get_initial_for_field(field, name))
        }

    def _sent(self) -> set[Reference]:
        """What was sent refers to, valid or not: either way it is shown again."""
        return {
            reference
            for name, field in self.fields.items()
            if not field.disabled
            for reference in references_in(
                field,
                field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name)),
            )
        }


def references_in(field: Field, value: Any) -> Iterator[Reference]:
    """The rows that one field's value refers to: chosen in a block, or linked to in a text."""
    found: Iterable[tuple[Any, ...]] = ()
    if isinstance(field, BlockField):
        found = field.block.extract_references(value) if value is not None else ()
    elif isinstance(value, str):
        found = extract_references_from_rich_text(value)
    for model, pk, *_path in found:
        yield model, str(pk)


class EngagementPageForm(PairedPageForm):
    """Offers the engagements whose pages the person writes, of the page's kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("engagement")
        if field is not None and self.for_user is not None:
            theirs = engagements_where(self.for_user, Action.BEGIN_PAGE, Action.WRITE_PAGE)
            field.queryset = theirs.filter(kind=self.instance.kind)
