"""Limits hold together across processes, and believe forwarded addresses only from trusted proxies."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory

from majlis.accounts import limits
from majlis.accounts.models import Count
from majlis.core.errors import TooMany


def taken(key: str) -> bool:
    try:
        limits.take("mail", key)
    except TooMany:
        return False
    return True


@pytest.mark.django_db
def test_five_and_no_more(choice: Any) -> None:
    choice(limits=True)
    assert [taken("a@example.org") for _ in range(7)] == [True] * 5 + [False] * 2
    assert taken("b@example.org")
    assert not taken("A@Example.org"), "spelling makes no new address"
    assert not Count.objects.filter(key__contains="@").exists()


@pytest.mark.django_db
def test_any_full_key_refuses(choice: Any) -> None:
    choice(limits=True)
    for _ in range(5):
        limits.take("mail", "one")
    with pytest.raises(TooMany) as refusal:
        limits.take("mail", "fresh", "one")
    assert 0 < refusal.value.retry_after <= 30 * 60 + 1


@pytest.mark.django_db
def test_switched_off(choice: Any) -> None:
    choice(limits=False)
    assert all(taken("a") for _ in range(20))


@pytest.mark.django_db
def test_a_window_that_is_over_begins_anew(choice: Any) -> None:
    choice(limits=True)
    for _ in range(6):
        taken("a")
    Count.objects.update(ends_at="2020-01-01T00:00:00Z")
    assert taken("a")


@pytest.mark.django_db(transaction=True)
def test_many_connections_count_together(choice: Any) -> None:
    choice(limits=True)

    def one(_n: int) -> bool:
        try:
            return taken("shared")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as together:
        assert sum(together.map(one, range(24))) == 5


@pytest.mark.parametrize(
    ("trusted", "stated", "seen"),
    [
        (0, "203.0.113.5", "198.51.100.1"),
        (0, "", "198.51.100.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "10.9.9.9, 203.0.113.5", "203.0.113.5"),
        (2, "10.9.9.9, 203.0.113.5, 192.0.2.1", "203.0.113.5"),
        (2, "203.0.113.5", "198.51.100.1"),
        (1, "", "198.51.100.1"),
        (1, "unknown", "198.51.100.1"),
        (1, "<script>\r\nX: y", "198.51.100.1"),
        (1, "::ffff:203.0.113.5", "203.0.113.5"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_ghsa_wwrj_3hvj_prpm_ghsa_9cm3_qvj2_8hg4_forwarded_addresses(
    choice: Any, trusted: int, stated: str, seen: str
) -> None:
    choice(trusted_proxies=trusted)
    request = RequestFactory(headers={"X-Forwarded-For": stated}, REMOTE_ADDR="198.51.100.1").get("/")
    assert limits.client_address(request) == seen


def test_one_line_of_ipv6_is_one_client() -> None:
    assert limits.network("2001:db8:0:1::5") == limits.network("2001:db8:0:1:ffff::9")
    assert limits.network("2001:db8:0:1::5") != limits.network("2001:db8:0:2::5")
    assert limits.network("198.51.100.1") == "198.51.100.1"
