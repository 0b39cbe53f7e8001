"""What is counted about the viewer, over the API."""

from __future__ import annotations

import pytest
from api_client import App

from cast import Member

pytestmark = pytest.mark.django_db


def test_an_app_shows_and_switches_it(alice: Member) -> None:
    app = App(alice)
    assert app.get("/api/v1/majlis/measured").json() == {"measured": True, "since": None, "pages": []}
    assert app.send("POST", "/api/v1/majlis/measured", {"measured": False}).json()["measured"] is False
    assert app.get("/api/v1/majlis/measured").json()["measured"] is False
    assert app.send("POST", "/api/v1/majlis/measured", {"measured": True}).json()["measured"] is True
