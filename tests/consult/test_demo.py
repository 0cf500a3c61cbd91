"""`make demo` and the other commands at the door: what they say when something is in the way."""

import contextlib
import fcntl
import gettext
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

import manage
from analysis.catalogue import catalogues_compile
from consult.demo import supervisor
from consult.demo.earlier import made_by_an_earlier_version, migration_digests
from consult.demo.environment import demo_environment, demo_environment_write
from consult.demo.staff import PEOPLE, demo_codes, password_make, staff_ensure
from consult.demo.supervisor import Demo
from consult.embedded import ServerError, Valkey
from consult.embedded.watch import MOST_DEATHS, Program, Watch
from feedback.outbox.emails import email_send
from feedback.outbox.models import Email
from feedback.people.enums import Role
from feedback.people.models import Membership, User
from tests.servers import ROOT


class Said(list[str]):
    @property
    def text(self) -> str:
        return "\n".join(self)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def demo(tmp_path: Path, said: Said):
    made = Demo(
        base=ROOT,
        var=tmp_path / "var",
        port=free_port(),
        say=said.append,
        complain=said.append,
        # Given, so that no server is started.
        given={"DATABASE_URL": "postgres://db.example/x", "BROKER_URL": "redis://broker.example"},
    )
    with made._stack:
        yield made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- In the way ------------------------------------------------------------------------------


def test_a_second_demo_says_where_the_first_is(demo: Demo, said: Said):
    demo.home.mkdir(parents=True)
    with (demo.home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4321 http://localhost:8765\n")
        lock.flush()
        assert demo.run() == 1
    assert "http://localhost:8765" in said.text
    assert "4321" in said.text
    assert "demo-reset" in said.text


def test_a_port_that_is_taken_is_named_with_another_to_use(demo: Demo, said: Said):
    with socket.create_server(("127.0.0.1", demo.port)):
        assert demo.run() == 1
    (line,) = said
    assert str(demo.port) in line
    other = int(line.partition("PORT=")[2].split()[0])
    with socket.create_server(("127.0.0.1", other)):
        pass


@pytest.mark.parametrize("port", ["80000", "0", "eight", "-1"])
def test_a_port_that_is_none_is_said_in_one_line(port):
    ended = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert f"PORT={port}" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


@pytest.fixture
def database(django_db_setup) -> Iterator[str]:
    """The address of a database with nothing in it."""
    there = connection.settings_dict
    server = {
        "host": there["HOST"],
        "port": there["PORT"],
        "user": there["USER"],
        "password": there["PASSWORD"],
    }
    name = f"demo_{uuid4().hex}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as master:
        master.execute(f"CREATE DATABASE {name}")
        yield psycopg.conninfo.make_conninfo(dbname=name, **server)
        master.execute(f"DROP DATABASE {name}")


@pytest.mark.parametrize("app", ["feedback", "analysis", "cms", "asking"])
def test_a_demo_of_an_earlier_version_is_told_how_to_start_anew(
    demo: Demo, said: Said, database: str, monkeypatch, app: str
):
    """Its migrations are not ours: there is no way from its tables to these."""
    with psycopg.connect(database) as old:
        old.execute("CREATE TABLE django_migrations (app text, name text)")
        old.execute("INSERT INTO django_migrations VALUES (%s, '0007_as_it_was')", [app])
    demo.given.pop("DATABASE_URL")
    kept = SimpleNamespace(start=lambda: database, stop=lambda: said.append("stopped"))
    monkeypatch.setattr(supervisor, "Postgres", lambda home: kept)
    assert demo.run() == 1
    assert "make demo-reset" in said.text
    assert "Traceback" not in said.text
    assert "stopped" in said
    assert "Preparing the database" not in said.text


def test_a_demo_of_this_version_or_none_is_taken_as_it_is(database: str, tmp_path: Path):
    made_by = tmp_path / "made-by"
    assert not made_by_an_earlier_version(database, made_by)
    with psycopg.connect(database) as kept:
        kept.execute("CREATE TABLE django_migrations (app text, name text)")
        kept.cursor().executemany(
            "INSERT INTO django_migrations VALUES (%s, %s)",
            # Others tidy up their migrations: that is theirs to manage.
            [*MigrationLoader(None).disk_migrations, ("wagtailcore", "0001_squashed")],
        )
    made_by.write_text("\n".join(migration_digests().values()))
    assert not made_by_an_earlier_version(database, made_by)


def test_migrations_made_anew_under_the_same_name_are_another_version(
    database: str, tmp_path: Path
):
    made_by = tmp_path / "made-by"
    applied = ("asking", "0001_initial")
    with psycopg.connect(database) as old:
        old.execute("CREATE TABLE django_migrations (app text, name text)")
        old.execute("INSERT INTO django_migrations VALUES (%s, %s)", applied)
    # It was made before digests were kept.
    assert made_by_an_earlier_version(database, made_by)
    digests = migration_digests()
    made_by.write_text("\n".join(digests.values()))
    assert not made_by_an_earlier_version(database, made_by)
    # Migrations that are yet to be applied are no hindrance.
    made_by.write_text(digests[applied])
    assert not made_by_an_earlier_version(database, made_by)
    made_by.write_text("\n".join({**digests, applied: "asking 0001_initial 0f3a"}.values()))
    assert made_by_an_earlier_version(database, made_by)


# --- Watching and stopping -------------------------------------------------------------------


def program(demo: Demo, name: str, source: str, *arguments: str, grace: int = 5) -> Program:
    return Program(
        name,
        [sys.executable, "-c", source, *arguments],
        environment=dict(os.environ),
        log=demo.logs / f"{name}.log",
        folder=demo.base,
        grace=grace,
    )


def until_it_gives_up(work: Callable[[], None], seconds: float = 40) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            work()
        except ServerError as error:
            return str(error)
        time.sleep(0.05)
    raise AssertionError("Nothing was noticed.")


DIES = [
    ("import sys; print('no such table', file=sys.stderr); sys.exit(3)", "code 3"),
    ("import os; print('no such table', flush=True); os.kill(os.getpid(), 9)", "SIGKILL"),
]


@pytest.mark.parametrize(("source", "why"), DIES)
def test_a_program_that_dies_before_all_is_ready_is_named_with_the_end_of_its_log(
    demo: Demo, source: str, why: str
):
    demo._start_program(program(demo, "web", source))
    error = until_it_gives_up(demo._watch.check)
    assert "web" in error
    assert why in error
    assert "no such table" in error


def test_a_program_that_keeps_dying_ends_the_demo(demo: Demo, said: Said):
    source, why = DIES[1]
    demo._start_program(program(demo, "web", source))
    error = until_it_gives_up(demo._watch.revive)
    assert f"{MOST_DEATHS} times" in error
    assert why in error
    assert "no such table" in error
    assert said.text.count("started again") == MOST_DEATHS - 1


def test_a_program_that_is_killed_is_started_again_and_the_others_go_on(demo: Demo, said: Said):
    sleeps = "import time; time.sleep(60)"
    web, worker = (program(demo, name, sleeps) for name in ("web", "worker"))
    for each in (worker, web):
        demo._start_program(each)
    first, other = web.process.pid, worker.process.pid
    os.kill(first, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while "web runs again" not in said.text:
        assert time.monotonic() < deadline
        demo._watch.revive()
        time.sleep(0.05)
    assert web.process.pid != first
    assert web.process.returncode() is None
    assert worker.process.pid == other
    demo._stack.close()
    with pytest.raises(ProcessLookupError):
        os.kill(other, 0)


def test_a_server_that_is_killed_comes_back_where_it_was_with_its_data(tmp_path: Path):
    valkey = Valkey(tmp_path)
    said: list[str] = []
    watch = Watch(said.append)
    url = valkey.start()
    try:
        watch.add(valkey)
        os.kill(valkey.process.pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while not any("runs again" in line for line in said):
            assert time.monotonic() < deadline
            watch.revive()
            time.sleep(0.05)
        assert valkey.url == url
    finally:
        valkey.stop()


NOTES_ITS_END = """
import signal, sys, time
def stop(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
open(sys.argv[1] + sys.argv[2], "w").close()
time.sleep(60)
"""


def test_programs_are_stopped_in_the_opposite_order(demo: Demo, tmp_path: Path):
    notes = tmp_path / "notes"
    for name in ("worker", "web"):
        demo._start_program(program(demo, name, NOTES_ITS_END, str(notes), name, grace=10))
    deadline = time.monotonic() + 20
    while not all((tmp_path / f"notes{name}").exists() for name in ("worker", "web")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    demo._stack.close()
    assert notes.read_text().split() == ["web", "worker"]


def test_a_program_that_will_not_stop_is_made_to(demo: Demo):
    source = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(99)"
    demo._start_program(program(demo, "web", source, grace=1))
    time.sleep(0.5)
    start = time.monotonic()
    demo._stack.close()
    assert time.monotonic() - start < 15


def test_reset_removes_everything_of_the_demo_and_nothing_else(demo: Demo, said: Said):
    (demo.home / "media").mkdir(parents=True)
    (demo.home / "secrets.json").write_text("{}")
    demo.logs.mkdir()
    kept = demo.var / "static" / "x.css"
    kept.parent.mkdir()
    kept.touch()
    assert demo.reset() == 0
    assert [path.name for path in demo.home.iterdir()] == ["lock"]
    assert not demo.logs.exists()
    assert kept.exists()
    assert "DATABASE_URL" in said.text


HOLDS_THE_LOCK = """
import fcntl, os, sys, time
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.write(f"{os.getpid()} http://localhost:1\\n")
lock.flush()
print("held", flush=True)
time.sleep(60)
"""


def test_reset_stops_a_running_demo_first(demo: Demo):
    demo.home.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_THE_LOCK, str(demo.home / "lock")], stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        assert demo.reset() == 0
        assert running.wait(10) == -signal.SIGTERM


# --- What it keeps ---------------------------------------------------------------------------


def test_keys_are_made_once_and_only_we_can_read_them(demo: Demo):
    demo.home.mkdir(parents=True)
    made = demo._secrets()
    assert demo._secrets() == made
    assert len({*made.values()}) == len(made)
    assert stat.S_IMODE((demo.home / "secrets.json").stat().st_mode) == 0o600


def test_a_second_terminal_finds_the_running_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "demo" / "run.env"
    path.parent.mkdir()
    demo_environment_write(path, {"DATABASE_URL": "postgres://a:b=c@127.0.0.1/x", "DEBUG": "false"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert demo_environment(path)["DATABASE_URL"] == "postgres://a:b=c@127.0.0.1/x"
    assert demo_environment(tmp_path / "not-there") == {}
    environment = {"CONSULT_DATA_DIR": str(tmp_path), "DEBUG": "true"}
    monkeypatch.setattr(os, "environ", environment)
    # The demo itself must not take another's for what it was given, nor a site for its own.
    for arguments, given in ((["demo"], {}), (["shell"], {"DATABASE_URL": "postgres://b/y"})):
        monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
        monkeypatch.setattr(os, "environ", before := environment | given)
        manage.reach_demo()
        assert before == environment | given
    monkeypatch.setattr(os, "environ", environment)
    manage.reach_demo()
    assert environment["DATABASE_URL"] == "postgres://a:b=c@127.0.0.1/x"
    assert environment["DEBUG"] == "true"


def test_french_is_compiled_without_gettext_and_only_when_it_changed(tmp_path: Path):
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "locale/fr/LC_MESSAGES/django.po", folder)
    assert catalogues_compile(tmp_path) > 0
    assert catalogues_compile(tmp_path) == 0
    french = gettext.translation("django", tmp_path, languages=["fr"])
    assert french.gettext("Sign out") != "Sign out"


@pytest.mark.django_db
def test_each_role_has_a_person_in_each_department_however_often_it_is_run():
    from tests.factories import make_department

    first = make_department()
    staff_ensure(password=password_make())
    second = make_department()
    staff_ensure(password="the-second")
    for person in PEOPLE:
        user = User.objects.get(username=person.username)
        assert user.check_password("the-second")
        assert user.is_superuser is (person.role is None)
        held = set(Membership.objects.filter(user=user).values_list("department_id", "role"))
        wanted = {(first.pk, person.role), (second.pk, person.role)} if person.role else set()
        assert held >= wanted
        assert len(held) == Membership.objects.filter(user=user).count()
    assert sorted(person.role or "" for person in PEOPLE) == sorted(["", *Role])


@pytest.mark.django_db
def test_who_needs_a_second_step_in_the_demo_has_one_whose_code_is_said(client, settings, capsys):
    from tests.factories import make_department

    settings.CONSULT_SECOND_FACTOR_REQUIRED = ["approver", "analyst", "administrator"]
    make_department()
    staff_ensure(password="of the demo")
    staff_ensure(password="of the demo")
    call_command("demo_code")
    codes = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert codes.keys() == {"analyst", "approver", "administrator"}
    asked = client.post("/staff/sign-in/", {"login": "analyst", "password": "of the demo"})
    there = client.post(asked["Location"], {"code": codes["analyst"]}, follow=True)
    assert (there.status_code, there.request["PATH_INFO"]) == (200, "/staff/")


# --- Which Python ----------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path: Path):
    """A PATH with a shell and the Pythons a test puts there."""
    for name in ("sh", "cat"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")

    def add(name: str, script: str) -> None:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def ask(**environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(ROOT / ".ci" / "python")],
            env={"PATH": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return add, ask


TOO_OLD = 'case "$1" in -V) echo "Python 3.9.2";; *) exit 1;; esac'
NO_VENV = 'case "$2" in *ensurepip*) exit 1;; *sys.version_info\\[*) echo 3.12;; *) exit 0;; esac'
FINE = "exit 0"


@pytest.mark.parametrize(
    ("pythons", "words"),
    [
        ({}, ["3.11", "none was found"]),
        ({"python3": TOO_OLD}, ["3.11", "3.9.2"]),
        ({"python3.12": NO_VENV}, ["venv", "apt-get install python"]),
    ],
)
def test_a_python_that_will_not_do_is_said_in_one_line(machine, pythons, words):
    add, ask = machine
    for name, script in pythons.items():
        add(name, script)
    ended = ask()
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1
    assert not [word for word in words if word not in ended.stderr]


def test_the_newest_python_that_will_do_is_taken_unless_one_is_named(machine, tmp_path: Path):
    add, ask = machine
    add("python3", TOO_OLD)
    add("python3.11", FINE)
    add("python3.13", FINE)
    assert ask().stdout.strip() == str(tmp_path / "python3.13")
    assert ask(PYTHON="python3.11").stdout.strip() == str(tmp_path / "python3.11")
    assert ask(PYTHON="no-such-python").returncode == 1


def test_no_line_of_a_lock_names_where_it_was_downloaded():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        for trace in ("index-url", "http://", "https://", "file:"):
            assert trace not in text, f"{name}: {trace}"


@pytest.fixture(autouse=True)
def _signals_as_before():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        with contextlib.suppress(TypeError):
            signal.signal(number, handler)


# --- Its outbox ------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_outbox_shows_emails_whose_links_work_and_codes(client, settings, tmp_path, language):
    from tests.factories import make_department

    make_department()
    settings.ROOT_URLCONF = "consult.demo.urls"
    settings.CONSULT_SECOND_FACTOR_REQUIRED = ["analyst"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "emails"
    staff_ensure(password="of the demo")
    staff_ensure(password="of the demo")
    client.post("/i18n/set-language/", {"language": language})
    assert client.get("/demo/").status_code == 200
    for name in ("analyst", "author"):
        client.post("/staff/password/", {"email": f"{name}@demo.example"})
    for email in Email.objects.all():
        email_send(email_id=email.pk)
    page = client.get("/demo/").content.decode()
    assert f'lang="{language}"' in page
    assert page.count("<section>") == 2
    (code,) = re.findall(r"<code>(\d{6})</code>", page)
    assert code == demo_codes()["analyst"]
    link = re.search(r'href="http://[^/]+(/staff/password/new/[^"]+)"', page)[1]
    assert client.get(link, follow=True).status_code == 200


def test_the_demo_has_its_own_settings_and_a_site_in_production_not_its_pages():
    from consult import urls
    from consult.demo import settings as demo_settings

    assert demo_settings.ROOT_URLCONF == "consult.demo.urls"
    assert not any(getattr(each, "name", "") == "demo-outbox" for each in urls.urlpatterns)
    said = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "consult.demo.settings",
            "SECRET_KEY": "x" * 40,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
