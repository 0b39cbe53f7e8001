"""What the feeds of other processes must hear: each function writes one line of the change log."""

from __future__ import annotations

from datetime import datetime

from majlis.core import changes
from majlis.core.clock import now
from majlis.posts import events as posts


def post_added(event: posts.PostPublished) -> None:
    """A post is there. An imported one enters no ring, and so nobody's home."""
    changes.append(
        "post.added",
        event.post_id,
        at=event.at if not event.imported else now(),
        author=event.author_id,
        audience="mentioned" if event.imported else event.audience,
        tags=[] if event.imported else list(event.tag_ids),
        boost_of=event.boost_of_id,
    )


def post_changed(event: posts.PostEdited) -> None:
    """A post says something else, or to others."""
    changes.append(
        "post.changed",
        event.post_id,
        at=event.at,
        author=event.author_id,
        tags_before=list(event.tag_ids_before),
    )


def post_gone(event: posts.PostDeleted) -> None:
    """A post is gone."""
    changes.append("post.gone", event.post_id, at=event.at, author=event.author_id, tags=list(event.tag_ids))


def post_restored(event: posts.PostRestored) -> None:
    """A post is back: it goes where the tables say."""
    changes.append("post.changed", event.post_id, at=event.at, author=event.author_id, tags_before=[])


def post_counted(event: posts.PostCounted) -> None:
    """A counter of a post moved."""
    changes.append("post.counted", event.post_id, at=now())


def marks_changed(event: posts.OwnMarksChanged) -> None:
    """What one member did with a post changed."""
    changes.append("marks.changed", event.profile_id, at=now(), post=event.post_id)


def tag_follow_changed(event: posts.TagFollowChanged) -> None:
    """A member reads another set of hashtags."""
    reader_changed(event.profile_id, at=now())


def reader_changed(*profile_ids: int, at: datetime) -> None:
    """Follows, blocks, mutes, lists, circles or filters of these members changed."""
    for profile_id in profile_ids:
        changes.append("reader.changed", profile_id, at=at)


def filters_changed(profile_id: int, *, at: datetime) -> None:
    """A member filters otherwise: she reads differently, and her open apps fetch her filters anew."""
    reader_changed(profile_id, at=at)
    changes.append("filters.changed", profile_id, at=at)


def profile_changed(profile_id: int, *, at: datetime) -> None:
    """A profile looks different, or is withdrawn, or is back."""
    changes.append("profile.changed", profile_id, at=at)
