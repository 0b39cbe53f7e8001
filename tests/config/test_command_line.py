"""The command line: help that reads well, refusals that are one sentence, results that programs can read."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from typer.main import get_command
from typer.testing import CliRunner

from majlis.config.cli import app
from running import majlis

COMMANDS = {
    ("up",): {"--host", "--port", "--data-dir", "--workers"},
    ("worker",): {"--data-dir"},
    ("check",): {"--data-dir"},
    ("demo",): {"--data-dir"},
    ("import",): {"--account", "--audience", "--data-dir"},
    ("export",): {"--account", "--data-dir"},
    ("backup",): {"--data-dir"},
    ("restore",): {"--data-dir", "--force"},
    ("account", "create"): {"--email", "--password", "--admin", "--data-dir"},
    ("token", "create"): {"--scopes", "--data-dir"},
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_its_options_and_each_of_them_help(command: tuple[str, ...]) -> None:
    found = get_command(app)
    for name in command:
        found = found.commands[name]  # type: ignore[attr-defined]
    assert found.help
    options = {flag for parameter in found.params for flag in parameter.opts if flag.startswith("--")}
    assert options >= COMMANDS[command]
    assert all(getattr(parameter, "help", "") for parameter in found.params)


def test_help_names_every_command() -> None:
    said = CliRunner().invoke(app, ["--help"]).output
    assert all(command[0] in said for command in COMMANDS)


def test_a_wrong_setting_is_one_plain_sentence(folder: Path) -> None:
    done = majlis("check", "--data-dir", folder / "data", settings={"MAJLIS_BASE_URL": "nowhere"})
    assert done.returncode == 1
    assert done.stderr.strip().startswith("The setting MAJLIS_BASE_URL cannot be used:")
    assert not (folder / "data").exists()


def test_an_address_of_a_database_that_is_none_is_one_plain_sentence(folder: Path) -> None:
    done = majlis("check", "--data-dir", folder / "data", settings={"DATABASE_URL": "postgresql://[::1"})
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL cannot be read:")
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made_is_one_plain_sentence(folder: Path) -> None:
    (folder / "file").write_text("no folder")
    done = majlis("check", "--data-dir", folder / "file" / "data")
    assert done.returncode == 1
    assert done.stderr.startswith(f"The data folder {folder / 'file' / 'data'} cannot be made (")
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_one_plain_sentence(folder: Path) -> None:
    away = {"DATABASE_URL": f"postgresql://majlis@/majlis?host={folder}"}
    done = majlis("check", "--data-dir", folder / "data", settings=away)
    assert done.returncode == 1
    assert done.stderr.startswith("The database does not answer: connection")
    assert str(folder) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_accounts_tokens_and_check_on_a_private_database(folder: Path) -> None:
    data = ("--data-dir", folder / "data")
    secret = ("--password", "kerze-mond-9")
    made = majlis("account", "create", "alice", "--email", "alice@example.org", *secret, *data)
    assert made.returncode == 0, made.stderr
    again = majlis("account", "create", "alice", "--email", "b@example.org", *secret, *data)
    assert again.returncode == 1
    assert len(again.stderr.strip().splitlines()) == 1
    token = majlis("token", "create", "alice", *data)
    assert token.returncode == 0
    assert len(token.stdout.splitlines()) == 1
    assert len(token.stdout.strip()) >= 32
    assert majlis("token", "create", "charlie", *data).returncode == 1
    looked = majlis("check", *data)
    assert looked.returncode == 0, looked.stdout
    assert "PostgreSQL 18" in looked.stdout
    assert "bad" not in looked.stdout


def test_with_a_database_url_nothing_is_started(folder: Path) -> None:
    main = os.environ["DATABASE_URL"]
    with psycopg.connect(main, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("given")))
        try:
            given = main.replace("@/majlis?", "@/given?")
            looked = majlis("check", "--data-dir", folder / "data", settings={"DATABASE_URL": given})
            assert looked.returncode == 1  # the suite's server runs without fsync, and check says so
            assert "(DATABASE_URL)" in looked.stdout
            assert "fsync and full_page_writes off" in looked.stdout
            assert not (folder / "data" / "postgres").exists()
        finally:
            connection.execute(sql.SQL("DROP DATABASE given WITH (FORCE)"))


@pytest.mark.slow
def test_an_export_of_one_house_is_taken_in_by_another(folder: Path) -> None:
    houses = [("--data-dir", folder / name) for name in ("first", "second")]
    for data in houses:
        secret = ("--email", "alice@example.org", "--password", "kerze-mond-9")
        assert majlis("account", "create", "alice", *secret, *data).returncode == 0
    first, second = houses
    archive = folder / "posts"
    (archive).mkdir()
    (archive / "outbox.json").write_text(_OUTBOX, encoding="utf-8")
    taken = majlis("import", archive, "--account", "alice", "--audience", "followers", *first)
    assert taken.returncode == 0, taken.stderr
    assert "No post has a wider audience than you chose." in taken.stdout
    given = majlis("export", "--account", "alice", "--output", folder / "alice.zip", *first)
    assert given.returncode == 0, given.stderr
    for count in ("1 post was", "0 posts were"):
        back = majlis("import", folder / "alice.zip", "--account", "alice", *second)
        assert back.returncode == 0, back.stderr
        assert f"{count} taken in." in back.stdout
    nonsense = majlis("import", folder / "alice.zip", "--account", "alice", "--audience", "everyone", *second)
    assert nonsense.returncode == 1
    assert nonsense.stderr.strip() == (
        "There is no audience “everyone”. Choose one of these: public, unlisted, followers, friends, mentioned."
    )


_ACTOR = "https://old.example/users/alice"
_OUTBOX = """{"orderedItems": [{"type": "Create", "actor": "%s", "object": {"id": "%s/statuses/1", "type": "Note",
"attributedTo": "%s", "published": "2021-03-01T10:00:00Z", "content": "<p>hello</p>",
"to": ["https://www.w3.org/ns/activitystreams#Public"]}}]}""" % (_ACTOR, _ACTOR, _ACTOR)  # noqa: UP031  # braces
