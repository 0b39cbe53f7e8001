"""Every studio request, replayed as everybody else: no leak, no change.

The requests are not written here: they are the addresses of ``web.studio.urls`` and of ``/api/v1/studio``, and
what each needs is read from its door. Whoever adds an address is tested here without adding a line.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from api_client import App
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern

import cast as people
from cast import MOMENT, Bakery, Member
from majlis.brands import actions
from majlis.brands.access import team_door
from majlis.brands.models import Invitation, TeamMember
from majlis.brands.roles import MAY, Permission, Role
from majlis.care import inbox, intake
from majlis.care.inbox import Wanted
from majlis.core.jobs.models import Job
from majlis.mastodon_api import urls as api
from majlis.people import actions as people_actions
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.web.studio import urls as studio

pytestmark = pytest.mark.django_db
PAGE: Final = re.compile(r"studio/<str:handle>(/|$)")
API: Final = re.compile(r"\^api/v1/studio/\(\?P<page_id>")
WRITTEN: Final = ("brands", "care", "studio", "insights", "posts")
#: What forms send, all at once: each takes the fields it knows.
TYPED: Final = {
    "acct": "charlie", "role": "editor", "name": "Bread", "kind": "product", "price": "2.50", "currency": "EUR",
    "text": "Hello", "domain": "other.example", "method": "dns", "category": "bakery", "time_zone": "UTC", "mon": "8-12",
    "stars": "5", "title": "A title", "status": "A post", "code": "ABC", "amount": "10", "budget": "10",
    "url": "https://example.org/", "goal": "orders", "starts_at": "2026-12-01T10:00", "ends_at": "2026-12-31T10:00",
    "at": "2026-12-01T10:00", "answer": "yes", "sure": "on",
}  # fmt: skip


@dataclass
class Asked:
    """A request: its address with names in it, its method, what its door asks for."""

    path: str
    method: str
    needs: Permission
    app: bool

    def at(self, ids: dict[str, str]) -> str:
        """The address, its names filled in; a name nobody knows becomes an id of something else."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: ids.get(match[1], ids["other"]), self.path)


def without_doors(patterns: list[URLPattern]) -> list[str]:
    """Addresses of a page's studio whose view has no door, or that belong to no page."""
    found = []
    for pattern in patterns:
        route = str(pattern.pattern)
        of_page = bool(PAGE.match(route))
        if (of_page and not hasattr(pattern.callback, "door")) or (
            not of_page and route.startswith("studio/")
        ):
            found.append(route)
    return found


def pages(patterns: list[URLPattern]) -> Iterator[Asked]:
    """Requests to pages."""
    for pattern in patterns:
        route = str(pattern.pattern)
        if PAGE.match(route):
            for method, needs in pattern.callback.door.needs.items():  # type: ignore[attr-defined]
                yield Asked(f"/{route}", method, needs, app=False)


def endpoints() -> Iterator[tuple[str, str, Any]]:
    """(address, method, view) of the API's studio."""
    for family in api.FAMILIES:
        for pattern in family:
            if API.match(str(pattern.pattern)):
                path = re.sub(r"\(\?P<(\w+)>\[\^/\]\+\)", r"<\1>", str(pattern.pattern))
                path = "/" + path.removeprefix("^").removesuffix(r"/?\Z").replace(r"\.", ".")
                views = pattern.callback.__wrapped__.args[0]  # type: ignore[attr-defined]
                yield from ((path, method, view) for method, view in views.items() if method != "HEAD")


def of_apps() -> Iterator[Asked]:
    """Requests of apps."""
    for path, method, view in endpoints():
        yield Asked(path, method, view.door.needs, app=True)


# the scene --------------------------------------------------------------------------------------------------


@dataclass
class Scene:
    """Two pages with teams, something of everything on the first, and everybody who might ask."""

    bakery: Bakery
    ids: dict[str, str]
    team: dict[str, tuple[Member, Role]]
    strangers: dict[str, Member]
    browsers: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, App] = field(default_factory=dict)

    def send(self, asked: Asked, who: str) -> Any:
        """Send the request as somebody."""
        address = asked.at(self.ids)
        if asked.app:
            return self.tokens[who].send(asked.method, address, {**TYPED, **self.ids_of_bodies()})
        browser = self.browsers[who]
        if asked.method == "GET":
            return browser.get(address)
        return browser.post(address, {**TYPED, "to": self.ids["member_id"]})

    def ids_of_bodies(self) -> dict[str, str]:
        return {"account_id": self.ids["stranger"]}


@pytest.fixture
def scene() -> Scene:
    bakery, charlie, dana = people.bakery(), people.charlie(), people.dana()
    other, former = people.alice(), people.bob()
    shop = people_actions.create_profile(user_id=other.user_id, handle="shop", kind="business", at=MOMENT)
    TeamMember.objects.create(page_id=shop, member_id=other.id, role="owner", made_at=MOMENT)
    TeamMember.objects.create(page_id=bakery.page.id, member_id=former.id, role="owner", made_at=MOMENT)
    team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TEAM)
    actions.end_role(team, member=former.id, at=MOMENT)
    offering = actions.change_offering(team, kind="product", name="Bread", at=MOMENT)
    review = actions.write_review(
        page=bakery.page.seen, by=dana.id, stars=4, recommends=True, text="Warm bread.", at=MOMENT
    )
    proof = actions.claim_domain(team, domain="example.org", method="dns", at=MOMENT)
    invitation = Invitation.objects.create(
        page_id=bakery.page.id,
        role="editor",
        secret_hash="0" * 64,
        made_at=MOMENT,
        expires_at=people.later(days=9999),
    )
    posts.publish(by=dana.id, params=PostParams(text="@bayt_zaytoun Hard bread."), at=MOMENT)
    intake.take_in(at=MOMENT)
    (conversation,) = inbox.listing(team, Wanted(source="mention"), at=MOMENT).rows
    made = Scene(
        bakery,
        {
            "conversation_id": str(conversation.id),
            "handle": bakery.page.handle, "page_id": str(bakery.page.id), "member_id": str(bakery.editor.id),
            "account_id": str(bakery.editor.id), "offering_id": str(offering), "review_id": str(review),
            "verification_id": str(proof), "invitation_id": str(invitation.pk), "other": str(invitation.pk),
            "stranger": str(charlie.id),
        },
        {
            **{role.value: (getattr(bakery, role.value), role) for role in Role},
            "the page itself": (bakery.page, Role.OWNER),
        },
        {
            "the owner of another page": other, "another page": Member(other.user_id, shop, "shop"),
            "a former owner": former, "a customer": dana, "charlie": charlie,
        },
    )  # fmt: skip
    everybody = {**{name: who for name, (who, _role) in made.team.items()}, **made.strangers}
    for name, who in everybody.items():
        made.browsers[name] = _browser(who)
        made.tokens[name] = App(who, scopes="read write studio")
    made.browsers["nobody"], made.tokens["nobody"] = Client(), App(None)
    return made


def _browser(who: Member) -> Client:
    client = Client()
    client.force_login(who.user)
    session = client.session
    session["profile_id"] = who.id
    session.save()
    return client


def contents() -> list[Any]:
    """A digest of every table that the studio writes, and of the page's own profile."""
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.app_label in WRITTEN}
    parts = [
        f"SELECT '{table}', (SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t)"  # noqa: S608
        for table in sorted(tables | {Job._meta.db_table, "people_profile"})
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())


# the replay -------------------------------------------------------------------------------------------------


def test_every_address_has_a_door() -> None:
    assert without_doors(studio.urlpatterns) == []
    assert [path for path, _method, view in endpoints() if not hasattr(view, "door")] == []


def test_an_address_without_a_door_is_noticed() -> None:
    from django.urls import path

    naked = [
        path("studio/<str:handle>/secret", lambda request: None),
        path("studio/secret", lambda request: None),
    ]
    assert without_doors(naked) == ["studio/<str:handle>/secret", "studio/secret"]


def test_there_is_something_to_replay() -> None:
    assert len(list(pages(studio.urlpatterns))) > 25
    assert len(list(of_apps())) > 5


def test_no_request_of_the_studio_leaks_or_changes_anything(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    leaks: list[str] = []
    sent = 0
    before = contents()
    for asked in itertools.chain(pages(studio.urlpatterns), of_apps()):
        for name, (_who, role) in scene.team.items():
            sent += 1
            if asked.needs in MAY[role]:
                leaks += _works(scene, asked, name)
            else:
                leaks += _refused(scene, asked, name, {403}, before, secret="")
        for name in scene.strangers:
            sent += 1
            leaks += _refused(scene, asked, name, {404}, before, secret="Zaytoun")
        sent += 1
        leaks += _refused(scene, asked, "nobody", {302, 303, 401}, before, secret="Zaytoun")
    with capsys.disabled():
        print(f"\nrole replay: {sent} requests, leaks {len(leaks)}")
    assert leaks == []


def _works(scene: Scene, asked: Asked, name: str) -> list[str]:
    """Whoever may is not refused for her role; what it did is undone, so that the next begins as this one."""
    with transaction.atomic():
        status = scene.send(asked, name).status_code
        transaction.set_rollback(True)
    return [f"{asked.method} {asked.path} as {name}: {status}"] if status in (401, 403, 500) else []


def _refused(
    scene: Scene, asked: Asked, name: str, statuses: set[int], before: list[Any], *, secret: str
) -> list[str]:
    with transaction.atomic():
        answer = scene.send(asked, name)
        after = contents()
        transaction.set_rollback(True)
    about = f"{asked.method} {asked.path} as {name}"
    wrong = [] if answer.status_code in statuses else [f"{about}: {answer.status_code}"]
    if secret and secret in answer.content.decode():
        wrong.append(f"{about}: says {secret}")
    if after != before:
        changed = [one for one, other in zip(after, before, strict=True) if one != other]
        wrong.append(f"{about}: changed {changed}")
    return wrong


def test_to_strangers_a_page_and_none_look_the_same(scene: Scene) -> None:
    browser = scene.browsers["charlie"]
    for asked in pages(studio.urlpatterns):
        if asked.method == "GET":
            real, none = (
                browser.get(asked.at({**scene.ids, "handle": handle}))
                for handle in ("bayt_zaytoun", "nobody_here")
            )
            assert (real.status_code, none.status_code) == (404, 404), asked.path
            assert _plain(real, "bayt_zaytoun") == _plain(none, "nobody_here"), asked.path
    app = scene.tokens["charlie"]
    for asked in of_apps():
        real = app.send(asked.method, asked.at(scene.ids), TYPED)
        none = app.send(asked.method, asked.at({**scene.ids, "page_id": "99"}), TYPED)
        assert (real.status_code, real.content) == (none.status_code, none.content), asked.path


def _plain(answer: Any, handle: str) -> str:
    """The page without its tokens and its own address."""
    text = re.sub(r'(value|nonce|content)="[^"]*"|"X-CSRFToken": "[^"]*"', "", answer.content.decode())
    return text.replace(handle, "")
