"""Hydration: everything that a list of posts mentions, in one batch, whatever the list.

Posts come with what they boost and what they quote (one level), their authors and, for a viewer, her own
marks. Who asks gets only what the skeleton found visible; quoted posts are checked here, because a post may
quote one that its reader may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from majlis.core.memory import Cache
from majlis.feeds.filtering import Match
from majlis.feeds.memory import MEMORY, MOST_MARKS, Reader
from majlis.people import queries as people
from majlis.people.views import ProfileView, Viewer
from majlis.posts import queries as posts
from majlis.posts.queries import NO_MARKS, Marks, PostView
from majlis.posts.visibility import visible_among

Sees = Callable[[Collection[int]], set[int]]
"""Those of some posts that the viewer of a batch may see: the visibility rule, asked now or before."""


@dataclass(slots=True)
class Batch:
    """What was loaded for one answer. ``seen_quotes``: quoted posts the viewer may see."""

    viewer: int | None
    posts: dict[int, PostView] = field(default_factory=dict)
    people: dict[int, ProfileView] = field(default_factory=dict)
    marks: dict[int, Marks] = field(default_factory=dict)
    seen_quotes: set[int] = field(default_factory=set)
    filtered: dict[int, tuple[Match, ...]] = field(default_factory=dict)

    def itself(self, post: PostView) -> PostView:
        """What the post shows: of a boost, the post that was boosted."""
        return self.posts[post.boost_of_id] if post.boost_of_id else post

    def author(self, post: PostView) -> ProfileView:
        """Who wrote the post."""
        return self.people[post.author_id]

    def mine(self, post: PostView) -> Marks:
        """What the viewer did with the post."""
        return self.marks.get(post.id, NO_MARKS)

    def quoted(self, post: PostView) -> PostView | None:
        """The quoted post, when it is there and for her."""
        if post.quote_of_id is None or post.quote_of_id not in self.seen_quotes:
            return None
        return self.posts.get(post.quote_of_id)


def load_posts(ids: Collection[int]) -> dict[int, PostView]:
    """Posts and what they boost, remembered ones without a query."""
    found = _remembered(MEMORY.posts, ids, posts.hydrate)
    boosted = {post.boost_of_id for post in found.values() if post.boost_of_id} - found.keys()
    if boosted:
        found.update(_remembered(MEMORY.posts, boosted, posts.hydrate))
    return found


def load_people(ids: Collection[int]) -> dict[int, ProfileView]:
    """Profiles, remembered ones without a query."""
    return _remembered(MEMORY.people, ids, people.profiles)


def load_viewer(profile_id: int, *, user_id: int) -> Viewer | None:
    """The profile as its login acts as it, with her preferences; remembered without a query.

    None when it is withdrawn or not hers.
    """

    def read(ids: list[int]) -> dict[int, Viewer]:
        found = people.viewer_of(user_id=user_id, chosen=profile_id)
        return {profile_id: found} if found and found.id == profile_id else {}

    found: Viewer | None = _remembered(MEMORY.viewers, [profile_id], read).get(profile_id)
    return found if found and found.user_id == user_id else None


def _remembered(cache: Cache, ids: Collection[int], read) -> dict:  # type: ignore[type-arg, no-untyped-def]
    return cache.load(ids, read) if MEMORY.live else read(list(ids))


def load_marks(viewer: int | None, ids: Sequence[int], reader: Reader | None) -> dict[int, Marks]:
    """What the viewer did with posts; remembered with the reader."""
    if viewer is None:
        return {}
    if reader is None:
        return posts.marks(viewer=viewer, ids=ids)
    kept = reader.marks
    known = {id_: marks for id_ in ids if (marks := kept.get(id_)) is not None}
    missing = [id_ for id_ in ids if id_ not in known]
    if missing:
        clock = reader.clock
        read = posts.marks(viewer=viewer, ids=missing)
        fresh = {id_: read.get(id_, NO_MARKS) for id_ in missing}
        known |= fresh
        if reader.clock == clock:
            if len(kept) > MOST_MARKS:
                kept.clear()
            kept.update(fresh)
    return known


def hydrate(
    ids: Sequence[int], *, viewer: int | None, reader: Reader | None = None, sees: Sees | None = None
) -> Batch:
    """Everything about these posts for this viewer. Ids that are gone are simply missing.

    The ids must come from a skeleton that asked the visibility rule. ``sees`` knows of quoted posts already.
    """
    batch = Batch(viewer=viewer, posts=load_posts(ids))
    complete(batch, list(batch.posts), reader=reader, sees=sees)
    return batch


def just_written(post_id: int, *, by: int) -> Batch:
    """A post that ``by`` has written a moment ago: it is hers, and nobody has done anything with it yet."""
    batch = Batch(viewer=by, posts=load_posts([post_id]))
    post = batch.posts.get(post_id)
    if post and post.quote_of_id:
        complete(batch, [post_id], reader=None)
    elif post:
        batch.people = load_people([by])
    return batch


def complete(batch: Batch, ids: Sequence[int], *, reader: Reader | None, sees: Sees | None = None) -> None:
    """Add to a batch that holds the posts ``ids``: what they quote, all authors, the viewer's marks."""
    found = batch.posts
    shown = [found[id_] for id_ in ids if id_ in found]
    shown += [found[post.boost_of_id] for post in shown if post.boost_of_id in found]
    if quotes := quoted_by(shown):
        sees = sees or (lambda asked: visible_among(ids=asked, viewer=batch.viewer))
        batch.seen_quotes = sees(quotes)
        found.update(load_posts(batch.seen_quotes - found.keys()))
        quoted = [found[id_] for id_ in batch.seen_quotes if id_ in found]
        shown += quoted
        # what quoted posts quote themselves is named, not shown; even so, only to those who may see it
        if inner := quoted_by(quoted) - batch.seen_quotes:
            batch.seen_quotes |= sees(inner)
    missing = {post.author_id for post in shown} - batch.people.keys()
    if missing:
        batch.people.update(load_people(missing))
    batch.marks = load_marks(batch.viewer, [post.id for post in shown], reader)


def quoted_by(posts: Iterable[PostView]) -> set[int]:
    """The ids of what these posts quote, as far as those who were quoted let them."""
    return {post.quote_of_id for post in posts if post.quote_of_id and post.quote_state == "accepted"}


def note_filters(batch: Batch, reader: Reader | None, *, context: str) -> None:
    """Note in the batch which of the member's filters for this place its posts run into."""
    if reader is None or not reader.filters.filters:
        return
    for post in batch.posts.values():
        if post.author_id != batch.viewer and (matches := reader.filters.matches(post, context=context)):
            batch.filtered[post.id] = matches
