"""Files that were there before departments had collections of their own."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection

from cms.publishing.models import DepartmentFiles
from feedback.people.enums import Role
from feedback.people.models import Membership
from tests.factories import make_department, make_engagement, make_pages, make_user

pytestmark = pytest.mark.django_db


def test_files_move_to_the_one_department_they_are_known_to_be_of():
    ours, theirs = make_department(), make_department()
    DepartmentFiles.objects.all().delete()
    root = Collection.get_first_root_node()
    for each in root.get_children():
        each.delete()
    root.refresh_from_db()
    old = root.add_child(name="Made by an administrator")
    old.add_child(name="Below it")
    both = make_user(ours, Role.EDITOR)
    Membership.objects.create(user=both, department=theirs, role=Role.EDITOR)

    def upload(title, user):
        return get_document_model().objects.create(
            title=title, file=ContentFile(b"x", name="x.txt"), uploaded_by_user=user
        )

    mine = make_user(theirs, Role.EDITOR)
    of_uploader, of_page = upload("theirs", mine), upload("ours", both)
    of_nobody, of_two = upload("nobody's", None), upload("either's", both)
    page = make_pages(make_engagement(ours), published=False).english
    page.documents = [("document", {"title": "Read this", "document": of_page, "note": ""})]
    page.save()
    import_module("cms.migrations.0004_department_files").collections_make(apps, None)
    assert not any(Collection.find_problems())
    place = dict(DepartmentFiles.objects.values_list("department", "collection"))
    assert set(place) == {ours.pk, theirs.pk}
    found = {file.pk: file.collection_id for file in get_document_model().objects.all()}
    assert found == {
        of_uploader.pk: place[theirs.pk],
        of_page.pk: place[ours.pk],
        of_nobody.pk: root.pk,
        of_two.pk: root.pk,
    }
    old.refresh_from_db()
    assert [each.name for each in old.get_children()] == ["Below it"]
    # And the next one is made beside them.
    make_department()
    assert not any(Collection.find_problems())
