"""What care keeps, a file per part."""

from majlis.care.models.fixing import Asked, Badge, Fix, Told
from majlis.care.models.inbox import (
    Arrival,
    Channel,
    Conversation,
    ConversationTag,
    Message,
    Person,
    Presence,
    Step,
    Strand,
)
from majlis.care.models.terms import Cause, Correction, Learned, Rule, SavedReply, Terms

__all__ = [
    "Arrival",
    "Asked",
    "Badge",
    "Cause",
    "Channel",
    "Conversation",
    "ConversationTag",
    "Correction",
    "Fix",
    "Learned",
    "Message",
    "Person",
    "Presence",
    "Rule",
    "SavedReply",
    "Step",
    "Strand",
    "Terms",
    "Told",
]
