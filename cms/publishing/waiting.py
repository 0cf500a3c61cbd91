"""Published pages of which one language was changed since, and the other was not."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import get_page_models

from cms.publishing.models.paired import PairedPage
from feedback.asking.permissions import engagements_where
from feedback.people.models import Department, User
from feedback.people.table import Action
from feedback.people.waiting import Item


def out_of_step(user: User) -> list[Item]:
    """For those who write the department's pages. A query for each kind of page that has them."""
    theirs = engagements_where(user, Action.WRITE_PAGE)
    found: list[Item] = []
    for model in get_page_models():
        if not issubclass(model, PairedPage) or not model.engagement_path:
            continue
        pairs: dict[object, list[PairedPage]] = defaultdict(list)
        changed = model._default_manager.filter(live=True, has_unpublished_changes=True)
        pages = (
            model._default_manager.filter(
                live=True,
                translation_key__in=changed.order_by().values("translation_key"),
                **{f"{model.engagement_path}__in": theirs},
            )
            .select_related("locale", f"{model.engagement_path}__department")
            .order_by("pk")
        )
        for page in pages:
            pairs[page.translation_key].append(page)
        for pair in pairs.values():
            ahead = [page for page in pair if page.has_unpublished_changes]
            department = ahead[0].department
            if len(ahead) == 1 and department is not None:
                found.append(_item(ahead[0], pair, department))
    return found


def _item(ahead: PairedPage, pair: list[PairedPage], department: Department) -> Item:
    language = (get_language() or "en")[:2]
    shown = next((page for page in pair if page.language == language), ahead)
    return Item(
        key=f"pair:{ahead.translation_key}",
        title=shown.title,
        address=reverse("cms_pair", args=[ahead.pk]),
        department=department,
        said=(
            _("The English version was changed since it was published, the French was not.")
            if ahead.language == "en"
            else _("The French version was changed since it was published, the English was not.")
        ),
        since=ahead.latest_revision_created_at,
    )
