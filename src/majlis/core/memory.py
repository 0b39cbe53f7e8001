"""What a process remembers of the database, and how it is kept from remembering what is no longer so."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Generic, TypeVar

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
