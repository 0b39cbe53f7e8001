"""That every endpoint of the studio has a story: the files share the stories among them, each by the names it tells of."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from described_api import DescribedApp, document

#: What each operation's id begins with, where its stories have a file of their own.
ELSEWHERE = ("customers_", "planning_")
ITSELF = "test_no_endpoint_is_without_a_story"


def check(*, ran: set[str], names: Iterable[str], beginning: str = "") -> None:
    """Each operation gave a good answer. ``ran``: tests that ran in this process, of all ``names`` of the file; where
    they were shared among workers, nobody can say. ``beginning``: of the ids; empty: all that are not elsewhere."""
    if {name for name in names if name.startswith("test_")} - ran - {ITSELF}:
        pytest.skip("the other stories ran elsewhere")
    told = {each["operationId"] for methods in document()["paths"].values() for each in methods.values()}
    mine = {
        each
        for each in told
        if each.startswith(beginning or "") and (beginning or not each.startswith(ELSEWHERE))
    }
    assert mine
    assert mine - DescribedApp.seen == set()
