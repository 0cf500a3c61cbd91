"""The door for gunicorn, granian or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.settings")

application = get_wsgi_application()
