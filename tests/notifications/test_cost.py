"""What telling costs: statements counted and named, and the work added to a plain post."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from scene import LATER, capture, kinds, post, statements

from cast import MOMENT, Member, follows, member
from majlis.notifications import making
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.events import PostPublished

_TABLE = re.compile(r"\b(?:INTO|UPDATE|DELETE FROM|FROM)\s+\"?([a-z]+_[a-z]+)\b")


def named(deed: Callable[[], object]) -> list[str]:
    """The statements of notifications in a deed, each by its verb and the table it is about."""
    with capture() as seen:
        deed()
    found = []
    for text in statements(seen):
        if "notifications_" in text:
            table = "notifications" if "INSERT INTO notifications_" in text else _TABLE.search(text)
            found.append(table if isinstance(table, str) else table[1] if table else text[:40])
    return found


def all_of(deed: Callable[[], object]) -> int:
    with capture() as seen:
        deed()
    return len(statements(seen))


def test_a_plain_post_costs_no_statement(alice: Member) -> None:
    """Whether anybody listens is answered by the statement that counts the author's posts."""
    assert named(lambda: post(alice, "bread")) == []
    own = post(alice, "psst", audience="mentioned")
    assert named(lambda: post(alice, "more", reply_to_id=own)) == []


def test_each_deed_costs_one_statement(alice: Member, bob: Member) -> None:
    post_id = post(alice, "bread")
    deeds: dict[str, Callable[[], object]] = {
        "react": lambda: posts.react(by=bob.id, post_id=post_id, at=LATER),
        "react otherwise": lambda: posts.react(by=bob.id, post_id=post_id, kind="wow", at=LATER),
        "unreact": lambda: posts.unreact(by=bob.id, post_id=post_id),
        "boost": lambda: posts.boost(by=bob.id, post_id=post_id, at=LATER),
        "unboost": lambda: posts.unboost(by=bob.id, post_id=post_id, at=LATER),
    }
    for name, deed in deeds.items():
        assert len(named(deed)) == 1, name
    # a request of hers may have to go
    assert len(named(lambda: follows(bob, alice))) == 2


def test_a_post_that_mentions_fifty_costs_no_more_than_one_that_mentions_one(alice: Member) -> None:
    guests = [member(f"g{number}") for number in range(50)]
    one = all_of(lambda: post(alice, "@g0"))
    words = " ".join(f"@g{number}" for number in range(50))
    fifty = all_of(lambda: post(alice, words, title="To all"))
    assert fifty <= one + 1
    assert all(kinds(guest)[0] == "mention" for guest in guests)


def test_listeners_cost_a_post_one_job_however_many_they_are(alice: Member, bob: Member) -> None:
    for number in range(5):
        people.follow(by=member(f"g{number}").id, whom=alice.seen, at=MOMENT, notify=True)
    with_five = all_of(lambda: post(alice, "bread"))
    assert with_five <= all_of(lambda: post(bob, "bread")) + 2


@pytest.mark.slow
def test_the_work_added_to_a_plain_post(alice: Member, capsys: pytest.CaptureFixture[str]) -> None:
    """Processor time of this process for what is added to publishing; see docs/performance.md."""
    import time

    event = PostPublished(
        post_id=1, author_id=alice.id, kind="note", audience="public", at=LATER, thread_id=1
    )
    for _number in range(50):
        making.of_post(event)
    started, turns = time.process_time(), 500
    for _number in range(turns):
        making.of_post(event)
    spent = (time.process_time() - started) / turns * 1e6
    with capsys.disabled():
        print(f"\nadded to a plain post: {spent:.0f} µs of processor time")
    assert spent < 10_000
