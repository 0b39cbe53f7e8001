"""How two stand to each other, and what that leaves out of a feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from majlis.core.sql import Row, column, one, rows
from majlis.people.queries.circles import circles
from majlis.people.queries.sql import SQL
from majlis.people.views import COUNTED_AT_MOST, AudienceSizes, ReadingRules, Relationship

_languages = msgspec.json.Decoder(tuple[str, ...] | None)
_chosen_languages = msgspec.json.Decoder(dict[int, frozenset[str] | None])


def relationships(*, viewer_id: int, ids: Iterable[int], at: datetime) -> dict[int, Relationship]:
    """How the viewer stands to each of the ids that exist, in the order given. One query."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    given = rows(SQL["relationships"], viewer=viewer_id, ids=wanted, at=at)
    found = {row[0]: _relationship(row) for row in given}
    return {id_: found[id_] for id_ in wanted if id_ in found}


def _relationship(row: Row) -> Relationship:
    values = [*row]
    values[4] = _languages.decode(row[4]) if row[4] else None
    return Relationship(*values)


def following_ids(*, profile_id: int) -> list[int]:
    """Everybody the profile follows, in no order."""
    return column(SQL["following_ids"], profile=profile_id)


def follower_ids(*, profile_id: int) -> list[int]:
    """Everybody who follows the profile and is not withdrawn, in no order. May be a million."""
    return column(SQL["follower_ids"], profile=profile_id)


def friends_ids(*, profile_id: int) -> list[int]:
    """Everybody the profile follows and who follows back, in no order."""
    return column(SQL["friends_ids"], profile=profile_id)


def notified_of(*, profile_id: int) -> list[int]:
    """Followers who want to be told of every post of the profile."""
    return column(SQL["notified_of"], profile=profile_id)


def audience_sizes(*, profile_id: int) -> AudienceSizes:
    """How many can see what the profile posts, by audience; two queries. See :class:`AudienceSizes`."""
    row = one(SQL["audience_sizes"], profile=profile_id, viewer=profile_id, most=COUNTED_AT_MOST)
    public, followers, friends = row or (0, 0, 0)
    sizes = {circle.id: circle.members for circle in circles(owner_id=profile_id)}
    return AudienceSizes(public, followers, friends, sizes)


def reading_rules(*, viewer_id: int | None, at: datetime) -> ReadingRules:
    """What the viewer's feeds leave out at the moment ``at``. One query; none for strangers."""
    if viewer_id is None:
        return ReadingRules()
    row = one(SQL["reading_rules"], viewer=viewer_id, at=at)
    assert row is not None  # noqa: S101  # aggregates without a group give one row
    following, without_boosts, languages, muted, mutes_end, blocked, blocked_by, domains, exclusive = row
    chosen = _chosen_languages.decode(languages) if languages else {}
    return ReadingRules(
        following=frozenset(following or ()),
        without_boosts=frozenset(without_boosts or ()),
        languages={id_: only for id_, only in chosen.items() if only},
        muted=frozenset(muted or ()),
        mutes_end=mutes_end,
        blocked=frozenset(blocked or ()),
        blocked_by=frozenset(blocked_by or ()),
        domains=frozenset(domains or ()),
        exclusive=frozenset(exclusive or ()),
    )
