"""What a business has: its page and team, and its customers; a file per part."""

from majlis.brands.models.customers import (
    Customer,
    CustomerBook,
    CustomerConsent,
    CustomerContact,
    CustomerImport,
    CustomerKey,
    CustomerMember,
    CustomerMerge,
    ErasedCustomer,
)
from majlis.brands.models.pages import Deed, Invitation, Offering, Page, Review, TeamMember, Verification

__all__ = [
    "Customer",
    "CustomerBook",
    "CustomerConsent",
    "CustomerContact",
    "CustomerImport",
    "CustomerKey",
    "CustomerMember",
    "CustomerMerge",
    "Deed",
    "ErasedCustomer",
    "Invitation",
    "Offering",
    "Page",
    "Review",
    "TeamMember",
    "Verification",
]
