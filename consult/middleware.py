"""What every reply carries, whichever room wrote it."""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from consult import errors

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Features no page of ours uses, switched off for everything that might be smuggled into one.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-create",
        "usb",
    )
)


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.path_info.startswith(("/staff/", f"/{settings.CMS_PATH}")):
            # What staff see is not for a shared computer's back button or a proxy's disk.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere; Wagtail's admin, and it alone, gets its own."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(f"/{settings.CMS_PATH}"):
            parts.config = settings.CSP_WAGTAIL_ADMIN
        return parts


class StaticNotFoundMiddleware:
    """After WhiteNoise: it has no such file. Programs ask for these; the page of the site's 404,
    and Wagtail's search for a redirect, would ask the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(settings.STATIC_URL):
            return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
        return self.get_response(request)


class PathLanguageMiddleware(LocaleMiddleware):
    """The language of the address; else of the cookie; else of the browser.

    Unlike Django's, a page that is not there stays not there. Django would send `/staff/runs/9/`,
    which this person may not see, on to `/en/staff/runs/9/`, because Wagtail claims any path.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if translation.get_language_from_path(request.path_info) is None:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


class DatabaseDownMiddleware:
    """The database does not answer: say so, in the page's language, and when to come back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        if isinstance(exception, errors.DATABASE_AWAY):
            return errors.unavailable(request, exception)
        return None
