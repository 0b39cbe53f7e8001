"""One activity of a Mastodon outbox as a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from majlis.core.text.html import absolute_link, plain
from majlis.networks.archives import cleaning, fields, moments
from majlis.networks.archives.layout import Layout
from majlis.networks.archives.mastodon_media import MediaReader
from majlis.networks.archives.mastodon_tables import address
from majlis.networks.archives.options import Options
from majlis.networks.archives.records import (
    ArchiveMedia,
    ArchiveMention,
    ArchivePicture,
    ArchivePoll,
    ArchivePollOption,
    ArchivePost,
    Audience,
    Fields,
    Record,
    Skipped,
)

LONGEST_ID: Final = 255
_PUBLIC: Final = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_POSTS: Final = frozenset({"Note", "Question", "Article"})
# What an export of this house says beside the addresses of a post that goes to nobody by name.
_AUDIENCE: Final = "majlis:audience"
_NARROW: Final[dict[str, Audience]] = {"friends": "friends", "circle": "circle"}


def html_text(html: str, notes: set[str]) -> str:
    """What a reader sees of the HTML, as the text of a post."""
    return cleaning.clean(plain(html), notes)


class PostReader:
    """Reads activities one by one; knows the owner from the actor, or from the outbox's first activity."""

    def __init__(self, layout: Layout, *, actor: Fields, options: Options) -> None:
        self._media = MediaReader(layout)
        self._options = options
        self._actor = fields.text(actor, "id")
        self._followers = fields.text(actor, "followers")
        self._seen: set[str] = set()

    def read(self, activity: Fields, *, where: str) -> Iterator[Record]:
        """The post of one Create, after a line for each photo that is not taken; or one line."""
        self._actor = self._actor or fields.text(activity, "actor")
        kind = fields.text(activity, "type")
        post = fields.mapping(activity, "object")
        what = fields.text(post, "id") or fields.text(activity, "id") or where
        if kind == "Announce":
            yield from self._boost(activity, what)
        elif kind != "Create" or fields.text(post, "type") not in _POSTS:
            yield Skipped(what=what, code="not_a_post")
        elif {fields.text(activity, "actor"), fields.text(post, "attributedTo")} != {self._actor}:
            yield Skipped(what=what, code="not_own")
        elif absolute_link(fields.text(post, "id") or "") is None or len(what) > LONGEST_ID:
            yield Skipped(what=where, code="no_id")
        elif what in self._seen:
            yield Skipped(what=what, code="repeated")
        else:
            self._seen.add(what)
            yield from self._post(post, what)

    def _boost(self, activity: Fields, what: str) -> Iterator[Record]:
        url = absolute_link(fields.text(activity, "object") or "")
        created_at = moments.iso(fields.text(activity, "published"))
        if self._options.boosts == "skip" or url is None or created_at is None or what in self._seen:
            yield Skipped(what=what, code="boost_of_other")
            return
        self._seen.add(what)
        yield ArchivePost(
            source="mastodon",
            source_id=what,
            created_at=created_at,
            text=url,
            audience=self._audience(activity),
            kind="boost_text",
        )

    def _post(self, post: Fields, source_id: str) -> Iterator[Record]:
        notes: set[str] = set()
        created_at = moments.iso(fields.text(post, "published"))
        if created_at is None:
            yield Skipped(what=source_id, code="no_date")
            return
        media: list[ArchiveMedia] = []
        for found in self._media.attached(post, of=source_id, notes=notes):
            if isinstance(found, Skipped):
                yield found
            else:
                media.append(found)
        html, language = _content(post)
        title = cleaning.clean(fields.text(post, "name") or "", notes) if _is_article(post) else ""
        text = _typed(post, notes, article=bool(title)) or html_text(html, notes)
        pictures: list[ArchivePicture] = []
        for shown in self._media.pictures(post, of=source_id, notes=notes) if title else ():
            if isinstance(shown, Skipped):
                yield shown
            else:
                pictures.append(shown)
        poll = _poll(post, notes)
        if not text and not media and poll is None and "quoteUrl" not in post:
            yield Skipped(what=source_id, code="nothing_left")
            return
        own, other = self._answered(post, notes)
        audience = self._audience(post)
        yield ArchivePost(
            source="mastodon",
            source_id=source_id,
            created_at=created_at,
            text=text,
            content_warning=html_text(fields.text(post, "summary") or "", notes),
            sensitive=fields.truth(post, "sensitive"),
            language=language,
            audience=audience,
            recipients=tuple(_recipients(post)) if audience == "mentioned" else (),
            circle=cleaning.clean(fields.text(post, "majlis:circle") or "", notes),
            title=title,
            quotes=absolute_link(fields.text(post, "quoteUrl", "quote", "quoteUri") or ""),
            cover=self._media.cover(post, notes=notes) if title else None,
            pictures=tuple(pictures),
            may_reply=fields.text(post, "majlis:mayReply") or "everyone",
            may_quote=fields.text(post, "majlis:mayQuote") or "everyone",
            reply_to_source_id=own,
            reply_to_other=other,
            media=tuple(media),
            poll=poll,
            hashtags=tuple(name.removeprefix("#") for name, _url in _tags(post, "Hashtag")),
            mentions=tuple(ArchiveMention(text=name, url=url) for name, url in _tags(post, "Mention")),
            url=absolute_link(fields.text(post, "url") or source_id),
            notes=tuple(sorted(notes)),
        )

    def _audience(self, post: Fields) -> Audience:
        """Mastodon's reading of the addresses: public in ``to`` or ``cc``, followers, or those named.

        What went to nobody by address may have been for friends or a circle; nothing else is believed,
        so that no mark makes a post wider than its addresses do.
        """
        to, cc = set(fields.texts(post, "to")), set(fields.texts(post, "cc"))
        if to & _PUBLIC:
            return "public"
        if cc & _PUBLIC:
            return "unlisted"
        followers = {self._followers, f"{self._actor}/followers"}
        if (to | cc) & followers:
            return "followers"
        return _NARROW.get(fields.text(post, _AUDIENCE) or "", "mentioned")

    def _answered(self, post: Fields, notes: set[str]) -> tuple[str | None, str | None]:
        """The own post that is answered, or the address of somebody else's."""
        answered = fields.text(post, "inReplyTo") or fields.text(fields.mapping(post, "inReplyTo"), "id")
        url = absolute_link(answered or "")
        if url is None:
            return None, None
        if self._actor and url.startswith(self._actor.rstrip("/") + "/"):
            return url, None
        notes.add("reply_to_other")
        return None, url


def _recipients(post: Fields) -> Iterator[str]:
    """Whom it was sent to, by full address. Of this house and its like alone: elsewhere a bare name is somebody else."""
    yield from filter(None, map(address, fields.texts(post, "majlis:recipients")))


def _content(post: Fields) -> tuple[str, str | None]:
    """The HTML and its language: the one whose text is the content, or the only one there is."""
    content = fields.text(post, "content")
    by_language = {
        key: value for key, value in fields.mapping(post, "contentMap").items() if isinstance(value, str)
    }
    if content is None:
        content = next(iter(by_language.values()), "")
    found = [code for code, text in by_language.items() if text == content or len(by_language) == 1]
    return content, cleaning.language(found[0]) if found else None


def _is_article(post: Fields) -> bool:
    """By its type; a poll under an article is a Question, and only this house has such."""
    return fields.text(post, "type") == "Article" or _AUDIENCE in post


def _typed(post: Fields, notes: set[str], *, article: bool) -> str:
    """The text as it was typed, where the archive has it; empty otherwise."""
    source = fields.mapping(post, "source")
    wanted = "text/markdown" if article else "text/plain"
    if fields.text(source, "mediaType") != wanted:
        return ""
    return cleaning.clean(fields.text(source, "content") or "", notes)


def _tags(post: Fields, kind: str) -> Iterator[tuple[str, str | None]]:
    for each in fields.mappings(post, "tag"):
        name = fields.text(each, "name")
        if fields.text(each, "type") == kind and name:
            yield cleaning.clean(name, set()), absolute_link(fields.text(each, "href") or "")


def _poll(post: Fields, notes: set[str]) -> ArchivePoll | None:
    if fields.text(post, "type") != "Question":
        return None
    key = "anyOf" if "anyOf" in post else "oneOf"
    options = tuple(
        ArchivePollOption(
            title=cleaning.clean(fields.text(each, "name") or "", notes),
            votes=fields.number(fields.mapping(each, "replies"), "totalItems"),
        )
        for each in fields.mappings(post, key)
    )
    if len(options) < 2:
        return None
    notes.add("poll_closed")
    return ArchivePoll(
        options=options,
        multiple=key == "anyOf",
        ends_at=moments.iso(fields.text(post, "endTime", "closed")),
        voters=fields.number(post, "votersCount"),
    )
