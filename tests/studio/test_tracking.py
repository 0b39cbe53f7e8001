"""Links in posts: chosen while an entry is planned, put in when it leaves, its clicks the post's; cards and lengths."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shopping import click, door, other_bakery

from cast import MOMENT, Bakery, charlie, later
from majlis.brands.roles import Permission
from majlis.core.errors import NotAllowed, NotThere
from majlis.core.http import Answer, Client
from majlis.core.text.length import LENGTH_OF_LINK, post_length
from majlis.core.text.links import find_links
from majlis.discovery import cards
from majlis.posts.models import LinkCard, Post
from majlis.studio import actions as plans
from majlis.studio.links import actions as links
from majlis.studio.links import memory, tracking
from majlis.studio.models import Click, TrackedLink
from plans import content, team_of

SHORT = "https://social.example/l/abcdefghij"


# the text alone -----------------------------------------------------------------------------------


def test_chosen_links_are_replaced_and_nothing_else() -> None:
    text = "خبز: https://shop.example/a، and (shop.com/b) not https://other.example/x @shop.example https://shop.example/a?"
    tracked = {"https://shop.example/a": SHORT + "A", "https://shop.com/b": SHORT + "B"}
    assert tracking.track_text(text, tracked, room=500) == (
        f"خبز: {SHORT}A، and ({SHORT}B) not https://other.example/x @shop.example {SHORT}A?"
    )


_parts = st.sampled_from([
    "خبز ", "https://shop.example/a ", "shop.com/b ", "https://other.example/?q=1#x ", "@alice ", "#bread ",
    "(https://shop.example/a) ", "x" * 30 + " ",
])  # fmt: skip


@given(st.lists(_parts, max_size=25).map("".join), st.integers(0, 200))
def test_a_text_that_fitted_fits_with_its_tracked_links(text: str, spare: int) -> None:
    room = post_length(text) + spare
    tracked = {"https://shop.example/a": SHORT, "https://shop.com/b": SHORT}
    changed = tracking.track_text(text, tracked, room=room)
    assert post_length(changed) <= room
    # what has a scheme counts the same, so it is always replaced
    assert "https://shop.example/a" not in changed
    assert len(find_links(changed)) == len(find_links(text))
    assert tracking.track_text(text, {}, room=0) == text
    assert post_length("x " + SHORT) == 2 + LENGTH_OF_LINK


# entries ------------------------------------------------------------------------------------------


@pytest.fixture
def entry(bakery: Bakery) -> int:
    text = "خبز https://shop.example/bread و https://shop.example/cake"
    made = plans.Draft(content=content(text, first_comment="https://shop.example/bread"))
    return plans.make(team=team_of(bakery, "editor"), draft=made, at=MOMENT)


@pytest.mark.django_db
def test_an_entry_leaves_with_its_tracked_links_and_their_clicks_are_its_posts(
    bakery: Bakery, entry: int
) -> None:
    team = door(bakery, bakery.editor)
    chosen = tracking.links_for_entry(team, entry_id=entry, urls=["https://shop.example/bread"], at=MOMENT)
    again = tracking.links_for_entry(team, entry_id=entry, urls=["https://shop.example/bread"], at=MOMENT)
    assert chosen == again
    post_id = plans.publish_now(team=team_of(bakery, "editor"), entry_id=entry, at=later(hours=1))
    post = Post.objects.get(id=post_id)
    assert post.text == f"خبز {chosen['https://shop.example/bread']} و https://shop.example/cake"
    assert Post.objects.get(reply_to_id=post_id).text == chosen["https://shop.example/bread"]
    link = TrackedLink.objects.get()
    assert (link.post_id, link.entry_id, link.utm_medium) == (post_id, entry, "social")
    found = memory.find(link.code)
    assert found is not None
    assert found.post_id == post_id
    own = links.from_row(_row(link))
    click(own, team, at=later(hours=2))
    assert Click.objects.get().post_id == post_id


def _row(link: TrackedLink) -> tuple[Any, ...]:
    return (
        link.id, link.code, link.target, link.label, "", "", "", "", None, link.entry_id, link.post_id, link.made_at, None,
    )  # fmt: skip


@pytest.mark.django_db
def test_another_choice_takes_the_place_of_the_first(bakery: Bakery, entry: int) -> None:
    team = door(bakery)
    for urls in (
        ["https://shop.example/bread", "https://shop.example/cake"],
        ["https://shop.example/cake"],
        [],
    ):
        tracking.links_for_entry(team, entry_id=entry, urls=urls, at=MOMENT)
        assert set(TrackedLink.objects.values_list("target", flat=True)) == set(urls)
    post_id = plans.publish_now(team=team_of(bakery, "owner"), entry_id=entry, at=later(hours=1))
    assert "/l/" not in Post.objects.get(id=post_id).text


@pytest.mark.django_db
def test_what_comes_again_has_links_of_its_own(bakery: Bakery, entry: int) -> None:
    team = team_of(bakery, "owner")
    tracking.links_for_entry(team, entry_id=entry, urls=["https://shop.example/bread"], at=MOMENT)
    plans.schedule(team=team, entry_id=entry, due=later(hours=1), at=MOMENT, again_every=7, again_left=1)
    first = plans.publish_due(at=later(hours=2))
    second = plans.publish_due(at=later(days=8))
    assert first is not None
    assert second is not None
    codes = {link.post_id: link.code for link in TrackedLink.objects.all()}
    assert set(codes) == {first.post_id, second.post_id}
    for post_id, code in codes.items():
        assert code in Post.objects.get(id=post_id).text


@pytest.mark.django_db
def test_nobody_else_chooses(bakery: Bakery, entry: int) -> None:
    urls = ["https://shop.example/bread"]
    for role in ("support", "analyst"):
        with pytest.raises(NotAllowed):
            tracking.links_for_entry(
                door(bakery, getattr(bakery, role), Permission.READ), entry_id=entry, urls=urls, at=MOMENT
            )
    with pytest.raises(NotThere):
        tracking.links_for_entry(other_bakery(), entry_id=entry, urls=urls, at=MOMENT)
    assert not TrackedLink.objects.exists()


@pytest.mark.django_db
def test_the_page_to_choose_on(bakery: Bakery, entry: int, client: Any) -> None:
    path = f"/studio/bayt_zaytoun/links/posts/{entry}"
    for who, status in ((charlie(), 404), (bakery.analyst, 200), (bakery.editor, 200)):
        client.force_login(who.user)
        assert client.get(path).status_code == status
    assert (
        client.post(path, {"url": ["https://shop.example/bread", "https://evil.example/"]}).status_code == 303
    )
    assert list(TrackedLink.objects.values_list("target", flat=True)) == ["https://shop.example/bread"]
    assert 'value="https://shop.example/bread" checked' in client.get(path).content.decode()


# cards --------------------------------------------------------------------------------------------


class _Web(Client):
    """Answers as the shop would; remembers what was asked."""

    def __init__(self) -> None:
        super().__init__(user_agent="tests")
        self.asked: list[str] = []

    def get(self, url: str, **_how: Any) -> Answer:
        self.asked.append(url)
        page = b"<title>Fresh bread</title><meta property='og:site_name' content='The shop'>"
        return Answer(200, url, {"content-type": "text/html"}, page)


@pytest.mark.django_db
def test_the_card_of_a_tracked_link_is_that_of_the_page_it_leads_to(bakery: Bakery, publish: Any) -> None:
    own = links.make_link(door(bakery), target="https://shop.example/bread", at=MOMENT)
    publish(bakery.page, f"خبز {own.url}")
    card, web = LinkCard.objects.get(), _Web()
    cards.fetch(card_id=card.id, client=web, at=MOMENT, last=True)
    card.refresh_from_db()
    assert web.asked == ["https://shop.example/bread"]
    assert (card.url, card.title, card.site) == (own.url, "Fresh bread", "The shop")
    assert not Click.objects.exists()


@pytest.mark.django_db
def test_codes_that_lead_nowhere_have_no_card_and_other_pages_of_ours_neither(
    bakery: Bakery, publish: Any
) -> None:
    team = door(bakery)
    own = links.make_link(team, target="https://shop.example/bread", at=MOMENT)
    links.retire_link(team, link_id=own.id, at=MOMENT)
    publish(bakery.page, f"{own.url}")
    web = _Web()
    cards.fetch(card_id=LinkCard.objects.get().id, client=web, at=MOMENT, last=True)
    assert web.asked == []
    assert cards.card_address(links.url_of("x").replace("/l/x", "/@bayt_zaytoun")) is None
