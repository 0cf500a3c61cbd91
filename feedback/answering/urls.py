"""Public addresses, in the language of the page."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from feedback.answering import views

app_name = "answering"

urlpatterns = [
    path(_("answer/<slug:reference_number>/"), views.answer, name="answer"),
    path(_("answer/<slug:reference_number>/start/"), views.start, name="start"),
    path(_("receipt/<uuid:receipt_key>/"), views.receipt, name="receipt"),
    path(_("withdraw/"), views.withdraw, name="withdraw"),
    path(_("withdraw/done/"), views.withdrawn, name="withdrawn"),
]
