"""Whose the files are that pages offer and show."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from feedback.models import Department


class DepartmentFiles(models.Model):
    """The collection that holds the documents and images of one department.

    Made with the department (`cms.services.files`), and never given to another. A file outside
    all of these collections is the administrators'.
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
