"""The privacy floor: whatever is shown, no group of one to nine can be worked out from it."""

from __future__ import annotations

from itertools import product

import hypothesis.strategies as st
from hypothesis import given

from cast import MOMENT
from majlis.insights import floor
from majlis.insights.kinds import FEWEST_SHOWN, State
from majlis.insights.ledger import SEEN, Exact, Ledger, Reached, floored

counts = st.dictionaries(st.integers(0, 12), st.integers(0, 30), max_size=8)
states = st.fixed_dictionaries({state: st.one_of(st.just(0), st.integers(0, 25)) for state in State})


@given(counts)
def test_what_is_hidden_is_ten_or_more_together_or_everything(groups: dict[int, int]) -> None:
    away = floor.hidden(groups)
    assert {key for key, count in groups.items() if 0 < count < FEWEST_SHOWN} <= away
    together = sum(groups[key] for key in away)
    all_of_them = away == {key for key, count in groups.items() if count}
    assert not away or together >= FEWEST_SHOWN or all_of_them
    assert floor.total(groups) == (None if 0 < together < FEWEST_SHOWN else sum(groups.values()))


def _ledger(groups: dict[State, int]) -> Ledger:
    return floored(Exact(1, 2, MOMENT, sum(groups.values()), groups, Reached(), Reached()))


@given(states)
def test_a_ledger_tells_of_no_small_group(groups: dict[State, int]) -> None:
    """Every sum over lines that can be known from what is shown is nought or ten and more, unless all are known."""
    told = _ledger(groups)
    away = [line.state for line in told.lines if line.count is None]
    parts = [frozenset(away)] if told.merged is not None else []
    if told.seen is not None:
        # what is known of the hidden: those who saw it, and so the rest
        parts = [frozenset(away) & set(SEEN), frozenset(away) - set(SEEN)]
    for part in parts:
        assert not part or sum(groups[state] for state in part) >= FEWEST_SHOWN
    for line in told.lines:
        assert line.count in (None, groups[line.state])
        assert line.count is None or line.count == 0 or line.count >= FEWEST_SHOWN


def test_those_who_saw_it_are_told_though_few_of_them_did_something() -> None:
    told = _ledger(
        dict.fromkeys(State, 0) | {State.ENGAGED: 4, State.VIEWED: 50, State.NOT_OPENED: 20, State.MUTED: 3}
    )
    assert told.seen == 54
    shown = {line.state: line.count for line in told.lines}
    assert (
        shown[State.ENGAGED] is shown[State.VIEWED] is shown[State.MUTED] is shown[State.NOT_OPENED] is None
    )
    assert (told.eligible, told.merged) == (77, 77)


def test_when_nearly_all_saw_it_the_few_who_did_not_stay_hidden() -> None:
    told = _ledger(dict.fromkeys(State, 0) | {State.ENGAGED: 100, State.VIEWED: 395, State.NOT_OPENED: 5})
    assert told.seen is None
    assert {line.state for line in told.lines if line.count is None} == {State.ENGAGED, State.NOT_OPENED}


def test_small_ledgers_tell_nothing_that_could_be_somebody() -> None:
    for engaged, viewed, rest in product((0, 1, 5), repeat=3):
        told = _ledger(
            dict.fromkeys(State, 0) | {State.ENGAGED: engaged, State.VIEWED: viewed, State.MUTED: rest}
        )
        assert told.seen in (None, 0) or told.seen >= FEWEST_SHOWN
