"""Reading a page into what the parity rules compare: its leaves, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.blocks.stream_block import StreamValue
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import RichText

from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import Face, Kind, Leaf

TEXT_BLOCKS = (blocks.CharBlock, blocks.TextBlock, blocks.RichTextBlock)


def face_of(page: PairedPage) -> Face:
    """All that ``page`` says; ``page`` may be a draft that is not in its table."""
    leaves: list[Leaf] = []
    for name in page.parity_fields:
        field = page._meta.get_field(name)
        leaves.extend(_field_leaves(field, getattr(page, name)))
    return Face(language=page.language, leaves=tuple(leaves))


def _field_leaves(field: Any, value: Any) -> Iterator[Leaf]:
    label = str(field.verbose_name)
    if isinstance(field, StreamField):
        yield from _stream_leaves((field.name,), value)
    elif isinstance(field, RichTextField):
        yield Leaf((field.name,), label, Kind.TEXT, _words(value), RichText(value or ""))
    elif isinstance(field, models.CharField | models.TextField):
        yield Leaf((field.name,), label, Kind.TEXT, _words(value), value)
    else:
        yield Leaf((field.name,), label, Kind.SHARED, "" if value is None else str(value))


def _words(value: Any) -> str:
    """The words of rich or plain text. An image or a rule without words counts as empty."""
    text = strip_tags(str(value or "").replace("<", " <"))
    return " ".join(text.replace("&nbsp;", " ").split())


def _stream_leaves(path: tuple[str, ...], value: StreamValue) -> Iterator[Leaf]:
    for index, child in enumerate(value):
        here = (*path, f"{index}:{child.block_type}")
        name = f"{child.block.label} {index + 1}"
        # The block itself is a leaf, so that an empty one still counts as there.
        yield Leaf(here, name, Kind.SHARED, child.block_type)
        yield from _block_leaves(here, name, child.block, child.value)


def _block_leaves(path: tuple[str, ...], label: str, block: Any, value: Any) -> Iterator[Leaf]:
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            child_label = f"{label}, {child.label}"
            yield from _block_leaves((*path, name), child_label, child, value.get(name))
    elif isinstance(block, blocks.ListBlock):
        for index, item in enumerate(value or []):
            here = (*path, str(index))
            name = f"{label} {index + 1}"
            yield Leaf(here, name, Kind.SHARED, "item")
            yield from _block_leaves(here, name, block.child_block, item)
    elif isinstance(block, blocks.StreamBlock):
        yield from _stream_leaves(path, value)
    elif isinstance(block, TEXT_BLOCKS) and not getattr(block.meta, "is_shared", False):
        source = value.source if hasattr(value, "source") else value
        yield Leaf(path, label, Kind.TEXT, _words(source), value)
    elif isinstance(block, DocumentChooserBlock):
        yield Leaf(path, label, Kind.OWN, "" if value is None else str(value.pk), value)
    else:
        yield Leaf(path, label, Kind.SHARED, "" if value is None else str(value), value)
