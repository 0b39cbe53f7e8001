"""The document of our own API: valid, and of every endpoint; the page that people read."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from api_client import App
from described_api import document
from django.test import Client
from openapi_spec_validator import validate

from majlis.accounts import scopes
from majlis.mastodon_api import openapi
from majlis.mastodon_api.urls import FAMILIES

OURS = ("/api/v1/studio", "/api/v1/pages", "/api/v1/majlis")


def test_the_document_is_valid() -> None:
    validate(document())
    assert document()["openapi"].startswith("3.1")


def test_every_endpoint_of_ours_says_what_it_is() -> None:
    undescribed = [
        (method, path)
        for family in FAMILIES
        for pattern in family
        for path, method, view in openapi.addressed(pattern)
        if path.startswith(OURS) and not getattr(getattr(view, "description", None), "says", "")
    ]
    assert undescribed == []
    assert sum(map(len, document()["paths"].values())) > 100


def test_an_endpoint_that_says_nothing_would_be_noticed() -> None:
    found = [
        view
        for family in FAMILIES
        for pattern in family
        for path, _method, view in openapi.addressed(pattern)
        if path.startswith("/api/v1/lists")
    ]
    assert found
    assert not any(hasattr(view, "description") for view in found)


def test_names_are_given_once_and_scopes_are_those_of_the_house() -> None:
    told = [each for methods in document()["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in told]
    assert len(set(names)) == len(names)
    asked = {scope for each in told for need in each["security"] for scope in need.get("oauth", [])}
    assert asked <= scopes.OF_MEMBERS
    assert asked <= set(
        document()["components"]["securitySchemes"]["oauth"]["flows"]["authorizationCode"]["scopes"]
    )


def test_every_figure_has_what_a_figure_needs() -> None:
    figure = document()["components"]["schemas"]["Figure"]
    assert {"value", "hidden", "window", "population", "grade", "formula"} <= set(figure["required"])
    series = document()["components"]["schemas"]["Series"]
    assert {"window", "population", "grade", "formula", "points"} <= set(series["required"])


def test_reading_and_writing_do_not_hold_the_studio() -> None:
    for scope in ("studio", "studio:read", "studio:write"):
        assert not scopes.allows({"read", "write", "follow", "push"}, scope)
    assert scopes.allows({"studio"}, "studio:read")
    assert scopes.allows({"studio"}, "studio:write")
    assert not scopes.allows({"studio:read"}, "studio:write")


@pytest.mark.django_db
def test_whoever_asks_gets_it() -> None:
    answer = App(None).get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.content) == document()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_people_can_read_it(language: str) -> None:
    page = Client().get("/developers", headers={"Accept-Language": language}).content.decode()
    paths: list[str] = re.findall(r"<b>[A-Z]+</b> (/api/[^<]+)</code>", page)
    assert len(paths) == sum(map(len, document()["paths"].values()))
    about: Any = Client().get("/about")
    assert 'href="/developers"' in about.content.decode()
