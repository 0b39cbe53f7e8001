"""The ground the whole suite stands on: a real PostgreSQL, Django's settings, and no network.

One private server (the wheel's, unless MAJLIS_TESTS_POSTGRES says otherwise) per run, in a folder of
its own, shared by the workers of pytest-xdist, each with its own database. The addresses must be in
the environment before Django reads its settings, so this happens while this file is imported.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import hypothesis
import psycopg
import pytest
import pytest_socket
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql
from pytest_django import DjangoDbBlocker

from majlis.config.commands import schema
from majlis.core.postgres import Choice, Server, available, ensure

if TYPE_CHECKING:
    from cast import Member

_SHARED = "MAJLIS_TESTS_SERVER"  # set by the process that started the server; its workers inherit it
_LOOPBACK = ["127.0.0.1", "::1", "localhost"]
_real_getaddrinfo = socket.getaddrinfo


def _forget_the_machines_settings() -> None:
    for name in list(os.environ):
        if name.startswith("MAJLIS_") and not name.startswith(("MAJLIS_TESTS_", "MAJLIS_SHARED")):
            del os.environ[name]


def _start_server() -> tuple[Server, Path]:
    folder = Path(tempfile.mkdtemp(prefix="majlis-tests-"))
    folder.chmod(0o711)  # started by root, the server runs as another account and must pass through
    choice = cast("Choice", os.environ.get("MAJLIS_TESTS_POSTGRES", "wheel"))
    server = ensure(folder, choice, durable=False, bound=True, tell=lambda line: None)
    atexit.register(_clear_away, server, folder)
    return server, folder


def _clear_away(server: Server, folder: Path) -> None:
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _point_settings_at(folder: Path) -> None:
    data_dir = folder / os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ |= {
        "MAJLIS_DATA_DIR": str(data_dir),
        "MAJLIS_FAST_HASHING": "true",
        "MAJLIS_LIMITS": "false",
        "DJANGO_SETTINGS_MODULE": "majlis.config.django_settings",
    }


# how long an example takes says something of the machine, not of the code
hypothesis.settings.register_profile("house", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("house")
_forget_the_machines_settings()
_started: tuple[Server, Path] | None = None
if _SHARED not in os.environ:
    _started = _start_server()
    os.environ |= {_SHARED: str(_started[1]), "DATABASE_URL": _started[0].url}
_point_settings_at(Path(os.environ[_SHARED]))

# pytest-django sets Django up in its own pytest_configure, provided that the settings were loaded before
from django.conf import settings as _settings  # noqa: E402
from django.db import connection as django_db  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402
from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402

_settings.DATABASES  # noqa: B018


_KEPT_SCHEMAS = Path(__file__).parent.parent / ".build" / "schema"


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own database, filled from schema.sql: running all migrations takes long.

    While migrations are being worked on and schema.sql is behind, the result is kept in .build.
    """
    name = f"test_majlis_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    main = os.environ["DATABASE_URL"]
    with psycopg.connect(main, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = main.replace("@/majlis?", f"@/{name}?")
    kept = _KEPT_SCHEMAS / f"{schema.fingerprint()}.sql"
    schema.bring_up_to_date(url, snapshots=[schema.SNAPSHOT, kept])
    if not kept.exists() and schema.fingerprint() not in schema.SNAPSHOT.read_text(encoding="utf-8")[:200]:
        _keep_schema(url, kept)
    django_db.settings_dict["NAME"] = name
    yield
    with django_db_blocker.unblock():
        django_db.close()


def _keep_schema(url: str, kept: Path) -> None:
    programs = available("wheel")[0]
    options = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=500", f"--dbname={url}"]
    dump = subprocess.run([programs.program("pg_dump"), *options], check=True, capture_output=True, text=True)
    kept.parent.mkdir(parents=True, exist_ok=True)
    fresh = kept.with_suffix(f".{os.getpid()}")
    fresh.write_text(schema.snapshot_of(dump.stdout), encoding="utf-8")
    fresh.replace(kept)


@pytest.fixture(autouse=True)
def _the_servers_language() -> Iterator[None]:
    """A test that asked a page in Arabic leaves its thread speaking it; the next one starts afresh."""
    yield
    translation.deactivate()


_OF_DJANGO = {
    "django_content_type",
    "auth_permission",
    "django_migrations",
    "django_site",
}  # the same for every test


def _empty_what_was_filled(_case: TransactionTestCase) -> None:
    """After a test that commits: delete from the tables that hold rows.

    Django would truncate every table there is, a hundred files anew for a test that wrote to three, and
    then ask each application for its permissions again.
    """
    tables = [t for t in django_db.introspection.django_table_names() if t not in _OF_DJANGO]
    held = (
        "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind = 'r' AND pg_relation_size(oid) > 0"
    )
    with transaction.atomic(), django_db.cursor() as cursor:
        cursor.execute(held, [tables])
        for (table,) in cursor.fetchall():  # in any order: references are looked at when this commits
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


TransactionTestCase._fixture_teardown = _empty_what_was_filled  # type: ignore[attr-defined]


_static_files: dict[tuple[object, ...], dict[str, Any]] = {}
_look_for_static_files = WhiteNoiseMiddleware.add_files_from_finders


def _static_files_of_before(self: Any) -> None:
    """Every Client of a test makes the middleware anew; the static files are looked for the first time only."""
    asked = (self.static_prefix, self.max_age, self.allow_all_origins, self.charset)
    if asked not in _static_files:
        _look_for_static_files(self)
        _static_files[asked] = dict(self.files)
    self.files = {**self.files, **_static_files[asked]}


WhiteNoiseMiddleware.add_files_from_finders = _static_files_of_before


def _member(name: str) -> Callable[[None], Member]:
    def make(db: None) -> Member:
        import cast as people  # needs Django, which is not set up while this file is read

        return getattr(people, name)()  # type: ignore[no-any-return]

    return make


alice = pytest.fixture(name="alice")(_member("alice"))
bob = pytest.fixture(name="bob")(_member("bob"))
dana = pytest.fixture(name="dana")(_member("dana"))
charlie = pytest.fixture(name="charlie")(_member("charlie"))
operator = pytest.fixture(name="operator")(_member("operator"))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Any]:
    """A web site on loopback with TLS."""
    import websites  # needs Django, which is not set up while this file is read

    with websites.website(tmp_path) as made:
        yield made


def _resolve_loopback_only(host: str | bytes | None, *arguments: object, **options: object) -> object:
    name = host.decode() if isinstance(host, bytes) else host
    if name not in {None, "", *_LOOPBACK}:
        raise pytest_socket.SocketConnectBlockedError(_LOOPBACK, name)
    return _real_getaddrinfo(host, *arguments, **options)  # type: ignore[arg-type]


def pytest_runtest_setup() -> None:
    """Nothing leaves the machine: unix sockets and loopback only, and no name is looked up."""
    pytest_socket.socket_allow_hosts(_LOOPBACK, allow_unix_socket=True)
    socket.getaddrinfo = _resolve_loopback_only  # type: ignore[assignment]


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("MAJLIS_TESTS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real browser. Each test opens a context of its own in it."""
    program = _chromium()
    if program is None:
        pytest.skip(_NO_BROWSER)
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        loop = asyncio._get_running_loop()
        yield browser
        asyncio._set_running_loop(loop)  # the last test may be one that does not see it
        browser.close()


_UNSAFE: Final = "DJANGO_ALLOW_ASYNC_UNSAFE"


@contextmanager
def _without_the_browsers_loop() -> Iterator[None]:
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(None if loop is None or loop.is_closed() else loop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Playwright leaves its event loop running in this thread, which Django takes for asynchronous code.

    Tests of browsers are allowed that. To all others, in whatever order they come, there is no loop.
    """
    if item.get_closest_marker("browser") is None:
        with _without_the_browsers_loop():
            return (yield)
    os.environ[_UNSAFE] = "true"
    try:
        return (yield)
    finally:
        # With a loop Django has another connection of this thread; other tests break all connections but their own.
        from django.db import connections

        connections.close_all()
        os.environ.pop(_UNSAFE, None)


_NO_BROWSER = "NOT RUN: there is no Chromium here"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a browser is skipped where there is none.

    Files with slow tests come first, so that no worker is left alone with one at the end.
    """
    if _chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=_NO_BROWSER))
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of garbage need not walk through it after every test."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not run, so that nobody takes silence for success."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    loud = sorted({reason.removeprefix("Skipped: ") for reason in reasons if "NOT RUN" in reason})
    if loud:
        terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
        for reason in loud:
            count = sum(reason in each for each in reasons)
            terminalreporter.line(f"{count} tests: {reason}", red=True)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data that is measured and tested on but never shipped; the test skips without it."""
    here = Path(__file__).parent.parent
    folder = Path(os.environ.get("MAJLIS_SHARED", here.parent / "shared"))
    if not folder.is_dir():
        sys.stderr.write(f"\nNOT RUN: there is no {folder}\n")
        pytest.skip(f"NOT RUN: the shared data is not at {folder}")
    return folder
