"""The addresses of the demo: those of the site, and its outbox."""

from django.urls import path

from consult.demo.outbox import outbox
from consult.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [path("demo/", outbox, name="demo-outbox"), *urlpatterns]
