"""Departments that are renamed or merge, and the directory of them as a file."""

from __future__ import annotations

import base64
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from feedback.audit.enums import Act
from feedback.audit.models import AuditEntry
from feedback.audit.selectors import entries_for
from feedback.audit.wording import said
from feedback.dates import local_day
from feedback.people.departments.directory import (
    COLUMNS,
    DirectoryRefused,
    directory_apply,
    directory_export,
    directory_read,
)
from feedback.people.departments.history import (
    HistoryRefused,
    Refused,
    department_merge,
    department_rename,
    naming_of,
)
from feedback.people.enums import Role
from feedback.people.invitations import invitation_send
from feedback.people.models import Department, FormerName, Membership
from feedback.people.permissions import Scope, departments_where, may, people_who_may
from feedback.people.table import Action
from tests.factories import make_department, make_engagement, make_superuser, make_user

pytestmark = pytest.mark.django_db
TODAY = local_day(timezone.now())
DEPARTMENTS = "/staff/people/departments/"


def signed_in(person: Any, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


# --- Names by date -------------------------------------------------------------------------------


def test_a_name_that_ends_is_kept_with_its_day_and_found_by_date() -> None:
    department = make_department("here", name_en="Ferries", name_fr="Traversiers")
    department_rename(
        department=department, name_en="Boats", name_fr="Bateaux", since=date(2020, 4, 1)
    )
    department_rename(
        department=department, name_en="Ships", name_fr="Navires", since=date(2024, 4, 1)
    )
    # A correction leaves nothing behind.
    department_rename(department=department, name_en="Ships!", name_fr="Navires!", since=None)
    department.refresh_from_db()
    then = {
        day: (naming_of(department, day).name, naming_of(department, day).formerly)
        for day in (None, date(2019, 1, 1), date(2020, 3, 31), date(2020, 4, 1), date(2024, 4, 1))
    }
    assert list(then.values()) == [
        ("Ships!", ""), ("Ships!", "Ferries"), ("Ships!", "Ferries"), ("Ships!", "Boats"),
        ("Ships!", ""),
    ]  # fmt: skip
    with translation.override("fr"):
        assert naming_of(department, date(2021, 1, 1)).formerly == "Bateaux"
    entry = AuditEntry.objects.filter(act=Act.DEPARTMENT_CHANGED)[1]
    assert entry.before == {"name_en": "Boats", "name_fr": "Bateaux", "named_since": "2020-04-01"}
    assert entry.after["named_since"] == "2024-04-01"


@pytest.mark.parametrize(
    ("since", "why"),
    [
        (TODAY + timedelta(days=1), Refused.FUTURE),
        (date(2024, 1, 1), Refused.BEFORE),
        (date(2023, 1, 1), Refused.BEFORE),
    ],
)
def test_a_name_begins_after_the_one_before_and_not_in_the_future(since, why) -> None:
    department = make_department("here", named_since=date(2024, 1, 1))
    with pytest.raises(HistoryRefused) as refusal:
        department_rename(department=department, name_en="A", name_fr="B", since=since)
    assert refusal.value.why == why
    assert not FormerName.objects.exists()
    department.refresh_from_db()
    assert department.name_en != "A"


@pytest.mark.parametrize(
    ("language", "formerly"), [("en", "formerly Ferries"), ("fr", "auparavant Traversiers")]
)
def test_pages_of_what_was_asked_before_say_what_it_was_called(language, formerly) -> None:
    department = make_department("here", name_en="Ferries", name_fr="Traversiers")
    engagement = make_engagement(department, reference_number="bsc-old")
    editor = make_user(department, *Role)
    address = reverse("asking:engagement", args=["bsc-old"])
    assert f"({formerly[:8]}" not in signed_in(editor, language).get(address).content.decode()
    department_rename(
        department=department, name_en="Ships", name_fr="Navires", since=TODAY - timedelta(days=1)
    )
    assert engagement.opens_at < timezone.now() - timedelta(days=1)
    page = " ".join(signed_in(editor, language).get(address).content.decode().split())
    assert formerly in page
    assert ("Navires" if language == "fr" else "Ships") in page


# --- Mergers ----------------------------------------------------------------------


@pytest.fixture
def here() -> Department:
    return make_department("here")


@pytest.fixture
def there() -> Department:
    return make_department("there")


def test_what_a_department_asked_stays_and_the_people_of_the_other_answer_for_it(
    here, there
) -> None:
    engagement = make_engagement(here, reference_number="bsc-here")
    theirs = make_user(there, Role.ANALYST)
    ours = make_user(here, Role.ANALYST, username="amir")
    guest = make_user(username="guest")
    Membership.objects.create(user=guest, department=here, role=Role.ANALYST, engagement=engagement)
    address = reverse("asking:engagement", args=["bsc-here"])
    assert signed_in(theirs).get(address).status_code == 404
    boss = make_superuser("ada")
    department_merge(department=here, into=there, on=TODAY, actor=boss)
    for person in (theirs, ours):
        assert signed_in(person).get(address).status_code == 200
        assert may(person, Action.REVIEW, Scope(here))
        assert set(departments_where(person, Action.SEE)) == {here, there}
        assert person in people_who_may(Action.REVIEW, Scope(here))
    assert signed_in(guest).get(address).status_code == 200
    assert not may(guest, Action.REVIEW, Scope(there))
    engagement.refresh_from_db()
    assert engagement.department == here
    assert list(Membership.objects.filter(user=ours).values_list("department__code", "role")) == [
        ("there", "analyst")
    ]
    # Nobody else.
    stranger = make_user(make_department("elsewhere"), *Role)
    assert signed_in(stranger).get(address).status_code == 404
    # It is told, and read by whoever audits the other.
    entry = AuditEntry.objects.get(act=Act.DEPARTMENT_MERGED)
    assert (entry.actor_name, entry.reference, entry.departments) == ("ada", "here", ["here"])
    assert entry.after == {"successor": "there", "merged_on": TODAY.isoformat()}
    assert entry in entries_for(make_user(there, Role.AUDITOR))
    assert {line.label for line in said(entry.act, {}, entry.after)} == {"went into", "merged on"}


def test_it_asks_nothing_new_and_takes_nobody_in(here, there) -> None:
    boss = make_superuser()
    invitation = invitation_send(
        email="nora@here.example", language="fr", department=here, role=Role.ANALYST, actor=boss
    )
    department_merge(department=here, into=there, on=TODAY, actor=boss)
    invitation.refresh_from_db()
    assert invitation.department == there
    client = signed_in(boss)
    for address, field in (
        ("/cms/engagements/new/", "department"),
        ("/cms/memberships/new/", "department"),
        ("/staff/people/invitations/", "department"),
    ):
        offered = client.get(address).context["form"].fields[field].queryset
        assert list(offered) == [there], address


def test_one_that_had_taken_another_in_takes_it_along(here, there) -> None:
    boss = make_superuser()
    first = make_department("first")
    department_merge(department=first, into=here, on=TODAY, actor=boss)
    department_merge(department=here, into=there, on=TODAY, actor=boss)
    assert set(there.predecessors.all()) == {first, here}
    person = make_user(there, Role.ANALYST)
    assert set(departments_where(person, Action.SEE)) == {first, here, there}


def test_mergers_that_cannot_be_are_refused(here, there) -> None:
    boss = make_superuser()
    gone = make_department("gone")
    department_merge(department=gone, into=there, on=TODAY, actor=boss)
    for department, into, on, why in (
        (here, here, TODAY, Refused.ITSELF),
        (gone, here, TODAY, Refused.GONE),
        (here, gone, TODAY, Refused.INTO_GONE),
        (here, there, TODAY + timedelta(days=1), Refused.FUTURE),
    ):
        with pytest.raises(HistoryRefused) as refusal:
            department_merge(department=department, into=into, on=on, actor=boss)
        assert refusal.value.why == why
    # Nor by any other way.
    for values in ({"successor": there}, {"merged_on": TODAY}, {"successor": here}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Department.objects.filter(pk=here.pk).update(**values)


def test_files_and_pages_of_one_that_merged_are_found_by_the_other(here, there) -> None:
    from cms.publishing.models import DepartmentFiles
    from cms.publishing.policies import document_policy

    theirs = make_user(there, *Role)
    department_merge(department=here, into=there, on=TODAY, actor=make_superuser())
    collections = document_policy.collections_user_has_any_permission_for(theirs, ["choose"])
    held = DepartmentFiles.objects.filter(department__in=[here, there])
    assert set(collections) == {files.collection for files in held}
    collection = held.get(department=here).collection
    able = document_policy._users_with_perm_filter(["choose"], collection)
    assert type(theirs).objects.filter(able, pk=theirs.pk).exists()


# --- On the screen -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_administrator_renames_and_merges_on_the_screen(here, there, language) -> None:
    client = signed_in(make_superuser(), language)
    assert here.name_en in signed_in(make_superuser()).get(DEPARTMENTS).content.decode()
    address = f"{DEPARTMENTS}here/"
    names = {"act": "rename", "name_en": "Ships", "name_fr": "Navires"}
    refused = client.post(address, names | {"since": (TODAY + timedelta(days=2)).isoformat()})
    assert refused.status_code == 422
    assert b'role="alert"' in refused.content
    assert client.post(address, names | {"name_fr": " ", "since": "x"}).status_code == 422
    assert client.post(address, names | {"since": TODAY.isoformat()}).status_code == 302
    here.refresh_from_db()
    assert (here.name_fr, here.named_since) == ("Navires", TODAY)
    merge = {"act": "merge", "into": there.pk, "on": TODAY.isoformat()}
    assert client.post(address, merge).status_code == 422
    assert client.post(address, merge | {"is_sure": "on", "into": here.pk}).status_code == 422
    assert client.post(address, merge | {"is_sure": "on"}).status_code == 302
    page = client.get(address)
    assert there.name in page.content.decode() or there.name_fr in page.content.decode()
    assert b'name="act"' not in page.content
    # Once is enough.
    assert client.post(address, merge | {"is_sure": "on"}).status_code == 422
    assert client.post(address, names | {"since": TODAY.isoformat()}).status_code == 422
    assert client.get(f"{DEPARTMENTS}nothing/").status_code == 404


# --- The directory -----------------------------------------------------------------------------


def exported() -> bytes:
    text = io.StringIO(newline="")
    directory_export(text)
    return ("\ufeff" + text.getvalue()).encode()


def test_what_is_exported_reads_back_as_nothing_new(here, there) -> None:
    boss = make_superuser()
    Department.objects.filter(pk=there.pk).update(
        name_en='=HYPERLINK("x"), "quoted"', name_fr="Été\r\nau lac; oui", phone="+1 613 555-0100",
        email="there@example.ca", accent_colour="#0a6a62", named_since=date(2020, 1, 1),
    )  # fmt: skip
    department_merge(department=here, into=there, on=TODAY, actor=boss)
    raw = exported()
    assert b"'=HYPERLINK" in raw
    plan = directory_read(raw)
    assert (plan.entries, plan.unchanged, plan.faults) == ((), 2, ())
    written = AuditEntry.objects.count()
    directory_apply(raw, digest=None, actor=boss)
    assert AuditEntry.objects.count() == written


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.removeprefix(b"\xef\xbb\xbf"),
        lambda raw: raw.replace(b"\r\n", b"\n"),
        lambda raw: raw.replace(b",", b";"),
        lambda raw: raw + b",,,,,,,,,\r\n\r\n",
    ],
)
def test_a_file_is_read_however_a_program_wrote_it(here, there, change) -> None:
    plan = directory_read(change(exported()))
    assert (plan.entries, plan.unchanged, plan.faults) == ((), 2, ())


def test_a_file_says_what_it_would_do_and_does_it_once_it_may(here, there) -> None:
    boss = make_superuser("ada")
    day = "2025-04-01"
    raw = (
        "code,name_en,name_fr,named_since,phone,successor,merged_on\n"
        f"here,Department here,Ministère here,,,new,{day}\n"
        f"there,Ships,Navires,{day},'+1 613 555-0199,,\n"
        "new,Boats,Bateaux,,,,\n"
    ).encode()
    plan = directory_read(raw)
    assert not plan.faults
    assert [(e.code, e.is_new, [d.column for d in e.differences]) for e in plan.entries] == [
        ("here", False, ["successor", "merged_on"]),
        ("there", False, ["name_en", "name_fr", "named_since", "phone"]),
        ("new", True, ["code", "name_en", "name_fr"]),
    ]
    assert Department.objects.count() == 2
    directory_apply(raw, digest=plan.digest, actor=boss)
    here.refresh_from_db()
    there.refresh_from_db()
    assert here.successor.code == "new"
    assert (there.name_fr, there.phone) == ("Navires", "+1 613 555-0199")
    assert there.former_names.get().until == date(2025, 4, 1)
    assert AuditEntry.objects.get(act=Act.DEPARTMENT_MERGED).actor_name == "ada"
    # Again it does nothing.
    assert directory_read(raw).unchanged == 3


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (["x,A,"], [(2, "name_fr")]),
        (["x y,A,B"], [(2, "code")]),
        (["x,A,B", "y,A,B", "x,A,B"], [(4, "code")]),
        (["x,A,B,2999-01-01"], [(2, "named_since")]),
        (["x,A,B,soon"], [(2, "named_since")]),
        (["here,Department here,Ministère here,2020-01-01"], [(2, "named_since")]),
        (["old,New,Neuf,2019-01-01"], [(2, "named_since")]),
        (["x,A,B,,nobody"], [(2, "email")]),
        (["x,A,B,,,,red"], [(2, "accent_colour")]),
        (["x,A,B,,,,,7"], [(2, "smallest_cell")]),
        (["x,A,B,,,,,ten"], [(2, "smallest_cell")]),
        (["x,A,B,,,,,5,here"], [(2, "merged_on")]),
        (["x,A,B,,,,,5,,2020-01-01"], [(2, "successor")]),
        (["x,A,B,,,,,5,nowhere,2020-01-01"], [(2, "successor")]),
        (["x,A,B,,,,,5,x,2020-01-01"], [(2, "successor")]),
        (["x,A,B,,,,,5,here,2999-01-01"], [(2, "merged_on")]),
        (["x,A,B,,,,,5,gone,2020-01-01"], [(2, "successor")]),
        (
            ["x,A,B,,,,,5,y,2020-01-01", "y,A,B,,,,,5,x,2020-01-01"],
            [(2, "successor"), (3, "successor")],
        ),
        (["gone,Department gone,Ministère gone,,,,,10"], [(2, "successor")]),
    ],
)
def test_what_is_wrong_is_said_row_by_row_and_nothing_is_written(here, rows, faults) -> None:
    boss = make_superuser()
    make_department("old", named_since=date(2020, 1, 1))
    department_merge(department=make_department("gone"), into=here, on=TODAY, actor=boss)
    width = len(COLUMNS)
    padded = [row + "," * (width - 1 - row.count(",")) for row in rows]
    # A number there must be.
    padded = [re.sub(r"^((?:[^,]*,){7}),", r"\g<1>10,", row) for row in padded]
    raw = "\r\n".join([",".join(COLUMNS), *padded]).encode()
    written = AuditEntry.objects.count()
    for language in ("en", "fr"):
        with translation.override(language):
            plan = directory_read(raw)
        assert [(fault.line, fault.column) for fault in plan.faults] == faults
        assert not plan.entries
    with pytest.raises(DirectoryRefused):
        directory_apply(raw, digest=None, actor=boss)
    assert not Department.objects.filter(code__in=("x", "y")).exists()
    assert AuditEntry.objects.count() == written


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", 1),
        (b"code,name_en\nx,A\n", 1),
        (b"code,name_en,name_fr,colour\n", 1),
        (b"code,name_en,name_fr,code\n", 1),
        (b"code,name_en,name_fr,successor\n", 1),
        (b"code,name_en,name_fr\nx,A\n", 2),
        (b'code,name_en,name_fr\nx,"A,B\n', 2),
        (b"code,name_en,name_fr\nx,\xe9t\xe9,B\n", 0),
        ("code,name_en,name_fr\nx,A,B\n".encode("utf-16"), 0),
        (b"code,name_en,name_fr\nx,A\0,B\n", 0),
        (b"code,name_en,name_fr\n" + b"x,A,B\n" * 2001, 0),
        (b"x" * (512 * 1024 + 1), 0),
    ],
)
def test_a_file_that_is_no_directory_is_refused_in_both_languages(raw, line) -> None:
    said_in = set()
    for language in ("en", "fr"):
        with translation.override(language):
            (fault,) = directory_read(raw).faults
        assert fault.line == line
        said_in.add(fault.says)
    assert len(said_in) == 2


def test_what_was_shown_is_what_is_written_or_it_is_shown_again(here, there) -> None:
    client = signed_in(make_superuser())
    raw = b"code,name_en,name_fr\nhere,Ships,Navires\n"
    page = client.post(DEPARTMENTS, {"file": SimpleUploadedFile("d.csv", raw)})
    assert page.status_code == 200
    Department.objects.get(code="here")
    shown = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]
        for name in ("content", "digest")
    }
    assert base64.b64decode(shown["content"]) == raw
    here.name_fr = "Vaisseaux"
    here.save()
    again = client.post(DEPARTMENTS, shown)
    assert again.status_code == 409
    assert "Vaisseaux" in again.content.decode()
    shown["digest"] = again.context["plan"].digest
    assert client.post(DEPARTMENTS, shown)["Location"] == DEPARTMENTS
    here.refresh_from_db()
    assert here.name_fr == "Navires"
    wrong = client.post(DEPARTMENTS, {"file": SimpleUploadedFile("d.csv", b"nothing")})
    assert wrong.status_code == 422
    assert client.post(DEPARTMENTS, {}).status_code == 422
    assert client.post(DEPARTMENTS, shown | {"content": "?"}).status_code == 400
    out = client.get("/staff/people/departments.csv")
    assert out.content == exported()
    assert AuditEntry.objects.filter(act=Act.EXPORTED, reference="departments-export").exists()


def test_the_command_shows_writes_and_refuses(here, tmp_path, capsys) -> None:
    make_superuser("ada")
    file = tmp_path / "departments.csv"
    call_command("departments", "export", str(file))
    assert file.read_bytes() == exported()
    file.write_text("code,name_en,name_fr\nhere,Ships,Navires\n")
    call_command("departments", "import", str(file))
    out = capsys.readouterr().out
    assert "Navires" in out
    here.refresh_from_db()
    assert here.name_fr != "Navires"
    call_command("departments", "import", str(file), "--write", "--as", "ada")
    here.refresh_from_db()
    assert here.name_fr == "Navires"
    assert AuditEntry.objects.filter(act=Act.DEPARTMENT_CHANGED, actor_name="ada").exists()
    file.write_text("code,name_en,name_fr\nhere,,Navires\n")
    with pytest.raises(CommandError) as refusal:
        call_command("departments", "import", str(file))
    assert "line 2" in str(refusal.value)
    assert "ligne 2" in str(refusal.value)
    with pytest.raises(CommandError, match="nobody"):
        call_command("departments", "import", str(file), "--write", "--as", "nobody")
    with pytest.raises(CommandError):
        call_command("departments", "import", str(tmp_path / "nothing.csv"))
