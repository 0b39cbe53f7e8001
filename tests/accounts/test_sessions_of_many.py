"""Whose many sessions are: each as ``get_user`` would say, and no forged, old or ended one anybody's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

import cast as people
from cast import Member
from majlis.accounts import queries
from majlis.accounts.models import User
from majlis.fastlane.sessions import profiles_of

pytestmark = pytest.mark.django_db


def session(who: Member, *, chosen: int | None = None, hashed: str | None = None) -> str:
    made = SessionStore()
    made[SESSION_KEY], made[BACKEND_SESSION_KEY] = str(who.user_id), "x"
    made[HASH_SESSION_KEY] = hashed if hashed is not None else who.user.get_session_auth_hash()
    if chosen:
        made["profile_id"] = chosen
    made.save()
    return str(made.session_key)


def test_each_is_its_own_and_the_chosen_profile_acts(django_assert_num_queries: object) -> None:
    bakery, alice, charlie = people.bakery(), people.alice(), people.charlie()
    cookies = {
        "a=b; majlis_session=" + session(alice): alice.id,
        "majlis_session=" + session(bakery.page, chosen=bakery.page.id): bakery.page.id,
        "majlis_session=" + session(bakery.owner): bakery.owner.id,
        "majlis_session=" + session(charlie, chosen=alice.id): charlie.id,  # not his to choose
        "majlis_session=nonsense": 0,
        "majlis_session=": 0,
        "majlis_session": 0,
        "other=1": 0,
        "": 0,
    }
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert profiles_of(cookies) == cookies


def test_forged_old_and_ended_sessions_are_nobodys() -> None:
    alice, bob, dana = people.alice(), people.bob(), people.dana()
    forged, old, changed, gone = (
        session(alice, hashed="x"), session(alice), session(bob), session(dana),
    )  # fmt: skip
    Session.objects.filter(session_key=old).update(expire_date=timezone.now() - timedelta(days=1))
    Session.objects.filter(session_key=forged).update(session_data="not:signed:data")
    user = bob.user
    user.set_password("another walk by the sea")
    user.save()
    User.objects.filter(id=dana.user_id).update(is_active=False)
    assert queries.logins_of_sessions([forged, old, changed, gone]) == {}
