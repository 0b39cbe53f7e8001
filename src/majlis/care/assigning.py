"""Who looks after what: rules of the page's own, then whoever has least to do.

Rules are asked in their order, and the first that fits decides each thing: to whom, how urgent, which tag. They look at a
conversation when it opens, and once more when what was written has been read; what is decided stays. So no rule can pass
a conversation on to another one, and none can go in a circle. Whoever left the team, or answers no more, is passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission, roles_with
from majlis.care import readings, sources
from majlis.care.access import Priority
from majlis.care.events import ConversationChanged, CustomersWrote, WordsRead
from majlis.care.settling import settle
from majlis.care.statements import SQL
from majlis.care.terms import terms_of
from majlis.core import json, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.text.arabic import fold
from majlis.core.text.clean import clean_text

MOST_RULES: Final = 40
_LONGEST_NAME: Final = 60
_MOST_WORDS: Final = 20


class When(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is said has to be so; of a list, one. ``closed``: it came outside the hours. ``words``: one of them stands
    in what was written, folded. ``complaint``, ``urgent``, ``causes`` and ``languages`` can be told once it was read."""

    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    causes: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    complaint: bool | None = None
    urgent: bool | None = None
    closed: bool | None = None

    @property
    def needs_reading(self) -> bool:
        """Whether it can be judged only after what was written has been read."""
        return bool(self.languages or self.causes) or self.complaint is not None or self.urgent is not None


class Then(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is decided: ``to`` whom, or by ``load`` among those of a ``role`` (empty: all who answer); how urgent; a tag."""

    to: int | None = None
    load: bool = False
    role: str = ""
    priority: int | None = None
    tag: str = ""


class Rule(msgspec.Struct, frozen=True):
    """A rule of a page."""

    id: int
    name: str
    when: When
    then: Then


_when: Final = json.own_reader(When)
_then: Final = json.own_reader(Then)


def rules(page_id: int) -> list[Rule]:
    """The rules of a page, in their order; the caller holds its door. One query."""
    return [
        Rule(row[0], row[1], _when(row[2]), _then(row[3])) for row in sql.rows(SQL["rules"], page=page_id)
    ]


def keep_rule(
    team: OnTeam, *, name: str, when: When, then: Then, rule_id: int | None = None, at: datetime
) -> int:
    """A new rule, the last in order, or another one in place of an earlier; its id.

    Raises:
        BadInput: it has no name, decides nothing, or says something that there is not.
        NotThere: there is no such rule.
        NotAllowed: her role does not keep rules.
    """
    name = " ".join(clean_text(name).split())[:_LONGEST_NAME]
    if not name:
        raise BadInput(_("Give the rule a name."), field="name", code="blank")
    with transaction.atomic():
        _door(team)
        _check(team, when, then)
        values: dict[str, Any] = {
            "page": team.page_id,
            "name": name,
            "when": _text(when),
            "then": _text(then),
        }
        if rule_id is not None:
            if not sql.execute(SQL["change_rule"], id=rule_id, **values):
                raise _no_rule()
        else:
            if len(rules(team.page_id)) >= MOST_RULES:
                raise BadInput(_("Forty rules are enough. Remove one first."), code="too_many")
            rule_id = new_id()
            sql.execute(SQL["make_rule"], id=rule_id, by=team.by, at=at, **values)
        deeds.note(team, "care.rule", at=at, name=name)
    return rule_id


def _check(team: OnTeam, when: When, then: Then) -> None:
    if then == Then():
        raise BadInput(_("Say what the rule is to do."), field="then", code="blank")
    known = (*sources.OF_HOUSE, sources.OUTSIDE)
    if any(each not in known for each in when.sources) or len(when.words) > _MOST_WORDS:
        raise BadInput(_("There is no such choice."), field="when")
    if then.priority is not None and then.priority not in Priority.values:
        raise BadInput(_("There is no such priority."), field="priority")
    if then.role and then.role not in roles_with(Permission.ANSWER):
        raise BadInput(_("This role does not answer."), field="role")
    if len(then.tag) > 40:
        raise BadInput(_("A tag has 40 characters at the most."), field="tag", code="too_long")
    if then.to is not None and then.to not in answerers(team.page_id):
        raise BadInput(_("She does not answer for this page."), field="to", code="no_answerer")
    for cause in when.causes:
        if not sql.one(SQL["cause"], page=team.page_id, cause=cause):
            raise BadInput(_("There is no such cause."), field="causes")


def move_rule(team: OnTeam, *, rule_id: int, up: bool, at: datetime) -> None:
    """One place up or down. Nothing happens to the first and the last.

    Raises:
        NotThere: there is no such rule.
    """
    with transaction.atomic():
        _door(team)
        ids = [each.id for each in rules(team.page_id)]
        if rule_id not in ids:
            raise _no_rule()
        place = ids.index(rule_id)
        other = place - 1 if up else place + 1
        if 0 <= other < len(ids):
            ids[place], ids[other] = ids[other], ids[place]
            sql.execute(SQL["order_rules"], page=team.page_id, ids=ids)
            deeds.note(team, "care.rules_ordered", at=at)


def end_rule(team: OnTeam, *, rule_id: int, at: datetime) -> None:
    """Do without a rule; what it decided stays.

    Raises:
        NotThere: there is no such rule.
    """
    with transaction.atomic():
        _door(team)
        if not sql.execute(SQL["end_rule"], page=team.page_id, id=rule_id):
            raise _no_rule()
        deeds.note(team, "care.rule_ended", at=at)


def _door(team: OnTeam) -> None:
    team_door(page_id=team.page_id, by=team.by, needs=Permission.CARE, lock=True)


def _no_rule() -> NotThere:
    return NotThere(_("There is no such rule."))


def _text(value: object) -> str:
    return json.encode(value).decode()


def answerers(page_id: int, role: str = "") -> list[int]:
    """Who answers for a page, those with least to do first: fewest open conversations, then who was given one longest
    ago."""
    roles = [role] if role else roles_with(Permission.ANSWER)
    return sql.column(SQL["answerers"], page=page_id, roles=roles)


class _Seen(msgspec.Struct):
    """A conversation as rules see it, and what they decided of it."""

    id: int
    source: str
    status: str
    assignee: int | None
    priority_said: bool
    cause: int | None
    language: str
    complaint: float | None
    urgency: float | None
    opened_at: datetime
    text: str

    def fits(self, when: When, *, open_then: bool) -> bool:
        """Whether all that a rule says is so."""
        return (
            (not when.sources or any(self.source.startswith(each) for each in when.sources))
            and (not when.languages or self.language in when.languages)
            and (not when.causes or self.cause in when.causes)
            and (when.complaint is None or when.complaint == ((self.complaint or 0) >= readings.COMPLAINT))
            and (when.urgent is None or when.urgent == ((self.urgency or 0) >= readings.URGENT))
            and (when.closed is None or when.closed != open_then)
            and (not when.words or any(fold(word) in self.text for word in when.words))
        )


def customers_wrote(event: CustomersWrote) -> None:
    """What can be decided before it was read."""
    if event.opened:
        decide(event.page_id, event.opened, read=False, at=event.at)


def words_read(event: WordsRead) -> None:
    """What could be decided only now."""
    decide(event.page_id, event.conversation_ids, read=True, at=event.at)


def decide(page_id: int, ids: Sequence[int], *, read: bool, at: datetime) -> None:
    """Let the rules of a page decide of conversations, and then, once they were read, its way to share the work."""
    terms, known = terms_of(page_id), rules(page_id)
    known = [rule for rule in known if rule.when.needs_reading == read or not read]
    if not known and terms.assign == "nobody":
        return
    rows = sql.rows(SQL["to_decide"], ids=sorted(ids), page=page_id)
    free = _Hands(page_id)
    for row in rows:
        seen = _Seen(*(*row[:-1], fold(row[-1] or "")))
        open_then = terms.hours is None or terms.hours.state(seen.opened_at).open
        fit = [
            rule for rule in known
            if (read or not rule.when.needs_reading) and seen.fits(rule.when, open_then=open_then)
        ]  # fmt: skip
        _decided(page_id, seen, fit, free, share=read and terms.assign == "load", at=at)


class _Hands:
    """Who has how much to do, while several conversations are given away."""

    def __init__(self, page_id: int) -> None:
        self._page = page_id
        self._queues: dict[str, list[int]] = {}

    def all(self, role: str = "") -> list[int]:
        if role not in self._queues:
            self._queues[role] = answerers(self._page, role)
        return self._queues[role]

    def next(self, role: str = "") -> int | None:
        """Who has least to do; after this she is the last."""
        queue = self.all(role)
        if not queue:
            return None
        queue.append(first := queue.pop(0))
        return first


def _decided(
    page_id: int, seen: _Seen, fit: Sequence[Rule], free: _Hands, *, share: bool, at: datetime
) -> None:
    priority = next((each for each in fit if each.then.priority is not None), None)
    if priority is not None and not seen.priority_said:
        sql.execute(SQL["prioritise"], id=seen.id, priority=priority.then.priority)
        _step(page_id, seen.id, "prioritised", at=at, to=priority.then.priority, rule=priority.name)
        settle([seen.id], at=at)
    for tag in dict.fromkeys(each.then.tag for each in fit if each.then.tag):
        if sql.execute(SQL["add_tag"], id=new_id(), conversation=seen.id, page=page_id, name=tag):
            _step(page_id, seen.id, "tagged", at=at, tags=[tag])
    if seen.assignee is not None:
        return
    to, rule = _whom(fit, free)
    if to is None and share:
        to = free.next()
    if to is not None:
        sql.execute(SQL["assign"], id=seen.id, to=to, at=at)
        _step(page_id, seen.id, "assigned", at=at, to=str(to), rule=rule)


def _whom(fit: Sequence[Rule], free: _Hands) -> tuple[int | None, str]:
    """By the first rule that names somebody who still answers."""
    for rule in fit:
        if rule.then.to is not None and rule.then.to in free.all():
            return rule.then.to, rule.name
        if rule.then.load and (found := free.next(rule.then.role)) is not None:
            return found, rule.name
    return None, ""


def _step(page_id: int, conversation: int, what: str, *, at: datetime, **details: Any) -> None:
    sql.execute(
        SQL["step"], id=new_id(), conversation=conversation, what=what, status="", by=None, by_customer=False,
        details=json.encode(details).decode(), at=at,
    )  # fmt: skip
    emit(ConversationChanged(page_id=page_id, conversation_id=conversation, what=what, by=None, at=at))


def free_those_of_the_gone(*, at: datetime) -> int:
    """Open conversations of people who left the team, or answer no more, are nobody's again; how many."""
    with transaction.atomic():
        rows = sql.rows(
            SQL["of_the_gone"],
            roles=roles_with(Permission.ANSWER),
        )
        for page, conversation, before in rows:
            _step(page, conversation, "assigned", at=at, to="", left=str(before))
    return len(rows)
