"""The cast of every test: Alice, her friend Bob, the bakery and its team, Dana, and Charlie.

Each function makes a login with its profile, the same every time. Nobody follows anybody yet. Whoever
Charlie is in a test, nothing in it is his.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress

from majlis.accounts.models import User
from majlis.brands.models import Page, TeamMember
from majlis.people import access, actions, queries
from majlis.people.access import SeenProfile
from majlis.people.queries import ProfileView, Viewer

PASSWORD: Final = "a long walk by the sea"
MOMENT: Final = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def later(**after: float) -> datetime:
    """``MOMENT`` and then some: ``later(minutes=5)``."""
    return MOMENT + timedelta(**after)


@dataclass(frozen=True)
class Member:
    """A login and the profile it acts as."""

    user_id: int
    id: int
    handle: str

    @property
    def user(self) -> User:
        return User.objects.get(id=self.user_id)

    @property
    def viewer(self) -> Viewer:
        found = queries.viewer_of(user_id=self.user_id, chosen=self.id)
        assert found is not None
        return found

    @property
    def profile(self) -> ProfileView:
        found = queries.profile(self.id)
        assert found is not None
        return found

    @property
    def seen(self) -> SeenProfile:
        """As a stranger may hold it."""
        return access.see_profile(profile_id=self.id, viewer_id=None)


def login(name: str, *, language: str = "en", operator: bool = False) -> User:
    """A login with a confirmed address, ``name@example.org``."""
    user = User.objects.create_user(
        f"{name}@example.org",
        PASSWORD,
        language=language,
        is_staff=operator,
        joined_at=MOMENT,
        confirmed_at=MOMENT,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def member(
    handle: str,
    display_name: str = "",
    *,
    language: str = "en",
    operator: bool = False,
) -> Member:
    """A login with one profile."""
    user = login(handle, language=language, operator=operator)
    return Member(user.id, _profile(user, handle, display_name, language=language), handle)


def _profile(user: User, handle: str, display_name: str, *, language: str, kind: str = "person") -> int:
    return actions.create_profile(
        user_id=user.id,
        handle=handle,
        display_name=display_name,
        kind=kind,
        languages=[language],
        at=MOMENT,
    )


def alice() -> Member:
    """A member, writes English."""
    return member("alice", "Alice")


def bob() -> Member:
    """Her friend, writes and reads Arabic."""
    return member("bob", "بوب الحلبي", language="ar")


def dana() -> Member:
    """The bakery's customer."""
    return member("dana", "Dana")


def charlie() -> Member:
    """A stranger, who may see none of it."""
    return member("charlie", "Charlie")


def operator() -> Member:
    """Keeps the house."""
    return member("omar", "Omar", operator=True)


@dataclass(frozen=True)
class Bakery:
    """Bayt Zaytoun: the page, which acts through the owner's login, and its team, one of each role."""

    page: Member
    owner: Member
    editor: Member
    support: Member
    analyst: Member
    advertiser: Member


def bakery() -> Bakery:
    """A bakery with a page in two languages and a team."""
    owner = member("nadia", "Nadia")
    page = _profile(owner.user, "bayt_zaytoun", "بيت زيتون · Bayt Zaytoun", language="ar", kind="business")
    team = {
        "owner": owner,
        "editor": member("elias", "Elias"),
        "support": member("salma", "سلمى", language="ar"),
        "analyst": member("yara", "Yara"),
        "advertiser": member("karim", "Karim"),
    }
    # where a test listens to events itself, nobody else has made it
    Page.objects.get_or_create(profile_id=page, defaults={"made_at": MOMENT})
    for role, who in team.items():
        TeamMember.objects.create(
            page_id=page, member_id=who.id, role=role, made_by_id=owner.id, made_at=MOMENT
        )
    return Bakery(page=Member(owner.user_id, page, "bayt_zaytoun"), **team)


def follows(follower: Member, *followed: Member) -> None:
    """Let one follow others, who do not ask."""
    for other in followed:
        assert actions.follow(by=follower.id, whom=other.seen, at=MOMENT) == "following"


def friends(one: Member, other: Member) -> None:
    """Let two follow each other."""
    follows(one, other)
    follows(other, one)
