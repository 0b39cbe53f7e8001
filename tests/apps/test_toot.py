"""``toot``, the command line as published, against a running server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Person, photo

pytestmark = pytest.mark.slow
PROGRAM = Path(sys.executable).with_name("toot")


class Toot:
    """The program, with settings of its own."""

    def __init__(self, folder: Path, url: str) -> None:
        self.url = url
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "BROWSER": "true",
            "COLUMNS": "200",
        }

    def sign_in(self, person: Person) -> None:
        """``toot login``: the address it prints is visited, the code typed in."""
        process = subprocess.Popen(
            [PROGRAM, "login", "--instance", self.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self.environment,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        address = ""
        while not address and (line := process.stdout.readline()):
            found = re.search(r"https?://\S+/oauth/authorize\S*", line)
            address = found[0] if found else ""
        assert address, process.communicate()[0]
        said, _none = process.communicate(f"n\n{person.lets_in(address)}\n", timeout=60)
        assert process.returncode == 0, said

    def __call__(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [PROGRAM, "--no-color", *arguments],
            check=False,
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def read(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture(scope="module")
def toot(omar: Person, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    program = Toot(tmp_path_factory.mktemp("toot"), omar.house.url)
    program.sign_in(omar)
    return program


@pytest.fixture(scope="module")
def other(nadia: Person, tmp_path_factory: pytest.TempPathFactory) -> Toot:
    program = Toot(tmp_path_factory.mktemp("toot"), nadia.house.url)
    program.sign_in(nadia)
    return program


def soon(look: Callable[[], Any]) -> Any:
    end = time.monotonic() + 20
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def test_who_and_where(toot: Toot, nadia: Person) -> None:
    assert "omar" in toot("auth")
    assert toot.read("whoami")["acct"] == "omar"
    assert toot.read("whois", "nadia")["acct"] == "nadia"
    assert toot.read("instance")["uri"] in toot.url
    assert "Majlis" in toot("instance")


def test_posts_of_every_kind(toot: Toot, tmp_path: Path) -> None:
    picture = tmp_path / "wall.png"
    picture.write_bytes(photo())
    made = toot.read(
        "post", "With a picture", "-m", str(picture), "-d", "a wall", "-p", "a warning", "-l", "en",
    )  # fmt: skip
    assert made["media_attachments"][0]["description"] == "a wall"
    assert made["spoiler_text"] == "a warning"
    polled = toot.read(
        "post", "Tea?", "--poll-option", "yes", "--poll-option", "no", "--poll-expires-in", "1 day"
    )
    assert [option["title"] for option in polled["poll"]["options"]] == ["yes", "no"]
    later = toot("post", "later", "--scheduled-in", "2 hours")
    assert "scheduled" in later.lower()
    assert "مرحبا" in toot("status", toot.read("post", "مرحبا بالجميع")["id"])


def test_two_who_talk(toot: Toot, other: Toot) -> None:
    toot("follow", "nadia")
    post = other.read("post", "bread from the command line")["id"]
    assert post in [each["id"] for each in toot.read("timelines", "home", "--no-pager")]
    answer = toot.read("post", "@nadia coming", "-r", post)
    assert answer["in_reply_to_id"] == post
    for deed in ("favourite", "reblog", "bookmark"):
        toot(deed, post)
    wanted = {"mention", "favourite", "reblog"}
    assert soon(lambda: {each["type"] for each in other.read("notifications")} >= wanted)
    assert "coming" in other("thread", post)
    assert [each["acct"] for each in toot.read("reblogged-by", post)] == ["omar"]
    assert "bread from the command line" in toot("bookmarks", "--once")
    for deed in ("unfavourite", "unreblog", "unbookmark", "pin"):
        (other if deed == "pin" else toot)(deed, post)
    other("unpin", post)
    assert [each["acct"] for each in toot.read("following")] == ["nadia"]
    assert "omar" in [each["acct"] for each in other.read("followers")]


def test_keeping_people_away(toot: Toot) -> None:
    for deed, undo, list_name in (("mute", "unmute", "muted"), ("block", "unblock", "blocked")):
        toot(deed, "nadia")
        assert "nadia" in toot(list_name)
        toot(undo, "nadia")
        assert "nadia" not in toot(list_name)
    toot("follow", "nadia")


def test_lists_tags_search_and_account(toot: Toot, other: Toot) -> None:
    toot("lists", "create", "Bakers")
    toot("lists", "add", "Bakers", "nadia")
    assert "nadia" in toot("lists", "accounts", "Bakers")
    toot("lists", "delete", "Bakers")
    toot("tags", "follow", "bread")
    assert "bread" in toot("tags", "followed")
    toot("tags", "unfollow", "bread")
    post = other.read("post", "marzipan #sweets")["id"]
    assert soon(lambda: post in [each["id"] for each in toot.read("search", "marzipan")["statuses"]])
    assert post in [each["id"] for each in toot.read("timelines", "tag", "sweets", "--no-pager")]
    toot("update-account", "--display-name", "عمر", "--note", "From the command line")
    assert toot.read("whoami")["display_name"] == "عمر"


def test_deleting(toot: Toot) -> None:
    post = toot.read("post", "gone soon")["id"]
    toot("delete", post)
    assert post not in [each["id"] for each in toot.read("timelines", "account", "omar", "--no-pager")]


def test_signing_out(toot: Toot, charlie: Person, tmp_path: Path) -> None:
    program = Toot(tmp_path, toot.url)
    program.sign_in(charlie)
    assert program.read("whoami")["acct"] == "charlie"
    program("logout", f"charlie@{toot.url.removeprefix('http://')}")
    assert "not logged in" in program("auth")
