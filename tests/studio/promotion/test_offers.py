"""Places are written in batches by the server, at once by everybody else; those of who is gone are passed over."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cast import MOMENT, Member, bakery
from majlis.core.ids import new_id
from majlis.studio.models import PromotionOffer
from majlis.studio.promotion.jobs import KEPT_FOR, sweep_offers
from majlis.studio.promotion.offers import Offer, Writer
from promoting import fill, neighbours, promote


def _offer(promotion: int, profile: int, price: str = "0.0123") -> Offer:
    return Offer(new_id(), promotion, profile, Decimal(price), MOMENT)


@pytest.mark.django_db
def test_without_a_thread_they_are_there_at_once_to_the_last_step(operator: Member) -> None:
    house, (first, *_others) = bakery(), neighbours(12)
    fill(house.page.id, by=operator.user_id)
    promotion = promote(house)
    gone = _offer(promotion, 5)
    Writer().give([_offer(promotion, first), gone, _offer(7, first)])
    kept = PromotionOffer.objects.get()
    assert (kept.price, kept.made_at, kept.profile_id) == (Decimal("0.0123"), MOMENT, first)


@pytest.mark.django_db(transaction=True)
def test_the_servers_thread_writes_what_waits_before_it_ends(operator: Member) -> None:
    house, readers = bakery(), neighbours(12)
    fill(house.page.id, by=operator.user_id)
    promotion, writer = promote(house), Writer()
    writer.start()
    writer.give(_offer(promotion, reader) for reader in readers)
    writer.stop()
    assert PromotionOffer.objects.count() == 12


@pytest.mark.django_db
def test_they_are_forgotten_when_nobody_can_report_them(operator: Member) -> None:
    from majlis.core.jobs import Run

    house, (first, *_others) = bakery(), neighbours(12)
    fill(house.page.id, by=operator.user_id)
    Writer().give([_offer(promote(house), first)])
    for after, left in ((KEPT_FOR, 1), (2 * KEPT_FOR, 0)):
        at = MOMENT + after
        sweep_offers(run=Run(id=1, attempt=1, last=False, enqueued_at=at, at=at))
        assert PromotionOffer.objects.count() == left
