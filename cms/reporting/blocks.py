"""The blocks of a report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks

from cms.publishing.blocks import PARAGRAPH_FEATURES


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
    picked by reading (`cms.reporting.quote_chooser`); `cms.reporting.quotes` says which numbers may
    stand here.
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
