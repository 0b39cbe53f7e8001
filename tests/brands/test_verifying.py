"""A domain is the page's for as long as it says so: by a link back, or by a DNS record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from msgspec.structs import replace

import cast as people
from cast import MOMENT, Bakery, later
from majlis.brands import actions, queries
from majlis.brands.access import OnTeam, team_door
from majlis.brands.actions.verifying import domain_name
from majlis.brands.jobs import look, look_again
from majlis.brands.models import Deed, Verification
from majlis.brands.roles import Permission
from majlis.core import dns
from majlis.core.addresses import profile_url
from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.http import FetchFailed
from majlis.core.jobs import Run
from majlis.core.jobs.models import Job
from majlis.notifications.models import Notification
from name_servers import NameServer, name_server
from websites import Site

pytestmark = pytest.mark.django_db
LINK = f'<a rel="me" href="{profile_url("bayt_zaytoun")}">us</a>'


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with name_server() as made:
        monkeypatch.setattr(settings, "MAJLIS", replace(settings.MAJLIS, dns_server=made.address))
        yield made


def door(bakery: Bakery) -> OnTeam:
    return team_door(page_id=bakery.page.id, by=bakery.owner.id, needs=Permission.CONNECT)


def claim(bakery: Bakery, method: str, domain: str = "example.org") -> Verification:
    made = actions.claim_domain(door(bakery), domain=domain, method=method, at=MOMENT)
    return Verification.objects.get(pk=made)


def check(proof: Verification, site: Site | None = None, *, at: datetime, last: bool = False) -> Verification:
    from majlis.core.http import Client

    client = site.client() if site else Client(user_agent="test")
    run = Run(id=1, attempt=1, last=last, enqueued_at=MOMENT, at=at)
    try:
        look(
            verification_id=proof.pk,
            client=client,
            run=run,
            address=lambda _name: site.url("/") if site else "",
        )
    finally:
        client.close()
    return Verification.objects.get(pk=proof.pk)


def told() -> set[int]:
    return set(Notification.objects.filter(kind="domain_lost").values_list("recipient_id", flat=True))


def test_a_record_proves_and_the_page_shows_since_when(names: NameServer) -> None:
    bakery = people.bakery()
    proof = claim(bakery, "dns")
    names.texts["example.org"] = [("other",), (f"majlis-verification={proof.token}",)]
    assert check(proof, at=later(hours=1)).verified_at == later(hours=1)
    page = queries.page(page_id=bakery.page.id)
    assert page is not None
    assert page.domain is not None
    assert (page.domain.domain, page.domain.verified_at) == ("example.org", later(hours=1))
    assert check(proof, at=later(days=7)).verified_at == later(hours=1)
    assert Deed.objects.filter(action="domain.proved", by=None).count() == 1


@pytest.mark.parametrize(
    "record", ["majlis-verification=", "majlis-verification=another", "TOKEN", "majlis-verification=TOKENx"]
)
def test_another_record_does_not(names: NameServer, record: str) -> None:
    proof = claim(people.bakery(), "dns")
    names.texts["example.org"] = [
        (record.replace("TOKEN", proof.token) if record != "TOKEN" else proof.token,)
    ]
    found = check(proof, at=later(hours=1))
    assert (found.verified_at, found.failure) == (None, "not_found")


def test_a_link_back_proves_until_it_is_gone_which_is_told(site: Site) -> None:
    bakery = people.bakery()
    proof = claim(bakery, "link")
    site.pages["/"] = (200, {}, LINK)
    assert check(proof, site, at=later(hours=1)).verified_at == later(hours=1)
    site.pages["/"] = (200, {}, "<p>nothing</p>")
    found = check(proof, site, at=later(days=7))
    assert (found.verified_at, found.failure) == (None, "not_found")
    assert told() == {bakery.page.id, bakery.owner.id}
    page = queries.page(page_id=bakery.page.id)
    assert page is not None
    assert page.domain is None
    site.pages["/"] = (200, {}, LINK)
    check(proof, site, at=later(days=8))
    site.pages["/"] = (404, {}, "")
    check(proof, site, at=later(days=9))
    assert Notification.objects.filter(kind="domain_lost").count() == 2  # of the last time


def test_what_may_pass_is_tried_again_and_ends_a_proof_only_after_three_weeks(site: Site) -> None:
    bakery = people.bakery()
    proof = claim(bakery, "link")
    site.pages["/"] = (200, {}, LINK)
    check(proof, site, at=MOMENT)
    site.pages["/"] = (503, {}, "")
    with pytest.raises(FetchFailed):
        check(proof, site, at=later(days=7))
    assert check(proof, site, at=later(days=7), last=True).verified_at == MOMENT
    found = check(proof, site, at=later(days=22), last=True)
    assert (found.verified_at, found.failure) == (None, "unreachable")
    assert told() == {bakery.page.id, bakery.owner.id}


def test_a_name_server_that_fails_is_no_answer(names: NameServer) -> None:
    proof = claim(people.bakery(), "dns")
    names.failing = True
    with pytest.raises(dns.LookupFailed):
        check(proof, at=MOMENT)
    assert check(proof, at=MOMENT, last=True).failure == "unreachable"


def test_a_page_elsewhere_does_not_vouch_for_the_domain(site: Site) -> None:
    proof = claim(people.bakery(), "link")
    site.pages["/"] = (302, {"Location": f"https://localhost:{site.port}/"}, "")
    assert check(proof, site, at=MOMENT).verified_at is None


def test_proofs_are_looked_at_again_every_week(monkeypatch: pytest.MonkeyPatch) -> None:
    from majlis.brands import jobs

    bakery = people.bakery()
    proof = claim(bakery, "dns")
    Verification.objects.filter(pk=proof.pk).update(verified_at=MOMENT, checked_at=MOMENT)
    for days, waiting in ((6, 0), (8, 1)):
        moment = later(days=days)
        monkeypatch.setattr(jobs, "now", lambda moment=moment: moment)
        look_again()
        assert Job.objects.filter(name="brands.check_domain").count() == waiting


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("example.org", "example.org"),
        (" HTTPS://Example.org/about?x ", "example.org"),
        ("www.example.org.", "www.example.org"),
        ("زيتون.example", "xn--mgbn2bpa4a.example"),
        ("example.org:8443", "example.org"),
    ],
)
def test_a_domain_is_read_from_what_is_typed(typed: str, name: str) -> None:
    found = domain_name(typed)
    assert found.isascii()
    if name.startswith("xn--"):
        assert found.startswith("xn--")
    else:
        assert found == name


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "localhost",
        "example",
        "127.0.0.1",
        "0x7f.1",
        "example.0x7f",
        "[::1]",
        "exa mple.org",
        "a..b",
        "-a.org",
        "x" * 64 + ".org",
        "://",
        "[",
        "a_b.org",
    ],
)
def test_what_is_no_domain_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        domain_name(typed)


def test_claims_are_few_and_the_owners_alone() -> None:
    bakery = people.bakery()
    proof = claim(bakery, "dns")
    with pytest.raises(Conflict):
        claim(bakery, "link")
    for number in range(4):
        claim(bakery, "dns", f"x{number}.example")
    with pytest.raises(BadInput):
        claim(bakery, "dns", "x9.example")
    editor = team_door(page_id=bakery.page.id, by=bakery.editor.id, needs=Permission.READ)
    for refused in (
        lambda: actions.claim_domain(editor, domain="y.example", method="dns", at=MOMENT),
        lambda: actions.ask_for_check(editor, verification_id=proof.pk, at=MOMENT),
        lambda: actions.forget_domain(editor, verification_id=proof.pk, at=MOMENT),
    ):
        with pytest.raises(NotAllowed):
            refused()
    actions.forget_domain(door(bakery), verification_id=proof.pk, at=MOMENT)
    with pytest.raises(NotThere):
        actions.forget_domain(door(bakery), verification_id=proof.pk, at=MOMENT)


def test_a_domain_that_is_claimed_twice_at_once_stands_there_once(transactional_db: None) -> None:
    import threading

    from django.db import connection

    bakery = people.bakery()
    together = threading.Barrier(6)
    results: list[str] = []

    def claimed() -> None:
        team = door(bakery)
        together.wait(10)
        try:
            actions.claim_domain(team, domain="example.org", method="dns", at=MOMENT)
            results.append("claimed")
        except Exception as error:
            results.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=claimed) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == [*["Conflict"] * 5, "claimed"]


def test_a_claim_that_is_gone_when_the_job_comes_is_nothing(names: NameServer) -> None:
    bakery = people.bakery()
    proof = claim(bakery, "dns")
    actions.ask_for_check(door(bakery), verification_id=proof.pk, at=MOMENT)
    actions.forget_domain(door(bakery), verification_id=proof.pk, at=MOMENT)
    run: Any = Run(id=1, attempt=1, last=True, enqueued_at=MOMENT, at=MOMENT)
    from majlis.brands.jobs import check_domain

    check_domain(proof.pk, run)
    assert names.asked == []
