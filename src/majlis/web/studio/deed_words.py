"""The lines of a team's book in words. Whoever notes a new deed writes its words here."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.core.text.bidi import isolate
from majlis.web.shops import readable_domain

#: What was done, without who: she stands before it. ``{…}`` are taken from the details of the deed.
DEEDS: Final[dict[str, str | Promise]] = {
    "page.described": _("changed what the page says of itself"),
    "page.hours": _("changed the opening hours"),
    "page.handed_over": _("handed the page over"),
    "offering.changed": _("changed the offer “{name}”"),
    "offering.removed": _("removed the offer “{name}”"),
    "offering.pinned": _("chose which offer stands first: “{name}”"),
    "offering.moved": _("moved the offer “{name}”"),
    "review.answered": _("answered a review"),
    "review.answer_removed": _("took an answer to a review back"),
    "team.invited": _("asked somebody into the team"),
    "team.link_made": _("made a link of invitation"),
    "team.invitation_withdrawn": _("took an invitation back"),
    "team.joined": _("joined the team"),
    "team.role_changed": _("changed a role"),
    "team.ended": _("took somebody off the team"),
    "team.left": _("left the team"),
    "domain.claimed": _("named the domain {domain}"),
    "domain.forgotten": _("removed the domain {domain}"),
    "domain.proved": _("The domain {domain} was verified."),
    "domain.lost": _("The domain {domain} is no longer verified."),
    "post.published": _("published a post"),
}


def words_of(action: str, details: dict[str, object]) -> str:
    """A deed in words; one that has none yet by its name."""
    text = str(DEEDS.get(action, action))
    text = text.replace("{name}", isolate(str(details.get("name", ""))))
    return text.replace("{domain}", isolate(readable_domain(str(details.get("domain", "")))))
