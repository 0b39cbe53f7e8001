"""The pages of voice, rivals and standing: an answer first, forms that work, files; Charlie finds no such page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.test import Client

import cast as people
from cast import Bakery, Member
from majlis.core.clock import now
from majlis.posts import actions
from majlis.posts.composing import PostParams
from majlis.studio.models import MoodSaid, Rival

pytestmark = pytest.mark.django_db


@pytest.fixture
def bakery(tmp_path: Path, settings: Any) -> Bakery:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    return people.bakery()


@pytest.fixture
def browser() -> Callable[[Member], Client]:
    def signed_in(member: Member) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return signed_in


def said(by: Member, text: str) -> int:
    return actions.publish(by=by.id, params=PostParams(text=text), at=now()).post_id


def test_voice_from_first_word_to_correction(bakery: Bakery, alice: Member, browser: Any) -> None:
    owner = browser(bakery.owner)
    at = "/studio/bayt_zaytoun"
    assert "Nobody spoke of you" in owner.get(f"{at}/voice").content.decode()
    post = said(alice, "@bayt_zaytoun <b>terrible</b> service, nobody answers my order")
    owner.post(f"{at}/rivals", {"name": "فرن فادي", "words": "فرن فادي، #فرن_فادي"})
    said(alice, "خبز من فرن فادي")
    page = owner.get(f"{at}/voice").content.decode()
    assert "50%" in page
    assert "فرن فادي" in page
    assert "&lt;b&gt;terrible" in page
    assert owner.post(f"{at}/voice/mentions/{post}", {"sound": "neutral"}).status_code in (302, 303)
    assert MoodSaid.objects.get().sound == "neutral"
    assert owner.post(f"{at}/voice/keep").status_code in (302, 303)
    assert "Kept numbers" in owner.get(f"{at}/voice").content.decode()
    for name in ("voice", "mentions", "published", "sounds", "mentions-by-day"):
        for form in ("csv", "xlsx"):
            assert owner.get(f"{at}/plots/{name}.{form}").status_code == 200, name
    rival = Rival.objects.get()
    assert "فرن فادي" in owner.get(f"{at}/rivals").content.decode()
    owner.post(f"{at}/rivals/{rival.id}", {"do": "end"})
    assert "No rival is named yet" in owner.get(f"{at}/rivals").content.decode()


def test_wrong_input_says_why_and_changes_nothing(bakery: Bakery, browser: Any) -> None:
    owner, at = browser(bakery.owner), "/studio/bayt_zaytoun"
    answer = owner.post(f"{at}/rivals", {"acct": "bayt_zaytoun"})
    assert answer.status_code == 422
    assert "This is the page itself" in answer.content.decode()
    assert owner.post(f"{at}/rivals", {"acct": "nobody_at_all"}).status_code == 404
    assert owner.post(f"{at}/voice/mentions/12", {"sound": "neutral"}).status_code == 404
    owner.post(f"{at}/standing/recall", {"asked": "-5", "recalled": "3"})
    assert "This is no number" in owner.get(f"{at}/standing").content.decode()
    assert not Rival.objects.exists()


def test_standing_in_both_languages(bakery: Bakery, browser: Any) -> None:
    owner, at = browser(bakery.owner), "/studio/bayt_zaytoun"
    owner.post(f"{at}/standing/recall", {"asked": "٢٠٠", "recalled": "50", "day": "2026-01-02"})
    assert "25%" in owner.get(f"{at}/standing").content.decode()
    owner.cookies["majlis_language"] = "ar"
    assert 'dir="rtl"' in owner.get(f"{at}/standing").content.decode()
    assert owner.get(f"{at}/plots/brought.csv").status_code == 200


def test_charlie_and_support_see_nothing(bakery: Bakery, charlie: Member, browser: Any) -> None:
    for part in ("voice", "rivals", "standing", "plots/voice.csv", "plots/mentions.csv"):
        assert browser(charlie).get(f"/studio/bayt_zaytoun/{part}").status_code == 404
        assert browser(bakery.support).get(f"/studio/bayt_zaytoun/{part}").status_code == 403
