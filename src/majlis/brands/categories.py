"""What kind of business a page is: a list of our own, short enough to read, with schema.org's type for each."""

from __future__ import annotations

from typing import Final

import msgspec
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Category(msgspec.Struct, frozen=True):
    """A kind of business: its name in the reader's language, and its class at https://schema.org/LocalBusiness."""

    label: str | Promise
    schema: str


def _category(label: str | Promise, schema: str = "LocalBusiness") -> Category:
    return Category(label, schema)


CATEGORIES: Final[dict[str, Category]] = {
    "bakery": _category(pgettext_lazy("category", "Bakery"), "Bakery"),
    "restaurant": _category(pgettext_lazy("category", "Restaurant"), "Restaurant"),
    "cafe": _category(pgettext_lazy("category", "Café"), "CafeOrCoffeeShop"),
    "sweets": _category(pgettext_lazy("category", "Sweets and pastries"), "Bakery"),
    "grocery": _category(pgettext_lazy("category", "Grocery"), "GroceryStore"),
    "market": _category(pgettext_lazy("category", "Farm or market"), "LocalBusiness"),
    "clothes": _category(pgettext_lazy("category", "Clothes and shoes"), "ClothingStore"),
    "jewellery": _category(pgettext_lazy("category", "Jewellery"), "JewelryStore"),
    "books": _category(pgettext_lazy("category", "Books and stationery"), "BookStore"),
    "electronics": _category(pgettext_lazy("category", "Electronics"), "ElectronicsStore"),
    "home": _category(pgettext_lazy("category", "Home and furniture"), "HomeGoodsStore"),
    "flowers": _category(pgettext_lazy("category", "Flowers and plants"), "Florist"),
    "online_shop": _category(pgettext_lazy("category", "Online shop"), "OnlineStore"),
    "beauty": _category(pgettext_lazy("category", "Beauty and hair"), "BeautySalon"),
    "health": _category(pgettext_lazy("category", "Health and medicine"), "MedicalBusiness"),
    "sport": _category(pgettext_lazy("category", "Sport and fitness"), "SportsActivityLocation"),
    "lodging": _category(pgettext_lazy("category", "Hotel or guest house"), "LodgingBusiness"),
    "travel": _category(pgettext_lazy("category", "Travel"), "TravelAgency"),
    "education": _category(pgettext_lazy("category", "Education and courses"), "EducationalOrganization"),
    "crafts": _category(pgettext_lazy("category", "Crafts and repairs"), "HomeAndConstructionBusiness"),
    "cars": _category(pgettext_lazy("category", "Cars and garages"), "AutomotiveBusiness"),
    "property": _category(pgettext_lazy("category", "Property"), "RealEstateAgent"),
    "law_money": _category(pgettext_lazy("category", "Law, tax and money"), "ProfessionalService"),
    "software": _category(pgettext_lazy("category", "Software and design"), "ProfessionalService"),
    "media": _category(pgettext_lazy("category", "Media and publishing"), "NewsMediaOrganization"),
    "arts": _category(pgettext_lazy("category", "Arts and events"), "EntertainmentBusiness"),
    "association": _category(pgettext_lazy("category", "Association or charity"), "NGO"),
    "other": _category(pgettext_lazy("category", "Another business"), "LocalBusiness"),
}
