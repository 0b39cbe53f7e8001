"""From an archive to posts: everything is read and made ready first, then written in one transaction.

Invariants. Nobody is notified, nothing enters a home feed, and names in an archive mention nobody here but
those whom an export of this house says, by full address, that a direct post was sent to.
Until the one transaction at the end commits, nothing of the archive can be seen: photos hang on nothing
(and are swept within a day, should the machine fall over), posts stand in a file without a name. A post
that was taken before is never taken twice: ``(author, network, id there)`` is unique.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from majlis.core import addresses, sql
from majlis.core.errors import BadInput, Refused
from majlis.core.ids import id_at
from majlis.core.text.length import first_graphemes, post_length
from majlis.media import actions as media
from majlis.networks import disk, pages
from majlis.networks.archives import detect
from majlis.networks.archives.container import Container
from majlis.networks.archives.opening import open_container
from majlis.networks.archives.options import Options
from majlis.networks.archives.records import (
    ArchiveDraft,
    ArchiveFilter,
    ArchiveFollow,
    ArchiveNote,
    ArchivePage,
    ArchivePoll,
    ArchivePost,
    ArchiveProfile,
    ArchiveReference,
    Skipped,
)
from majlis.networks.archives.report import Report, note
from majlis.networks.contacts import Contacts
from majlis.networks.drafts import Drafts
from majlis.networks.keeping import Keeping
from majlis.networks.photos import Photos
from majlis.networks.staging import Stage
from majlis.people.actions import count_posts
from majlis.people.queries import profile
from majlis.posts.actions.bulk import WholePoll, WholePost, make_tags, write_posts
from majlis.posts.composing import (
    LONGEST_OPTION,
    LONGEST_TITLE,
    LONGEST_WARNING,
    MOST_OPTIONS,
    MOST_PHOTOS,
    PostParams,
    compose,
)
from majlis.posts.models import Permit

_T = TypeVar("_T")
Progress = Callable[[int, int], None]
"""Told how many posts are ready of how many; of 0 while the archive is read and nobody knows yet."""
_TOLD_EVERY: Final = 500
AUDIENCES: Final = ("public", "unlisted", "followers", "friends", "mentioned")
"""From the widest to the narrowest; ``mentioned`` is for the author and whom it was sent to, chosen as the widest
for the author alone."""
_WIDE: Final = ("", "public", "unlisted")
"""What may be chosen so that circles and direct posts keep their readers, who need not follow her."""
CHUNK: Final = 1_000
_SOON: Final = timedelta(days=1)  # clocks differ; what is further ahead is a mistake
_KNOWN: Final = """
    SELECT p.imported_id, p.id, p.thread_id FROM posts_post p
    WHERE p.author_id = %(by)s AND p.imported_from = %(network)s
"""
_HERE: Final = """
    SELECT p.id, p.thread_id FROM posts_post p
    WHERE p.author_id = %(by)s AND p.deleted_at IS NULL AND p.boost_of_id IS NULL
"""
_TAKEN_IDS: Final = "SELECT p.id FROM posts_post p WHERE p.id = ANY(%(ids)s)"


class Outcome(msgspec.Struct, kw_only=True):
    """What came of an import: the network, the report, people perhaps found again, and the profile there
    (name and bio are offered, never taken by themselves)."""

    network: str
    report: Report
    posts: int = 0
    found: list[str] = []
    name: str = ""
    bio: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Whose, from where, and as the member chose. ``audience``: the widest; empty: as in the archive."""

    profile_id: int
    path: Path
    at: datetime
    name: str | None = None
    audience: str = ""
    boosts: bool = False


def take(request: Request, *, progress: Progress = lambda done, total: None) -> Outcome:
    """Read the archive, make everything ready, then write all of it or nothing.

    Raises:
        UnreadableArchive, ArchiveTooLarge: it is none, or too much; nothing was done.
        NotNow: the disk is full, may not be read or written, or the machine cannot do it now; nothing is left of it.
        BadInput: there is no such audience.
    """
    if request.audience and request.audience not in AUDIENCES:
        raise BadInput(_("This audience is not known."), field="audience", code="unknown_audience")
    uploads: list[int] = []
    try:
        with open_container(request.path, name=request.name) as container:
            return _Import(request, container, uploads, progress).run()
    except OSError as error:
        _throw_away(uploads, by=request.profile_id)
        raise disk.not_taken(error) from error
    except BaseException:
        _throw_away(uploads, by=request.profile_id)
        raise


def _throw_away(uploads: Sequence[int], *, by: int) -> None:
    for photo_id in uploads:
        try:
            media.discard(by=by, photo_id=photo_id)
        except Refused:  # hangs on a post, or is gone: not waste
            continue


@dataclass(slots=True)
class _Entry:
    """What is remembered of a post while the archive is read: where it stands, and what it answers."""

    made_at: datetime
    source_id: str
    answers: str | None
    place: int
    more: int  # further posts that its album may need
    id: int = 0


class _Import:
    """One run."""

    def __init__(
        self, request: Request, container: Container, uploads: list[int], progress: Progress
    ) -> None:
        self._request = request
        self._container = container
        self._progress = progress
        self._network = detect.detect(container).network
        self._report = Report()
        self._contacts = Contacts()
        self._keeping = Keeping(by=request.profile_id, report=self._report)
        self._photos = Photos(
            container, by=request.profile_id, uploads=uploads, report=self._report, at=request.at
        )
        self._profile: ArchiveProfile | None = None
        self._page: ArchivePage | None = None
        rows = sql.rows(_KNOWN, by=request.profile_id, network=self._network)
        self._known: dict[str, tuple[int, int]] = {row[0]: (row[1], row[2]) for row in rows}
        self._here = self._own_posts() if self._network == "mastodon" else {}
        self._threads: dict[str, tuple[int, int]] = {}
        self._circle_of: dict[int, str] = {}
        self._written = 0
        self._tags: dict[str, str] = {}

    def run(self) -> Outcome:
        folder = settings.MAJLIS.data_dir / "imports"
        with (
            Stage(ArchivePost, folder=folder) as read,
            Stage(WholePost, folder=folder) as ready,
            self._drafts_in(folder) as drafts,
        ):
            entries = self._read(read, drafts)
            self._photos.expect(drafts.pictures())
            self._number(entries)
            self._prepare(entries, read, ready)
            drafts.prepare(self._photos)
            make_tags(self._tags, at=self._request.at)
            with transaction.atomic():
                self._write(ready, drafts)
        return self._outcome()

    def _drafts_in(self, folder: Path) -> Drafts:
        by = self._request.profile_id
        return Drafts(by=by, report=self._report, audience=self._no_wider, folder=folder)

    def _own_posts(self) -> dict[str, tuple[int, int]]:
        """Her posts of this house by the addresses that an export of hers gives them."""
        who = profile(self._request.profile_id)
        own = addresses.absolute(f"/users/{who.handle}/statuses/") if who else ""
        return {f"{own}{id_}": (id_, thread) for id_, thread in sql.rows(_HERE, by=self._request.profile_id)}

    # reading

    def _read(self, read: Stage[ArchivePost], drafts: Drafts) -> list[_Entry]:
        entries: list[_Entry] = []
        options = Options(boosts="text" if self._request.boosts else "skip")
        for record in detect.read(self._container, options=options):
            match record:
                case ArchivePost():
                    if self._wanted(record):
                        self._photos.expect(record.pictures)
                        place = read.add(record)
                        entries.append(
                            _Entry(
                                made_at=record.created_at,
                                source_id=record.source_id,
                                answers=record.reply_to_source_id,
                                place=place,
                                more=len(record.media) // MOST_PHOTOS,
                            )
                        )
                        if len(entries) % _TOLD_EVERY == 0:
                            self._progress(len(entries), 0)
                case ArchiveFollow():
                    self._contacts.follows.append(record)
                    self._report.add(record)
                case ArchiveReference():
                    self._contacts.references.append(record)
                    self._report.add(record)
                case ArchiveFilter() | ArchiveNote():
                    self._keeping.add(record)
                case ArchiveDraft():
                    drafts.add(record)
                case ArchivePage():
                    self._page = record
                case ArchiveProfile():
                    self._profile = record
                    self._report.add(record)
                case Skipped():
                    self._report.skip(record)
        entries.sort(key=lambda entry: entry.made_at)
        return entries

    def _wanted(self, post: ArchivePost) -> bool:
        code = ""
        if post.source_id[:255] in self._known:
            code = "imported_before"
        elif post.source_id in self._here:
            code = "here_already"
        elif post.created_at > self._request.at + _SOON:
            code = "future_date"
        if code:
            self._report.skip(Skipped(what=post.source_id, code=code))
        return not code

    def _number(self, entries: Sequence[_Entry]) -> None:
        """Ids of their dates, rising with them, that nobody has."""
        last = 0
        for chunk in _chunks(iter(entries)):
            wanted = [id_at(entry.made_at) for entry in chunk]
            taken = set(sql.column(_TAKEN_IDS, ids=wanted))
            for entry, given in zip(chunk, wanted, strict=True):
                while given <= last or given in taken:
                    given = max(given, last) + 1 + (1 if given in taken else 0)
                entry.id, last = given, given + entry.more

    # making ready

    def _prepare(self, entries: Sequence[_Entry], read: Stage[ArchivePost], ready: Stage[WholePost]) -> None:
        threads = self._threads = {**self._here, **self._known}
        for done, entry in enumerate(entries):
            if done % 50 == 0:
                self._progress(done, len(entries))
            post = read.get(entry.place)
            parent = threads.get(entry.answers[:255]) if entry.answers else None
            for whole in self._whole(post, entry.id, parent):
                ready.add(whole)
                self._tags.update(whole.tags)
                self._written += 1
            threads[post.source_id[:255]] = (entry.id, parent[1] if parent else entry.id)
        self._progress(len(entries), len(entries))

    def _whole(self, post: ArchivePost, post_id: int, parent: tuple[int, int] | None) -> Iterator[WholePost]:
        """The post; an album of more than sixteen photos goes on in answers to it."""
        photos = self._photos.taken(post.media, of=post.source_id)
        poll = self._poll(post)
        text, warning = self._trimmed(post)
        quoted = self._threads.get(post.quotes[:255]) if post.quotes else None
        if not (text or photos or post.poll or quoted) and post.quotes:
            text = post.quotes  # of somebody else's post, the address alone
        title = self._title(post)
        cover = self._photos.one(post.cover, of=post.source_id) if post.cover else None
        text = self._photos.with_pictures(text, post.pictures, post_id=post_id, of=post.source_id)
        if not (text or photos or poll or quoted):
            self._report.skip(Skipped(what=post.source_id, code="nothing_left"))
            return
        params = PostParams(
            text=text,
            title=title,
            warning=warning,
            photo_ids=tuple(photos[:MOST_PHOTOS]),
            language=post.language or "",
        )
        recipients = self._recipients(post)
        try:
            composed = compose(
                params if text or photos else _as_text(params),
                by=self._request.profile_id,
                imported=True,
                recipients=recipients,
            )
        except BadInput:
            self._report.skip(Skipped(what=post.source_id, code="not_composed"))
            return
        if len(composed.mentioned) < len(recipients):
            note(self._report, "recipients_not_here", post.source_id)
        self._report.add(msgspec.structs.replace(post, media=post.media[: len(photos)]))
        whole = WholePost(
            id=post_id,
            author_id=self._request.profile_id,
            made_at=post.created_at,
            kind="article" if title else "note",
            title=composed.title,
            cover_id=cover,
            may_reply=post.may_reply if post.may_reply in Permit.values else "nobody",
            may_quote=post.may_quote if post.may_quote in Permit.values else "nobody",
            text=composed.text if text else "",
            html="".join((composed.html,)) if text else "",  # a plain str again, which can be staged
            search=composed.search if text or title or warning else "",
            warning=composed.warning,
            sensitive=post.sensitive or bool(warning and photos),
            language=composed.language,
            audience=self._audience(post, post_id),
            reply_to_id=parent[0] if parent else None,
            reply_to_author_id=self._request.profile_id if parent else None,
            thread_id=parent[1] if parent else post_id,
            quote_of_id=quoted[0] if quoted else None,
            imported_from=post.source,
            imported_id=post.source_id[:255],
            tags=dict(composed.tags),
            mentioned=composed.mentioned,
            photo_ids=photos[:MOST_PHOTOS],
            poll=poll,
        )
        yield whole
        yield from self._rest_of_album(whole, photos[MOST_PHOTOS:])

    def _rest_of_album(self, first: WholePost, photos: Sequence[int]) -> Iterator[WholePost]:
        for number, start in enumerate(range(0, len(photos), MOST_PHOTOS), 2):
            note(self._report, "album_continued", first.imported_id)
            yield WholePost(
                id=first.id + number - 1,
                author_id=first.author_id,
                made_at=first.made_at,
                audience=first.audience,
                sensitive=first.sensitive,
                warning=first.warning,
                reply_to_id=first.id,
                reply_to_author_id=first.author_id,
                thread_id=first.thread_id,
                mentioned=first.mentioned,
                imported_from=first.imported_from,
                imported_id=f"{first.imported_id[:245]}#{number}",
                photo_ids=photos[start : start + MOST_PHOTOS],
            )

    def _audience(self, post: ArchivePost, post_id: int) -> str:
        """As in the archive, and never wider than the member chose."""
        if post.audience == "circle" and not post.circle:
            return "mentioned"
        audience = self._no_wider(post.audience)
        if audience == "circle":
            self._circle_of[post_id] = post.circle
        return audience

    def _no_wider(self, audience: str) -> str:
        """Who is in a circle need not follow her: chosen followers or fewer, its posts are for herself alone."""
        if audience == "circle":
            return audience if self._request.audience in _WIDE else "mentioned"
        return max(audience, self._request.audience or AUDIENCES[0], key=AUDIENCES.index)

    def _recipients(self, post: ArchivePost) -> tuple[str, ...]:
        return post.recipients if self._request.audience in _WIDE else ()

    def _trimmed(self, post: ArchivePost) -> tuple[str, str]:
        text, warning = post.text, post.content_warning.strip()
        if len(warning) > LONGEST_WARNING:
            warning = warning[: LONGEST_WARNING - 1] + "…"
            note(self._report, "warning_shortened", post.source_id)
        longest = settings.MAJLIS.article_characters - LONGEST_WARNING
        if len(text) > longest and post_length(text) > longest:
            text = first_graphemes(text, longest - 1) + "…"
            note(self._report, "text_shortened", post.source_id)
        return text, warning

    def _title(self, post: ArchivePost) -> str:
        if len(post.title) <= LONGEST_TITLE:
            return post.title
        note(self._report, "title_shortened", post.source_id)
        return post.title[: LONGEST_TITLE - 1] + "…"

    def _poll(self, post: ArchivePost) -> WholePoll | None:
        if post.poll is None:
            return None
        options = [each.title.strip()[:LONGEST_OPTION] for each in post.poll.options]
        if not 2 <= len(options) <= MOST_OPTIONS or not all(options) or len(set(options)) < len(options):
            self._report.skip(Skipped(what=post.source_id, code="poll_shape"))
            return None
        return _ended(post.poll, options, made_at=post.created_at, at=self._request.at)

    # writing

    def _write(self, ready: Stage[WholePost], drafts: Drafts) -> None:
        counted = 0
        by, report, at = self._request.profile_id, self._report, self._request.at
        wanted = {*self._circle_of.values(), *drafts.circles()}
        circles = self._contacts.circles(wanted, by=by, report=report, at=at)
        for found in _chunks(iter(ready)):
            chunk = [self._settled(post, circles) for post in found]
            write_posts(chunk, at=self._request.at, count_authors=False)
            counted += sum(post.audience != "mentioned" for post in chunk)
        self._contacts.apply(by=by, report=report, at=at)
        self._keeping.write(own=self._threads, at=at)
        if self._page:
            pages.take_in(self._page, by=by, report=report, at=at)
        drafts.write(circles=circles, own=self._threads)
        # last, as it locks the counters until the commit
        count_posts(profile_id=self._request.profile_id, change=counted)

    def _settled(self, post: WholePost, circles: Mapping[str, int]) -> WholePost:
        """With what is known only once all posts were read: its circle, and pictures that no other carries."""
        if post.kind == "article" and (left := self._photos.left_on(post.id)):
            room = max(MOST_PHOTOS - len(post.photo_ids), 0)
            media.hold(photo_ids=left[room:], owner=post.author_id)
            post = replace(post, photo_ids=[*post.photo_ids, *left[:room]])
        if post.audience != "circle":
            return post
        circle = circles.get(self._circle_of.get(post.id, ""))
        return replace(post, circle_id=circle, audience="circle" if circle else "mentioned")

    def _outcome(self) -> Outcome:
        profile = self._profile
        return Outcome(
            network=self._network,
            report=self._report,
            posts=self._written,
            found=[str(id_) for id_ in self._contacts.found_again(by=self._request.profile_id)],
            name=profile.name if profile else "",
            bio=profile.bio if profile else "",
        )


def _ended(poll: ArchivePoll, options: list[str], *, made_at: datetime, at: datetime) -> WholePoll:
    """A poll of an archive takes no votes any more: it ends when it ended there, now at the latest."""
    ends = min(poll.ends_at or made_at + timedelta(days=1), at)
    votes = [min(max(each.votes or 0, 0), 2**31 - 1) for each in poll.options]
    voters = poll.voters if poll.voters is not None else sum(votes)
    return WholePoll(
        options=options,
        votes=votes,
        voters=min(max(voters, 0), 2**31 - 1),
        multiple=poll.multiple,
        ends_at=ends,
        closed_at=ends,
    )


def _as_text(params: PostParams) -> PostParams:
    """A poll without words: composed as its own mark, which is not kept."""
    return PostParams(text="?", warning=params.warning, language=params.language)


def _chunks(items: Iterator[_T]) -> Iterator[list[_T]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk
