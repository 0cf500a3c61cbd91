"""The Django project: settings, addresses, Celery, health, embedded servers, the demo.

There are no consultations in here. What was asked and answered lives in `feedback`, what we make
of it in `analysis`, what the public reads in `cms`.
"""

from consult.celery import app as celery_app

__all__ = ["celery_app"]
