"""The Celery app: `celery -A consult worker`. What it does is set in consult.settings."""

import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consult.settings")

app = Celery("consult")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def _log_as_the_site_does(**_kwargs: Any) -> None:
    """Connected, so that Celery leaves the logging of consult.settings alone."""


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _limit_blas_threads(**_kwargs: Any) -> None:
    """Hold the numeric libraries to the threads this process may use."""
    from threadpoolctl import threadpool_limits

    threadpool_limits(limits=settings.CONSULT_BLAS_THREADS)


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def _limit_memory(**_kwargs: Any) -> None:
    """What asks for too much memory fails with MemoryError, before the machine starts to kill."""
    import resource

    if settings.CONSULT_WORKER_MEMORY:
        most = settings.CONSULT_WORKER_MEMORY * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
