"""Each kind of notification as a sentence, for pushes and letters. Names stand isolated: theirs may run
the other way, and no mark in one can turn the sentence around."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, gettext_noop

from majlis.core.text.bidi import isolate

_SENTENCES: Final = {
    "mention": gettext_noop("%(name)s mentioned you"),
    "reply": gettext_noop("%(name)s answered you"),
    "status": gettext_noop("%(name)s posted"),
    "reblog": gettext_noop("%(name)s boosted your post"),
    "follow": gettext_noop("%(name)s follows you"),
    "follow_request": gettext_noop("%(name)s asks to follow you"),
    "favourite": gettext_noop("%(name)s reacted to your post"),
    "poll": gettext_noop("A poll that you voted in has ended"),
    "update": gettext_noop("%(name)s edited a post that you boosted"),
    "quote": gettext_noop("%(name)s quoted you"),
    "quoted_update": gettext_noop("%(name)s edited a post that you quoted"),
    "admin.sign_up": gettext_noop("%(name)s joined"),
    "admin.report": gettext_noop("%(name)s reported somebody"),
    "moderation_warning": gettext_noop("The operator decided something about your account"),
    "review": gettext_noop("%(name)s reviewed your page"),
    "review_answer": gettext_noop("%(name)s answered your review"),
    "team_invitation": gettext_noop("%(name)s asks you into its team"),
    "domain_lost": gettext_noop("A domain of %(name)s is no longer verified"),
    "approval_asked": gettext_noop("%(name)s asks for your yes to a post"),
    "approval_given": gettext_noop("%(name)s approved a post of yours"),
    "changes_wanted": gettext_noop("%(name)s wants changes to a post of yours"),
    "care_complaint": gettext_noop("Somebody complains to %(name)s"),
    "care_assigned": gettext_noop("%(name)s: a conversation is yours to answer"),
    "care_due": gettext_noop("%(name)s: an answer is due soon"),
    "care_late": gettext_noop("%(name)s: an answer is late"),
}
_OWN_POLL: Final = gettext_noop("Your poll has ended")


def sentence(*, kind: str, name: str, own: bool = False) -> str:
    """What happened, in the language that is active. ``own``: the recipient's own poll."""
    text = _OWN_POLL if own and kind == "poll" else _SENTENCES[kind]
    return gettext(text) % {"name": isolate(name)}
