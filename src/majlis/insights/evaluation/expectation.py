"""500 posts of a cosmetics brand on Facebook in 2014 (Moro, Rita & Vala 2016; UCI, CC BY 4.0): expected reach and plan.
A file of the same form with other posts is measured in the same way; what was published of these is no target for it.

The set has no dates, only month, weekday and hour, newest first; the dates are the first that agree, from 1 January on,
so a week in which nothing was posted may be missing. Nothing but the order and the settling of two days hangs on it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from majlis.insights.evaluation import Row, rounded, table, unpublished, within
from majlis.insights.methods.enough import NotEnough
from majlis.insights.methods.expectation import Outcome, Past, Told, back_test
from majlis.insights.methods.plan_value import Choice, plan_value

FILE: Final = "uci_facebook_posts.csv"
MEDIANS: Final = "medians of the set, as its readme tells them"
ISSUE: Final = "80 % ranges must hold 75 to 85 of 100; first 60 posts to learn from, rolling origin"
COLUMNS: Final = (
    "Page total likes", "Type", "Post Month", "Post Weekday", "Post Hour", "Paid", "Total Reach", "Consumers",
    "Reach by people who like your Page",
)  # fmt: skip
FEWEST_JUDGED: Final = 100
"""Of fewer ranges chance alone leaves a share of 80 % outside of 75 to 85 more often than one time of five."""
_KNOWN: Final = (500, 6_951_680, 3_292_744)
"""Posts, their reach, and their reach among fans, of the published file."""
FIRST: Final = datetime(2014, 1, 1)  # noqa: DTZ001  the wall of the brand; its zone is not published


class Post(msgspec.Struct, frozen=True):
    """A row: the post, and how many fans it reached; None where the set does not say whether it was paid."""

    past: Past
    fans: int
    paid: bool | None


def rows(data: Path) -> Iterator[Row]:
    """Shares of fans reached, coverage and width of the ranges, and what a plan would have been worth."""
    posts = facebook(data)
    yield from _shares(posts)
    past = [one.past for one in posts]
    for outcome in Outcome:
        yield from _ranges(past, outcome)
    for choice in Choice:
        yield from _plan(past, choice)


def facebook(data: Path) -> list[Post]:
    """Oldest first. One row has no word on payment; it counts as unpaid where a model needs to know."""
    lines = table(data / "marketing" / FILE, *COLUMNS, delimiter=";")
    posts, before = [], FIRST
    for number, row in reversed(list(enumerate(lines, 2))):
        try:
            before = _moment(row, before)
            posts.append(_post(row, before))
        except ValueError as error:
            raise ValueError(f"{FILE}, line {number}: {error}") from error
    return posts


def _post(row: dict[str, str], at: datetime) -> Post:
    past = Past(
        at=at, followers=int(row["Page total likes"]), kind=row["Type"], paid=row["Paid"] == "1",
        reach=int(row["Total Reach"]), clicks=int(row["Consumers"]),
    )  # fmt: skip
    paid = row["Paid"] == "1" if row["Paid"] else None
    return Post(past, int(row["Reach by people who like your Page"]), paid)


def _moment(row: dict[str, str], before: datetime) -> datetime:
    """The first hour, not before the last post's, on that weekday (1 is Sunday) of that month."""
    month, weekday, hour = (int(row[f"Post {name}"]) for name in ("Month", "Weekday", "Hour"))
    moment = before.replace(hour=hour)
    for _ in range(366):
        if moment >= before and moment.month == month and moment.isoweekday() % 7 + 1 == weekday:
            return moment
        moment += timedelta(days=1)
    raise ValueError("The months of the set must not go backwards.")


def _shares(posts: list[Post]) -> Iterator[Row]:
    known = (len(posts), sum(one.past.reach for one in posts), sum(one.fans for one in posts)) == _KNOWN
    for what, wanted, published in (("all", None, 3.1), ("unpaid", False, 2.8), ("paid", True, 4.1)):
        shares = [
            100 * one.fans / one.past.followers
            for one in posts
            if one.past.followers and (wanted is None or one.paid == wanted)
        ]
        name, median = (
            f"UCI: median share of fans reached, {what} (%)",
            statistics.median(shares) if shares else None,
        )
        if known and median is not None:
            yield rounded(name, median, published, MEDIANS, digits=1)
        else:
            yield unpublished(name, median, "the median of the file")


def _ranges(past: list[Past], outcome: Outcome) -> Iterator[Row]:
    found = back_test(past, outcome=outcome)
    name = f"UCI expected {outcome.value}"
    if found is None:
        yield unpublished(f"{name}: posts, too few to foretell any", len(past), ISSUE)
        return
    naive = "the page's own 10–90 % quantiles, for comparison"
    middle = len(found.told) // 2
    yield _coverage(f"{name}: coverage of 80 % ranges", found.told)
    yield _coverage(f"{name}: coverage of 80 % ranges, earlier half", found.told[:middle])
    yield _coverage(f"{name}: coverage of 80 % ranges, later half", found.told[middle:])
    for part, told in _groups(found.told).items():
        yield unpublished(f"{name}: coverage of 80 % ranges, {part}", _share(told), ISSUE)
    yield unpublished(f"{name}: coverage, naive", found.naive_coverage, naive)
    sharper = found.median_width < found.naive_median_width
    target = found.naive_median_width
    yield Row(f"{name}: median width, less than naive", found.median_width, target, sharper, naive)
    yield unpublished(f"{name}: mean ln(high ÷ low)", found.mean_log_width, ISSUE)
    yield unpublished(f"{name}: mean ln(high ÷ low), naive", found.naive_mean_log_width, naive)
    yield unpublished(f"{name}: mean interval score", found.mean_interval, ISSUE)
    yield unpublished(f"{name}: mean interval score, naive", found.naive_mean_interval, naive)


def _share(told: Sequence[Told]) -> float:
    return sum(one.score.inside for one in told) / len(told)


def _coverage(name: str, told: Sequence[Told]) -> Row:
    if len(told) < FEWEST_JUDGED:
        return unpublished(f"{name} (of {len(told)} posts)", _share(told) if told else None, ISSUE)
    return within(name, _share(told), 0.75, 0.85, ISSUE)


def _groups(told: Sequence[Told]) -> dict[str, list[Told]]:
    """By whether it was paid and by kind, those of thirty posts or more."""
    groups: dict[str, list[Told]] = {}
    for one in told:
        for group in ("paid" if one.post.paid else "not paid", one.post.kind):
            groups.setdefault(group, []).append(one)
    return {name: groups[name] for name in sorted(groups) if len(groups[name]) >= 30}


def _plan(past: list[Past], choice: Choice) -> Iterator[Row]:
    found = plan_value(past, choice=choice)
    source = "posts that agreed with the plan ÷ those that did not, adjusted, 95 % interval; rolling origin"
    if isinstance(found, NotEnough):
        yield unpublished(f"UCI plan, {choice.value}: posts still needed", found.more, source)
        return
    span = [round(found.ratio.value, 3), round(found.ratio.low, 3), round(found.ratio.high, 3)]
    yield unpublished(f"UCI plan, {choice.value}: reach as a ratio [low, high]", span, source)
    yield unpublished(f"UCI plan, {choice.value}: verdict", found.verdict.value, source)
