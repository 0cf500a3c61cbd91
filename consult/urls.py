"""Every address of the site. Public pages carry their language; staff pages do not."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.i18n import set_language
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from consult import doors, errors, health

urlpatterns = [
    path("", doors.front_door, name="front-door"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("i18n/set-language/", set_language, name="set_language"),
    path("staff/", include("feedback.people.urls")),
    path("staff/", include("feedback.audit.urls")),
    path("staff/", include("feedback.asking.urls")),
    path("staff/", include("analysis.review.urls")),
    path("staff/", include("cms.reporting.urls")),
    path(settings.CMS_PATH, doors.cms_home, name="cms-home"),
    path(f"{settings.CMS_PATH}login/", doors.wagtail_sign_in, name="cms-sign-in"),
    path(settings.CMS_PATH, include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        path("", include("feedback.answering.urls")),
        # Last: Wagtail claims every address that is left.
        path("", include(wagtail_urls)),
    ),
]
if settings.CONSULT_SERVE_MEDIA or settings.DEBUG:
    urlpatterns.insert(
        0, path("media/<path:path>", serve, {"document_root": settings.MEDIA_ROOT}, name="media")
    )

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
