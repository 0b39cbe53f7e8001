"""Everything a team does to its plan. Each asks the team door again, in the transaction of the deed."""

from majlis.studio.actions.approving import (
    Answer,
    answer_by_link,
    ask,
    comment,
    comment_by_link,
    decide,
    withdraw,
)
from majlis.studio.actions.campaigns import (
    Terms,
    change_campaign,
    close_campaign,
    make_campaign,
    reopen_campaign,
)
from majlis.studio.actions.entries import (
    ChangedMeanwhile,
    Draft,
    bring_back,
    change,
    copy,
    discard,
    make,
    restore,
)
from majlis.studio.actions.leaving import Left, publish_due, publish_now
from majlis.studio.actions.links import SentTo, make_link, revoke_link
from majlis.studio.actions.queueing import set_slots, settle_queue
from majlis.studio.actions.scheduling import (
    enqueue,
    move,
    one_earlier,
    schedule,
    unschedule,
)
from majlis.studio.actions.shelf import discard_photo, put_on_shelf
from majlis.studio.actions.sweeping import sweep

__all__ = [
    "Answer",
    "ChangedMeanwhile",
    "Draft",
    "Left",
    "SentTo",
    "Terms",
    "answer_by_link",
    "ask",
    "bring_back",
    "change",
    "change_campaign",
    "close_campaign",
    "comment",
    "comment_by_link",
    "copy",
    "decide",
    "discard",
    "discard_photo",
    "enqueue",
    "make",
    "make_campaign",
    "make_link",
    "move",
    "one_earlier",
    "publish_due",
    "publish_now",
    "put_on_shelf",
    "reopen_campaign",
    "restore",
    "revoke_link",
    "schedule",
    "set_slots",
    "settle_queue",
    "sweep",
    "unschedule",
    "withdraw",
]
