"""A team's screens hear what changes on their page, and no longer than the role lasts."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import houses
from houses import House, until
from streaming import Events
from town import Person, Town

_PAGE = """
from majlis.brands.models import TeamMember
page = people.create_profile(user_id=given["owner"]["user"], handle=given["handle"], kind="business", at=now())
for role, who in (("owner", given["owner"]["id"]), ("editor", given["editor"])):
    TeamMember.objects.create(page_id=page, member_id=who, role=role, made_at=now())
result = page
"""
_CHANGED = """
from majlis.brands import signals
with transaction.atomic():
    signals.changed(given[0], given[1], now())
"""
_TEAM = """
from majlis.brands import actions as brands
from majlis.brands.access import team_door
from majlis.brands.roles import Permission, Role
with transaction.atomic():
    team = team_door(page_id=given["page"], by=given["by"], needs=Permission.READ, whole_team=True)
    if given["do"] == "end":
        brands.end_role(team, member=given["member"], at=now())
    elif given["do"] == "leave":
        brands.leave(team, at=now())
    elif given["do"] == "hand over":
        brands.hand_over(team, to=given["member"], at=now())
    else:
        brands.change_role(team, member=given["member"], role=Role(given["do"]), at=now())
"""
_WITHDRAW = """
people.withdraw_profile(profile_id=given, at=now())
"""
_SESSION = """
from django.conf import settings
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
user = User.objects.get(pk=given["user"])
store = SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store["profile_id"] = given["profile"]
store.save()
result = store.session_key
"""


@dataclass
class Shop:
    """A page with an owner and an editor."""

    house: House
    id: int
    owner: Person
    editor: Person

    def change(self, what: str) -> None:
        self.house.hand(_CHANGED, [self.id, what])

    def team(self, do: str, *, by: Person, member: Person | None = None) -> None:
        given = {"page": self.id, "by": by.id, "do": do, "member": member.id if member else 0}
        self.house.hand(_TEAM, given)

    def screen(self, who: Person, *, profile: int | None = None) -> Events:
        """Her screen of this page's studio."""
        given = {"user": who.user_id, "profile": profile or who.id}
        cookie = f"majlis_session={self.house.hand(_SESSION, given)}"
        return Events(self.house.port, f"/live?page={self.id}", headers={"Cookie": cookie})


def shop(town: Town) -> Shop:
    owner, editor = town.person("nadia"), town.person("elias")
    given = {
        "owner": {"user": owner.user_id, "id": owner.id},
        "editor": editor.id,
        "handle": f"shop_{owner.handle}",
    }
    return Shop(town.house, town.house.hand(_PAGE, given), owner, editor)


def test_a_team_hears_what_changed_and_another_page_is_not_heard(town: Town) -> None:
    one, other = shop(town), shop(town)
    with one.screen(one.editor) as stream:
        assert stream.status == 200
        other.change("calendar")
        one.change("reviews")
        assert stream.next() == ("studio", "reviews")


@pytest.mark.parametrize("page", ["x", "-1", "9" * 30, "1e3", "%D9%A1"])
def test_what_is_no_page_has_no_screen(town: Town, page: str) -> None:
    alice = town.person("alice")
    key = town.house.hand(_SESSION, {"user": alice.user_id, "profile": alice.id})
    cookie = {"Cookie": f"majlis_session={key}"}
    with Events(town.house.port, f"/live?page={page}", headers=cookie) as stream:
        assert stream.status == 404


def test_to_charlie_there_is_no_screen_and_none_of_another_teams_page(town: Town) -> None:
    one, other = shop(town), shop(town)
    for stranger in (town.person("charlie"), other.owner):
        with one.screen(stranger) as stream:
            assert stream.status == 404
    with Events(town.house.port, f"/live?page={one.id}") as stream:
        assert stream.status == 401


def test_a_screen_closes_within_a_second_when_the_role_ends(town: Town) -> None:
    made = shop(town)
    with made.screen(made.editor) as ended, made.screen(made.owner) as stays:
        made.team("end", by=made.owner, member=made.editor)
        began = time.monotonic()
        assert ended.ends_within(1)
        assert time.monotonic() - began < 1
        assert stays.next() == ("studio", "team")
    with made.screen(made.editor) as again:
        assert again.status == 404


def test_who_leaves_hears_no_more(town: Town) -> None:
    made = shop(town)
    with made.screen(made.editor) as stream:
        made.team("leave", by=made.editor)
        assert stream.ends_within(1)


def test_another_role_keeps_the_screen(town: Town) -> None:
    made = shop(town)
    with made.screen(made.editor) as stream:
        made.team("analyst", by=made.owner, member=made.editor)
        assert stream.next() == ("studio", "team")
        made.change("calendar")
        assert stream.next() == ("studio", "calendar")


def test_a_withdrawn_page_has_no_screens(town: Town) -> None:
    made = shop(town)
    with made.screen(made.editor) as stream:
        town.house.hand(_WITHDRAW, made.id)
        assert stream.ends_within(1)


def test_who_was_signed_in_as_a_page_that_was_handed_over_hears_nothing_of_it(town: Town) -> None:
    made = shop(town)
    made.team("owner", by=made.owner, member=made.editor)
    with made.screen(made.owner, profile=made.id) as as_page:
        assert as_page.status == 200
        made.team("hand over", by=made.owner, member=made.editor)
        assert as_page.ends_within(1)


@pytest.mark.slow
def test_the_screen_closes_in_every_process() -> None:
    with houses.house(workers=2) as house:
        until(lambda: len(house.server_processes()) == 2)
        made = shop(Town(house))
        screens = [made.screen(made.editor) for _n in range(16)]
        try:
            assert len(_holders(house, screens)) == 2
            made.team("end", by=made.owner, member=made.editor)
            began = time.monotonic()
            assert all(screen.ends_within(1) for screen in screens)
            assert time.monotonic() - began < 1
        finally:
            for screen in screens:
                screen.close()


def _holders(house: House, screens: list[Events]) -> set[int]:
    """The server processes that hold the other ends, by /proc."""
    ports = {screen.socket.getsockname()[1] for screen in screens}
    found = set()
    for pid in house.server_processes():
        inodes = set()
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                inodes |= set(re.findall(r"socket:\[(\d+)\]", str(link.readlink())))
            except OSError:
                continue
        for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and int(fields[2].split(":")[1], 16) in ports:
                found.add(pid)
    return found
