"""Words are looked for in slices of a list: each page is quick, and all of them together miss nothing."""

from __future__ import annotations

import pytest
from talking import outside, take_in

from cast import Bakery, later
from majlis.brands.access import OnTeam
from majlis.care import inbox, intake
from majlis.care.inbox import Wanted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("order", ["due", "newest"])
def test_pages_of_a_search_go_on_until_everything_was_looked_through(
    bakery: Bakery, salma: OnTeam, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(inbox, "LOOKED_THROUGH", 10)
    said = [
        outside(
            str(n),
            thread=str(n),
            at=later(minutes=n),
            text="rare bread" if n in (3, 27, 31) else "cake again",
        )
        for n in range(35)
    ]
    intake.arrive(page_id=bakery.page.id, said=said)
    take_in(at=later(hours=1))
    after, found, pages = "", [], 0
    while True:
        page = inbox.listing(salma, Wanted(words="bread", order=order, after=after), at=later(hours=1))
        found += [row.text for row in page.rows]
        pages += 1
        if not page.next:
            break
        after = page.next
    assert (found, pages) == (["rare bread"] * 3, 4)
    some = inbox.listing(salma, Wanted(words="cake", order=order), at=later(hours=1), limit=4)
    assert (len(some.rows), bool(some.next)) == (4, True)
