"""The table of addresses: a matrix, since the first fix was never the last one elsewhere."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from majlis.core.http.addresses import refusal

_REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.254 168.63.129.16 169.254.169.254 169.254.0.1 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.9
192.0.0.10 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1
192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.254 255.255.255.255 :: ::1 ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1
::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:a9fe:a9fe ::ffff:0.0.0.0 ::ffff:224.0.0.1 ::ffff:0:127.0.0.1
::ffff:0:8.8.8.8 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::7f00:1 64:ff9b:1::8.8.8.8
64:ff9b:1:ffff::1 100::1 100:0:0:1::1 2001::1 2001:0:7f00:1:: 2001:1::1 2001:2::1 2001:3::1 2001:4:112::1
2001:10::1 2001:20::1 2001:30::1 2001:1ff:ffff::1 2001:db8::1 2002:: 2002:7f00:1:: 2002:808:808::1
2002:a00:1::1 2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff::1 5f00::1 4000::1 8000::1 fc00::1 fd00::1
fd00:ec2::254 fe80::1 febf::1 fec0::1 feff::1 ff00::1 ff02::1 ff0e::1
ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 1::1 1fff:ffff::1
"""
_OPEN = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 168.63.129.15
169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 191.255.255.255 192.0.1.1 192.0.3.1 192.88.98.1
192.167.0.1 192.169.0.1 198.17.255.255 198.20.0.1 198.51.99.1 203.0.112.1 223.255.255.255 2001:200::1
2001:4860:4860::8888 2003::1 2606:4700::1111 2a00:1450::1 2620:4f:7fff::1 3ffd::1 64:ff9b::808:808
::ffff:8.8.8.8
"""
REFUSED, OPEN = _REFUSED.split(), _OPEN.split()
REFUSED_SPELLINGS = [
    "fe80::1%eth0",
    "2606:4700::1%1",
    "",
    "localhost",
    "127.1",
    "0x7f.1",
    "2130706433",
    "127.0.0.1 ",
    "::g",
]


@pytest.mark.parametrize("address", REFUSED + REFUSED_SPELLINGS)
def test_cve_2026_22245_ghsa_xx55_4rrg_8xg6_cve_2026_50131_cve_2026_33693_refused(address: str) -> None:
    assert refusal(address) is not None


@pytest.mark.parametrize("address", OPEN)
def test_neighbours_of_refused_blocks_are_open(address: str) -> None:
    assert refusal(address) is None


def test_the_matrix_is_larger_than_the_one_that_was_measured() -> None:
    assert len(set(REFUSED)) >= 51


@pytest.mark.parametrize(
    "network", ["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
)
@pytest.mark.parametrize(
    "prefix", ["::ffff:0:0/96", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/96"]
)
@given(data=st.data())
def test_ghsa_vwhj_3g83_v276_no_wrapping_hides_a_private_address(
    network: str, prefix: str, data: st.DataObject
) -> None:
    low = ip_network(network)
    inside = int(low[0]) + data.draw(st.integers(0, low.num_addresses - 1))
    wrapped = ip_network(prefix)[inside]
    assert refusal(str(wrapped)) is not None
    assert refusal(str(ip_network("2002::/16")[inside << 80])) is not None
    assert refusal(str(ip_network("2001::/32")[inside ^ 0xFFFFFFFF])) is not None


def test_a_network_can_be_allowed_and_nothing_beside_it() -> None:
    allowed = [ip_network("127.0.0.0/8")]
    assert refusal("127.0.0.1", allowed=allowed) is None
    for address in ("10.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"):
        assert refusal(address, allowed=allowed) is not None
