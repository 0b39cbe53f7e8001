"""CDNOW: the customers of a shop for music, 1997 and 1998, on whom the purchase models were published.

The set comes with the package ``lifetimes`` (MIT), which is there when Majlis is developed; a folder that has
``marketing/cdnow_customers_summary_with_transactions.csv`` and ``marketing/CDNOW_sample.txt`` comes first.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from majlis.insights.evaluation import Row, equal, rounded, unpublished
from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.estimate import Estimate
from majlis.insights.methods.lifetime import (
    Customer,
    Purchasing,
    Spending,
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
CALIBRATED: Final = date(1997, 9, 30)
"""The last day that the models see; the 39 weeks after it are held back."""
WEEKS: Final = 39


def rows(data: Path) -> Iterator[Row]:
    """The four parameters, the three of money, a customer of the published sheet, and the held-back 39 weeks."""
    customers = cdnow(data)
    purchasing, spending = fit_bgnbd(customers), fit_gamma_gamma(customers)
    if isinstance(purchasing, NotEnough) or isinstance(spending, NotEnough):
        yield Row("CDNOW: customers enough for a model", len(customers), None, False, PAPER)
        return
    yield rounded("CDNOW BG/NBD: r", purchasing.r, 0.243, PAPER, digits=3)
    yield rounded("CDNOW BG/NBD: alpha", purchasing.alpha, 4.414, PAPER, digits=3)
    yield rounded("CDNOW BG/NBD: a", purchasing.a, 0.793, PAPER, digits=3)
    yield rounded("CDNOW BG/NBD: b", purchasing.b, 2.426, PAPER, digits=3)
    yield rounded("CDNOW BG/NBD: log-likelihood", purchasing.log_likelihood, -9582.4, PAPER, digits=1)
    soon = expected_purchases(purchasing, customers[0], within=WEEKS)
    yield rounded("CDNOW BG/NBD: purchases of customer 1 in 39 weeks", soon, 1.226, SHEET, digits=3)
    yield rounded("CDNOW Gamma-Gamma: p", spending.p, 6.25, NOTE, digits=2)
    yield rounded("CDNOW Gamma-Gamma: q", spending.q, 3.74, NOTE, digits=2)
    yield equal("CDNOW Gamma-Gamma: gamma", spending.gamma, 15.44, NOTE, relative=1e-3)
    yield rounded("CDNOW: correlation of frequency and money", spending.pearson, 0.11, NOTE, digits=2)
    yield from _held_back(data, customers, purchasing, spending)


def cdnow(data: Path) -> list[Customer]:
    """The 2,357 customers after 39 weeks; money is of repeat purchases, in dollars."""
    with _place(data, SUMMARY).open(newline="") as file:
        return [
            Customer(
                frequency=int(row["x"]), recency=float(row["t_x"]), age=float(row["T"]), money=float(row["zbar"]) or None
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip


def held_back(data: Path) -> tuple[int, float]:
    """Purchases and dollars of the 39 weeks that follow; those on one day are one."""
    days: dict[tuple[str, str], float] = {}
    for line in _place(data, SAMPLE).read_text().splitlines():
        _, customer, day, _, dollars = line.split()
        when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        if CALIBRATED < when <= CALIBRATED + timedelta(weeks=WEEKS):
            days[customer, day] = days.get((customer, day), 0.0) + float(dollars)
    return len(days), sum(days.values())


def _held_back(
    data: Path, customers: list[Customer], purchasing: Purchasing, spending: Spending
) -> Iterator[Row]:
    told = ltv(purchasing, spending, customers, within=WEEKS)
    if isinstance(told, NotEnough):
        return
    purchases, dollars = held_back(data)
    source = "the same shop's next 39 weeks, which the models have not seen"
    yield unpublished("CDNOW: purchases that came in the next 39 weeks", purchases, source)
    yield unpublished("CDNOW: purchases expected, low, high", _span(told.purchases), source)
    yield unpublished("CDNOW: dollars that came in the next 39 weeks", round(dollars), source)
    yield unpublished("CDNOW: dollars expected, low, high", _span(told.total), source)


def _span(estimate: Estimate) -> list[int]:
    return [round(estimate.value), round(estimate.low), round(estimate.high)]


def _place(data: Path, name: str) -> Path:
    here = data / "marketing" / name
    if here.is_file():
        return here
    found = find_spec("lifetimes")
    if found is None or found.origin is None:
        raise FileNotFoundError(2, "CDNOW is not there, nor the package lifetimes", str(here))
    return Path(found.origin).parent / "datasets" / name
