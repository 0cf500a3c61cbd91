"""A department, its analyst, and the analyst at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from feedback.asking.models import Question
from feedback.people.enums import Role
from feedback.people.models import Department
from tests.factories import make_department, make_user


@pytest.fixture
def department() -> Department:
    return make_department()


@pytest.fixture
def analyst(department: Department) -> Any:
    return make_user(department, Role.ANALYST)


@pytest.fixture
def desk(client: Client, analyst: Any) -> Client:
    client.force_login(analyst)
    return client


def address(question: Question, name: str = "desk", *more: int) -> str:
    reference = question.questionnaire.engagement.reference_number
    return reverse(f"review:{name}", args=[reference, question.code, *more])
