"""The blocks of an engagement's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock


class StepBlock(blocks.StructBlock):  # type: ignore[misc]
    """One step of what happens next. The clock decides whether it is past, present or to come."""

    label = blocks.CharBlock(label=_("What happens"), max_length=120)
    when = blocks.CharBlock(
        label=_("When, in words"),
        max_length=120,
        required=False,
        help_text=_("For example “until November 30”. Empty: the date below."),
    )
    starts_on = blocks.DateBlock(label=_("Starts on"))

    class Meta:
        icon = "date"
        label = _("Step")


class DocumentBlock(blocks.StructBlock):  # type: ignore[misc]
    """A file to read before answering. Each language has its own."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    document = DocumentChooserBlock(label=_("File"))
    note = blocks.CharBlock(
        label=_("Note"),
        max_length=120,
        required=False,
        help_text=_(
            "For example “12 pages”. The kind and size of the file are added by themselves."
        ),
    )

    class Meta:
        icon = "doc-full"
        label = _("Document")
