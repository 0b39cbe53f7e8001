"""One experiment, read as a whole: what it is, what it says, its numbers."""

from __future__ import annotations

from datetime import datetime

import msgspec

from majlis.brands.access import OnTeam
from majlis.insights.figures import Figure
from majlis.studio.experiments import results, telling
from majlis.studio.experiments.results import Experiment, HoldoutResult, VersionsResult
from majlis.studio.experiments.telling import Words


class Report(msgspec.Struct, frozen=True):
    """An experiment with its answer. ``groups``: figures under a heading each (empty: none). ``broken``: the sizes are
    wrong, and nothing of it is to be read."""

    experiment: Experiment
    name: str
    answer: str
    groups: tuple[tuple[Words, tuple[Figure, ...]], ...]
    missing: tuple[tuple[Words, str], ...]
    broken: bool

    @property
    def figures(self) -> list[Figure]:
        """All figures."""
        return [each for _heading, group in self.groups for each in group]


def report(team: OnTeam, experiment_id: int, *, at: datetime) -> Report:
    """What an experiment says now.

    Raises:
        NotThere: it is not the page's.
    """
    return of(team, results.experiment(team, experiment_id), at=at)


def of(team: OnTeam, found: Experiment, *, at: datetime) -> Report:
    """The same, of one that was read already."""
    if found.kind == "holdout":
        return _of_holdout(found, results.holdout(found.id, share=found.share, at=at), at=at)
    return _of_versions(found, results.versions(team, found.id, at=at), at=at)


def _of_holdout(found: Experiment, result: HoldoutResult, *, at: datetime) -> Report:
    short = tuple(
        (telling.GOALS[each.goal], said) for each in result.goals if (said := telling.missing(each))
    )
    return Report(
        experiment=found, name=telling.name_of(found), answer=telling.holdout_answer(result),
        groups=(("", tuple(telling.holdout_figures(found, result, at=at))),), missing=short, broken=result.ratio.alarm,
    )  # fmt: skip


def _of_versions(found: Experiment, result: VersionsResult | None, *, at: datetime) -> Report:
    groups = telling.versions_figures(found, result, at=at) if result is not None else []
    return Report(
        experiment=found, name=telling.name_of(found), answer=telling.versions_answer(found, result),
        groups=tuple((heading, tuple(group)) for heading, group in groups), missing=(),
        broken=result is not None and any(each.ratio.alarm for each in result.comparisons.values()),
    )  # fmt: skip
