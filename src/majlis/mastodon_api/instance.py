"""What this server is: the first thing that apps ask, before anybody signs in."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from majlis.core import addresses
from majlis.core.errors import NotThere
from majlis.core.ids import lowest_id_at
from majlis.mastodon_api.entities import instance as entities
from majlis.mastodon_api.entities.account import day
from majlis.mastodon_api.request import Call, endpoint, route
from majlis.people import queries as people
from majlis.people.queries import Census
from majlis.posts import census as posts
from majlis.safety.queries import rules

COUNTED_EVERY: Final = timedelta(minutes=10)
WEEKS: Final = 12


class Counted(NamedTuple):
    """What was counted, and when: counting reads every profile, and everybody may ask."""

    at: datetime
    census: Census
    weeks: list[dict[str, str]]


_counted: dict[str, Counted] = {}


def counted(*, at: datetime) -> Counted:
    """The numbers of this server, at most ten minutes old."""
    known = _counted.get("here")
    if known is None or not known.at <= at < known.at + COUNTED_EVERY:
        known = _counted["here"] = Counted(at, people.census(at=at), _weeks(at))
    return known


def _weeks(at: datetime) -> list[dict[str, str]]:
    """The last twelve weeks, the present one first. Logins are told as who posted."""
    monday = datetime(at.year, at.month, at.day, tzinfo=at.tzinfo) - timedelta(days=at.weekday())
    starts = [monday - timedelta(weeks=number) for number in range(WEEKS)]
    stretches = [(lowest_id_at(start), lowest_id_at(start + timedelta(weeks=1))) for start in starts]
    came, wrote = people.joined(stretches=stretches), posts.posted(stretches=stretches)
    return [
        {
            "week": str(int(start.timestamp())),
            "statuses": str(number),
            "logins": str(writers),
            "registrations": str(new),
        }
        for start, new, (number, writers) in zip(starts, came, wrote, strict=True)
    ]


@endpoint("", public=True)
def show(call: Call) -> Any:
    """All about this server."""
    return entities.instance(rules(), counted(at=call.at).census)


@endpoint("", public=True)
def show_v1(call: Call) -> Any:
    """The same for older apps."""
    return entities.instance_v1(rules(), counted(at=call.at).census)


@endpoint("", public=True)
def rule_list(call: Call) -> Any:
    """The rules of the house."""
    return [entities.rule(each) for each in rules()]


@endpoint("", public=True)
def activity(call: Call) -> Any:
    """How much went on, week by week."""
    return counted(at=call.at).weeks


@endpoint("", public=True)
def nothing(call: Call) -> Any:
    """Other servers known or blocked: none, as long as it does not federate."""
    return []


@endpoint("", public=True)
def languages(call: Call) -> Any:
    """The languages of the house."""
    return [{"code": code, "name": name} for code, name in settings.LANGUAGES]


@endpoint("", public=True)
def translation_languages(call: Call) -> Any:
    """Between which languages posts are translated: none."""
    return {}


@endpoint("", public=True)
def description(call: Call) -> Any:
    """What the operator says of the house."""
    content = f"<p>{escape(settings.MAJLIS.description)}</p>"
    return {"content": content, "updated_at": day(call.at)}


@endpoint("", public=True)
def privacy_policy(call: Call) -> Any:
    """The page that says what is kept: apps show its link."""
    words = _("What we keep about you, who can see it, and how to take it with you.")
    link = f'<p><a href="{escape(addresses.absolute("/privacy"))}">{escape(words)}</a></p>'
    return {"content": link, "updated_at": day(call.at)}


@endpoint("", public=True)
def terms(call: Call, date: str = "") -> Any:
    """There are none beside the rules."""
    raise NotThere(_("There are no terms of service beside the rules."))


urls = [
    route("api/v2/instance", GET=show),
    route("api/v1/instance", GET=show_v1),
    route("api/v1/instance/rules", GET=rule_list),
    route("api/v1/instance/activity", GET=activity),
    route("api/v1/instance/peers", GET=nothing),
    route("api/v1/instance/domain_blocks", GET=nothing),
    route("api/v1/instance/languages", GET=languages),
    route("api/v1/instance/translation_languages", GET=translation_languages),
    route("api/v1/instance/extended_description", GET=description),
    route("api/v1/instance/privacy_policy", GET=privacy_policy),
    route("api/v1/instance/terms_of_service", GET=terms),
    route("api/v1/instance/terms_of_service/<date>", GET=terms),
    route("api/v1/peers/search", GET=nothing),
]
