"""Tokens that a process remembers: no look-up while they are good, nothing left of them when they end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cast import Member
from majlis.accounts import actions, bearers, tokens
from majlis.core import changes
from majlis.core.clock import now
from majlis.core.errors import NotSignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def following(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that hears the change log."""
    changes.forget_listeners()
    bearers.listen()
    bearers.begin()
    monkeypatch.setattr(changes, "silence", lambda: 0.0)
    yield
    bearers.end()
    changes.forget_listeners()


def issue(member: Member) -> str:
    return tokens.issue_token(
        user_id=member.user_id, profile_id=member.id, application="tests", scopes="read", at=now()
    )


def test_a_token_is_looked_up_once(alice: Member, django_assert_num_queries: Any) -> None:
    token = issue(alice)
    with django_assert_num_queries(2):  # bearer, the day of its use
        holder = bearers.require(token, at=now())
    with django_assert_num_queries(0):
        assert bearers.require(token, at=now()) == holder == bearers.remembered(token, at=now())
    assert holder.profile_id == alice.id
    with django_assert_num_queries(1):  # it may have expired meanwhile
        bearers.require(token, at=now() + timedelta(seconds=bearers.KEPT_FOR))


@pytest.mark.parametrize("end", ["revoke", "suspend", "another process"])
def test_a_token_that_ended_is_unknown_at_once(
    alice: Member, charlie: Member, operator: Member, end: str, django_capture_on_commit_callbacks: Any
) -> None:
    token, his = issue(alice), issue(charlie)
    holder = bearers.require(token, at=now())
    bearers.require(his, at=now())
    with django_capture_on_commit_callbacks(execute=end != "another process"):
        if end == "suspend":
            actions.suspend(user_id=alice.user_id, by=operator.user_id, at=now())
        else:
            tokens.revoke(token_id=holder.token_id, by=alice.user_id, at=now())
    if end == "another process":
        line = changes.Line(1, "token.revoked", holder.token_id, {"checksum": tokens.checksum(token)})
        changes.apply([line])
    assert bearers.remembered(token, at=now()) is None
    with pytest.raises(NotSignedIn):
        bearers.require(token, at=now())
    assert bearers.remembered(his, at=now()), "Charlie's is not hers"


def test_a_token_revoked_while_it_is_looked_up_is_not_remembered(
    alice: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issue(alice)
    look_up = tokens.require

    def and_end_it(shown: str) -> tokens.Bearer:
        found = look_up(shown)
        changes.apply(
            [changes.Line(1, "token.revoked", found.token_id, {"checksum": tokens.checksum(shown)})]
        )
        return found

    monkeypatch.setattr(tokens, "require", and_end_it)
    bearers.require(token, at=now())
    assert bearers.remembered(token, at=now()) is None


@pytest.mark.parametrize("silence", [bearers.LONGEST_SILENCE + 1, float("inf")])
def test_who_does_not_hear_the_log_trusts_no_memory(
    alice: Member, monkeypatch: pytest.MonkeyPatch, silence: float, django_assert_num_queries: Any
) -> None:
    token = issue(alice)
    bearers.require(token, at=now())
    monkeypatch.setattr(changes, "silence", lambda: silence)
    with django_assert_num_queries(1):
        bearers.require(token, at=now())


def test_a_process_that_follows_nothing_remembers_nothing(alice: Member) -> None:
    bearers.end()
    token = issue(alice)
    bearers.require(token, at=now())
    assert bearers.remembered(token, at=now()) is None


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5_000])
def test_nonsense_is_nobody(token: str) -> None:
    with pytest.raises(NotSignedIn):
        bearers.require(token, at=now())
