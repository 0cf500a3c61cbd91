"""The audit log is written once, chained in order, and says so where it was touched."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from feedback.audit.enums import About, Act
from feedback.audit.models import AuditEntry, AuditHead
from feedback.audit.services import chain
from feedback.audit.services.chain import Fault, audit_chain, audit_verify
from feedback.audit.services.entries import audit_record
from feedback.people.enums import Role
from tests.factories import make_department, make_superuser, make_user

pytestmark = pytest.mark.django_db


def record(reference: str, **more) -> None:
    audit_record(Act.ENGAGEMENT_MOVED, about=About.ENGAGEMENT, reference=reference, **more)


@contextmanager
def tampering():
    """As somebody who owns the tables: triggers are no wall to them."""
    with connection.cursor() as cursor:
        for table in ("audit_auditentry", "audit_audithead"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for table in ("audit_auditentry", "audit_audithead"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.fixture
def chained() -> list[AuditEntry]:
    """Five entries in their places; what the fixtures of others wrote comes before them."""
    audit_chain()
    for number in range(5):
        record(f"bsc-{number}", before={"status": "é"}, after={"status": "approved", "n": 1.5})
    audit_chain()
    return list(AuditEntry.objects.order_by("-place")[:5])[::-1]


def test_an_act_costs_one_insert_and_names_what_the_person_held() -> None:
    here, there = make_department("here"), make_department("there")
    person = make_user(here, Role.AUTHOR, Role.APPROVER, username="elise")
    with CaptureQueriesContext(connection) as queries:
        record("bsc-1", actor=person, department_id=there.pk)
    assert len(queries) == 1
    entry = AuditEntry.objects.first()
    assert (entry.actor_name, entry.actor_number) == ("elise", person.pk)
    assert entry.roles == ["here/approver", "here/author"]
    assert entry.departments == ["there"]
    record("bsc-1", actor=person)
    assert AuditEntry.objects.first().departments == ["here"]
    record("bsc-1", actor=make_superuser())
    assert AuditEntry.objects.first().roles == ["administrator"]
    record("bsc-1")
    by_itself = AuditEntry.objects.first()
    assert (by_itself.actor_name, by_itself.roles, by_itself.departments) == ("", [], [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET reference = 'x'",
        "UPDATE audit_auditentry SET place = place + 1000, seal = 'x'",
        "UPDATE audit_auditentry SET place = NULL, seal = ''",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "INSERT INTO audit_auditentry (at, act, actor_name, roles, departments, about, reference,"
        " before, after, place, seal) VALUES (now(), 'x', '', '{}', '{}', 'x', '', '{}', '{}',"
        " 99999, 'x')",
        "UPDATE audit_audithead SET place = place - 1",
        "DELETE FROM audit_audithead",
        "TRUNCATE audit_audithead",
        "INSERT INTO audit_audithead (id, place, seal) VALUES (2, 0, '')",
    ],
)
def test_the_database_refuses_to_change_what_is_written(chained, statement) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_entry_that_waits_can_only_be_given_its_place() -> None:
    record("bsc-1")
    for changes in ({"reference": "x"}, {"reference": "x", "place": 10**6, "seal": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEntry.objects.filter(place__isnull=True).update(**changes)


TAMPERED = [
    ("UPDATE audit_auditentry SET actor_name = 'nobody' WHERE id = %(id)s", Fault.CHANGED, 0),
    ("UPDATE audit_auditentry SET at = at + interval '1 s' WHERE id = %(id)s", Fault.CHANGED, 0),
    ("UPDATE audit_auditentry SET after = '{}' WHERE id = %(id)s", Fault.CHANGED, 0),
    ("UPDATE audit_auditentry SET departments = '{x}' WHERE id = %(id)s", Fault.CHANGED, 0),
    ("UPDATE audit_auditentry SET seal = repeat('0', 64) WHERE id = %(id)s", Fault.CHANGED, 0),
    ("DELETE FROM audit_auditentry WHERE id = %(id)s", Fault.MISSING, 0),
    ("DELETE FROM audit_auditentry WHERE id > %(id)s", Fault.CUT_OFF, 1),
    ("DELETE FROM audit_audithead; DELETE FROM audit_auditentry WHERE id > %(id)s", None, 0),
]


@pytest.mark.parametrize(("statement", "fault", "further"), TAMPERED)
def test_what_was_touched_is_found_and_named(chained, statement, fault, further) -> None:
    kept = AuditHead.objects.get()
    assert audit_verify().fault is None
    third = chained[2]
    with tampering() as cursor:
        cursor.execute(statement.replace("%(id)s", str(third.pk)))
    verdict = audit_verify()
    assert verdict.fault == fault
    if fault is None:
        # Whoever took the head back as well is found by one that was kept elsewhere.
        verdict = audit_verify([(kept.place, kept.seal)])
        assert (verdict.fault, verdict.place) == (Fault.CUT_OFF, third.place + 1)
        return
    assert verdict.place == third.place + further
    with pytest.raises(CommandError, match=f"place {verdict.place}") as refusal:
        call_command("audit_verify")
    assert refusal.value.returncode == 1


def test_a_chain_made_anew_without_the_key_is_not_one(chained, settings) -> None:
    """Somebody who owns the database and knows this program changes a row and seals all anew."""
    with tampering() as cursor:
        cursor.execute(
            "UPDATE audit_auditentry SET actor_name = 'nobody' WHERE id = %s", [chained[0].pk]
        )
        cursor.execute("UPDATE audit_auditentry SET place = NULL, seal = ''")
        cursor.execute("UPDATE audit_audithead SET place = 0, seal = ''")
    settings.CONSULT_RECEIPT_KEY, key = "guessed", settings.CONSULT_RECEIPT_KEY
    audit_chain()
    assert audit_verify().fault is None
    settings.CONSULT_RECEIPT_KEY = key
    assert audit_verify().fault == Fault.CHANGED


def test_a_head_kept_elsewhere_is_one_of_the_chain(chained, capsys) -> None:
    heads = [f"{entry.place}:{entry.seal}" for entry in chained]
    call_command("audit_verify", *[f"--head={head}" for head in heads])
    assert f"head: {heads[-1]}" in capsys.readouterr().out
    wrong = heads[2][:-1] + ("0" if heads[2][-1] != "0" else "1")
    with pytest.raises(CommandError, match=f"place {chained[2].place} "):
        call_command("audit_verify", f"--head={heads[2]}", f"--head={wrong}")
    record("bsc-late")
    call_command("audit_verify")
    assert "not chained yet: 1" in capsys.readouterr().out


def test_everything_said_is_sealed() -> None:
    """A new column is sealed too, or this fails."""
    record("bsc-1")
    entry = AuditEntry.objects.first()
    sealed = json.loads(chain.canonical(entry, 7, "before")).keys()
    assert sealed == {f.name for f in AuditEntry._meta.fields} - {"seal"} | {"previous"}


def test_long_chains_are_sealed_in_rounds(monkeypatch, chained) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)
    for number in range(5):
        record(f"bsc-{number}")
    assert audit_chain() == 5
    assert audit_chain() == 0
    assert audit_verify().fault is None


@pytest.mark.django_db(transaction=True)
def test_acts_do_not_wait_for_each_other_and_all_are_chained() -> None:
    """One act is still open while others are done and chained; two tasks chain at once."""
    opened, closed = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def slow() -> None:
        with transaction.atomic():
            record("slow")
            opened.set()
            assert closed.wait(20)

    def quick(name: str) -> None:
        for number in range(20):
            record(f"{name}-{number}")
            audit_chain()

    def run(work, *args) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*args)
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    first = run(slow)
    assert opened.wait(20)
    others = [run(quick, name) for name in ("a", "b")]
    for thread in others:
        thread.join(30)
    assert audit_verify().fault is None
    assert AuditEntry.objects.filter(place__isnull=True).count() == 0
    last = AuditHead.objects.get().place
    closed.set()
    first.join(30)
    assert not errors
    assert audit_chain() == 1
    late = AuditEntry.objects.get(reference="slow")
    # Written first, committed last.
    assert late.place == last + 1
    assert late.pk < AuditEntry.objects.filter(reference__startswith="a-").last().pk
    assert audit_verify().fault is None
    with transaction.atomic():
        record("undone")
        transaction.set_rollback(True)
    record("after a number that nobody has")
    audit_chain()
    assert audit_verify().fault is None
