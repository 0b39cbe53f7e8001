"""Which components the gallery shows, in which state, with which words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from majlis.web.gallery import people
from majlis.web.gallery.posts import ARABIC, ENGLISH, MIXED, item, photo, poll, post

CARD = "web/posts/post_card.html"


class Example(NamedTuple):
    """One thing to look at: its caption (for us, English), its template and what it reads."""

    caption: str
    template: str
    context: dict[str, Any]


def _card(caption: str, shown: Thing, *, detail: bool = False, **of_item: Any) -> Example:
    return Example(caption, CARD, {"item": item(shown, **of_item), "detail": detail})


def post_cards(at: datetime) -> Iterator[Example]:
    """The post card in every state."""
    liked = Thing(replies=4, boosts=12, reactions=1834, quotes=2)
    faces = {"like": 900, "love": 800, "laugh": 134}
    yield _card(
        "Text, a person, why",
        post(at, people.ALICE, ENGLISH, counts=liked, reactions=faces),
        why=_("You follow %(name)s") % {"name": "Alice Haddad"},
    )
    yield _card(
        "Arabic, a business, boosted, edited, my reaction",
        post(
            at,
            people.BAKERY,
            ARABIC,
            "ar",
            counts=liked,
            reactions=faces,
            edited_at=at,
            mine=Thing(reaction="love", boosted=True, bookmarked=True, pinned=False, muted=False),
        ),
        boosted_by=people.BOB,
        why=_("Boosted by someone you follow"),
    )
    yield _card(
        "Mixed directions, reply, friends only",
        post(
            at,
            people.BOB,
            MIXED,
            "",
            dir="auto",
            audience="friends",
            audience_label=_("Friends"),
            reply_to=Thing(acct="alice", url="/@alice/1"),
            may=Thing(reply=True, boost=False, edit=True, delete=True, pin=True),
        ),
    )
    yield _card(
        "Content warning",
        post(
            at,
            people.DANA,
            ENGLISH,
            content_warning="طعام · food, lots of it",
            media=[photo(0, alt="Quinces")],
        ),
    )
    yield _card(
        "Long name, followers only",
        post(
            at - timedelta(days=3),
            people.LONG,
            "<p>Small talk.</p>",
            audience="followers",
            audience_label=_("Followers"),
        ),
    )
    yield _card("Hidden by a filter", post(at, people.DANA, ENGLISH), filtered=Thing(title="football"))
    yield _card(
        "Pinned, circle",
        post(
            at - timedelta(days=40),
            people.ALICE,
            "<p>Hello. I write about food and trains.</p>",
            audience="circle",
            audience_label=_("Circle: %(name)s") % {"name": "Family"},
        ),
        pinned=True,
    )
    yield from _photos(at)
    yield from _attachments(at)
    yield _card(
        "On its own page", post(at, people.BAKERY, ARABIC, "ar", counts=liked, reactions=faces), detail=True
    )


def _photos(at: datetime) -> Iterator[Example]:
    for count in (1, 2, 3, 4, 5, 16):
        shown = [photo(n, alt="" if n % 3 == 2 else f"Hills in the evening, {n + 1}") for n in range(count)]
        yield _card(f"{count} photos", post(at, people.ALICE, f"<p>{count} × تلال المساء</p>", media=shown))
    tall = photo(3, alt="A tall hill", width=900, height=1600, focus=(0.2, 0.6))
    yield _card("A tall photo, sensitive", post(at, people.DANA, "", media=[tall], sensitive=True))


def _attachments(at: datetime) -> Iterator[Example]:
    ask = "<p>أيّ الخبز نخبز يوم الجمعة؟ Which bread for Friday?</p>"
    yield _card("Poll, open", post(at, people.BAKERY, ask, "ar", poll=poll(at)))
    yield _card(
        "Poll, several choices, totals hidden",
        post(at, people.BAKERY, ask, "ar", poll=poll(at, multiple=True, hide_totals=True)),
    )
    voted = poll(at, voted=True)
    voted.options[0].chosen = True
    yield _card("Poll, voted", post(at, people.BAKERY, ask, "ar", poll=voted))
    yield _card(
        "Poll, closed", post(at, people.BAKERY, ask, "ar", poll=poll(at, closed=True, total_voters=1))
    )
    card = Thing(
        url="https://example.org/table",
        title="The Slow Table: twelve families, one kitchen, every Thursday for nine years",
        description="What happens when cooking takes the evening it wants.",
        image_url=people.picture(12, 400, 400),
        site="example.org",
    )
    yield _card("Link card", post(at, people.ALICE, "<p>Read this with tea.</p>", card=card))
    bare = Thing(
        url="https://example.org/a",
        title="مطبخ واحد واثنتا عشرة عائلة",
        description="",
        image_url="",
        site="example.org",
    )
    yield _card("Link card without picture", post(at, people.BOB, "<p>للقراءة لاحقًا</p>", "ar", card=bare))
    yield _card(
        "Quote",
        post(at, people.ALICE, "<p>This, every morning:</p>", quote=post(at, people.BAKERY, ARABIC, "ar")),
    )
    yield _card(
        "Quote that is gone",
        post(at, people.ALICE, "<p>I disagree with this.</p>", quote=Thing(state="deleted")),
    )
    article = Thing(
        title="كيف صار الفرنُ بيتًا",
        cover_url=people.picture(40, 1280, 640),
        reading_minutes=7,
        url="/@basim/articles/1",
        excerpt="في أول الشتاء كنا ثلاثة حول النار، وفي آخره صرنا حيًّا كاملًا.",
    )
    yield _card("Article", post(at, people.BOB, "", "ar", article=article))
