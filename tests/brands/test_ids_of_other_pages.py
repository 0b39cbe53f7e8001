"""Ids of another page, sent through the door of one's own: as good as none, in addresses and in bodies.

The role replay sends strangers to a page's addresses. Here an owner stays at her own page and names what is
another page's: entries, links, promotions, pictures and all else that an address or a body can name.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from api_client import App
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from PIL import Image
from test_role_replay import TYPED, WRITTEN, Asked, of_apps, pages

import cast as people
from cast import MOMENT, Member
from clientele import made
from majlis.brands import actions as brands
from majlis.brands.access import OnTeam, team_door
from majlis.brands.customers import merging
from majlis.brands.models import Invitation, TeamMember
from majlis.brands.roles import Permission, Role
from majlis.care import assigning, causes, inbox, intake, replies
from majlis.care.assigning import Then, When
from majlis.care.inbox import Wanted
from majlis.core.clock import now
from majlis.people import actions as people_actions
from majlis.posts.actions import publish
from majlis.posts.composing import PostParams
from majlis.studio import actions
from majlis.studio.actions import Draft, Terms
from majlis.studio.conversions import goals, promo_codes, shops
from majlis.studio.customers import segments
from majlis.studio.customers.rules import Rule
from majlis.studio.links import actions as links
from majlis.studio.models import Again, Cost, Experiment, PlanImport, PlanLine, Promotion, Work
from majlis.studio.planning.planner import Proposal
from majlis.studio.rivals import naming
from majlis.web.studio import urls as studio
from plans import content

pytestmark = pytest.mark.django_db
NAMED: Final = re.compile(r"<(?:\w+:)?(\w+)>")
OWN: Final = {"handle", "page_id", "name", "form", "month"}
#: Beside what the role replay types: enough that what is sent could be taken, if only it were one's own.
SENT: Final = {
    **TYPED, "do": "queue", "due_at": (now() + timedelta(days=9)).isoformat(), "note": "A note",
    "priority": "1", "choice": "tomorrow",
    "ends_at": (now() + timedelta(days=20)).isoformat(), "target_b": "https://example.org/b",
    "target": "https://example.org/", "version": 1, "approved": True, "days": 7, "starts_on": "2026-12-01",
    "ends_on": "2026-12-31", "hours": {}, "utm": {}, "origins": ["https://example.org"],
    "wanted": True, "sound": "positive", "words": ["bread"], "customer_id": "1",
}  # fmt: skip
#: Ids that bodies name, by the names they have there.
BODIES: Final = {
    "campaign": "campaign_id", "campaign_id": "campaign_id", "entry": "entry_id", "entry_id": "entry_id",
    "photo": "photo_id", "media_ids": "photo_id", "cover_id": "photo_id", "post": "post_id", "post_id": "post_id",
    "link_id": "tracked_id", "offering_id": "offering_id", "review_id": "review_id", "to": "member_id",
    "customer_id": "customer_id", "group_id": "segment_id", "segment": "segment_id", "segment_id": "segment_id",
    "entry_a": "entry_id", "entry_b": "entry_id",
}  # fmt: skip


class Scene(msgspec.Struct):
    """What is the bakery's, by the names that addresses give it; and another business with an owner."""

    ids: dict[str, int]
    shop: Member
    browser: Client
    app: App


@pytest.fixture
def scene(tmp_path: Path, settings: Any) -> Scene:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=tmp_path)
    bakery, dana, alice = people.bakery(), people.dana(), people.alice()
    shop = people_actions.create_profile(user_id=alice.user_id, handle="shop", kind="business", at=MOMENT)
    TeamMember.objects.create(page_id=shop, member_id=alice.id, role="owner", made_at=MOMENT)
    team = team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.TEAM)
    entry = actions.make(team=team, draft=Draft(content=content("warm secret bread")), at=MOMENT)
    out = actions.make(team=team, draft=Draft(content=content("warm bread")), at=MOMENT)
    terms = Terms(name="Secret", goal="orders", starts_on=MOMENT.date(), ends_on=MOMENT.date())
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    post = actions.publish_now(team=team, entry_id=out, at=MOMENT)
    invitation = brands.invite(team, whom=people.bob().seen, role=Role.ANALYST, at=MOMENT)
    page = {"page_id": bakery.page.id, "made_at": MOMENT}
    ids = {
        "entry_id": entry,
        "post_id": post,
        "campaign_id": actions.make_campaign(team=team, terms=terms, at=MOMENT),
        "photo_id": actions.put_on_shelf(team=team, data=picture.getvalue(), at=MOMENT),
        "link_id": actions.make_link(team=team, name="Hotel", days=7, at=MOMENT).id,
        "tracked_id": links.make_link(team, target="https://example.org/secret", at=MOMENT).id,
        "goal_id": goals.make_goal(team, name="Secret", kind="order", origins=[], at=MOMENT).id,
        "code_id": promo_codes.make_promo_code(team, code="SECRET", at=MOMENT),
        "shop_id": shops.make_shop(team, kind="woocommerce", at=MOMENT)[0],
        "offering_id": brands.change_offering(team, kind="product", name="Secret", at=MOMENT),
        "review_id": brands.write_review(
            page=bakery.page.seen, by=dana.id, stars=4, recommends=True, text="A secret.", at=MOMENT
        ),
        "verification_id": brands.claim_domain(team, domain="secret.example", method="dns", at=MOMENT),
        "invitation_id": invitation,
        "member_id": bakery.editor.id,
        "account_id": bakery.editor.id,
        "import_id": PlanImport.objects.create(by_id=alice.id, rows=[], **page).pk,
        "promotion_id": Promotion.objects.create(
            post_id=post, budget=Decimal(10), bid=Decimal(1), starts_at=MOMENT, ends_at=people.later(days=9999),
            **page,
        ).pk,
    }  # fmt: skip
    publish(by=dana.id, params=PostParams(text="@bayt_zaytoun a secret"), at=MOMENT)
    intake.take_in(at=MOMENT)
    (conversation,) = inbox.listing(team, Wanted(source="mention"), at=MOMENT).rows
    ids["conversation_id"] = conversation.id
    ids["cause_id"] = causes.keep(team, name="Secret", at=MOMENT)
    ids["reply_id"] = replies.save(team, name="Secret", text="A secret", at=MOMENT)
    ids["rule_id"] = assigning.keep_rule(team, name="Secret", when=When(), then=Then(tag="secret"), at=MOMENT)
    ids["promo_code_id"] = ids["code_id"]
    ids |= _customers(team) | _rows(team, entry=entry, post=post)
    assert Invitation.objects.filter(pk=invitation).exists()
    browser = Client()
    browser.force_login(alice.user)
    return Scene(ids, Member(alice.user_id, shop, "shop"), browser, App(alice, scopes="read write studio"))


def _customers(team: OnTeam) -> dict[str, int]:
    kept, gone = (made(team, f"Secret {each}", emails=[f"{each}@secret.example"]) for each in "ab")
    return {
        "customer_id": kept,
        "merge_id": merging.merge(team, kept_id=kept, gone_id=gone, at=MOMENT),
        "segment_id": segments.make(team, name="Secret", rule=Rule(named=True), at=MOMENT),
        "rival_id": naming.name_rival(team, name="Secret", words=["secret"], at=MOMENT),
    }


def _rows(team: OnTeam, *, entry: int, post: int) -> dict[str, int]:
    """What only stands after weeks, or by a job: as it stands then."""
    page, day, soon = {"page_id": team.page_id}, MOMENT.date(), now() + timedelta(days=2)
    proposal = Proposal(
        at=soon, kind="photo", language="en", audience="Secret", low=10, middle=20, high=30, hours=1.0, trial=False,
        link=False, reasons=(),
    )  # fmt: skip
    experiment = Experiment.objects.create(
        kind="versions", name="Secret", key=b"k" * 16, share=0.5, entry_a_id=entry, made_at=MOMENT, **page
    ).pk
    return {
        "experiment_id": experiment,
        "again_id": Again.objects.create(
            post_id=post, reason="second_chance", since=MOMENT, until=people.later(days=9999), **page
        ).pk,
        "line_id": PlanLine.objects.create(due_at=soon, proposal=msgspec.to_builtins(proposal), **page).pk,
        "cost_id": Cost.objects.create(
            kind="tools", amount=Decimal(10), currency="EUR", from_day=day, to_day=day, note="Secret",
            made_at=MOMENT, **page,
        ).pk,
        "work_id": Work.objects.create(
            by_id=team.by, role="owner", place="other", by_hand=True, note="Secret", seconds=60, began_at=MOMENT,
            last_at=MOMENT, **page,
        ).pk,
    }  # fmt: skip


def _mentions(scene: Scene) -> list[Any]:
    """In how many rows of each table each id of the bakery stands, and what stands in those rows."""
    tables = {
        model._meta.db_table for model in apps.get_models() if model._meta.app_label in (*WRITTEN, "media")
    }
    wanted = "|".join(str(each) for each in sorted(set(scene.ids.values())))
    parts = [
        f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"  # noqa: S608
        f" WHERE t::text ~ '({wanted})'"
        for table in sorted(tables)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return sorted(cursor.fetchall())


def _sent(scene: Scene, asked: Asked, ids: dict[str, str], body: dict[str, Any]) -> Any:
    address = asked.at({**ids, "handle": "shop", "page_id": str(scene.shop.id), "other": "1"})
    if asked.app:
        return scene.app.send(asked.method, address, body)
    typed = {name: value for name, value in body.items() if not isinstance(value, dict)}
    return scene.browser.get(address) if asked.method == "GET" else scene.browser.post(address, typed)


def _requests() -> Iterator[Asked]:
    return itertools.chain(pages(studio.urlpatterns), of_apps())


def test_in_an_address_they_are_as_good_as_none(scene: Scene) -> None:
    before, wrong, sent = _mentions(scene), [], 0
    for asked in _requests():
        named = set(NAMED.findall(asked.path)) - OWN
        if not named:
            continue
        unknown = named - scene.ids.keys()
        assert not unknown, f"{asked.path}: make one of {unknown} above"
        for link in ("link_id", "tracked_id"):  # review links and tracked ones are named alike
            ids = {name: str(id_) for name, id_ in {**scene.ids, "link_id": scene.ids[link]}.items()}
            with transaction.atomic():
                answer = _sent(scene, asked, ids, SENT)
                after = _mentions(scene)
                transaction.set_rollback(True)
            sent += 1
            text = answer.content.decode().lower()
            # a campaign's target is a number, that of a link an address
            good = (404, 422) if "campaign" in asked.path else (404,)
            if answer.status_code not in good or "secret" in text or after != before:
                wrong.append(f"{asked.method} {asked.path}: {answer.status_code} {after != before}")
    assert not wrong, "\n".join(wrong)
    assert sent > 100


def test_in_a_body_they_are_as_good_as_none(scene: Scene) -> None:
    before, wrong, sent = _mentions(scene), [], 0
    for asked in _requests():
        if asked.method == "GET" or set(NAMED.findall(asked.path)) - OWN:
            continue
        body = {**SENT, **{name: str(scene.ids[of]) for name, of in BODIES.items()}}
        for name in ("media_ids", "entry_ids"):
            body[name] = [str(scene.ids["photo_id" if name == "media_ids" else "entry_id"])]
        with transaction.atomic():
            answer = _sent(scene, asked, {}, body)
            after = _mentions(scene)
            transaction.set_rollback(True)
        sent += 1
        if answer.status_code >= 500 or after != before:
            wrong.append(f"{asked.method} {asked.path}: {answer.status_code} {after != before}")
    assert not wrong, "\n".join(wrong)
    assert sent > 20
