"""Everything that can be done here. One transaction each, events told inside it.

``by`` is a profile's id where a member acts (report, appeal, dismiss), a login's where an operator does.
"""

from majlis.safety.actions.auditing import audit
from majlis.safety.actions.deciding import answer_appeal, appeal, decide, lift
from majlis.safety.actions.house import (
    add_rule,
    create_announcement,
    dismiss_announcement,
    move_rule,
    publish_announcement,
    reword_rule,
    withdraw_announcement,
    withdraw_rule,
)
from majlis.safety.actions.reporting import Thing, assign, close, reopen, report

__all__ = [
    "Thing",
    "add_rule",
    "answer_appeal",
    "appeal",
    "assign",
    "audit",
    "close",
    "create_announcement",
    "decide",
    "dismiss_announcement",
    "lift",
    "move_rule",
    "publish_announcement",
    "reopen",
    "report",
    "reword_rule",
    "withdraw_announcement",
    "withdraw_rule",
]
