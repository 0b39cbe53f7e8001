"""Report and AccountWarning: what a member said, and what was decided about her."""

from __future__ import annotations

from typing import Any

import msgspec

from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.presentation import account_json
from majlis.people.views import ProfileView
from majlis.safety.views import DecisionView, ReportView


def report(view: ReportView, about: ProfileView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/Report/. What the operators wrote and did is not in it."""
    return {
        "id": str(view.id),
        "action_taken": view.closed_at is not None,
        "action_taken_at": moment(view.closed_at) if view.closed_at else None,
        "category": view.category,
        "comment": view.comment,
        "forwarded": view.forward,
        "created_at": moment(view.made_at),
        "status_ids": [post.id for post in view.posts],
        "rule_ids": [str(id_) for id_ in view.rule_ids],
        "collection_ids": [],
        "target_account": msgspec.Raw(account_json(about)),
    }


def warning(decided: DecisionView, about: ProfileView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/AccountWarning/. Who decided is not in it (MASTO-18525)."""
    return {
        "id": str(decided.id),
        # apps know no other things than posts: to them it is a warning with its words
        "action": "none" if decided.kind == "take_down" else decided.kind,
        "text": decided.text,
        "status_ids": [str(id_) for id_ in decided.post_ids],
        "target_account": msgspec.Raw(account_json(about)),
        "appeal": {"text": decided.appeal, "state": _state(decided)} if decided.appealed_at else None,
        "created_at": moment(decided.made_at),
    }


def _state(decided: DecisionView) -> str:
    if decided.lifted_at is not None:
        return "approved"
    return "rejected" if decided.appeal_answered_at is not None else "pending"
