"""The doors: the site's bare address, and signing in and out for staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_safe


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """`/` leads to the home page in the language the reader chose before, or the browser asks for.

    Temporary, and varying by both headers (PathLanguageMiddleware): the same address is another
    page for the next person.
    """
    return redirect(f"/{translation.get_language() or 'en'}/")


@require_safe
def cms_home(_request: HttpRequest) -> HttpResponse:
    """Staff have one home, and what waits is there."""
    return redirect("staff-home")


def wagtail_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in page leads to ours: one door, one place to guard."""
    response = redirect("account_login", permanent=False)
    if query := request.META.get("QUERY_STRING"):
        response.headers["Location"] += f"?{query}"
    return response
