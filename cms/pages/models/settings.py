"""The site's own name, mark and footer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from feedback.bilingual import InCurrentLanguage, in_both_or_neither


@dataclass(frozen=True, slots=True)
class FooterLink:
    url: str
    text: str


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):  # type: ignore[misc]
    """What the frame of every public page says: one row a site, both languages on it.

    Written by administrators in the CMS. An empty address leaves its link out of the footer.
    """

    name_en = models.CharField(_("name of the site (English)"), max_length=120, blank=True)
    name_fr = models.CharField(_("name of the site (French)"), max_length=120, blank=True)
    logo_en = models.ForeignKey(
        "publishing.DepartmentImage",
        verbose_name=_("logo (English)"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    logo_fr = models.ForeignKey(
        "publishing.DepartmentImage",
        verbose_name=_("logo (French)"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    privacy_url_en = models.CharField(_("privacy page (English)"), max_length=300, blank=True)
    privacy_url_fr = models.CharField(_("privacy page (French)"), max_length=300, blank=True)
    accessibility_url_en = models.CharField(
        _("accessibility page (English)"), max_length=300, blank=True
    )
    accessibility_url_fr = models.CharField(
        _("accessibility page (French)"), max_length=300, blank=True
    )
    contact_url_en = models.CharField(_("contact page (English)"), max_length=300, blank=True)
    contact_url_fr = models.CharField(_("contact page (French)"), max_length=300, blank=True)

    name = InCurrentLanguage("name")
    logo = InCurrentLanguage("logo")
    privacy_url = InCurrentLanguage("privacy_url")
    accessibility_url = InCurrentLanguage("accessibility_url")
    contact_url = InCurrentLanguage("contact_url")

    panels = [
        MultiFieldPanel([FieldPanel("name_en"), FieldPanel("name_fr")], heading=_("Name")),
        MultiFieldPanel([FieldPanel("logo_en"), FieldPanel("logo_fr")], heading=_("Logo")),
        MultiFieldPanel(
            [
                FieldPanel("privacy_url_en"),
                FieldPanel("privacy_url_fr"),
                FieldPanel("accessibility_url_en"),
                FieldPanel("accessibility_url_fr"),
                FieldPanel("contact_url_en"),
                FieldPanel("contact_url_fr"),
            ],
            heading=_("Footer"),
        ),
    ]

    class Meta:
        verbose_name = _("site name and footer")
        constraints = [
            in_both_or_neither(
                "name", "site_named_in_both_languages", _("Give the name in both languages.")
            ),
            *(
                in_both_or_neither(
                    field,
                    f"site_{field}_in_both_languages",
                    _("Give the address in both languages, or in none."),
                )
                for field in ("privacy_url", "accessibility_url", "contact_url")
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Consultations"

    @classmethod
    def for_reader(cls, request: HttpRequest) -> SiteSettings | None:
        """The settings of the site this request is for; None where there is no site yet."""
        if Site.find_for_request(request) is None:
            return None
        found: SiteSettings = cls.for_request(request)
        return found

    def footer_links(self) -> list[FooterLink]:
        links = [
            FooterLink(self.privacy_url, gettext("Privacy")),
            FooterLink(self.accessibility_url, gettext("Accessibility")),
            FooterLink(self.contact_url, gettext("Contact us")),
        ]
        return [link for link in links if link.url]
