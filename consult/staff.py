"""The doors: the site's bare address, and signing in and out for staff."""

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
    """Staff sign in here, for our screens and for Wagtail's alike."""

    template_name = "consult/sign_in.html"
    redirect_authenticated_user = True


class SignOut(LogoutView):
    """By POST only: a link or an image elsewhere cannot sign anyone out."""

    http_method_names = ["post", "options"]
