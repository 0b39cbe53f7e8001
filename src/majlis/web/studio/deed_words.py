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
    "interview.answered": _("answered questions about the business"),
    "plan.made": _("made the four-week plan"),
    "plan.dropped": _("did not want a proposal of the plan"),
    "plan.wanted": _("wanted a proposal of the plan after all"),
    "entry.made": _("began an entry of the plan"),
    "entry.changed": _("changed an entry of the plan"),
    "entry.labelled": _("looked after the title of an entry"),
    "entry.copied": _("copied an entry of the plan"),
    "entry.discarded": _("threw an entry of the plan away"),
    "entry.brought_back": _("brought an entry back into the plan"),
    "entry.asked": _("asked for a yes"),
    "entry.asked_no_more": _("asked for a yes no more"),
    "entry.approved": _("approved an entry {link}"),
    "entry.refused": _("asked for changes {link}"),
    "entry.commented": _("commented on an entry {link}"),
    "entry.scheduled": _("gave an entry its hour"),
    "entry.moved": _("moved an entry to another hour"),
    "entry.queued": _("put an entry into the queue"),
    "entry.earlier": _("moved an entry up in the queue"),
    "entry.unscheduled": _("took the hour of an entry away"),
    "entry.failed": _("planned a post that did not leave"),
    "queue.slots": _("set the hours of the queue"),
    "review_link.made": _("made a review link for {name}"),
    "review_link.revoked": _("let a review link open nothing any more"),
    "photo.uploaded": _("put a picture on the shelf"),
    "photo.discarded": _("took a picture off the shelf"),
    "plan.imported": _("took a table into the plan"),
    "customer.made": _("wrote a customer down"),
    "customer.changed": _("changed the record of a customer"),
    "customer.merged": _("merged two customers"),
    "customer.split": _("split two customers again"),
    "customer.erased": _("erased a customer"),
    "customers.book": _("changed how customers are kept"),
    "customers.table_people": _("took a table of customers"),
    "customers.table_orders": _("took a table of orders"),
    "plan.moved": _("gave a proposal of the plan another hour"),
    "care.terms": _("changed what is promised to those who write"),
    "care.rule": _("kept the rule “{name}” of the inbox"),
    "care.rules_ordered": _("put the rules of the inbox in another order"),
    "care.rule_ended": _("removed a rule of the inbox"),
    "care.cause": _("kept the cause “{name}”"),
    "care.cause_ended": _("ended a cause"),
    "care.fixed": _("said what was done about a cause, to all who complained of it"),
    "care.blocked": _("blocked somebody from the inbox"),
    "segment.made": _("made the group of customers “{name}”"),
    "segment.ended": _("forgot a group of customers"),
    "segment.addressed": _("let posts be addressed to the group of customers “{name}”"),
    "segment.addressed_no_more": _("lets no posts be addressed to the group of customers “{name}” any more"),
    "campaign.made": _("began a campaign"),
    "campaign.changed": _("changed a campaign"),
    "campaign.closed": _("closed a campaign"),
    "campaign.reopened": _("let a campaign go on"),
    "link.made": _("made a tracked link"),
    "link.changed": _("changed where a tracked link leads"),
    "link.retired": _("ended a tracked link"),
    "goal.made": _("set the goal “{name}”"),
    "goal.changed": _("changed a goal"),
    "goal.retired": _("ended a goal"),
    "promo_code.made": _("made a promo code"),
    "promo_code.ended": _("ended a promo code"),
    "shop.made": _("connected a shop"),
    "shop.secret_changed": _("changed the secret of a shop"),
    "shop.ended": _("disconnected a shop"),
    "orders.reported": _("reported orders"),
    "money.book": _("chose how the page counts its money"),
    "money.rate": _("changed a rate, a margin or what a currency is worth"),
    "money.closed": _("closed a month"),
    "cost.written": _("wrote a cost down"),
    "cost.forgotten": _("removed a cost"),
    "hours.written": _("wrote hours of a role down"),
    "hours.forgotten": _("removed hours of a role"),
    "promotion.made": _("began to promote a post"),
    "promotion.paused": _("paused a promotion"),
    "promotion.resumed": _("let a promotion go on"),
    "promotion.stopped": _("stopped a promotion"),
    "experiment.started": _("began an experiment"),
    "experiment.stopped": _("ended an experiment"),
    "experiment.second_chance": _("gave a post a second chance"),
    "experiment.second_chance_stopped": _("ended the second chance of a post"),
    "experiment.about_safety": _("marked whether an entry is about safety or care"),
    "experiment.link_started": _("began a test of a link"),
    "experiment.link_stopped": _("ended a test of a link"),
    "rival.named": _("named the rival “{name}”"),
    "rival.changed": _("changed the words of the rival “{name}”"),
    "rival.let_go": _("let the rival “{name}” go"),
    "voice.words": _("changed the words the page is known by"),
    "voice.recall": _("wrote down what a survey found"),
    "voice.mood": _("said how a mention sounds"),
    "voice.kept": _("kept a share of voice"),
}


def words_of(action: str, details: dict[str, object]) -> str:
    """A deed in words; one that has none yet by its name."""
    text = str(DEEDS.get(action, action))
    text = text.replace("{name}", isolate(str(details.get("name", ""))))
    text = text.replace("{domain}", isolate(readable_domain(str(details.get("domain", "")))))
    by_link = (
        _("by the link for {name}").replace("{name}", isolate(str(details["link"])))
        if "link" in details
        else ""
    )
    return text.replace("{link}", by_link).strip()
