"""Experiments: what posts do, which of two versions or targets is better, second chances."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext_lazy as _
from msgspec import Meta

from majlis.brands.access import OnTeam
from majlis.brands.roles import Permission
from majlis.core.errors import BadInput
from majlis.mastodon_api.described import NOTHING, Id, Key, Moment, Nothing, When
from majlis.mastodon_api.entities.account import moment
from majlis.mastodon_api.entities.figure import Figure, figure
from majlis.mastodon_api.request import Call, route
from majlis.mastodon_api.studio.doors import team
from majlis.studio.experiments import actions, link_tests, report, results
from majlis.studio.experiments.report import Report


class ExperimentGroup(msgspec.Struct, frozen=True):
    """Figures that belong together; ``heading`` is empty where there is one group only."""

    heading: str
    figures: list[Figure]


class Experiment(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment. ``answer`` is what it says, in a sentence; ``broken``: the sizes of its groups are wrong and nothing
    of it is to be read. ``chosen``: of two versions the one that the other half is shown."""

    id: Key
    kind: Literal["holdout", "versions"]
    name: str
    share: float
    post_ids: list[Key]
    posts: int
    started_at: Moment
    ends_at: Moment | None
    ended_at: Moment | None
    stopped_early: bool
    chosen: str
    answer: str
    broken: bool
    groups: list[ExperimentGroup]


class ExperimentFields(msgspec.Struct, frozen=True, kw_only=True):
    """A holdout of a ``share`` of followers (0.05 to 0.1), or two planned posts as versions of one, until ``ends_at``."""

    kind: Literal["holdout", "versions"]
    share: Annotated[float, Meta(ge=0, le=1)] = 0.1
    entry_a: Id | None = None
    entry_b: Id | None = None
    name: str = ""
    ends_at: When | None = None


class Chosen(msgspec.Struct, frozen=True):
    """Which version the other half is shown; nothing: the better one if there is one, else the first."""

    chosen: Literal["", "a", "b"] = ""


class OfPost(msgspec.Struct, frozen=True):
    """A post."""

    post_id: Id


class SecondChance(msgspec.Struct, frozen=True, kw_only=True):
    """A post that is placed once more. ``placed`` and ``viewed`` are null for one to nine homes."""

    id: Key
    post_id: Key
    reason: Literal["later", "second_chance"]
    starts_at: Moment
    ends_at: Moment
    stopped_at: Moment | None
    placed: int | None
    viewed: int | None


class LinkTest(msgspec.Struct, frozen=True, kw_only=True):
    """Two targets behind one code, and what came of each. ``answer`` is what it says, in a sentence."""

    id: Key
    link_id: Key
    target_b: str
    started_at: Moment
    ends_at: Moment | None
    ended_at: Moment | None
    stopped_early: bool
    chosen: str
    answer: str
    figures: list[Figure]


class LinkTestFields(msgspec.Struct, frozen=True, kw_only=True):
    """The second target, and when the test ends."""

    target_b: str
    ends_at: When


def _experiment(view: Report) -> Experiment:
    tried = view.experiment
    return Experiment(
        id=str(tried.id), kind="holdout" if tried.kind == "holdout" else "versions", name=view.name, share=tried.share,
        post_ids=[str(each) for each in (tried.post_a, tried.post_b) if each], posts=tried.posts,
        started_at=moment(tried.made_at), ends_at=moment(tried.ends_at) if tried.ends_at else None,
        ended_at=moment(tried.ended_at) if tried.ended_at else None, stopped_early=tried.stopped_early,
        chosen=tried.chosen, answer=view.answer, broken=view.broken,
        groups=[ExperimentGroup(str(heading), [figure(each) for each in group]) for heading, group in view.groups],
    )  # fmt: skip


@team(Permission.MEASURE, says=_("Experiments, those that run first"), gives=list[Experiment])
def index(call: Call, team: OnTeam) -> list[Experiment]:
    return [_experiment(report.of(team, each, at=call.at)) for each in results.experiments(team)]


@team(Permission.MEASURE, says=_("An experiment and what it says"), gives=Experiment)
def show(call: Call, team: OnTeam, experiment_id: int) -> Experiment:
    return _experiment(report.report(team, experiment_id, at=call.at))


@team(
    Permission.PUBLISH,
    writes=True,
    says=_("Begin an experiment"),
    takes=ExperimentFields,
    gives=Experiment,
    once=True,
)
def create(call: Call, team: OnTeam, sent: ExperimentFields) -> Experiment:
    if sent.kind == "holdout":
        made = actions.start_holdout(team, share=sent.share, at=call.at)
    else:
        if sent.ends_at is None:
            raise BadInput(_("Say when it ends."), field="ends_at")
        made = actions.start_versions(
            team,
            entry_a=sent.entry_a or 0,
            entry_b=sent.entry_b or 0,
            name=sent.name,
            ends_at=sent.ends_at,
            at=call.at,
        )
    return _experiment(report.report(team, made, at=call.at))


@team(Permission.PUBLISH, writes=True, says=_("End an experiment"), takes=Chosen, gives=Experiment)
def stop(call: Call, team: OnTeam, sent: Chosen, experiment_id: int) -> Experiment:
    actions.stop(team, experiment_id=experiment_id, chosen=sent.chosen, at=call.at)
    return _experiment(report.report(team, experiment_id, at=call.at))


def _chance(line: results.AgainLine) -> SecondChance:
    return SecondChance(
        id=str(line.id), post_id=str(line.post_id), reason="later" if line.reason == "later" else "second_chance",
        starts_at=moment(line.since), ends_at=moment(line.until),
        stopped_at=moment(line.stopped_at) if line.stopped_at else None,
        placed=results.shown(line.placed), viewed=results.shown(line.viewed),
    )  # fmt: skip


@team(Permission.MEASURE, says=_("Posts that are or were placed once more"), gives=list[SecondChance])
def second_chances(call: Call, team: OnTeam) -> list[SecondChance]:
    return [_chance(line) for line in results.placed_again(team, at=call.at)]


@team(
    Permission.PUBLISH, writes=True, says=_("Place a post once more for followers who did not see it"), takes=OfPost,
    gives=list[SecondChance],
)  # fmt: skip
def give_second_chance(call: Call, team: OnTeam, sent: OfPost) -> list[SecondChance]:
    actions.second_chance(team, post_id=sent.post_id, at=call.at)
    return [_chance(line) for line in results.placed_again(team, at=call.at) if line.post_id == sent.post_id]


@team(Permission.PUBLISH, writes=True, says=_("Place it in no further home"), gives=Nothing)
def stop_second_chance(call: Call, team: OnTeam, again_id: int) -> Nothing:
    actions.stop_second_chance(team, again_id=again_id, at=call.at)
    return NOTHING


def _link_test(team: OnTeam, view: link_tests.LinkTest, call: Call) -> LinkTest:
    found = link_tests.report(view, at=call.at)
    return LinkTest(
        id=str(view.id), link_id=str(view.link_id), target_b=view.target_b, started_at=moment(view.made_at),
        ends_at=moment(view.ends_at) if view.ends_at else None, ended_at=moment(view.ended_at) if view.ended_at else None,
        stopped_early=view.stopped_early, chosen=view.chosen, answer=found.answer,
        figures=[figure(each) for each in found.figures],
    )  # fmt: skip


@team(Permission.MEASURE, says=_("The tests of a link, the newest first"), gives=list[LinkTest])
def tests_of_link(call: Call, team: OnTeam, link_id: int) -> list[LinkTest]:
    return [_link_test(team, each, call) for each in link_tests.of_link(team, link_id=link_id)]


@team(
    Permission.TRACK, writes=True, says=_("Lead half of the clicks on a link to another target"), takes=LinkTestFields,
    gives=LinkTest,
)  # fmt: skip
def test_link(call: Call, team: OnTeam, sent: LinkTestFields, link_id: int) -> LinkTest:
    link_tests.start(team, link_id=link_id, target_b=sent.target_b, ends_at=sent.ends_at, at=call.at)
    return _link_test(team, link_tests.of_link(team, link_id=link_id)[0], call)


@team(Permission.TRACK, writes=True, says=_("End the test of a link"), takes=Chosen, gives=LinkTest)
def stop_link_test(call: Call, team: OnTeam, sent: Chosen, link_id: int) -> LinkTest:
    link_tests.stop(team, link_id=link_id, chosen=sent.chosen, at=call.at)
    return _link_test(team, link_tests.of_link(team, link_id=link_id)[0], call)


_ALL = "api/v1/studio/<page_id>/experiments"
_LINK = "api/v1/studio/<page_id>/links/<link_id>/tests"
urls = [
    route(_ALL, GET=index, POST=create),
    route(f"{_ALL}/<experiment_id>", GET=show),
    route(f"{_ALL}/<experiment_id>/stop", POST=stop),
    route("api/v1/studio/<page_id>/second_chances", GET=second_chances, POST=give_second_chance),
    route("api/v1/studio/<page_id>/second_chances/<again_id>/stop", POST=stop_second_chance),
    route(_LINK, GET=tests_of_link, POST=test_link),
    route(f"{_LINK}/stop", POST=stop_link_test),
]
