"""The four questions, answered for a month: together they read what they share once."""

from __future__ import annotations

from datetime import date, datetime

from majlis.brands.access import OnTeam
from majlis.studio.owner import earned, months, paid, slipping, stopping
from majlis.studio.owner.answers import Answer, Question
from majlis.studio.owner.pieces import pieces


def answer(team: OnTeam, question: Question, *, month: date, at: datetime) -> Answer:
    """One of them. Posts are compared over the ninety days that end with the month; customers are looked at as
    they stand at its end, for the newest month that is over as they stand now.

    Raises:
        NotAllowed: her role does not see the money.
    """
    zone = team.time_zone
    if question is Question.PAID:
        return paid.paid(team, month=month)
    if question is Question.EARNED:
        return earned.earned(team, window=months.weeks(month, zone=zone))
    if question is Question.STOP:
        return stopping.stopping(team, window=months.weeks(month, zone=zone))
    return slipping.slipping(team, at=_moment(month, at=at, zone=zone))


def answers(team: OnTeam, *, month: date, at: datetime) -> tuple[Answer, ...]:
    """All of them, in their order. Twenty-one queries, however many posts.

    Raises:
        NotAllowed: her role does not see the money.
    """
    posts = pieces(team, window=months.weeks(month, zone=team.time_zone))
    return (
        paid.paid(team, month=month),
        earned.answer(posts, zone=team.time_zone),
        slipping.slipping(team, at=_moment(month, at=at, zone=team.time_zone)),
        stopping.answer(posts, zone=team.time_zone),
    )


def _moment(month: date, *, at: datetime, zone: str) -> datetime:
    if month >= months.last(at=at, zone=zone):
        return at
    return months.window(month, zone=zone).until
