"""Leaving: a grace period in which everything is hidden and can be taken back, then nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from cast import MOMENT, PASSWORD, Member, later
from majlis.accounts import actions, jobs, queries, tokens
from majlis.accounts.events import LoginDeleted, LoginRestored, LoginWithdrawn, SessionEnded, TokenRevoked
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.core.errors import BadInput, Conflict, NotThere
from majlis.people import actions as people_actions
from majlis.people import queries as people

pytestmark = pytest.mark.django_db


def sign_in(client: Client) -> str:
    answer = client.post("/accounts/login/", {"login": "alice@example.org", "password": PASSWORD})
    return str(answer["Location"])


def token_of(member: Member) -> str:
    return tokens.issue_token(
        user_id=member.user_id, profile_id=member.id, application="t", scopes="read", at=now()
    )


def test_asking_hides_everything_and_ends_everything(
    alice: Member, told: list[Any], post: Callable[[], list[Any]]
) -> None:
    browser = Client()
    sign_in(browser)
    token = token_of(alice)
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    kinds = {type(event) for event in told}
    assert {TokenRevoked, SessionEnded, LoginWithdrawn} <= kinds
    assert tokens.bearer(token) is None
    assert browser.get("/accounts/password/change/").status_code == 302
    profile = people.profile(alice.id)
    assert profile is not None
    assert profile.withdrawn
    assert [message.to for message in post()] == [["alice@example.org"]]
    with pytest.raises(NotThere):
        actions.ask_deletion(by=alice.user_id, at=MOMENT)


def test_she_takes_it_back_by_signing_in(alice: Member, told: list[Any]) -> None:
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    browser = Client()
    assert sign_in(browser) == "/accounts/deletion/"
    assert browser.get("/home").status_code != 200
    page = browser.get("/accounts/deletion/")
    assert page.status_code == 200
    assert queries.login(user_id=alice.user_id).deletion_asked_at == MOMENT, "looking changes nothing"  # type: ignore[union-attr]
    assert browser.post("/accounts/deletion/")["Location"] == "/home"
    assert LoginRestored in {type(event) for event in told}
    profile = people.profile(alice.id)
    assert profile is not None
    assert not profile.withdrawn
    assert browser.get("/accounts/password/change/").status_code == 200


def test_the_second_factor_is_asked_for_before_taking_back(alice: Member) -> None:
    TOTP.activate(alice.user, generate_totp_secret())
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    browser = Client()
    assert sign_in(browser) == "/accounts/2fa/authenticate/"
    browser.post("/accounts/deletion/")
    assert User.objects.get(pk=alice.user_id).deletion_asked_at == MOMENT


def test_charlie_cannot_take_back_or_see_hers(alice: Member, charlie: Member) -> None:
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    browser = Client()
    browser.force_login(charlie.user)
    for method in (browser.get, browser.post, Client().get, Client().post):
        assert method("/accounts/deletion/").status_code == 302
    assert User.objects.get(pk=alice.user_id).deletion_asked_at == MOMENT


def test_a_suspended_login_is_not_opened_by_taking_back(alice: Member, operator: Member) -> None:
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    actions.suspend(alice.user_id, by=operator.user_id, at=MOMENT)
    actions.take_back(by=alice.user_id, at=MOMENT)
    assert sign_in(Client()) == "/accounts/inactive/"
    assert not User.objects.get(pk=alice.user_id).is_active


def test_after_the_grace_nothing_is_left(
    alice: Member, bob: Member, told: list[Any], choice: Callable[..., None]
) -> None:
    choice(deletion_grace_days=30)
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    assert actions.delete_due(at=later(days=29, hours=23)) == 0
    assert actions.delete_due(at=later(days=30)) == 1
    assert LoginDeleted(alice.user_id, True, later(days=30)) in told
    assert queries.login(user_id=alice.user_id) is None
    assert not EmailAddress.objects.filter(email="alice@example.org").exists()
    assert people.profile(alice.id) is None
    assert people.profile(bob.id) is not None
    assert actions.delete_due(at=later(days=60)) == 0


def test_the_jobs_run(alice: Member, choice: Callable[..., None], told: list[Any]) -> None:
    choice(deletion_grace_days=0)
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    jobs.delete_due()
    assert queries.login(user_id=alice.user_id) is None
    stale = User.objects.create_user("stale@example.org", PASSWORD, joined_at=now() - timedelta(days=8))
    fresh = User.objects.create_user("fresh@example.org", PASSWORD, joined_at=now() - timedelta(days=6))
    jobs.tidy()
    assert list(User.objects.values_list("pk", flat=True)) == [fresh.pk]
    assert LoginDeleted in {type(event) for event in told}
    assert stale.pk != fresh.pk


@pytest.mark.parametrize("approval", [False, True])
def test_a_handle_that_nobody_ever_used_is_free_again(approval: bool, dana: Member) -> None:
    """Whoever never confirmed, or was never let in, was never read under it."""
    waited = {"confirmed_at": MOMENT, "approval_asked_at": MOMENT, "is_active": False}
    stale = User.objects.create_user(
        "stale@example.org", PASSWORD, joined_at=now() - timedelta(days=8), **(waited if approval else {})
    )
    people_actions.create_profile(user_id=stale.pk, handle="quince", at=MOMENT)
    if approval:
        actions.refuse(stale.pk, by=dana.user_id, at=MOMENT)
    else:
        jobs.tidy()
    assert not User.objects.filter(pk=stale.pk).exists()
    assert people_actions.create_profile(user_id=dana.user_id, handle="quince", at=later())


def test_the_handle_of_a_member_who_left_is_nobody_elses(alice: Member, dana: Member) -> None:
    actions.ask_deletion(by=alice.user_id, at=MOMENT)
    assert actions.delete_due(at=later(days=400)) == 1
    with pytest.raises(Conflict):
        people_actions.create_profile(user_id=dana.user_id, handle="alice", at=later(days=401))


def test_taking_back_restores_what_the_deletion_hid_and_no_more(alice: Member) -> None:
    other = people_actions.create_profile(user_id=alice.user_id, handle="alice_shop", at=MOMENT)
    people_actions.withdraw_profile(profile_id=other, at=MOMENT)
    actions.ask_deletion(by=alice.user_id, at=later(days=1))
    actions.take_back(by=alice.user_id, at=later(days=2))
    shop = people.profile(other)
    assert shop is not None
    assert shop.withdrawn
    assert not alice.profile.withdrawn
    people_actions.restore_profile(profile_id=other, at=later(days=3))
    back = people.profile(other)
    assert back is not None
    assert not back.withdrawn


def test_guessing_the_password_on_the_form_meets_a_limit(
    alice: Member, bob: Member, choice: Callable[..., None]
) -> None:
    """An open browser is not enough: whoever sits at it has five guesses."""
    choice(limits=True)
    browser, other = Client(), Client()
    browser.force_login(alice.user)
    other.force_login(bob.user)
    address = "/settings/account/delete"
    answers = [browser.post(address, {"password": f"guess {n}"}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    refused = browser.post(address, {"password": PASSWORD})
    assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert User.objects.get(pk=alice.user_id).deletion_asked_at is None
    assert other.post(address, {"password": PASSWORD}).status_code == 303


def test_a_login_by_the_operators_hand(told: list[Any]) -> None:
    user_id = actions.create_account(email=" Omar@Example.org ", password=PASSWORD, admin=True, at=MOMENT)
    login = queries.login(user_id=user_id)
    assert login is not None
    assert (login.email, login.is_staff, login.confirmed_at) == ("omar@example.org", True, MOMENT)
    client = Client()
    answer = client.post("/accounts/login/", {"login": "omar@example.org", "password": PASSWORD})
    assert answer["Location"] == "/home"
    with pytest.raises(Conflict):
        actions.create_account(email="omar@example.org", password=PASSWORD, at=MOMENT)
    with pytest.raises(BadInput):
        actions.create_account(email="nowhere", password=PASSWORD, at=MOMENT)
