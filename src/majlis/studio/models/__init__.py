"""What a team works on, a file per part."""

from majlis.studio.models.customers import Segment, Standing, Worth
from majlis.studio.models.experiments import Again, Experiment, Held, LinkTest, NeverHeld, PlacedAgain
from majlis.studio.models.links import Click, Goal, Order, PromoCode, Shop, ShopDelivery, TrackedLink
from majlis.studio.models.money import Book, ClosedMonth, Cost, HoursConsent, Rate, Work
from majlis.studio.models.owner import ReportLetter, ReportWish
from majlis.studio.models.planning import Forecast, Interview, Plan, PlanLine, Revision
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
    "Again",
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
    "Experiment",
    "Forecast",
    "Goal",
    "Held",
    "HoursConsent",
    "Interview",
    "KeptVoice",
    "LinkTest",
    "MoodSaid",
    "NeverHeld",
    "Order",
    "PlacedAgain",
    "Plan",
    "PlanImport",
    "PlanLine",
    "PromoCode",
    "Promotion",
    "PromotionOffer",
    "PromotionShow",
    "Rate",
    "ReportLetter",
    "ReportWish",
    "ReviewLink",
    "Revision",
    "Rival",
    "Segment",
    "Shop",
    "ShopDelivery",
    "Slot",
    "Standing",
    "TrackedLink",
    "Voice",
    "Work",
    "Worth",
]
