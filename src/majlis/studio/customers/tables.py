"""Customers and orders in a table: read and looked at first; then all of it is taken, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from majlis.brands import deeds
from majlis.brands.access import OnTeam
from majlis.brands.customers import keeping, records
from majlis.brands.customers.events import CustomersChanged
from majlis.brands.customers.given import Given, checked
from majlis.brands.customers.keys import email
from majlis.core import json, sql
from majlis.core.errors import BadInput, NotThere
from majlis.core.events import emit
from majlis.core.ids import new_id
from majlis.core.text.arabic import fold
from majlis.studio.conversions import currencies, orders, reports
from majlis.studio.conversions.state import Report
from majlis.studio.plan.opening import table

MOST_ROWS: Final = 20_000
MOST_PROBLEMS: Final = 200
SHOWN: Final = 100
_SEVERAL: Final = re.compile(r"[;\n|،]|,\s")
# the first of each is the heading that our own files have
PEOPLE_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "name": ("name", "full name", "customer", "الاسم", "اسم", "الزبون", "العميل"),
    "email": (
        "email",
        "e-mail",
        "emails",
        "e-mails",
        "mail",
        "البريد",
        "البريد الإلكتروني",
        "الايميل",
        "ايميل",
    ),
    "phone": ("phone", "phones", "telephone", "mobile", "الهاتف", "هاتف", "الجوال", "الموبايل", "رقم الهاتف"),
    "id": ("id", "ids", "customer id", "الرقم", "المعرف", "رقم الزبون", "رقم العميل"),
    "tags": ("tags", "tag", "groups", "وسوم", "الوسوم", "تصنيف", "تصنيفات"),
    "note": ("note", "notes", "ملاحظة", "ملاحظات"),
    "consent": ("consent", "newsletter", "may be written to", "الموافقة", "موافقة"),
}
ORDER_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "date": ("date", "ordered at", "day", "التاريخ", "تاريخ", "تاريخ الطلب"),
    "value": ("value", "total", "amount", "المبلغ", "القيمة", "المجموع", "الاجمالي"),
    "currency": ("currency", "العملة", "عملة"),
    "id": ("id", "order", "order id", "order number", "رقم الطلب", "الطلب", "المعرف"),
    "customer": (
        "customer",
        "email",
        "e-mail",
        "customer id",
        "الزبون",
        "العميل",
        "البريد",
        "البريد الإلكتروني",
    ),
}
_NEEDED: Final = {"people": (), "orders": ("date", "value", "currency", "id")}
_YES: Final = {fold(word) for word in ("yes", "y", "1", "true", "نعم", "موافق", "موافقة")}
_NO: Final = {fold(word) for word in ("no", "n", "0", "false", "لا", "رافض", "غير موافق")}


class Problem(msgspec.Struct, frozen=True):
    """Why a row cannot be taken."""

    number: int
    column: str
    sentence: str | Promise


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a table says. With problems nothing can be taken; without, ``import_id`` takes all of it."""

    kind: str
    rows: tuple[tuple[str, ...], ...]
    count: int
    new: int
    problems: tuple[Problem, ...]
    import_id: int | None


def look_at(team: OnTeam, *, kind: str, file: IO[bytes], at: datetime) -> Preview:
    """Read a table of ``people`` or ``orders`` and keep what it says for :func:`take`.

    Raises:
        BadInput: it is no table, a column that is needed is missing, or it has more than 20,000 rows.
        NotThere, NotAllowed: not for her role.
    """
    with transaction.atomic():
        records.again(team)
        if kind not in _NEEDED:
            raise BadInput(_("There is no such choice."), field="kind")
        read = _person if kind == "people" else _order
        found: list[Any] = []
        problems: list[Problem] = []
        for number, cells in _numbered(file, kind):
            try:
                found.append(read(team, cells, at))
            except BadInput as error:
                problems.append(Problem(number, error.field or "", error.sentence))
            if len(problems) >= MOST_PROBLEMS:
                break
        if not found and not problems:
            raise BadInput(_("There is nothing in this table below the names of its columns."), field="table")
        if kind == "people" and not problems:
            problems += _two_people(team.page_id, found)
        return Preview(
            kind=kind,
            rows=tuple(_shown(each, team.time_zone) for each in found[:SHOWN]),
            count=len(found),
            new=_new(team.page_id, found),
            problems=tuple(problems),
            import_id=None if problems else _keep(team, kind, found, at=at),
        )


def take(team: OnTeam, *, kind: str, import_id: int, at: datetime) -> int:
    """Take a table that was looked at, all of it; how many rows.

    Raises:
        NotThere: it was taken, somebody else looked at it, or a day has gone.
        TwoPeople: meanwhile a row names two customers; nothing is taken.
    """
    with transaction.atomic():
        records.again(team)
        row = sql.one(keeping.SQL["take_import"], id=import_id, page=team.page_id, by=team.by, kind=kind)
        if row is None:
            raise NotThere(_("This table is not there any more. Send it again."))
        if kind == "people":
            given = _people(row[0])
            kept = keeping.keep(team.page_id, given, source="table", by=team.by, at=at)
            changed = tuple(dict.fromkeys(each.customer_id for each in kept))
            emit(CustomersChanged(page_id=team.page_id, customers=changed, at=at))
            count = len(given)
        else:
            told = _reports(row[0])
            orders.take(page_id=team.page_id, reports=told, arrived_at=at)
            count = len(told)
        name = "customers.table_people" if kind == "people" else "customers.table_orders"
        deeds.note(team, name, at=at, rows=count)
    return count


_people: Final = json.own_reader(list[Given])
_reports: Final = json.own_reader(list[Report])


def _keep(team: OnTeam, kind: str, found: Sequence[Any], *, at: datetime) -> int:
    import_id = new_id()
    sql.execute(
        keeping.SQL["keep_import"], id=import_id, page=team.page_id, by=team.by, kind=kind,
        rows=json.encode(found).decode(), at=at,
    )  # fmt: skip
    return import_id


def _new(page_id: int, found: Sequence[Any]) -> int:
    people = [each.keys(page_id) for each in found if isinstance(each, Given)]
    known = keeping.by_keys(page_id, [key for keys in people for key in keys])
    return sum(not any(key in known for key in keys) for keys in people)


def _two_people(page_id: int, found: Sequence[Given]) -> list[Problem]:
    known = keeping.by_keys(page_id, [key for each in found for key in each.keys(page_id)])
    problems = []
    for number, each in enumerate(found, start=2):
        own = each.keys(page_id)
        if len({known[key] for key in own if key in known}) > 1:
            problems.append(Problem(number, "email", keeping.TwoPeople([]).sentence))
        fresh = number * -1
        owner = next((known[key] for key in own if key in known), fresh)
        known |= {key: owner for key in own if key not in known}
    return problems[:MOST_PROBLEMS]


def _shown(each: Any, zone: str) -> tuple[str, ...]:
    if isinstance(each, Given):
        contacts = ", ".join(contact.value for contact in each.contacts)
        return (each.name or "", contacts, ", ".join(each.tags), each.consent or "")
    moment = each.moment.astimezone(ZoneInfo(zone))
    return (each.external_id, f"{moment:%Y-%m-%d}", f"{each.value:f}", each.currency)


# reading ----------------------------------------------------------------------------------------------------


def _numbered(file: IO[bytes], kind: str) -> Iterator[tuple[int, dict[str, str]]]:
    with closing(table(file)) as lines:
        columns = _columns(next(lines, []), kind)
        taken = 0
        for number, line in enumerate(lines, start=2):
            if number > MOST_ROWS * 2 or taken >= MOST_ROWS:
                raise BadInput(
                    _("A table has 20,000 rows at the most. Send it in several."), code="too_many_rows", field="table"
                )  # fmt: skip
            if any(map(str.strip, line)):
                taken += 1
                yield number, {name: cell.strip() for name, cell in zip(columns, line, strict=False) if name}


def _columns(headings: list[str], kind: str) -> list[str]:
    known = PEOPLE_COLUMNS if kind == "people" else ORDER_COLUMNS
    names = {fold(word): name for name, words in known.items() for word in words}
    found = [names.get(fold(" ".join(heading.lstrip("\ufeff").split())), "") for heading in headings]
    missing = [name for name in _NEEDED[kind] if name not in found]
    if missing or not any(found):
        wanted = ", ".join(missing or known)
        raise BadInput(
            _("Columns are missing from the first line: %(names)s.") % {"names": wanted}, code="columns", field="table"
        )  # fmt: skip
    # of two columns with one heading the first is read
    return [name if name not in found[:place] else "" for place, name in enumerate(found)]


def _plain(text: str) -> str:
    """A cell as it was meant: our own files put an apostrophe before what a program would compute."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in "=+-@" else text


def _several(text: str) -> list[str]:
    return [part.strip() for part in _SEVERAL.split(_plain(text)) if part.strip()]


def _person(_team: OnTeam, cells: dict[str, str], at: datetime) -> Given:
    given = checked(
        name=_plain(cells.get("name", "")) or None,
        note=_plain(cells.get("note", "")) or None,
        tags=_several(cells.get("tags", "")),
        emails=_several(cells.get("email", "")),
        phones=_several(cells.get("phone", "")),
        ids=_several(cells.get("id", "")),
        consent=_consent(cells.get("consent", "")),
        at=at,
    )
    records.require_somebody(given)
    return given


def _consent(text: str) -> str | None:
    word = fold(text)
    if not word or word in ("unknown", fold("غير معروف")):
        return None
    if word not in _YES | _NO:
        raise BadInput(_("Consent is yes, no or unknown."), field="consent")
    return "yes" if word in _YES else "no"


def _order(team: OnTeam, cells: dict[str, str], at: datetime) -> Report:
    moment = _moment(cells.get("date", ""), team.time_zone, at)
    name = _plain(cells.get("customer", ""))
    return Report(
        external_id=reports.external_id(currencies.latin_digits(_plain(cells.get("id", "")))),
        by="hand",
        as_of=moment,
        ordered_at=moment,
        value=currencies.amount(_COMMA.sub(r"\1.\2", cells.get("value", ""))),
        currency=currencies.currency(cells.get("currency")),
        cancelled=False,
        customer=reports.customer(email(name) if "@" in name else name, page_id=team.page_id),
    )  # fmt: skip


# 12,50 is twelve and a half; 1,200 may be much or little, and is refused
_COMMA: Final = re.compile(r"^(\d+),(\d{1,2})$")
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::\d{2})?)?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?: (\d{1,2}):(\d{2}))?")


def _moment(text: str, zone: str, at: datetime) -> datetime:
    plain = currencies.latin_digits(text).strip()
    try:
        if found := _DAY.fullmatch(plain):
            year, month, day, hour, minute = found.groups()
        elif found := _DAY_FIRST.fullmatch(plain):
            day, month, year, hour, minute = found.groups()
        else:
            return _stated(text, at)
        clock = time(int(hour or 12), int(minute or 0))
        moment = datetime.combine(date(int(year), int(month), int(day)), clock, ZoneInfo(zone))
    except ValueError:
        raise BadInput(
            _("Write the day like 2026-11-02 or 02/11/2026, the day first."), code="bad_day", field="date"
        ) from None
    today = moment.date() == at.astimezone(ZoneInfo(zone)).date()
    return _stated((min(moment, at) if today else moment).isoformat(), at)


def _stated(text: str, at: datetime) -> datetime:
    try:
        found = reports.moment(text, field="date", arrived_at=at)
    except BadInput as error:
        if error.code in ("future", "too_old"):
            raise
        found = None
    if found is None:
        raise BadInput(
            _("Write the day like 2026-11-02 or 02/11/2026, the day first."), code="bad_day", field="date"
        )
    return found.astimezone(UTC)
