"""A department with the people of a review, and the two kinds of thing that are reviewed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from wagtail.log_actions import log

from feedback.approval.reviewed import kind_of
from feedback.approval.selectors import review_for
from feedback.approval.services.reviews import review_agree, review_ask, review_send
from feedback.asking.life import EngagementStatus
from feedback.people.enums import Role, WaitingEmails
from tests.factories import (
    make_department,
    make_engagement,
    make_pages,
    make_questionnaire,
    make_user,
)

A, T, P = Role.AUTHOR, Role.TRANSLATOR, Role.APPROVER


class House:
    """One department; ``thing``: a pair's English page, or an engagement, to be reviewed."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.department = make_department()
        self.author = self.person("ada", A, language="en")
        self.translator = self.person("théo", T, language="fr")
        self.approver = self.person("pia", P, language="fr")
        self.engagement = make_engagement(
            self.department,
            status=EngagementStatus.APPROVED if kind == "pages" else EngagementStatus.DRAFT,
        )
        make_questionnaire(self.engagement)
        self.pair = make_pages(self.engagement, published=False) if kind == "pages" else None
        self.thing: Any = self.pair.english if self.pair else self.engagement

    def person(self, name: str, *roles: Role, language: str = "en") -> Any:
        return make_user(
            self.department,
            *roles,
            username=f"{name}-{self.department.pk}",
            first_name=name.title(),
            waiting_emails=WaitingEmails.AT_ONCE,
            email=f"{name}-{self.department.pk}@example.org".replace("é", "e"),
            language=language,
        )

    def wrote(self, user: Any) -> None:
        """The person changes both languages, as on the screens."""
        if self.pair is None:
            engagement = self.engagement
            engagement.refresh_from_db()
            engagement.title_en += "!"
            engagement.title_fr += "!"
            engagement.save(update_fields=["title_en", "title_fr"])
            log(instance=engagement, action="wagtail.edit", user=user)
            # A commit in between: what is approved later was changed before.
            connection.check_constraints()
            return
        for page in self.pair.pages:
            draft = page.get_latest_revision_as_object()
            draft.lead += "!"
            draft.save_revision(user=user)

    def review(self, user: Any) -> Any:
        return review_for(user, self.fresh())

    def fresh(self) -> Any:
        return type(self.thing)._default_manager.get(pk=self.thing.pk)

    def send(self, user: Any = None) -> Any:
        return review_send(thing=self.fresh(), actor=user or self.author)

    def agree(self, user: Any, **more: Any) -> None:
        seen = self.review(user)
        review_agree(thing=self.fresh(), task_state_id=seen.task_state_id or 0, actor=user, **more)

    def ask(self, user: Any, comment: str = "Le titre ne dit pas la même chose.") -> None:
        seen = self.review(user)
        review_ask(
            thing=self.fresh(),
            task_state_id=seen.task_state_id or 0,
            actor=user,
            comment=comment,
        )

    @property
    def is_out(self) -> bool:
        """Whether the last yes has done what it is for."""
        thing = self.fresh()
        if self.pair is None:
            return bool(thing.status == EngagementStatus.APPROVED)
        return all(type(p)._default_manager.get(pk=p.pk).live for p in self.pair.pages)

    @property
    def words(self) -> list[str]:
        """Something of both languages that the public reads."""
        if self.pair is None:
            return [self.engagement.title_en, self.engagement.title_fr]
        return [page.short_title for page in self.pair.pages]

    @property
    def address(self) -> str:
        return str(kind_of(self.thing).address(self.thing)).partition("#")[0]


@pytest.fixture(params=["pages", "engagement"])
def house(request: pytest.FixtureRequest) -> House:
    return House(request.param)


@pytest.fixture
def pages() -> House:
    return House("pages")


@pytest.fixture
def engagement() -> House:
    return House("engagement")
