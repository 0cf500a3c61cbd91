"""Addresses of the audit log."""

from django.urls import path

from feedback.audit import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.entries, name="entries"),
    path("audit/export.csv", views.export, name="export"),
]
