"""The blocks of our pages. Blocks are data inside a column: changing one makes no migration."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField


class StableStreamField(StreamField):  # type: ignore[misc]
    """A StreamField whose blocks are not written into migrations.

    A changed label would otherwise be a migration with the whole tree of blocks in it. The cost:
    renaming or removing a block needs a data migration written by hand.
    """

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


PARAGRAPH_FEATURES = ["bold", "italic", "ul", "ol", "link", "document-link"]
SECTION_FEATURES = ["h3", *PARAGRAPH_FEATURES]


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


class CommitmentBlock(blocks.StructBlock):  # type: ignore[misc]
    """Something the department says it will do, with who answers for it and by when."""

    text = blocks.TextBlock(label=_("What we will do"))
    owner = blocks.CharBlock(label=_("Who answers for it"), max_length=200)
    due_on = blocks.DateBlock(label=pgettext_lazy("deadline", "By"))

    class Meta:
        icon = "tick"
        label = _("Commitment")


class QuoteBlock(blocks.StructBlock):  # type: ignore[misc]
    """A passage someone wrote, by its number: the words themselves are read when they are shown.

    A response that is withdrawn takes its words with it, from this page too. In the editor it is
    picked by reading (`cms.quote_chooser`); `cms.quotes` says which numbers may stand here.
    """

    passage = blocks.IntegerBlock(label=_("Comment"), min_value=1)

    class Meta:
        icon = "openquote"
        label = _("Quote")


class ThemeBlock(blocks.StructBlock):  # type: ignore[misc]
    """One theme of the report. Its numbers come from the snapshot; people write around them."""

    code = blocks.CharBlock(label=_("Theme"), max_length=20, is_shared=True)
    heading = blocks.CharBlock(label=_("Heading"), max_length=200)
    text = blocks.RichTextBlock(label=_("Text"), required=False, features=PARAGRAPH_FEATURES)
    quotes = blocks.ListBlock(QuoteBlock(), label=_("Quotes"), default=[])
    commitments = blocks.ListBlock(CommitmentBlock(), label=_("What we decided"), default=[])

    class Meta:
        icon = "list-ul"
        label = _("Theme")
        label_format = "{heading}"
