"""What events make members be told, and what they take back. wiring.py says which event comes here.

Each runs in the transaction of its event. What concerns one member, or those a post names, is written at
once, in one statement; what may concern thousands (followers who listen, voters, boosters) becomes a job.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, Protocol

from majlis.accounts import events as accounts
from majlis.core import jobs, json, sql
from majlis.core.clock import now
from majlis.notifications.statements import TELLING
from majlis.notifications.telling import Wanted, gone, tell, tell_of_house
from majlis.people import events as people
from majlis.people import queries as people_queries
from majlis.posts import actions as post_actions
from majlis.posts import events as posts

LISTENERS_JOB: Final = "notifications.tell_listeners"
EDIT_JOB: Final = "notifications.tell_of_edit"
VOTERS_JOB: Final = "notifications.tell_voters"
FORGET_JOB: Final = "notifications.forget_post"


def of_post(event: posts.PostPublished) -> None:
    """A post: whom it answers, quotes and mentions, at once; whoever listens to its author, by a job."""
    if event.imported:
        return
    if event.boost_of_id is not None and event.boost_of_author_id is not None:
        boosted = Wanted(event.boost_of_author_id, "reblog", event.boost_of_id)
        tell([boosted], actor=event.author_id, at=event.at, cause_id=event.post_id)
        return
    tell(list(_addressed(event)), actor=event.author_id, at=event.at)
    answers_others = event.reply_to_id is not None and event.reply_to_author_id != event.author_id
    if event.listened_to and not answers_others:
        jobs.enqueue(LISTENERS_JOB, {"post_id": event.post_id})


def _addressed(event: posts.PostPublished) -> Iterable[Wanted]:
    """In the order of what matters more: of several ways for one recipient the first is told."""
    if event.reply_to_author_id and event.reply_to_author_id != event.author_id:
        yield Wanted(event.reply_to_author_id, "reply", event.post_id)
    if event.quote_of_author_id and event.quote_of_author_id != event.author_id:
        yield Wanted(event.quote_of_author_id, "quote", event.post_id)
    yield from _mentioned(event.mentioned, event.post_id)


def _mentioned(profiles: Collection[int], post_id: int) -> Iterable[Wanted]:
    return (Wanted(profile, "mention", post_id) for profile in profiles)


def _is(name: str, **parameters: int) -> bool:
    row = sql.one(TELLING[name], **parameters)
    return bool(row and row[0])


def of_edit(event: posts.PostEdited) -> None:
    """An edit: whom it mentions now and did not before; who is no longer; boosters and quoters, by a job."""
    before, after = set(event.mentioned_before), set(event.mentioned)
    if removed := before - after:
        _withdraw(event.post_id, event.author_id, "mention", list(removed))
    fresh = [each for each in event.mentioned if each not in before]
    tell(list(_mentioned(fresh, event.post_id)), actor=event.author_id, at=event.at)
    if _is("is_shared", post=event.post_id):
        jobs.enqueue(EDIT_JOB, {"post_id": event.post_id}, key=str(event.post_id))


def of_deletion(event: posts.PostDeleted) -> None:
    """A boost taken back was never told. About a deleted post nothing is shown; the rows go when the
    deletion can no longer be undone."""
    if event.boost_of_id is not None:
        _withdraw(event.boost_of_id, event.author_id, "reblog")
    elif _is("was_told", post=event.post_id):
        later = event.at + post_actions.UNDO_WITHIN + timedelta(minutes=1)
        jobs.enqueue(FORGET_JOB, {"post_id": event.post_id}, run_at=later)


def of_reaction(event: posts.Reacted) -> None:
    """A reaction; another one instead of it changes what stands and is not told again."""
    detail = {"reaction": event.kind}
    if event.before:
        sql.execute(
            TELLING["another_reaction"],
            recipient=event.author_id,
            actor=event.profile_id,
            post=event.post_id,
            detail=json.encode(detail).decode(),
        )
    else:
        wanted = Wanted(event.author_id, "favourite", event.post_id)
        tell([wanted], actor=event.profile_id, at=event.at, detail=detail)


def of_reaction_withdrawn(event: posts.ReactionWithdrawn) -> None:
    """No reaction any more."""
    _withdraw(event.post_id, event.profile_id, "favourite", [event.author_id])


def _withdraw(post_id: int, actor: int, kind: str, recipients: list[int] | None = None) -> None:
    removed = sql.rows(
        TELLING["withdraw_of_post"], post=post_id, actor=actor, kind=kind, recipients=recipients
    )
    gone(removed, at=now())


def of_poll(event: posts.PollClosed) -> None:
    """A poll has ended: its author at once, the voters by a job."""
    tell_of_house([event.author_id], kind="poll", at=event.at, post_id=event.post_id)
    if event.voters:
        jobs.enqueue(VOTERS_JOB, {"post_id": event.post_id})


def of_follow(event: people.Followed) -> None:
    """A follower; one whom she let in herself is no news to her."""
    _withdraw_follow(event.follower, event.followed, "follow_request")
    if not event.asked:
        tell([Wanted(event.followed, "follow")], actor=event.follower, at=event.at)


def of_follow_request(event: people.FollowRequested) -> None:
    """Somebody asks to follow."""
    tell([Wanted(event.followed, "follow_request")], actor=event.follower, at=event.at)


def of_request_ended(event: people.FollowRequestWithdrawn | people.FollowRefused) -> None:
    """Taken back, or refused."""
    _withdraw_follow(event.follower, event.followed, "follow_request")


def of_unfollow(event: people.Unfollowed) -> None:
    """No follower any more."""
    _withdraw_follow(event.follower, event.followed, "follow")


def _withdraw_follow(follower: int, followed: int, kind: str) -> None:
    removed = sql.rows(TELLING["withdraw_of_follow"], follower=follower, followed=followed, kind=kind)
    gone(removed, at=now())


def of_block(event: people.Blocked) -> None:
    """Neither is shown what the other did, nor will be when the block is lifted."""
    removed = sql.rows(TELLING["withdraw_between"], one=event.blocker, other=event.blocked)
    sql.execute(TELLING["end_acceptance"], blocker=event.blocker, blocked=event.blocked)
    gone(removed, at=event.at)


def of_login_opened(event: accounts.LoginOpened) -> None:
    """Somebody joined: the operators are told, of the login's first profile."""
    for profile_id in people_queries.all_ids_of_login(user_id=event.user_id)[:1]:
        operators = [each for each in sql.column(TELLING["operators"]) if each != profile_id]
        tell_of_house(operators, kind="admin.sign_up", actor=profile_id, at=event.at)


class ReportMade(Protocol):
    """As safety, a layer above, tells it."""

    @property
    def report_id(self) -> int: ...
    @property
    def reporter(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class DecisionMade(Protocol):
    """As safety, a layer above, tells it."""

    @property
    def decision_id(self) -> int: ...
    @property
    def about(self) -> int: ...
    @property
    def at(self) -> datetime: ...


def of_report(event: ReportMade) -> None:
    """Somebody reported: the operators are told."""
    operators = sql.column(TELLING["operators"])
    tell_of_house(operators, kind="admin.report", actor=event.reporter, cause_id=event.report_id, at=event.at)


def of_decision(event: DecisionMade) -> None:
    """The operator decided something about a member, who is told."""
    tell_of_house([event.about], kind="moderation_warning", cause_id=event.decision_id, at=event.at)


class AboutReview(Protocol):
    """As brands, a layer above, tells it."""

    @property
    def page_id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def review_id(self) -> int: ...
    @property
    def author_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


class ReviewWritten(AboutReview, Protocol):
    """With those who answer in the page's name."""

    @property
    def tell(self) -> tuple[int, ...]: ...


def of_review(event: ReviewWritten) -> None:
    """A member reviewed a page: those are told who answer in its name."""
    wanted = [Wanted(each, "review") for each in event.tell]
    detail = {"page": event.handle}
    tell(wanted, actor=event.author_id, at=event.at, cause_id=event.review_id, detail=detail)


def of_review_answer(event: AboutReview) -> None:
    """The page answered: the review's author is told."""
    wanted = [Wanted(event.author_id, "review_answer")]
    detail = {"page": event.handle}
    tell(wanted, actor=event.page_id, at=event.at, cause_id=event.review_id, detail=detail)


class ReviewGone(Protocol):
    """As brands tells it."""

    @property
    def review_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


def of_review_gone(event: ReviewGone) -> None:
    """Taken back or taken down."""
    _withdraw_of_cause(event.review_id, ["review", "review_answer"], at=event.at)


def _withdraw_of_cause(cause: int, kinds: list[str], *, at: datetime) -> None:
    gone(sql.rows(TELLING["withdraw_of_cause"], cause=cause, kinds=kinds), at=at)


class InvitedToTeam(Protocol):
    """As brands tells it."""

    @property
    def page_id(self) -> int: ...
    @property
    def invitation_id(self) -> int: ...
    @property
    def invited(self) -> int: ...
    @property
    def at(self) -> datetime: ...


def of_invitation(event: InvitedToTeam) -> None:
    """A page asks somebody into its team."""
    wanted = [Wanted(event.invited, "team_invitation")]
    tell(wanted, actor=event.page_id, at=event.at, cause_id=event.invitation_id)


class InvitationEnded(Protocol):
    """As brands tells it."""

    @property
    def invitation_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


def of_invitation_ended(event: InvitationEnded) -> None:
    """It was answered, or taken back."""
    _withdraw_of_cause(event.invitation_id, ["team_invitation"], at=event.at)


class DomainLost(Protocol):
    """As brands tells it."""

    @property
    def page_id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def verification_id(self) -> int: ...
    @property
    def tell(self) -> tuple[int, ...]: ...
    @property
    def at(self) -> datetime: ...


def of_domain_lost(event: DomainLost) -> None:
    """A domain no longer proves that it is the page's: those are told who look after that."""
    _withdraw_of_cause(event.verification_id, ["domain_lost"], at=event.at)  # of the time before
    tell_of_house(
        event.tell,
        kind="domain_lost",
        actor=event.page_id,
        cause_id=event.verification_id,
        detail={"page": event.handle},
        at=event.at,
    )


_ASKED: Final = "approval_asked"
_ANSWERS: Final = ("approval_given", "changes_wanted")


class AboutApproval(Protocol):
    """As studio, a layer above, tells it."""

    @property
    def page_id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def entry_id(self) -> int: ...
    @property
    def by(self) -> int: ...
    @property
    def tell(self) -> tuple[int, ...]: ...
    @property
    def at(self) -> datetime: ...


class ApprovalAnswered(AboutApproval, Protocol):
    """With what the answer was."""

    @property
    def approved(self) -> bool: ...


class ApprovalEnded(Protocol):
    """As studio tells it."""

    @property
    def entry_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


def of_approval_asked(event: AboutApproval) -> None:
    """Somebody of a team asks for a yes: those are told who may give it. Earlier answers are past."""
    _withdraw_of_cause(event.entry_id, [_ASKED, *_ANSWERS], at=event.at)
    _tell_of_approval(event, _ASKED)


def of_approval_answered(event: ApprovalAnswered) -> None:
    """Answered: whoever asked is told, and nobody is asked any more."""
    _withdraw_of_cause(event.entry_id, [_ASKED, *_ANSWERS], at=event.at)
    _tell_of_approval(event, _ANSWERS[0] if event.approved else _ANSWERS[1])


def of_approval_ended(event: ApprovalEnded) -> None:
    """Nobody is asked any more."""
    _withdraw_of_cause(event.entry_id, [_ASKED], at=event.at)


def _tell_of_approval(event: AboutApproval, kind: str) -> None:
    """Work of a team is told whatever one thinks of each other's posts: only the switches keep it away."""
    detail = {"page": event.handle}
    tell_of_house(event.tell, kind=kind, actor=event.by, cause_id=event.entry_id, detail=detail, at=event.at)


class CareCalls(Protocol):
    """As care, a layer above, tells it."""

    @property
    def page_id(self) -> int: ...
    @property
    def handle(self) -> str: ...
    @property
    def conversation_id(self) -> int: ...
    @property
    def why(self) -> str: ...
    @property
    def tell(self) -> tuple[int, ...]: ...
    @property
    def at(self) -> datetime: ...


def of_care(event: CareCalls) -> None:
    """Somebody complains, a conversation is given to somebody, or its answer is due or late: those are told who should act.
    What was told of it before in this way stands no longer."""
    kind = f"care_{event.why}"
    _withdraw_of_cause(event.conversation_id, [kind], at=event.at)
    tell_of_house(
        event.tell,
        kind=kind,
        actor=event.page_id,
        cause_id=event.conversation_id,
        detail={"page": event.handle},
        at=event.at,
    )


class ConversationOver(Protocol):
    """As care tells it."""

    @property
    def conversation_id(self) -> int: ...
    @property
    def at(self) -> datetime: ...


def of_care_over(event: ConversationOver) -> None:
    """It was answered: nobody needs to be told that it waits."""
    _withdraw_of_cause(event.conversation_id, ["care_complaint", "care_due", "care_late"], at=event.at)
