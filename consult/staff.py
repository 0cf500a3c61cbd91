"""The doors: the site's bare address, and signing in and out for staff."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
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


class SignIn(LoginView):
    """Staff sign in here, for our screens and for Wagtail's alike.

    A person who is signed in may come here too: Wagtail sends those who may not edit, and would
    send them round in circles if this page passed them on.
    """

    template_name = "consult/sign_in.html"


def wagtail_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in page leads to ours: one door, one place to guard."""
    response = redirect("staff-sign-in", permanent=False)
    if query := request.META.get("QUERY_STRING"):
        response.headers["Location"] += f"?{query}"
    return response


class SignOut(LogoutView):
    """By POST only: a link or an image elsewhere cannot sign anyone out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        # A shared computer keeps nothing of what was on the screens; the language stays.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
