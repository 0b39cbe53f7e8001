"""What the plan page says of the published set is what the method finds on it, where the set is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from majlis.insights.evaluation.expectation import FILE, facebook
from majlis.studio.planning import testing

DATA = Path(os.environ.get("PUBLISHED_SETS", "/nowhere"))


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "marketing" / FILE).exists(), reason="the published set is not here")
def test_what_is_told_of_the_published_set_is_so() -> None:
    found = testing.test([each.past for each in facebook(DATA)])
    told = testing.PUBLISHED
    assert (found.posts, found.agreed, found.verdict) == (told.posts, told.agreed, told.verdict)
    for name in ("ratio", "low", "high"):
        assert getattr(found, name) == pytest.approx(getattr(told, name), abs=0.006), name
