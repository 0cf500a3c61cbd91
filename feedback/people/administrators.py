"""There is always somebody who can let people in."""

from __future__ import annotations

from feedback.people.models import User


def is_last_administrator(user: User) -> bool:
    """Whether nobody but this person would be left to administer the site.

    In a transaction: whoever takes the last but one away at the same time is waited for, and no
    other can until this one has ended.
    """
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    numbers = {each.pk for each in administrators.order_by("pk")}
    return numbers == {user.pk}
