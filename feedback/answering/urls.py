"""Public addresses, in the language of the page: the ways in, then what becomes of a response."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from feedback.answering.channels import ways_in
from feedback.answering.views.receipts import receipt
from feedback.answering.views.withdrawals import withdraw, withdrawn

app_name = "answering"

urlpatterns = [
    *(url for way_in in ways_in() for url in way_in.urls),
    path(_("receipt/<uuid:receipt_key>/"), receipt, name="receipt"),
    path(_("withdraw/"), withdraw, name="withdraw"),
    path(_("withdraw/done/"), withdrawn, name="withdrawn"),
]
