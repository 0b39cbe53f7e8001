"""``majlis demo``: what it makes is whole, counted, the same for the same seed, and says that it is an example."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from msgspec.structs import replace
from rich.console import Console

from majlis.accounts.models import User
from majlis.config import demo
from majlis.config.demo_data import people
from majlis.config.demo_data.grammar import Language
from majlis.core import sql
from majlis.core.clock import now
from majlis.core.errors import Conflict
from majlis.core.ids import lowest_id_at
from majlis.people.models import Profile

AT = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


def fill(seed: int = 1) -> tuple[demo.Filled, str]:
    out = StringIO()
    filled = demo.fill(seed=seed, at=AT, out=Console(file=out, width=200))
    # what is counted next, and every reference at the end, is looked up by index and not by reading all
    sql.execute("ANALYZE")
    return filled, out.getvalue()


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    """The same community with fewer pictures: they take most of the time."""
    monkeypatch.setattr(demo, "PHOTOS", 6)
    monkeypatch.setattr(demo, "AVATARS", 4)
    own = replace(settings.MAJLIS, data_dir=tmp_path)  # type: ignore[attr-defined]
    settings.MAJLIS = own  # type: ignore[attr-defined]


def _wrong(query: str) -> list[object]:
    return list(sql.rows(query))


@pytest.mark.slow
@pytest.mark.django_db
def test_it_is_whole_and_counted(smaller: None) -> None:
    filled, said = fill()
    assert filled.profiles > 15_000
    handles = {row[0]: row[1:] for row in sql.rows(
        "SELECT p.handle, c.followers, p.kind FROM people_profile p JOIN people_profilecount c ON c.profile_id = p.id"
    )}  # fmt: skip
    assert handles["bayt_zaytoun"] == (500, "business")
    assert handles["rooftop_radio"][0] == 15_000
    assert not _wrong("""
        SELECT c.profile_id FROM people_profilecount c
        WHERE c.followers <> (SELECT count(*) FROM people_follow f WHERE f.followed_id = c.profile_id)
           OR c.following <> (SELECT count(*) FROM people_follow f WHERE f.follower_id = c.profile_id)
           OR c.posts <> (SELECT count(*) FROM posts_post p WHERE p.author_id = c.profile_id
                          AND p.audience <> 'mentioned')
    """)
    assert not _wrong("""
        SELECT n.post_id FROM posts_postcount n
        WHERE n.replies <> (SELECT count(*) FROM posts_post r WHERE r.reply_to_id = n.post_id
                            AND r.audience IN ('public', 'unlisted'))
           OR n.boosts <> (SELECT count(*) FROM posts_post b WHERE b.boost_of_id = n.post_id)
           OR n.quotes <> (SELECT count(*) FROM posts_post q WHERE q.quote_of_id = n.post_id)
           OR n."like" + n.love + n.laugh + n.wow + n.sad + n.angry
              <> (SELECT count(*) FROM posts_reaction r WHERE r.post_id = n.post_id)
    """)
    assert not _wrong("""
        SELECT q.id FROM posts_poll q WHERE q.voters <> (
            SELECT count(DISTINCT v.profile_id) FROM posts_pollvote v WHERE v.poll_id = q.id)
    """)
    assert not _wrong("SELECT p.id FROM posts_post p WHERE p.boost_of_id IS NULL AND p.search IS NULL")
    assert not _wrong(
        "SELECT p.id FROM posts_post p JOIN posts_post o ON o.id = p.reply_to_id WHERE p.id <= o.id"
    )
    assert not Profile.objects.filter(example=False).exists()
    assert filled.password in said
    assert User.objects.get(email="alice@example.org").check_password(filled.password)
    for what in ("posts_poll", "posts_pin", "posts_bookmark", "people_circle", "media_photo", "posts_tag"):
        assert sql.one(f"SELECT count(*) FROM {what}") != (0,), what  # noqa: S608  # names from above
    assert not _wrong("""
        SELECT p.handle FROM people_profile p JOIN accounts_user u ON u.id = p.user_id
        WHERE NOT EXISTS (SELECT FROM notifications_notification n WHERE n.recipient_id = p.id)
    """), "the bell of everybody who can sign in has something to tell"
    kinds = sql.column("SELECT DISTINCT kind FROM posts_post")
    assert set(kinds) == {"note", "article", "boost"}
    assert sql.one("SELECT count(*) FROM posts_post WHERE imported_from <> ''") == (0,)
    with pytest.raises(Conflict):
        fill()


def _told() -> list[tuple[object, ...]]:
    # what the last hour brings is said through the doors of the day: its ids, and its signed links, are of that moment
    return sql.rows(
        """
        SELECT CASE WHEN p.id < %(lately)s THEN p.id END, a.handle, regexp_replace(p.text, '/care/.*', ''), p.audience,
               n.replies, n."like" FROM posts_post p
        JOIN people_profile a ON a.id = p.author_id LEFT JOIN posts_postcount n ON n.post_id = p.id
        WHERE p.audience <> 'circle' ORDER BY p.id
        """,
        lately=lowest_id_at(now() - timedelta(hours=1)),
    )


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, smaller: None) -> None:
    """The same community with fewer people: three of them are made."""
    monkeypatch.setattr(people, "CROWD", 100)
    for place in (people, demo):
        monkeypatch.setattr(place, "VISIBLE", 50)


@pytest.mark.django_db
def test_the_same_seed_makes_the_same(few: None) -> None:
    seen = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            fill(seed)
            seen.append(_told())
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


@pytest.mark.parametrize("code", ["en", "ar"])
def test_there_is_enough_to_say(code: str) -> None:
    language = Language(code)
    assert len(set(language.templates)) >= 150
    for number, template in enumerate(language.templates):
        text = language.fill(template, Random(number))
        assert "{" not in text
        assert "ـ" not in text
