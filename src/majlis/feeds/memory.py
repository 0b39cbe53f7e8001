"""What a server process remembers so that a warm feed costs no query: rings, posts, people, readers.

Everything here can be rebuilt from the database and is kept true by the change log (``feeds/listening.py``).
A process that does not follow the log (command line, worker, tests of single actions) has ``live`` false
and remembers nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from majlis.core.memory import Cache
from majlis.feeds.filtering import Filters
from majlis.feeds.rings import Ids, Rings
from majlis.people.views import ProfileView, ReadingRules, Viewer
from majlis.posts.queries import Marks, PostView


@dataclass(slots=True)
class Reader:
    """What is remembered of one member as a reader. Thrown away whole when anything of it changes.

    ``allowed`` keeps the answers of the visibility rule for posts whose audience is not plain.
    """

    rules: ReadingRules
    hidden: frozenset[int]
    tags: frozenset[int]
    filters: Filters
    sources: tuple[int, ...]
    rows: Ids
    rings_version: int
    marks: dict[int, Marks] = field(default_factory=dict)
    allowed: dict[int, bool] = field(default_factory=dict)
    # hers in draws of lots (``withholding``), asked for when a withheld post meets her first; 0: takes no part
    number: int | None = None
    # moved by every invalidation, so that what was read before one is not remembered after it
    clock: int = 0

    def expired(self, at: datetime) -> bool:
        """Whether a mute or a filter in it has ended since."""
        ends = [moment for moment in (self.rules.mutes_end, self.filters.next_end) if moment]
        return bool(ends) and min(ends) <= at


MOST_MARKS: Final = 2_000


class Memory:
    """All that one process remembers.

    ``moment`` moves after every line of the change log that touched any of it: while it stands still,
    what was made from the memory would come out the same again.
    """

    def __init__(self) -> None:
        self.live = False
        self.rings = Rings()
        self.rings_version = 0
        self.moment = 0
        self.posts: Cache[int, PostView] = Cache(50_000)
        self.people: Cache[int, ProfileView] = Cache(50_000)
        self.viewers: Cache[int, Viewer] = Cache(20_000)
        self.readers: Cache[int, Reader] = Cache(5_000)

    def forget(self) -> None:
        """Forget everything but the rings' place; they are loaded anew."""
        self.posts.clear()
        self.people.clear()
        self.viewers.clear()
        self.readers.clear()
        self.moment += 1


MEMORY: Final = Memory()
"""The memory of this process."""


def source_of_tag(tag_id: int) -> int:
    """The ring of a hashtag: its id, negated, so that it meets no profile's."""
    return -tag_id
