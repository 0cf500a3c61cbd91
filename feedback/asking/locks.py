"""Keeping those who answer and the one who changes the questions out of each other's way.

Advisory locks of PostgreSQL, held to the end of the transaction. Any number of people answer at
once; whoever changes the questions waits for them, and they for her, first come first served (row
locks would let a busy day keep her waiting for ever, and foreign keys lock only at commit).
"""

from __future__ import annotations

from django.db import connection

from feedback.asking.models import Questionnaire

# Any number, as long as nothing else in the database uses it for its own locks.
_QUESTIONNAIRE = 4_711


def hold_questions_still(questionnaire: Questionnaire) -> None:
    """From here to the commit nobody changes these questions. For whoever stores answers."""
    _execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", questionnaire)


def wait_for_answers(questionnaire: Questionnaire) -> None:
    """From here to the commit nobody stores answers to these questions. For their author."""
    _execute("SELECT pg_advisory_xact_lock(%s, %s)", questionnaire)


def _execute(statement: str, questionnaire: Questionnaire) -> None:
    with connection.cursor() as cursor:
        # Two 32-bit keys; a number above them shares its lock with another, and only waits more.
        cursor.execute(statement, [_QUESTIONNAIRE, questionnaire.pk % 2**31])
