"""Joining on the page: open, by approval, by invitation, closed; one login, one profile, or neither."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from cast import MOMENT, PASSWORD, Member
from majlis.accounts import actions, invitations, queries
from majlis.accounts.events import LoginOpened
from majlis.accounts.models import Invitation, User
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere
from majlis.people import access
from majlis.people import queries as people

pytestmark = pytest.mark.django_db

FORM = {
    "display_name": "Layla",
    "handle": "layla",
    "email": "layla@example.org",
    "password1": PASSWORD,
    "kind": "person",
    "language": "ar",
    "agreement": "on",
}
CODE = re.compile(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", re.MULTILINE)


def join(client: Client, **changes: str) -> Any:
    return client.post("/accounts/signup/", FORM | changes)


def code_in(message: Any) -> str:
    found = CODE.search(message.body)
    assert found, message.body
    return found[1]


def test_join_confirm_and_be_in(client: Client, post: Callable[[], list[Any]], told: list[Any]) -> None:
    answer = join(client)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    login = queries.login_of_address(email="layla@example.org")
    assert login is not None
    assert (login.language, login.is_active, login.confirmed_at) == ("ar", True, None)
    profile = people.by_acct("layla")
    assert profile is not None
    assert profile.withdrawn, "nothing of her is shown before the address is confirmed"
    [message] = post()
    assert message.to == ["layla@example.org"]
    assert client.get("/accounts/confirm-email/").status_code == 200
    answer = client.post("/accounts/confirm-email/", {"code": code_in(message)})
    assert (answer.status_code, answer["Location"]) == (302, "/home")
    assert LoginOpened in {type(event) for event in told}
    assert client.session["_auth_user_id"] == str(login.id)
    assert access.see_acct(acct="layla", viewer_id=None).name == "Layla"


def test_the_page_asks_in_both_languages(client: Client) -> None:
    for language in ("en", "ar"):
        page = client.get("/accounts/signup/", {"lang": language})
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()
        for name in ("display_name", "handle", "email", "password1", "agreement"):
            assert f'name="{name}"' in page.content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"handle": ""}, {"handle": "a b"}, {"handle": "admin"}, {"handle": "layla\u202e"},
        {"handle": "x" * 40},
        {"handle": "l\u0430yla"}, {"display_name": ""}, {"agreement": ""}, {"password1": "short"},
        {"password1": "1234567890123"},
        {"password1": "layla@example.org"}, {"kind": "robot"}, {"language": "xx"},
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(
    client: Client, post: Callable[[], list[Any]], changes: dict[str, str]
) -> None:
    assert join(client, **changes).status_code == 200
    assert not User.objects.exists()
    assert people.by_acct("layla") is None
    assert post() == []


@pytest.mark.parametrize("handle", ["Alice", "a1ice", "alice_", "\u0430lice"])
def test_nobody_can_be_taken_for_another(client: Client, alice: Member, handle: str) -> None:
    page = join(client, handle=handle)
    assert page.status_code == 200
    assert page.context["form"].errors["handle"]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "email",
    [
        "a%b@example.org", "a,b@example.org", "a b@example.org", '"a b"@example.org', "a@b@example.org",
        "a(c)@example.org", "a@example.org\r\nBcc: b@example.org", "a@example.org,b@example.org",
        "a@exämple.org",
        "ä@example.org", "@example.org", "a@", "a@localhost", "a@[127.0.0.1]", "a..b@example.org",
        ".a@example.org",
        "a!b@example.org", "<a@example.org>", "a@example..org", "a@-example.org", "a" * 65 + "@example.org",
        "a@" + "b" * 250 + ".org", "mıke@example.org",
    ],
)  # fmt: skip
def test_ghsa_5r37_qpwq_2jhh_addresses_that_reach_another_mailbox(
    client: Client, post: Callable[[], list[Any]], email: str
) -> None:
    assert join(client, email=email).status_code == 200
    assert not User.objects.exists()
    assert post() == []


def test_mautic_11417_joining_with_a_known_address_answers_the_same(
    alice: Member, post: Callable[[], list[Any]]
) -> None:
    known, unknown = Client(), Client()
    first = join(known, email="alice@example.org", handle="other_one")
    second = join(unknown, email="fresh@example.org", handle="another_one")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert known.get(first["Location"]).status_code == unknown.get(second["Location"]).status_code == 200
    to_alice, to_fresh = post()
    assert to_alice.to == ["alice@example.org"]
    assert not CODE.search(to_alice.body)
    assert to_fresh.to == ["fresh@example.org"]
    assert people.by_acct("other_one") is None
    assert User.objects.count() == 2


def test_mautic_11417_a_taken_handle_says_nothing_about_the_address(alice: Member, bob: Member) -> None:
    for email in ("alice@example.org", "fresh@example.org"):
        page = join(Client(), email=email, handle="bob")
        assert page.status_code == 200
        assert page.context["form"].errors["handle"]


def test_a_wrong_code_is_tried_three_times_at_most(client: Client, post: Callable[[], list[Any]]) -> None:
    join(client)
    code = code_in(post()[0])
    for _ in range(3):
        client.post("/accounts/confirm-email/", {"code": "WRO-NGG"})
    answer = client.post("/accounts/confirm-email/", {"code": code})
    assert "_auth_user_id" not in client.session
    assert answer["Location"] != "/home"


def test_anothers_code_does_not_confirm(client: Client, post: Callable[[], list[Any]]) -> None:
    join(client)
    hers = code_in(post()[0])
    other = Client()
    join(other, email="eve@example.org", handle="eve")
    post()
    other.post("/accounts/confirm-email/", {"code": hers})
    assert "_auth_user_id" not in other.session
    assert not EmailAddress.objects.filter(verified=True).exists()


# closed, invitation, approval ------------------------------------------------------------------


def test_closed(client: Client, choice: Callable[..., None]) -> None:
    choice(registrations="closed")
    assert join(client).status_code == 200
    assert not User.objects.exists()


def test_an_invitation_lets_one_in(
    client: Client, choice: Callable[..., None], alice: Member, post: Callable[[], list[Any]]
) -> None:
    choice(registrations="invitation")
    code = actions.make_invitation(by=alice.user_id, at=now())
    for wrong in ("", "nonsense", "%", "\x00", "' OR 1=1 --", code + "x", code[:-1]):
        assert join(Client(), invitation=wrong).status_code == 200
    assert User.objects.count() == 1
    assert join(client, invitation=f" {code} ").status_code == 302
    assert join(Client(), invitation=code, email="b@example.org", handle="second").status_code == 200
    assert User.objects.count() == 2


def test_cve_2026_41902_an_invitation_expires_and_can_be_withdrawn(alice: Member, charlie: Member) -> None:
    code = actions.make_invitation(by=alice.user_id, at=MOMENT, uses=2)
    with pytest.raises(BadInput):
        invitations.use(code=code, at=MOMENT + invitations.LIFETIME + timedelta(seconds=1))
    invitations.use(code=code, at=MOMENT)
    [given] = invitations.given(by=alice.user_id)
    assert invitations.given(by=charlie.user_id) == []
    with pytest.raises(NotThere):
        invitations.withdraw(invitation_id=given.id, by=charlie.user_id, at=MOMENT)
    invitations.withdraw(invitation_id=given.id, by=alice.user_id, at=MOMENT)
    with pytest.raises(BadInput):
        invitations.use(code=code, at=MOMENT)


def test_a_refused_join_gives_the_invitation_back(
    client: Client, choice: Callable[..., None], alice: Member
) -> None:
    choice(registrations="invitation")
    code = actions.make_invitation(by=alice.user_id, at=now())
    assert join(client, invitation=code, handle="alice").status_code == 200
    assert Invitation.objects.get().uses_left == 1


@pytest.mark.django_db(transaction=True)
def test_two_racers_for_one_invitation(alice: Member) -> None:
    code = actions.make_invitation(by=alice.user_id, at=MOMENT)
    won: list[bool] = []
    start = threading.Barrier(4)

    def race() -> None:
        start.wait()
        try:
            invitations.use(code=code, at=MOMENT)
            won.append(True)
        except BadInput:
            won.append(False)
        finally:
            connection.close()

    racers = [threading.Thread(target=race) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(won) == [False, False, False, True]


def test_approval_with_mail_both_ways(
    client: Client,
    choice: Callable[..., None],
    operator: Member,
    post: Callable[[], list[Any]],
    told: list[Any],
) -> None:
    choice(registrations="approval")
    assert join(client, reason="").status_code == 200, "a reason is needed"
    assert join(client, reason="I bake").status_code == 302
    login = queries.login_of_address(email="layla@example.org")
    assert login is not None
    assert not login.is_active
    assert queries.awaiting_approval() == [], "nobody is bothered before the address is confirmed"
    [message] = post()
    answer = client.post("/accounts/confirm-email/", {"code": code_in(message)})
    assert answer["Location"] == "/accounts/inactive/"
    assert "waits for approval" in client.get("/accounts/inactive/").content.decode()
    assert "_auth_user_id" not in client.session
    [to_operator] = post()
    assert to_operator.to == ["omar@example.org"]
    assert "I bake" in to_operator.body
    assert [waiting.id for waiting in queries.awaiting_approval()] == [login.id]
    answer = client.post("/accounts/login/", {"login": "layla@example.org", "password": PASSWORD})
    assert answer["Location"] == "/accounts/inactive/"
    told.clear()
    actions.approve(login.id, by=operator.user_id, at=MOMENT)
    assert LoginOpened(login.id, MOMENT) in told
    assert [message.to for message in post()] == [["layla@example.org"]]
    answer = client.post("/accounts/login/", {"login": "layla@example.org", "password": PASSWORD})
    assert answer["Location"] == "/home"
    with pytest.raises(NotThere):
        actions.approve(login.id, by=operator.user_id, at=MOMENT)


def test_refused_is_deleted_and_told(
    client: Client, choice: Callable[..., None], operator: Member, post: Callable[[], list[Any]]
) -> None:
    choice(registrations="approval")
    join(client, reason="let me in")
    login = queries.login_of_address(email="layla@example.org")
    assert login is not None
    post()
    actions.refuse(login.id, by=operator.user_id, at=MOMENT)
    assert [message.to for message in post()] == [["layla@example.org"]]
    assert queries.login(user_id=login.id) is None
    assert people.by_acct("layla") is None


def test_masto_428_wave_many_joins_from_one_address_meet_a_limit(
    client: Client, choice: Any, settings: Any
) -> None:
    choice(limits=True)
    settings.ACCOUNT_RATE_LIMITS = {"signup": "5/m/ip"}
    statuses = [join(Client(), email=f"bot{n}@example.org", handle=f"bot_{n}").status_code for n in range(7)]
    assert statuses == [302] * 5 + [429] * 2
    assert User.objects.count() == 5
