"""Logs a privacy officer can read: what happened, never who it was or what they said.

One JSON object a line on stderr. A request is one line: method, the *name* of its route (a path
can hold a receipt number), status, milliseconds, a request id. No IP address, no user agent, no
query string, no header, no body. Tracebacks keep the lines of code and the exception's class;
its message is left out, because a database error quotes the row.
"""

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

REQUEST_ID_HEADER = "X-Request-ID"
_REQUEST_ID_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}\Z")
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

log = structlog.stdlib.get_logger("consult.request")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class RequestLogMiddleware:
    """One line a request. The id comes from the proxy if it looks like one, and goes back out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _REQUEST_ID_GIVEN.match(given) else uuid.uuid4().hex
        token = _request_id.set(request_id)
        start = time.perf_counter()
        try:
            response = self.get_response(request)
            match = request.resolver_match
            log.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO,
                "request",
                method=request.method if request.method in _METHODS else "other",
                route=match.view_name or "unnamed" if match else "none",
                status=response.status_code,
                ms=round((time.perf_counter() - start) * 1000, 1),
            )
            response.headers[REQUEST_ID_HEADER] = request_id
            return response
        finally:
            _request_id.reset(token)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _add_request_id(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if (request_id := _request_id.get()) is not None:
        event["request_id"] = request_id
    return event


def _exception_without_its_words(
    _logger: Any, _name: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace `exc_info` by the classes and the places; messages and variables stay out."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    elif isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if exc_info and exc_info[0] is not None:
        event["exception"] = list(_chain(exc_info[1]))
    event.pop("stack_info", None)
    return event


def _chain(error: BaseException | None) -> "list[dict[str, Any]]":
    """The exception and its causes, outermost first."""
    links: list[dict[str, Any]] = []
    while error is not None and len(links) < 5:
        frames: list[str] = []
        trace = error.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        links.append(
            {"class": f"{type(error).__module__}.{type(error).__qualname__}", "at": frames[-15:]}
        )
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return links


class _NoForeignWords(logging.Filter):
    """Django's and Celery's own messages quote paths, values and rows: keep what happened only."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(("django.request", "django.security")):
            record.msg = record.name.removeprefix("django.")
            record.args = ()
        elif record.name == "celery.app.trace":
            # Celery quotes the exception, and a database error quotes the row.
            task = getattr(record, "data", None) or {}
            record.msg, record.args = "task %s %s", (task.get("name"), record.levelname.lower())
        elif record.name.startswith("django.db.backends"):
            # SQL with its values.
            return record.levelno >= logging.WARNING
        for name in ("request", "sql", "params", "data"):
            if hasattr(record, name):
                delattr(record, name)
        return True


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """A `logging.config.dictConfig` for Django, Celery and structlog alike."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        _exception_without_its_words,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_foreign_words": {"()": _NoForeignWords}},
        "formatters": {
            "consult": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    renderer,
                ],
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "consult",
                "filters": ["no_foreign_words"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Replaces Django's own handlers, so that nothing is said twice.
            "django": {"handlers": [], "level": level, "propagate": True},
            # Every tick of the clock, every five seconds, forever.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # Each vain attempt, with the server's address; consult.breaker says it once.
            "psycopg.pool": {"level": "CRITICAL"},
            # Said by RequestLogMiddleware already, without the path.
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
            "django.security": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
