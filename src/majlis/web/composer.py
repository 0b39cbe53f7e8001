"""The composer: what it shows, and what a sent form means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from majlis.accounts import zones
from majlis.core.errors import BadInput
from majlis.media.actions import Description
from majlis.people import queries as people
from majlis.people.queries import AudienceSizes, Viewer
from majlis.people.views import COUNTED_AT_MOST
from majlis.posts.composing import MOST_PHOTOS, PollParams, PostParams
from majlis.posts.queries import PollView
from majlis.web import formats
from majlis.web.cards import AUDIENCES, Media, Quote
from majlis.web.faces import Shown
from majlis.web.photos import FOCUS

CHOICES: Final = ("public", "unlisted", "followers", "friends", "mentioned")
MAY_REPLY: Final[Mapping[str, str | Promise]] = {
    "everyone": gettext_lazy("Everyone who sees it"),
    "followers": gettext_lazy("My followers"),
    "friends": gettext_lazy("My friends"),
    "mentioned": gettext_lazy("Only those I mention"),
    "nobody": gettext_lazy("Nobody"),
}
POLL_HOURS: Final[Mapping[int, str | Promise]] = {
    1: gettext_lazy("1 hour"),
    24: gettext_lazy("1 day"),
    72: gettext_lazy("3 days"),
    168: gettext_lazy("7 days"),
}
#: Names of languages in themselves; what a browser offers beyond them is recognised from the text.
LANGUAGES: Final = (("ar", "العربية"), ("en", "English"), ("fr", "Français"), ("de", "Deutsch"),
                    ("es", "Español"), ("tr", "Türkçe"), ("fa", "فارسی"), ("ur", "اردو"))  # fmt: skip
_FEWEST_OPTIONS: Final = 4


@dataclass(slots=True)
class AudienceChoice(Shown):
    """An audience with how many can see a post for it, in a sentence."""

    value: str
    label: str
    sentence: str
    chosen: bool


@dataclass(slots=True)
class Language(Shown):
    """A language to write in, by its own name."""

    code: str
    name: str


@dataclass(slots=True)
class Choice(Shown):
    """An option of a select."""

    value: str
    label: str | Promise
    chosen: bool


@dataclass(slots=True)
class Composer(Shown):
    """All of ``composer.html``."""

    action: str
    draft_key: str
    text: str
    placeholder: str
    limit: int
    audiences: list[AudienceChoice]
    audience_sentence: str
    idempotency_key: str
    reply_to: Any = None
    quote: Quote | None = None
    edit_of: str = ""
    draft_id: str = ""
    content_warning: str = ""
    sensitive: bool = False
    language: str = ""
    languages: list[Language] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    polls_allowed: bool = True
    poll_options: list[str] = field(default_factory=list)
    poll_multiple: bool = False
    poll_hide_totals: bool = False
    poll_hours: list[Choice] = field(default_factory=list)
    reply_policies: list[Choice] = field(default_factory=list)
    scheduled_at: str = ""
    title: str = ""
    photo_limit: int = MOST_PHOTOS
    error: str = ""
    htmx: bool = False


def fresh_key() -> str:
    """A key with which a repeated submission makes no second post."""
    return uuid4().hex


def blank(viewer: Viewer) -> PostParams:
    """An empty post with the member's own defaults."""
    wishes = viewer.preferences
    return PostParams(
        audience=wishes.audience,
        language=wishes.language,
        sensitive=wishes.sensitive,
        may_reply=wishes.may_reply,
        may_quote=wishes.may_quote,
    )


def composer(
    viewer: Viewer,
    params: PostParams,
    *,
    draft_key: str,
    action: str = "/compose",
    key: str = "",
    poll_draft: Mapping[str, Any] | None = None,
    **more: Any,
) -> Composer:
    """The composer with what was typed so far. ``poll_draft`` is a poll that could not be taken, as typed."""
    audiences = audience_choices(viewer, params)
    asked = poll_draft or _poll_fields(params.poll)
    return Composer(
        action=action,
        draft_key=draft_key,
        text=params.text,
        placeholder=_("What would you like to say?"),
        limit=settings.MAJLIS.article_characters if params.is_article else settings.MAJLIS.post_characters,
        audiences=audiences,
        audience_sentence=next((choice.sentence for choice in audiences if choice.chosen), ""),
        idempotency_key=key or fresh_key(),
        content_warning=params.warning,
        sensitive=params.sensitive,
        language=params.language,
        languages=_languages(params.language),
        poll_options=[*asked["options"], *[""] * (_FEWEST_OPTIONS - len(asked["options"]))],
        poll_multiple=asked["multiple"],
        poll_hide_totals=asked["hide_totals"],
        poll_hours=[
            Choice(str(hours), label, hours == asked["hours"]) for hours, label in POLL_HOURS.items()
        ],
        reply_policies=[Choice(name, label, name == params.may_reply) for name, label in MAY_REPLY.items()],
        title=params.title.strip(),
        **more,
    )


def _languages(chosen: str) -> list[Language]:
    known = [Language(code, name) for code, name in LANGUAGES]
    return known if not chosen or chosen in dict(LANGUAGES) else [*known, Language(chosen, chosen)]


def _poll_fields(poll: PollParams | None) -> dict[str, Any]:
    if poll is None:
        return {"options": [], "multiple": False, "hide_totals": False, "hours": 24}
    hours = int(poll.lasts.total_seconds() // 3600)
    closest = min(POLL_HOURS, key=lambda offered: abs(offered - hours))
    return {
        "options": list(poll.options),
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
        "hours": closest,
    }


# who will see it ----------------------------------------------------------------------------------


def audience_choices(viewer: Viewer, params: PostParams) -> list[AudienceChoice]:
    """Every audience she can choose, each with its number. Three queries, whatever the number of circles."""
    sizes = people.audience_sizes(profile_id=viewer.id)
    chosen = f"circle:{params.circle_id}" if params.circle_id else params.audience
    choices = [
        AudienceChoice(name, str(AUDIENCES[name]), _sentence(name, sizes), name == chosen) for name in CHOICES
    ]
    for circle in people.circles(owner_id=viewer.id) if sizes.circles else ():
        value = f"circle:{circle.id}"
        label = _("Circle: %(name)s") % {"name": circle.name}
        choices.append(AudienceChoice(value, label, _circle_sentence(circle.members), value == chosen))
    if not any(choice.chosen for choice in choices):  # a circle that is gone: the narrowest is the safe side
        choices[-1].chosen = True
    return choices


def _sentence(audience: str, sizes: AudienceSizes) -> str:
    if audience == "public":
        return _public_sentence(sizes.public)
    if audience == "unlisted":
        return _("Everyone can see it, but it stands in no public list.")
    if audience == "followers":
        if not sizes.followers:
            return _("Nobody follows you yet, so only you would see it.")
        return ngettext(
            "%(n)s follower will be able to see it.",
            "%(n)s followers will be able to see it.",
            sizes.followers,
        ) % {"n": formats.number(sizes.followers)}
    if audience == "friends":
        if not sizes.friends:
            return _("Nobody whom you follow follows you back yet, so only you would see it.")
        return ngettext(
            "%(n)s friend will be able to see it: you follow each other.",
            "%(n)s friends will be able to see it: you follow each other.",
            sizes.friends,
        ) % {"n": formats.number(sizes.friends)}
    return _("Only you and those whose @name you write will see it.")


def _public_sentence(members: int) -> str:
    if members >= COUNTED_AT_MOST:
        shown = formats.number(COUNTED_AT_MOST)
        return _("Everyone can see it: more than %(n)s members here, and the web.") % {"n": shown}
    return ngettext(
        "Everyone can see it: %(n)s member here, and the web.",
        "Everyone can see it: %(n)s members here, and the web.",
        members,
    ) % {"n": formats.number(members)}


def _circle_sentence(members: int) -> str:
    if not members:
        return _("Nobody is in this circle yet, so only you would see it.")
    return ngettext(
        "%(n)s person in this circle will be able to see it.",
        "%(n)s people in this circle will be able to see it.",
        members,
    ) % {"n": formats.number(members)}


# what was sent ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A sent form: the post, what to do with it, and what could not be made a post of."""

    params: PostParams
    do: str
    key: str
    due: datetime | None
    draft_id: int | None
    poll_draft: dict[str, Any]
    descriptions: list[Description]
    problem: BadInput | None = None


def sent(request: HttpRequest, viewer: Viewer) -> Sent:
    """What a sent composer says. Nothing is refused here: ``problem`` is what could not be read."""
    form = request.POST
    audience, circle_id = _audience(form.get("audience", ""), viewer)
    photo_ids = chosen_photos(form, "media_ids")
    poll_draft = _typed_poll(form)
    params = PostParams(
        text=form.get("text", ""),
        title=form.get("title", ""),
        audience=audience,
        circle_id=circle_id,
        warning=form.get("content_warning", ""),
        sensitive="sensitive" in form,
        language=form.get("language", "")[:16],
        reply_to_id=number(form.get("reply_to")),
        quote_of_id=number(form.get("quote")),
        photo_ids=tuple(photo_ids),
        cover_id=number(form.get("cover")),
        poll=_poll(poll_draft),
        may_reply=form.get("reply_policy", "") or viewer.preferences.may_reply,
        may_quote=viewer.preferences.may_quote,
    )
    due, problem = _due(form.get("scheduled_at", ""), form.get("time_zone", ""))
    return Sent(
        params=params,
        do=form.get("do", "post"),
        key=form.get("idempotency_key", "")[:255],
        due=due,
        draft_id=number(form.get("draft")),
        poll_draft=poll_draft,
        descriptions=descriptions(form, photo_ids),
        problem=problem,
    )


def with_photos(what: Sent, ids: Sequence[int]) -> Sent:
    """The same with more photos behind those it has."""
    return replace(what, params=replace(what.params, photo_ids=(*what.params.photo_ids, *ids)))


def descriptions(form: QueryDict, ids: Iterable[int]) -> list[Description]:
    """What a form says of some photos."""
    return [_description(form, id_) for id_ in ids]


def _description(form: QueryDict, id_: int) -> Description:
    return Description(id_, alt=form.get(f"alt_{id_}"), focus=FOCUS.get(form.get(f"focus_{id_}", "")))


def number(text: str | None) -> int | None:
    """An id from a form or address; None for what is no number that an id can be."""
    if not text or not (text.isascii() and text.isdecimal() and len(text) <= 19):
        return None
    value = int(text)
    return value if 0 < value < 2**63 else None


def _audience(value: str, viewer: Viewer) -> tuple[str, int | None]:
    if value.startswith("circle:"):
        return "circle", number(value.removeprefix("circle:"))
    return value or viewer.preferences.audience, None


def chosen_photos(form: QueryDict, name: str) -> list[int]:
    """The photos of a field in their order, after "remove" and "one earlier" of the button that was pressed."""
    ids = [id_ for text in form.getlist(name) if (id_ := number(text)) is not None]
    ids = list(dict.fromkeys(ids))
    gone, earlier = number(form.get("remove_media")), number(form.get("move_media"))
    if gone in ids:
        ids.remove(gone)
    if earlier in ids and (place := ids.index(earlier)) > 0:
        ids[place - 1], ids[place] = ids[place], ids[place - 1]
    return ids


def _typed_poll(form: QueryDict) -> dict[str, Any]:
    hours = number(form.get("poll_hours")) or 24
    return {
        "options": [option for option in form.getlist("poll_options") if option.strip()],
        "multiple": "poll_multiple" in form,
        "hide_totals": "poll_hide_totals" in form,
        "hours": hours,
    }


def _poll(typed: Mapping[str, Any]) -> PollParams | None:
    if not typed["options"]:
        return None
    return PollParams(
        options=tuple(typed["options"]),
        lasts=timedelta(hours=min(typed["hours"], 10_000)),
        multiple=typed["multiple"],
        hide_totals=typed["hide_totals"],
    )


def due(text: str, zone: str) -> datetime | None:
    """``datetime-local`` in the time zone that the form named; None for none.

    Raises:
        BadInput: it is no date and time.
    """
    if not text.strip():
        return None
    try:
        return zones.from_input(text, zone=zone)
    except ValueError as error:
        raise BadInput(gettext_lazy("This is no date and time."), field="scheduled_at") from error


def _due(text: str, zone: str) -> tuple[datetime | None, BadInput | None]:
    try:
        return due(text, zone), None
    except BadInput as problem:
        return None, problem


def poll_params(view: PollView, *, at: datetime) -> PollParams:
    """A poll that stands, as the one that would be asked anew."""
    left = (view.ends_at - at) if view.ends_at else timedelta(days=1)
    return PollParams(
        options=tuple(view.options),
        lasts=max(left, timedelta(hours=1)),
        multiple=view.multiple,
        hide_totals=view.hide_totals,
    )
