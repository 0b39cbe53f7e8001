"""How far the viewer has read, and what she prefers."""

from __future__ import annotations

from typing import Any

import pytest
from api_client import App

from cast import MOMENT, Member
from majlis.feeds.models import Marker
from majlis.people import actions

pytestmark = pytest.mark.django_db


def test_trap_3_markers_are_set_in_every_form(alice: Member) -> None:
    app, body = App(alice), {"home": {"last_read_id": "12"}, "notifications": {"last_read_id": "34"}}
    for version, way in enumerate((app.send, app.form, app.multipart)):
        answer = way("POST", "/api/v1/markers", body).json()
        assert {name: (each["last_read_id"], each["version"]) for name, each in answer.items()} == {
            "home": ("12", version),
            "notifications": ("34", version),
        }
    kept = app.get("/api/v1/markers", timeline=["home", "notifications", "nowhere"]).json()
    assert kept == answer
    assert list(app.get("/api/v1/markers", timeline=["home"]).json()) == ["home"]


@pytest.mark.parametrize(
    "body",
    [{"home": {"last_read_id": "x"}}, {"home": {"last_read_id": 0}}, {"home": {"a": 1}}, {"home": "12"}],
)
def test_what_is_no_place_is_refused(alice: Member, body: dict[str, Any]) -> None:
    assert App(alice).post("/api/v1/markers", body).status_code == 422
    assert not Marker.objects.exists()


def test_markers_are_the_viewers_alone(alice: Member, charlie: Member) -> None:
    App(alice).post("/api/v1/markers", {"home": {"last_read_id": "12"}})
    assert App(charlie).get("/api/v1/markers", timeline=["home"]).json() == {}
    App(charlie).post("/api/v1/markers", {"home": {"last_read_id": "99"}})
    assert App(alice).get("/api/v1/markers", timeline=["home"]).json()["home"]["last_read_id"] == "12"


def test_preferences(alice: Member, charlie: Member) -> None:
    changes = {
        "audience": "friends",
        "language": "ar",
        "sensitive": True,
        "media": "hide_all",
        "open_warnings": True,
    }
    actions.change_preferences(by=alice.id, changes=changes, at=MOMENT)
    assert App(alice).get("/api/v1/preferences").json() == {
        "posting:default:visibility": "private",
        "posting:default:sensitive": True,
        "posting:default:language": "ar",
        "posting:default:quote_policy": "public",
        "reading:expand:media": "hide_all",
        "reading:expand:spoilers": True,
        "reading:autoplay:gifs": False,
    }
    assert App(charlie).get("/api/v1/preferences").json()["posting:default:visibility"] == "public"
