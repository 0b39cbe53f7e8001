"""What a server process remembers so that a warm feed costs no query: rings, posts, people, readers.

Everything here can be rebuilt from the database and is kept true by the change log (``feeds/listening.py``).
A process that does not follow the log (command line, worker, tests of single actions) has ``live`` false
and remembers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Generic, TypeVar

from majlis.feeds.filtering import Filters
from majlis.feeds.rings import Ids, Rings
from majlis.people.views import ProfileView, ReadingRules
from majlis.posts.queries import Marks, PostView

Key = TypeVar("Key")
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """A dictionary that is told when something is stale, also while it is being read from the database.

    Who loads takes :meth:`mark` before the query and gives it to :meth:`store`: what was invalidated in
    between is not stored. When full, the older half goes.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: dict[Key, Value] = {}
        self._clock = 0
        self._stale: dict[Key, int] = {}
        self._all_stale = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """The value, if it is remembered."""
        return self._values.get(key)

    def values(self) -> list[Value]:
        """All values."""
        return list(self._values.values())

    def mark(self) -> int:
        """The present moment of this cache, to be taken before a query."""
        return self._clock

    def store(self, key: Key, value: Value, mark: int) -> None:
        """Remember, unless it was invalidated after ``mark``."""
        if mark < self._all_stale or self._stale.get(key, 0) > mark:
            return
        if len(self._values) >= self._capacity:
            self._shrink()
        self._values[key] = value

    def _shrink(self) -> None:
        for key in list(self._values)[: self._capacity // 2]:
            self._values.pop(key, None)

    def invalidate(self, key: Key) -> None:
        """Forget one value."""
        self._clock += 1
        if len(self._stale) >= self._capacity:
            self._stale.clear()
            self._all_stale = self._clock
        self._stale[key] = self._clock
        self._values.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        self._clock += 1
        self._all_stale = self._clock
        self._stale.clear()
        self._values.clear()

    def load(self, keys: Collection[Key], read: Callable[[list[Key]], dict[Key, Value]]) -> dict[Key, Value]:
        """The values of all keys that exist; those not remembered come from ``read`` in one call."""
        get = self._values.get
        found = {key: value for key in keys if (value := get(key)) is not None}
        if len(found) < len(keys):
            missing = [key for key in keys if key not in found]
            mark = self._clock
            for key, value in read(missing).items():
                found[key] = value
                self.store(key, value, mark)
        return found


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
        self.readers: Cache[int, Reader] = Cache(5_000)

    def forget(self) -> None:
        """Forget everything but the rings' place; they are loaded anew."""
        self.posts.clear()
        self.people.clear()
        self.readers.clear()
        self.moment += 1


MEMORY: Final = Memory()
"""The memory of this process."""


def source_of_tag(tag_id: int) -> int:
    """The ring of a hashtag: its id, negated, so that it meets no profile's."""
    return -tag_id
