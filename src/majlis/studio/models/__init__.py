"""What a team works on, a file per part."""

from majlis.studio.models.customers import Segment, Standing, Worth
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
    "Order",
    "PlanImport",
    "PromoCode",
    "Promotion",
    "PromotionOffer",
    "PromotionShow",
    "Rate",
    "ReviewLink",
    "Segment",
    "Shop",
    "ShopDelivery",
    "Slot",
    "Standing",
    "TrackedLink",
    "Work",
    "Worth",
]
