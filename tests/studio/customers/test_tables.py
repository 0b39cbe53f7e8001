"""Tables of customers and orders: looked at first, all or nothing, whatever wrote them; groups, praise, files."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest
import shopping

import cast as people
from cast import MOMENT, Bakery, later
from clientele import confirmed, made, order
from majlis.brands import actions
from majlis.brands.access import OnTeam
from majlis.brands.customers import members, records
from majlis.brands.customers.given import checked
from majlis.brands.models import Customer
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.insights.exports import csvs
from majlis.studio import actions as studio
from majlis.studio.actions import Terms
from majlis.studio.customers import files, lists, praise, segments, tables
from majlis.studio.customers.rules import Rule
from majlis.studio.models import Order
from plans import team_of

pytestmark = pytest.mark.django_db
PEOPLE = (
    "Name,E-mail,Phone,Tags,Consent\n"
    "Dana Haddad,dana@example.org; d@example.net,03 123 456,regular,yes\n"
    "Rima,rima@example.org,,,no\n"
)
ARABIC = (
    "الاسم,البريد الإلكتروني,الهاتف,الوسوم,الموافقة\n"
    "Dana Haddad,dana@example.org; d@example.net,٠٣ ١٢٣ ٤٥٦,regular,نعم\n"
    "Rima,rima@example.org,,,لا\n"
)


@pytest.fixture
def owner(bakery: Bakery) -> OnTeam:
    return team_of(bakery, "owner")


def look(team: OnTeam, text: str | bytes, kind: str = "people") -> tables.Preview:
    data = text.encode() if isinstance(text, str) else text
    return tables.look_at(team, kind=kind, file=io.BytesIO(data), at=MOMENT)


def taken(team: OnTeam, text: str | bytes, kind: str = "people") -> int:
    found = look(team, text, kind)
    assert found.problems == ()
    assert found.import_id
    return tables.take(team, kind=kind, import_id=found.import_id, at=MOMENT)


def test_looked_at_nothing_is_taken_yet(owner: OnTeam) -> None:
    found = look(owner, PEOPLE)
    assert (found.count, found.new, found.problems) == (2, 2, ())
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        PEOPLE.encode(),
        b"\xef\xbb\xbf" + PEOPLE.encode(),
        PEOPLE.encode("utf-16"),
        PEOPLE.replace(";", "|").replace(",", ";").encode(),
        PEOPLE.replace(",", "\t").encode(),
        ARABIC.encode(),
    ],
)
def test_whatever_program_wrote_it(owner: OnTeam, data: bytes) -> None:
    assert taken(owner, data) == 2
    (id_,) = records.find(owner, words="dana@example")
    found = records.record(owner, customer_id=id_)
    assert (found.name, found.of_kind("email")) == ("Dana Haddad", ["dana@example.org", "d@example.net"])
    assert (found.of_kind("phone"), found.consent, found.source) == (["03 123 456"], "yes", "table")


def test_the_same_table_again_makes_nobody_new(owner: OnTeam) -> None:
    taken(owner, PEOPLE)
    assert look(owner, PEOPLE).new == 0
    taken(owner, PEOPLE)
    assert Customer.objects.count() == 2


@pytest.mark.parametrize(
    "rows", ["Dana,no address,,,\n", "Dana,,12,,\n", "Dana,,,,perhaps\n", ",,,x,\n", f"{'x' * 300},,,,\n"]
)
def test_one_wrong_row_and_nothing_can_be_taken(owner: OnTeam, rows: str) -> None:
    found = look(owner, PEOPLE + rows)
    assert (found.import_id, [each.number for each in found.problems]) == (None, [4])
    assert str(found.problems[0].sentence)


def test_a_row_that_names_two_customers_is_refused(owner: OnTeam) -> None:
    made(owner, emails=["dana@example.org"])
    made(owner, "D", emails=["d@example.net"])
    assert [each.number for each in look(owner, PEOPLE).problems] == [2]


def test_formulas_stay_text(owner: OnTeam) -> None:
    taken(owner, 'name,email\n"=HYPERLINK(""http://x"",""y"")",f@example.org\n')
    (line,) = lists.listed(owner, sort="made", at=MOMENT).lines
    assert line.name == '=HYPERLINK("http://x","y")'
    sheet = files.group(owner, title="All", rule=Rule(), at=MOMENT)
    assert "'=HYPERLINK" in csvs.written(sheet).decode()
    assert taken(owner, "name,email\n'=HYPERLINK,g@example.org\n") == 1
    assert Customer.objects.filter(name="=HYPERLINK").exists()


def test_a_million_rows_are_refused_in_a_sentence(owner: OnTeam) -> None:
    with pytest.raises(BadInput, match="too_many_rows"):
        look(owner, "name\n" + "Dana\n" * 1_000_000)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"PK\x03\x04xx", b"colour,size\nred,9\n", b"name,email\n"]
)
def test_what_is_no_table_is_refused(owner: OnTeam, data: bytes) -> None:
    with pytest.raises(BadInput):
        look(owner, data)


def test_a_table_is_taken_once_by_whoever_looked_at_it(bakery: Bakery, owner: OnTeam) -> None:
    import_id = look(owner, PEOPLE).import_id
    assert import_id
    with pytest.raises(NotThere):
        tables.take(team_of(bakery, "editor"), kind="people", import_id=import_id, at=MOMENT)
    with pytest.raises(NotThere):
        tables.take(shopping.other_bakery(), kind="people", import_id=import_id, at=MOMENT)
    tables.take(owner, kind="people", import_id=import_id, at=MOMENT)
    with pytest.raises(NotThere):
        tables.take(owner, kind="people", import_id=import_id, at=MOMENT)


ORDERS = (
    "date;value;currency;order id;customer\n"
    "01/10/2026;12,50;EUR;A-1;Dana@Example.org\n"
    "٢٠٢٦-١٠-١٥;٧٫٥;eur;A-2;dana@example.org\n"
    "2026-10-20;3;USD;A-3;\n"
)


def test_orders_come_with_their_customers(owner: OnTeam) -> None:
    id_ = made(owner, emails=["dana@example.org"])
    assert taken(owner, ORDERS, "orders") == 3
    line = lists.bought(owner, customer_id=id_, at=MOMENT).line
    assert (line.orders, line.value, line.currency) == (2, Decimal(20), "EUR")
    assert Order.objects.filter(reported_by="hand").count() == 3
    taken(owner, ORDERS, "orders")
    assert Order.objects.count() == 3


@pytest.mark.parametrize(
    "row",
    ["2026-10-01;1,200;EUR;B;x", "2026-10-01;-5;EUR;B;x", "31/02/2026;5;EUR;B;x", "2026-10-01;5;XXX;B;x",
     "2027-10-01;5;EUR;B;x", "2026-10-01;5;EUR;;x", "2026-10-01;5;EUR;B;no@address"],
)  # fmt: skip
def test_an_order_that_cannot_be_is_refused(owner: OnTeam, row: str) -> None:
    found = look(owner, ORDERS + row + "\n", "orders")
    assert [each.number for each in found.problems] == [5]


# groups -----------------------------------------------------------------------------------------------------


def test_groups_have_names_of_their_own(bakery: Bakery, owner: OnTeam) -> None:
    id_ = segments.make(owner, name="Regulars", rule=Rule(tags=("regular",)), at=MOMENT)
    with pytest.raises(Conflict):
        segments.make(owner, name=" Regulars ", rule=Rule(), at=MOMENT)
    assert [(each.id, each.name, each.rule) for each in segments.segments(owner)] == [
        (id_, "Regulars", Rule(tags=("regular",)))
    ]
    with pytest.raises(NotThere):
        segments.end(shopping.other_bakery(), segment_id=id_, at=MOMENT)
    assert segments.segments(team_of(bakery, "advertiser"))
    with pytest.raises(NotAllowed):
        segments.segments(team_of(bakery, "support"))
    segments.end(owner, segment_id=id_, at=MOMENT)
    assert segments.segments(owner) == []


def test_a_group_of_another_pages_campaign_is_none(owner: OnTeam) -> None:
    terms = Terms(name="Theirs", goal="orders", starts_on=MOMENT.date(), ends_on=MOMENT.date())
    theirs = studio.make_campaign(team=shopping.other_bakery(), terms=terms, at=MOMENT)
    with pytest.raises(NotThere):
        segments.make(owner, name="Buyers", rule=Rule(campaign_id=theirs), at=MOMENT)
    assert segments.segments(owner) == []
    own = studio.make_campaign(team=owner, terms=terms, at=MOMENT)
    segments.make(owner, name="Buyers", rule=Rule(campaign_id=own), at=MOMENT)


def test_who_bought_in_a_campaign(owner: OnTeam) -> None:
    from majlis.studio import actions as plans
    from majlis.studio.conversions import promo_codes

    terms = plans.Terms(
        name="Winter", goal="orders", starts_on=MOMENT.date(), ends_on=MOMENT.date(), budget=Decimal(0)
    )
    campaign = plans.make_campaign(team=owner, terms=terms, at=MOMENT)
    promo_codes.make_promo_code(owner, code="WINTER", at=MOMENT, campaign_id=campaign)
    order(owner, 1, "dana@example.org", promo_code="winter")
    order(owner, 2, "rima@example.org")
    found = lists.listed(owner, rule=Rule(campaign_id=campaign), at=MOMENT).lines
    assert len(found) == 1


def test_only_joined_members_who_praise_are_told(owner: OnTeam, bakery: Bakery) -> None:
    dana, charlie = people.dana(), people.charlie()
    for who, mail in ((dana, "dana@example.org"), (charlie, "charlie@example.org")):
        confirmed(who, mail)
        records.make(owner, checked(name=mail, emails=[mail], at=MOMENT), at=MOMENT)
        actions.write_review(
            page=bakery.page.seen, by=who.id, stars=5, recommends=True, text="Warm bread.", at=MOMENT
        )
    assert praise.praise(owner, since=later(days=-7)) == []
    members.answer(member=dana.id, user=dana.user_id, page_id=owner.page_id, allowed=True, at=MOMENT)
    (found,) = praise.praise(owner, since=later(days=-7))
    assert (found.member_id, found.review, found.mentions, found.boosts) == (dana.id, True, 0, 0)
    assert praise.praise(owner, since=later(days=1)) == []
    assert segments.joined(owner.page_id, Rule(), at=MOMENT) == [dana.id]
    members.withdraw(member=dana.id, page_id=owner.page_id, at=MOMENT)
    assert praise.praise(owner, since=later(days=-7)) == []
    assert segments.joined(owner.page_id, Rule(), at=MOMENT) == []


def test_all_of_one_person_as_a_file(owner: OnTeam, bakery: Bakery) -> None:
    id_ = made(owner, emails=["dana@example.org"], consent="yes", consent_how="card", note="No nuts.")
    order(owner, 1, "dana@example.org", "10")
    told = json.loads(files.person_json(owner, customer_id=id_, at=MOMENT))
    assert (told["emails"], told["note"], told["consent"]) == (["dana@example.org"], "No nuts.", "yes")
    assert [each["id"] for each in told["orders"]] == ["B-1"]
    rows = dict(files.person_sheet(owner, customer_id=id_, at=MOMENT).rows)
    assert rows["E-mail"] == "dana@example.org"
    with pytest.raises(NotThere):
        files.person_json(shopping.other_bakery(), customer_id=id_, at=MOMENT)
