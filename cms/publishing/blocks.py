"""The blocks of our pages. Blocks are data inside a column: changing one makes no migration."""

from __future__ import annotations

from typing import Any

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
