"""The two home pages a site begins with."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site

from cms.pages.models import HomePage
from cms.pages.services.roles import groups_ensure
from cms.publishing.selectors import Pair, pair_of
from cms.publishing.services.pairs import pair_create, pair_publish
from feedback.people.models import User


@transaction.atomic
def site_prepare(
    *,
    english: HomePage | None = None,
    french: HomePage | None = None,
    hostname: str = "localhost",
    port: int = 80,
    user: User | None = None,
) -> Pair:
    """Both locales, both home pages (published) and the site they belong to; safe to repeat.

    Home pages that are there already are left as they are.
    """
    for code in ("en", "fr"):
        Locale.objects.get_or_create(language_code=code)
    there = HomePage.objects.filter(locale__language_code="en").first()
    if there is not None:
        return pair_of(there)
    root = Page.get_first_root_node()
    # Wagtail's say "Root", on screens in both languages.
    Page.objects.filter(pk=root.pk).update(title="Pages", draft_title="Pages")
    Collection.objects.filter(depth=1).update(name="Site")
    pair = pair_create(
        parent=root,
        english=english or HomePage(title="Consultations", slug="en"),
        french=french or HomePage(title="Consultations", slug="fr"),
        user=user,
    )
    pair = pair_publish(page=pair.english, user=user, checks_permission=False)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.hostname, site.port, site.root_page = hostname, port, pair.english
    site.save()
    if welcome is not None and type(welcome.specific) is Page and not welcome.get_children():
        # The page "Welcome to your new Wagtail site!"
        welcome.delete()
    groups_ensure()
    return pair_of(pair.english)
