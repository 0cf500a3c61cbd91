"""What people said and who they are is in no log line, whatever went wrong."""

import io
import json
import logging
import logging.config

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from consult.logs import logging_config

CANARIES = {
    "body": "canary-body-7f3a",
    "query": "canary-query-91bc",
    "path": "canary-path-04de",
    "agent": "canary-agent-55aa",
    "referrer": "canary-referrer-c0de",
    "cookie": "canary-cookie-beef",
    "email": "canary@example.invalid",
    "address": "203.0.113.77",
    "message": "canary-message-ab12",
}


def fine(request: HttpRequest, reference: str) -> HttpResponse:
    return HttpResponse("ok")


def broken(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        raise IntegrityError(f"Failing row contains ({request.POST['text']}, {reference}).")
    except IntegrityError as error:
        raise RuntimeError(CANARIES["message"]) from error


def warned(request: HttpRequest, reference: str) -> HttpResponse:
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", request.path, extra={"request": request, "status_code": 500}
    )
    logging.getLogger("django.security.csrf").warning("Forbidden: %s", request.path)
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] raised unexpected: %(exc)s",
        {"name": "feedback.outbox.tasks.x", "id": "1", "exc": CANARIES["message"]},
        extra={"data": {"name": "feedback.outbox.tasks.x", "exc": CANARIES["message"]}},
    )
    logging.getLogger("anything").exception("failed", exc_info=ValueError(CANARIES["message"]))
    return HttpResponse("ok")


urlpatterns = [
    path("fine/<str:reference>/", fine, name="fine"),
    path("broken/<str:reference>/", broken, name="broken"),
    path("warned/<str:reference>/", warned, name="warned"),
]
handler500 = "consult.errors.server_error"
handler404 = "consult.errors.server_error"


@pytest.fixture
def lines(monkeypatch):
    """Everything logged, as the deployment writes it."""
    written = io.StringIO()
    config = logging_config(level="DEBUG", as_json=True)
    config["handlers"]["stderr"]["stream"] = written
    before = logging.root.handlers[:], logging.root.level
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.config.dictConfig(logging_config(level="INFO", as_json=True))
    logging.root.handlers[:], level = before[0], before[1]
    logging.root.setLevel(level)


@pytest.fixture
def no_middleware_that_needs_a_database(settings):
    settings.MIDDLEWARE = ["consult.logs.RequestLogMiddleware"]


@pytest.mark.usefixtures("no_middleware_that_needs_a_database")
@pytest.mark.parametrize("view", ["fine", "broken", "warned", "not-there"])
@override_settings(ROOT_URLCONF=__name__)
def test_no_canary_is_logged(lines, view):
    client = Client(raise_request_exception=False, REMOTE_ADDR=CANARIES["address"])
    client.cookies["session"] = CANARIES["cookie"]
    response = client.post(
        f"/{view}/{CANARIES['path']}/?q={CANARIES['query']}",
        {"text": CANARIES["body"], "email": CANARIES["email"]},
        headers={
            "user-agent": CANARIES["agent"],
            "referer": f"https://example.invalid/{CANARIES['referrer']}",
            "x-forwarded-for": CANARIES["address"],
        },
    )
    logged = lines()
    requests = [line for line in logged if line["event"] == "request" and "route" in line]
    assert [line["status"] for line in requests] == [response.status_code]
    assert requests[0]["request_id"] == response["X-Request-ID"]
    text = json.dumps(logged, ensure_ascii=False)
    assert not [name for name, value in CANARIES.items() if value in text]


@pytest.mark.usefixtures("no_middleware_that_needs_a_database")
@override_settings(ROOT_URLCONF=__name__)
def test_a_request_is_one_line_that_names_its_route(lines):
    Client().get("/fine/x/")
    (line,) = lines()
    assert (line["method"], line["route"], line["status"]) == ("GET", "fine", 200)
    assert line["ms"] >= 0


@pytest.mark.usefixtures("no_middleware_that_needs_a_database")
@override_settings(ROOT_URLCONF=__name__)
def test_an_error_says_where_it_was_and_what_caused_it(lines):
    Client(raise_request_exception=False).post("/broken/x/", {"text": "words"})
    (error,) = [line for line in lines() if "exception" in line]
    assert [link["class"] for link in error["exception"]] == [
        "builtins.RuntimeError",
        "django.db.utils.IntegrityError",
    ]
    assert any("test_logs.py" in place for place in error["exception"][0]["at"])


@pytest.mark.usefixtures("no_middleware_that_needs_a_database")
@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("given", "kept"), [("a1b2c3d4-0001", True), ("x\r\ny: z", False), ("<script>", False)]
)
def test_a_request_id_is_taken_from_the_proxy_only_if_it_looks_like_one(given, kept):
    response = Client().get("/fine/x/", headers={"x-request-id": given})
    assert (response["X-Request-ID"] == given) is kept
