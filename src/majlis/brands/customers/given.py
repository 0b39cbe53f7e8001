"""What somebody says of a customer, checked: by hand, in a table, by an app, by a shop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from django.utils.translation import gettext_lazy as _

from majlis.brands.customers import keys
from majlis.core.errors import BadInput
from majlis.core.text.clean import clean_text

LONGEST_NAME: Final = 200
LONGEST_NOTE: Final = 4000
LONGEST_TAG: Final = 40
MOST: Final = 20
"""Tags, and contacts of each kind."""
CONSENTS: Final = ("unknown", "yes", "no")


class Contact(msgspec.Struct, frozen=True):
    """An e-mail, phone or id: as it is written, and as it is compared."""

    kind: str
    value: str
    folded: str


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as somebody told of her. None: nothing was said of it."""

    name: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    consent: str | None = None
    consent_how: str = ""
    consent_at: datetime | None = None

    def keys(self, page_id: int) -> tuple[str, ...]:
        """The keys that her orders may carry: of her e-mails first, then of her ids."""
        named = sorted((each for each in self.contacts if each.kind != "phone"), key=lambda each: each.kind)
        return tuple(dict.fromkeys(keys.key(each.folded, page_id=page_id) for each in named))


def checked(
    *,
    name: str | None = None,
    note: str | None = None,
    tags: Iterable[str] = (),
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    ids: Iterable[str] = (),
    consent: str | None = None,
    consent_how: str = "",
    consent_at: datetime | None = None,
    at: datetime,
) -> Given:
    """What was said, in one form.

    Raises:
        BadInput: with a sentence about the first field that cannot be taken.
    """
    if consent is not None and consent not in CONSENTS:
        raise BadInput(_("Consent is yes, no or unknown."), code="bad_consent", field="consent")
    if consent_at is not None and consent_at > at:
        raise BadInput(_("This moment has not come yet."), code="future", field="consent_at")
    return Given(
        name=None if name is None else _line(name, LONGEST_NAME, "name"),
        note=None if note is None else _note(note),
        tags=_tags(tags),
        contacts=_contacts(emails, phones, ids),
        consent=consent,
        consent_how=_line(consent_how, 200, "consent_how"),
        consent_at=consent_at,
    )


def _contacts(emails: Iterable[str], phones: Iterable[str], ids: Iterable[str]) -> tuple[Contact, ...]:
    found: dict[tuple[str, str], Contact] = {}
    for kind, given in (("email", emails), ("phone", phones), ("id", ids)):
        texts = [text for text in given if text.strip()]
        if len(texts) > MOST:
            raise BadInput(_("At most twenty of each are kept."), code="too_many", field=f"{kind}s")
        for text in texts:
            value, folded = _contact(kind, text)
            found.setdefault((kind, folded), Contact(kind, value, folded))
    return tuple(found.values())


def _contact(kind: str, text: str) -> tuple[str, str]:
    if kind == "email":
        value = keys.email(text)
        return value, value
    if kind == "phone":
        return keys.phone(text)
    value = keys.external(text)
    return value, value.casefold()[: keys.LONGEST]


def _tags(given: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(_line(text, LONGEST_TAG, "tags") for text in given if text.strip())
    if len(found) > MOST:
        raise BadInput(_("At most twenty of each are kept."), code="too_many", field="tags")
    return tuple(found)


def _line(text: str, longest: int, field: str) -> str:
    found = " ".join(clean_text(text).split())
    if len(found) > longest:
        raise BadInput(_("This is too long."), code="too_long", field=field)
    return found


def _note(text: str) -> str:
    found = clean_text(text).strip()
    if len(found) > LONGEST_NOTE:
        raise BadInput(_("This is too long."), code="too_long", field="note")
    return found
