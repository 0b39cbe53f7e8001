"""Making, changing and retiring tracked links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam, team_door
from majlis.brands.roles import Permission
from majlis.core import addresses, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.ids import new_id
from majlis.core.text.clean import clean_text
from majlis.studio.links import codes, memory, targets
from majlis.studio.links.memory import SQL

LONGEST_LABEL: Final = 120


class Utm(msgspec.Struct, frozen=True, kw_only=True):
    """UTM parameters: where a visit came from, in the words of web analytics. Empty ones are not sent."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    content: str = ""

    def cleaned(self) -> Utm:
        """Without control characters and space at the ends.

        Raises:
            BadInput: one is longer than 120 characters.
        """
        return Utm(**{name: _words(name, getattr(self, name)) for name in self.__struct_fields__})


class OwnLink(msgspec.Struct, frozen=True):
    """A link of a page, as its team sees it."""

    id: int
    code: str
    target: str
    label: str
    utm: Utm
    campaign_id: int | None
    entry_id: int | None
    post_id: int | None
    made_at: datetime
    retired_at: datetime | None

    @property
    def url(self) -> str:
        """The address that is given out."""
        return url_of(self.code)

    @property
    def shown_host(self) -> str:
        """Whose site it leads to, with nothing that deceives."""
        return targets.shown_host(self.target)


def url_of(code: str) -> str:
    """The address of a code on this server."""
    return addresses.absolute(codes.PATH + code)


def from_row(row: tuple[Any, ...]) -> OwnLink:
    """A link from the columns that ``queries.sql`` gives."""
    id_, code, target, label, source, medium, campaign, content, *rest = row
    campaign_id, entry_id, post_id, made_at, retired_at = rest
    utm = Utm(source=source, medium=medium, campaign=campaign, content=content)
    return OwnLink(id_, code, target, label, utm, campaign_id, entry_id, post_id, made_at, retired_at)


def make_link(
    team: OnTeam,
    *,
    target: str,
    at: datetime,
    label: str = "",
    utm: Utm | None = None,
    campaign_id: int | None = None,
    entry_id: int | None = None,
) -> OwnLink:
    """A new code for an address.

    Raises:
        BadInput: the address cannot be taken, or a word is too long.
        NotThere, NotAllowed: her role does not include it (any more).
    """
    kept, words, named = targets.checked_target(target), _words("label", label), (utm or Utm()).cleaned()
    with transaction.atomic():
        held(team)
        code = insert(
            team, target=kept, label=words, utm=named, campaign_id=campaign_id, entry_id=entry_id, at=at
        )
        row = sql.one(SQL["own_link_by_code"], code=code, page=team.page_id)
    assert row is not None  # noqa: S101  # it was just made
    return from_row(row)


def insert(
    team: OnTeam,
    *,
    target: str,
    utm: Utm,
    at: datetime,
    label: str = "",
    campaign_id: int | None = None,
    entry_id: int | None = None,
) -> str:
    """The code of a new link, for what has been checked, in the caller's transaction."""
    link_id, code = new_id(), codes.new_code()
    sql.execute(
        SQL["make_link"], id=link_id, page=team.page_id, code=code, target=target, label=label, **_columns(utm),
        campaign=campaign_id, entry=entry_id, by=team.by, at=at,
    )  # fmt: skip
    deeds.note(team, "link.made", at=at, subject=link_id, target=target)
    return code


def change_link(
    team: OnTeam, *, link_id: int, target: str, at: datetime, label: str = "", utm: Utm | None = None
) -> OwnLink:
    """Another address, name or parameters, under the same code. Every server process hears of it.

    Raises:
        BadInput, NotThere, NotAllowed: see :func:`make_link`; also when the link is retired.
    """
    kept, words, named = targets.checked_target(target), _words("label", label), (utm or Utm()).cleaned()
    with transaction.atomic():
        held(team)
        link = _own(team, link_id)
        if link.retired_at is not None:
            raise BadInput(_("This link is retired; make a new one."), code="retired")
        sql.execute(SQL["change_link"], link=link_id, target=kept, label=words, **_columns(named))
        memory.tell(link_id, link.code, at=at)
        deeds.note(team, "link.changed", at=at, subject=link_id, target=kept, before=link.target)
        return _own(team, link_id)


def retire_link(team: OnTeam, *, link_id: int, at: datetime) -> None:
    """End a link: from now on its code is as unknown as one that nobody made. Its clicks stay counted.

    Raises:
        NotThere, NotAllowed: it is not the page's, or not for her role.
    """
    with transaction.atomic():
        held(team)
        link = _own(team, link_id)
        if sql.execute(SQL["retire_link"], link=link_id, at=at):
            memory.tell(link_id, link.code, at=at)
            deeds.note(team, "link.retired", at=at, subject=link_id)


def held(team: OnTeam) -> None:
    """Her role still has it, and keeps it until this transaction ends (else NotThere, NotAllowed)."""
    team_door(page_id=team.page_id, by=team.by, needs=Permission.TRACK, lock=True)


def require_entry(team: OnTeam, entry_id: int) -> None:
    """Refuse (NotThere) an entry that is not the page's."""
    if sql.one(SQL["own_entry"], entry=entry_id, page=team.page_id) is None:
        raise NotThere(_("There is no such post."), cause=f"entry {entry_id} of {team.page_id}")


def _own(team: OnTeam, link_id: int) -> OwnLink:
    row = sql.one(SQL["own_link"], link=link_id, page=team.page_id)
    if row is None:
        raise NotThere(_("There is no such link."), cause=f"link {link_id} of {team.page_id}")
    return from_row(row)


def _columns(utm: Utm) -> Mapping[str, str]:
    return {
        "source": utm.source,
        "medium": utm.medium,
        "campaign_name": utm.campaign,
        "content": utm.content,
    }


def _words(field: str, text: str) -> str:
    text = clean_text(text).strip()
    if len(text) > LONGEST_LABEL:
        raise BadInput(_("At most 120 characters are taken here."), code="too_long", field=field)
    return text
