"""Each department gets a collection of its own, and the files that are known to be its.

A file stays in the root, where only administrators see it, when pages of several departments use
it, or when no page does and whoever uploaded it works for none or for several.
"""

import django.db.models.deletion
from django.db import migrations, models

# Of treebeard's materialised paths: four characters a level, base 36.
STEP = 4
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAME_LENGTH = 255


def step(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits.rjust(STEP, "0")


def collections_make(apps, schema_editor):
    """A child of the root collection for each department, whatever other children there are."""
    Collection = apps.get_model("wagtailcore", "Collection")
    Department = apps.get_model("feedback", "Department")
    DepartmentFiles = apps.get_model("cms", "DepartmentFiles")
    root = Collection.objects.filter(depth=1).order_by("path").first()
    departments = list(Department.objects.order_by("pk"))
    if root is None or not departments:
        return
    last = Collection.objects.filter(depth=2, path__startswith=root.path).order_by("path").last()
    number = int(last.path[len(root.path) :], len(DIGITS)) if last is not None else 0
    for department in departments:
        number += 1
        collection = Collection.objects.create(
            name=f"{department.name_en} / {department.name_fr}"[:NAME_LENGTH],
            path=root.path + step(number),
            depth=2,
            numchild=0,
        )
        DepartmentFiles.objects.create(department=department, collection=collection)
    Collection.objects.filter(pk=root.pk).update(numchild=root.numchild + len(departments))
    collections_sort(Collection, root)
    files_move(apps, root)


def collections_sort(Collection, root):
    """Collections of one level stand in the order of their names; treebeard relies on it."""
    new_paths = {}
    children = Collection.objects.filter(depth=2, path__startswith=root.path)
    for number, child in enumerate(children.order_by("name", "path"), start=1):
        for each in Collection.objects.filter(path__startswith=child.path):
            new_paths[each.pk] = root.path + step(number) + each.path[len(child.path) :]
    # In two goes: no two may have one path, not even for a moment.
    for pk in new_paths:
        Collection.objects.filter(pk=pk).update(path=f"-{pk}")
    for pk, path in new_paths.items():
        Collection.objects.filter(pk=pk).update(path=path)


def files_move(apps, root):
    """From the root to the one department that uses a file, or whose member uploaded it."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    DepartmentFiles = apps.get_model("cms", "DepartmentFiles")
    Membership = apps.get_model("feedback", "Membership")
    ReferenceIndex = apps.get_model("wagtailcore", "ReferenceIndex")
    collections = dict(DepartmentFiles.objects.values_list("department_id", "collection_id"))
    owners = {}
    for name, way in (
        ("ConsultationPage", "engagement__department_id"),
        ("SurveyPage", "engagement__department_id"),
        ("FindingsPage", "snapshot__engagement__department_id"),
    ):
        owners |= dict(apps.get_model("cms", name).objects.values_list("pk", way))
    works_for = {}
    for user, department in Membership.objects.values_list("user_id", "department_id"):
        works_for.setdefault(user, set()).add(department)
    pages = ContentType.objects.filter(app_label="wagtailcore", model="page").first()
    for app, name in (("wagtaildocs", "Document"), ("wagtailimages", "Image")):
        kind = ContentType.objects.filter(app_label=app, model=name.lower()).first()
        users = {}
        if kind is not None and pages is not None:
            for file, page in ReferenceIndex.objects.filter(
                base_content_type=pages, to_content_type=kind
            ).values_list("to_object_id", "object_id"):
                if int(page) in owners:
                    users.setdefault(int(file), set()).add(owners[int(page)])
        for file in apps.get_model(app, name).objects.filter(collection_id=root.pk):
            found = users.get(file.pk) or works_for.get(file.uploaded_by_user_id, set())
            if len(found) == 1:
                file.collection_id = collections[next(iter(found))]
                file.save(update_fields=["collection_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_both_languages_or_nothing"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("feedback", "0003_smallest_cell"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        migrations.CreateModel(
            name="DepartmentFiles",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "collection",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "department",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="feedback.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "files of a department",
                "verbose_name_plural": "files of departments",
            },
        ),
        migrations.RunPython(collections_make, migrations.RunPython.noop),
    ]
