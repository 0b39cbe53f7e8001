"""Event → who reacts. Every consequence in the product, on one screen.

Reactions run inside the transaction of the action: they enqueue jobs and append to the change log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from majlis.accounts import events as accounts
from majlis.accounts import tokens
from majlis.brands import events as brand_events
from majlis.brands import reactions as brands
from majlis.brands.customers import events as customer_events
from majlis.care import assigning, calling, causes, intake, replies, screens
from majlis.care import events as care_events
from majlis.care.fixing import asking
from majlis.core import changes, events
from majlis.discovery import cards
from majlis.discovery import jobs as discovery_jobs
from majlis.feeds import changelog as feeds
from majlis.feeds.memory import MEMORY
from majlis.insights import events as insights
from majlis.insights import following as followings
from majlis.insights import interactions, measuring, mine
from majlis.media import events as media
from majlis.media import jobs as media_jobs
from majlis.networks import exporting
from majlis.notifications import making as notifications
from majlis.people import actions as people_actions
from majlis.people import events as people
from majlis.people import queries as people_queries
from majlis.posts import events as posts
from majlis.posts import withholding
from majlis.safety import events as safety
from majlis.studio import events as studio
from majlis.studio.actions import links as review_links
from majlis.studio.customers import addressing, at_stake, standing
from majlis.studio.experiments import holding as experiments
from majlis.studio.links import codes, tracking
from majlis.studio.links import reactions as links
from majlis.studio.promotion import charging as promotion


def _both_readers(one: str, other: str) -> events.Reaction:
    """Both members read differently now: a friendship, a block."""
    return lambda event: feeds.reader_changed(getattr(event, one), getattr(event, other), at=event.at)


def _reader(name: str) -> events.Reaction:
    return lambda event: feeds.reader_changed(getattr(event, name), at=event.at)


def _profile(*names: str) -> events.Reaction:
    def react(event: Any) -> None:
        for name in names:
            feeds.profile_changed(getattr(event, name), at=event.at)

    return react


def _readers_of_bulk(event: people.FollowedInBulk) -> None:
    feeds.reader_changed(*event.follower_ids, at=event.at)


def _circle_readers(event: people.CircleChanged) -> None:
    feeds.reader_changed(event.owner, *([event.member] if event.member else []), at=event.at)


def _profiles_of_login(act: Callable[..., object]) -> events.Reaction:
    """What happens to a login happens to all its profiles; what happened to one of them alone stays."""

    def react(event: Any) -> None:
        for profile_id in people_queries.all_ids_of_login(user_id=event.user_id):
            act(profile_id=profile_id, at=event.at, reason="login")

    return react


def _profiles_end(event: accounts.LoginDeleted) -> None:
    """Names under which somebody was read are nobody else's afterwards; those of an empty login are free."""
    for profile_id in people_queries.all_ids_of_login(user_id=event.user_id):
        people_actions.delete_profile(profile_id=profile_id, retire=event.used, at=event.at)


def _token_revoked(event: accounts.TokenRevoked) -> None:
    """Every process forgets the token and closes the streams opened with it."""
    changes.append("token.revoked", event.token_id, at=event.at, checksum=event.checksum)


def _session_ended(event: accounts.SessionEnded) -> None:
    """Every process closes the streams of that browser."""
    changes.append("session.ended", event.user_id, at=event.at, checksum=event.checksum)


def _handed_over(event: people.ProfileHandedOver) -> None:
    """The apps and screens that were signed in as this profile are its former login's: they end."""
    tokens.revoke_of_profile(profile_id=event.profile_id, at=event.at)
    changes.append("profile.handed_over", event.profile_id, at=event.at)


REACTIONS: Final[Mapping[type, tuple[events.Reaction, ...]]] = {
    # accounts
    accounts.TokenRevoked: (_token_revoked,),
    accounts.SessionEnded: (_session_ended,),
    accounts.LoginOpened: (
        _profiles_of_login(people_actions.restore_profile),
        notifications.of_login_opened,
    ),
    accounts.LoginWithdrawn: (_profiles_of_login(people_actions.withdraw_profile),),
    accounts.LoginRestored: (_profiles_of_login(people_actions.restore_profile),),
    accounts.LoginDeleted: (_profiles_end,),
    # people
    people.ProfileMade: (brands.profile_told, followings.page_told, discovery_jobs.profile_told),
    people.ProfileChanged: (
        _profile("profile_id"),
        brands.profile_told,
        followings.page_told,
        discovery_jobs.profile_told,
    ),
    people.ProfileHandedOver: (_profile("profile_id"), _handed_over, review_links.page_handed_over),
    people.PreferencesChanged: (_profile("profile_id"), _reader("profile_id")),
    people.ProfileWithdrawn: (
        _profile("profile_id"),
        followings.gone,
        media_jobs.owner_moved,
        links.page_ended,
    ),
    people.ProfileRestored: (_profile("profile_id"), followings.back, media_jobs.owner_moved),
    people.ProfileDeleted: (
        _profile("profile_id"),
        followings.gone,
        mine.gone,
        media_jobs.owner_gone,
        links.page_ended,
    ),
    people.Followed: (
        _both_readers("follower", "followed"),
        _profile("follower", "followed"),
        followings.followed,
        interactions.followed,
        notifications.of_follow,
    ),
    people.FollowChanged: (_reader("follower"),),
    people.FollowRequested: (notifications.of_follow_request,),
    people.FollowRequestWithdrawn: (notifications.of_request_ended,),
    people.FollowRefused: (notifications.of_request_ended,),
    people.Unfollowed: (
        _both_readers("follower", "followed"),
        _profile("follower", "followed"),
        followings.unfollowed,
        notifications.of_unfollow,
    ),
    people.FollowedInBulk: (_readers_of_bulk, followings.followed_in_bulk),
    people.Blocked: (_both_readers("blocker", "blocked"), notifications.of_block),
    people.Unblocked: (_both_readers("blocker", "blocked"),),
    people.Muted: (_reader("muter"),),
    people.Unmuted: (_reader("muter"),),
    people.DomainBlocked: (_reader("blocker"),),
    people.DomainUnblocked: (_reader("blocker"),),
    people.CircleChanged: (_circle_readers,),
    people.ListChanged: (_reader("owner"),),
    # posts
    posts.PostPublished: (
        experiments.post_published,  # before anybody is told of it
        feeds.post_added,
        cards.post_published,
        measuring.post_published,
        interactions.post_published,
        notifications.of_post,
        intake.of_post,
    ),
    posts.PostEdited: (feeds.post_changed, cards.post_edited, notifications.of_edit, intake.of_edit),
    posts.PostDeleted: (feeds.post_gone, media_jobs.post_gone, notifications.of_deletion, intake.of_deletion),
    posts.PostRestored: (feeds.post_restored, media_jobs.post_back, intake.of_restoration),
    posts.PostCounted: (feeds.post_counted,),
    posts.Reacted: (interactions.reacted, notifications.of_reaction),
    posts.ReactionWithdrawn: (notifications.of_reaction_withdrawn,),
    posts.Bookmarked: (interactions.bookmarked,),
    posts.OwnMarksChanged: (feeds.marks_changed,),
    posts.PollClosed: (notifications.of_poll,),
    posts.TagFollowChanged: (feeds.tag_follow_changed,),
    # safety; mail to both sides is written by the action itself
    safety.ReportMade: (notifications.of_report,),
    safety.ReportClosed: (),
    safety.ThingsTakenDown: (brands.things_taken_down,),
    safety.ThingsPutBack: (brands.things_put_back,),
    safety.DecisionMade: (notifications.of_decision,),
    safety.DecisionLifted: (),
    safety.AppealMade: (),
    safety.AppealAnswered: (),
    safety.RulesChanged: (),
    safety.AnnouncementPublished: (),
    safety.AnnouncementWithdrawn: (),
    safety.AnnouncementDismissed: (),
    # business pages
    brand_events.ReviewWritten: (notifications.of_review, intake.of_review),
    brand_events.ReviewAnswered: (notifications.of_review_answer, intake.of_review_answer),
    brand_events.ReviewGone: (notifications.of_review_gone, intake.of_review_gone),
    brand_events.InvitedToTeam: (notifications.of_invitation,),
    brand_events.InvitationEnded: (notifications.of_invitation_ended,),
    brand_events.DomainLost: (notifications.of_domain_lost,),
    customer_events.CustomersChanged: (standing.customers_changed,),
    customer_events.CustomerErased: (standing.customer_erased, addressing.customer_erased),
    customer_events.MemberAnswered: (addressing.member_answered,),
    # the plans of their teams; letters are written by the actions themselves
    studio.ApprovalAsked: (notifications.of_approval_asked,),
    studio.ApprovalAnswered: (notifications.of_approval_answered,),
    studio.ApprovalEnded: (notifications.of_approval_ended,),
    # conversations of pages
    care_events.CustomersWrote: (assigning.customers_wrote, replies.customers_wrote, screens.changed),
    care_events.WordsRead: (assigning.words_read, calling.words_read, screens.changed),
    care_events.ConversationChanged: (calling.changed, asking.changed, screens.changed),
    care_events.AnswerersCalled: (notifications.of_care,),
    care_events.ConversationAnswered: (notifications.of_care_over,),
    # photos
    media.PhotosDiscarded: (media_jobs.delete_later,),
    # insights
    insights.PaidImpressions: (promotion.impressions_paid,),
    insights.MeasuringChanged: (_reader("profile_id"),),
    insights.NoLongerMeasured: (links.no_longer_measured, experiments.no_longer_measured),
}


def install() -> None:
    """Called once, when all modules are loaded."""
    events.wire(REACTIONS)
    exporting.also("measured.json", mine.exported)
    cards.follow_own(codes.PATH, tracking.target_of)
    causes.install(at_stake.ordered)
    withholding.install(withholding.Source(experiments.holds, experiments.numbers, lambda: MEMORY.live))
