"""Every entity of statuses against Mastodon's own table: required fields, types, nulls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from api_client import App
from entity_rules import Entities, shared_folder
from test_media import _send

from cast import MOMENT, Member
from majlis.core.clock import now
from majlis.core.ids import new_id
from majlis.posts import actions
from majlis.posts.composing import PostParams
from majlis.posts.models import LinkCard, PostCard

pytestmark = pytest.mark.django_db


class Room:
    """Alice and Bob, and something of every kind between them."""

    def __init__(self, alice: Member, bob: Member) -> None:
        self.alice, self.bob = App(alice), App(bob)
        photo = _send(self.alice, description="a photo").json()
        poll = {"options": ["a", "b"], "expires_in": 600}
        with_photo = {"status": "@bob #tea https://example.org", "media_ids": [photo["id"]]}
        self.photo = self._post(self.alice, with_photo | {"spoiler_text": "hm"})
        self.poll = self._post(self.alice, {"status": "?", "poll": poll})
        self.reply = self._post(self.bob, {"status": "yes", "in_reply_to_id": self.photo["id"]})
        self.quote = self._post(self.bob, {"status": "look", "quoted_status_id": self.photo["id"]})
        self.quote_of_quote = self._post(self.alice, {"status": "see", "quoted_status_id": self.quote["id"]})
        self.boost = self.bob.post(f"/api/v1/statuses/{self.photo['id']}/reblog").json()
        params = PostParams(text="# Long\n\nand **strong**", title="An article")
        made = actions.publish(by=alice.id, params=params, at=now())
        self.article = self.alice.get(f"/api/v1/statuses/{made.post_id}").json()
        told = {"title": "A page", "author_name": "X", "fetched_at": MOMENT}
        card, _made = LinkCard.objects.update_or_create(
            url="https://example.org", defaults=told, create_defaults=told | {"id": new_id()}
        )
        PostCard.objects.get_or_create(post_id=int(self.photo["id"]), defaults={"card": card})
        self.photo = self.alice.get(f"/api/v1/statuses/{self.photo['id']}").json()

    @staticmethod
    def _post(app: App, body: dict[str, Any]) -> Any:
        answer = app.post("/api/v1/statuses", body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def of(self, path: str, **parameters: Any) -> Any:
        return self.alice.get(f"/api/v1/{path}", **parameters).json()


ENTITIES: dict[str, list[Callable[[Room], Any]]] = {
    "Status": [
        lambda room: room.photo,
        lambda room: room.poll,
        lambda room: room.reply,
        lambda room: room.boost,
        lambda room: room.article,
        lambda room: room.of("timelines/home")[0],
        lambda room: room.of("timelines/public")[0],
        lambda room: App(None).get(f"/api/v1/statuses/{room.photo['id']}").json(),
        lambda room: room.alice.delete(f"/api/v1/statuses/{room.photo['id']}").json(),
    ],
    "MediaAttachment": [lambda room: room.photo["media_attachments"][0], lambda room: _send(room.bob).json()],
    "MetaDetails": [lambda room: room.photo["media_attachments"][0]["meta"]["original"]],
    "StatusMention": [lambda room: room.photo["mentions"][0]],
    "StatusTag": [lambda room: room.photo["tags"][0]],
    "PreviewCard": [
        lambda room: room.photo["card"],
        lambda room: room.of(f"statuses/{room.photo['id']}/card"),
    ],
    "PreviewCardAuthor": [lambda room: room.photo["card"]["authors"][0]],
    "Poll": [lambda room: room.poll["poll"], lambda room: room.of(f"polls/{room.poll['poll']['id']}")],
    "PollOption": [lambda room: room.poll["poll"]["options"][0]],
    "Quote": [lambda room: room.quote["quote"]],
    "ShallowQuote": [lambda room: room.quote_of_quote["quote"]["quoted_status"]["quote"]],
    "QuoteApproval": [lambda room: room.photo["quote_approval"]],
    "Context": [lambda room: room.of(f"statuses/{room.photo['id']}/context")],
    "StatusSource": [lambda room: room.of(f"statuses/{room.photo['id']}/source")],
    "StatusEdit": [
        lambda room: room.of(f"statuses/{room.photo['id']}/history")[0],
        lambda room: room.of(f"statuses/{room.poll['id']}/history")[0],
    ],
    "Tag": [lambda room: room.of("tags/tea"), lambda room: room.of("tags/nothing")],
    "TagHistory": [lambda room: room.of("tags/tea")["history"][0]],
    "FeaturedTag": [lambda room: room.alice.post("/api/v1/featured_tags", {"name": "tea"}).json()],
    "Account": [lambda room: room.photo["account"]],
    "Error": [lambda room: room.of("statuses/1"), lambda room: room.of("nothing")],
}


@pytest.fixture
def room(alice: Member, bob: Member, tmp_path: Any, settings: Any) -> Room:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    return Room(alice, bob)


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_entity_is_complete_to_the_field(room: Room, rules: Entities, entity: str) -> None:
    for sample in ENTITIES[entity]:
        assert rules.faults(entity, sample(room)) == []


def test_an_article_has_title_beginning_and_the_way_to_the_rest(room: Room) -> None:
    content = room.article["content"]
    assert content.startswith("<p><strong>An article</strong></p>")
    assert room.article["url"] in content


def test_the_rules_find_what_is_missing_and_wrong() -> None:
    if not shared_folder().is_dir():
        pytest.skip("NOT RUN: the table of entities is not there")
    rules = Entities(shared_folder())
    assert rules.faults("StatusTag", {"name": "tea"}) == ["StatusTag.url is missing"]
    assert rules.faults("StatusTag", {"name": 1, "url": None}) == [
        "StatusTag.name is 1, not a string",
        "StatusTag.url is null",
    ]
    assert rules.faults("Context", {"ancestors": [], "descendants": {}}) == [
        "Context.descendants is dict, not a list"
    ]
    assert rules.faults("Context", {"ancestors": ["x"], "descendants": []})
    assert rules.faults("PollOption", {"title": "a", "votes_count": True})
