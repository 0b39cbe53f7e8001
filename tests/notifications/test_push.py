"""Web push: what arrives can be read by the app and by nobody else; who gets it, and when that ends."""

from __future__ import annotations

import base64
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_network

import http_ece  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction
from py_vapid import Vapid02  # type: ignore[import-untyped]
from scene import LATER, post, told

from cast import Member, follows
from majlis.accounts import actions as accounts
from majlis.accounts import tokens
from majlis.accounts.models import AccessToken
from majlis.core import json
from majlis.core.clock import now
from majlis.core.errors import BadInput, NotThere
from majlis.core.http import Client, FetchFailed
from majlis.core.jobs.models import Job
from majlis.notifications import actions, push, queries, vapid
from majlis.notifications.models import PushSubscription
from majlis.posts import actions as posts

LOOPBACK = [ip_network("127.0.0.0/8")]


class PushService:
    """A push service on loopback that gives one answer and keeps what it was sent."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.received: list[tuple[dict[str, str], bytes]] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/push/1"

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, _blank, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")[1:]
        headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
        while len(body) < int(headers["content-length"]):
            body += connection.recv(65536)
        self.received.append((headers, body))
        connection.sendall(
            f"HTTP/1.1 {self.status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def push_service(status: int = 201) -> Iterator[PushService]:
    service = PushService(status)
    try:
        yield service
    finally:
        service.close()


class App:
    """An app that holds a token and the keys to what is pushed to it."""

    def __init__(self, owner: Member, **choice: object) -> None:
        self.owner = owner
        self.token = tokens.issue_token(
            user_id=owner.user_id, profile_id=owner.id, application="app", scopes="read push", at=now()
        )
        bearer = tokens.bearer(self.token)
        assert bearer is not None
        self.token_id = bearer.token_id
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.subscribe(**choice)

    def subscribe(self, **choice: object) -> queries.SubscriptionView:
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        asked = {
            "endpoint": "https://push.example/1",
            "p256dh": base64.urlsafe_b64encode(public).decode(),
            "auth": base64.urlsafe_b64encode(self.secret).rstrip(b"=").decode(),
            "alerts": {"mention": True, "favourite": True},
            "standard": True,
        }
        return actions.subscribe(
            by=self.owner.id,
            token_id=self.token_id,
            access_token=self.token,
            at=LATER,
            **(asked | choice),  # type: ignore[arg-type]
        )

    def reachable_at(self, endpoint: str) -> None:
        """Tests have no certificate: the address is changed behind the door that wants https."""
        PushSubscription.objects.filter(token_id=self.token_id).update(endpoint=endpoint)

    def read(self, received: tuple[dict[str, str], bytes]) -> json.Json:
        headers, body = received
        keys: dict[str, object] = {"private_key": self.key, "auth_secret": self.secret}
        if headers["content-encoding"] == "aesgcm":
            sender = dict(part.split("=", 1) for part in headers["crypto-key"].split(";"))["dh"]
            salt = headers["encryption"].removeprefix("salt=")
            keys |= {"dh": _bytes(sender), "salt": _bytes(salt), "version": "aesgcm"}
        return json.decode(http_ece.decrypt(body, **keys))


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def waiting() -> list[dict[str, int]]:
    return [job.arguments for job in Job.objects.filter(name="notifications.push").order_by("id")]


def run(*, client: Client, last: bool = False) -> None:
    for arguments in waiting():
        push.push(**arguments, client=client, at=LATER, last=last)


def _client(service: PushService) -> Client:
    return Client(user_agent="Majlis test", ports=(service.port,), allowed=LOOPBACK)


@pytest.mark.parametrize("standard", [True, False])
def test_a_push_is_read_by_the_app(alice: Member, bob: Member, standard: bool) -> None:
    app = App(bob, standard=standard)
    post(alice, "@bob خبز طازج", warning="")
    (mention,) = told(bob)
    with push_service() as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
        ((headers, body),) = service.received
    message = app.read((headers, body))
    assert message["access_token"] == app.token
    assert message["notification_id"] == str(mention.id)
    assert message["notification_type"] == "mention"
    assert message["preferred_locale"] == "ar"
    assert "Alice" in message["title"]
    assert "خبز طازج" in message["body"]
    assert message["icon"].startswith("http")
    assert (headers["ttl"], headers["urgency"]) == ("172800", "normal")
    assert "خبز".encode() not in body
    scheme = "vapid t=" if standard else "WebPush "
    assert headers["authorization"].startswith(scheme)
    if standard:
        assert f"k={vapid.public_key()}" in headers["authorization"]
        assert Vapid02.verify(headers["authorization"])
    else:
        assert f"p256ecdsa={vapid.public_key()}" in headers["crypto-key"]


def test_a_push_speaks_her_language(alice: Member, bob: Member) -> None:
    app = App(bob)
    post(alice, "@bob")
    with push_service() as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
        message = app.read(service.received[0])
    assert message["preferred_locale"] == "ar"
    assert message["title"] == "أشار إليك \u2068Alice\u2069"


def test_what_is_behind_a_warning_stays_there(alice: Member, bob: Member) -> None:
    app = App(bob)
    post(alice, "@bob the butler did it", warning="the end")
    with push_service() as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
        message = app.read(service.received[0])
    assert "the end" in message["body"]
    assert "butler" not in message["body"]


def test_only_what_the_app_asked_for(alice: Member, bob: Member) -> None:
    App(bob, alerts={"mention": True})
    follows(alice, bob)
    assert waiting() == []
    answer = post(alice, "an answer", reply_to_id=post(bob, "bread"))
    assert told(bob)[0].post_id == answer
    assert len(waiting()) == 1, "a reply is a mention to apps"
    actions.change_subscription(token_id=PushSubscription.objects.get().token_id, alerts={"follow": True})
    post(alice, "@bob")
    assert len(waiting()) == 1


@pytest.mark.parametrize(("policy", "pushed"), [("all", 1), ("followed", 0), ("follower", 1), ("none", 0)])
def test_only_from_whom_the_app_asked(alice: Member, bob: Member, policy: str, pushed: int) -> None:
    app = App(bob, policy=policy)
    follows(alice, bob)
    post(alice, "@bob")
    with push_service() as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
        assert len(service.received) == pushed


def test_nothing_is_pushed_that_is_kept_back(bob: Member, charlie: Member) -> None:
    App(bob)
    post(charlie, "@bob psst", audience="mentioned")
    assert waiting() == []


def test_nothing_is_pushed_that_is_not_shown_any_longer(alice: Member, bob: Member) -> None:
    app = App(bob)
    post_id = post(alice, "@bob")
    posts.delete(by=alice.id, post_id=post_id, at=LATER)
    with push_service() as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
        assert service.received == []


@pytest.mark.parametrize(
    "end",
    [
        lambda app: tokens.revoke(token_id=app.token_id, by=app.owner.user_id, at=now()),
        lambda app: tokens.revoke_of_profile(profile_id=app.owner.id, at=now()),
        lambda app: accounts.end_everything(user_id=app.owner.user_id, at=now(), keep_session=None),
        lambda app: actions.unsubscribe(token_id=app.token_id),
    ],
)
def test_masto_14252_a_push_ends_at_once_with_its_token(
    alice: Member, bob: Member, end: Callable[[App], object]
) -> None:
    app = App(bob)
    post(alice, "@bob")
    with push_service() as service:
        app.reachable_at(service.endpoint)
        end(app)
        run(client=_client(service))
        assert service.received == []
    assert not PushSubscription.objects.exists()


def test_an_expired_token_is_not_pushed_to(alice: Member, bob: Member) -> None:
    app = App(bob)
    post(alice, "@bob")
    AccessToken.objects.filter(pk=app.token_id).update(expires=datetime(2020, 1, 1, tzinfo=UTC))
    with push_service() as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
        assert service.received == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_removed(alice: Member, bob: Member, status: int) -> None:
    app = App(bob)
    post(alice, "@bob")
    with push_service(status) as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
    assert not PushSubscription.objects.exists()


def test_refusals_in_a_row_end_a_subscription_and_one_success_forgets_them(
    alice: Member, bob: Member
) -> None:
    app = App(bob)
    post(alice, "@bob")
    for status, failures in ((400, 1), (400, 2), (201, 0), (400, 1), (413, 2), (403, 3), (400, 4)):
        with push_service(status) as service:
            app.reachable_at(service.endpoint)
            run(client=_client(service))
        assert PushSubscription.objects.get().failures == failures
    with push_service(400) as service:
        app.reachable_at(service.endpoint)
        run(client=_client(service))
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_that_is_away_is_tried_again(alice: Member, bob: Member, status: int) -> None:
    app = App(bob)
    post(alice, "@bob")
    with push_service(status) as service:
        app.reachable_at(service.endpoint)
        with pytest.raises(FetchFailed):
            run(client=_client(service))
        assert PushSubscription.objects.get().failures == 0
        run(client=_client(service), last=True)
    assert PushSubscription.objects.get().failures == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"])
def test_private_addresses_are_never_spoken_to(alice: Member, bob: Member, address: str) -> None:
    app = App(bob)
    post(alice, "@bob")
    with push_service() as service:
        app.reachable_at(f"http://push.example:{service.port}/")
        run(
            client=Client(
                user_agent="Majlis test",
                ports=(service.port,),
                resolver=lambda host, port, timeout: [address],
            )
        )
        assert service.received == []
    assert PushSubscription.objects.get().failures == 1


def test_an_address_that_cannot_be_signed_for_counts_as_a_failure(alice: Member, bob: Member) -> None:
    app = App(bob)
    post(alice, "@bob")
    app.reachable_at("https://[::1]/")
    run(client=Client(user_agent="Majlis test"))
    assert PushSubscription.objects.get().failures == 1


# subscribing


def test_a_subscription_belongs_to_its_token_and_a_later_one_replaces_it(alice: Member) -> None:
    app = App(alice)
    second = app.subscribe(endpoint="https://push.example/2", alerts={"poll": True, "nonsense": True})
    assert second == queries.subscription(token_id=app.token_id)
    assert second.endpoint == "https://push.example/2"
    assert [kind for kind, wanted in second.alerts.items() if wanted] == ["poll"]
    assert PushSubscription.objects.count() == 1


def test_ghsa_f3q8_7vw3_69v4_no_token_reaches_the_subscription_of_another(
    alice: Member, charlie: Member
) -> None:
    app, other = App(alice), App(charlie)
    before = queries.subscription(token_id=app.token_id)
    actions.change_subscription(token_id=other.token_id, alerts={}, policy="none")
    actions.unsubscribe(token_id=other.token_id)
    with pytest.raises(NotThere):
        queries.subscription(token_id=other.token_id)
    with pytest.raises(NotThere):
        actions.change_subscription(token_id=other.token_id, alerts={})
    assert queries.subscription(token_id=app.token_id) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example/1"},
        {"endpoint": "https://"},
        {"endpoint": "javascript:alert(1)"},
        {"endpoint": "https://[::1"},
        {"endpoint": "https://push.example/" + "a" * 2_000},
        {"p256dh": "AAAA"},
        {"p256dh": "é"},
        {"p256dh": base64.urlsafe_b64encode(b"\x04" + b"\x01" * 64).decode()},
        {"auth": "AAAA"},
        {"auth": "not base64 at all!"},
        {"auth": ""},
        {"policy": "everybody"},
    ],
)
def test_what_cannot_work_is_refused_and_changes_nothing(alice: Member, wrong: dict[str, object]) -> None:
    app = App(alice)
    before = queries.subscription(token_id=app.token_id)
    with pytest.raises(BadInput):
        app.subscribe(**wrong)
    assert queries.subscription(token_id=app.token_id) == before


def test_the_database_does_not_know_the_token(alice: Member) -> None:
    app = App(alice)
    stored = PushSubscription.objects.values().get()
    assert app.token not in str(stored)
    assert stored["sealed_token"]


def test_nothing_is_pushed_when_the_deed_did_not_happen(alice: Member, bob: Member) -> None:
    App(bob)
    with transaction.atomic():
        post(alice, "@bob")
        assert len(waiting()) == 1
        transaction.set_rollback(True)
    assert waiting() == []
    assert told(bob) == []
