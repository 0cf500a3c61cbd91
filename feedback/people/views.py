"""Signing in and out, for staff."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse


class SignIn(LoginView):
    """Staff sign in here, for our screens and for Wagtail's alike.

    A person who is signed in may come here too: Wagtail sends those who may not edit, and would
    send them round in circles if this page passed them on.
    """

    template_name = "people/sign_in.html"


class SignOut(LogoutView):
    """By POST only: a link or an image elsewhere cannot sign anyone out."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        # A shared computer keeps nothing of what was on the screens; the language stays.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
