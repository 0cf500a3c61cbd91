"""The form of a report in the page editor."""

from __future__ import annotations

from typing import Any

from wagtail.blocks.base import BlockWidget

from cms.publishing.forms import PairedPageForm
from cms.reporting.quote_chooser import blocks_of
from cms.reporting.quotes import without_faults


class FindingsPageForm(PairedPageForm):
    """Offers the themes of the report by name and the comments of each theme by their words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("themes")
        if field is None or not self.instance.snapshot_id:
            return
        # What was withdrawn since is not there to be read, and is not kept.
        without_faults(self.instance)
        field.block = blocks_of(self.instance)
        field.widget = BlockWidget(field.block)
        # A value is drawn by the blocks it was made with.
        self.initial["themes"] = field.block.to_python(self.instance.themes.get_prep_value())
