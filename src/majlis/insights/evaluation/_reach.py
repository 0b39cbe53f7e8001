"""The reach of a worked post, by the measures that the studio shows. Django must be set up before it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from majlis.insights.kinds import Kind, State
from majlis.insights.ledger import Exact, Reached, floored
from majlis.insights.reports import measures
from majlis.insights.windows import Window

_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_WINDOW = Window(_MOMENT, _MOMENT)


def measured(told: Mapping[str, int]) -> dict[str, float | None]:
    """Each measure by its name in the vectors, from counts of followers, viewers, impressions and interactions."""
    followers, strangers = told["unique_follower_viewers"], told["unique_nonfollower_viewers"]
    states = dict.fromkeys(State, 0)
    states |= {State.VIEWED: followers, State.SERVED: told["followers"] - followers}
    post = Exact(
        1, 2, _MOMENT, told["followers"], states,
        Reached(followers, followers, 0, told["impressions"] - strangers, 0),
        Reached(strangers, strangers, 0, strangers, 0),
    )  # fmt: skip
    of = measures.counted(post, {Kind.CLICK: told["interactions"]}, followers=told["followers"])
    figures = {
        "reach": measures.reach(of, window=_WINDOW),
        "organic_reach_rate_followers": measures.organic_reach_rate(post, floored(post), window=_WINDOW),
        "reach_over_followers_industry": measures.reach_by_followers(of, window=_WINDOW),
        "frequency": measures.frequency(of, window=_WINDOW),
        "err_by_reach": measures.engagement_rate(of, window=_WINDOW),
        "er_by_impressions": measures.engagement_by_impressions(of, window=_WINDOW),
        "er_by_followers": measures.engagement_by_followers(of, window=_WINDOW),
    }
    return {name: None if figure.value is None else float(figure.value) for name, figure in figures.items()}
