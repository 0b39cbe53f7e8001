"""Every entity of people, their settings and the house against Mastodon's own table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from api_client import App
from entity_rules import Entities
from test_push import wanted

import cast
from cast import MOMENT, Member, later
from majlis.discovery import actions as discovery
from majlis.people import actions as people
from majlis.people.models import Profile
from majlis.safety import actions as safety

pytestmark = pytest.mark.django_db


class Street:
    """Alice among her neighbours, with one of everything."""

    def __init__(self, alice: Member, bob: Member, charlie: Member) -> None:
        self.alice, self.bob, self.charlie = alice, bob, charlie
        self.app, self.keeper = App(alice), cast.operator()
        cast.friends(alice, bob)
        cast.follows(bob, charlie)
        fields = [("Site", "https://example.org"), ("City", "حلب")]
        people.change_profile(by=alice.id, at=MOMENT, bio="Hello @bob", fields=fields)
        people.mute(by=alice.id, whom=charlie.seen, at=MOMENT, expires_at=later(days=100))
        self.list = self.app.post("/api/v1/lists", {"title": "Family"}).json()
        body = {"title": "f", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]}
        self.filter = self.app.post("/api/v2/filters", body).json()
        self.post = self.app.post("/api/v1/statuses", {"status": "bread #bakery"}).json()
        path = f"/api/v2/filters/{self.filter['id']}/statuses"
        self.filter_status = self.app.post(path, {"status_id": self.post["id"]}).json()
        self.filter = self.of(f"v2/filters/{self.filter['id']}")
        App(bob).post("/api/v1/statuses", {"status": "@alice hi", "in_reply_to_id": self.post["id"]})
        App(bob).post(f"/api/v1/statuses/{self.post['id']}/favourite")

    def of(self, path: str, **parameters: Any) -> Any:
        answer = self.app.get(f"/api/{path}", **parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def report(self) -> Any:
        body = {"account_id": str(self.bob.id), "comment": "rude"}
        return self.app.post("/api/v1/reports", body).json()

    def warned(self) -> Any:
        safety.decide(
            about=self.alice.id, kind="silence", by=self.keeper.user_id, at=MOMENT, text="Please be kind."
        )
        return self.of("v1/notifications", types=["moderation_warning"])[0]

    def reported(self) -> Any:
        self.app.post("/api/v1/reports", {"account_id": str(self.charlie.id)})
        return App(self.keeper).get("/api/v1/notifications", types=["admin.report"]).json()[0]

    def announced(self) -> Any:
        made = safety.create_announcement(by=self.keeper.user_id, text="Closed", at=MOMENT)
        safety.publish_announcement(announcement_id=made, by=self.keeper.user_id, at=MOMENT)
        return self.of("v1/announcements")[0]

    def request(self) -> Any:
        self.app.put("/api/v2/notifications/policy", {"for_not_following": "filter"})
        App(self.charlie).post("/api/v1/statuses", {"status": "@alice hello"})
        people.unmute(by=self.alice.id, profile_id=self.charlie.id, at=MOMENT)
        App(self.charlie).post("/api/v1/statuses", {"status": "@alice hello again"})
        return self.of("v1/notifications/requests")[0]

    def moved(self) -> Any:
        Profile.objects.filter(id=self.bob.id).update(moved_to=self.charlie.id)
        return self.of(f"v1/accounts/{self.bob.id}")

    def withdrawn(self) -> Any:
        people.block(by=self.alice.id, whom=self.bob.seen, at=MOMENT)
        people.withdraw_profile(profile_id=self.bob.id, at=MOMENT)
        return self.of("v1/blocks")[0]

    def ruled(self) -> Any:
        safety.add_rule(by=self.keeper.user_id, text="Be kind", text_ar="", hint="", hint_ar="", at=MOMENT)
        return self.of("v1/instance/rules")[0]

    def searched(self) -> Any:
        discovery.index_profile(profile_id=self.bob.id)
        return self.of("v2/search", q="bob")


ENTITIES: dict[str, list[Callable[[Street], Any]]] = {
    "Account": [
        lambda street: street.of(f"v1/accounts/{street.bob.id}"),
        lambda street: App(None).get(f"/api/v1/accounts/{street.alice.id}").json(),
        lambda street: street.of(f"v1/accounts/{street.bob.id}/followers")[0],
        lambda street: street.moved(),
        lambda street: street.withdrawn(),
    ],
    "CredentialAccount": [lambda street: street.of("v1/accounts/verify_credentials")],
    "Profile": [lambda street: street.of("v1/profile")],
    "MutedAccount": [lambda street: street.of("v1/mutes")[0]],
    "Relationship": [
        lambda street: street.of("v1/accounts/relationships", id=[street.bob.id])[0],
        lambda street: street.app.post(f"/api/v1/accounts/{street.bob.id}/follow").json(),
    ],
    "FamiliarFollowers": [
        lambda street: street.of("v1/accounts/familiar_followers", id=[street.charlie.id])[0]
    ],
    "List": [lambda street: street.list, lambda street: street.of("v1/lists")[0]],
    "Filter": [lambda street: street.filter],
    "FilterKeyword": [lambda street: street.filter["keywords"][0]],
    "FilterStatus": [lambda street: street.filter_status],
    "V1Filter": [lambda street: street.of("v1/filters")[0]],
    "Marker": [
        lambda street: street.app.post("/api/v1/markers", {"home": {"last_read_id": "1"}}).json()["home"]
    ],
    "Preferences": [lambda street: street.of("v1/preferences")],
    "Suggestion": [
        lambda street: App(cast.dana()).get("/api/v2/suggestions").json()[0],
    ],
    "Instance": [lambda street: street.of("v2/instance")],
    "V1Instance": [lambda street: street.of("v1/instance")],
    "Rule": [lambda street: street.ruled()],
    "ExtendedDescription": [lambda street: street.of("v1/instance/extended_description")],
    "PrivacyPolicy": [lambda street: street.of("v1/instance/privacy_policy")],
    "Announcement": [lambda street: street.announced()],
    "Report": [lambda street: street.report(), lambda street: street.reported()["report"]],
    "Notification": [
        lambda street: street.of("v1/notifications")[0],
        lambda street: street.of("v1/notifications", types=["follow"])[0],
        lambda street: street.warned(),
        lambda street: street.reported(),
    ],
    "AccountWarning": [lambda street: street.warned()["moderation_warning"]],
    "GroupedNotificationsResults": [
        lambda street: street.of("v2/notifications"),
        lambda street: street.of("v2/notifications", expand_accounts="partial_avatars"),
    ],
    "NotificationPolicy": [lambda street: street.of("v2/notifications/policy")],
    "V1NotificationPolicy": [lambda street: street.of("v1/notifications/policy")],
    "NotificationRequest": [lambda street: street.request()],
    "CountResponse": [lambda street: street.of("v1/notifications/unread_count")],
    "MergedResponse": [lambda street: street.of("v1/notifications/requests/merged")],
    "WebPushSubscription": [lambda street: street.app.post("/api/v1/push/subscription", wanted()).json()],
    "Search": [lambda street: street.searched()],
    "FeatureApproval": [lambda street: street.of(f"v1/accounts/{street.bob.id}")["feature_approval"]],
}


@pytest.fixture
def street(alice: Member, bob: Member, charlie: Member) -> Street:
    return Street(alice, bob, charlie)


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_entity_is_complete_to_the_field(street: Street, rules: Entities, entity: str) -> None:
    for sample in ENTITIES[entity]:
        assert rules.faults(entity, sample(street)) == []


def test_a_page_in_the_news(street: Street, rules: Entities) -> None:
    from majlis.discovery.queries import TrendingLink
    from majlis.mastodon_api.trends import _link
    from majlis.posts.queries import CardView

    card = CardView(url="https://example.org", title="t", description="d", site="s")
    shown = _link(TrendingLink(1, card, 2, 3, ((MOMENT.date(), 3, 2),)))
    assert rules.faults("TrendsLink", shown) == []
    assert shown["history"][0]["uses"] == "3"
