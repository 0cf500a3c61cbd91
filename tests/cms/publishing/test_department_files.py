"""Pictures and documents: rows of our own, described in both languages."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override
from wagtail.images.tests.utils import get_test_image_file

from cms.publishing.models import DepartmentFiles, DepartmentImage
from tests.factories import make_department

pytestmark = pytest.mark.django_db


def test_a_department_has_a_place_for_its_files_called_as_it_is():
    department = make_department()
    collection = DepartmentFiles.objects.get(department=department).collection
    assert collection.name == f"{department.name_en} / {department.name_fr}"
    department.name_fr = "Ministère des Phares"
    department.save()
    collection.refresh_from_db()
    assert collection.name.endswith(" / Ministère des Phares")


def test_a_picture_is_described_in_both_languages_or_in_neither():
    picture = DepartmentImage(
        title="Counter", file=get_test_image_file(), alternative_en="A counter"
    )
    with pytest.raises(ValidationError) as refused:
        picture.full_clean(exclude=["file_hash", "collection"])
    assert "both languages" in str(refused.value)
    refused_by_database = pytest.raises(IntegrityError, match="image_described_in_both_languages")
    with refused_by_database, transaction.atomic():
        picture.save()
    picture.alternative_fr = "Un comptoir"
    picture.save()
    with override("fr"):
        assert picture.default_alt_text == "Un comptoir"


@pytest.mark.parametrize("setting", ["WAGTAILIMAGES_IMAGE_MODEL", "WAGTAILDOCS_DOCUMENT_MODEL"])
def test_files_are_rows_of_our_own_so_that_they_can_say_more_one_day(settings, setting):
    assert apps.get_model(getattr(settings, setting))._meta.app_label == "publishing"
