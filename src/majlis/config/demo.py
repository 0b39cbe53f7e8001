"""``majlis demo``: a community as an example, made in seconds, the same for the same seed.

Every profile says that it is an example, on its page and in its own words. Bulk rows where there are
many; the one way to compose a post, the one way of pictures, the one way to make a login.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from rich.console import Console

from majlis.accounts import actions as accounts
from majlis.config.demo_data import pictures
from majlis.config.demo_data.bakery.everything import Bakery, Made
from majlis.config.demo_data.grammar import Language
from majlis.config.demo_data.people import (
    CAST,
    VISIBLE,
    Ids,
    Person,
    befriend,
    make_people,
    write_follows,
    write_people,
)
from majlis.config.demo_data.talk import Albums, Talk, Writer, reactions
from majlis.core import sql
from majlis.core.errors import Conflict
from majlis.core.sql import execute
from majlis.media import actions as media
from majlis.media.hiding import store
from majlis.media.queries import SQL as MEDIA
from majlis.media.queries import Variant
from majlis.media.store import new_key
from majlis.media.transform import ATTACHMENT, AVATAR, HEADER, Preset, ProcessedImage, process_image
from majlis.people import access
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.actions.bulk import copy_rows, write_posts
from majlis.posts.composing import PostParams

PHOTOS: Final = 24
AVATARS: Final = 32
_EMPTY: Final = "SELECT NOT EXISTS (SELECT FROM people_profile) AND NOT EXISTS (SELECT FROM accounts_user)"
_REACTED: Final = """
    UPDATE posts_postcount n SET "like" = r."like", love = r.love, laugh = r.laugh, wow = r.wow, sad = r.sad,
           angry = r.angry
    FROM (
        SELECT post_id, count(*) FILTER (WHERE kind = 'like') AS "like", count(*) FILTER (WHERE kind = 'love') AS love,
               count(*) FILTER (WHERE kind = 'laugh') AS laugh, count(*) FILTER (WHERE kind = 'wow') AS wow,
               count(*) FILTER (WHERE kind = 'sad') AS sad, count(*) FILTER (WHERE kind = 'angry') AS angry
        FROM posts_reaction GROUP BY post_id
    ) AS r WHERE n.post_id = r.post_id
"""
_VOTES: Final = """
    INSERT INTO posts_pollvote (id, poll_id, profile_id, choice)
    SELECT w.id, q.id, w.profile, w.choice
    FROM unnest(%(ids)s::bigint[], %(posts)s::bigint[], %(profiles)s::bigint[], %(choices)s::int[])
         AS w(id, post, profile, choice)
    JOIN posts_poll q ON q.post_id = w.post
"""
# a server that runs beside hears of every post, as if it had been written one by one
_TELL: Final = """
    INSERT INTO core_change (kind, subject, data, made_at)
    SELECT 'post.added', p.id, jsonb_build_object(
        'author', p.author_id, 'audience', p.audience, 'boost_of', p.boost_of_id,
        'tags', coalesce((SELECT jsonb_agg(t.tag_id) FROM posts_posttag t WHERE t.post_id = p.id), '[]')), %(at)s
    FROM posts_post p ORDER BY p.id
"""
_NOTIFY: Final = "SELECT pg_notify('majlis_changes', '')"


@dataclass(frozen=True)
class Filled:
    """What was made, and the password of every login in it."""

    profiles: int
    follows: int
    posts: int
    password: str
    logins: tuple[str, ...]
    bakery: Made


def fill(*, seed: int, at: datetime, out: Console | None = None) -> Filled:
    """Fill an empty Majlis, and say how to sign in.

    Raises:
        Conflict: there is somebody already.
    """
    row = sql.one(_EMPTY)
    if not (row and row[0]):
        raise Conflict(_("This Majlis is not empty. The example community goes into an empty one only."))
    out = out or Console(stderr=True)
    chance = Random(f"majlis {seed}")  # noqa: S311  # the same community again is the point
    keys: list[str] = []
    with out.status("Drawing pictures …"):
        drawn = _draw(chance)
    try:
        with out.status("Filling the room …"), transaction.atomic():
            filled = _fill(chance, drawn, keys, at=at)
    except BaseException:
        for key in keys:
            store().delete(key=key)
        raise
    _say(filled, out)
    return filled


@dataclass(frozen=True)
class _Drawn:
    """Pictures, made ready once."""

    photos: dict[str, list[tuple[pictures.Picture, ProcessedImage]]]
    avatars: list[ProcessedImage]
    headers: list[ProcessedImage]


def _draw(chance: Random) -> _Drawn:
    photos = pictures.photos(chance, count=PHOTOS)
    avatars = [pictures.avatar(chance) for _number in range(AVATARS)]
    headers = [pictures.header(chance) for _number in range(6)]
    with ThreadPoolExecutor(2) as pool:
        ready = list(pool.map(lambda picture: _ready(picture.data, ATTACHMENT), photos))
        faces = list(pool.map(lambda data: _ready(data, AVATAR), avatars))
        wide = list(pool.map(lambda data: _ready(data, HEADER), headers))
    stock: dict[str, list[tuple[pictures.Picture, ProcessedImage]]] = {}
    for picture, image in zip(photos, ready, strict=True):
        stock.setdefault(picture.about, []).append((picture, image))
    return _Drawn(stock, faces, wide)


def _ready(data: bytes, preset: Preset) -> ProcessedImage:
    return process_image(source=data, preset=preset, max_bytes=media.most_bytes())


def _fill(chance: Random, drawn: _Drawn, keys: list[str], *, at: datetime) -> Filled:
    ids, languages = Ids(chance), {code: Language(code) for code in ("en", "ar")}
    everybody = make_people(at=at, ids=ids, chance=chance, languages=languages)
    seen = everybody[:VISIBLE]
    befriend(everybody, chance=chance)
    cast = {person.handle: person for person in seen}
    bakery = Bakery(cast, everybody, at=at, ids=ids, chance=chance)
    bakery.before_profiles()
    _give_faces(seen, drawn, keys, chance)
    password = secrets.token_urlsafe(9)
    logins = _logins(password, at=at)
    write_people(everybody, logins=logins)
    follows = write_follows(everybody, at=at, ids=ids, chance=chance)
    bakery.before_posts()
    albums = Albums(drawn.photos)
    talk = Writer(at=at, ids=ids, chance=chance, languages=languages, albums=albums).everything(seen)
    _hang_up(albums, keys)
    write_posts(talk.posts, at=at)
    _react(talk, at=at, ids=ids, chance=chance)
    bakery.after_posts(talk)
    sql.execute(_TELL, at=at)
    sql.execute(_NOTIFY)
    _private_things(cast, talk, at=at)
    _ring_the_bells(cast, talk, at=at)
    made = bakery.after_all(talk, operator=logins["omar"])
    names = tuple(f"{name}@example.org" for name in logins)
    return Filled(len(everybody), follows, len(talk.posts), password, names, made)


def _logins(password: str, *, at: datetime) -> dict[str, int]:
    """Login name → id, for those of the cast who can sign in; Omar keeps the house."""
    names = dict.fromkeys(login for *_rest, login, _wanted in CAST if login)
    return {
        name: accounts.create_account(
            email=f"{name}@example.org", password=password, admin=name == "omar", at=at
        )
        for name in names
    }


def _give_faces(seen: Sequence[Person], drawn: _Drawn, keys: list[str], chance: Random) -> None:
    for number, person in enumerate(seen):
        if number < len(CAST) or chance.random() < 0.7:
            person.avatar_key = _keep(drawn.avatars[number % len(drawn.avatars)], keys)
        if number < len(CAST) or chance.random() < 0.1:
            person.header_key = _keep(drawn.headers[number % len(drawn.headers)], keys)


def _keep(image: ProcessedImage, keys: list[str]) -> str:
    key = new_key()
    keys.append(key)
    store().save(key=key, files={variant.file_name: variant.data for variant in image.variants})
    return key


def _hang_up(albums: Albums, keys: list[str]) -> None:
    for photo_id, (picture, image), owner, language, moment in albums.taken:
        sql.execute(
            MEDIA["insert"],
            id=photo_id,
            owner=owner.id,
            key=_keep(image, keys),
            state="ready",
            alt=picture.alt[language],
            x=0.0,
            y=0.0,
            at=moment,
            **_facts(image),
        )


def _facts(image: ProcessedImage) -> dict[str, Any]:
    variants = {
        each.name: Variant(each.file_name, each.width, each.height, each.mime, each.size)
        for each in image.variants
    }
    return {
        "blurhash": image.blurhash,
        "colour": image.colour,
        "animated": image.animated,
        "variants": msgspec.json.encode(variants).decode(),
    }


def _react(talk: Talk, *, at: datetime, ids: Ids, chance: Random) -> None:
    columns = ("id", "post_id", "profile_id", "kind", "made_at")
    copy_rows("posts_reaction", columns, reactions(talk, at=at, ids=ids, chance=chance))
    execute(_REACTED)
    rows = [(ids.at(at), *vote) for vote in talk.votes]
    numbers, post_ids, profiles, choices = (list(column) for column in zip(*rows, strict=True))
    execute(_VOTES, ids=numbers, posts=post_ids, profiles=profiles, choices=choices)


def _private_things(cast: dict[str, Person], talk: Talk, *, at: datetime) -> None:
    """Lists, circles, a post to each, bookmarks, pins, followed hashtags: one by one, as a member would."""
    alice, bob, dana, bakery = (cast[name].id for name in ("alice", "bob", "dana", "bayt_zaytoun"))
    family = people.create_circle(by=alice, name="Family", at=at)
    customers = people.create_circle(by=bakery, name="زبائن الصباح · Early customers", at=at)
    for owner, circle_id, member in (
        (alice, family, bob),
        (bakery, customers, alice),
        (bakery, customers, dana),
    ):
        circle = access.own_circle(circle_id=circle_id, by=owner)
        seen = access.see_profile(profile_id=member, viewer_id=owner)
        people.add_to_circle(by=owner, circle=circle, member=seen, at=at)
    said = (
        (alice, family, "Sunday lunch at mine, for the family only. Bring nothing but time."),
        (
            bakery,
            customers,
            "لمن يأتي قبل السابعة غدًا: قهوة على حسابنا. Coffee is on us before seven tomorrow.",
        ),
    )
    for author, circle_id, text in said:
        posts.publish(
            by=author,
            params=PostParams(text=text, audience="circle", circle_id=circle_id),
            at=at - timedelta(hours=3),
        )
    for author in (alice, bob, dana, bakery):
        own = [post for post in talk.posts if post.author_id == author and post.audience == "public"]
        for post in [each for each in own if each.boost_of_id is None and each.reply_to_id is None][-2:-1]:
            posts.pin(by=author, post_id=post.id, at=at)
    readable = [post for post in talk.posts if post.author_id == bakery and post.audience == "public"]
    for reader in (alice, bob, dana):
        for post in readable[-8::2]:
            posts.bookmark(by=reader, post_id=post.id, at=at)
    for name in ("خبز", "bread", "photo"):
        posts.follow_tag(by=alice, name=name, at=at)


def _ring_the_bells(cast: dict[str, Person], talk: Talk, *, at: datetime) -> None:
    """What those who can sign in are told of: a few reactions and a follower, one by one, as members would."""
    handles = [handle for handle, *_rest, login, _wanted in CAST if login]
    for place, handle in enumerate(handles):
        own = cast[handle].id
        others = [cast[each].id for each in (*handles[place + 1 :], *handles[:place])][:4]
        written = [
            post
            for post in talk.posts
            if post.author_id == own and post.audience == "public" and post.boost_of_id is None
        ]
        for number, post in enumerate(written[-2:]):
            for other, kind in zip(others[number:], ("like", "love", "laugh"), strict=False):
                posts.react(by=other, post_id=post.id, kind=kind, at=at, keep=True)
        if cast[handle].kind == "person":  # how many follow the bakery is known by heart
            for other in others[:2]:
                people.follow(by=other, whom=access.see_profile(profile_id=own, viewer_id=other), at=at)


def _say(filled: Filled, out: Console) -> None:
    """How to sign in. The password is shown this once; it is kept only as a hash."""
    out.print(
        f"Made {filled.profiles:,} profiles, {filled.follows:,} follows and {filled.posts:,} posts. "
        "All of it is an example, and each profile says so."
    )
    out.print(
        f"Sign in at {settings.MAJLIS.base_url}/accounts/login/ with one of these and the password below:"
    )
    out.print(f"  {', '.join(filled.logins)}", highlight=False, soft_wrap=True)
    out.print(f"  password: {filled.password}", highlight=False)
    out.print("nadia@example.org also speaks for the bakery @bayt_zaytoun; omar@example.org keeps the house.")
    out.print(
        f"The bakery has a studio at {settings.MAJLIS.base_url}/studio/bayt_zaytoun: {filled.bakery.posts} posts of "
        f"thirteen weeks, {filled.bakery.facts:,} facts of whom they reached, {filled.bakery.orders} orders, "
        f"{filled.bakery.reviews} reviews. Its team: nadia (owner), elias (editor), salma (support), "
        "yara (analyst), karim (advertiser).",
        soft_wrap=True,
    )
