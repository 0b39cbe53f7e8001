"""Who is told what, live: from lines of the change log to the queues of open streams.

Lines are taken off the hands of whoever applied them and worked on in one thread, which has a database
connection of its own; what comes out is put into the streams' queues on the event loop. A post goes to those
streams whose reader would find it in that feed: the same rules as for the page.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import close_old_connections, connection

from majlis.brands.access import team_door
from majlis.brands.roles import Permission
from majlis.core import changes
from majlis.core.changes import Line
from majlis.core.clock import now
from majlis.core.errors import Refused
from majlis.feeds import listeners, lists, rules
from majlis.feeds.home import home_verdict
from majlis.feeds.hydration import Batch, load_posts
from majlis.feeds.listeners import Listeners
from majlis.feeds.reading import reader_of
from majlis.people import queries as people
from majlis.posts.queries import PostView

log = logging.getLogger(__name__)

LONGEST_QUEUE: Final = 200
REMEMBERED: Final = 4_096
LINES: Final = (
    "post.added", "post.changed", "post.gone", "notification.added", "reader.changed", "token.revoked",
    "session.ended", "profile.changed", "profile.handed_over", "filters.changed", "studio.changed", "team.changed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """What a stream is told: its name and its payload as text; ``channel`` as the app named it."""

    name: str
    payload: str
    channel: tuple[str, ...]


CLOSE: Final = Event("close", "", ())


@dataclass(eq=False, slots=True)
class Stream:
    """One open stream: of an app (several channels may be joined to it) or of a browser."""

    loop: asyncio.AbstractEventLoop
    viewer: int | None
    token_checksum: str = ""
    session_checksum: str = ""
    browser: bool = False
    page: int | None = None  # of a team's screen: the page it is about
    channels: set[tuple[str, ...]] = field(default_factory=set)
    queue: asyncio.Queue[Event] = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))
    told: OrderedDict[int, None] = field(default_factory=OrderedDict)
    sources: tuple[int, ...] = ()
    closed: bool = False

    def put(self, event: Event) -> None:
        """Queue an event, from any thread. A reader too slow for 200 is closed; it will come again."""
        try:
            self.loop.call_soon_threadsafe(self._put, event)
        except RuntimeError:
            self.closed = True  # the loop has ended

    def _put(self, event: Event) -> None:
        if self.closed:
            return
        if event is CLOSE or self.queue.full():
            self.closed = True
            while not self.queue.empty():
                self.queue.get_nowait()
            event = CLOSE
        self.queue.put_nowait(event)

    def remember(self, post_id: int) -> None:
        """This stream was told of the post; it may be told when it goes."""
        self.told[post_id] = None
        if len(self.told) > REMEMBERED:
            self.told.popitem(last=False)


@dataclass(eq=False, slots=True)
class Found:
    """A post as one reader sees it; presented once, however many streams she has open."""

    batch: Batch
    post: PostView
    _payload: str = ""

    def payload(self, present: Callable[..., bytes], *, at: datetime) -> str:
        """Its JSON."""
        self._payload = self._payload or present(self.batch, self.post, at=at).decode()
        return self._payload


@dataclass(frozen=True, slots=True)
class Presenters:
    """How posts and notifications look to apps; handed over by the server, which knows the API."""

    status: Callable[..., bytes]
    notification: Callable[..., bytes | None]


class Broadcaster:
    """Takes lines, finds the streams, fills their queues."""

    def __init__(self, presenters: Presenters) -> None:
        self._present = presenters
        self._streams: set[Stream] = set()
        self._by_source: dict[int, set[Stream]] = {}
        self._lock = threading.Lock()
        self._lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._done: OrderedDict[int, None] = OrderedDict()
        self._thread = threading.Thread(target=self._run, name="streams", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        for kind in LINES:
            changes.listen(kind, self._take)
        self._thread.start()

    def stop(self) -> None:
        """End all streams and the thread."""
        self.hang_up()
        self._lines.put(None)

    def hang_up(self) -> None:
        """End all streams; whoever listened comes again."""
        self._close(self._all())

    def join(self, stream: Stream, *, at: datetime) -> None:
        """Add a stream, or look again at what it wants. May read the database."""
        sources = reader_of(viewer=stream.viewer, at=at).sources if stream.viewer is not None else ()
        with self._lock:
            self._forget_sources(stream)
            if stream.closed:
                return  # left meanwhile
            self._streams.add(stream)
            stream.sources = sources
            for source in sources:
                self._by_source.setdefault(source, set()).add(stream)

    def leave(self, stream: Stream) -> None:
        """Remove a stream."""
        with self._lock:
            stream.closed = True
            self._streams.discard(stream)
            self._forget_sources(stream)

    def _forget_sources(self, stream: Stream) -> None:
        for source in stream.sources:
            streams = self._by_source.get(source, set())
            streams.discard(stream)
            if not streams:
                self._by_source.pop(source, None)
        stream.sources = ()

    def _take(self, line: Line) -> None:
        if self._streams:
            self._lines.put(line)

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            if line.seq in self._done:
                continue  # applied by the process itself and read from the log again
            self._done[line.seq] = None
            if len(self._done) > REMEMBERED:
                self._done.popitem(last=False)
            try:
                close_old_connections()
                getattr(self, "_" + line.kind.replace(".", "_"))(line, now())
            except Exception:
                log.exception("streams were not told of %s %s", line.kind, line.subject)
        connection.close()

    def _all(self) -> list[Stream]:
        with self._lock:
            return list(self._streams)

    # posts ----------------------------------------------------------------------------------------

    def _post_added(self, line: Line, at: datetime) -> None:
        self._tell_of_post(line, at, name="update")

    def _post_changed(self, line: Line, at: datetime) -> None:
        self._tell_of_post(line, at, name="status.update")

    def _tell_of_post(self, line: Line, at: datetime, *, name: str) -> None:
        told = set()
        for stream, channel, found in self._readers_of(line, at):
            told.add(stream)
            stream.remember(found.post.id)
            if stream.browser:
                event = Event("post" if name == "update" else "changed", str(found.post.id), channel)
            else:
                event = Event(name, found.payload(self._present.status, at=at), channel)
            stream.put(event)
        for stream in self._all():
            # told of it before, and it is not for her any more
            if line.subject in stream.told and stream not in told:
                self._tell_gone(stream, line.subject)

    def _readers_of(self, line: Line, at: datetime) -> Iterable[tuple[Stream, tuple[str, ...], Found]]:
        """The streams and channels whose feed has the post, with what their reader sees."""
        tags = [-tag for tag in line.data.get("tags", ())]
        with self._lock:
            near = set().union(*(self._by_source.get(source, ()) for source in (line.data["author"], *tags)))
            near |= {stream for stream in self._streams if line.subject in stream.told}
            others = [stream for stream in self._streams if stream.channels - {("user",)}]
        viewers = {stream.viewer for stream in (*near, *others) if stream.viewer is not None}
        listening = listeners.look_up(post_id=line.subject, viewers=viewers, at=at)
        at_home = _remembering(lambda viewer: _found_at_home(listening, viewer, at))
        among_public = _remembering(lambda viewer: _found_among_public(listening, viewer, at))
        among_direct = _remembering(lambda viewer: _found(listening, viewer, at, context="notifications"))
        on_lists = _found_on_lists(listening, others, at)
        for stream in near:
            if ("user",) in stream.channels and (found := at_home(stream.viewer)):
                yield stream, ("user",), found
        for stream in others:
            for channel in list(stream.channels):
                if channel[0] in ("public", "hashtag"):
                    found = among_public(stream.viewer)
                    if found and _in_channel(channel, found.post):
                        yield stream, channel, found
                elif channel[0] == "direct" and stream.viewer is not None:
                    found = among_direct(stream.viewer)
                    if found and found.post.audience == "mentioned":
                        yield stream, channel, found
                elif channel[0] == "list" and (found := on_lists.get((stream.viewer, int(channel[1])))):
                    yield stream, channel, found

    def _post_gone(self, line: Line, at: datetime) -> None:
        for stream in self._all():
            if line.subject in stream.told:
                self._tell_gone(stream, line.subject)

    def _tell_gone(self, stream: Stream, post_id: int) -> None:
        name = "gone" if stream.browser else "delete"
        for channel in list(stream.channels) or [("user",)]:
            stream.put(Event(name, str(post_id), channel))
        del stream.told[post_id]

    # members --------------------------------------------------------------------------------------

    def _notification_added(self, line: Line, at: datetime) -> None:
        own = [s for s in self._all() if s.viewer == line.data["recipient"] and s.page is None]
        if not own:
            return
        payload = self._present.notification(line.subject, viewer=line.data["recipient"], at=at)
        if payload is None:
            return
        for stream in own:
            if stream.browser:
                stream.put(Event("notification", str(line.subject), ("user",)))
                continue
            for channel in stream.channels & {("user",), ("user", "notification")} if payload else ():
                stream.put(Event("notification", payload.decode(), channel))

    def _reader_changed(self, line: Line, at: datetime) -> None:
        for stream in self._all():
            if stream.viewer == line.subject:
                self.join(stream, at=at)

    def _filters_changed(self, line: Line, at: datetime) -> None:
        for stream in self._all():
            if stream.viewer == line.subject and not stream.browser:
                stream.put(Event("filters_changed", "", ("user",)))

    def _profile_changed(self, line: Line, at: datetime) -> None:
        """A withdrawn profile hears nothing more."""
        self._close(s for s in self._all() if s.page == line.subject and not _on_team(s))
        own = [stream for stream in self._all() if stream.viewer == line.subject]
        if own and ((found := people.profile(line.subject)) is None or found.withdrawn):
            self._close(own)

    def _profile_handed_over(self, line: Line, at: datetime) -> None:
        """It is another login's: nobody hears it as its own any more."""
        self._close(stream for stream in self._all() if stream.viewer == line.subject)

    # teams ----------------------------------------------------------------------------------------

    def _studio_changed(self, line: Line, at: datetime) -> None:
        for stream in self._all():
            if stream.page == line.subject:
                stream.put(Event("studio", line.data["what"], ("studio",)))

    def _team_changed(self, line: Line, at: datetime) -> None:
        """Somebody's role ended or changed: she hears no more than her role, from now on."""
        about = [stream for stream in self._all() if stream.page == line.subject]
        member = line.data["member"]
        self._close(stream for stream in about if stream.viewer == member and not _on_team(stream))

    def _token_revoked(self, line: Line, at: datetime) -> None:
        self._close(stream for stream in self._all() if stream.token_checksum == line.data["checksum"])

    def _session_ended(self, line: Line, at: datetime) -> None:
        self._close(stream for stream in self._all() if stream.session_checksum == line.data["checksum"])

    def _close(self, streams: Iterable[Stream]) -> None:
        for stream in streams:
            stream.put(CLOSE)


def _on_team(stream: Stream) -> bool:
    """Whether the reader of a team's screen may still see it."""
    try:
        require_team(page_id=stream.page or 0, by=stream.viewer or 0)
    except Refused:
        return False
    return True


def require_team(*, page_id: int, by: int) -> None:
    """Go on only for who may hear what happens to a page.

    Raises:
        NotThere: there is no such page, or she is not on its team.
    """
    team_door(page_id=page_id, by=by, needs=Permission.READ)


def _remembering(find: Callable[[Any], Found | None]) -> Callable[[Any], Found | None]:
    known: dict[Any, Found | None] = {}

    def found(viewer: int | None) -> Found | None:
        if viewer not in known:
            known[viewer] = find(viewer)
        return known[viewer]

    return found


def _found_at_home(listening: Listeners, viewer: int, at: datetime) -> Found | None:
    post_id = listening.post_id
    verdict, batch = home_verdict(viewer=viewer, post_id=post_id, at=at, sees=listening.sees(viewer))
    return Found(batch, batch.posts[post_id]) if isinstance(verdict, rules.Why) else None


def _found_among_public(listening: Listeners, viewer: int | None, at: datetime) -> Found | None:
    found = _found(listening, viewer, at, context="public")
    public = found is not None and found.post.audience == "public" and not found.post.boost_of_id
    return found if public else None


def _found(listening: Listeners, viewer: int | None, at: datetime, *, context: str) -> Found | None:
    batch = listening.batch(viewer=viewer, at=at, context=context)
    post = batch.posts.get(listening.post_id)
    if post is None:
        return None
    reader = reader_of(viewer=viewer, at=at) if viewer is not None else None
    if rules.about_people(batch.people.get(post.author_id), reader, viewer=viewer):
        return None
    verdict = rules.withheld_now(rules.Why.PUBLIC, post, reader, viewer=viewer, at=at)
    return Found(batch, post) if isinstance(verdict, rules.Why) else None


def _found_on_lists(
    listening: Listeners, streams: Iterable[Stream], at: datetime
) -> dict[tuple[int | None, int], Found]:
    """By reader and list: the post where it stands in a list that is listened to."""
    wanted = {(s.viewer, int(c[1])) for s in streams for c in list(s.channels) if c[0] == "list"}
    post = load_posts([listening.post_id]).get(listening.post_id) if wanted else None
    if post is None:
        return {}
    about = {post.author_id, post.reply_to_author_id or post.author_id}
    parts = people.lists_with(list_ids={list_id for _viewer, list_id in wanted}, profile_ids=about)
    found: dict[tuple[int | None, int], Found] = {}
    for viewer, list_id in wanted:
        part = parts.get(list_id)
        if viewer is None or part is None or part.owner_id != viewer or post.author_id not in part.members:
            continue
        batch = listening.batch(viewer=viewer, at=at, context="home")
        verdict = lists.list_verdict(
            post_id=post.id, batch=batch, viewer=viewer, replies=part.replies, members=part.members, at=at
        )
        if isinstance(verdict, rules.Why):
            found[viewer, list_id] = Found(batch, post)
    return found


def _in_channel(channel: tuple[str, ...], post: PostView) -> bool:
    kind = channel[0]
    if kind == "hashtag":
        return any(tag.name == channel[1] for tag in post.tags)
    if kind == "public":
        answers_others = post.reply_to_id is not None and post.reply_to_author_id != post.author_id
        return not answers_others and (channel[-1] != "media" or bool(post.photos))
    return False


def kinds_of_lines() -> dict[str, Any]:
    """The kinds of lines and who works on them, for a test that none is missing."""
    return {kind: getattr(Broadcaster, "_" + kind.replace(".", "_"), None) for kind in LINES}
