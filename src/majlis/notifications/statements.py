"""The SQL of notifications, loaded once, and the rule of what is shown."""

from __future__ import annotations

from typing import Final

from majlis.core import sql
from majlis.core.paging import Page
from majlis.posts.visibility import SEES

COLUMNS: Final = (
    "§.id, §.kind, §.actor_id, §.post_id, §.cause_id, §.detail::text, §.group_key, §.held, §.made_at"
)
# what the reader asks for: some kinds, one sender, those kept back or not
ASKED: Final = """§.kind = ANY(%(kinds)s) AND (%(held)s OR NOT §.held)
      AND (%(actor)s::bigint IS NULL OR §.actor_id = %(actor)s)"""
# whether a notification is shown, decided anew at every reading
SHOWN: Final = sql.load("majlis.notifications", "shown.sql", visible=SEES)["shown"]


def _loaded(order: str) -> dict[str, str]:
    return sql.load(
        "majlis.notifications",
        columns=COLUMNS,
        asked=ASKED,
        shown=SHOWN,
        order=order,
    )


_ORDERED: Final = {order: _loaded(order) for order in ("ASC", "DESC")}
SQL: Final = _ORDERED["DESC"]


def ordered(name: str, page: Page) -> str:
    """The query in the order that the page needs for LIMIT to keep the right rows."""
    return _ORDERED[page.order][name]


_GROUP_KEY: Final = """CASE
    WHEN §.kind IN ('favourite', 'reblog') THEN §.kind || '-' || §.post
    WHEN §.kind IN ('follow', 'admin.sign_up')
        THEN §.kind || '-' || to_char(%(at)s::timestamptz AT TIME ZONE 'UTC', 'YYYYMMDD')
    ELSE 'ungrouped-' || §.id END"""
# those of the recipient's apps that want to be pushed this; from whom is asked when it is sent
_SUBSCRIPTIONS: Final = """ARRAY(
    SELECT s.id FROM notifications_pushsubscription s
    WHERE s.profile_id = §.recipient_id AND s.policy <> 'none'
      AND (s.alerts ->> CASE §.kind WHEN 'reply' THEN 'mention' ELSE §.kind END)::boolean)"""
TELLING: Final = sql.load(
    "majlis.notifications",
    "telling.sql",
    seen_by_recipient=SEES.replace("%(viewer)s", "w.recipient"),
    group_key=_GROUP_KEY,
    subscriptions=_SUBSCRIPTIONS,
)
ACTIONS: Final = sql.load("majlis.notifications", "actions.sql")
PUSHING: Final = sql.load("majlis.notifications", "pushing.sql")
# when a member was last seen, by browser or by app; apps are known by the day
_SEEN: Final = """greatest(
    §.joined_at, §.last_login,
    (SELECT max(s.last_seen_at) FROM usersessions_usersession s WHERE s.user_id = §.id),
    (SELECT max(t.last_used_on)::timestamp AT TIME ZONE 'UTC' + interval '1 day'
       FROM accounts_accesstoken t WHERE t.user_id = §.id))"""
DIGESTS: Final = sql.load("majlis.notifications", "digests.sql", seen=_SEEN)
