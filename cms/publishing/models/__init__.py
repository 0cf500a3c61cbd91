"""Pages that exist in both languages or not at all, and whose their files are."""

from cms.publishing.models.engagements import EngagementPage
from cms.publishing.models.files import (
    DepartmentDocument,
    DepartmentFiles,
    DepartmentImage,
    DepartmentRendition,
)
from cms.publishing.models.paired import PairedPage

__all__ = [
    "DepartmentDocument",
    "DepartmentFiles",
    "DepartmentImage",
    "DepartmentRendition",
    "EngagementPage",
    "PairedPage",
]
