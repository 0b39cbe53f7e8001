"""The one resolver, against a real name server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from majlis.core import dns
from name_servers import NameServer, name_server


@pytest.fixture
def names() -> Iterator[NameServer]:
    with name_server() as made:
        yield made


def test_records_are_read_each_joined(names: NameServer) -> None:
    names.texts["example.org"] = [("v=spf1 -all",), ("majlis-", "verification=abc")]
    assert sorted(dns.texts("example.org", server=names.address)) == [
        "majlis-verification=abc",
        "v=spf1 -all",
    ]
    assert names.asked == ["example.org"]


def test_a_name_that_is_not_there_and_one_without_records_have_none(names: NameServer) -> None:
    names.texts["empty.example"] = []
    assert dns.texts("empty.example", server=names.address) == []
    assert dns.texts("nowhere.example", server=names.address) == []


def test_a_server_that_cannot_and_one_that_is_silent_are_told_apart_from_no(
    names: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    names.failing = True
    with pytest.raises(dns.LookupFailed):
        dns.texts("example.org", server=names.address)
    monkeypatch.setattr(dns, "PATIENCE", 0.3)
    with pytest.raises(dns.LookupFailed):
        dns.texts("example.org", server="127.0.0.1:9")


@pytest.mark.parametrize(
    ("server", "asked", "port"),
    [
        ("192.0.2.53", "192.0.2.53", 53),
        ("192.0.2.53:5353", "192.0.2.53", 5353),
        ("2001:db8::53", "2001:db8::53", 53),
        ("[2001:db8::53]:5353", "2001:db8::53", 5353),
    ],
)
def test_a_server_may_be_named_with_its_port(server: str, asked: str, port: int) -> None:
    resolver = dns._resolver(server)
    assert (list(resolver.nameservers), resolver.port) == ([asked], port)
