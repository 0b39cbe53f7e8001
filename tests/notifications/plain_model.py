"""The rules of notifications said plainly, over sets and dicts, for the test that compares histories."""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN = frozenset({"public", "unlisted"})
ONE_WAY = ("mention", "reply", "quote", "status")
ASKED_FOR = frozenset({"status", "poll", "update", "quoted_update"})


@dataclass
class Kept:
    """A post as the model knows it."""

    id: int
    author: int
    audience: str
    mentioned: frozenset[int]
    thread: int
    answered: int | None = None
    quoted: int | None = None
    gone: bool = False


@dataclass
class Told:
    """A notification. ``cause``: the boost or the edited post."""

    recipient: int
    kind: str
    actor: int
    post: int | None = None
    cause: int | None = None
    held: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        return (self.recipient, self.kind, self.actor, self.post, self.cause)


Shown = tuple[str, int, int | None, bool]


@dataclass
class Model:
    """Everything that decides what a member is told."""

    posts: dict[int, Kept] = field(default_factory=dict)
    boosts: dict[tuple[int, int], int] = field(default_factory=dict)  # (who, post) -> the boost
    reactions: set[tuple[int, int]] = field(default_factory=set)
    follows: dict[tuple[int, int], bool] = field(default_factory=dict)  # -> wants to hear of every post
    blocks: set[tuple[int, int]] = field(default_factory=set)
    mutes: dict[tuple[int, int], bool] = field(default_factory=dict)  # -> notifications too
    quiet: set[tuple[int, int]] = field(default_factory=set)  # (who, thread)
    off: dict[int, set[str]] = field(default_factory=dict)
    strangers: dict[int, str] = field(default_factory=dict)  # for_not_following
    accepted: set[tuple[int, int]] = field(default_factory=set)
    told: dict[tuple[object, ...], Told] = field(default_factory=dict)

    def sees(self, viewer: int, post_id: int) -> bool:
        post = self.posts[post_id]
        if post.gone:
            return False
        if post.author == viewer:
            return True
        if (post.author, viewer) in self.blocks:
            return False
        if post.audience in PLAIN or viewer in post.mentioned:
            return True
        follows = (viewer, post.author) in self.follows
        back = (post.author, viewer) in self.follows
        return (post.audience == "followers" and follows) or (post.audience == "friends" and follows and back)

    def parted(self, one: int, other: int) -> bool:
        blocked = (one, other) in self.blocks or (other, one) in self.blocks
        return blocked or self.mutes.get((one, other), False)

    def tell(self, new: Told) -> bool:
        """Tell, unless a rule says no; whether anything was written."""
        who, post = new.recipient, self.posts[new.post] if new.post else None
        if who == new.actor or self.parted(who, new.actor) or new.kind in self.off.get(who, ()):
            return False
        if post and (not self.sees(who, post.id) or (who, post.thread) in self.quiet):
            return False
        if new.kind == "quoted_update" and new.cause and not self.sees(who, new.cause):
            return False
        if new.kind in ONE_WAY and any(
            (who, kind, new.actor, new.post, None) in self.told for kind in ONE_WAY
        ):
            return False
        ruling = self.ruling(new, post)
        if ruling == "drop" or new.key in self.told:
            return False
        new.held = ruling == "filter"
        self.told[new.key] = new
        return True

    def ruling(self, new: Told, post: Kept | None) -> str:
        pair = (new.recipient, new.actor)
        if new.kind in ASKED_FOR or pair in self.accepted or pair in self.follows:
            return "accept"
        rulings = {self.strangers.get(new.recipient, "accept")}
        if post and post.audience in {"mentioned", "friends"} and new.kind in ONE_WAY:
            spoken_to = any(
                own.author == new.recipient
                and own.thread == post.thread
                and own.id < post.id
                and own.audience == "mentioned"
                and new.actor in own.mentioned
                and not own.gone
                for own in self.posts.values()
            )
            rulings |= set() if spoken_to else {"filter"}
        return "drop" if "drop" in rulings else "filter" if "filter" in rulings else "accept"

    def tell_first(self, who: int, actor: int, post: int, kinds: list[str]) -> None:
        """Of several ways the first that is not switched off; when that one is dropped, none."""
        wanted = [kind for kind in kinds if kind not in self.off.get(who, ())]
        if wanted:
            self.tell(Told(who, wanted[0], actor, post))

    def take_back(
        self, kind: str, actor: int, *, recipient: int | None = None, post: int | None = None
    ) -> None:
        for key, each in list(self.told.items()):
            fits = each.kind == kind and each.actor == actor and each.post == post
            if fits and recipient in (None, each.recipient):
                del self.told[key]

    # what happens

    def publish(self, post: Kept) -> None:
        self.posts[post.id] = post
        ways: dict[int, list[str]] = {}
        if post.answered:
            ways.setdefault(self.posts[post.answered].author, []).append("reply")
        if post.quoted:
            ways.setdefault(self.posts[post.quoted].author, []).append("quote")
        for who in post.mentioned:
            ways.setdefault(who, []).append("mention")
        for who, kinds in ways.items():
            self.tell_first(who, post.author, post.id, kinds)
        answers_others = post.answered and self.posts[post.answered].author != post.author
        if post.audience == "mentioned" or answers_others:
            return
        for (follower, followed), listens in self.follows.items():
            if followed == post.author and listens:
                self.tell(Told(follower, "status", post.author, post.id))

    def edit(self, post_id: int, audience: str, mentioned: frozenset[int]) -> None:
        post = self.posts[post_id]
        before, post.audience, post.mentioned = post.mentioned, audience, mentioned
        for who in before - mentioned:
            self.take_back("mention", post.author, recipient=who, post=post_id)
        for who in mentioned - before:
            self.tell(Told(who, "mention", post.author, post_id))
        for who, boosted in self.boosts:
            if boosted == post_id:
                self.tell_anew(Told(who, "update", post.author, post_id))
        for quoting in self.posts.values():
            if quoting.quoted == post_id and not quoting.gone:
                self.tell_anew(Told(quoting.author, "quoted_update", post.author, quoting.id, post_id))

    def tell_anew(self, new: Told) -> None:
        self.told.pop(new.key, None)
        self.tell(new)

    def block(self, one: int, other: int) -> None:
        self.blocks.add((one, other))
        for pair in ((one, other), (other, one)):
            self.follows.pop(pair, None)
        self.accepted.discard((one, other))
        for key, each in list(self.told.items()):
            if {each.recipient, each.actor} == {one, other}:
                del self.told[key]

    def shown(self, viewer: int) -> list[Shown]:
        found = [each for each in self.told.values() if each.recipient == viewer and self._is_shown(each)]
        return sorted((each.kind, each.actor, each.post, each.held) for each in found)  # type: ignore[type-var]

    def _is_shown(self, each: Told) -> bool:
        if self.parted(each.recipient, each.actor):
            return False
        if each.kind == "quoted_update" and each.cause and not self.sees(each.recipient, each.cause):
            return False
        return each.post is None or self.sees(each.recipient, each.post)
