"""What the audit log keeps of pages: both languages of a pair in one entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from django.utils.functional import Promise
from wagtail.models import PageLogEntry, get_page_models

from cms.publishing.models.paired import PairedPage
from cms.publishing.parity import Face
from feedback.audit.enums import About, Act
from feedback.audit.services.entries import audit_record
from feedback.audit.wording import Said

# By what Wagtail calls it in a page's history: what is done to a draft. What readers see changes
# only through `cms.publishing.services.pairs`, which keeps it.
OF_DRAFTS = {
    "wagtail.create": Act.PAGE_BEGUN,
    "wagtail.edit": Act.PAGE_EDITED,
    "wagtail.revert": Act.PAGE_EDITED,
}


def page_record(
    act: Act,
    page: PairedPage,
    user: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Keep what was done to a page and its counterpart; ``page`` is the English one.

    Named by its number, after the engagement it is about.
    """
    engagement, department = page.engagement_shown, page.department
    named = (engagement.reference_number if engagement is not None else "", str(page.pk))
    audit_record(
        act,
        about=About.PAGE,
        reference=" ".join(filter(None, named)),
        actor=user,
        department_id=department.pk if department is not None else None,
        before=before,
        after=after,
    )


def wording_between(
    before: Mapping[str, Face], after: Mapping[str, Face]
) -> tuple[dict[str, str], dict[str, str]]:
    """What differs, by language and place on the page (``en/title``), as words. A quote is a
    number: what people wrote is not copied."""
    was, is_now = _leaves(before), _leaves(after)
    keys = [key for key in was | is_now if was.get(key, "") != is_now.get(key, "")]
    return (
        {key: was[key] for key in keys if was.get(key)},
        {key: is_now[key] for key in keys if is_now.get(key)},
    )


def _leaves(faces: Mapping[str, Face]) -> dict[str, str]:
    return {
        "/".join((language, *leaf.path)): leaf.value
        for language, face in faces.items()
        for leaf in face.leaves
    }


def draft_logged(sender: Any, instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    """post_save of a line of a page's history: somebody began a page or saved a draft.

    The words are in the draft's own revision; what is published of them is kept with before and
    after. Wagtail saves the same revision again and again while somebody types: kept is the first.
    """
    act = OF_DRAFTS.get(instance.action)
    page = instance.page.specific if act is not None and instance.page is not None else None
    if act is None or not isinstance(page, PairedPage):
        return
    revision = instance.revision_id
    told = {"language": page.language, "revision": revision}
    if revision is not None:
        again = PageLogEntry.objects.filter(revision=revision, action=instance.action)
        if again.exclude(pk=instance.pk).exists():
            return
    page_record(act, page, instance.user, after=told)


def wording_said(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Said]:
    """The words of a page by field, as the editor calls it, and by place in it."""
    for key in {**before, **after}:
        language, _slash, path = key.partition("/")
        name, _slash, place = path.partition("/")
        label = " › ".join(filter(None, (str(_labels().get(name, name)), place)))
        yield Said(label, before.get(key, ""), after.get(key, ""), language)


@cache
def _labels() -> dict[str, Promise]:
    return {
        name: cast(Promise, model._meta.get_field(name).verbose_name)
        for model in get_page_models()
        if issubclass(model, PairedPage)
        for name in model.parity_fields
    }
