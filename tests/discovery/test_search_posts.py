"""Search over posts: Arabic both ways, operators, ranking, and never what the searcher may not see."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Member, follows, friends, later
from majlis.core.clock import now
from majlis.core.paging import Page
from majlis.discovery import queries
from majlis.discovery.queries import found as found_module
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.posts import actions as posts
from majlis.posts.actions.publishing import Origin
from majlis.posts.composing import PollParams, PostParams
from majlis.posts.visibility import visible_among


def publish(by: Member, text: str, **params: object) -> int:
    return posts.publish(by=by.id, params=PostParams(text=text, **params), at=now()).post_id  # type: ignore[arg-type]


def found(viewer: Member | None, text: str, **params: object) -> list[int]:
    return queries.posts(text=text, viewer=viewer.id if viewer else None, at=now(), **params).ids  # type: ignore[arg-type]


ALIKE = [
    ("أحمد", "احمد"),
    ("إيمان", "ايمان"),
    ("مدرسة", "مدرسه"),
    ("مستشفى", "مستشفي"),
    ("مُحَمَّد", "محمد"),
    ("محـــمد", "محمد"),
    ("المدرسة", "مدرسة"),
    ("والكتاب", "كتاب"),
    ("مهندسون", "مهندس"),
    ("٢٠٢٦", "2026"),
    ("مسؤول", "مسوول"),
    ("للمدرسة", "مدرسة"),
    ("Bakeries", "bakery"),
    ("café", "cafe"),
    ("BREAD", "bread"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_find_each_other_both_ways(alice: Member, one: str, other: str) -> None:
    for written, asked in ((one, other), (other, one)):
        post = publish(alice, f"{written} xyz")
        assert post in found(None, asked), (written, asked)


@pytest.mark.parametrize(("written", "asked"), [("كتاب", "كلب"), ("سماء", "سمك"), ("bread", "broad")])
def test_other_words_do_not(alice: Member, written: str, asked: str) -> None:
    publish(alice, written)
    assert found(None, asked) == []


def test_of_a_link_only_the_host_is_searched(alice: Member) -> None:
    post = publish(alice, "read https://example.org/secret-path")
    assert found(None, "example.org") == [post]
    assert found(None, "secret") == []


# what the searcher may not see --------------------------------------------------------------------


@pytest.fixture
def world(alice: Member, bob: Member, charlie: Member, dana: Member) -> dict[str, int]:
    """Alice and Bob are friends; Dana follows Alice; Charlie is a stranger. One word in every audience."""
    friends(alice, bob)
    follows(dana, alice)
    circle = people.create_circle(by=alice.id, name="family", at=later())
    own = people_access.own_circle(circle_id=circle, by=alice.id)
    people.add_to_circle(circle=own, by=alice.id, member=bob.seen, at=later())
    return {
        "public": publish(alice, "kanafeh"),
        "unlisted": publish(alice, "kanafeh", audience="unlisted"),
        "followers": publish(alice, "kanafeh", audience="followers"),
        "friends": publish(alice, "kanafeh", audience="friends"),
        "circle": publish(alice, "kanafeh", audience="circle", circle_id=circle),
        "mentioned": publish(alice, "kanafeh @bob", audience="mentioned"),
    }


def test_everybody_finds_what_she_may_see(
    world: dict[str, int], alice: Member, bob: Member, charlie: Member, dana: Member
) -> None:
    def names(viewer: Member | None, text: str = "kanafeh") -> set[str]:
        ids = set(found(viewer, text))
        return {name for name, post in world.items() if post in ids}

    assert names(alice) == set(world)
    assert names(bob) == set(world) - {"unlisted"}
    assert names(dana) == {"public", "followers"}
    assert names(charlie) == {"public"}
    assert names(None) == {"public"}
    for ask in ("from:alice kanafeh", '"kanafeh"', "kanafeh -bread", "from:@alice"):
        assert names(charlie, ask) == {"public"}, ask


def test_lemmy_91931eb_a_private_word_is_found_by_nobody_else(alice: Member, charlie: Member) -> None:
    for audience in ("followers", "friends", "mentioned"):
        publish(alice, f"canary{audience} #canarytag{audience}", audience=audience)
        for viewer in (charlie, None):
            assert found(viewer, f"canary{audience}") == []
            assert found(viewer, f"#canarytag{audience}") == []
            viewer_id = viewer.id if viewer else None
            assert queries.tags(text="canarytag", viewer=viewer_id, at=now()) == []
    assert [tag.name for tag in queries.tags(text="canarytagfri", viewer=alice.id, at=now())] == [
        "canarytagfriends"
    ]


def test_authors_who_do_not_want_to_be_found(alice: Member, bob: Member, charlie: Member) -> None:
    people.change_profile(by=alice.id, indexable=False, at=later())
    plain, kept = publish(alice, "tahini plain"), publish(alice, "tahini kept")
    spoken = publish(alice, "tahini @bob")
    posts.bookmark(by=bob.id, post_id=kept, at=now())
    assert found(charlie, "tahini") == []
    assert found(None, "tahini") == []
    assert set(found(bob, "tahini")) == {kept, spoken}
    assert set(found(alice, "tahini")) == {plain, kept, spoken}
    posts.react(by=bob.id, post_id=plain, kind="love", at=now())
    assert set(found(bob, "tahini")) == {plain, kept, spoken}


def test_what_is_deleted_or_edited_away_is_not_found(alice: Member) -> None:
    gone, changed = publish(alice, "zaatar"), publish(alice, "zaatar")
    posts.delete(by=alice.id, post_id=gone, at=now())
    posts.edit(by=alice.id, post_id=changed, params=PostParams(text="sumac"), at=now())
    assert found(alice, "zaatar") == []
    assert found(alice, "sumac") == [changed]


def test_blocked_and_muted_people_are_not_found(alice: Member, bob: Member, charlie: Member) -> None:
    post = publish(alice, "labneh")
    assert found(bob, "labneh") == [post]
    people.mute(by=bob.id, whom=alice.seen, at=now())
    assert found(bob, "labneh") == []
    assert found(bob, "from:alice labneh") == [post]
    people.unmute(by=bob.id, profile_id=alice.id, at=now())
    people.block(by=bob.id, whom=alice.seen, at=now())
    assert found(bob, "labneh") == found(bob, "from:alice labneh") == []
    assert found(alice, "labneh") == [post]
    people.block(by=alice.id, whom=charlie.seen, at=now())
    assert found(charlie, "labneh") == []


def test_cve_2026_23961_the_posts_of_the_withdrawn_are_not_found(alice: Member, bob: Member) -> None:
    post = publish(alice, "freekeh #grain")
    posts.bookmark(by=bob.id, post_id=post, at=now())
    people.withdraw_profile(profile_id=alice.id, at=now())
    assert found(bob, "freekeh") == found(bob, "#grain") == []
    assert queries.tags(text="grain", viewer=bob.id, at=now()) == []
    assert queries.people(text="alice", viewer=bob.id, at=now()) == []


def test_boosts_are_no_hits_of_their_own(alice: Member, bob: Member) -> None:
    post = publish(alice, "mulukhiyah")
    posts.boost(by=bob.id, post_id=post, at=now())
    assert found(None, "mulukhiyah") == [post]


# operators ----------------------------------------------------------------------------------------


def test_words_phrases_and_what_is_left_out(alice: Member) -> None:
    one = publish(alice, "fresh bread from the oven")
    other = publish(alice, "bread is fresh")
    assert set(found(None, "bread fresh")) == {one, other}
    assert found(None, '"fresh bread"') == [one]
    assert found(None, "“fresh bread”") == [one]
    assert found(None, "bread -oven") == [other]
    assert found(None, 'bread -"fresh bread"') == [other]
    assert found(None, "-oven") == found(None, "the") == found(None, "") == found(None, '"') == []


def test_an_arabic_phrase(alice: Member) -> None:
    post = publish(alice, "خبز المدرسة الطازج")
    publish(alice, "المدرسة بعيدة والخبز طازج")
    assert found(None, '"خبز مدرسه"') == [post]


def test_by_an_author(alice: Member, bob: Member) -> None:
    hers, his = publish(alice, "lentils"), publish(bob, "lentils")
    assert set(found(bob, "lentils")) == {hers, his}
    assert found(bob, "lentils from:@alice") == [hers]
    assert found(bob, "from:ALICE") == [hers]
    assert found(bob, "from:me lentils") == [his]
    assert found(bob, "lentils from:nobody") == []
    assert found(None, "lentils", from_profile=bob.id) == [his]


def test_by_hashtag(alice: Member) -> None:
    post = publish(alice, "today #إفطار")
    other = publish(alice, "today #إفطار #خبز")
    assert set(found(None, "#افطار")) == {post, other}
    assert found(None, "#افطار #خبز today") == [other]
    assert found(None, "#nothing today") == []


def test_kinds_replies_and_languages(alice: Member, bob: Member) -> None:
    poll = PollParams(options=("yes", "no"), lasts=timedelta(days=1))
    asked = publish(alice, "hummus", poll=poll, language="en")
    answer = publish(bob, "hummus too", reply_to_id=asked, language="ar")
    linked = publish(bob, "hummus https://example.org/hummus", language="en")
    assert found(None, "hummus has:poll") == [asked]
    assert found(None, "hummus is:reply") == [answer]
    assert found(None, "hummus has:link") == [linked]
    assert found(None, "hummus has:media") == []
    assert found(None, "hummus language:ar") == found(None, "hummus", language="ar") == [answer]


def test_days_and_pages(alice: Member) -> None:
    ids = [publish(alice, "olives") for _number in range(5)]
    today, tomorrow = now().date(), now().date() + timedelta(days=1)
    assert set(found(None, f"olives during:{today}")) == set(ids)
    assert found(None, f"olives before:{today}") == found(None, f"olives after:{today}") == []
    assert set(found(None, f"olives before:{tomorrow}")) == set(ids)
    assert set(found(None, "olives before:2026-99-99")) == set()  # no day: looked for as it stands
    ranked = found(None, "olives")
    assert ranked == [*found(None, "olives", page=Page(limit=3)), *found(None, "olives", offset=3)]
    assert found(None, "olives", offset=100_000) == []
    assert set(found(None, "olives", page=Page(max_id=ids[2]))) == set(ids[:2])
    assert set(found(None, "olives", page=Page(min_id=ids[2]))) == set(ids[3:])


@pytest.mark.parametrize(
    "text",
    [
        "'",
        "\\",
        "a:*",
        "!a & (b",
        "or",
        "from:",
        "#",
        "-",
        '"-',
        "has:",
        "%",
        "x" * 5000,
        "a'b",
        "\x00",
        "🫒",
    ],
)
def test_nothing_typed_breaks_the_search(alice: Member, text: str) -> None:
    publish(alice, "anything at all")
    for viewer in (alice, None):
        found(viewer, text)
        viewer_id = viewer.id if viewer else None
        queries.people(text=text, viewer=viewer_id, at=now())
        queries.tags(text=text, viewer=viewer_id, at=now())


# ranking and cost ---------------------------------------------------------------------------------


def test_a_post_about_it_comes_before_a_long_one_that_names_it(alice: Member) -> None:
    short = publish(alice, "makdous makdous")
    publish(alice, "makdous " + " ".join(f"word{number}" for number in range(40)))
    assert found(None, "makdous")[0] == short


def test_the_newer_of_equals_comes_first(alice: Member) -> None:
    for day in (400, 200, 3):
        at = now() - timedelta(days=day)
        origin = Origin(network="x", source_id=str(day))
        posts.publish(by=alice.id, params=PostParams(text="shanklish"), at=at, origin=origin)
    hits = found(None, "shanklish")
    assert hits == sorted(hits, reverse=True)
    assert len(hits) == 3


def oracle(viewer: Member | None, *, text: str, posts_of: dict[int, str]) -> set[int]:
    """What should be found: the posts whose text has all words, among those the viewer may see."""
    words = set(text.split())
    fitting = [post for post, said in posts_of.items() if words <= set(said.split())]
    return visible_among(ids=fitting, viewer=viewer.id if viewer else None)


@pytest.fixture
def years(alice: Member, bob: Member) -> dict[int, str]:
    """Posts of minutes, days and years ago, some followers-only: what each says."""
    dice = random.Random(4)
    friends(alice, bob)
    said: dict[int, str] = {}
    for minutes in (
        0,
        3,
        16,
        18,
        40,
        300,
        310,
        2_000,
        5_000,
        30_000,
        90_000,
        300_000,
        900_000,
        1_500_000,
        9_000_000,
    ):
        for number in range(3):
            text = " ".join(dice.sample(["freekeh", "sumac", "labneh", "olives"], 2))
            audience = "followers" if number == 2 else "public"
            at, origin = (
                now() - timedelta(minutes=minutes),
                Origin(network="x", source_id=f"{minutes}-{number}"),
            )
            params = PostParams(text=text, audience=audience)
            said[posts.publish(by=alice.id, params=params, at=at, origin=origin).post_id] = text
    return said


QUESTIONS = ("freekeh", "sumac labneh", "olives", "freekeh olives", "nothing olives")


@pytest.mark.parametrize("crowded", [1, 4, 1_500])
@pytest.mark.parametrize("enough", [1, 7, 300])
def test_the_walk_back_finds_what_is_there_and_no_more(
    years: dict[int, str],
    bob: Member,
    charlie: Member,
    monkeypatch: pytest.MonkeyPatch,
    crowded: int,
    enough: int,
) -> None:
    monkeypatch.setattr(found_module, "CROWDED", crowded)
    monkeypatch.setattr(found_module, "LOOKS", (enough, *[50] * 3))
    for text in QUESTIONS:
        for viewer in (bob, charlie, None):
            assert set(found(viewer, text, page=Page(limit=200))) == oracle(viewer, text=text, posts_of=years)


@pytest.mark.parametrize("text", [*QUESTIONS, "from:alice olives", "from:alice", "#old olives", "#old"])
@pytest.mark.parametrize(
    "limits",
    [
        {"LOOKS": (2, 3), "MOST_HITS": 4},
        {"LOOKS": (1,), "MOST_READ": 6, "CROWDED": 2, "WINDOW": 3},
        {"MOST_READ": 4, "CROWDED": 2, "WINDOW": 2, "WINDOWS": 1},
        {"MOST_HITS": 3, "WINDOW": 3, "WINDOWS": 2},
    ],
)
def test_a_search_that_ends_early_goes_on_until_all_is_found_once(
    years: dict[int, str],
    alice: Member,
    bob: Member,
    charlie: Member,
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, object],
    text: str,
) -> None:
    tagged = {publish(alice, "olives #old", audience=audience) for audience in ("followers", "public") * 3}
    said = years | dict.fromkeys(tagged, "olives")
    of_words = "#old" not in text
    words = " ".join(word for word in text.split() if word[:1] not in "#f" or word == "freekeh")
    for name, value in limits.items():
        monkeypatch.setattr(found_module, name, value)
    for viewer in (bob, charlie, None):
        expected = oracle(viewer, text=words, posts_of=said if of_words else dict.fromkeys(tagged, "olives"))
        hits: list[int] = []
        page: Page | None = Page(max_id=None)
        offset = 0
        while page is not None:
            viewer_id = viewer.id if viewer else None
            got = queries.posts(
                text=text, viewer=viewer_id, at=now(), page=replace(page, limit=2), offset=offset
            )
            hits += got.ids
            assert got.older is None or not got.more
            offset = offset + 2 if got.more else 0
            page = page if got.more else Page(max_id=got.older) if got.older is not None else None
        assert sorted(hits) == sorted(expected), viewer


def test_where_a_search_goes_on_tells_no_time_of_what_is_hidden(
    alice: Member, charlie: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Private posts of an hour ago: Charlie learns a quarter of an hour at best, and no id."""
    old = publish(alice, "kanafeh")
    monkeypatch.setattr(found_module, "LOOKS", (2,))
    at, ids = now() - timedelta(hours=1), []
    for number in range(3):
        params = PostParams(text="maamoul", audience="followers")
        origin = Origin(network="x", source_id=str(number))
        ids.append(posts.publish(by=alice.id, params=params, at=at, origin=origin).post_id)
    bound = queries.posts(text="maamoul", viewer=charlie.id, at=now()).older
    assert bound is not None
    assert bound % (1 << 36) == 0
    assert bound not in ids
    assert found(charlie, "kanafeh") == [old]


def test_pages_neither_repeat_nor_skip_while_others_write(
    years: dict[int, str], bob: Member, alice: Member
) -> None:
    at = now()
    before = Page(max_id=max(years) + 1, limit=4)
    whole = queries.posts(text="olives", viewer=bob.id, at=at, page=replace(before, limit=100)).ids
    pages: list[int] = []
    while page := queries.posts(text="olives", viewer=bob.id, at=at, page=before, offset=len(pages)).ids:
        pages += page
        publish(alice, "olives olives olives")
    assert pages == whole
    assert set(whole) == oracle(bob, text="olives", posts_of=years)


def test_only_the_newest_hits_are_ranked(
    years: dict[int, str], bob: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_module, "MOST_HITS", 5)
    monkeypatch.setattr(found_module, "CROWDED", 2)
    monkeypatch.setattr(found_module, "LOOKS", (5, 5, 5))
    left = sorted(oracle(bob, text="olives", posts_of=years))
    page = Page()
    while left:
        assert set(found(bob, "olives", page=page)) == set(left[-5:])
        page, left = Page(max_id=left[-5:][0]), left[:-5]


def test_what_charlie_may_not_see_ends_the_search_and_says_nothing(
    alice: Member, charlie: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = publish(alice, "kanafeh")
    hidden = [publish(alice, "kanafeh", audience="followers") for _number in range(6)]
    assert found(charlie, "kanafeh") == [old]
    monkeypatch.setattr(found_module, "LOOKS", (2, 2))
    first = queries.posts(text="kanafeh", viewer=charlie.id, at=now())
    assert (first.ids, first.more) == ([], False)
    assert first.older is not None
    assert first.older not in hidden
    page: Page | None = Page(max_id=first.older)
    hits, asked = [], 0
    while page:
        further = queries.posts(text="kanafeh", viewer=charlie.id, at=now(), page=page)
        page = Page(max_id=further.older) if further.older else None
        hits, asked = hits + further.ids, asked + 1
    assert hits == [old]
    assert asked < 8


def test_words_that_are_rare_among_many_others(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """An author's and a hashtag's newest posts are read first; then the words are looked for."""
    monkeypatch.setattr(found_module, "WINDOW", 2)
    monkeypatch.setattr(found_module, "WINDOWS", 2)
    monkeypatch.setattr(found_module, "LOOKS", (1,) * 9)
    old = publish(alice, "tahini #food")
    for _number in range(5):
        publish(alice, "bread #food")
    new = publish(alice, "tahini #food")
    for asked in ("tahini from:alice", "tahini #food", "#food tahini from:alice"):
        assert found(None, asked) == [new, old], asked
    assert found(None, "tahini #other") == found(None, "tahini from:alice -food") == []
    assert len(found(None, "#food")) == len(found(None, "from:alice")) == 7  # window after window


def test_the_clock_of_another_server_may_be_ahead(alice: Member) -> None:
    origin = Origin(network="x", source_id="ahead")
    ahead = posts.publish(
        by=alice.id, params=PostParams(text="maqluba"), at=now() + timedelta(minutes=10), origin=origin
    )
    assert found(None, "maqluba") == [ahead.post_id]


def test_queries_are_counted(alice: Member) -> None:
    for number in range(12):
        publish(alice, f"dates #date{number}")
    with CaptureQueriesContext(connection) as asked:
        assert len(found(alice, "dates")) == 12
    assert len(asked) == 2  # posts with the words; those she may see
    with CaptureQueriesContext(connection) as asked:
        assert len(found(alice, "#date1 dates")) == 1
    assert len(asked) == 2  # posts with the hashtag; those she may see
    with CaptureQueriesContext(connection) as asked:
        assert found(alice, "qqqqq") == []
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.tags(text="date", viewer=alice.id, at=now())) == 12
    assert len(asked) == 2  # hashtags; their history
    with CaptureQueriesContext(connection) as asked:
        queries.people(text="alice", viewer=alice.id, at=now())
    assert len(asked) == 1


def test_the_index_of_words_is_used_whatever_the_words(years: dict[int, str], alice: Member) -> None:
    """A plan made without knowing the words must not read all posts."""
    with CaptureQueriesContext(connection) as asked:
        found(alice, "olives")
    walk = asked.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {walk}")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on posts_search" in plan
    assert "Index Cond: ((ARRAY[" in plan
