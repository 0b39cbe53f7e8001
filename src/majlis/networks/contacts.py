"""The people of an archive, as far as they are here: follows, blocks, mutes, lists, bookmarks, likes.

An address ``name@host`` of this server is that person. Everybody else is at most "perhaps found again":
somebody of the same name here, suggested and never followed by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings

from majlis.core.errors import Refused
from majlis.networks.archives.records import ArchiveFollow, ArchiveReference, Skipped
from majlis.networks.archives.report import Report
from majlis.people import access as people_access
from majlis.people import actions as people
from majlis.people import queries
from majlis.posts import access as posts_access
from majlis.posts import actions as posts
from majlis.posts.access import SeenPost

MOST_FOUND: Final = 200
_POST: Final = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses|posts)/([1-9][0-9]{0,18})")


@dataclass
class Contacts:
    """What was read of people and their posts, until it is applied."""

    follows: list[ArchiveFollow] = field(default_factory=list)
    references: list[ArchiveReference] = field(default_factory=list)

    def found_again(self, *, by: int) -> list[int]:
        """People here who have the name of somebody she followed or was followed by there."""
        names = [
            each.handle for each in self.follows if each.handle and each.relation in ("following", "follower")
        ]
        wanted = list(dict.fromkeys(name.split("@")[0] for name in names))[:50_000]
        found = queries.ids_of(wanted)
        discoverable = queries.profiles(list(dict.fromkeys(found.values()))[: 2 * MOST_FOUND])
        return [id_ for id_, view in discoverable.items() if view.discoverable and id_ != by][:MOST_FOUND]

    def apply(self, *, by: int, report: Report, at: datetime) -> None:
        """Do again here what can be: follows, blocks, mutes, lists, bookmarks and likes."""
        here = self._here()
        by_relation: dict[str, list[int]] = defaultdict(list)
        lists: dict[str, list[int]] = defaultdict(list)
        for each in self.follows:
            found = here.get(each.handle or "")
            if each.relation == "blocked_domain":
                self._block_domain(each, by=by, report=report, at=at)
            elif found is None or found == by:
                if each.relation != "follower":
                    report.skip(Skipped(what=each.handle or each.url or "", code="contact_not_here"))
            elif each.relation == "circle":
                continue  # made before the posts that are for it
            elif each.relation == "list":
                lists[each.list_name or "?"].append(found)
            else:
                by_relation[each.relation].append(found)
                if each.mute_notifications is False:
                    by_relation["muted_but_told"].append(found)
        people.follow_in_bulk(pairs=[(by, id_) for id_ in by_relation["following"]], at=at)
        self._part(by_relation, by=by, at=at)
        for title, members in lists.items():
            self._list(title, members, by=by, report=report, at=at)
        for reference in self.references:
            self._keep(reference, by=by, report=report, at=at)

    def circles(self, wanted: Iterable[str], *, by: int, report: Report, at: datetime) -> dict[str, int]:
        """Her circles by name: those of the archive, and those that posts were for.

        One that she has already keeps its members: what she wrote for it here is shown to nobody new.
        """
        here, known = self._here(), {each.name: each.id for each in queries.circles(owner_id=by)}
        members: dict[str, list[int]] = {name: [] for name in wanted}
        for each in self.follows:
            if each.relation == "circle" and each.list_name:
                found = here.get(each.handle or "", by)
                members.setdefault(each.list_name, []).extend([found] if found != by else [])
        for name in members.keys() - known.keys():
            try:
                known[name] = people.create_circle(by=by, name=name, at=at)
            except Refused:
                report.skip(Skipped(what=name, code="circle_refused"))
                continue
            self._fill(known[name], members[name], by=by, report=report, at=at)
        return known

    def _fill(self, circle_id: int, members: Sequence[int], *, by: int, report: Report, at: datetime) -> None:
        circle = people_access.own_circle(circle_id=circle_id, by=by)
        for id_ in dict.fromkeys(members):
            try:
                member = people_access.see_profile(profile_id=id_, viewer_id=by)
                people.add_to_circle(circle=circle, by=by, member=member, at=at)
            except Refused:
                report.skip(Skipped(what=circle.name, code="contact_refused"))

    def _here(self) -> dict[str, int]:
        return here({each.handle for each in self.follows if each.handle})

    def _part(self, by_relation: dict[str, list[int]], *, by: int, at: datetime) -> None:
        for id_ in dict.fromkeys(by_relation["muted"]):
            whom = people_access.see_profile(profile_id=id_, viewer_id=by)
            people.mute(by=by, whom=whom, notifications=id_ not in by_relation["muted_but_told"], at=at)
        for id_ in dict.fromkeys(by_relation["blocked"]):
            people.block(by=by, whom=people_access.see_profile(profile_id=id_, viewer_id=by), at=at)

    def _block_domain(self, each: ArchiveFollow, *, by: int, report: Report, at: datetime) -> None:
        try:
            people.block_domain(by=by, domain=each.handle or "", at=at)
        except Refused:
            report.skip(Skipped(what=each.handle or "", code="contact_refused"))

    def _list(self, title: str, members: Sequence[int], *, by: int, report: Report, at: datetime) -> None:
        known = {each.title: each.id for each in queries.lists(owner_id=by)}
        try:
            list_id = known.get(title) or people.create_list(by=by, title=title, at=at)
            people.add_all_to_list(
                list=people_access.own_list(list_id=list_id, by=by),
                by=by,
                members=people_access.see_profiles(profile_ids=list(dict.fromkeys(members)), viewer_id=by),
                at=at,
            )
        except Refused:
            report.skip(Skipped(what=title, code="contact_refused"))

    def _keep(self, reference: ArchiveReference, *, by: int, report: Report, at: datetime) -> None:
        """A bookmark or a like of a post that is here and that she may see."""
        try:
            if reference.kind == "bookmark":
                posts.bookmark(by=by, post_id=_number(reference.url), at=at)
            else:
                posts.react(by=by, post_id=_number(reference.url), kind="like", at=at)
        except Refused:
            report.skip(Skipped(what=reference.url, code="post_not_here"))


def here(handles: Collection[str]) -> dict[str, int]:
    """People of this server by their full addresses."""
    own = f"@{settings.MAJLIS.host.lower()}"
    ours = {handle: handle.rsplit("@", 1)[0] for handle in handles if handle.lower().endswith(own)}
    found = queries.ids_of(set(ours.values()))
    return {handle: found[name] for handle, name in ours.items() if name in found}


def post_at(url: str, *, own: Mapping[str, tuple[int, int]], by: int) -> SeenPost:
    """The post at an address of an archive: one of her own, as it is here, or one of this server.

    Raises:
        Refused: it is not here, or not for her.
    """
    post_id = own[url[:255]][0] if url[:255] in own else _number(url)
    return posts_access.see(post_id=post_id, viewer=by)


def _number(url: str) -> int:
    own = url.removeprefix(settings.MAJLIS.base_url)
    match = _POST.fullmatch(own) if own != url else None
    if match is None:
        raise _NOT_HERE
    return int(match[1])


_NOT_HERE: Final = Refused("")
