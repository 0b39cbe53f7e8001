"""Following hashtags and showing them on a profile."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import events, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.core.text.entities import find_hashtags
from majlis.posts.composing import tag_key
from majlis.posts.events import TagFollowChanged

MOST_FOLLOWED: Final = 200
MOST_FEATURED: Final = 10

_TAG: Final = """
    WITH made AS (
        INSERT INTO posts_tag (id, name, shown, usable, made_at)
        VALUES (%(id)s, %(name)s, %(shown)s, true, %(at)s) ON CONFLICT (name) DO NOTHING RETURNING id
    )
    SELECT id FROM made UNION ALL SELECT t.id FROM posts_tag t WHERE t.name = %(name)s
"""
_ALLOW: Final = "UPDATE posts_tag SET usable = %(allowed)s WHERE id = %(tag)s RETURNING shown"
_COUNT_FOLLOWED: Final = "SELECT count(*) FROM posts_tagfollow WHERE follower_id = %(by)s"
_FOLLOW: Final = """
    INSERT INTO posts_tagfollow (id, follower_id, tag_id, made_at) VALUES (%(id)s, %(by)s, %(tag)s, %(at)s)
    ON CONFLICT (follower_id, tag_id) DO NOTHING
"""
_UNFOLLOW: Final = "DELETE FROM posts_tagfollow WHERE follower_id = %(by)s AND tag_id = %(tag)s"
_COUNT_FEATURED: Final = "SELECT count(*) FROM posts_tagfeature WHERE profile_id = %(by)s"
_FEATURE: Final = """
    INSERT INTO posts_tagfeature (id, profile_id, tag_id) VALUES (%(id)s, %(by)s, %(tag)s)
    ON CONFLICT (profile_id, tag_id) DO UPDATE SET tag_id = excluded.tag_id RETURNING id
"""
_UNFEATURE: Final = "DELETE FROM posts_tagfeature WHERE profile_id = %(by)s AND id = %(id)s"


def _tag_id(name: str, *, at: datetime) -> int:
    shown = name.strip().lstrip("#＃")
    found = find_hashtags(f"#{shown}")
    if not found or found[0].name != shown:
        raise BadInput(
            _("This is not a hashtag: letters, digits and _ only, not digits alone."), field="name"
        )
    key = tag_key(shown)
    row = sql.one(_TAG, id=new_id(), name=key, shown=shown, at=at) or sql.one(
        _TAG, id=new_id(), name=key, shown=shown, at=at
    )
    assert row is not None  # noqa: S101  # the second statement sees what made the first one find nothing
    return int(row[0])


def follow_tag(*, by: int, name: str, at: datetime) -> int:
    """Read a hashtag in the home feed; its id.

    Raises:
        BadInput: not a hashtag, or 200 are followed already.
    """
    with transaction.atomic():
        tag_id = _tag_id(name, at=at)
        row = sql.one(_COUNT_FOLLOWED, by=by)
        if row and row[0] >= MOST_FOLLOWED:
            raise BadInput(_("You follow 200 hashtags, which is as many as can be."), code="too_many_tags")
        if sql.execute(_FOLLOW, id=new_id(), by=by, tag=tag_id, at=at):
            events.emit(TagFollowChanged(profile_id=by, tag_id=tag_id))
    return tag_id


def unfollow_tag(*, by: int, name: str) -> None:
    """No longer read a hashtag in the home feed."""
    with transaction.atomic():
        row = sql.one("SELECT t.id FROM posts_tag t WHERE t.name = %(name)s", name=tag_key(name))
        if row and sql.execute(_UNFOLLOW, by=by, tag=row[0]):
            events.emit(TagFollowChanged(profile_id=by, tag_id=row[0]))


def feature_tag(*, by: int, name: str, at: datetime) -> int:
    """Show a hashtag on one's profile; the id of the entry.

    Raises:
        BadInput: not a hashtag, or ten are shown already.
    """
    with transaction.atomic():
        tag_id = _tag_id(name, at=at)
        count = sql.one(_COUNT_FEATURED, by=by)
        if count and count[0] >= MOST_FEATURED:
            raise BadInput(_("Ten hashtags are shown already."), code="too_many_tags")
        row = sql.one(_FEATURE, id=new_id(), by=by, tag=tag_id)
    assert row is not None  # noqa: S101  # DO UPDATE always returns
    return int(row[0])


def unfeature_tag(*, by: int, feature_id: int) -> None:
    """No longer show a hashtag.

    Raises:
        NotThere: no such entry of hers.
    """
    if not sql.execute(_UNFEATURE, by=by, id=feature_id):
        raise NotThere(_("This hashtag is not on your profile."))


def allow_to_trend(*, tag_id: int, allowed: bool) -> str:
    """Let a hashtag appear among the trends, or not, by decision of the operator; its name.

    Raises:
        NotThere: there is no such hashtag.
    """
    row = sql.one(_ALLOW, tag=tag_id, allowed=allowed)
    if row is None:
        raise NotThere(_("There is no such hashtag."))
    return str(row[0])
