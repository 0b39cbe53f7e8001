"""Everything of one account in a file: hers and only hers, and it can be brought back."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image
from tests import cast

from majlis.core import sql
from majlis.core.errors import Conflict, NotThere
from majlis.media import actions as media
from majlis.networks import actions, exporting, importing, queries
from majlis.networks.importing import Request
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.composing import PollParams, PostParams
from majlis.posts.queries import hydrate
from small_disks import fill, small_disk

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path / "data")
    return tmp_path / "data"


def say(who: cast.Member, text: str, *, minutes: int = 0, **more: Any) -> int:
    at = cast.later(minutes=minutes)
    return posts.publish(by=who.id, params=PostParams(text=text, **more), at=at).post_id


def photo(who: cast.Member) -> int:
    out = BytesIO()
    Image.new("RGB", (60, 40), "olive").save(out, "JPEG")
    return media.upload(owner=who.id, data=out.getvalue(), alt="زيتون", focus=(0.5, -0.25), at=AT)


def give(who: cast.Member, folder: Path) -> Path:
    path = folder / f"{who.handle}.zip"
    assert exporting.give(profile_id=who.id, path=path, at=AT) == path.stat().st_size
    return path


def whole_text(path: Path) -> str:
    with zipfile.ZipFile(path) as packed:
        return "\n".join(
            packed.read(name).decode()
            for name in packed.namelist()
            if not name.endswith((".jpg", ".webp", ".png"))
        )


def read(path: Path, name: str) -> Any:
    with zipfile.ZipFile(path) as packed:
        return json.loads(packed.read(name))


def posts_of(profile_id: int) -> list[Any]:
    ids = sql.column("SELECT id FROM posts_post WHERE author_id = %(by)s ORDER BY made_at, id", by=profile_id)
    views = hydrate(ids)
    return [views[id_] for id_ in ids]


def test_there_and_back(tmp_path: Path) -> None:
    alice, fresh = cast.alice(), cast.member("alice_again")
    first = say(
        alice, "One line\nand another.\n\nA new paragraph <b>&amp; signs</b> #خبز", photo_ids=(photo(alice),)
    )
    say(alice, "the answer", minutes=1, reply_to_id=first)
    say(alice, "behind a warning", minutes=2, warning="food", audience="unlisted")
    poll = PollParams(options=("bread", "rice"), lasts=timedelta(days=1))
    asked = say(alice, "Which?", minutes=3, poll=poll)
    bob = cast.bob()
    row = sql.one("SELECT id FROM posts_poll WHERE post_id = %(post)s", post=asked)
    assert row
    posts.vote(by=bob.id, poll_id=row[0], choices=[1], at=cast.later(minutes=5))
    say(alice, "للأصدقاء", minutes=4, audience="followers")
    say(alice, "for friends", minutes=5, audience="friends")
    path = give(alice, tmp_path)
    importing.take(Request(profile_id=fresh.id, path=path, at=AT))
    before, after = posts_of(alice.id), posts_of(fresh.id)
    assert [post.text for post in after] == [post.text for post in before]
    for name in ("made_at", "warning", "language", "sensitive"):
        assert [getattr(post, name) for post in after] == [getattr(post, name) for post in before], name
    # an app of another house reads friends as nobody; here they are friends again
    assert [post.audience for post in after][-2:] == ["followers", "friends"]
    assert after[1].reply_to_id == after[0].id
    (there,) = after[0].photos
    assert (there.alt, there.focus_x, there.focus_y) == ("زيتون", 0.5, -0.25)
    assert after[3].poll is not None
    assert (after[3].poll.options, after[3].poll.votes) == (["bread", "rice"], [0, 1])


def test_misskey_3e78d06_only_what_is_hers(tmp_path: Path) -> None:
    alice, bob, charlie = cast.alice(), cast.bob(), cast.charlie()
    cast.friends(alice, bob)
    secret = say(bob, "bob's secret of seven olives", audience="friends")
    say(bob, "a word to @alice alone, nine figs", audience="mentioned")
    posts.react(by=alice.id, post_id=secret, kind="love", at=AT)
    posts.bookmark(by=alice.id, post_id=secret, at=AT)
    say(alice, "her own private word", audience="mentioned")
    say(charlie, "charlie says eleven")
    circle = people.create_circle(by=alice.id, name="Family", at=AT)
    own = people_access.own_circle(circle_id=circle, by=alice.id)
    people.add_to_circle(by=alice.id, circle=own, member=bob.seen, at=AT)
    path = give(alice, tmp_path)
    text = whole_text(path)
    assert "her own private word" in text
    for not_hers in ("seven olives", "nine figs", "eleven", "charlie"):
        assert not_hers not in text
    rest = read(path, "majlis.json")
    assert [each["name"] for each in rest["circles"]] == ["Family"]
    assert [each.split("@")[0] for each in rest["circles"][0]["members"]] == ["bob"]
    assert [each["kind"] for each in rest["reactions"]] == ["love"]
    assert read(path, "bookmarks.json")["orderedItems"][0].endswith(f"/@bob/{secret}")
    # and Bob, who is in the circle, learns nothing of it from his own
    assert "Family" not in whole_text(give(bob, tmp_path))


def test_an_article_is_markdown(tmp_path: Path) -> None:
    alice = cast.alice()
    say(alice, "Some **bold** words.", title="On bread/rolls")
    path = give(alice, tmp_path)
    with zipfile.ZipFile(path) as packed:
        (name,) = [each for each in packed.namelist() if each.startswith("articles/")]
        assert packed.read(name).decode() == "# On bread/rolls\n\nSome **bold** words.\n"
    assert name.count("/") == 1


def test_a_full_disk_leaves_nothing(own_folder: Path) -> None:
    alice = cast.alice()
    say(alice, "one")
    export_id = actions.ask_export(by=alice.id, at=AT)
    with small_disk(own_folder, 1):
        actions.exports_dir()
        fill(own_folder, leave=0)
        actions.run_export(export_id=export_id, at=AT)
        assert not list(actions.exports_dir().iterdir())
    told = queries.last_export(by=alice.id)
    assert told is not None
    assert (told.state, told.failure) == ("failed", "no_room")


def test_cve_2026_22246_asked_for_and_fetched_by_its_owner_alone() -> None:
    alice, charlie = cast.alice(), cast.charlie()
    say(alice, "mine")
    export_id = actions.ask_export(by=alice.id, at=AT)
    with pytest.raises(Conflict):
        actions.ask_export(by=alice.id, at=AT)
    with pytest.raises(NotThere):
        queries.export_file(by=alice.id, export_id=export_id)
    actions.run_export(export_id=export_id, at=AT)
    assert zipfile.is_zipfile(queries.export_file(by=alice.id, export_id=export_id))
    for stranger in (charlie.id, alice.id + 1):
        with pytest.raises(NotThere):
            queries.export_file(by=stranger, export_id=export_id)
    assert queries.last_export(by=charlie.id) is None
    actions.sweep(at=datetime.now(UTC) + timedelta(days=8))
    with pytest.raises(NotThere):
        queries.export_file(by=alice.id, export_id=export_id)
