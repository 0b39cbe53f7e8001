"""A figure has a value or a reason, and never tells of one to nine people."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from cast import MOMENT
from majlis.insights.figures import Figure, Grade, Part, Why, count, share
from majlis.insights.windows import Window

REST = {"name": "n", "window": Window(None, MOMENT), "population": "p", "formula": "f"}
numbers = st.one_of(st.none(), st.integers(0, 10**6))


@given(numbers, numbers)
def test_a_share_is_a_number_or_a_reason(part: int | None, whole: int | None) -> None:
    figure = share(Part("a", part), Part("b", whole), **REST)  # type: ignore[arg-type]
    assert (figure.value is None) == (figure.why is not None)
    if figure.value is not None:
        assert math.isfinite(figure.value)
        assert part is not None
        assert whole is not None
        for group in (part, whole, whole - part):
            assert not 0 < group < 10
    for shown in figure.parts:
        assert shown.value is None or not 0 < shown.value < 10


@pytest.mark.parametrize(
    ("part", "whole", "value", "why"),
    [
        (0, 0, None, Why.NOTHING_YET),
        (0, 50, 0.0, None),
        (50, 50, 1.0, None),
        (45, 50, None, Why.FEW),  # five did not
        (4, 50, None, Why.FEW),
        (3, 4, None, Why.FEW),
        (25, 50, 0.5, None),
    ],
)
def test_shares(part: int, whole: int, value: float | None, why: Why | None) -> None:
    figure = share(Part("a", part), Part("b", whole), **REST)  # type: ignore[arg-type]
    assert (figure.value, figure.why) == (value, why)


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, None), (9, None), (10, 10), (None, None)])
def test_counts(number: int | None, shown: int | None) -> None:
    assert count(number, **REST).value == shown  # type: ignore[arg-type]


def test_an_estimate_stands_with_its_interval() -> None:
    with pytest.raises(ValueError, match="interval"):
        Figure(value=0.3, grade=Grade.ESTIMATED, **REST)  # type: ignore[arg-type]
    assert Figure(value=0.3, grade=Grade.ESTIMATED, interval=(0.2, 0.4), **REST).value == 0.3  # type: ignore[arg-type]
