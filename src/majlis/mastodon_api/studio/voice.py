"""What is said of a page and its rivals, what its name weighs, what brought its followers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.insights.methods.authority import Aspect
from majlis.insights.moods import Sound
from majlis.insights.windows import Window as WindowView
from majlis.mastodon_api.described import NOTHING, Key, Moment, Nothing
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, Window, figure, window
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.mastodon_api.studio.windows import Days, asked
from majlis.studio.rivals import naming
from majlis.studio.voice import saying, standing, telling
from majlis.studio.voice.mentions import Mention as MentionView

_YEAR = timedelta(days=365)


class Rival(msgspec.Struct, frozen=True, kw_only=True):
    """A rival. ``profile_id`` and ``handle`` where it has a profile here; ``words`` it is found by."""

    id: Key
    name: str
    profile_id: Key | None
    handle: str
    words: list[str]
    made_at: Moment


class NamedRival(msgspec.Struct, frozen=True, kw_only=True):
    """A rival to name: ``acct`` of a profile here, or ``name`` and ``words`` (a hashtag begins with #)."""

    name: str = ""
    acct: str = ""
    words: list[str] = []


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """Names and hashtags."""

    words: list[str]


class Moods(msgspec.Struct, frozen=True):
    """Texts by how they sound."""

    positive: int
    neutral: int
    negative: int


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """How much is said of the page (``own``) or a rival. ``reach``: followers of who wrote it, added up; ``people``
    null: one to nine."""

    name: str
    own: bool
    rival_id: Key | None
    mentions: int
    people: int | None
    reach: int
    share: float | None
    weighted: float | None
    moods: Moods
    net: float | None
    newest_only: bool


class Publishing(msgspec.Struct, frozen=True, kw_only=True):
    """What one of those compared publishes for everybody to see. ``per_follower``: reactions, comments and shares a
    post and follower."""

    name: str
    own: bool
    followers: int
    posts: int
    days: int
    a_week: float
    reactions: int
    comments: int
    shares: int
    per_follower: float | None


class VoiceFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Share of voice, against ``rivals``; the page stands first in ``spoken``."""

    window: Window
    rivals: list[str]
    figures: list[Figure]
    spoken: list[Spoken]
    published: list[Publishing]


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """A public post about the page. ``sound``: as the team said (``corrected``), or as it was read; probabilities are
    of the reading."""

    id: Key
    handle: str
    created_at: Moment
    text: str
    language: str
    sound: Sound
    corrected: bool
    negative: float
    neutral: float
    positive: float
    complaint: float


class SaidMood(msgspec.Struct, frozen=True, kw_only=True):
    """How a text sounds; empty: as it was read."""

    sound: Literal["negative", "neutral", "positive", ""]


class AuthorityPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the whole: its ``value``, its ``score`` (of one) and its ``weight``."""

    aspect: Aspect
    name: str
    how: str
    value: float
    score: float
    weight: float


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """New followers that came after a post of the page (``post_id`` null: after none)."""

    post_id: Key | None
    beginning: str
    followers: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """``score`` of 100, null below three known parts; loyalty; ``brought``: groups of ten and more alone."""

    window: Window
    score: float | None
    parts: list[AuthorityPart]
    missing: list[Aspect]
    engaged_again: Figure
    bought_again: Figure
    new_followers: Figure
    brought: list[Brought]
    hidden_groups: int


class Recall(msgspec.Struct, frozen=True, kw_only=True):
    """A survey of the page's own: of ``asked`` people ``recalled`` named it unaided; ``asked`` null: there is none."""

    asked: int | None = None
    recalled: int | None = None
    asked_on: date | None = None


class KeptRival(msgspec.Struct, frozen=True):
    """A rival as it stood then."""

    name: str
    mentions: int
    reach: int


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """Share of voice as it was told once, with the rivals it was told against."""

    id: Key
    window: Window
    kept_at: Moment
    share: float | None
    weighted: float | None
    mentions: int
    reach: int
    net: float | None
    rivals: list[KeptRival]


@team(
    Permission.MEASURE,
    says=_("Share of voice and sentiment against named rivals"),
    takes=Days,
    gives=VoiceFigures,
)
def show(call: Call, team: OnTeam, sent: Days) -> VoiceFigures:
    found = telling.voices(team, window=asked(call, team, sent))
    return VoiceFigures(
        window=window(found.window), rivals=list(found.sov.rivals), spoken=[_spoken(each) for each in found.spoken],
        figures=[figure(each) for each in (found.share, found.weighted, found.people, found.net, found.polar)],
        published=[
            Publishing(
                name=each.name, own=each.own, followers=each.followers, posts=each.posts, days=each.days,
                a_week=each.a_week, reactions=each.reactions, comments=each.comments, shares=each.shares,
                per_follower=each.per_follower,
            )
            for each in found.published
        ],
    )  # fmt: skip


def _spoken(view: telling.Spoken) -> Spoken:
    rival = view.subject.rival_id
    return Spoken(
        name=view.subject.name, own=view.subject.own, rival_id=str(rival) if rival else None, mentions=view.mentions,
        people=None if 0 < view.people < 10 else view.people, reach=view.reach, share=view.share, weighted=view.weighted,
        moods=Moods(view.mood.positive, view.mood.neutral, view.mood.negative), net=view.net, newest_only=view.full,
    )  # fmt: skip


@team(
    Permission.MEASURE,
    says=_("Public posts about the page, and how each sounds"),
    takes=Days,
    gives=list[Mention],
)
def mentions(call: Call, team: OnTeam, sent: Days) -> list[Mention]:
    return [_mention(each) for each in telling.own_mentions(team, window=asked(call, team, sent))[:200]]


def _mention(view: MentionView) -> Mention:
    read = view.reading
    return Mention(
        id=str(view.post_id), handle=view.handle, created_at=moment(view.made_at), text=view.text,
        language=view.language, sound=view.sound, corrected=view.said is not None, negative=read.negative,
        neutral=read.neutral, positive=read.positive, complaint=read.complaint,
    )  # fmt: skip


@team(Permission.TRACK, writes=True, says=_("How a mention sounds, against what was read"), takes=SaidMood)
def say(call: Call, team: OnTeam, sent: SaidMood, post_id: int) -> Nothing:
    heard = telling.own_mentions(team, window=WindowView(call.at - _YEAR, call.at))
    saying.say_mood(team, heard, post_id=post_id, sound=sent.sound, at=call.at)
    return NOTHING


@team(Permission.MEASURE, says=_("The words a page is known by"), gives=Words)
def own_words(call: Call, team: OnTeam) -> Words:
    return Words(words=list(saying.own_words(team)))


@team(Permission.TRACK, writes=True, says=_("Change the words a page is known by"), takes=Words, gives=Words)
def keep_words(call: Call, team: OnTeam, sent: Words) -> Words:
    saying.keep_words(team, words=sent.words, at=call.at)
    return Words(words=list(saying.own_words(team)))


@team(Permission.MEASURE, says=_("The rivals of a page"), gives=list[Rival])
def rivals(call: Call, team: OnTeam) -> list[Rival]:
    return [_rival(each) for each in naming.rivals(team)]


def _rival(view: naming.Rival) -> Rival:
    return Rival(
        id=str(view.id), name=view.name, profile_id=str(view.profile_id) if view.profile_id else None,
        handle=view.handle, words=list(view.words), made_at=moment(view.made_at),
    )  # fmt: skip


@team(Permission.TRACK, writes=True, says=_("Name a rival"), takes=NamedRival, gives=Rival, once=True)
def name(call: Call, team: OnTeam, sent: NamedRival) -> Rival:
    made = naming.name_rival(team, name=sent.name, acct=sent.acct, words=sent.words, at=call.at)
    return _rival(naming.rival(team, rival_id=made))


@team(Permission.TRACK, writes=True, says=_("Change the words of a rival"), takes=Words, gives=Rival)
def change(call: Call, team: OnTeam, sent: Words, rival_id: int) -> Rival:
    naming.change_words(team, rival_id=rival_id, words=sent.words, at=call.at)
    return _rival(naming.rival(team, rival_id=rival_id))


@team(Permission.TRACK, writes=True, says=_("Compare with a rival no longer"))
def end(call: Call, team: OnTeam, rival_id: int) -> Nothing:
    naming.let_go(team, rival_id=rival_id, at=call.at)
    return NOTHING


@team(
    Permission.MEASURE,
    says=_("Authority with its parts, loyalty, what brought followers"),
    takes=Days,
    gives=Standing,
)
def weight(call: Call, team: OnTeam, sent: Days) -> Standing:
    within = asked(call, team, sent)
    of = standing.standing(team, telling.voices(team, window=within))
    loyal, grown = standing.loyalty(team, window=within), standing.growth(team, window=within)
    return Standing(
        window=window(within), score=of.score, missing=list(of.missing),
        parts=[
            AuthorityPart(
                aspect=each.aspect, name=str(standing.NAMES[each.aspect]), how=str(standing.HOW[each.aspect]),
                value=each.value, score=each.score, weight=each.weight,
            )
            for each in of.parts
        ],
        engaged_again=figure(loyal.engaged), bought_again=figure(loyal.bought), new_followers=figure(grown.begun),
        brought=[
            Brought(post_id=str(each.post_id) if each.post_id else None, beginning=each.beginning, followers=each.count or 0)
            for each in grown.reasons
        ],
        hidden_groups=grown.hidden,
    )  # fmt: skip


@team(
    Permission.TRACK, writes=True, says=_("What a survey of the page's own found"), takes=Recall, gives=Recall
)
def recall(call: Call, team: OnTeam, sent: Recall) -> Recall:
    saying.keep_recall(
        team, asked=sent.asked, recalled=sent.recalled, day=sent.asked_on or call.at.date(), at=call.at
    )
    found = saying.recall(team)
    return Recall(asked=found.asked, recalled=found.recalled, asked_on=found.asked_on) if found else Recall()


@team(Permission.MEASURE, says=_("Shares of voice that were kept"), gives=list[Kept])
def kept(call: Call, team: OnTeam) -> list[Kept]:
    return [_kept(each) for each in saying.kept(team)]


def _kept(view: saying.Kept) -> Kept:
    told = view.told
    return Kept(
        id=str(view.id), window=window(WindowView(view.since, view.until)), kept_at=moment(view.kept_at),
        share=told.share, weighted=told.weighted, mentions=told.mentions, reach=told.reach, net=told.net,
        rivals=[KeptRival(*each) for each in told.rivals],
    )  # fmt: skip


@team(
    Permission.TRACK,
    writes=True,
    says=_("Keep the share of voice with its rivals"),
    takes=Days,
    gives=Kept,
    once=True,
)
def keep(call: Call, team: OnTeam, sent: Days) -> Kept:
    saying.keep(team, telling.voices(team, window=asked(call, team, sent)), at=call.at)
    return _kept(saying.kept(team)[0])


_PAGE = "api/v1/studio/<page_id>"
urls = [
    route(f"{_PAGE}/voice", GET=show),
    route(f"{_PAGE}/voice/mentions", GET=mentions),
    route(f"{_PAGE}/voice/mentions/<post_id>", PUT=say),
    route(f"{_PAGE}/voice/words", GET=own_words, PUT=keep_words),
    route(f"{_PAGE}/voice/kept", GET=kept, POST=keep),
    route(f"{_PAGE}/rivals", GET=rivals, POST=name),
    route(f"{_PAGE}/rivals/<rival_id>", PUT=change, DELETE=end),
    route(f"{_PAGE}/standing", GET=weight),
    route(f"{_PAGE}/standing/recall", PUT=recall),
]
