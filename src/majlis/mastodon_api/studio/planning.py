"""Before and after a post: what to expect, how well that held, the interview, and the plan with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput, NotThere
from majlis.insights.methods.expectation import LEVEL
from majlis.mastodon_api.described import NOTHING, Key, Moment, When
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.entry import PlanEntry
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.entries import one as one_entry
from majlis.posts.composing import PostParams
from majlis.studio.planning import forecasts, ground, interview, plans, sentences, words
from majlis.studio.planning.forecasts import Calibration as CalibrationView
from majlis.studio.planning.forecasts import Expected as ExpectedView
from majlis.studio.planning.forecasts import Kept
from majlis.studio.planning.interview import About, Crowd, Tried, Went
from majlis.studio.planning.plans import Line as LineView
from majlis.studio.planning.reasons import Reason as ReasonView
from majlis.studio.planning.reasons import grade, sentence
from majlis.studio.planning.testing import PUBLISHED
from majlis.studio.planning.testing import Test as TestView


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A post to come. Without ``leaves_at``: now."""

    text: str = ""
    title: str = ""
    audience: str = "public"
    leaves_at: When | None = None
    photos: bool = False
    poll: bool = False


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a post comes to in seven days, four times of five between ``low`` and ``high``; neither lies among one to
    nine. ``basis``: own, mixed, borrowed; ``lender``: house, published or empty."""

    outcome: Literal["reach", "clicks"]
    low: int
    high: int
    middle: int | None
    level: float
    grade: str
    basis: str
    posts: int
    lender: str
    lenders: int
    made_of: str
    formula: str
    population: str


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """What was expected of a post and what came. ``came`` null: the seven days are not over, or (``hidden``) it came to
    one to nine."""

    post_id: Key
    expected: Expected
    appeared_at: Moment
    came: int | None
    hidden: bool
    held: bool | None
    scored_at: Moment | None
    sentence: str


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Ranges of an outcome that held, of those whose seven days are over, with the 95 % interval of the share."""

    outcome: Literal["reach", "clicks"]
    scored: int
    held: int
    waiting: int
    share: float | None
    interval: tuple[float, float] | None
    widened: float


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """How well it was told over all, and post by post, the newest first."""

    sentence: str
    calibration: list[Calibration]
    posts: list[Score]


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The interview. ``read``: languages that customers read (ar, en, fr). ``price``, ``margin`` (of one) and ``currency``
    are null for who does not see the money."""

    trade: str
    place: str
    serves: str
    goal: str
    hours_week: Decimal | None
    price: Decimal | None
    margin: Decimal | None
    currency: str
    rivals: list[str]
    tried: list[Tried]
    crowds: list[Crowd]
    read: list[str]
    done_at: Moment | None


class TriedFields(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was tried, and how it went; ``about``: what of a plan it bears on (part_6: early in the day)."""

    what: str = ""
    went: Went = Went.UNKNOWN
    about: About = About.NOTHING


class AnswerFields(msgspec.Struct, frozen=True, kw_only=True):
    """Answers; what is not sent stays. ``done``: that is all."""

    trade: str | None = None
    place: str | None = None
    serves: str | None = None
    goal: str | None = None
    hours_week: Decimal | None = None
    rivals: list[str] | None = None
    tried: list[TriedFields] | None = None
    crowds: list[Crowd] | None = None
    read: list[str] | None = None
    done: bool = False


class MoneyFields(msgspec.Struct, frozen=True, kw_only=True):
    """What a usual order costs, and the share of it that is left (of one); what is not sent stays."""

    price: Decimal | None = None
    margin: Decimal | None = None
    currency: str | None = None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why, as a word that stays and a sentence in the reader's language, and who says so."""

    code: str
    sentence: str
    grade: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal. It is a draft once it has an ``entry_id``, and is never scheduled by itself. ``circle_id``: of the group
    of customers that it is for."""

    id: Key
    at: Moment
    kind: str
    language: str
    audience: str
    circle_id: Key | None
    low: int
    high: int
    hours: float
    trial: bool
    link: bool
    grade: str
    reasons: list[Reason]
    entry_id: Key | None
    post_id: Key | None
    dropped_at: Moment | None


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """Reach of posts that agreed with such a plan ÷ of those that did not, adjusted, with its 95 % interval; ``more``:
    so many posts are missing to say it. ``verdict`` open: the interval holds "no difference"."""

    posts: int
    agreed: int
    ratio: float | None
    interval: tuple[float, float] | None
    verdict: str
    more: int | None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Four weeks of proposals, the answer first. ``money`` is null for who does not see it."""

    sentence: str
    facts: list[str]
    money: list[str] | None
    lines: list[Line]
    own_test: Test | None
    published_test: Test
    made_at: Moment
    looked_at: Moment


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """What a look at the plan changed, and why."""

    id: Key
    made_at: Moment
    changes: list[Reason]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a proposal is wanted."""

    wanted: bool


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """The day and the time of day (16:05) for a proposal, by the page's clock; what is not sent stays."""

    day: date | None = None
    time: str = ""


class Taken(msgspec.Struct, frozen=True):
    """How many drafts were made."""

    drafts: int


def _expected(view: ExpectedView) -> Expected:
    return Expected(
        outcome=view.outcome.value, low=view.low, high=view.high, middle=view.middle if view.middle > 9 else None,
        level=LEVEL, grade="estimated", basis=view.basis, posts=view.posts, lender=view.lender,
        lenders=view.lenders, made_of=words.made_of(view), formula=str(words.FORMULA), population=str(words.POPULATION),
    )  # fmt: skip


def _score(view: Kept) -> Score:
    return Score(
        post_id=str(view.post_id), expected=_expected(view.expected), appeared_at=moment(view.appeared_at),
        came=None if view.hidden else view.came, hidden=view.hidden, held=view.held,
        scored_at=moment(view.scored_at) if view.scored_at else None, sentence=words.score(view),
    )  # fmt: skip


def _calibration(view: CalibrationView) -> Calibration:
    values = msgspec.structs.asdict(view)
    return Calibration(**{**values, "outcome": view.outcome.value})


def _reasons(found: Sequence[ReasonView]) -> list[Reason]:
    return [
        Reason(code=each.code, sentence=said, grade=grade(each).value)
        for each in found
        if (said := sentence(each))
    ]


def _line(view: LineView) -> Line:
    told = view.proposal
    return Line(
        id=str(view.id), at=moment(view.due_at), kind=told.kind, language=told.language, audience=told.audience,
        circle_id=_key(told.circle_id), low=told.low, high=told.high, hours=told.hours,
        trial=told.trial, link=told.link, grade="estimated",
        reasons=_reasons(told.reasons), entry_id=_key(view.entry_id), post_id=_key(view.post_id),
        dropped_at=moment(view.dropped_at) if view.dropped_at else None,
    )  # fmt: skip


def _key(id_: int | None) -> str | None:
    return None if id_ is None else str(id_)


def _test(view: TestView) -> Test:
    interval = None if view.low is None or view.high is None else (view.low, view.high)
    return Test(
        posts=view.posts, agreed=view.agreed, ratio=view.ratio, interval=interval, verdict=view.verdict, more=view.more
    )  # fmt: skip


@team(
    Permission.MEASURE,
    says=_("What a post that is not out yet is expected to come to"),
    takes=Planned,
    gives=list[Expected],
)
def expect(call: Call, team: OnTeam, sent: Planned) -> list[Expected]:
    params = PostParams(text=sent.text, title=sent.title, audience=sent.audience)
    kind = "poll" if sent.poll and not sent.title else None
    found = forecasts.before(
        team, params, due=sent.leaves_at, at=call.at, photos=sent.photos, kind=kind
    )  # fmt: skip
    return [_expected(each) for each in found]


@team(Permission.MEASURE, says=_("What was expected of a post, and what came"), gives=list[Score])
def of_post(call: Call, team: OnTeam, post_id: int) -> list[Score]:
    found = forecasts.of_post(team, post_id=post_id)
    if not found:
        raise NotThere(_("Nothing was written down of what was expected of this post."))
    return [_score(each) for each in found]


@team(Permission.MEASURE, says=_("How well what was expected of posts held"), gives=Held)
def held(call: Call, team: OnTeam) -> Held:
    kept = forecasts.listed(team, at=call.at)
    found = forecasts.calibration(team, kept, at=call.at)
    return Held(
        sentence=words.calibration(found), calibration=[_calibration(each) for each in found],
        posts=[_score(each) for each in kept],
    )  # fmt: skip


def _answers(team: OnTeam) -> Answers:
    found = interview.interview(team)
    values: dict[str, Any] = msgspec.structs.asdict(found.answers)
    return Answers(
        **{**values, **{name: list(values[name]) for name in ("rivals", "tried", "crowds", "read")}},
        done_at=moment(found.done_at) if found.done_at else None,
    )  # fmt: skip


@team(Permission.WRITE, says=_("What the business said of itself"), gives=Answers)
def answers(call: Call, team: OnTeam) -> Answers:
    return _answers(team)


@team(
    Permission.WRITE,
    writes=True,
    says=_("Answer questions of the interview"),
    takes=AnswerFields,
    gives=Answers,
)
def answer(call: Call, team: OnTeam, sent: AnswerFields) -> Answers:
    given = {
        name: value
        for name, value in msgspec.structs.asdict(sent).items()
        if name != "done" and value is not None
    }
    given |= {name: tuple(given[name]) for name in ("rivals", "crowds", "read") if name in given}
    if sent.tried is not None:
        given["tried"] = tuple(Tried(what=each.what, went=each.went, about=each.about) for each in sent.tried)
    interview.answer(team, given=given, done=sent.done, at=call.at)
    return _answers(team)


@team(
    Permission.BUDGET,
    writes=True,
    says=_("Say what an order brings, for the interview"),
    takes=MoneyFields,
    gives=Answers,
)
def answer_money(call: Call, team: OnTeam, sent: MoneyFields) -> Answers:
    given = {name: value for name, value in msgspec.structs.asdict(sent).items() if value is not None}
    interview.answer(team, given=given, at=call.at)
    return _answers(team)


def _plan(call: Call, team: OnTeam) -> Plan:
    found = plans.plan(team, at=call.at)
    if found is None:
        raise NotThere(_("There is no plan yet."))
    money = None
    if team.may(Permission.MONEY):
        money = sentences.money(ground.money(team, found.ground, at=call.at))
    return Plan(
        sentence=sentences.plan(found.ground), facts=sentences.facts(found.ground), money=money,
        lines=[_line(each) for each in found.lines], own_test=_test(found.test) if found.test else None,
        published_test=_test(PUBLISHED), made_at=moment(found.made_at), looked_at=moment(found.looked_at),
    )  # fmt: skip


@team(Permission.MEASURE, says=_("The plan: four weeks of proposals with their reasons"), gives=Plan)
def show(call: Call, team: OnTeam) -> Plan:
    return _plan(call, team)


@team(
    Permission.WRITE, writes=True, says=_("Make the plan, or make it anew from what is known now"), gives=Plan
)
def make(call: Call, team: OnTeam) -> Plan:
    plans.make(team, at=call.at)
    return _plan(call, team)


@team(Permission.WRITE, writes=True, says=_("Make drafts of all open proposals"), gives=Taken)
def take_all(call: Call, team: OnTeam) -> Taken:
    return Taken(plans.take_all(team, at=call.at))


@team(Permission.WRITE, writes=True, says=_("Make a draft of a proposal"), gives=PlanEntry, once=True)
def take(call: Call, team: OnTeam, line_id: int) -> PlanEntry:
    return one_entry(team, plans.take(team, line_id=line_id, at=call.at))


@team(Permission.WRITE, writes=True, says=_("Say whether a proposal is wanted"), takes=Wanted)
def want(call: Call, team: OnTeam, sent: Wanted, line_id: int) -> object:
    plans.drop(team, line_id=line_id, dropped=not sent.wanted, at=call.at)
    return NOTHING


@team(
    Permission.WRITE,
    writes=True,
    says=_("Give a proposal another day or hour; it stays there"),
    takes=Moved,
    gives=Line,
)
def move(call: Call, team: OnTeam, sent: Moved, line_id: int) -> Line:
    try:
        clock = time.fromisoformat(sent.time) if sent.time else None
    except ValueError:
        raise BadInput(_("This is no time of day."), field="time") from None
    moved, _before = plans.move(team, line_id=line_id, day=sent.day, clock=clock, at=call.at)
    return _line(moved)


@team(Permission.MEASURE, says=_("What each look at the plan changed, and why"), gives=list[Revision])
def revisions(call: Call, team: OnTeam) -> list[Revision]:
    return [
        Revision(id=str(each.id), made_at=moment(each.made_at), changes=_reasons(each.changes))
        for each in plans.revisions(team)
    ]


_PAGE = "api/v1/studio/<page_id>"
urls = [
    route(f"{_PAGE}/expected", GET=expect),
    route(f"{_PAGE}/expected/held", GET=held),
    route(f"{_PAGE}/posts/<post_id>/expected", GET=of_post),
    route(f"{_PAGE}/interview", GET=answers, PUT=answer),
    route(f"{_PAGE}/interview/money", PUT=answer_money),
    route(f"{_PAGE}/proposals", GET=show, POST=make),
    route(f"{_PAGE}/proposals/take", POST=take_all),
    route(f"{_PAGE}/proposals/revisions", GET=revisions),
    route(f"{_PAGE}/proposals/<line_id>", POST=take, PUT=want),
    route(f"{_PAGE}/proposals/<line_id>/hour", PUT=move),
]
