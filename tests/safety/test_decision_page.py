"""The page of a decision: opened with the letter's link, signed in or not; appealing once."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cast import Member, later
from house import PAYLOADS, mail_to
from majlis.safety import actions
from majlis.safety.models import Decision


def link_in_letter(member: Member) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/decisions/\S+)", mail_to(member)[-1]["text"])
    assert found is not None
    return found[1]


def suspended(bob: Member, omar: Member, text: str = "Not like this.") -> str:
    actions.decide(about=bob.id, kind="suspend", by=omar.user_id, text=text, at=later())
    return link_in_letter(bob)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_who_cannot_sign_in_reads_and_answers(bob: Member, omar: Member, language: str) -> None:
    link = suspended(bob, omar)
    client = Client()
    page = client.get(f"{link}?lang={language}")
    assert page.status_code == 200
    body = page.content.decode()
    assert "Not like this." in body
    assert "omar" not in body
    assert "no-store" in page["Cache-Control"]
    answered = client.post(link, {"text": "It was a joke"})
    assert answered.status_code == 200
    assert Decision.objects.get().appeal == "It was a joke"
    again = client.post(link, {"text": "Once more"})
    assert again.status_code == 409
    assert Decision.objects.get().appeal == "It was a joke"


def test_an_empty_appeal_keeps_the_form(bob: Member, omar: Member) -> None:
    link = suspended(bob, omar)
    assert Client().post(link, {"text": " "}).status_code == 422
    assert Decision.objects.get().appealed_at is None


def test_another_link_opens_nothing(bob: Member, omar: Member) -> None:
    link = suspended(bob, omar)
    decision_id = Decision.objects.get().id
    for bad in (link + "x", f"/decisions/{decision_id}", "/decisions/1:abc"):
        assert Client().get(bad).status_code == 404


def test_each_reads_her_own(bob: Member, charlie: Member, omar: Member) -> None:
    actions.decide(about=bob.id, kind="silence", by=omar.user_id, text="Secret words", at=later())
    seen = {}
    for member in (bob, charlie):
        client = Client()
        client.force_login(member.user)
        seen[member.handle] = client.get("/decisions").content.decode()
    assert "/decisions/" in seen["bob"]
    assert f"{Decision.objects.get().id}" not in seen["charlie"]
    assert Client().get("/decisions").status_code == 302


@pytest.mark.parametrize("payload", PAYLOADS)
def test_masto_346_what_is_said_stays_text(bob: Member, omar: Member, payload: str) -> None:
    link = suspended(bob, omar, payload)
    client = Client()
    client.post(link, {"text": payload})
    body = client.get(link).content.decode()
    for raw in ("<script>alert", "<img src=x", "<svg/onload", "<iframe", "<style>*"):
        assert raw not in body
