"""The kinds of page a site is made of."""

from cms.pages.models.consultations import ConsultationPage, SurveyPage
from cms.pages.models.home import HomePage
from cms.pages.models.settings import SiteSettings

__all__ = ["ConsultationPage", "HomePage", "SiteSettings", "SurveyPage"]
