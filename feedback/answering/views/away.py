"""While the database is away, what was posted is given back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from psycopg_pool import PoolTimeout

from feedback.answering.forms.read_back import words_in
from feedback.answering.views.guards import for_this_person_only
from feedback.answering.views.languages import page_language

log = structlog.stdlib.get_logger("feedback.answering.views")

View = Callable[..., HttpResponse]
RETRY_AFTER_SECONDS = 30


def keeps_words_when_the_database_is_away(view: View) -> View:
    """Instead of failing, give back what was posted, with a button that sends it again."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            if request.method != "POST":
                raise
            log.error("database_away_while_answering", kind=type(error).__name__)
            return _unavailable(request)

    return wrapped


def _unavailable(request: HttpRequest) -> HttpResponse:
    texts, others = words_in(request.POST)
    # No request in the context: processors and the site's frame would ask the database.
    page = loader.render_to_string(
        "answering/unavailable.html",
        {
            "action": request.path,
            "texts": texts,
            "others": others,
            "language": page_language(),
            "seconds": RETRY_AFTER_SECONDS,
        },
    )
    response = HttpResponse(page, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return for_this_person_only(response)
