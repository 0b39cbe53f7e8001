"""Posts as templates read them: from a page of a feed (ids, batch, reasons) to items with every word chosen.

No query but five, each for all items at once and only where needed: who was answered, how the reader stands
to authors who let only some reply, whom she does not want to read in quotes, and, of posts of pages, who wrote
them and what they are called, which only the team of a page is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from majlis.brands import queries as brands
from majlis.core import json
from majlis.core.text.bidi import direction, isolate
from majlis.core.text.html import plain, stored_html
from majlis.feeds.home import FeedPage
from majlis.feeds.hydration import Batch, load_people
from majlis.feeds.reading import reader_of
from majlis.feeds.rules import Why
from majlis.media.store import url_for
from majlis.people import queries as people
from majlis.people.queries import ProfileView, Relationship
from majlis.posts.queries import Marks, PhotoView, PollView, PostView
from majlis.web.faces import Face, Shown, at_home, face, profile_path

AUDIENCES: Final[Mapping[str, str | Promise]] = {
    "public": _("Public"),
    "unlisted": _("Unlisted"),
    "followers": _("Followers"),
    "friends": _("Friends"),
    "circle": _("Circle"),
    "mentioned": _("Only those mentioned"),
    # a circle is for its owner to know of: those in it see only that they are not many
    "few": _("A few people"),
}
_EXCERPT: Final = 220
#: Reasons of the home feed, which has a page that says more.
_EXPLAINED: Final = frozenset({Why.FOLLOWED, Why.BOOSTED, Why.TAG, Why.LATER, Why.SECOND_CHANCE})


@dataclass(slots=True, unsafe_hash=True)
class Media(Shown):
    """A photo on a post."""

    id: str
    url: str
    small_url: str
    width: int
    height: int
    alt: str
    blurhash: str
    focus_x: float
    focus_y: float
    kind: str = "image"


@dataclass(slots=True, unsafe_hash=True)
class PollOption(Shown):
    """An option: its share of all who voted, in percent."""

    title: str
    votes: int
    percent: float
    chosen: bool


@dataclass(slots=True, unsafe_hash=True)
class Poll(Shown):
    """A poll as one reader sees it. Hidden totals are not here, so that no template can show them."""

    id: str
    options: list[PollOption] = field(hash=False)
    multiple: bool
    expires_at: datetime | None
    closed: bool
    voted: bool
    total_voters: int
    hide_totals: bool


@dataclass(slots=True, unsafe_hash=True)
class Card(Shown):
    """What a linked page says of itself."""

    url: str
    title: str
    description: str
    image_url: str
    site: str


@dataclass(slots=True, unsafe_hash=True)
class Article(Shown):
    """The frame of an article; ``html`` is the whole text."""

    title: str
    url: str
    cover_url: str
    cover_alt: str
    reading_minutes: int
    excerpt: str
    html: SafeString
    updated_at: datetime | None


@dataclass(slots=True, unsafe_hash=True)
class Quote(Shown):
    """A quoted post, or only the ``state`` that says why it is not shown."""

    state: str
    id: str = ""
    url: str = ""
    author: Face | None = None
    html: SafeString = SafeString("")  # noqa: RUF009  # a str does not change
    language: str = ""
    dir: str = ""
    content_warning: str = ""
    created_at: datetime | None = None
    media: list[Media] = field(default_factory=list, hash=False)


@dataclass(slots=True, unsafe_hash=True)
class Counts(Shown):
    """The counts of a post; reactions of all six kinds together."""

    replies: int
    boosts: int
    reactions: int
    quotes: int


@dataclass(slots=True, unsafe_hash=True)
class Mine(Shown):
    """What the reader did with a post."""

    reaction: str
    boosted: bool
    bookmarked: bool
    pinned: bool
    muted: bool


@dataclass(slots=True, unsafe_hash=True)
class May(Shown):
    """What the reader may do with a post."""

    reply: bool
    boost: bool
    edit: bool
    delete: bool
    pin: bool


@dataclass(slots=True, unsafe_hash=True)
class Answered(Shown):
    """Whom a post answers."""

    acct: str
    url: str


@dataclass(slots=True, unsafe_hash=True)
class Post(Shown):
    """A post, all of ``post_card.html``."""

    id: str
    url: str
    author: Face
    html: SafeString
    language: str
    dir: str
    content_warning: str
    sensitive: bool
    audience: str
    audience_label: str | Promise = field(hash=False)
    created_at: datetime
    edited_at: datetime | None
    media: list[Media] = field(hash=False)
    poll: Poll | None
    card: Card | None
    quote: Quote | None
    article: Article | None
    counts: Counts
    reactions: dict[str, int] = field(hash=False)
    mine: Mine
    may: May
    reply_to: Answered | None


@dataclass(slots=True, unsafe_hash=True)
class Filtered(Shown):
    """The filter of hers that a post runs into."""

    title: str


@dataclass(slots=True, unsafe_hash=True)
class Label(Shown):
    """That a post is promoted, who pays for it, and where it says why she sees it."""

    payer: str
    why_url: str


@dataclass(slots=True, unsafe_hash=True)
class Item(Shown):
    """A post in a list. ``vals`` goes with every action on it, so that the card comes back as it was.

    ``why_url`` leads to more about why it is there; ``promoted`` is set where somebody pays for it.
    """

    id: str
    post: Post
    boosted_by: Face | None = None
    why: str | Promise = ""
    filtered: Filtered | None = None
    pinned: bool = False
    vals: str = ""
    why_url: str = ""
    promoted: Label | None = None
    # the nonce of the place it was given, for the ticket: two cards that differ in it alone look the same
    offer: int = field(default=0, hash=False, compare=False)
    posted_by: str = ""  # of a page's post, who wrote it: for that page's team alone


def post_path(author: ProfileView, post_id: int) -> str:
    """The page of a post, within this server."""
    return f"{profile_path(author.acct)}/{post_id}"


class Reading:
    """A batch and what else its items need to be shown to its viewer."""

    def __init__(self, batch: Batch, *, at: datetime) -> None:
        self.batch, self.viewer, self.at = batch, batch.viewer, at
        self.people: dict[int, ProfileView] = batch.people | self._answered()
        self._standing = self._standings()
        self._unwanted: frozenset[int] = frozenset()
        if batch.seen_quotes and self.viewer is not None:
            self._unwanted = reader_of(viewer=self.viewer, at=at).rules.hidden
        self._faces: dict[int, Face] = {}
        self._posted_by: dict[int, str] = {}

    def _answered(self) -> dict[int, ProfileView]:
        wanted = {post.reply_to_author_id for post in self.batch.posts.values() if post.reply_to_author_id}
        missing = wanted - self.batch.people.keys()
        return load_people(missing) if missing else {}

    def _standings(self) -> dict[int, Relationship]:
        asked = {
            post.author_id for post in self.batch.posts.values() if post.may_reply in ("followers", "friends")
        } - {self.viewer}
        if self.viewer is None or not asked:
            return {}
        return people.relationships(viewer_id=self.viewer, ids=asked, at=self.at)

    def items(
        self, ids: Iterable[int], *, why: Mapping[int, Why] | None = None, pinned: Collection[int] = ()
    ) -> list[Item]:
        """Those of the ids that are in the batch, in the order given."""
        reasons = why or {}
        found = [post for id_ in ids if (post := self.batch.posts.get(id_)) is not None]
        shown = [post for post in found if not post.boost_of_id or post.boost_of_id in self.batch.posts]
        self._learn_who_posted(shown)
        return [self._item(post, why=reasons.get(post.id), pinned=post.id in pinned) for post in shown]

    def _learn_who_posted(self, entries: Iterable[PostView]) -> None:
        """Names for the teams of the pages among the authors; nobody else's query is asked."""
        posts = [self.batch.itself(entry) for entry in entries]
        of_pages = [post.id for post in posts if self.batch.author(post).kind == "business"]
        if self.viewer is None or not of_pages:
            return
        by = brands.posted_by(post_ids=of_pages, viewer=self.viewer)
        names = people.profiles(set(by.values())) if by else {}
        self._posted_by |= {post: names[who].name for post, who in by.items() if who in names}

    def item(
        self, entry: PostView, *, why: Why | None = None, pinned: bool = False, promotion: int = 0
    ) -> Item:
        """One entry of a list: a post, or a boost as the post that was boosted. ``promotion`` pays for it, so
        that nobody of the page's team sees it."""
        if not promotion:
            self._learn_who_posted([entry])
        return self._item(entry, why=why, pinned=pinned, promotion=promotion)

    def _item(self, entry: PostView, *, why: Why | None, pinned: bool, promotion: int = 0) -> Item:
        post = self.batch.itself(entry)
        booster = self.batch.author(entry) if entry is not post else None
        matches = self.batch.filtered.get(post.id)
        return Item(
            id=str(entry.id),
            post=self.post(post),
            boosted_by=self.face(booster) if booster else None,
            why=why_sentence(why, entry=booster or self.batch.author(post)) if why else "",
            filtered=Filtered(matches[0].filter.title) if matches else None,
            pinned=pinned,
            vals=_vals(entry, post, why, pinned, promotion),
            why_url=f"/home/why/{entry.id}" if why in _EXPLAINED else "",
            promoted=self._label(post, promotion) if promotion else None,
            posted_by=self._posted_by.get(post.id, ""),
        )

    def _label(self, post: PostView, promotion: int) -> Label:
        return Label(isolate(self.batch.author(post).name), f"/home/promoted/{promotion}")

    def face(self, profile: ProfileView) -> Face:
        """A face, made once."""
        found = self._faces.get(profile.id)
        if found is None:
            found = self._faces[profile.id] = face(profile)
        return found

    def post(self, post: PostView) -> Post:
        """A post itself."""
        author = self.batch.author(post)
        marks, own = self.batch.mine(post), post.author_id == self.viewer
        url = post_path(author, post.id)
        audience = "few" if post.audience == "circle" and not own else post.audience
        article = post.kind == "article"
        return Post(
            id=str(post.id),
            url=url,
            author=self.face(author),
            html=stored_html("" if article else at_home(post.html)),
            language=post.language,
            dir=direction(post.title or post.text[:400]) or "auto",
            content_warning=post.warning,
            sensitive=post.sensitive,
            audience=audience,
            audience_label=AUDIENCES[audience],
            created_at=post.made_at,
            edited_at=post.edited_at,
            media=[media(photo) for photo in post.photos],
            poll=poll(post.poll, marks, own=own, at=self.at) if post.poll else None,
            card=_card(post) if post.card else None,
            quote=self._quote(post),
            article=_article(post, url) if article else None,
            counts=Counts(post.replies, post.boosts, post.favourites, post.quotes),
            reactions=post.reactions,
            mine=Mine(marks.reaction, marks.boosted, marks.bookmarked, marks.pinned, marks.muted),
            may=self._may(post, own=own),
            reply_to=self._reply_to(post),
        )

    def _may(self, post: PostView, *, own: bool) -> May:
        plain_audience = post.audience in ("public", "unlisted")
        return May(
            reply=self.viewer is not None and (own or self._may_reply(post)),
            boost=plain_audience or (own and post.audience == "followers"),
            edit=own,
            delete=own,
            pin=own and post.audience != "mentioned",
        )

    def _may_reply(self, post: PostView) -> bool:
        """Whether to offer it; ``posts.access.replyable`` is what decides when she does."""
        if post.may_reply == "everyone":
            return True
        if post.may_reply != "nobody" and any(who.id == self.viewer for who in post.mentions):
            return True
        standing = self._standing.get(post.author_id)
        if standing is None:
            return False
        return standing.following if post.may_reply == "followers" else standing.friends

    def _reply_to(self, post: PostView) -> Answered | None:
        author = self.people.get(post.reply_to_author_id or 0)
        if author is None or author.withdrawn:
            return None
        url = post_path(author, post.reply_to_id) if post.reply_to_id else profile_path(author.acct)
        return Answered(author.acct, url)

    def _quote(self, post: PostView) -> Quote | None:
        if not post.quote_of_id:
            return Quote("deleted") if post.quote_state else None
        quoted = self.batch.quoted(post)
        if quoted is None or quoted.author_id in self._unwanted or quoted.author_id not in self.batch.people:
            return Quote("deleted" if post.quote_state == "deleted" else "unavailable")
        return self.quote(quoted)

    def quote(self, quoted: PostView) -> Quote:
        """A post as it stands inside another."""
        author = self.batch.author(quoted)
        shown = f"<p>{escape(quoted.title)}</p>" if quoted.kind == "article" else at_home(quoted.html)
        return Quote(
            state="accepted",
            id=str(quoted.id),
            url=post_path(author, quoted.id),
            author=self.face(author),
            html=stored_html(shown),
            language=quoted.language,
            dir=direction(quoted.title or quoted.text[:400]) or "auto",
            content_warning=quoted.warning,
            created_at=quoted.made_at,
            media=[media(photo) for photo in quoted.photos],
        )


def of_feed(feed: FeedPage, *, at: datetime) -> list[Item]:
    """The items of a page of a feed."""
    return Reading(feed.batch, at=at).items(feed.ids, why=feed.why)


def media(photo: PhotoView) -> Media:
    """A photo: the large size to open, the small one to show."""
    sizes = photo.variants
    large = sizes.get("large") or sizes.get("original")
    small = sizes.get("small") or large
    return Media(
        id=str(photo.id),
        url=url_for(photo.key, large.file) if large else "",
        small_url=url_for(photo.key, small.file) if small else "",
        width=small.width if small else 0,
        height=small.height if small else 0,
        alt=photo.alt,
        blurhash=photo.blurhash,
        focus_x=photo.focus_x,
        focus_y=photo.focus_y,
    )


def poll(view: PollView, marks: Marks, *, own: bool, at: datetime) -> Poll:
    """A poll for one reader."""
    over = view.over(at=at)
    hidden = view.hide_totals and not over
    votes = [0] * len(view.options) if hidden else view.votes
    people_in_all = max(view.voters if view.multiple else sum(votes), 1)
    options = [
        PollOption(title, count, 100 * count / people_in_all, place in marks.votes)
        for place, (title, count) in enumerate(zip(view.options, votes, strict=True))
    ]
    return Poll(
        id=str(view.id),
        options=options,
        multiple=view.multiple,
        expires_at=view.ends_at,
        closed=over,
        voted=own or bool(marks.votes),
        total_voters=view.voters,
        hide_totals=view.hide_totals,
    )


def _card(post: PostView) -> Card:
    card = post.card
    assert card is not None  # noqa: S101  # the caller looked
    image = url_for(card.image_key, "large.webp") if card.image_key else ""
    return Card(card.url, card.title, card.description, image, card.site)


def _article(post: PostView, url: str) -> Article:
    cover = media(post.cover) if post.cover else None
    return Article(
        title=post.title,
        url=url,
        cover_url=cover.url if cover else "",
        cover_alt=cover.alt if cover else "",
        reading_minutes=post.reading_minutes,
        excerpt=_excerpt(post.html),
        html=stored_html(at_home(post.html)),
        updated_at=post.edited_at,
    )


@lru_cache(maxsize=512)
def _excerpt(html: str) -> str:
    return excerpt(plain(html[:4_000]))


def excerpt(text: str, most: int = _EXCERPT) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return f"{line[:most].rsplit(' ', 1)[0]}…"


def _vals(entry: PostView, post: PostView, why: Why | None, pinned: bool, promotion: int) -> str:
    kept: dict[str, Any] = {}
    if entry is not post:
        kept["via"] = str(entry.id)
    if why:
        kept["why"] = why.value
    if pinned:
        kept["pinned"] = "1"
    if promotion:
        kept["promotion"] = str(promotion)
    return json.encode(kept).decode() if kept else ""


_WHY: Final[Mapping[Why, str | Promise]] = {
    Why.FOLLOWED: _("You follow %(name)s"),
    Why.BOOSTED: _("Boosted by %(name)s, whom you follow"),
    Why.TAG: _("It carries a hashtag that you read"),
    Why.LISTED: _("%(name)s is among those you chose here"),
    Why.CIRCLE: _("%(name)s is in this circle of yours"),
    Why.PUBLIC: _("Public, by a member of this house"),
    Why.LATER: _("It reaches you later than others: %(name)s learns from that what posts do"),
    Why.SECOND_CHANCE: _("Once more, because you did not see it when %(name)s posted it"),
}


def why_sentence(why: Why, *, entry: ProfileView) -> str:
    """Why an item is here, as a sentence; nothing where the page itself says it (a profile, bookmarks)."""
    sentence = str(_WHY.get(why, ""))
    return sentence % {"name": isolate(entry.name)} if "%(name)s" in sentence else sentence
