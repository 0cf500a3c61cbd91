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
from consult.given_back import is_too_large

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Characters of an address with its query. The longest of ours name some hundred pages to delete at
# once; proxies stop at 8,192.
MOST_ADDRESS = 7_500
READING = ("GET", "HEAD", "OPTIONS")

# Features no page of ours uses, switched off for everything that might be smuggled into one.
UNUSED_FEATURES = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
# Where staff sign in with a passkey, or add one: no other page may ask for it.
PASSKEY_PAGES = frozenset(
    {"account_login", "mfa_authenticate", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
)


def permissions_policy(*, passkeys: bool) -> str:
    allowed = "(self)" if passkeys else "()"
    passkey_features = ("publickey-credentials-create", "publickey-credentials-get")
    return ", ".join(
        [f"{feature}=()" for feature in UNUSED_FEATURES]
        + [f"{feature}={allowed}" for feature in passkey_features]
    )


PERMISSIONS_POLICY = permissions_policy(passkeys=False)
PERMISSIONS_POLICY_PASSKEYS = permissions_policy(passkeys=True)


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        has_passkeys = match is not None and match.view_name in PASSKEY_PAGES
        response.headers.setdefault(
            "Permissions-Policy",
            PERMISSIONS_POLICY_PASSKEYS if has_passkeys else PERMISSIONS_POLICY,
        )
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


class RefusalMiddleware:
    """What we do not take is refused with a page in the person's language, never an empty reply.

    An address longer than any of ours (414), before anything works on it: the limit is far below
    that of web servers and proxies, whose own pages speak English only. A method that an address
    does not take (405), whichever view said so. A form too large to be read (413), before half of
    it is lost.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if len(request.get_full_path()) > MOST_ADDRESS:
            return errors.address_too_long(request)
        if is_too_large(request):
            return errors.too_large(request)
        response = self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b""):
            return errors.method_not_allowed(request, response.headers.get("Allow", ""))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """A public page without a form takes none, and says so before its token is asked for."""
        match = request.resolver_match
        is_public = match is not None and (
            match.namespace == "answering" or match.view_name == "wagtail_serve"
        )
        if is_public and request.method not in READING and not getattr(view, "csrf_exempt", False):
            return errors.method_not_allowed(request, ", ".join(READING))
        return None


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
