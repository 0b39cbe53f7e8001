"""From what was typed to what is stored: checks, entities, HTML, language, search words. No writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from majlis.core import addresses, sql
from majlis.core.errors import BadInput
from majlis.core.text import html as text_html
from majlis.core.text.arabic import tokens_for_index
from majlis.core.text.clean import clean_text
from majlis.core.text.entities import Entity, Hashtag, Mention, find_entities, hashtag_key
from majlis.core.text.language import detect_language
from majlis.core.text.length import post_length
from majlis.core.text.links import Link
from majlis.posts.models import Audience, Permit

LONGEST_WARNING: Final = 500
LONGEST_TITLE: Final = 300
LONGEST_ALT: Final = 1500
MOST_PHOTOS: Final = 16
MOST_OPTIONS: Final = 8
LONGEST_OPTION: Final = 100
SHORTEST_POLL: Final = timedelta(minutes=5)
LONGEST_POLL: Final = timedelta(days=31)
MOST_MENTIONS: Final = 50
"""People; each gets a notification, so a post to hundreds would be a way to shout at strangers."""
MOST_TAGS: Final = 60
"""Distinct ones. More would be listed under none of the rest, so the writer is told instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollParams:
    """A question as it was asked. ``lasts`` from now; the options in order."""

    options: tuple[str, ...]
    lasts: timedelta
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostParams:
    """What a member gives to publish or edit a post. The keywords of every way in (page, app, import)."""

    text: str = ""
    audience: str = "public"
    circle_id: int | None = None
    title: str = ""
    warning: str = ""
    sensitive: bool = False
    language: str = ""
    reply_to_id: int | None = None
    quote_of_id: int | None = None
    photo_ids: tuple[int, ...] = ()
    cover_id: int | None = None
    poll: PollParams | None = None
    may_reply: str = "everyone"
    may_quote: str = "everyone"

    @property
    def is_article(self) -> bool:
        """A title makes an article: Markdown, cover, reading time."""
        return bool(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Checked and rendered; ``mentioned`` are profile ids, ``tags`` maps key to spelling."""

    text: str
    html: str
    warning: str
    title: str
    language: str
    mentioned: tuple[int, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    search: str = ""


def compose(
    params: PostParams, *, by: int, imported: bool = False, recipients: Sequence[str] = ()
) -> Composed:
    """Check the parameters and render them.

    ``recipients`` are whom an imported post was sent to, as ``name@host``: they alone are mentioned.

    Raises:
        BadInput: with a sentence that says which part cannot be taken and why.
    """
    text, warning, title = (
        clean_text(params.text).strip(),
        clean_text(params.warning).strip(),
        clean_text(params.title).strip(),
    )
    _check_words(params, text=text, warning=warning, title=title, imported=imported)
    if params.poll:
        _check_poll(params.poll)
    entities = find_entities(text)
    # in an archive @name is somebody of another network: a mention would let a stranger of that name see it
    silent = imported and not recipients
    asked = () if silent else [entity for entity in entities if isinstance(entity, Mention)]
    found = _resolve(asked, by=by)
    named = [row.id for row in found.values()]
    if recipients:
        named = [row.id for row in _find(map(_parted, recipients[:MOST_MENTIONS]), by=by).values()]
        found = {key: row for key, row in found.items() if row.id in named}
    mentioned = tuple(dict.fromkeys(id_ for id_ in named if id_ != by))
    if len(mentioned) > MOST_MENTIONS:
        raise BadInput(_("A post mentions 50 people at the most."), field="text", code="too_many_mentions")
    tags = _tags(entities, imported=imported)
    return Composed(
        text=text,
        html=_render(text, article=params.is_article, found=found),
        warning=warning,
        title=title,
        language=(params.language or detect_language(text) or "")[:16],
        mentioned=mentioned,
        tags=tags,
        links=tuple(entity.url for entity in entities if isinstance(entity, Link)),
        search=search_words(title, warning, text),
    )


def _tags(entities: Sequence[Entity], *, imported: bool) -> dict[str, str]:
    """Key → spelling, the first that stands in the text. What was written elsewhere is not refused for its tags:
    the first of them are listed."""
    tags: dict[str, str] = {}
    for entity in entities:
        if isinstance(entity, Hashtag):
            tags.setdefault(entity.key, entity.name)
    if len(tags) > MOST_TAGS and not imported:
        raise BadInput(
            _("A post has 60 different hashtags at the most."), field="text", code="too_many_hashtags"
        )
    return dict(islice(tags.items(), MOST_TAGS))


def search_words(*texts: str) -> str:
    """Stemmed words for ``to_tsvector('simple', …)``."""
    return " ".join(tokens_for_index(" ".join(filter(None, texts))[:20_000]))


@dataclass(frozen=True, slots=True)
class _Mentioned:
    id: int
    acct: str
    handle: str


_FIND: Final = """
    SELECT p.id, p.handle, p.domain FROM people_profile p
    WHERE (upper(p.handle), upper(p.domain)) IN (
        SELECT upper(h), upper(d) FROM unnest(%(handles)s::text[], %(domains)s::text[]) AS t(h, d))
      AND p.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM people_block b WHERE b.blocker_id = p.id AND b.blocked_id = %(by)s)
    LIMIT %(most)s
"""


def _resolve(mentions: Sequence[Mention], *, by: int) -> dict[str, _Mentioned]:
    """Mention key → profile, for those that exist, are shown, and do not block the writer."""
    keys = {m.key: _name(m.handle, m.domain or "") for m in mentions}
    by_name = _find(keys.values(), by=by)
    return {key: by_name[name] for key, name in keys.items() if name in by_name}


def _find(names: Iterable[tuple[str, str]], *, by: int) -> dict[tuple[str, str], _Mentioned]:
    """Name and domain (none for this house) → profile. In the order asked."""
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    rows = sql.rows(
        _FIND,
        by=by,
        handles=[h for h, _d in wanted],
        domains=[d for _h, d in wanted],
        most=MOST_MENTIONS + 2,  # herself and one too many: that many are refused, so no more need be known
    )
    found = {
        (handle.lower(), domain.lower()): _Mentioned(id_, f"{handle}@{domain}" if domain else handle, handle)
        for id_, handle, domain in rows
    }
    return {name: found[name] for name in wanted if name in found}


def _parted(acct: str) -> tuple[str, str]:
    handle, _at, domain = acct.partition("@")
    return _name(handle, domain)


def _name(handle: str, domain: str) -> tuple[str, str]:
    own = domain.lower() == settings.MAJLIS.host.lower()
    return handle.lower(), "" if own else domain.lower()


def _render(text: str, *, article: bool, found: Mapping[str, _Mentioned]) -> str:
    links = {
        key: text_html.MentionLink(url=addresses.profile_url(who.acct), name=who.handle)
        for key, who in found.items()
    }
    if article:
        own_media = (addresses.media_url(""),)
        return str(
            text_html.article_html(text, mentions=links, tag_url=addresses.tag_url, image_prefixes=own_media)
        )
    return str(text_html.post_html(text, mentions=links, tag_url=addresses.tag_url))


_AUDIENCES: Final = frozenset(Audience.values)  # once: Django makes the list anew at every look
_PERMITS: Final = frozenset(Permit.values)


def _check_words(params: PostParams, *, text: str, warning: str, title: str, imported: bool) -> None:
    if not (text or params.photo_ids or params.poll or params.quote_of_id):
        raise BadInput(
            _("There is nothing in this post yet: write something or add a photo."),
            field="text",
            code="empty",
        )
    longest = settings.MAJLIS.article_characters if (title or imported) else settings.MAJLIS.post_characters
    if (over := post_length(text) + post_length(warning) - longest) > 0:
        raise BadInput(
            ngettext_lazy(
                "This is %(over)d character too long.", "This is %(over)d characters too long.", over
            )
            % {"over": over},
            field="text",
            code="too_long",
        )
    if len(warning) > LONGEST_WARNING:
        raise BadInput(_("The content warning is too long."), field="warning", code="too_long")
    if len(title) > LONGEST_TITLE:
        raise BadInput(_("The title is too long."), field="title", code="too_long")
    if params.audience not in _AUDIENCES:
        raise BadInput(_("This audience is not known."), field="audience", code="unknown_audience")
    if (params.audience == Audience.CIRCLE) != (params.circle_id is not None):
        raise BadInput(_("Choose the circle that may see this post."), field="circle", code="no_circle")
    if params.may_reply not in _PERMITS or params.may_quote not in _PERMITS:
        raise BadInput(
            _("This reply or quote policy is not known."), field="may_reply", code="unknown_policy"
        )
    if len(params.photo_ids) > MOST_PHOTOS:
        raise BadInput(_("A post takes 16 photos at the most."), field="photos", code="too_many_photos")
    if params.photo_ids and params.poll:
        raise BadInput(_("A post takes photos or a poll, not both."), field="poll", code="photos_and_poll")


def _check_poll(poll: PollParams) -> None:
    options = [clean_text(option).strip() for option in poll.options]
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise BadInput(_("A poll takes two to eight options."), field="poll", code="poll_options")
    if not all(options) or len(set(options)) < len(options):
        raise BadInput(
            _("The options of a poll must differ and none may be empty."), field="poll", code="poll_options"
        )
    if max(post_length(option) for option in options) > LONGEST_OPTION:
        raise BadInput(
            _("An option of a poll takes 100 characters at the most."), field="poll", code="poll_options"
        )
    if not SHORTEST_POLL <= poll.lasts <= LONGEST_POLL:
        raise BadInput(_("A poll lasts from five minutes to 31 days."), field="poll", code="poll_time")


def as_json(params: PostParams) -> dict[str, Any]:
    """Parameters in a form that JSON can keep, for drafts and scheduled posts."""
    kept = {name: getattr(params, name) for name in PostParams.__dataclass_fields__}
    kept["photo_ids"] = [str(id_) for id_ in params.photo_ids]
    for name in ("circle_id", "reply_to_id", "quote_of_id", "cover_id"):
        kept[name] = None if kept[name] is None else str(kept[name])
    if params.poll:
        kept["poll"] = {
            "options": list(params.poll.options),
            "seconds": int(params.poll.lasts.total_seconds()),
            "multiple": params.poll.multiple,
            "hide_totals": params.poll.hide_totals,
        }
    return kept


def from_json(kept: Mapping[str, Any]) -> PostParams:
    """The inverse of :func:`as_json`."""
    values = dict(kept)
    values["photo_ids"] = tuple(int(id_) for id_ in values["photo_ids"])
    for name in ("circle_id", "reply_to_id", "quote_of_id", "cover_id"):
        values[name] = None if values[name] is None else int(values[name])
    if values.get("poll"):
        poll = values["poll"]
        values["poll"] = PollParams(
            options=tuple(poll["options"]),
            lasts=timedelta(seconds=poll["seconds"]),
            multiple=poll["multiple"],
            hide_totals=poll["hide_totals"],
        )
    return PostParams(**values)


def tag_key(name: str) -> str:
    """The one key of all spellings of a hashtag, with or without its sign."""
    return hashtag_key(name.strip().lstrip("#＃"))


def due_soon(due: datetime, *, at: datetime) -> bool:
    """Mastodon's rule: what is due within five minutes cannot be scheduled."""
    return due < at + timedelta(minutes=5)
