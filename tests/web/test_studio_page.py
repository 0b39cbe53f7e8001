"""What a page says of itself, in its studio: saved as a whole or not at all, and by whom."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

import cast as people
from majlis.brands.actions.verifying import record_check
from majlis.brands.models import Offering, Page, Verification

pytestmark = pytest.mark.django_db
PAGE = "/studio/bayt_zaytoun/page"
ABOUT = {"display_name": "Bayt Zaytoun", "category": "bakery", "address": "12 Olive Street"}


def _rule(page_id: int) -> bool:
    return Page.objects.get(pk=page_id).approval_needed


def test_a_form_of_which_a_part_is_refused_changes_nothing(browse: Any) -> None:
    bakery = people.bakery()
    before = Page.objects.filter(pk=bakery.page.id).values().get()
    refused = browse(bakery.owner).post(f"{PAGE}/about", {**ABOUT, "bio": "x" * 100_000})
    assert refused.status_code == 422
    assert Page.objects.filter(pk=bakery.page.id).values().get() == before
    assert browse(bakery.owner).post(f"{PAGE}/about", ABOUT).status_code == 303
    assert Page.objects.get(pk=bakery.page.id).address == "12 Olive Street"


def test_whether_a_yes_is_needed_is_the_owners_to_say(browse: Any) -> None:
    """An editor is bound by the rule: she neither finds its switch nor turns it by saving the rest."""
    bakery = people.bakery()
    owner, editor = browse(bakery.owner), browse(bakery.editor)
    assert "approval_needed" in owner.get(f"{PAGE}/about").content.decode()
    assert owner.post(f"{PAGE}/about", {**ABOUT, "approval_needed": "on"}).status_code == 303
    assert _rule(bakery.page.id)
    assert "approval_needed" not in editor.get(f"{PAGE}/about").content.decode()
    assert editor.post(f"{PAGE}/about", ABOUT).status_code == 303
    assert _rule(bakery.page.id)
    assert owner.post(f"{PAGE}/about", ABOUT).status_code == 303
    assert not _rule(bakery.page.id)
    assert editor.post(f"{PAGE}/about", {**ABOUT, "approval_needed": "on"}).status_code == 303
    assert not _rule(bakery.page.id)


@pytest.mark.parametrize(
    ("typed", "kept"), [("1,2,3", None), ("1,250.5", "1250.500"), ("١٢٫٥", "12.500"), ("-1", None)]
)
def test_a_price_is_read_as_it_was_meant_or_refused(browse: Any, typed: str, kept: str | None) -> None:
    bakery = people.bakery()
    form = {"kind": "product", "name": "Bread", "price": typed, "currency": "EUR"}
    answer = browse(bakery.editor).post(f"{PAGE}/offers/new", form)
    assert answer.status_code == (303 if kept else 422)
    assert [str(each.price) for each in Offering.objects.all()] == ([kept] if kept else [])


def test_a_domain_that_cannot_be_looked_for_now_is_not_claimed_either(browse: Any, settings: Any) -> None:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, limits=True)
    bakery = people.bakery()
    owner = browse(bakery.owner)
    for number in range(60):
        form = {"domain": f"x{number}.example", "method": "dns"}
        answer = owner.post(f"{PAGE}/domains", form)
        if answer.status_code == 429:
            break
        Verification.objects.all().delete()
    assert answer.status_code == 429
    assert not Verification.objects.exists()


def test_a_domain_where_nobody_ever_answered_is_not_said_to_be_silent_for_weeks(browse: Any) -> None:
    bakery = people.bakery()
    proof = Verification.objects.create(
        page_id=bakery.page.id, domain="example.org", method="link", token="x", asked_at=people.MOMENT
    )
    record_check(verification_id=proof.pk, proved=None, at=people.later(hours=1))
    html = browse(bakery.owner).get(f"{PAGE}/domains").content.decode()
    assert "nobody answered at this domain" in html
    assert "three weeks" not in html
