"""The doors: the site's bare address, and signing in and out for staff."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_safe

from feedback.models import Membership


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """`/` leads to the home page in the language the reader chose before, or the browser asks for.

    Temporary, and varying by both headers (PathLanguageMiddleware): the same address is another
    page for the next person.
    """
    return redirect(f"/{translation.get_language() or 'en'}/")


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/staff/` leads to the review desk; people who only edit pages, to those."""
    works_here = Membership.objects.filter(user__username=request.user.get_username()).exists()
    edits_only = not works_here and request.user.has_perm("wagtailadmin.access_admin")
    administers = request.user.is_active and request.user.is_superuser
    if edits_only and not administers:
        return redirect("wagtailadmin_home")
    return redirect("analysis:index")


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
