"""Editing the site's name and footer: Wagtail's own screen, with our lock against lost work."""

from __future__ import annotations

from wagtail.contrib.settings.views import EditView

from feedback.people.optimistic_lock import RefusesStaleSaves


class SiteSettingsEdit(RefusesStaleSaves, EditView):  # type: ignore[misc]
    """Saving refuses to overwrite what someone else saved meanwhile."""

    template_name = "pages/admin/settings.html"
