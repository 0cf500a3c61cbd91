"""Each department has a place for its files."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Collection

from cms.publishing.models import DepartmentFiles
from feedback.people.models import Department

# How long Wagtail lets the name of a collection be.
NAME_LENGTH = 255


@transaction.atomic
def department_files_ensure(*, department: Department) -> DepartmentFiles:
    """The collection of a department, made if it is not there yet; safe to repeat."""
    name = f"{department.name_en} / {department.name_fr}"[:NAME_LENGTH]
    found = DepartmentFiles.objects.filter(department=department).first()
    if found is None:
        collection = Collection.get_first_root_node().add_child(name=name)
        return DepartmentFiles.objects.create(department=department, collection=collection)
    collection = found.collection
    if collection.name != name:
        collection.name = name
        collection.save(update_fields=["name"])
        # Collections stand in the order of their names, and treebeard relies on it.
        collection.move(collection.get_parent(), "sorted-child")
    return found


def department_saved(sender: Any, instance: Department, raw: bool = False, **kwargs: Any) -> None:
    """post_save of Department: its files have a place, called as it is."""
    if not raw:
        department_files_ensure(department=instance)
