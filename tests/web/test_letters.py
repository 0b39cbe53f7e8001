"""Every link in every letter leads its reader somewhere; letters end by the link in them, with one click too."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.conf import settings as django_settings
from django.test import Client

from cast import MOMENT, PASSWORD, Member, member, operator
from majlis.accounts import actions as accounts
from majlis.accounts import joining
from majlis.accounts.letters import MAIL_JOB
from majlis.accounts.models import User
from majlis.core.clock import now
from majlis.core.jobs.models import Job
from majlis.notifications import actions, digest, queries
from majlis.notifications.digest import stop_token
from majlis.people import access as people
from majlis.posts import actions as posts
from majlis.posts.composing import PostParams
from majlis.safety import actions as safety
from majlis.safety.letters import work_waits

pytestmark = pytest.mark.django_db
_LINK = re.compile(r"https?://\S+")


def test_the_link_asks_and_the_post_ends_them() -> None:
    alice, client = member("alice"), Client(enforce_csrf_checks=True)
    actions.change_policy(by=alice.id, digest=True)
    address = f"/notifications/digest/stop/{stop_token(alice.id)}"
    assert client.get(address).status_code == 200
    assert queries.policy(viewer=alice.id, at=MOMENT).digest
    assert client.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not queries.policy(viewer=alice.id, at=MOMENT).digest
    assert client.post(address + "x").status_code == 404


# every letter -----------------------------------------------------------------------------------------


@dataclass
class Cast:
    """Those who get letters."""

    alice: Member
    bob: Member
    omar: Member


def join(email: str, handle: str, **more: str) -> Client:
    """Somebody sends the form of joining."""
    client = Client()
    client.post(
        "/accounts/signup/",
        {
            "email": email,
            "password1": PASSWORD,
            "display_name": handle,
            "handle": handle,
            "agreement": "on",
            **more,
        },
    )
    return client


def joins_by_an_app(cast: Cast) -> None:
    joining.begin(
        email="new@example.org", password=PASSWORD, language="en", invitation="", reason="", at=MOMENT
    )


def joins_by_an_app_again(cast: Cast) -> None:
    joining.begin(
        email="alice@example.org", password=PASSWORD, language="en", invitation="", reason="", at=MOMENT
    )


def joins_by_the_form(cast: Cast) -> None:
    join("new@example.org", "newcomer")


def joins_by_the_form_again(cast: Cast) -> None:
    join("alice@example.org", "newcomer")


def _waits(cast: Cast) -> User:
    user = member("wanda").user
    waiting = {"approval_asked_at": MOMENT, "is_active": False, "confirmed_at": None, "join_reason": "I bake"}
    User.objects.filter(id=user.pk).update(**waiting)
    accounts.confirm(user_id=user.pk, at=MOMENT)
    return user


def asks_and_is_let_in(cast: Cast) -> None:
    accounts.approve(_waits(cast).pk, by=cast.omar.user_id, at=MOMENT)


def asks_and_is_refused(cast: Cast) -> None:
    accounts.refuse(_waits(cast).pk, by=cast.omar.user_id, at=MOMENT)


def forgets_her_password(cast: Cast) -> None:
    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})


def forgets_whether_she_joined(cast: Cast) -> None:
    Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})


def changes_her_password(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.alice.user)
    fresh = {
        "oldpassword": PASSWORD,
        "password1": "another walk by the sea",
        "password2": "another walk by the sea",
    }
    browser.post("/accounts/password/change/", fresh)


def leaves(cast: Cast) -> None:
    accounts.ask_deletion(by=cast.alice.user_id, at=now())


def is_suspended(cast: Cast) -> None:
    accounts.suspend(cast.alice.user_id, by=cast.omar.user_id, at=MOMENT)


def _decided(cast: Cast) -> int:
    seen = people.see_profile(profile_id=cast.alice.id, viewer_id=cast.bob.id)
    report = safety.report(by=cast.bob.id, about=seen, at=MOMENT)
    decision = safety.decide(
        about=cast.alice.id, kind="suspend", by=cast.omar.user_id, report_id=report, text="No.", at=MOMENT
    )
    safety.close(report_id=report, by=cast.omar.user_id, at=MOMENT)
    return decision


def is_decided_about(cast: Cast) -> None:
    safety.lift(decision_id=_decided(cast), by=cast.omar.user_id, at=MOMENT)


def asks_in_vain(cast: Cast) -> None:
    decision = _decided(cast)
    safety.appeal(by=cast.alice.id, decision_id=decision, text="Why?", at=MOMENT)
    safety.answer_appeal(decision_id=decision, by=cast.omar.user_id, lifted=False, at=MOMENT)


def work_piles_up(cast: Cast) -> None:
    work_waits(reports=2, appeals=1)


def was_away(cast: Cast) -> None:
    posts.publish(by=cast.bob.id, params=PostParams(text="@alice come"), at=now())
    actions.change_policy(by=cast.alice.id, digest=True)
    letter = digest.write(profile_id=cast.alice.id, at=now() + timedelta(days=8))
    assert letter is not None
    Job.objects.create(id=1, name=MAIL_JOB, arguments={"to": letter.to, "text": letter.text}, lane=1)


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast(member("alice", "Alice"), member("bob", "Bob"), operator())


@pytest.mark.parametrize(
    ("happens", "letters", "links"),
    [
        (joins_by_an_app, 1, 1),
        (joins_by_an_app_again, 1, 1),
        (joins_by_the_form, 1, 0),
        (joins_by_the_form_again, 1, 1),
        (asks_and_is_let_in, 2, 2),
        (asks_and_is_refused, 2, 1),
        (forgets_her_password, 1, 0),
        (forgets_whether_she_joined, 1, 1),
        (changes_her_password, 1, 0),
        (leaves, 1, 1),
        (is_suspended, 1, 1),
        (is_decided_about, 4, 2),
        (asks_in_vain, 4, 2),
        (work_piles_up, 1, 1),
        (was_away, 1, 2),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_link_in_every_letter_leads_its_reader_to_a_page(
    cast: Cast, happens: Callable[[Cast], None], letters: int, links: int
) -> None:
    Job.objects.filter(name=MAIL_JOB).delete()
    happens(cast)
    written = [job.arguments for job in Job.objects.filter(name=MAIL_JOB).order_by("id")]
    found = [(letter["to"], link) for letter in written for link in _LINK.findall(letter["text"])]
    assert (len(written), len(found)) == (letters, links), written
    for reader, link in found:
        base = django_settings.MAJLIS.base_url
        assert link.startswith(base), link
        opens(Client(), link.removeprefix(base), reader)
        browser = Client()
        if user := User.objects.filter(email=reader, is_active=True).first():
            browser.force_login(user)
            opens(browser, link.removeprefix(base), reader)


def opens(browser: Client, address: str, reader: str) -> None:
    """The link is a page; and when that is the sign-in page, signing in leads on to one."""
    page = browser.get(address or "/", follow=True)
    assert page.status_code == 200, address
    if page.request["PATH_INFO"] != "/accounts/login/" or not User.objects.filter(email=reader).exists():
        return
    onwards = str(page.context["redirect_field_value"] or "")
    assert onwards == parse_qs(page.request["QUERY_STRING"]).get("next", [""])[0]
    inside = browser.post(
        "/accounts/login/", {"login": reader, "password": PASSWORD, "next": onwards}, follow=True
    )
    assert inside.status_code == 200, address
    assert inside.request["PATH_INFO"] in {onwards or "/home", "/accounts/inactive/", "/accounts/deletion/"}
