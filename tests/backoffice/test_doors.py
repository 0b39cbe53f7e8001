"""Who comes in, over every route there is; looking changes nothing; each deed is in the book."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rooms import House, deeds, furnish, pages, signed_in

from cast import Member, later
from house import PAYLOADS
from majlis.backoffice.urls import urlpatterns
from majlis.core.jobs.models import DeadLetter
from majlis.core.paging import Page
from majlis.people.models import Profile
from majlis.posts.models import Tag
from majlis.safety import actions, queries
from majlis.safety.models import AuditLine, Decision, Report

ROUTES = [str(each.pattern) for each in urlpatterns if str(each.pattern) != "metrics"]
DEEDS = [str(e.pattern) for e in urlpatterns if hasattr(e.callback, "audited")]
DANGEROUS = {
    "backoffice/reports/<int:report_id>/decide",
    "backoffice/appeals/<int:decision_id>/answer",
    "backoffice/decisions/<int:decision_id>/lift",
    "backoffice/people/<int:profile_id>/decide",
    "backoffice/people/<int:profile_id>/open-login",
    "backoffice/joining/<int:user_id>/refuse",
    "backoffice/jobs/discard",
    "backoffice/promotion/<int:page_id>/top-up",
}


@pytest.fixture
def house(omar: Member, alice: Member, bob: Member, dana: Member) -> House:
    return furnish(operator=omar, one=bob, other=alice, third=dana)


def _content(response: Any) -> tuple[int, str, dict[str, str]]:
    """The answer, without what differs between any two requests."""
    body = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"', "", response.content.decode()
    )
    kept = {k: v for k, v in response.headers.items() if k not in {"Content-Length"}}
    return response.status_code, body, kept


def test_every_route_is_in_the_lists(house: House) -> None:
    assert {*pages(house), *deeds(house)} == set(ROUTES)
    assert set(deeds(house)) == set(DEEDS)


def _everything(house: House) -> list[tuple[str, dict[str, Any]]]:
    return [*((address, {}) for address in pages(house).values()), *deeds(house).values()]


@pytest.mark.parametrize("who", ["charlie", "guest"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_ghsa_7jvv_fhmg_wpfw_for_everybody_else_it_is_an_unknown_page(
    house: House, charlie: Member, who: str, method: str
) -> None:
    client = signed_in(charlie, check_csrf=True) if who == "charlie" else Client(enforce_csrf_checks=True)
    unknown = _content(getattr(client, method)("/backoffice-there-is-none"))
    assert unknown[0] == 404
    before = AuditLine.objects.count()
    for address, form in _everything(house):
        assert _content(getattr(client, method)(address, form)) == unknown, address
    assert AuditLine.objects.count() == before


def test_an_operator_who_is_one_no_longer_is_shut_out_at_once(
    house: House, omar: Member, office: Client
) -> None:
    assert office.get("/backoffice/").status_code == 200
    user = omar.user
    user.is_staff = False
    user.save()
    assert office.get("/backoffice/").status_code == 404


def _rows() -> dict[str, int]:
    ours = [m for m in apps.get_models() if m._meta.app_label not in {"sessions"}]
    return {model._meta.label: model._base_manager.count() for model in ours if model._meta.managed}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_open_in_both_languages_and_change_nothing(house: House, office: Client, language: str) -> None:
    with CaptureQueriesContext(connection) as captured:
        for address in pages(house).values():
            response = office.get(f"{address}?lang={language}")
            assert response.status_code == 200, address
            assert f'lang="{language}"' in response.content.decode()[:200]
            assert response["Cache-Control"] == "no-store, private"  # GHSA-m9qf-3pfj-2r86
            assert "Content-Security-Policy" in response.headers
    changes = [
        q["sql"] for q in captured.captured_queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}
    ]
    assert changes == []


def test_getting_a_deed_does_nothing(house: House, office: Client) -> None:
    before = (AuditLine.objects.count(), Decision.objects.count())
    for address, _form in deeds(house).values():
        assert office.get(address).status_code in {200, 405}
    assert (AuditLine.objects.count(), Decision.objects.count()) == before


@pytest.mark.parametrize("route", DEEDS)
def test_each_deed_is_done_and_written_down(house: House, omar: Member, office: Client, route: str) -> None:
    address, form = deeds(house)[route]
    response = office.post(address, form)
    assert response.status_code == 303, response.content.decode()[:500]
    (line,) = queries.audit_lines(page=Page()).items
    assert line.who == "omar@example.org"
    name = next(e.callback.audited for e in urlpatterns if str(e.pattern) == route)
    assert line.action == name
    messages = office.get(response["Location"]).content.decode()
    assert 'class="note success"' in messages
    book = office.get("/backoffice/book").content.decode()
    assert line.action in book


@pytest.mark.parametrize("route", sorted(DANGEROUS))
def test_what_is_dangerous_asks_who_is_there(house: House, omar: Member, route: str) -> None:
    client = signed_in(omar, lately=False)
    address, form = deeds(house)[route]
    response = client.post(address, form)
    assert response.status_code == 302
    assert "/reauthenticate/" in response["Location"]
    assert not AuditLine.objects.exists()
    from cast import PASSWORD

    done = client.post(response["Location"], {"password": PASSWORD})  # and then what was sent is done
    assert done.status_code in {302, 303}
    assert AuditLine.objects.count() == 1


@pytest.mark.parametrize("route", sorted(set(DEEDS) - DANGEROUS))
def test_what_is_harmless_does_not_ask(house: House, omar: Member, route: str) -> None:
    address, form = deeds(house)[route]
    assert signed_in(omar, lately=False).post(address, form).status_code == 303


def test_forms_of_other_sites_are_refused(house: House, omar: Member) -> None:
    listed, client = deeds(house), signed_in(omar, check_csrf=True)
    for route in DEEDS:
        assert client.post(*listed[route]).status_code == 403, route
        assert not AuditLine.objects.exists(), route


def test_what_is_refused_is_not_written_down_and_nothing_typed_is_lost(
    house: House, office: Client, bob: Member
) -> None:
    form = {"kind": "silence", "text": "My long explanation"}
    page = f"/backoffice/people/{bob.id}"
    response = office.post(f"{page}/decide", form, headers={"referer": f"http://testserver{page}"})
    assert response["Location"] == page  # he is limited already
    shown = office.get(page).content.decode()
    assert "My long explanation" in shown
    assert 'class="note error"' in shown
    assert not AuditLine.objects.exists()


def test_refusals_do_not_send_elsewhere(house: House, office: Client, bob: Member) -> None:
    response = office.post(
        f"/backoffice/people/{bob.id}/decide",
        {"kind": "silence"},
        headers={"referer": "https://elsewhere.example/backoffice-like"},
    )
    assert response["Location"] == "/backoffice/"


@pytest.mark.parametrize(
    "address",
    ["reports/1", "people/1", "reports/99999999999999999999999", "people/9223372036854775808", "nothing"],
)
def test_what_is_not_there_is_not_there(office: Client, address: str) -> None:
    assert office.get(f"/backoffice/{address}").status_code == 404


@pytest.mark.parametrize(
    "query", ["?max_id=x", "?max_id=99999999999999999999", "?state=zz&q=%00", "?target=%00", "?q=%25"]
)
def test_odd_addresses_do_no_harm(office: Client, query: str) -> None:
    for name in ("reports", "people", "book", "tags"):
        assert office.get(f"/backoffice/{name}{query}").status_code == 200


def test_effects_are_in_the_database(house: House, office: Client, bob: Member, alice: Member) -> None:
    listed = deeds(house)
    office.post(*listed["backoffice/reports/<int:report_id>/decide"])
    decision = Decision.objects.get(report_id=house.report)
    assert (decision.kind, decision.post_ids, decision.text) == ("delete_statuses", [house.post], "No.")
    assert Report.objects.get(id=house.report).closed_at is not None
    office.post(*listed["backoffice/tags/<int:tag_id>"])
    assert not Tag.objects.get(id=house.tag).usable
    office.post(*listed["backoffice/jobs/discard"])
    assert not DeadLetter.objects.exists()
    office.post(*listed["backoffice/people/<int:profile_id>/decide"])
    assert bob.profile.withdrawn
    office.post(*listed["backoffice/joining/<int:user_id>/refuse"])
    assert queries.numbers(at=later()).awaiting_approval == 0
    office.post(*listed["backoffice/announcements/add"])
    assert [a.text for a in queries.announcements(viewer=alice.id, at=later(days=999))] == ["Hello"]


def test_a_report_can_be_kept_open(house: House, office: Client) -> None:
    address, form = deeds(house)["backoffice/reports/<int:report_id>/decide"]
    office.post(address, {**form, "keep_open": "on"})
    assert Report.objects.get(id=house.report).closed_at is None


def test_posts_outside_the_report_cannot_be_slipped_in(house: House, office: Client, bob: Member) -> None:
    from house import write

    other = write(bob, "Not reported")
    address, form = deeds(house)["backoffice/reports/<int:report_id>/decide"]
    office.post(address, {**form, "post": [str(house.post), str(other)]})
    assert Decision.objects.get(report_id=house.report).post_ids == [house.post]


def test_masto_346_reports_whatever_members_write_stays_text(
    omar: Member, alice: Member, bob: Member, dana: Member
) -> None:
    words = " ".join(PAYLOADS)
    house = furnish(operator=omar, one=bob, other=alice, third=dana, words=words)
    Profile.objects.update(display_name=words[:600], bio=words)
    client = signed_in(omar)
    more = [f"/backoffice/people/{alice.id}", f"/backoffice/reports/{house.closed}"]
    raw = ("<script>alert", "<img src=x", "<svg/onload", "<iframe", "<style>*", "<a href=javascript")
    for address in [*pages(house).values(), *more]:
        body = client.get(address).content.decode()
        assert not [each for each in raw if each in body], address
    assert "{{7*7}}{% debug %}" in client.get(f"/backoffice/reports/{house.report}").content.decode()


def test_letters_that_failed_do_not_show_what_they_say(house: House, office: Client) -> None:
    body = office.get("/backoffice/jobs").content.decode()
    assert "x.y" in body
    assert "123456" not in body


def test_private_parents_of_reported_posts_are_not_shown(
    omar: Member, alice: Member, bob: Member, office: Client
) -> None:
    """GHSA-r64r-5h43-26qv: operators see what was reported, not the conversation around it."""
    from cast import friends
    from house import reported, write

    friends(alice, bob)
    secret = write(alice, "family matters", audience="friends")
    answer = write(bob, "rude answer", audience="friends", reply_to_id=secret)
    report = reported(alice, bob, post_ids=[answer])
    body = office.get(f"/backoffice/reports/{report}").content.decode()
    assert "rude answer" in body
    assert "family matters" not in body
    public = write(alice, "open question")
    answer = write(bob, "rude again", reply_to_id=public)
    report = reported(alice, bob, post_ids=[answer])
    assert "open question" in office.get(f"/backoffice/reports/{report}").content.decode()


def test_settings_are_explained_in_both_languages(office: Client) -> None:
    from majlis.config.settings import Settings

    described = [about.description for about in Settings.described().values()]
    english = html.unescape(
        office.get("/backoffice/settings", headers={"accept-language": "en"}).content.decode()
    )
    arabic = html.unescape(
        office.get("/backoffice/settings", headers={"accept-language": "ar"}).content.decode()
    )
    assert [text for text in described if text not in english] == []
    assert [text for text in described if text in arabic] == []
    assert "أكبر صورة، بالميغابايت." in arabic


def test_secrets_are_not_among_the_settings(office: Client) -> None:
    from django.conf import settings

    body = office.get("/backoffice/settings").content.decode()
    assert "MAJLIS_REGISTRATIONS" in body
    assert settings.MAJLIS.database_url not in body
    assert settings.SECRET_KEY not in body


def _queries(client: Client, address: str) -> int:
    client.get(address)  # templates are compiled, the session is warm
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", ["reports", "people", "appeals", "book"])
def test_more_lines_cost_no_more_queries(
    omar: Member, alice: Member, bob: Member, dana: Member, address: str
) -> None:
    from house import reported

    client = signed_in(omar)
    house = furnish(operator=omar, one=bob, other=alice, third=dana)
    client.post(*deeds(house)["backoffice/rules/add"])
    few = _queries(client, f"/backoffice/{address}")
    reported(bob, alice)
    for kind in ("suspend",):
        made = actions.decide(about=alice.id, kind=kind, by=omar.user_id, at=later())
        actions.appeal(by=alice.id, decision_id=made, text="No", at=later())
    client.post(*deeds(house)["backoffice/rules/add"])
    assert _queries(client, f"/backoffice/{address}") == few
    assert few <= 9


def test_only_operators_are_shown_the_way(office: Client, charlie: Member) -> None:
    assert "/backoffice/" in office.get("/settings").content.decode()
    assert "backoffice" not in signed_in(charlie).get("/settings").content.decode()
