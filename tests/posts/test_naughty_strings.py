"""The big list of naughty strings through every text field and back: unharmed where text is text, refused with a
sentence where it is none, and inert on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from cast import MOMENT, Member, later, member
from majlis.core.errors import Refused
from majlis.core.text.clean import clean_text
from majlis.people import actions as people
from majlis.people import queries as people_queries
from majlis.posts import actions, queries
from majlis.posts.composing import PollParams, PostParams

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).parents[3] / "shared" / "data" / "text" / "naughty_strings.json"
OWN = (
    *(
        "undefined",
        "Ω≈ç√∫",
        "田中さんに",
        "הָיְתָה",
        "﷽",
        "\u202etest\u202e",
        "NULL",
        "<b>",
        "&amp;&lt;",
        "\\u0000",
        "=1+1",
    ),
    *("'; DROP TABLE posts_post; --", "%s%(x)s {0}", "الكل في المجمو عة", "🏳️‍🌈", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮"),
    *("a" * 300, "../../etc/passwd", "\u200b"),
)


def strings() -> list[str]:
    shared = json.loads(SHARED.read_text()) if SHARED.exists() else []
    return [text for text in (*OWN, *shared) if clean_text(text).strip()]


def one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_posts_say_what_was_typed() -> None:
    alice = member("alice")
    refused = []
    for number, text in enumerate(strings()):
        params = PostParams(text=text, warning=text[:100], may_reply="everyone")
        try:
            made = actions.publish(by=alice.id, params=params, at=later(seconds=number))
        except Refused as refusal:
            refused.append((text, refusal.code))
            continue
        view = queries.hydrate([made.post_id])[made.post_id]
        assert view.text == clean_text(text).strip()
        assert view.warning == clean_text(text[:100]).strip()
        assert "<script" not in view.html.lower()
    assert {code for _text, code in refused} <= {"too_long"}


@pytest.mark.slow
def test_poll_options_and_titles() -> None:
    alice = member("alice")
    for number, text in enumerate(strings()):
        short = clean_text(text[:80]).strip()
        if not short or short == "no":
            continue
        poll = PollParams(options=(short, "no"), lasts=timedelta(hours=1))
        made = actions.publish(
            by=alice.id, params=PostParams(text="which?", poll=poll), at=later(seconds=number)
        )
        shown = queries.hydrate([made.post_id])[made.post_id].poll
        assert shown is not None
        assert shown.options[0] == short
        titled = actions.publish(
            by=alice.id, params=PostParams(text="body", title=short), at=later(seconds=number, hours=1)
        )
        assert queries.hydrate([titled.post_id])[titled.post_id].title == short


def _fields(alice: Member) -> dict[str, Callable[[str], object]]:
    return {
        "name": lambda text: people.change_profile(by=alice.id, at=MOMENT, display_name=text),
        "bio": lambda text: people.change_profile(by=alice.id, at=MOMENT, bio=text),
        "fields": lambda text: people.change_profile(by=alice.id, at=MOMENT, fields=[(text, text)]),
        "note": lambda text: people.write_note(by=alice.id, about=member_of["bob"].seen, text=text),
        "circle": lambda text: people.create_circle(by=alice.id, name=text, at=MOMENT),
        "list": lambda text: people.create_list(by=alice.id, title=text, at=MOMENT),
        "hashtag": lambda text: actions.follow_tag(by=alice.id, name=text, at=MOMENT),
    }


member_of: dict[str, Member] = {}


@pytest.mark.slow
def test_every_other_field_takes_it_or_says_why_not_and_pages_stand(client: Client) -> None:
    alice, member_of["bob"] = member("alice"), member("bob")
    client.force_login(alice.user)
    silent: list[tuple[str, str]] = []
    for name, write in _fields(alice).items():
        for text in strings():
            try:
                write(text)
            except Refused as refusal:
                silent += [] if str(refusal.sentence) else [(name, text)]
    assert silent == []
    for path in ("/home", "/@alice", "/circles", "/lists", "/settings/profile"):
        answer = client.get(path, follow=True)
        assert answer.status_code == 200, path
        assert b"<script>alert" not in answer.content
    kept = people_queries.profile(alice.id)
    assert kept is not None
    assert one_line(kept.bio)
