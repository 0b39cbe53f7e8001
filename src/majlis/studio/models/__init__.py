"""What a team works on, a file per part."""

from majlis.studio.models.links import Click, Goal, Order, PromoCode, Shop, ShopDelivery, TrackedLink
from majlis.studio.models.money import Book, ClosedMonth, Cost, HoursConsent, Rate, Work
from majlis.studio.models.promotion import Account, BalanceEntry, Promotion, PromotionOffer, PromotionShow
from majlis.studio.models.publishing import (
    Approval,
    Campaign,
    Comment,
    Entry,
    EntryVersion,
    PlanImport,
    ReviewLink,
    Slot,
)
from majlis.studio.models.rivals import KeptVoice, MoodSaid, Rival, Voice

__all__ = [
    "Account",
    "Approval",
    "BalanceEntry",
    "Book",
    "Campaign",
    "Click",
    "ClosedMonth",
    "Comment",
    "Cost",
    "Entry",
    "EntryVersion",
    "Goal",
    "HoursConsent",
    "KeptVoice",
    "MoodSaid",
    "Order",
    "PlanImport",
    "PromoCode",
    "Promotion",
    "PromotionOffer",
    "PromotionShow",
    "Rate",
    "ReviewLink",
    "Rival",
    "Shop",
    "ShopDelivery",
    "Slot",
    "TrackedLink",
    "Voice",
    "Work",
]
