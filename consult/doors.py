"""The doors: the site's bare address, and signing in and out for staff."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.http import require_safe

from feedback.people.permissions import departments_where, is_administrator
from feedback.people.table import Action


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
    """`/staff/` leads to the review desk; people who only edit pages, or only audit, to those."""
    works_here = (
        is_administrator(request.user) or departments_where(request.user, Action.SEE).exists()
    )
    if not works_here and request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if not works_here and departments_where(request.user, Action.AUDIT).exists():
        return redirect("audit:entries")
    return redirect("review:index")


def wagtail_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in page leads to ours: one door, one place to guard."""
    response = redirect("account_login", permanent=False)
    if query := request.META.get("QUERY_STRING"):
        response.headers["Location"] += f"?{query}"
    return response
