"""CDNOW: the customers of a shop for music, 1997 and 1998, on whom the purchase models were published.

The set comes with the package ``lifetimes`` (MIT), which is there when Majlis is developed; a folder that has
``marketing/cdnow_customers_summary_with_transactions.csv`` and ``marketing/CDNOW_sample.txt`` comes first. Of another shop
in these files the same is measured, and nothing of it was published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from majlis.insights.evaluation import Row, equal, rounded, table, unpublished
from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.estimate import Estimate
from majlis.insights.methods.lifetime import (
    Customer,
    Purchasing,
    Spending,
    expected_of_new,
    expected_purchases,
    fit_bgnbd,
    fit_gamma_gamma,
    ltv,
)

SUMMARY: Final = "cdnow_customers_summary_with_transactions.csv"
SAMPLE: Final = "CDNOW_sample.txt"
PAPER: Final = "Fader, Hardie & Lee 2005, Marketing Science 24, table 2"
SHEET: Final = "Fader & Hardie, Implementing the BG/NBD model in Microsoft Excel"
NOTE: Final = "Fader & Hardie 2013, The Gamma-Gamma model of monetary value"
WEEKS: Final = 39
"""So many after the last day that the models see are held back."""
_KNOWN: Final = (2_357, 2_457, 33_184)
"""Customers, repeat purchases, and the sum of what one of them brought each customer, of the published set."""


def rows(data: Path) -> Iterator[Row]:
    """The four parameters, the three of money, a customer of the published sheet, and the held-back 39 weeks."""
    customers = cdnow(data)
    known = _known(customers)
    purchasing, spending = fit_bgnbd(customers), fit_gamma_gamma(customers)
    if isinstance(purchasing, NotEnough) or isinstance(spending, NotEnough):
        yield unpublished("CDNOW: customers, too few for a model", len(customers), PAPER)
        return
    soon = expected_purchases(purchasing, customers[0], within=WEEKS)
    for name, value, target, digits, source in (
        ("BG/NBD: r", purchasing.r, 0.243, 3, PAPER),
        ("BG/NBD: alpha", purchasing.alpha, 4.414, 3, PAPER),
        ("BG/NBD: a", purchasing.a, 0.793, 3, PAPER),
        ("BG/NBD: b", purchasing.b, 2.426, 3, PAPER),
        ("BG/NBD: log-likelihood", purchasing.log_likelihood, -9582.4, 1, PAPER),
        ("BG/NBD: purchases of customer 1 in 39 weeks", soon, 1.226, 3, SHEET),
        ("Gamma-Gamma: p", spending.p, 6.25, 2, NOTE),
        ("Gamma-Gamma: q", spending.q, 3.74, 2, NOTE),
    ):
        yield _figure(f"CDNOW {name}", value, target, source, digits=digits, known=known)
    gamma = "CDNOW Gamma-Gamma: gamma"
    yield (
        equal(gamma, spending.gamma, 15.44, NOTE, relative=1e-3)
        if known
        else unpublished(gamma, spending.gamma, NOTE)
    )
    name = "CDNOW: correlation of frequency and money"
    yield _figure(name, spending.pearson, 0.11, NOTE, digits=2, known=known)
    yield from _held_back(data, customers, purchasing, spending)


def _figure(name: str, value: float, target: float, source: str, *, digits: int, known: bool) -> Row:
    if not known:
        return unpublished(name, value, source)
    return rounded(name, value, target, source, digits=digits)


def _known(customers: list[Customer]) -> bool:
    money = sum(one.money or 0.0 for one in customers)
    return (len(customers), sum(one.frequency for one in customers), round(money)) == _KNOWN


def cdnow(data: Path) -> list[Customer]:
    """The 2,357 customers after 39 weeks; money is of repeat purchases, in dollars."""
    made = []
    for number, row in enumerate(table(_place(data, SUMMARY), "x", "t_x", "T", "zbar"), 2):
        try:
            made.append(_customer(row))
        except ValueError as error:
            raise ValueError(f"{SUMMARY}, line {number}: {error}") from error
    return made


def _customer(row: dict[str, str]) -> Customer:
    return Customer(
        frequency=int(row["x"]), recency=float(row["t_x"]), age=float(row["T"]), money=float(row["zbar"] or 0) or None
    )  # fmt: skip


def purchases(data: Path) -> dict[tuple[str, date], float]:
    """Dollars of each customer and day, in the order of the file."""
    days: dict[tuple[str, date], float] = {}
    for number, line in enumerate(_place(data, SAMPLE).read_text(encoding="utf-8").splitlines(), 1):
        try:
            _, customer, day, _, dollars = line.split()
            key = customer, datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007  a day of the shop
            days[key] = days.get(key, 0.0) + float(dollars)
        except ValueError as error:
            raise ValueError(f"{SAMPLE}, line {number}: {error}") from error
    if not days:
        raise ValueError(f"{SAMPLE} is empty")
    return days


def calibrated(customers: list[Customer], days: Iterable[tuple[str, date]]) -> date:
    """The last day that the models see: who came on the first day is as old as anybody."""
    return min(day for _, day in days) + timedelta(days=round(7 * max(one.age for one in customers)))


def held_back(data: Path, customers: list[Customer]) -> tuple[int, float]:
    """Repeat purchases and dollars of the 39 weeks that follow; those on one day are one."""
    days = purchases(data)
    end = calibrated(customers, days)
    later = [dollars for (_, day), dollars in days.items() if end < day <= end + timedelta(weeks=WEEKS)]
    return len(later), sum(later)


def _held_back(
    data: Path, customers: list[Customer], purchasing: Purchasing, spending: Spending
) -> Iterator[Row]:
    told = ltv(purchasing, spending, customers, within=WEEKS)
    if isinstance(told, NotEnough):
        return
    came, dollars = held_back(data, customers)
    source = "the same shop's next 39 weeks, which the models have not seen"
    yield unpublished("CDNOW: purchases that came in the next 39 weeks", came, source)
    yield unpublished("CDNOW: purchases expected, low, high", _span(told.purchases), source)
    yield unpublished("CDNOW: dollars that came in the next 39 weeks", round(dollars), source)
    yield unpublished("CDNOW: dollars expected, low, high", _span(told.total), source)
    yield unpublished("CDNOW: repeat purchases by week 78, expected ÷ came", _tracked(data, customers, purchasing),
                      "told from the parameters alone, as the paper's figures do")  # fmt: skip


def _tracked(data: Path, customers: list[Customer], purchasing: Purchasing) -> float | None:
    """All repeat purchases from the first day on, as expected of customers of whom only the first is known."""
    days = purchases(data)
    end = calibrated(customers, days) + timedelta(weeks=WEEKS)
    firsts: dict[str, date] = {}
    for customer, day in days:
        firsts[customer] = min(day, firsts.get(customer, day))
    ages = Counter((end - first).days / 7 for first in firsts.values() if first < end)
    expected = sum(many * expected_of_new(purchasing, within=age) for age, many in ages.items())
    came = sum(firsts[customer] < day <= end for customer, day in days)
    return expected / came if came else None


def _span(estimate: Estimate) -> list[int]:
    return [round(estimate.value), round(estimate.low), round(estimate.high)]


def _place(data: Path, name: str) -> Path:
    """In the folder; in the package where the folder has neither file, so that no shop is held against another."""
    here = data / "marketing" / name
    if any((data / "marketing" / each).exists() for each in (SUMMARY, SAMPLE)):
        return here
    found = find_spec("lifetimes")
    if found is None or found.origin is None:
        raise FileNotFoundError(2, "CDNOW is not there, nor the package lifetimes", str(here))
    return Path(found.origin).parent / "datasets" / name
