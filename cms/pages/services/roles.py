"""Wagtail's groups follow our roles: nobody keeps two lists of who may write what."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission

from cms.pages.models import HomePage
from feedback.people.enums import Role
from feedback.people.models import Membership
from feedback.people.table import Action, roles_ever_for

# What Wagtail calls what the table allows, before the department narrows it. Files ask for no
# group: `cms.publishing.policies` goes by the roles themselves.
PERMISSIONS: dict[Action, tuple[str, ...]] = {
    Action.BEGIN_PAGE: ("add_page",),
    Action.WRITE_PAGE: ("change_page",),
    Action.PUBLISH_PAGE: ("publish_page",),
}


def _groups() -> dict[Role, tuple[str, tuple[str, ...]]]:
    """By role that does anything with pages: the name of its group, and its permissions there."""
    held = {
        role: tuple(
            name
            for action, names in PERMISSIONS.items()
            if role in roles_ever_for(action)
            for name in names
        )
        for role in Role
    }
    return {role: (f"Consult {role}s", names) for role, names in held.items() if names}


GROUPS: Final = _groups()


@transaction.atomic
def groups_ensure() -> dict[Role, Group]:
    """The groups with their permissions on every home page; safe to repeat."""
    access = Permission.objects.filter(
        content_type__app_label="wagtailadmin", codename="access_admin"
    ).first()
    homes = list(HomePage.objects.all())
    groups = {}
    for role, (name, codenames) in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        groups[role] = group
        if access is not None:
            group.permissions.add(access)
        page_permissions = Permission.objects.filter(
            content_type__app_label="wagtailcore", codename__in=codenames
        )
        for permission in page_permissions:
            for home in homes:
                GroupPagePermission.objects.get_or_create(
                    group=group, page_id=home.pk, permission=permission
                )
    return groups


def roles_sync(*, user: Any) -> None:
    """Put a person in the groups their memberships ask for, and out of the others."""
    held = set(Membership.objects.filter(user_id=user.pk).values_list("role", flat=True))
    if not held and not user.groups.filter(name__in=[n for n, _ in GROUPS.values()]).exists():
        return
    names = {role: name for role, (name, _) in GROUPS.items()}
    groups = {group.name: group for group in Group.objects.filter(name__in=names.values())}
    if len(groups) < len(names):
        groups = {group.name: group for group in groups_ensure().values()}
    for role, name in names.items():
        group = groups[name]
        if role in held:
            user.groups.add(group)
        else:
            user.groups.remove(group)


def membership_changed(sender: Any, instance: Membership, raw: bool = False, **kw: Any) -> None:
    """post_save and post_delete of Membership."""
    if not raw:
        roles_sync(user=instance.user)


def user_signed_in(sender: Any, user: Any, **kwargs: Any) -> None:
    """user_logged_in: memberships written in bulk send no signal."""
    roles_sync(user=user)
