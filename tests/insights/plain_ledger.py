"""The ledger said plainly: sets and lists, and every rule in one sentence. The oracle of the histories test."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from majlis.insights.kinds import State


@dataclass
class Reader:
    """A member, as the model knows her."""

    id: int
    friend: bool
    follows: bool = False
    muted: bool = False
    arabic_only: bool = False
    filters: bool = False
    here: bool = True
    measured: bool = True
    shown: list[int] = field(default_factory=list)


@dataclass
class Kept:
    """A post, whom it was for, and what is known of each."""

    id: int
    appeared_at: datetime
    language: str
    word: bool
    friends_only: bool
    eligible: frozenset[int]
    unmeasured: set[int]
    known: dict[int, State] = field(default_factory=dict)
    held: set[int] = field(default_factory=set)  # from whom an experiment withholds it now
    share: float = 0.0  # and from which share of all

    def note(self, reader: Reader, state: State) -> None:
        if reader.id in self.eligible - self.unmeasured and reader.measured:
            self.known[reader.id] = min(state, self.known.get(reader.id, state))

    def states(self) -> Counter[State]:
        return Counter(
            State.NOT_MEASURED if who in self.unmeasured else self.known.get(who, State.NOT_OPENED)
            for who in self.eligible
        )


@dataclass
class Model:
    """The page's posts and its readers."""

    readers: dict[int, Reader]
    posts: dict[int, Kept] = field(default_factory=dict)

    def publish(self, post_id: int, at: datetime, *, language: str, word: bool, friends_only: bool) -> None:
        eligible = {
            r.id for r in self.readers.values() if r.follows and r.here and (r.friend or not friends_only)
        }
        unmeasured = {id_ for id_ in eligible if not self.readers[id_].measured}
        self.posts[post_id] = Kept(
            post_id, at, language, word, friends_only, frozenset(eligible), unmeasured
        )  # fmt: skip

    def open(self, reader: Reader, *, limit: int) -> list[int]:
        """Home, newest first: what she is shown; of the rest, why not."""
        shown: list[int] = []
        for post in self.posts.values():
            post.note(reader, State.NOT_SO_FAR)
        for post in sorted(self.posts.values(), key=lambda each: -each.id):
            if not reader.follows or (post.friends_only and not reader.friend):
                continue
            if len(shown) == limit:
                break
            if reader.measured and reader.id in post.held:
                post.note(reader, State.HELD_OUT)
            elif reader.muted:
                post.note(reader, State.MUTED)
            elif reader.arabic_only and post.language != "ar":
                post.note(reader, State.LANGUAGE)
            elif reader.filters and post.word:
                post.note(reader, State.FILTERED)
            else:
                post.note(reader, State.SERVED)
                shown.append(post.id)
        reader.shown += shown
        return shown

    def stop_measuring(self, reader: Reader) -> None:
        if not reader.measured:
            return
        reader.measured = False
        for post in self.posts.values():
            if reader.id in post.eligible:
                post.unmeasured.add(reader.id)
                post.known.pop(reader.id, None)
