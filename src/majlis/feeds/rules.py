"""What is left out of a feed, and why; and why an item is there. One place for every feed.

The difference between the skeleton and what is shown is counted by reason: it is the explanation of the
feed and, per post, the beginning of its reach ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from majlis.feeds.hydration import Batch
from majlis.feeds.memory import Reader
from majlis.people.views import ProfileView
from majlis.posts import withholding
from majlis.posts.queries import PostView
from majlis.posts.withholding import Hold


class LeftOut(StrEnum):
    """Why an item of the skeleton is not shown."""

    GONE = "gone"
    NOT_FOLLOWED = "not_followed"
    NOT_FOR_HER = "not_for_her"
    MUTED = "muted"
    BLOCKED = "blocked"
    DOMAIN_BLOCKED = "domain_blocked"
    LIMITED = "limited"
    BOOSTS_HIDDEN = "boosts_hidden"
    LANGUAGE = "language"
    REPLY_TO_A_STRANGER = "reply_to_a_stranger"
    ON_EXCLUSIVE_LIST = "on_exclusive_list"
    SHOWN_ABOVE = "shown_above"
    FILTERED = "filtered"
    HELD_OUT = "held_out"


UNWANTED: Final = frozenset({LeftOut.MUTED, LeftOut.FILTERED, LeftOut.LANGUAGE, LeftOut.BOOSTS_HIDDEN})
"""Left out because the reader wished so."""
TOLD: Final = UNWANTED | {LeftOut.HELD_OUT}
"""Left out for a reason that the ledger of a post knows."""


class Why(StrEnum):
    """Why an item is shown."""

    OWN = "own"
    FOLLOWED = "followed"
    BOOSTED = "boosted"
    TAG = "tag"
    LISTED = "listed"
    CIRCLE = "circle"
    PUBLIC = "public"
    PROFILE = "profile"
    KEPT = "kept"
    LATER = "later"  # it was withheld from her until now
    SECOND_CHANCE = "second_chance"  # she did not see it, and its page asked


PLAIN: Final = frozenset({"public", "unlisted"})


def about_people(author: ProfileView | None, reader: Reader | None, *, viewer: int | None) -> LeftOut | None:
    """The rules about who wrote it: withdrawn, blocked, muted, limited, of a blocked server."""
    if author is None or (author.withdrawn and author.id != viewer):
        return LeftOut.GONE
    if author.id == viewer:
        return None
    if reader is None:
        return LeftOut.LIMITED if author.limited else None
    rules = reader.rules
    if author.id in rules.blocked or author.id in rules.blocked_by:
        return LeftOut.BLOCKED
    if author.id in rules.muted:
        return LeftOut.MUTED
    if author.domain and author.domain in rules.domains:
        return LeftOut.DOMAIN_BLOCKED
    if author.limited and author.id not in rules.following:
        return LeftOut.LIMITED
    return None


def needs_asking(post: PostView, reader: Reader, *, viewer: int) -> bool:
    """Whether the audience alone does not tell that the viewer may see the post.

    This is no second visibility rule: it only says which posts must be put to the one there is. A follow
    read from the same rules is enough for public, unlisted and followers; all else is asked.
    """
    if post.author_id == viewer or post.audience in PLAIN:
        return False
    return not (post.audience == "followers" and post.author_id in reader.rules.following)


@dataclass(slots=True)
class Sitting:
    """One page being judged: what was loaded, who reads, what is on the page already (``shown``), and which
    of the asked posts may be seen (``allowed``)."""

    viewer: int
    reader: Reader
    batch: Batch
    shown: set[int] = field(default_factory=set)
    allowed: set[int] = field(default_factory=set)


Judge = Callable[[PostView], LeftOut | Why]


def withheld(judge: Judge, sitting: Sitting, holds: Mapping[int, Hold]) -> Judge:
    """The same judge, who leaves out besides what an experiment withholds from this reader, boosts of it included.
    With nothing withheld it is the judge himself."""
    if not holds:
        return judge
    reader, viewer = sitting.reader, sitting.viewer
    return lambda post: or_later(judge(post), post, holds, reader, viewer)


def withheld_now(
    verdict: LeftOut | Why, post: PostView, reader: Reader | None, *, viewer: int | None, at: datetime
) -> LeftOut | Why:
    """The verdict about one post, with what is withheld from this reader at the moment."""
    return or_later(verdict, post, withholding.running(at), reader, viewer)


def or_later(
    verdict: LeftOut | Why,
    post: PostView,
    holds: Mapping[int, Hold],
    reader: Reader | None,
    viewer: int | None,
) -> LeftOut | Why:
    """The verdict, or that the post is withheld: of what she would find, or what only her own wishes leave out."""
    hold = holds.get(post.boost_of_id or post.id) if holds else None
    if hold is None or verdict is Why.OWN or viewer == hold.page_id:
        return verdict
    if isinstance(verdict, LeftOut) and verdict not in UNWANTED:
        return verdict
    if reader is None or viewer is None or hold.page_id not in reader.rules.following:
        return LeftOut.HELD_OUT if hold.others else verdict
    if reader.number is None:
        reader.number = withholding.number_of(viewer)
    return LeftOut.HELD_OUT if hold.holds(reader.number) else verdict


def home_judge(sitting: Sitting) -> Judge:
    """The rule of the home feed, as a function of one post; what it asks again and again is at hand."""
    viewer, reader, shown, allowed = sitting.viewer, sitting.reader, sitting.shown, sitting.allowed
    authors, following, hidden = sitting.batch.people, reader.rules.following, reader.hidden
    particular = bool(
        reader.tags or reader.rules.exclusive or reader.rules.languages or reader.filters.filters
    )

    def judge(post: PostView) -> LeftOut | Why:
        author = authors.get(post.author_id)
        if author is None or author.withdrawn or author.limited or author.domain or author.id in hidden:
            reason = about_people(author, reader, viewer=viewer)
            if reason is not None:
                return reason
        if post.boost_of_id:
            return _boost(post, sitting)
        if post.id in shown:
            return LeftOut.SHOWN_ABOVE
        if post.author_id == viewer:
            return Why.OWN
        if (
            post.audience not in PLAIN
            and post.id not in allowed
            and needs_asking(post, reader, viewer=viewer)
        ):
            return LeftOut.NOT_FOR_HER
        if particular or post.author_id not in following:
            return _reader_choice(post, reader, viewer=viewer)
        answered = post.reply_to_author_id
        if answered is None or answered in following or answered == post.author_id or answered == viewer:
            return Why.FOLLOWED
        return LeftOut.REPLY_TO_A_STRANGER

    return judge


def _boost(post: PostView, sitting: Sitting) -> LeftOut | Why:
    reader, viewer = sitting.reader, sitting.viewer
    boosted = sitting.batch.posts.get(post.boost_of_id or 0)
    if boosted is None:
        return LeftOut.GONE
    if post.author_id in reader.rules.without_boosts:
        return LeftOut.BOOSTS_HIDDEN
    if post.author_id in reader.rules.exclusive:
        return LeftOut.ON_EXCLUSIVE_LIST
    if reason := about_people(sitting.batch.people.get(boosted.author_id), reader, viewer=viewer):
        return reason
    asked = [each for each in (post, boosted) if needs_asking(each, reader, viewer=viewer)]
    if any(each.id not in sitting.allowed for each in asked):
        return LeftOut.NOT_FOR_HER
    if boosted.id in sitting.shown:
        return LeftOut.SHOWN_ABOVE
    if reader.filters.filters and reader.filters.hides(boosted, context="home"):
        return LeftOut.FILTERED
    return Why.OWN if post.author_id == viewer else Why.BOOSTED


def _reader_choice(post: PostView, reader: Reader, *, viewer: int) -> LeftOut | Why:
    """What the member herself chose: languages, replies to strangers, exclusive lists, filters."""
    rules = reader.rules
    followed = post.author_id in rules.following
    tagged = (
        bool(reader.tags) and post.audience == "public" and any(tag.id in reader.tags for tag in post.tags)
    )
    if not tagged and (not followed or post.author_id in rules.exclusive):
        return LeftOut.ON_EXCLUSIVE_LIST if followed else LeftOut.NOT_FOLLOWED
    languages = rules.languages.get(post.author_id)
    if languages and post.language and post.language not in languages:
        return LeftOut.LANGUAGE
    answered = post.reply_to_author_id
    stranger = answered not in (None, viewer, post.author_id) and answered not in rules.following
    if stranger and not tagged:
        return LeftOut.REPLY_TO_A_STRANGER
    if reader.filters.filters and reader.filters.hides(post, context="home"):
        return LeftOut.FILTERED
    return Why.FOLLOWED if followed and post.author_id not in rules.exclusive else Why.TAG
