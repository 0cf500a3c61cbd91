"""The settings of the demo: those of the site, with emails kept in a folder and a page that reads
them and says the second steps of the demo's people. It listens on this machine only."""

from typing import Any

from consult.settings import *  # noqa: F403
from consult.settings import DATA_DIR, TEMPLATES

ROOT_URLCONF = "consult.demo.urls"
CONSULT_EMAIL_ENABLED = True
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "demo" / "emails"
_OPTIONS: Any = TEMPLATES[0]["OPTIONS"]
TEMPLATES = [
    TEMPLATES[0]
    | {
        "OPTIONS": _OPTIONS
        | {
            "context_processors": [
                *_OPTIONS["context_processors"],
                "consult.demo.outbox.door_notice",
            ]
        }
    }
]
