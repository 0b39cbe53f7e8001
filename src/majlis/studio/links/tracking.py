"""Links in posts: which of an entry's are tracked is chosen while it is planned; they are put in when it leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from majlis.brands.access import OnTeam
from majlis.core import sql
from majlis.core.errors import BadInput
from majlis.core.text.clean import clean_text
from majlis.core.text.length import post_length
from majlis.core.text.links import Link, find_links
from majlis.studio.links import actions, codes, memory, targets
from majlis.studio.links.actions import LONGEST_LABEL, Utm, held, insert, url_of
from majlis.studio.links.memory import SQL

MEDIUM: Final = "social"


def links_for_entry(team: OnTeam, *, entry_id: int, urls: Collection[str], at: datetime) -> dict[str, str]:
    """Choose which addresses in an entry's texts are tracked: these, and no others. Typed address → its ``/l/CODE``.

    The same choice again gives the same codes. They are put into the texts when the entry leaves
    (:func:`tracked`), so that a draft shows the addresses that were typed.

    Raises:
        BadInput: an address cannot be tracked.
        NotThere, NotAllowed: her role does not include it (any more), or the entry is not the page's.
    """
    wanted = {url: targets.checked_target(url) for url in urls}
    with transaction.atomic():
        held(team)
        actions.require_entry(team, entry_id)
        sql.execute(SQL["drop_choice"], entry=entry_id, page=team.page_id, targets=list(set(wanted.values())))
        made = _codes(team, entry_id, set(wanted.values()))
        utm = _usual(team, entry_id)
        for target in sorted(set(wanted.values()) - set(made)):
            made[target] = insert(team, target=target, utm=utm, entry_id=entry_id, at=at)
    return {url: url_of(made[target]) for url, target in wanted.items()}


def tracked(
    team: OnTeam, *, entry_id: int, texts: Sequence[str], rooms: Sequence[int], at: datetime
) -> list[str]:
    """The texts of an entry as they leave, in the transaction in which it does. ``rooms``: how long each may be.
    What comes again gets links of its own, for the same addresses."""
    rows = sql.rows(SQL["chosen_for_entry"], entry=entry_id, page=team.page_id)
    if not rows:
        return list(texts)
    made = _codes(team, entry_id, {row[0] for row in rows})
    for target, source, medium, campaign, content, _made_by in rows:
        if target not in made:
            utm = Utm(source=source, medium=medium, campaign=campaign, content=content)
            made[target] = insert(team, target=target, utm=utm, entry_id=entry_id, at=at)
    addresses = {target: url_of(code) for target, code in made.items()}
    return [track_text(text, addresses, room=room) for text, room in zip(texts, rooms, strict=True)]


def published(team: OnTeam, *, entry_id: int, post_id: int, at: datetime) -> None:
    """The entry's links belong to its post: their clicks are the post's. In the transaction of publishing."""
    rows = sql.rows(SQL["links_published"], entry=entry_id, page=team.page_id, post=post_id)
    for link_id, code in rows:
        memory.tell(link_id, code, at=at)


def track_text(text: str, tracked: Mapping[str, str], *, room: int) -> str:
    """The text with tracked addresses in place of those that were typed. ``tracked``: kept target → address.

    A link with its scheme counts 23 whatever it is. One without counts what it is long, so its tracked one may
    be longer: where the text would not fit any more (``room``, as posts are counted), such links stay as typed.
    """
    found = [(link, address) for link in find_links(text) if (address := _address(link, tracked))]
    changed = _replaced(text, found)
    for bare in [each for each in reversed(found) if each[0].bare]:
        if post_length(changed) <= room:
            break
        found.remove(bare)
        changed = _replaced(text, found)
    return changed


def trackable(text: str) -> list[Link]:
    """The links in a text that can be tracked, each address once."""
    found: dict[str, Link] = {}
    for link in find_links(clean_text(text)):
        target = _target(link)
        if target is not None:
            found.setdefault(target, link)
    return list(found.values())


def chosen_urls(team: OnTeam, *, entry_id: int, links: Sequence[Link]) -> set[str]:
    """Which of these links of an entry are tracked, as they were typed."""
    tracked = {row[0] for row in sql.rows(SQL["chosen_for_entry"], entry=entry_id, page=team.page_id)}
    return {link.url for link in links if _target(link) in tracked}


def target_of(address: str) -> str | None:
    """Where an address of ours, ``…/l/CODE``, leads; None for nowhere. For the cards of links."""
    code = urlsplit(address).path.removeprefix(codes.PATH).rstrip("/")
    row = sql.one(SQL["target_of_code"], code=code) if codes.is_code(code) else None
    return None if row is None else str(row[0])


def _codes(team: OnTeam, entry_id: int, wanted: Collection[str]) -> dict[str, str]:
    rows = sql.rows(SQL["links_of_entry"], page=team.page_id, entry=entry_id, targets=list(wanted))
    made: dict[str, str] = {}
    for target, code in rows:
        made.setdefault(target, code)  # the newest of several
    return made


def _usual(team: OnTeam, entry_id: int) -> Utm:
    row = sql.one(SQL["campaign_of_entry"], entry=entry_id, page=team.page_id)
    campaign = str(row[0])[:LONGEST_LABEL] if row else ""
    return Utm(source=settings.MAJLIS.host[:LONGEST_LABEL], medium=MEDIUM, campaign=campaign)


def _target(link: Link) -> str | None:
    try:
        return targets.checked_target(link.url)
    except BadInput:
        return None


def _address(link: Link, tracked: Mapping[str, str]) -> str:
    target = _target(link)
    return tracked.get(target, "") if target else ""


def _replaced(text: str, found: Sequence[tuple[Link, str]]) -> str:
    for link, address in reversed(found):
        text = text[: link.start] + address + text[link.end :]
    return text
