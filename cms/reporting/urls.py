"""Staff addresses of this room, under ``staff/``. Public pages are Wagtail's."""

from django.urls import path

from cms.reporting import views

app_name = "reporting"

urlpatterns = [
    path("questions/<int:question_id>/findings/", views.findings_draft_view, name="findings_draft"),
    path("findings/<int:page_id>/", views.findings_preview, name="findings_preview"),
]
