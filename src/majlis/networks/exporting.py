"""Everything of one profile as a ZIP: in Mastodon's archive format, and what that lacks in ``majlis.json``.

Only what is hers: her posts whoever could read them, her own marks and lists. Of others' posts there are
addresses only, never a word. Nothing is held in memory but a few hundred rows; the file gets its name
when it is whole.
"""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from majlis.core import addresses, json, sql
from majlis.core.errors import NotThere
from majlis.media.hiding import store
from majlis.media.queries import Photo, photos, photos_by_key
from majlis.media.store import StoredFile
from majlis.networks import pages, pictures
from majlis.networks.archives.mastodon_tables import FORMULA
from majlis.people.queries import ProfileView, profile
from majlis.posts.composing import from_json
from majlis.posts.queries import PhotoView, PostView, hydrate

Progress = Callable[[int, int], None]
CHUNK: Final = 200
_GONE: Final = (NotThere, LookupError, FileNotFoundError, PermissionError)
"""A picture that is not there (any more) is no reason to have nothing; a full disk is."""
_PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
_CONTEXT: Final = [
    "https://www.w3.org/ns/activitystreams",
    {
        "toot": "http://joinmastodon.org/ns#",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "votersCount": "toot:votersCount",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        "majlis": "https://majlis.example/ns#",
    },
]
_OWN: Final = """
    SELECT p.id FROM posts_post p
    WHERE p.author_id = %(by)s AND p.deleted_at IS NULL AND p.id > %(after)s ORDER BY p.id LIMIT %(limit)s
"""
_HOW_MANY: Final = "SELECT count(*) FROM posts_post p WHERE p.author_id = %(by)s AND p.deleted_at IS NULL"
_PEOPLE: Final = {
    "following_accounts.csv": (
        ("Account address", "Show boosts", "Notify on new posts", "Languages"),
        """SELECT f.id, p.handle, p.domain, f.show_boosts, f.notify, f.languages::text FROM people_follow f
           JOIN people_profile p ON p.id = f.followed_id
           WHERE f.follower_id = %(by)s AND f.id > %(after)s ORDER BY f.id LIMIT %(limit)s""",
    ),
    "followers.csv": (
        ("Account address",),
        """SELECT f.id, p.handle, p.domain FROM people_follow f JOIN people_profile p ON p.id = f.follower_id
           WHERE f.followed_id = %(by)s AND f.id > %(after)s ORDER BY f.id LIMIT %(limit)s""",
    ),
    "blocked_accounts.csv": (
        ("Account address",),
        """SELECT b.id, p.handle, p.domain FROM people_block b JOIN people_profile p ON p.id = b.blocked_id
           WHERE b.blocker_id = %(by)s AND b.id > %(after)s ORDER BY b.id LIMIT %(limit)s""",
    ),
    "muted_accounts.csv": (
        ("Account address", "Hide notifications"),
        """SELECT m.id, p.handle, p.domain, m.notifications FROM people_mute m
           JOIN people_profile p ON p.id = m.muted_id
           WHERE m.muter_id = %(by)s AND m.id > %(after)s ORDER BY m.id LIMIT %(limit)s""",
    ),
}
_LISTS: Final = """
    SELECT m.id, l.title, p.handle, p.domain FROM people_listmember m JOIN people_list l ON l.id = m.list_id
    JOIN people_profile p ON p.id = m.member_id
    WHERE l.owner_id = %(by)s AND m.id > %(after)s ORDER BY m.id LIMIT %(limit)s
"""
_OWN_AMONG: Final = "SELECT p.id FROM posts_post p WHERE p.id = ANY(%(ids)s) AND p.author_id = %(by)s"
_CIRCLES: Final = "SELECT c.id, c.name FROM people_circle c WHERE c.owner_id = %(by)s"
_DOMAINS: Final = """
    SELECT b.id, b.domain FROM people_domainblock b
    WHERE b.blocker_id = %(by)s AND b.id > %(after)s ORDER BY b.id LIMIT %(limit)s
"""
_DRAFTS: Final = """
    SELECT d.params::text, d.due_at, d.made_at FROM posts_draft d WHERE d.author_id = %(by)s ORDER BY d.id
"""
_AS_TYPED: Final = (
    "text", "title", "warning", "sensitive", "language", "audience", "poll", "may_reply", "may_quote",
)  # fmt: skip
_REACTED: Final = """
    SELECT r.id, a.handle, a.domain, p.id, r.kind, r.made_at FROM posts_reaction r
    JOIN posts_post p ON p.id = r.post_id JOIN people_profile a ON a.id = p.author_id
    WHERE r.profile_id = %(by)s AND r.id > %(after)s ORDER BY r.id LIMIT %(limit)s
"""
_BOOKMARKED: Final = """
    SELECT b.id, a.handle, a.domain, p.id FROM posts_bookmark b
    JOIN posts_post p ON p.id = b.post_id JOIN people_profile a ON a.id = p.author_id
    WHERE b.profile_id = %(by)s AND b.id > %(after)s ORDER BY b.id LIMIT %(limit)s
"""
_REST: Final = {
    "circles": """
        SELECT c.name, coalesce(array_agg(p.handle || '@' || coalesce(nullif(p.domain, ''), %(host)s))
               FILTER (WHERE p.id IS NOT NULL), '{}') AS members
        FROM people_circle c LEFT JOIN people_circlemember m ON m.circle_id = c.id
        LEFT JOIN people_profile p ON p.id = m.member_id
        WHERE c.owner_id = %(by)s GROUP BY c.id, c.name ORDER BY c.name""",
    "followed_hashtags": """
        SELECT t.shown AS name FROM posts_tagfollow f JOIN posts_tag t ON t.id = f.tag_id
        WHERE f.follower_id = %(by)s ORDER BY t.name""",
    "filters": """
        SELECT f.title, f.contexts, f.action, f.expires_at,
               coalesce((SELECT jsonb_agg(jsonb_build_object('keyword', k.keyword, 'whole_word', k.whole_word)
                                          ORDER BY k.id)
                         FROM feeds_filterkeyword k WHERE k.filter_id = f.id), '[]') AS keywords,
               coalesce((SELECT jsonb_agg(n.post_id::text ORDER BY n.id)
                         FROM feeds_filterpost n WHERE n.filter_id = f.id), '[]') AS posts
        FROM feeds_filter f WHERE f.owner_id = %(by)s ORDER BY f.id""",
    "notes": """
        SELECT p.handle || '@' || coalesce(nullif(p.domain, ''), %(host)s) AS about, n.text
        FROM people_note n JOIN people_profile p ON p.id = n.about_id
        WHERE n.writer_id = %(by)s ORDER BY n.id""",
    "pinned": """SELECT n.post_id::text AS id FROM posts_pin n WHERE n.profile_id = %(by)s ORDER BY n.id""",
    "votes": """
        SELECT q.post_id::text AS post, v.choice FROM posts_pollvote v JOIN posts_poll q ON q.id = v.poll_id
        WHERE v.profile_id = %(by)s ORDER BY v.id""",
}


_MORE: dict[str, Callable[[int], object]] = {}


def also(name: str, read: Callable[[int], object]) -> None:
    """Have a further file in every export: what a higher module keeps about a profile, as JSON. At start."""
    _MORE[name] = read


def give(*, profile_id: int, path: Path, at: datetime, progress: Progress = lambda done, total: None) -> int:
    """Write the file; its size in bytes. OSError when the disk is full: nothing is left then."""
    who = profile(profile_id)
    if who is None:
        raise LookupError(profile_id)
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as packed:
            _Export(who, packed, at=at, progress=progress).run()
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path.stat().st_size


class _Export:
    """One run."""

    def __init__(
        self, who: ProfileView, packed: zipfile.ZipFile, *, at: datetime, progress: Progress
    ) -> None:
        self._who = who
        self._zip = packed
        self._at = at
        self._progress = progress
        self._actor = addresses.absolute(f"/users/{who.handle}")
        self._followers = f"{self._actor}/followers"
        self._own_quoted: set[int] = set()
        self._circles: dict[int, str] = dict(sql.rows(_CIRCLES, by=who.id))

    def run(self) -> None:
        self._profile()
        with self._part("outbox.json") as part:
            part.collection(self._activities(part), context=_CONTEXT)
        self._photos_and_articles()
        self._marks()
        for name, (head, query) in _PEOPLE.items():
            self._table(name, head, ((_acct(row[1], row[2]), *row[3:]) for row in self._pages(query)))
        self._table(
            "lists.csv", (), ((row[1], _acct(row[2], row[3], full=True)) for row in self._pages(_LISTS))
        )
        self._table("blocked_domains.csv", ("#domain",), ((row[1],) for row in self._pages(_DOMAINS)))
        self._rest()
        for name, read in _MORE.items():
            self._zip.writestr(name, json.encode(read(self._who.id)))

    def _pages(self, query: str) -> Iterator[sql.Row]:
        """All rows of a query, some hundred at a time, by the id that each begins with."""
        after = 0
        while found := sql.rows(query, by=self._who.id, after=after, limit=CHUNK):
            yield from found
            after = found[-1][0]

    def _posts(self) -> Iterator[PostView]:
        after = 0
        while ids := sql.column(_OWN, by=self._who.id, after=after, limit=CHUNK):
            views = hydrate(ids)
            quoted = [view.quote_of_id for view in views.values() if view.quote_of_id]
            self._own_quoted = set(sql.column(_OWN_AMONG, ids=quoted, by=self._who.id)) if quoted else set()
            yield from (views[id_] for id_ in ids if id_ in views)
            after = ids[-1]

    def _part(self, name: str) -> _Part:
        return _Part(self._zip, name)

    # who she is

    def _profile(self) -> None:
        who = self._who
        actor: dict[str, Any] = {
            "@context": _CONTEXT,
            "id": self._actor,
            "type": {"business": "Organization", "automated": "Service"}.get(who.kind, "Person"),
            "preferredUsername": who.handle,
            "name": who.display_name,
            "summary": who.bio_html,
            "url": addresses.profile_url(who.handle),
            "published": who.made_at.isoformat(),
            "manuallyApprovesFollowers": who.locked,
            "outbox": "outbox.json",
            "likes": "likes.json",
            "bookmarks": "bookmarks.json",
            "attachment": [
                {"type": "PropertyValue", "name": each.name, "value": each.html or each.value}
                for each in who.fields
            ],
        }
        for key, name, label in ((who.avatar_key, "avatar", "icon"), (who.header_key, "header", "image")):
            if file := self._picture(key, name):
                actor[label] = {"type": "Image", "mediaType": file.mime, "url": f"{name}{file.path.suffix}"}
        self._zip.writestr("actor.json", json.encode(actor))

    def _picture(self, key: str, name: str) -> StoredFile | None:
        for suffix in ("png", "jpg", "webp"):
            with suppress(*_GONE):
                file = store().locate(address=f"{key[:2]}/{key[2:4]}/{key}/original.{suffix}")
                self._zip.write(file.path, f"{name}{file.path.suffix}", zipfile.ZIP_STORED)
                return file
        return None

    # what she wrote

    def _activities(self, part: _Part) -> Iterator[Mapping[str, Any]]:
        total = int((sql.one(_HOW_MANY, by=self._who.id) or (0,))[0])
        for done, post in enumerate(self._posts()):
            if done % 100 == 0:
                self._progress(done, total)
            yield self._announce(post) if post.boost_of_id else self._create(post)
        self._progress(total, total)

    def _announce(self, post: PostView) -> Mapping[str, Any]:
        """Of what she boosted, the address alone."""
        return {
            "id": f"{self._actor}/statuses/{post.id}/activity",
            "type": "Announce",
            "actor": self._actor,
            "published": post.made_at.isoformat(),
            "object": addresses.absolute(f"/posts/{post.boost_of_id}"),
            **self._addressed(post),
        }

    def _create(self, post: PostView) -> Mapping[str, Any]:
        note = self._note(post)
        return {
            "id": f"{note['id']}/activity",
            "type": "Create",
            "actor": self._actor,
            "published": note["published"],
            "to": note["to"],
            "cc": note["cc"],
            "object": note,
        }

    def _note(self, post: PostView) -> dict[str, Any]:
        note: dict[str, Any] = {
            "id": self._status(post.id),
            "type": "Article" if post.kind == "article" else "Note",
            "attributedTo": self._actor,
            "url": addresses.post_url(self._who.handle, post.id),
            "published": post.made_at.isoformat(),
            "summary": post.warning or None,
            "sensitive": post.sensitive,
            "content": post.html,
            "source": {"content": post.text, "mediaType": "text/markdown" if post.title else "text/plain"},
            "inReplyTo": self._answered(post),
            "attachment": [_attachment(photo) for photo in post.photos],
            "tag": [
                {"type": "Hashtag", "name": f"#{tag.shown}", "href": addresses.tag_url(tag.name)}
                for tag in post.tags
            ],
            "majlis:audience": post.audience,
            "majlis:mayReply": post.may_reply,
            "majlis:mayQuote": post.may_quote,
            **self._addressed(post),
        }
        if post.language:
            note["contentMap"] = {post.language: post.html}
        if post.title:
            note["name"] = post.title
        if post.cover:
            note["image"] = _attachment(post.cover)
        if post.kind == "article" and (shown := self._shown(post.text)):
            note["majlis:pictures"] = _pictures(shown)
        if post.circle_id in self._circles:
            note["majlis:circle"] = self._circles[post.circle_id]
        if post.audience == "mentioned":
            note["majlis:recipients"] = [_acct(each.handle, each.domain) for each in post.mentions]
        if post.edited_at:
            note["updated"] = post.edited_at.isoformat()
        if post.quote_of_id:
            own = post.quote_of_id in self._own_quoted
            note["quoteUrl"] = (
                self._status(post.quote_of_id) if own else addresses.absolute(f"/posts/{post.quote_of_id}")
            )
        return note | self._question(post)

    def _question(self, post: PostView) -> dict[str, Any]:
        poll = post.poll
        if poll is None:
            return {}
        options = [
            {"type": "Note", "name": title, "replies": {"type": "Collection", "totalItems": votes}}
            for title, votes in zip(poll.options, poll.votes, strict=True)
        ]
        ends = {"endTime": poll.ends_at.isoformat()} if poll.ends_at else {}
        key = "anyOf" if poll.multiple else "oneOf"
        return {"type": "Question", key: options, "votersCount": poll.voters, **ends}

    def _status(self, post_id: int) -> str:
        return f"{self._actor}/statuses/{post_id}"

    def _answered(self, post: PostView) -> str | None:
        if post.reply_to_id is None:
            return None
        if post.reply_to_author_id == self._who.id:
            return self._status(post.reply_to_id)
        return addresses.absolute(f"/posts/{post.reply_to_id}")

    def _addressed(self, post: PostView) -> dict[str, list[str]]:
        """Whoever reads the format elsewhere must not widen it: friends and circles go to nobody by name."""
        named = [addresses.profile_url(each.acct) for each in post.mentions]
        match post.audience:
            case "public":
                return {"to": [_PUBLIC], "cc": [self._followers, *named]}
            case "unlisted":
                return {"to": [self._followers], "cc": [_PUBLIC, *named]}
            case "followers":
                return {"to": [self._followers], "cc": named}
        return {"to": named, "cc": []}

    def _photos_and_articles(self) -> None:
        for post in self._posts():
            for photo in (*post.photos, *([post.cover] if post.cover else [])):
                self._pack(photo)
            if post.kind == "article":
                slug = re.sub(r"[^\w]+", "-", post.title).strip("-")[:60]
                for shown in self._shown(post.text).values():
                    self._pack(shown)
                self._zip.writestr(f"articles/{post.id}-{slug}.md", f"# {post.title}\n\n{post.text}\n")

    def _shown(self, text: str) -> Mapping[str, Photo]:
        """Her own photos that an article shows, by their addresses in it; those of others are not hers to take."""
        shown = pictures.found(text)
        own = photos_by_key(keys=set(shown.values()), owner=self._who.id)
        return {address: own[key] for address, key in shown.items() if key in own and own[key].variants}

    def _pack(self, photo: PhotoView | Photo) -> None:
        """The file of a photo, once: an article may show what another post carries."""
        with suppress(*_GONE):
            name = _packed(photo)
            if name not in self._zip.NameToInfo:
                file = store().locate(address=_stored(photo))
                self._zip.write(file.path, name, zipfile.ZIP_STORED)

    # what she kept

    def _marks(self) -> None:
        with self._part("likes.json") as part:
            part.collection(_address(*row[1:4]) for row in self._pages(_REACTED))
        with self._part("bookmarks.json") as part:
            part.collection(_address(*row[1:4]) for row in self._pages(_BOOKMARKED))

    def _table(self, name: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
        head = tuple(head)
        with self._part(name) as part:
            if head:
                part.line(head)
            for row in rows:
                part.line(_cell(each) for each in row)

    def _rest(self) -> None:
        """What Mastodon's format has no place for."""
        rest: dict[str, Any] = {
            "format": 1,
            "made_at": self._at.isoformat(),
            "server": settings.MAJLIS.base_url,
            "profile": {"handle": self._who.handle, "kind": self._who.kind, "languages": self._who.languages},
            "reactions": [
                {"post": _address(*row[1:4]), "kind": row[4], "made_at": row[5]}
                for row in self._pages(_REACTED)
            ],
        }
        for name, query in _REST.items():
            rest[name] = [
                _decoded(row) for row in sql.dicts(query, by=self._who.id, host=settings.MAJLIS.host)
            ]
        rest["pages"] = pages.pages_of(self._who.id)
        rest["reviews"] = pages.reviews_by(self._who.id)
        for each in rest["filters"]:
            each["posts"] = self._addresses(map(int, each["posts"]))
        rest["drafts"] = [self._draft(*row) for row in sql.rows(_DRAFTS, by=self._who.id)]
        self._zip.writestr("majlis.json", json.encode(rest))

    def _addresses(self, ids: Iterable[int]) -> list[str]:
        """Of posts that she names: her own as her other posts name them, of others' the address alone."""
        wanted = list(ids)
        own = set(sql.column(_OWN_AMONG, ids=wanted, by=self._who.id)) if wanted else set()
        return [self._status(id_) if id_ in own else addresses.absolute(f"/posts/{id_}") for id_ in wanted]

    def _draft(self, kept: str, due_at: datetime | None, made_at: datetime) -> dict[str, Any]:
        """What she typed, with what it names by number here under names that another house can read."""
        typed = json.decode_own(kept)
        params = from_json(typed)
        attached = photos(photo_ids=params.photo_ids, owner=self._who.id).values()
        cover = photos(photo_ids=[params.cover_id] if params.cover_id else [], owner=self._who.id).values()
        shown = self._shown(params.text) if params.is_article else {}
        for photo in (*attached, *cover, *shown.values()):
            self._pack(photo)
        draft = {name: typed[name] for name in _AS_TYPED} | {
            "made_at": made_at,
            "due_at": due_at,
            "circle": self._circles.get(params.circle_id or 0),
            "attachment": [_attachment(photo) for photo in attached if photo.variants],
            "majlis:pictures": _pictures(shown),
        }
        for photo in cover:
            draft["image"] = _attachment(photo)
        for name, post_id in (("answers", params.reply_to_id), ("quotes", params.quote_of_id)):
            draft[name] = next(iter(self._addresses([post_id] if post_id else [])), None)
        return draft


class _Part:
    """A file of the archive that is written piece by piece."""

    def __init__(self, packed: zipfile.ZipFile, name: str) -> None:
        self._file = packed.open(name, "w", force_zip64=True)
        self._name = name

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def collection(self, items: Iterable[object], *, context: object = _CONTEXT[0]) -> None:
        """An ordered collection of ActivityStreams, its length at the end, when it is known."""
        head = {"@context": context, "id": self._name, "type": "OrderedCollection"}
        self._file.write(json.encode(head)[:-1] + b',"orderedItems":[')
        count = 0
        for count, item in enumerate(items, 1):
            self._file.write((b",\n" if count > 1 else b"\n") + json.encode(item))
        self._file.write(b'\n],"totalItems":%d}' % count)

    def line(self, cells: Iterable[object]) -> None:
        """A line of a table. A cell that a spreadsheet would take for a formula begins with an apostrophe."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([_inert(cell) for cell in cells])
        self._file.write(text.getvalue().encode())


def _inert(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def _acct(handle: str, domain: str, *, full: bool = True) -> str:
    return f"{handle}@{domain or settings.MAJLIS.host}" if full else handle


def _address(handle: str, domain: str, post_id: int) -> str:
    return addresses.post_url(f"{handle}@{domain}" if domain else handle, post_id)


def _attachment(photo: PhotoView | Photo) -> Mapping[str, Any]:
    original = photo.variants["original"]
    return {
        "type": "Document",
        "mediaType": original.mime,
        "url": f"/{_packed(photo)}",
        "name": photo.alt or None,
        "blurhash": photo.blurhash,
        "focalPoint": [photo.focus_x, photo.focus_y],
        "width": original.width,
        "height": original.height,
    }


def _pictures(shown: Mapping[str, Photo]) -> list[Mapping[str, Any]]:
    """Each address in the text of an article, and the photo that lies there."""
    return [{**_attachment(photo), "majlis:address": address} for address, photo in shown.items()]


def _stored(photo: PhotoView | Photo) -> str:
    """Where the file lies in the store."""
    name = photo.variants["original"].file.rpartition("/")[2]
    return f"{photo.key[:2]}/{photo.key[2:4]}/{photo.key}/{name}"


def _packed(photo: PhotoView | Photo) -> str:
    """Where the file lies in the archive: as Mastodon has it, under a number and not under its secret key."""
    suffix = photo.variants["original"].file.rpartition(".")[2]
    return f"media_attachments/files/{photo.id}/original.{suffix}"


def _cell(value: Any) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or value == "null" else value


def _decoded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of JSON as values."""
    return {
        name: json.decode_own(value)
        if name in ("contexts", "keywords", "posts") and isinstance(value, str)
        else value
        for name, value in row.items()
    }
