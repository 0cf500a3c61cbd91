"""Whose the files are that pages offer and show."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtail.models import Collection

from feedback.bilingual import InCurrentLanguage, in_both_or_neither
from feedback.people.models import Department


class DepartmentFiles(models.Model):
    """The collection that holds the documents and images of one department.

    Made with the department (`cms.publishing.services.files`), and never given to another. A file
    outside all of these collections is the administrators'.
    """

    department = models.OneToOneField(
        Department, on_delete=models.CASCADE, related_name="+", verbose_name=_("department")
    )
    collection = models.OneToOneField(
        Collection, on_delete=models.PROTECT, related_name="+", verbose_name=_("collection")
    )

    class Meta:
        verbose_name = _("files of a department")
        verbose_name_plural = _("files of departments")

    def __str__(self) -> str:
        return str(self.department)


class DepartmentImage(AbstractImage):  # type: ignore[misc]
    """A picture, with what it shows in words, in both languages or in neither (decoration).

    Whose it is, its collection says.
    """

    alternative_en = models.CharField(_("what it shows (English)"), max_length=255, blank=True)
    alternative_fr = models.CharField(_("what it shows (French)"), max_length=255, blank=True)

    alternative = InCurrentLanguage("alternative")
    admin_form_fields = (*WagtailImage.admin_form_fields, "alternative_en", "alternative_fr")

    class Meta(AbstractImage.Meta):  # type: ignore[misc]
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = [
            in_both_or_neither(
                "alternative",
                "image_described_in_both_languages",
                _("Say what it shows in both languages, or in neither if it is decoration."),
            ),
        ]

    @property
    def default_alt_text(self) -> str:
        """What a page says of it that says nothing else: never its file's name."""
        return self.alternative


class DepartmentRendition(AbstractRendition):  # type: ignore[misc]
    """One size of a picture, made by Wagtail when a page needs it."""

    image = models.ForeignKey(DepartmentImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


class DepartmentDocument(AbstractDocument):  # type: ignore[misc]
    """A file to read. Whose it is, its collection says; each language has its own."""

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):  # type: ignore[misc]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
