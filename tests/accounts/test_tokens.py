"""Tokens: known by their SHA-256, tied to one login and profile, gone everywhere when they end."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection

from cast import MOMENT, Member
from majlis.accounts import actions, applications, scopes, tokens
from majlis.accounts.events import TokenRevoked
from majlis.accounts.models import AccessToken, User
from majlis.core.clock import now
from majlis.core.errors import NotAllowed, NotSignedIn, NotThere, Refused

pytestmark = pytest.mark.django_db


def issue(member: Member, scope: str = "read write", application: int | str = "tests") -> str:
    return tokens.issue_token(
        user_id=member.user_id, profile_id=member.id, application=application, scopes=scope, at=now()
    )


def test_a_token_tells_who_speaks(alice: Member) -> None:
    holder = tokens.bearer(issue(alice, "read follow"))
    assert holder is not None
    assert (holder.user_id, holder.profile_id, holder.application_name) == (alice.user_id, alice.id, "tests")
    assert holder.scopes == {"read", "follow"}


def test_a_token_is_256_bits_and_stored_as_its_sum_only(alice: Member) -> None:
    token = issue(alice)
    assert len(token) >= 43
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM accounts_accesstoken t")
        stored = "".join(row[0] for row in cursor.fetchall())
    assert token not in stored
    assert sha256(token.encode()).hexdigest() in stored


def test_cve_2022_36045_ten_thousand_tokens_differ() -> None:
    assert len({tokens.new_token() for _ in range(10_000)}) == 10_000


def test_one_query_finds_the_bearer(alice: Member, django_assert_num_queries: Any) -> None:
    token = issue(alice)
    with django_assert_num_queries(1):  # bearer
        assert tokens.bearer(token)


@pytest.mark.parametrize("nonsense", ["", "x", "é" * 40, "\x00", "a" * 100_000, "\ud800", "' OR 1=1 --"])
def test_ghsa_jqj5_r72v_v29g_nonsense_is_nobody(alice: Member, nonsense: str) -> None:
    issue(alice)
    assert tokens.bearer(nonsense) is None
    with pytest.raises(NotSignedIn):
        tokens.require(nonsense)


def test_an_expired_token_is_nobody(alice: Member) -> None:
    token = tokens.issue_token(
        user_id=alice.user_id,
        profile_id=alice.id,
        application="tests",
        scopes="read",
        at=now() - tokens.LIFETIME - timedelta(seconds=1),
    )
    assert tokens.bearer(token) is None


@pytest.mark.parametrize(
    "state",
    [
        {"is_active": False},
        {"is_active": False, "suspended_at": MOMENT},
        {"is_active": False, "deletion_asked_at": MOMENT},
    ],
)
def test_cve_2023_32682_the_token_of_a_closed_login_is_nobody(alice: Member, state: dict[str, Any]) -> None:
    token = issue(alice)
    User.objects.filter(pk=alice.user_id).update(**state)
    assert tokens.bearer(token) is None
    with pytest.raises(NotSignedIn):
        tokens.require(token)


def test_masto_353_suspended_a_token_that_waits_says_so(alice: Member) -> None:
    token = issue(alice)
    User.objects.filter(pk=alice.user_id).update(confirmed_at=None)
    assert tokens.bearer(token) is None
    with pytest.raises(NotAllowed, match="unconfirmed"):
        tokens.require(token)
    User.objects.filter(pk=alice.user_id).update(
        confirmed_at=MOMENT, is_active=False, approval_asked_at=MOMENT
    )
    with pytest.raises(NotAllowed, match="unapproved"):
        tokens.require(token)


def test_an_application_speaks_for_itself() -> None:
    token = tokens.issue_token(user_id=None, profile_id=None, application="tests", scopes="read", at=now())
    holder = tokens.bearer(token)
    assert holder is not None
    assert holder.user_id is None
    assert holder.profile_id is None


def test_unknown_scopes_and_applications_are_refused(alice: Member) -> None:
    with pytest.raises(Refused):
        issue(alice, "read everything")
    with pytest.raises(NotThere):
        issue(alice, application=10**12)
    assert not AccessToken.objects.exists()


def test_revoking_tells_its_streams(alice: Member, told: list[Any]) -> None:
    token = issue(alice)
    holder = tokens.bearer(token)
    assert holder is not None
    tokens.revoke(token_id=holder.token_id, by=alice.user_id, at=MOMENT)
    assert tokens.bearer(token) is None
    assert told[-1] == TokenRevoked(holder.token_id, sha256(token.encode()).hexdigest(), MOMENT)


def test_ghsa_f3q8_7vw3_69v4_charlie_cannot_end_her_tokens(
    alice: Member, charlie: Member, told: list[Any]
) -> None:
    token = issue(alice)
    holder = tokens.bearer(token)
    assert holder is not None
    told.clear()
    for attempt in (
        lambda: tokens.revoke(token_id=holder.token_id, by=charlie.user_id, at=MOMENT),
        lambda: tokens.revoke_application(
            application_id=holder.application_id, by=charlie.user_id, at=MOMENT
        ),
    ):
        with pytest.raises(NotThere):
            attempt()
    assert tokens.bearer(token) == holder
    assert told == []
    assert applications.held(user_id=charlie.user_id) == []


def test_ghsa_7w3c_p9j8_mq3x_an_app_loses_all_it_holds_of_her(
    alice: Member, bob: Member, told: list[Any]
) -> None:
    hers = [issue(alice, "read"), issue(alice, "write")]
    his = issue(bob)
    app = applications.held(user_id=alice.user_id)[0]
    assert app.scopes == ("read", "write")
    assert tokens.revoke_application(application_id=app.application_id, by=alice.user_id, at=MOMENT) == 2
    assert [tokens.bearer(token) for token in hers] == [None, None]
    assert tokens.bearer(his)
    assert len([event for event in told if isinstance(event, TokenRevoked)]) == 2


def test_ghsa_f3q3_rmf7_9655_a_password_from_the_command_line_ends_tokens(
    alice: Member, told: list[Any]
) -> None:
    token = issue(alice)
    actions.change_password(user_id=alice.user_id, password="a quite different walk", at=MOMENT)
    assert tokens.bearer(token) is None
    assert any(isinstance(event, TokenRevoked) for event in told)


def test_the_day_of_use_is_written_once_a_day(alice: Member, django_assert_num_queries: Any) -> None:
    token = issue(alice)
    holder = tokens.bearer(token)
    assert holder is not None
    tokens.note_use(holder, on=MOMENT.date())
    again = tokens.bearer(token)
    assert again is not None
    with django_assert_num_queries(0):
        tokens.note_use(again, on=MOMENT.date())
    assert applications.held(user_id=alice.user_id)[0].last_used_on == MOMENT.date()


HELD_AND_NEEDED = [
    ("read", "read:statuses", True),
    ("read", "read", True),
    ("read:statuses", "read", False),
    ("read:statuses", "read:accounts", False),
    ("read", "write:statuses", False),
    ("write", "write:media", True),
    ("follow", "write:follows", True),
    ("follow", "read:blocks", True),
    ("follow", "write:mutes", True),
    ("follow", "write:statuses", False),
    ("follow", "read", False),
    ("push", "push", True),
    ("read write follow", "push", False),
    ("profile", "read:accounts", False),
    ("read", "profile", False),
    ("admin:read", "admin:read:accounts", True),
    ("admin:read:accounts", "admin:read", False),
    ("read write", "admin:read", False),
    ("admin:read", "read", False),
    ("rea", "read", False),
    ("read:", "read:statuses", False),
    ("", "read", False),
]


@pytest.mark.parametrize(("held", "needed", "allowed"), HELD_AND_NEEDED)
def test_what_a_scope_allows(held: str, needed: str, allowed: bool) -> None:
    assert tokens.allows(frozenset(held.split()), needed) is allowed


def test_every_scope_lies_within_itself_and_no_member_scope_within_another_verb() -> None:
    for scope in scopes.ALL:
        assert scopes.covers({scope}, [scope])
    assert not any(scope.startswith(("write", "admin")) for scope in scopes.within({"read"}))
    assert scopes.covers({"read", "write"}, ["follow"])
    assert not scopes.covers({"read", "write:follows"}, ["follow"])
