"""The calendar: what is out, as the team had planned it; the week to come; what waits, what did not leave, slots."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.roles import Role
from majlis.core import json, sql
from majlis.core.ids import new_id
from majlis.posts.actions.bulk import WholePost, copy_rows
from majlis.posts.composing import PostParams
from majlis.studio import actions, letters, moments
from majlis.studio.actions import Answer, Draft, Terms
from majlis.studio.content import Content, kept
from majlis.studio.statements import SQL

_DAY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_SLOTS: Final = ((1, time(8)), (3, time(18)), (5, time(9)))
_ENTRY: Final = (
    "id", "page_id", "campaign_id", "params", "thread", "first_comment", "title", "version", "made_by_id", "made_at",
    "changed_by_id", "changed_at", "due_at", "scheduled_by_id", "again_left", "failure", "post_id", "published_at",
)  # fmt: skip
_VERSION: Final = ("id", "entry_id", "version", "params", "thread", "first_comment", "by_id", "made_at")
# days from today, hour in the bakery's own time, language, words; all of them approved
_WEEK: Final = (
    (1, 7, "ar", "صباح الخير. خبز اليوم بطحين قمح بلدي جديد، ورائحته تسبق الباب. #خبز"),
    (2, 17, "en", "The weekend basket is back: two loaves, sesame rings and a jam of last summer's apricots. #bread"),
    (4, 8, "ar", "الجمعة نغلق من الحادية عشرة والنصف إلى الواحدة والنصف، ثم نكمل حتى التاسعة."),
    (5, 9, "en", "Saturday class: sourdough for beginners. Four places left. #baking"),
    (6, 10, "ar", "سؤال الأسبوع: الكعك بالسمسم أم بالحبة السوداء؟"),
)  # fmt: skip
_DRAFTS: Final = (
    ("ar", "وصفة: فتّة الحمّص من خبز الأمس", "خبز الأمس لا يُرمى. قطّعوه، حمّصوه، والباقي علينا…"),
    ("en", "Behind the scenes at four", "What the street looks like at four in the morning, from behind our window…"),
)  # fmt: skip
_WAITING: Final = "ابتداءً من الشهر القادم نفتح يوم الأحد حتى الثالثة. ما رأيكم؟"
_FAILED: Final = "Tonight we stay open until midnight: music, mint tea and warm bread. #bread"
_QUEUED: Final = "A loaf on the shelf for whoever needs one: pay it forward, no questions asked. #bread"


def make_campaign(team: OnTeam, *, since: datetime, at: datetime) -> int:
    """The table in winter: four weeks old, a week to go."""
    terms = Terms(
        name="مائدة الشتاء · The winter table",
        goal="orders",
        target=Decimal(60),
        audience="عائلات الحيّ ومن يعمل قريبًا منّا · Families nearby, and offices that breakfast together",
        starts_on=since.date(),
        ends_on=(at + 7 * _DAY).date(),
        budget=Decimal(60),
        currency=settings.MAJLIS.currency,
        hours_planned=Decimal(22),
        notes="مثال. An example.",
    )
    return actions.make_campaign(team=team, terms=terms, at=since - 2 * _DAY)


def write_published(
    team: Mapping[Role, OnTeam],
    posts: Sequence[WholePost],
    *,
    campaign: int,
    since: datetime,
    chance: Random,
) -> dict[int, int]:
    """What is out, as entries that left; post → entry. Two of three are the editor's, the rest the owner's."""
    entries, versions, made = [], [], {}
    for post in posts:
        by = team[chance.choice((Role.EDITOR, Role.EDITOR, Role.OWNER))]
        content = Content(params=PostParams(text=post.text, title=post.title, language=post.language))
        words, entry_id = kept(content), new_id()
        written_at = post.made_at - timedelta(hours=chance.uniform(2, 60))
        said = (words["params"], words["thread"], words["first_comment"])
        entries.append(
            (entry_id, by.page_id, campaign if post.made_at >= since else None, *said, "", 1, by.by, written_at,
             by.by, written_at, post.made_at, by.by, 0, "", post.id, post.made_at)
        )  # fmt: skip
        versions.append((new_id(), entry_id, 1, *said, by.by, written_at))
        deeds.note(by, "post.published", at=post.made_at, subject=post.id, entry=str(entry_id))
        made[post.id] = entry_id
    copy_rows("studio_entry", _ENTRY, entries)
    copy_rows("studio_entryversion", _VERSION, versions)
    return made


def plan_ahead(team: Mapping[Role, OnTeam], *, campaign: int, at: datetime) -> None:
    """The week to come, drafts, one that waits for a yes, one in the queue, and one that did not leave."""
    editor, owner = team[Role.EDITOR], team[Role.OWNER]
    yesterday = at - _DAY
    actions.set_slots(team=editor, slots=_SLOTS, at=at - 60 * _DAY)
    _did_not_leave(editor, at=at)
    for days, hour, language, text in _WEEK:
        entry = _write(editor, text, language, campaign=campaign, at=yesterday)
        actions.ask(team=editor, entry_id=entry, at=yesterday)
        answer = Answer(version=1, approved=True, text="جميل. Lovely." if days == 1 else "")
        actions.decide(team=owner, entry_id=entry, answer=answer, at=yesterday + _HOUR)
        wall = moments.on_the_wall(at, zone=editor.time_zone).date() + days * _DAY
        due = moments.moment(wall, time(hour), zone=editor.time_zone)
        actions.schedule(team=editor, entry_id=entry, due=due, at=yesterday + 2 * _HOUR)
    for language, title, text in _DRAFTS:
        _write(editor, text, language, title=title, at=yesterday)
    waiting = _write(editor, _WAITING, "ar", title="ساعات الأحد · Sunday hours", at=yesterday)
    actions.ask(team=editor, entry_id=waiting, at=yesterday + 3 * _HOUR)
    queued = _write(editor, _QUEUED, "en", at=yesterday)
    actions.enqueue(team=editor, entry_id=queued, at=yesterday + 4 * _HOUR)


def _write(
    team: OnTeam, text: str, language: str, *, at: datetime, title: str = "", campaign: int | None = None
) -> int:
    content = Content(params=PostParams(text=text, language=language))
    return actions.make(team=team, draft=Draft(content=content, title=title, campaign_id=campaign), at=at)


def _did_not_leave(team: OnTeam, *, at: datetime) -> None:
    """Its hour came before anybody had said yes. Written down as the worker does, without its letters."""
    planned, due = at - 3 * _DAY, at - 26 * _HOUR
    entry = _write(team, _FAILED, "en", at=planned)
    actions.ask(team=team, entry_id=entry, at=planned)
    actions.schedule(team=team, entry_id=entry, due=due, at=planned)
    why = json.encode(letters.in_each_language(_("Nobody has approved this version yet."))).decode()
    sql.execute(SQL["did_not_leave"], id=entry, failure=why, at=due)
    deeds.note(team, "entry.failed", at=due, subject=entry, told=[str(team.by)])


def posts_of(posts: Collection[WholePost], *, page: int) -> list[WholePost]:
    """The bakery's own posts, as they stand in a feed: no boosts, no answers."""
    return [p for p in posts if p.author_id == page and p.boost_of_id is None and p.reply_to_id is None]
