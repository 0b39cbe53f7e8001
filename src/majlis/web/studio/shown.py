"""What an entry says, as it would look: for reviewers, for comparing, for those who only read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from majlis.core import addresses
from majlis.core.text.html import article_html, post_html
from majlis.media import queries as media
from majlis.studio.content import Content
from majlis.studio.entries import Entry
from majlis.web import photos
from majlis.web.cards import AUDIENCES, Media
from majlis.web.faces import Shown


@dataclass(slots=True)
class PartShown(Shown):
    """A further part of a thread."""

    html: SafeString | str
    warning: str
    photos: list[Media]
    language: str


@dataclass(slots=True)
class ContentShown(Shown):
    """A post that is planned. Mentions are not looked up for it."""

    title: str
    warning: str
    html: SafeString | str
    article: bool
    photos: list[Media]
    poll: list[str]
    thread: list[PartShown]
    comment: SafeString | str
    audience: str | Promise
    language: str


def shown(content: Content, pictures: Mapping[int, Media]) -> ContentShown:
    """One post; ``pictures`` as :func:`pictures_of` gives them."""
    params = content.params
    return ContentShown(
        title=params.title.strip(),
        warning=params.warning,
        html=_html(params.text, article=params.is_article),
        article=params.is_article,
        photos=_photos(Content(params=params), pictures),
        poll=list(params.poll.options) if params.poll else [],
        thread=[
            PartShown(
                html=_html(part.text),
                warning=part.warning,
                photos=[pictures[id_] for id_ in part.photo_ids if id_ in pictures],
                language=part.language,
            )
            for part in content.thread
        ],
        comment=_html(content.first_comment) if content.first_comment else "",
        audience=AUDIENCES.get(params.audience, params.audience),
        language=params.language,
    )


def _photos(content: Content, pictures: Mapping[int, Media]) -> list[Media]:
    """Those of the post, its cover too."""
    return [pictures[id_] for id_ in content.photo_ids if id_ in pictures]


def _html(text: str, *, article: bool = False) -> Any:
    if article:
        own = (addresses.media_url(""),)
        return article_html(text, mentions={}, tag_url=addresses.tag_url, image_prefixes=own)
    return post_html(text, mentions={}, tag_url=addresses.tag_url)


def pictures_of(contents: Iterable[Content], *, page_id: int) -> dict[int, Media]:
    """The pictures that posts of a page show. One query, none where there are none."""
    ids = list(dict.fromkeys(id_ for content in contents for id_ in content.photo_ids))
    return {id_: photos.shown(photo) for id_, photo in media.photos(photo_ids=ids, owner=page_id).items()}


def shown_each(entries: Iterable[Entry], *, page_id: int) -> dict[int, ContentShown]:
    """Several entries of a page by id. One query."""
    listed = list(entries)
    pictures = pictures_of((entry.content for entry in listed), page_id=page_id)
    return {entry.id: shown(entry.content, pictures) for entry in listed}
