"""The studio for apps: each story told by requests, each answer held against the document."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import media_samples
import msgspec
import pytest
import studio_stories
from api_client import App
from described_api import DescribedApp, document
from django.test import Client
from measured_town import Town, town

import cast as people
from cast import Bakery
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.insights.windows import CHOICES
from majlis.people.models import ProfileCount
from majlis.posts import actions
from majlis.posts.composing import PostParams
from majlis.studio.conversions.orders import take
from majlis.studio.conversions.state import Report
from majlis.studio.promotion import account

pytestmark = pytest.mark.django_db


RAN: set[str] = set()


#: Rates of the API as the form of the page names them, in percent.
_FIELDS = {"reach_rate": "reach", "click_rate": "clicks", "conversion_rate": "orders"}


@pytest.fixture(autouse=True)
def _told(request: pytest.FixtureRequest) -> None:
    RAN.add(request.node.originalname)


@pytest.fixture
def bakery(tmp_path: Path, settings: Any) -> Bakery:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    return people.bakery()


def app(member: people.Member, scopes: str = "read write studio") -> DescribedApp:
    return DescribedApp(member, scopes=scopes)


def at(bakery: Bakery, rest: str = "") -> str:
    return f"/api/v1/studio/{bakery.page.id}" + (f"/{rest}" if rest else "")


def good(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


# teams ------------------------------------------------------------------------------------------------------


def test_a_team(bakery: Bakery) -> None:
    owner, dana = app(bakery.owner), people.dana()
    assert [each["id"] for each in good(owner.get("/api/v1/studio"))] == [str(bakery.page.id)]
    assert "team" in good(owner.get(at(bakery)))["permissions"]
    assert "team" not in good(app(bakery.analyst).get(at(bakery)))["permissions"]
    asked = good(owner.post(at(bakery, "team"), {"acct": "dana", "role": "support"}))
    assert [each["id"] for each in good(owner.get(at(bakery, "invitations")))] == [asked["id"]]
    assert [each["id"] for each in good(app(dana).get("/api/v1/studio/invitations"))] == [asked["id"]]
    good(app(dana).post(f"/api/v1/studio/invitations/{asked['id']}/accept"))
    assert {each["account"]["acct"] for each in good(owner.get(at(bakery, "team")))} >= {"dana", "elias"}
    good(owner.put(at(bakery, f"team/{dana.id}"), {"role": "editor"}))
    good(owner.delete(at(bakery, f"team/{bakery.support.id}")))
    good(app(dana).post(at(bakery, "team/leave")))
    assert good(owner.post(at(bakery, "team/link"), {"role": "editor"}))["url"].startswith("http")
    again = good(owner.post(at(bakery, "team"), {"account_id": str(dana.id), "role": "editor"}))
    good(app(dana).post(f"/api/v1/studio/invitations/{again['id']}/refuse"))
    third = good(owner.post(at(bakery, "team"), {"acct": "dana", "role": "editor"}))
    good(owner.delete(at(bakery, f"invitations/{third['id']}")))
    deeds = owner.get(at(bakery, "deeds"), limit=3)
    assert len(good(deeds)) == 3
    assert 'rel="next"' in deeds["Link"]


def test_a_stranger_hears_what_is_said_of_nothing(bakery: Bakery) -> None:
    charlie = App(people.charlie(), scopes="read write studio")
    for template, methods in document()["paths"].items():
        if "/studio/{page_id}" in template:
            for method in methods:
                rest = template.replace("{page_id}", "§").replace("{", "").replace("}", "")
                asked = [
                    charlie.send(method.upper(), rest.replace("§", page), {})
                    for page in (str(bakery.page.id), "99")
                ]
                assert {each.status_code for each in asked} == {404}, template
                assert asked[0].content == asked[1].content, template


def test_scopes_open_what_they_say(bakery: Bakery) -> None:
    for scopes, reads, writes in (
        ("read write", 403, 403), ("studio:read", 200, 403), ("studio:write", 403, 200), ("studio", 200, 200),
    ):  # fmt: skip
        asked = app(bakery.editor, scopes)
        assert asked.get(at(bakery)).status_code == reads, scopes
        assert asked.post(at(bakery, "entries"), {"text": "خبز"}).status_code == writes, scopes


# what the page says -----------------------------------------------------------------------------------------


def test_a_page_describes_itself(bakery: Bakery) -> None:
    editor = app(bakery.editor)
    said = good(editor.put(at(bakery, "page"), {"category": "bakery", "buttons": [{"kind": "message"}]}))
    assert said["category"] == "bakery"
    hours = {
        "time_zone": "Asia/Beirut",
        "week": {"mon": "8–13, 16–22"},
        "dates": [{"day": "2027-01-01", "name": "عيد"}],
    }
    assert (
        good(editor.put(at(bakery, "page/hours"), hours))["hours"]["week"]["mon"]
        == "08:00–13:00, 16:00–22:00"
    )
    first = good(
        editor.post(
            at(bakery, "offerings"), {"kind": "product", "name": "خبز", "price": "1.50", "currency": "EUR"}
        )
    )
    offer = {"kind": "offer", "name": "كعك", "ends_at": "2030-01-01T00:00:00Z"}
    second = good(editor.post(at(bakery, "offerings"), offer))
    good(editor.post(at(bakery, f"offerings/{second['id']}/move"), {"up": True}))
    good(editor.post(at(bakery, f"offerings/{second['id']}/pin")))
    assert [each["pinned"] for each in good(editor.get(at(bakery, "offerings")))] == [True, False]
    good(editor.post(at(bakery, "offerings/unpin")))
    good(editor.put(at(bakery, f"offerings/{first['id']}"), {"kind": "product", "name": "خبز صاج"}))
    good(editor.delete(at(bakery, f"offerings/{first['id']}")))
    assert good(editor.get(at(bakery, "page")))["offerings"][0]["price"] is None
    assert (
        good(DescribedApp(None).get(f"/api/v1/pages/{bakery.page.id}"))["hours"]["time_zone"] == "Asia/Beirut"
    )
    owner = app(bakery.owner)
    claimed = good(owner.post(at(bakery, "domains"), {"domain": "zaytoun.example"}))
    good(owner.post(at(bakery, f"domains/{claimed['id']}/check")))
    assert good(owner.get(at(bakery, "domains")))[0]["domain"] == "zaytoun.example"
    good(owner.delete(at(bakery, f"domains/{claimed['id']}")))


def test_reviews(bakery: Bakery) -> None:
    dana, page = app(people.dana()), f"/api/v1/pages/{bakery.page.id}"
    assert dana.get(f"{page}/review").status_code == 404
    mine = good(dana.put(f"{page}/review", {"stars": 4, "recommends": True, "text": "Warm bread."}))
    assert good(dana.get(f"{page}/review")) == mine
    support = app(bakery.support)
    assert len(good(support.get(at(bakery, "reviews"), unanswered="true"))) == 1
    good(support.put(at(bakery, f"reviews/{mine['id']}/answer"), {"text": "شكرًا"}))
    shown = good(DescribedApp(None).get(f"{page}/reviews"))
    assert shown[0]["replied_by"] is None
    assert "شكرًا" in shown[0]["reply"]
    assert good(support.get(at(bakery, "reviews")))[0]["replied_by"] == str(bakery.support.id)
    assert good(DescribedApp(None).get(f"{page}/rating"))["average"] == 4
    good(app(people.bob()).post(f"{page}/reviews/{mine['id']}/report", {"category": "spam", "comment": "?"}))
    good(dana.delete(f"{page}/review"))
    assert good(dana.get(f"{page}/reviews")) == []
    charlie = App(people.charlie())
    assert charlie.get(f"/api/v1/pages/{charlie.member.id}").status_code == 404  # type: ignore[union-attr]


# the plan ---------------------------------------------------------------------------------------------------


def test_an_entry_from_draft_to_post(bakery: Bakery) -> None:
    editor, owner = app(bakery.editor), app(bakery.owner)
    made = good(
        editor.post(at(bakery, "entries"), {"text": "خبز", "thread": ["وكعك"], "first_comment": "صباحًا"})
    )
    one = at(bakery, f"entries/{made['id']}")
    changed = good(editor.put(one, {"version": 1, "text": "خبز طازج"}))
    assert (changed["version"], changed["content"]["thread"][0]["text"]) == (2, "وكعك")
    assert len(good(editor.get(f"{one}/versions"))) == 2
    good(editor.post(f"{one}/restore", {"version": 1}))
    assert good(editor.post(f"{one}/ask"))["state"] == "waiting"
    assert [each["id"] for each in good(owner.get(at(bakery, "entries"), list="waiting"))] == [made["id"]]
    good(owner.post(f"{one}/decision", {"version": 3, "approved": False, "text": "أقصر"}))
    good(owner.post(f"{one}/comments", {"text": "أحسنت"}))
    assert len(good(editor.get(f"{one}/comments"))) == 3
    good(editor.send("DELETE", f"{one}/ask"))
    due = (now() + timedelta(days=2)).isoformat()
    assert (
        good(editor.post(f"{one}/schedule", {"due_at": due, "again_every": 7, "again_left": 2}))["state"]
        == "scheduled"
    )
    assert len(good(editor.get(at(bakery, "entries"), days=5))) == 1
    good(editor.post(f"{one}/move", {"due_at": (now() + timedelta(days=3)).isoformat()}))
    good(editor.delete(f"{one}/schedule"))
    assert (
        good(editor.put(at(bakery, "slots"), {"slots": [{"weekday": 0, "time": "09:00"}]}))[0]["weekday"] == 0
    )
    assert len(good(editor.get(at(bakery, "slots")))) == 1
    assert good(editor.post(f"{one}/queue"))["queued_at"]
    copied = good(editor.post(f"{one}/copy"))
    good(editor.post(at(bakery, f"entries/{copied['id']}/queue")))
    good(editor.post(at(bakery, f"entries/{copied['id']}/earlier")))
    assert [each["id"] for each in good(editor.get(at(bakery, "entries"), list="queue"))] == [
        copied["id"],
        made["id"],
    ]
    good(editor.delete(at(bakery, f"entries/{copied['id']}")))
    assert good(editor.post(at(bakery, f"entries/{copied['id']}/bring_back")))["state"] == "scheduled"
    assert good(editor.post(f"{one}/publish"))["state"] == "published"
    assert good(editor.get(one))["post_id"]


def test_two_who_change_one_entry_are_both_heard(bakery: Bakery) -> None:
    editor, owner = app(bakery.editor), app(bakery.owner)
    one = at(bakery, f"entries/{good(editor.post(at(bakery, 'entries'), {'text': 'خبز'}))['id']}")
    good(owner.put(one, {"version": 1, "text": "كعك"}))
    refused = good(editor.put(one, {"version": 1, "text": "خبز صاج"}), 409)
    assert refused["code"] == "changed_meanwhile"
    assert refused["present"]["content"]["text"] == "كعك"
    assert refused["present"]["version"] == 2
    assert refused["sent"]["text"] == "خبز صاج"
    assert good(editor.get(one))["content"]["text"] == "كعك"
    assert (
        good(owner.post(f"{one}/decision", {"version": 1, "approved": True}), 409)["present"]["version"] == 2
    )


def test_what_is_sent_twice_with_a_key_is_done_once(bakery: Bakery) -> None:
    editor, key = app(bakery.editor), {"Idempotency-Key": "a walk by the sea"}
    first = good(editor.post(at(bakery, "entries"), {"text": "خبز"}, headers=key))
    assert good(editor.post(at(bakery, "entries"), {"text": "خبز"}, headers=key)) == first
    assert len(good(editor.get(at(bakery, "entries"), list="drafts"))) == 1
    assert good(editor.post(at(bakery, "entries"), {"text": "كعك"}, headers=key), 409)["code"] == "key_reused"
    # a key is its member's own, and one that came with what was refused is free again
    assert good(app(bakery.owner).post(at(bakery, "entries"), {"text": "خبز"}, headers=key)) != first
    other = {"Idempotency-Key": "another"}
    assert editor.post(at(bakery, "campaigns"), {"name": ""}, headers=other).status_code == 422
    assert editor.post(at(bakery, "entries"), {"text": "زعتر"}, headers=other).status_code == 200
    assert (
        editor.post(at(bakery, "entries"), {"text": "a"}, headers={"Idempotency-Key": "k" * 256}).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [({"name": 5}, "name"), ({"starts_on": "tomorrow"}, "starts_on"), ({"budget": "NaN"}, "budget"),
     ({"budget": "1e999999"}, "budget"), ({"starts_on": "0001-01-01"}, "starts_on"), ({"name": "\u0000"}, "name"),
     ({"goal": None}, "goal")],
)  # fmt: skip
def test_nonsense_is_refused_by_its_name(bakery: Bakery, body: dict[str, Any], field: str) -> None:
    sound = {"name": "صيف", "goal": "orders", "starts_on": "2027-06-01", "ends_on": "2027-07-01"}
    refused = good(app(bakery.editor).post(at(bakery, "campaigns"), sound | body), 422)
    assert field in refused["error"]


def test_a_form_says_the_same_as_json(bakery: Bakery) -> None:
    sent = {"text": "خبز", "sensitive": "true", "poll": {"options": ["نعم", "لا"], "expires_in": "3600"}}
    said = good(app(bakery.editor).form("POST", at(bakery, "entries"), sent))["content"]
    assert (said["text"], said["sensitive"], said["poll"]["expires_in"]) == ("خبز", True, 3600)


def test_campaigns_review_links_and_the_table(bakery: Bakery) -> None:
    editor = app(bakery.editor)
    terms = {
        "name": "صيف",
        "goal": "orders",
        "starts_on": "2027-06-01",
        "ends_on": "2027-07-01",
        "budget": "100.50",
    }
    made = good(editor.post(at(bakery, "campaigns"), terms))
    one = at(bakery, f"campaigns/{made['id']}")
    assert good(editor.put(one, terms | {"name": "الصيف"}))["name"] == "الصيف"
    good(editor.post(at(bakery, "entries"), {"text": "خبز", "campaign_id": made["id"]}))
    assert len(good(editor.get(f"{one}/entries"))) == 1
    assert good(editor.post(f"{one}/close"))["closed_at"]
    good(editor.post(f"{one}/reopen"))
    assert good(editor.get(one))["planned"] == good(editor.get(at(bakery, "campaigns")))[0]["planned"]
    link = good(editor.post(at(bakery, "review_links"), {"name": "Nadia", "days": 7}))
    assert link["url"].rpartition("/")[2] not in editor.get(at(bakery, "review_links")).content.decode()
    by_mail = {"name": "Rana", "days": 7, "email": "rana@hotel.example", "language": "ar"}
    good(editor.post(at(bakery, "review_links"), by_mail))
    assert good(editor.get(at(bakery, "review_links")))[0]["email"] == "rana@hotel.example"
    assert editor.post(at(bakery, "review_links"), by_mail | {"email": "rana"}).status_code == 422
    good(editor.delete(at(bakery, f"review_links/{link['id']}")))
    table = editor.get(at(bakery, "plan"))
    assert table["Content-Type"].startswith("text/csv")
    sent = "text\nخبز الصباح\nكعك\n".encode()
    seen = good(editor.multipart("POST", at(bakery, "plan"), {}, file=("plan.csv", sent, "text/csv")))
    assert good(editor.post(at(bakery, f"plan/{seen['import_id']}/take")))["entries"] == 2
    wrong = good(
        editor.multipart(
            "POST", at(bakery, "plan"), {}, file=("p.csv", b"text,language\na,Klingonish\n", "text/csv")
        )
    )
    assert wrong["import_id"] is None
    assert wrong["problems"][0]["column"] == "language"


# links and what comes of them -------------------------------------------------------------------------------


def test_links_goals_codes_shops_and_orders(bakery: Bakery) -> None:
    owner = app(bakery.owner)
    made = good(
        owner.post(at(bakery, "links"), {"target": "https://zaytoun.example/", "utm": {"source": "majlis"}})
    )
    one = at(bakery, f"links/{made['id']}")
    assert good(owner.get(one)) == made
    assert good(owner.put(one, {"target": "https://zaytoun.example/bread"}))["url"] == made["url"]
    good(owner.get(f"{one}/clicks"))
    assert good(owner.get(at(bakery, "links"), limit=1))[0]["id"] == made["id"]
    good(owner.get(at(bakery, "links/figures")))
    good(owner.delete(one))
    goal = good(
        owner.post(
            at(bakery, "goals"), {"name": "Order", "kind": "order", "origins": ["https://zaytoun.example"]}
        )
    )
    good(owner.put(at(bakery, f"goals/{goal['id']}"), {"origins": []}))
    order = {"id": "1", "value": "12.50", "currency": "EUR"}
    assert (
        good(owner.post(at(bakery, "orders"), {"orders": [order, {"id": ""}]}))["orders"][0]["state"]
        == "taken"
    )
    good(owner.post(at(bakery, "orders"), {"id": ""}), 422)
    told = good(owner.get(at(bakery, "goals/figures")))[0]
    assert (told["orders"]["value"], told["orders"]["grade"], told["value"]["value"]) == (
        1,
        "exact",
        "12.500",
    )
    assert good(owner.get(at(bakery, "goals")))[0]["name"] == "Order"
    good(owner.delete(at(bakery, f"goals/{goal['id']}")))
    code = good(owner.post(at(bakery, "promo_codes"), {"code": "زيتون 20"}))
    assert good(owner.get(at(bakery, "promo_codes")))[0]["orders"]["value"] == 0
    by_script = Report(external_id="S", by="script", as_of=now(), promo_code="زيتون 20")
    take(page_id=bakery.page.id, reports=[by_script], arrived_at=now())
    told = good(owner.get(at(bakery, "promo_codes")))[0]["orders"]
    assert (told["value"], told["grade"]) == (1, "reported")
    good(owner.delete(at(bakery, f"promo_codes/{code['id']}")))
    key = {"Idempotency-Key": "shop"}
    shop = good(owner.post(at(bakery, "shops"), {"kind": "shopify"}, headers=key))
    assert good(owner.post(at(bakery, "shops"), {"kind": "shopify"}, headers=key)) == shop
    assert shop["secret"] not in owner.get(at(bakery, "shops")).content.decode()
    good(owner.get(at(bakery, "shops")))
    assert good(owner.post(at(bakery, f"shops/{shop['id']}/secret")))["secret"] != shop["secret"]
    good(owner.delete(at(bakery, f"shops/{shop['id']}")))


# figures ----------------------------------------------------------------------------------------------------


@pytest.fixture
def made_town(db: None, tmp_path: Path, settings: Any) -> Town:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    return town(at=now())


def test_windows_are_those_of_the_pages_so_that_no_two_differ_by_a_day(made_town: Town) -> None:
    bakery, analyst = made_town.bakery, app(made_town.bakery.analyst)
    for part in ("figures", "audience", "funnel", "posts", "links/figures", "goals/figures", "promo_codes"):
        answers = {
            days: analyst.get(at(bakery, part), days=days).status_code for days in (*CHOICES, 1, 27, 29, 366)
        }
        assert answers == dict.fromkeys(CHOICES, 200) | dict.fromkeys((1, 27, 29, 366), 422), part


def test_figures_of_a_page_that_was_seen(made_town: Town) -> None:
    bakery, analyst = made_town.bakery, app(made_town.bakery.analyst)
    posts = good(analyst.get(at(bakery, "posts"), order="reach"))
    assert posts
    shares = [each["seen_rate"]["value"] for each in posts if each["seen_rate"]["value"] is not None]
    assert shares == sorted(shares, reverse=True)
    one = good(analyst.get(at(bakery, f"posts/{posts[0]['id']}")))
    ledger = good(analyst.get(at(bakery, f"posts/{posts[0]['id']}/ledger")))
    assert one["ledger"]["lines"] == ledger["lines"]
    told = [line["count"] for line in ledger["lines"] if line["count"] is not None]
    assert sum(told) + (ledger["merged"] or 0) == ledger["eligible"]
    assert all(count == 0 or count >= 10 for count in told)
    assert all(line["hidden"] == (line["count"] is None) for line in ledger["lines"])
    figures = good(analyst.get(at(bakery, "figures"), days=28))
    assert figures["growth"]["followers"]["value"] > 0
    good(analyst.get(at(bakery, "audience"), days=90))
    assert good(analyst.get(at(bakery, "funnel")))["steps"][0]["step"] == "served"
    asked = {
        "followers": 1000,
        "cost": 500,
        "margin": 5,
        "click_rate": 0.1,
        "conversion_rate": 0.05,
        "posts": 20,
        "reach_rate": 0.4,
    }
    answer = good(analyst.get(at(bakery, "what_if"), **asked))
    assert answer["throttled"]["followers"] > answer["today"]["followers"]
    assert good(analyst.get(at(bakery, "what_if"), followers=1, cost=1, margin=1))["missing"]
    # whose followers nobody sends has its own
    del asked["followers"]
    ProfileCount.objects.filter(profile_id=bakery.page.id).update(followers=120)
    own = good(analyst.get(at(bakery, "what_if"), **asked))
    assert own["today"] == good(analyst.get(at(bakery, "what_if"), **asked, followers=120))["today"]
    assert own["today"] != good(analyst.get(at(bakery, "what_if"), **asked, followers=121))["today"]


def test_small_groups_are_hidden_and_it_says_so(bakery: Bakery) -> None:
    figures = good(app(bakery.analyst).get(at(bakery, "figures")))
    each = [*figures["reach"], *figures["growth"].values()]
    assert all((one["value"] is None) or not one["hidden"] for one in each)
    assert app(bakery.analyst).get(at(bakery, "posts/99")).status_code == 404


def test_promotion(made_town: Town) -> None:
    for number in range(12):  # to fewer than ten nothing is promoted
        people.member(f"neighbour{number}")
    bakery, advertiser = made_town.bakery, app(made_town.bakery.advertiser)
    account.top_up(page_id=bakery.page.id, amount=Decimal(50),
                   note="", by=User.objects.values_list("pk", flat=True)[0], at=now())  # fmt: skip
    assert good(advertiser.get(at(bakery, "balance")))["balance"] == "50.0000"
    reach = good(advertiser.get(at(bakery, "promotions/reach"), who="everyone"))
    assert (reach["people"] or 0) % 10 == 0 or reach["people"] < 100
    body = {
        "post_id": str(made_town.posts[-1]),
        "budget": "10",
        "bid": "0.5",
        "ends_at": (now() + timedelta(days=9)).isoformat(),
    }
    made = good(advertiser.post(at(bakery, "promotions"), body))
    one = at(bakery, f"promotions/{made['id']}")
    assert good(advertiser.post(f"{one}/pause"))["state"] == "paused"
    assert good(advertiser.post(f"{one}/resume"))["state"] == "running"
    good(advertiser.get(f"{one}/days"))
    assert good(advertiser.post(f"{one}/stop"))["state"] == "stopped"
    assert good(advertiser.get(one))["impressions"]["value"] == 0
    assert len(good(advertiser.get(at(bakery, "promotions")))) == 1
    campaign = {"name": "صيف", "goal": "reach", "starts_on": "2027-06-01", "ends_on": "2027-07-01"}
    of = good(app(bakery.editor).post(at(bakery, "campaigns"), campaign))["id"]
    listed = at(bakery, f"campaigns/{of}/promotions")
    assert good(advertiser.get(listed)) == []
    within = good(advertiser.post(at(bakery, "promotions"), body | {"campaign_id": of}))
    assert [each["id"] for each in good(advertiser.get(listed))] == [within["id"]]
    assert advertiser.get(at(bakery, "campaigns/99/promotions")).status_code == 404
    assert good(advertiser.get(at(bakery, "balance/lines")))[0]["amount"] == "50.0000"


def test_what_is_counted_about_me() -> None:
    dana = app(people.dana())
    assert good(dana.get("/api/v1/majlis/measured"))["measured"] is True
    assert good(dana.post("/api/v1/majlis/measured", {"measured": False}))["measured"] is False
    assert good(dana.get("/api/v1/majlis/measured"))["since"]


def test_the_library(bakery: Bakery) -> None:
    editor = app(bakery.editor)
    picture = {"file": ("bread.jpg", media_samples.encode(media_samples.photo(), "JPEG"), "image/jpeg")}
    made = good(editor.multipart("POST", at(bakery, "library"), {"description": "خبز على الحجر"}, **picture))
    assert [each["id"] for each in good(editor.get(at(bakery, "library"), q="الحجر"))] == [made["id"]]
    one = at(bakery, f"library/{made['id']}")
    assert good(editor.put(one, {"description": "Bread"}))["description"] == "Bread"
    entry = good(editor.post(at(bakery, "entries"), {"text": "خبز", "media_ids": [made["id"]]}))
    assert editor.delete(one).status_code == 409
    part = {"text": "وكعك", "media_ids": [made["id"]], "warning": "سمسم", "language": "ar"}
    said = {"version": 1, "media_ids": [], "thread": ["ثم", part]}
    changed = good(editor.put(at(bakery, f"entries/{entry['id']}"), said))
    assert changed["content"]["thread"][1] == part | {"sensitive": False}
    assert editor.delete(one).status_code == 409, "a part shows it"
    good(editor.put(at(bakery, f"entries/{entry['id']}"), {"version": 2, "thread": []}))
    good(editor.delete(one))
    charlie = App(people.charlie(), scopes="read write studio")
    assert charlie.multipart("POST", at(bakery, "library"), {}, **picture).status_code == 404


def test_money(bakery: Bakery) -> None:
    owner, editor, analyst = app(bakery.owner), app(bakery.editor), app(bakery.analyst)
    last = now().date().replace(day=1) - timedelta(days=1)
    day, month = last.isoformat(), last.replace(day=1).isoformat()
    good(owner.put(at(bakery, "money/book"), {"currency": "EUR", "idle_seconds": 120}))
    for rate in (
        {"kind": "margin", "value": "0.6"}, {"kind": "hour", "key": "editor", "value": "15"},
        {"kind": "exchange", "key": "USD", "value": "0.5"},
    ):  # fmt: skip
        good(owner.post(at(bakery, "money/rates"), {**rate, "from_day": "2020-01-01"}))
    assert len(good(analyst.get(at(bakery, "money/book")))["rates"]) == 3
    spent = {"kind": "tools", "amount": "10", "currency": "USD", "from_day": month, "note": "Camera"}
    made = good(owner.post(at(bakery, "money/costs"), spent))
    good(editor.put(at(bakery, "money/hours/consent"), {"measured": True, "named": True}))
    good(editor.post(at(bakery, "money/hours"), {"hours": "4", "day": day}))
    good(owner.post(at(bakery, "money/hours"), {"hours": "1", "day": day, "role": "support"}))
    own = good(editor.get(at(bakery, "money/hours"), days=90))
    assert (own["named"], [each["seconds"] for each in own["pieces"]]) == (True, [14400])
    team = good(analyst.get(at(bakery, "money/hours/team"), days=90))
    assert (team["roles"], [each["seconds"] for each in team["named"]]) == (
        {"editor": 14400, "support": 3600},
        [14400],
    )
    report = Report(
        external_id="1",
        by="server",
        as_of=now(),
        ordered_at=now() - timedelta(days=40),
        value=Decimal(30),
        currency="EUR",
    )
    take(page_id=bakery.page.id, reports=[report], arrived_at=now())
    found = good(analyst.get(at(bakery, "money"), month=month))
    # four hours at 15 and ten dollars at a half; an hour of support has no price
    assert (found["sums"]["cost"], found["unpriced_hours"], found["closed"]) == ("65.00", "1.00", None)
    assert {each["name"]: each["value"] for each in found["figures"]}["Full cost"] == "65.00"
    closed = good(owner.post(at(bakery, "money/closed"), {"month": month}))
    assert owner.post(at(bakery, "money/closed"), {"month": month}).status_code == 409
    good(owner.delete(at(bakery, f"money/costs/{made['id']}")))
    found = good(analyst.get(at(bakery, "money"), month=month))
    assert (found["closed"]["told"], found["now"]["cost"]) == (closed, "60.00")
    assert good(analyst.get(at(bakery, "money/closed")))[0]["month"] == month
    assert good(analyst.get(at(bakery, "money/costs"))) == []
    shared = good(analyst.get(at(bakery, "money/attribution"), days=90, by="post"))
    assert [each["untouched"] for each in shared["models"]] == [1.0] * 8
    worked = {
        "posts": 20,
        "reach_rate": 0.04,
        "click_rate": 0.015,
        "conversion_rate": 0.02,
        "margin": 12,
        "cost": 700,
    }
    month_of = good(analyst.get(at(bakery, "money/break_even"), **worked, followers=15))
    assert (month_of["followers"], month_of["grade"], month_of["own"]) == (243_056, "estimated", [])
    assert [(each["followers"], each["result"]) for each in month_of["months"]] == [
        (15, -699.96), (500, -698.56), (15_000, -656.8), (243_056, 0.0),
    ]  # fmt: skip
    assert good(analyst.get(at(bakery, "money/break_even")))["missing"]
    # the page says the same of the same numbers, its own among them
    for given in (worked, {**worked, "followers": 15}, {"margin": 12, "cost": 700}, {}):
        told = good(analyst.get(at(bakery, "money/break_even"), **given))
        typed = {
            _FIELDS.get(name, name): value * (100 if name in _FIELDS else 1) for name, value in given.items()
        }
        client = Client()
        client.force_login(User.objects.get(pk=bakery.owner.user_id))
        page = client.get(f"/studio/{bakery.page.handle}/money/break-even", typed)
        assert page.context["result"].get("needed") == told["followers"]
        assert len(page.context["result"]["rows"]) == len(told["months"])
        known = {_FIELDS.get(name, name) for name in told["own"]}
        assert {each.name for each in page.context["fields"] if each.known} == known
    assert analyst.get(at(bakery, "money/break_even"), reach_rate=2).status_code == 422
    good(
        owner.delete(at(bakery, "money/rates"), {"kind": "exchange", "key": "USD", "from_day": "2020-01-01"})
    )
    good(editor.delete(at(bakery, f"money/hours/{own['pieces'][0]['id']}")))
    good(editor.put(at(bakery, "money/hours/consent"), {"measured": False, "forget": True}))
    assert good(editor.get(at(bakery, "money/hours")))["measured"] is False
    assert good(analyst.get(at(bakery, "money")))["sums"]["roi"] is None


def test_money_that_cannot_be(bakery: Bakery) -> None:
    owner = app(bakery.owner)
    for wrong in ("-1", "0", "1e400", "NaN", "Infinity", "100000000000", "many"):
        spent = {"kind": "tools", "amount": wrong, "currency": "EUR", "from_day": "2026-01-01"}
        assert owner.post(at(bakery, "money/costs"), spent).status_code == 422
        worked = {"hours": wrong, "day": f"{now():%Y-%m-%d}"}
        assert owner.post(at(bakery, "money/hours"), worked).status_code == 422
        rate = {"kind": "exchange", "key": "USD", "value": wrong, "from_day": "2026-01-01"}
        assert owner.post(at(bakery, "money/rates"), rate).status_code == 422
    assert owner.post(at(bakery, "money/closed"), {"month": f"{now():%Y-%m-%d}"}).status_code == 422
    for who in (bakery.editor, bakery.support, bakery.advertiser):
        for part in (
            "money", "money/costs", "money/hours/team", "money/attribution", "money/book", "money/break_even",
        ):  # fmt: skip
            assert app(who).get(at(bakery, part)).status_code == 403


def test_the_owners_questions_and_the_report(bakery: Bakery) -> None:
    owner, analyst = app(bakery.owner), app(bakery.analyst)
    answers = good(analyst.get(at(bakery, "questions")))
    assert [each["question"] for each in answers] == ["paid", "earned", "slipping", "stop"]
    assert not any(each["enough"] for each in answers)
    assert len(good(owner.get(at(bakery, "report")))["answers"]) == 4
    printed = owner.get(at(bakery, "report/pdf"))
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert good(owner.put(at(bakery, "report/wish"), {"day": 3, "language": "ar"}))["day"] == 3
    assert good(analyst.get(at(bakery, "report/wish"))) == {"day": None, "language": None}
    good(owner.delete(at(bakery, "report/wish")))


def test_a_page_goes_to_another_login(bakery: Bakery) -> None:
    owner = app(bakery.owner)
    assert owner.post(at(bakery, "team/hand_over"), {"account_id": str(bakery.editor.id)}).status_code == 409
    good(owner.put(at(bakery, f"team/{bakery.editor.id}"), {"role": "owner"}))
    good(owner.post(at(bakery, "team/hand_over"), {"account_id": str(bakery.editor.id)}))


def test_experiments_second_chances_and_tests_of_links(bakery: Bakery) -> None:
    editor, analyst, charlie = app(bakery.editor), app(bakery.analyst), app(people.charlie())
    made = good(editor.post(at(bakery, "experiments"), {"kind": "holdout", "share": 0.1}))
    assert made["answer"].startswith("No post has had")
    assert editor.post(at(bakery, "experiments"), {"kind": "holdout", "share": 0.5}).status_code == 422
    assert editor.post(at(bakery, "experiments"), {"kind": "versions"}).status_code == 422
    assert [each["id"] for each in good(analyst.get(at(bakery, "experiments")))] == [made["id"]]
    one = at(bakery, f"experiments/{made['id']}")
    assert good(analyst.get(one))["groups"][0]["figures"]
    assert analyst.post(f"{one}/stop", {}).status_code == 403
    assert charlie.get(one).status_code == charlie.get(at(bakery, "experiments")).status_code == 404
    assert good(editor.post(f"{one}/stop", {}))["ended_at"]
    entry = good(editor.post(at(bakery, "entries"), {"text": "خبز"}))
    post = good(editor.post(at(bakery, f"entries/{entry['id']}/publish"), {}))["post_id"]
    (given,) = good(editor.post(at(bakery, "second_chances"), {"post_id": post}))
    assert (given["post_id"], given["placed"]) == (post, 0)
    good(editor.post(at(bakery, f"second_chances/{given['id']}/stop"), {}))
    assert [each["id"] for each in good(analyst.get(at(bakery, "second_chances")))] == [given["id"]]
    link = good(editor.post(at(bakery, "links"), {"target": "https://shop.example/a"}))
    tests = at(bakery, f"links/{link['id']}/tests")
    ends = (now() + timedelta(days=7)).isoformat()
    tried = good(editor.post(tests, {"target_b": "https://shop.example/b", "ends_at": ends}))
    assert tried["target_b"] == "https://shop.example/b"
    assert [each["id"] for each in good(analyst.get(tests))] == [tried["id"]]
    assert good(editor.post(f"{tests}/stop", {"chosen": "a"}))["chosen"] == "a"


def test_voice_rivals_and_standing(bakery: Bakery) -> None:
    owner, alice, charlie = app(bakery.owner), people.alice(), people.charlie()
    post = actions.publish(
        by=alice.id, params=PostParams(text="@bayt_zaytoun lovely bread, thank you"), at=now()
    ).post_id
    made = good(owner.post(at(bakery, "rivals"), {"name": "Crumb Bakery"}))
    found = good(owner.get(at(bakery, "voice")))
    assert found["rivals"] == ["Crumb Bakery"]
    assert found["spoken"][0]["share"] == 1
    assert found["spoken"][0]["people"] is None
    (mention,) = good(owner.get(at(bakery, "voice/mentions")))
    assert (mention["id"], mention["sound"], mention["corrected"]) == (str(post), "positive", False)
    good(owner.put(at(bakery, f"voice/mentions/{post}"), {"sound": "negative"}))
    assert good(owner.get(at(bakery, "voice/mentions")))[0]["corrected"]
    words = {"words": ["بيت زيتون"]}
    assert good(owner.put(at(bakery, "voice/words"), words)) == words
    assert good(owner.get(at(bakery, "voice/words"))) == words
    assert good(owner.put(at(bakery, f"rivals/{made['id']}"), {"words": ["#crumb"]}))["words"] == ["#crumb"]
    assert good(owner.post(at(bakery, "voice/kept"), {}))["rivals"][0]["name"] == "Crumb Bakery"
    assert len(good(owner.get(at(bakery, "voice/kept")))) == 1
    survey = {"asked": 10, "recalled": 4, "asked_on": "2026-01-02"}
    assert good(owner.put(at(bakery, "standing/recall"), survey)) == survey
    parts = good(owner.get(at(bakery, "standing")))["parts"]
    assert "survey_recall" in {part["aspect"] for part in parts}
    good(owner.delete(at(bakery, f"rivals/{made['id']}")))
    assert good(owner.get(at(bakery, "rivals"))) == []
    assert App(charlie, scopes="studio").get(at(bakery, "voice")).status_code == 404


def test_no_endpoint_is_without_a_story() -> None:
    """Each gave a good answer above, or in a file of its own."""
    studio_stories.check(ran=RAN, names=globals())
