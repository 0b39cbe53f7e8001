"""Who complained to the bakery today, and how far it is with that: answered, fixed, confirmed, open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Final

from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.care import acting, assigning, causes, intake, knowing, replies, terms
from majlis.care.access import Status
from majlis.care.assigning import Then, When
from majlis.care.fixing import badge, fixes, links
from majlis.care.inbox import Wanted, listing
from majlis.care.statements import SQL
from majlis.care.terms import Automatic, PageTerms
from majlis.config.demo_data.people import Person
from majlis.core import sql
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams


def _read() -> Iterator[tuple[str, str, str, str]]:
    """Language, kind of cause (empty: none), what was written, what was answered (empty: nothing yet)."""
    for line in (files(__package__) / "complaints.txt").read_text(encoding="utf-8").splitlines():
        about, text, answer = (part.strip() for part in line.split("|"))
        language, kind = about.split()
        yield language, kind.strip("-"), text, answer


SAID: Final = tuple(_read())
_SORRY: Final = (
    "Dear {name}, we are sorry for the wait. We look into it and write to you today. {agent}",
    "عزيزي {name}، نعتذر عن الانتظار. نتابع الأمر ونكتب لك اليوم. {agent}",
)
_NUMBER: Final = (
    "Dear {name}, please tell us the number of your order.",
    "عزيزي {name}، نرجو إخبارنا برقم الطلب.",
)
_REPLIES: Final = {"Sorry for the wait": _SORRY, "Number of the order": _NUMBER}
_CLOSED: Final = Automatic(
    when="closed",
    ar="شكرًا لكتابتك. نحن مغلقون الآن ونردّ صباحًا.",
    en="Thank you for writing. We are closed and answer in the morning.",
)


def care(
    bakery: Person, team: Mapping[Role, OnTeam], readers: Sequence[Person], *, at: datetime, chance: Random
) -> int:
    """The conversations of this morning; how many."""
    owner, support = team[Role.OWNER], team[Role.SUPPORT]
    terms.keep(owner, PageTerms(clock="always", assign="load", automatic=_CLOSED), at=at)
    while intake.take_in(at=at):
        pass
    for row in listing(owner, Wanted(source="review"), at=at, limit=200).rows:
        acting.solve(
            owner, conversation_id=row.id, at=at
        )  # reviews of half a year are nobody's work any more
    causes.begin(owner, at=at)
    for name, (text, text_ar) in _REPLIES.items():
        replies.save(owner, name=name, text=text, text_ar=text_ar, at=at)
    fits, does = When(words=("refund", "back", "المصاري")), Then(priority=0, tag="refund")
    assigning.keep_rule(owner, name="Refunds", when=fits, then=does, at=at)
    known = {each.kind: each.id for each in causes.causes(owner)}
    who = {code: [each for each in readers if each.language == code] for code in ("ar", "en")}
    begin = at - timedelta(minutes=55)
    answered: list[tuple[str, str, datetime]] = []
    for number, (language, kind, text, answer) in enumerate(SAID):
        writer = who[language].pop(chance.randrange(len(who[language])))
        moment = begin + timedelta(minutes=4 * number)
        posts.publish(by=writer.id, params=PostParams(text=f"@{bakery.handle} {text}"), at=moment)
        answered.append((kind, answer, moment))
    while intake.take_in(at=at):
        pass
    while knowing.read_new(at=at):
        pass
    rows = sorted(
        listing(owner, Wanted(view="all", source="mention"), at=at, limit=50).rows,
        key=lambda row: row.opened_at,
    )
    for row, (kind, answer, moment) in zip(rows, answered, strict=True):
        if kind:
            acting.give_cause(support, conversation_id=row.id, cause=known[kind], at=at)
        if answer:
            then = Status.SOLVED if chance.random() < 0.6 else Status.WAITING
            later = moment + timedelta(minutes=chance.randint(3, 9))
            acting.answer(support, conversation_id=row.id, text=answer, then=then, at=min(later, at))
    _fixed(owner, known["delivery"], at=at)
    badge.work_out(owner.page_id, at=at)
    return len(rows)


def _fixed(owner: OnTeam, cause: int, *, at: datetime) -> None:
    """The van runs again: those who waited are told, and one of them says that it is solved."""
    text, text_ar = (
        "The van runs again, and a second one stands ready.",
        "عادت سيارة التوصيل، وأصبحت الثانية جاهزة.",
    )
    fix = fixes.make(owner, cause_id=cause, text=text, text_ar=text_ar, since=at - timedelta(days=1), at=at)
    while fixes.tell_some(fix_id=fix, at=at):
        pass
    asked = sql.column(SQL["asked_of_fix"], fix=fix)
    if asked:
        token = links.link(asked[0]).rsplit("/", 1)[1]
        fixes.confirm(token, at=at)
        fixes.rate(token, stars=5, comment="", at=at)
