"""What the public reads, one module an entity."""

from cms.models.consultations import ConsultationPage, SurveyPage
from cms.models.files import DepartmentFiles
from cms.models.findings import FindingsPage
from cms.models.home import HomePage
from cms.models.paired import PairedPage
from cms.models.settings import SiteSettings
from cms.models.snapshots import FindingsSnapshot

__all__ = [
    "ConsultationPage",
    "DepartmentFiles",
    "FindingsPage",
    "FindingsSnapshot",
    "HomePage",
    "PairedPage",
    "SiteSettings",
    "SurveyPage",
]
