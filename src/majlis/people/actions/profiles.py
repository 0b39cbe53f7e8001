"""Making a profile, changing it, hiding it, ending it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, Conflict, NotAllowed, NotThere
from majlis.core.events import emit
from majlis.core.jobs import actions as jobs
from majlis.core.sql import column, execute
from majlis.core.text.length import MOST_CODE_POINTS, too_long
from majlis.core.text.names import LONGEST_DISPLAY_NAME, checked_handle, clean_display_name, skeleton
from majlis.people import events
from majlis.people.actions.follows import accept_all
from majlis.people.actions.pairs import SQL, lock
from majlis.people.bios import bio_html, fields_json
from majlis.people.models import Profile, ProfileCount, RetiredHandle, Withdrawal
from majlis.people.preferences import Preferences
from majlis.people.words import many_lines

Reason = Literal["own", "login", "suspended"]
VERIFY_JOB: Final = "people.verify_fields"
MOST_PROFILES: Final = 10
LONGEST_BIO: Final = 500
MOST_LANGUAGES: Final = 8


@transaction.atomic
def create_profile(
    *,
    user_id: int | None,
    handle: str,
    display_name: str = "",
    kind: str = "person",
    at: datetime,
    languages: Sequence[str] = (),
    example: bool = False,
) -> int:
    """A new profile of this server; its id. ``user_id`` is None for examples that nobody can act as.

    Raises:
        BadInput: this can be no handle; the login has ten profiles; there is no such kind or language.
        Conflict: the handle is reserved, taken, retired, or could be confused with somebody's.
    """
    handle = checked_handle(handle)
    if user_id is not None and Profile.objects.filter(user_id=user_id).count() >= MOST_PROFILES:
        raise BadInput(_("You have as many profiles as there can be."), code="limit")
    profile = Profile(
        user_id=user_id,
        handle=handle,
        skeleton=skeleton(handle),
        display_name=_display_name(display_name),
        kind=_kind(kind),
        languages=_languages(languages),
        made_at=at,
        example=example,
    )
    _insert(profile)
    emit(events.ProfileMade(profile.id, at))
    return int(profile.id)


def _insert(profile: Profile) -> None:
    if RetiredHandle.objects.filter(skeleton=profile.skeleton).exists():
        raise _taken("retired")
    try:
        with transaction.atomic():
            profile.save(force_insert=True)
    except IntegrityError as error:
        raise _taken(str(error)) from error
    ProfileCount.objects.create(profile=profile)


def _taken(cause: str) -> Conflict:
    sentence = _("This name is taken, or looks like one that is.")
    return Conflict(sentence, field="username", code="taken", cause=cause)


def _display_name(typed: str) -> str:
    name = clean_display_name(typed)
    if len(name) > LONGEST_DISPLAY_NAME * MOST_CODE_POINTS:  # emoji joined without end are one character
        raise too_long(most=LONGEST_DISPLAY_NAME, field="display_name")
    return name


def _kind(kind: str) -> str:
    if kind not in Profile.Kind.values:
        raise BadInput(_("There is no such choice."), field="kind", cause=kind[:40])
    return kind


def _languages(codes: Sequence[str]) -> list[str]:
    codes = list(dict.fromkeys(code.strip().lower() for code in codes if code.strip()))
    if len(codes) > MOST_LANGUAGES or not all(_is_language(code) for code in codes):
        raise BadInput(_("There is no such language."), field="languages")
    return codes


def _is_language(code: str) -> bool:
    """The shape of a code: ``ar``, ``en``, ``zh-tw``."""
    first, *rest = code.split("-")
    return code.isascii() and first.isalpha() and 2 <= len(first) <= 3 and all(
        part.isalnum() and 2 <= len(part) <= 8 for part in rest
    )  # fmt: skip


@transaction.atomic
def change_profile(
    *,
    by: int,
    at: datetime,
    display_name: str | None = None,
    bio: str | None = None,
    fields: Sequence[tuple[str, str]] | None = None,
    kind: str | None = None,
    languages: Sequence[str] | None = None,
    locked: bool | None = None,
    discoverable: bool | None = None,
    indexable: bool | None = None,
    hide_network: bool | None = None,
) -> None:
    """Change what others see of the profile ``by``; what is None stays.

    ``fields`` are pairs of name and value, which replace all; a value that stays keeps its check mark,
    and pages that a new one links to are asked by a job whether they link back.
    When it stops being ``locked``, everybody who asked to follow is accepted.

    Raises:
        BadInput: a text is too long, there are more than four fields, no such kind or language.
        NotThere: there is no such profile.
    """
    profile = _own(by)
    switches = {
        "locked": locked,
        "discoverable": discoverable,
        "indexable": indexable,
        "hide_network": hide_network,
    }
    changes: dict[str, Any] = {name: value for name, value in switches.items() if value is not None}
    if display_name is not None:
        changes["display_name"] = _display_name(display_name)
    if bio is not None:
        changes["bio"] = many_lines(bio, field="note", longest=LONGEST_BIO)
        changes["bio_html"] = bio_html(changes["bio"])
    if fields is not None:
        changes["fields"] = fields_json(fields, before=profile.fields)
    if kind is not None:
        changes["kind"] = _kind(kind)
    if languages is not None:
        changes["languages"] = _languages(languages)
    _write(profile, changes, at=at)
    if any(field["url"] and not field["verified_at"] for field in changes.get("fields", ())):
        jobs.enqueue(VERIFY_JOB, {"profile_id": by}, key=str(by))
    if profile.locked and locked is False:
        accept_all(by=by, at=at)


def _own(profile_id: int) -> Profile:
    profile = Profile.objects.select_for_update(no_key=True).filter(id=profile_id).first()
    if profile is None:
        raise NotThere(_("There is nobody at this address."), cause=f"profile {profile_id}")
    return profile


def _write(profile: Profile, changes: Mapping[str, Any], *, at: datetime) -> None:
    changed = {name: value for name, value in changes.items() if getattr(profile, name) != value}
    if changed:
        Profile.objects.filter(id=profile.id).update(**changed)
        emit(events.ProfileChanged(profile.id, at))


@transaction.atomic
def verify_fields(*, profile_id: int, urls: Collection[str], at: datetime) -> None:
    """Put the check mark on the fields that are one of these links, if they still are.

    Raises:
        NotThere: there is no such profile.
    """
    profile = _own(profile_id)
    fields = [
        {**field, "verified_at": at.isoformat()}
        if field["url"] in urls and not field["verified_at"]
        else field
        for field in profile.fields
    ]
    _write(profile, {"fields": fields}, at=at)


@transaction.atomic
def set_avatar(*, by: int, key: str, animated: bool = False, alt: str = "", at: datetime) -> None:
    """Take a stored picture (by the key that the media module gave) as avatar; empty: none."""
    alt = many_lines(alt, field="avatar_description", longest=1_500)
    _write(_own(by), {"avatar_key": key, "avatar_animated": animated, "avatar_alt": alt}, at=at)


@transaction.atomic
def set_header(*, by: int, key: str, alt: str = "", at: datetime) -> None:
    """Take a stored picture as the banner of the profile; empty: none."""
    alt = many_lines(alt, field="header_description", longest=1_500)
    _write(_own(by), {"header_key": key, "header_alt": alt}, at=at)


@transaction.atomic
def change_preferences(*, by: int, changes: Mapping[str, object], at: datetime) -> Preferences:
    """Set preferences by name (see :class:`Preferences`); those not named stay. What they are now.

    Raises:
        BadInput: no such preference, or no such choice.
        NotThere: there is no such profile.
    """
    profile = _own(by)
    unknown = set(changes) - set(Preferences.__struct_fields__)
    merged = {**profile.preferences, **changes}
    try:
        preferences = msgspec.convert(merged, Preferences)
    except msgspec.ValidationError as error:
        raise BadInput(_("There is no such choice."), field="preferences", cause=str(error)) from error
    if unknown:
        raise BadInput(_("There is no such choice."), field="preferences", cause=str(sorted(unknown))[:200])
    Profile.objects.filter(id=by).update(preferences=merged)
    emit(events.PreferencesChanged(by, at))
    return preferences


@transaction.atomic
def withdraw_profile(*, profile_id: int, at: datetime, reason: Reason = "own") -> None:
    """Hide everything of a profile, for one more reason. Nothing is lost.

    Raises:
        NotThere: there is no such profile.
    """
    profile = _own(profile_id)
    Withdrawal.objects.get_or_create(profile_id=profile_id, reason=reason, defaults={"made_at": at})
    if profile.withdrawn_at is None:
        Profile.objects.filter(id=profile_id).update(withdrawn_at=at)
        emit(events.ProfileWithdrawn(profile_id, at))


@transaction.atomic
def restore_profile(*, profile_id: int, at: datetime, reason: Reason = "own") -> None:
    """Lift one reason; when it was the last, the profile is shown again as it was.

    Raises:
        NotThere: there is no such profile.
    """
    profile = _own(profile_id)
    Withdrawal.objects.filter(profile_id=profile_id, reason=reason).delete()
    left = Withdrawal.objects.filter(profile_id=profile_id).exists()
    if profile.withdrawn_at is not None and not left:
        Profile.objects.filter(id=profile_id).update(withdrawn_at=None)
        emit(events.ProfileRestored(profile_id, at))


@transaction.atomic
def hand_over(*, profile_id: int, by: int, to: int, at: datetime) -> None:
    """Let a profile belong to the login of the profile ``to``. ``by`` is it itself, or another profile of
    the login it belongs to.

    Raises:
        NotAllowed: it belongs to another login than that of ``by``.
        NotThere: there is no such profile, or ``to`` has no login here.
        Conflict: it belongs to that login already, or that login has ten profiles.
    """
    profile = _own(profile_id)
    logins = dict(Profile.objects.filter(id__in=(by, to)).values_list("id", "user_id"))
    if profile.user_id is None or logins.get(by) != profile.user_id:
        raise NotAllowed(_("Only the one whose login the profile belongs to can hand it over."))
    login = logins.get(to)
    if login is None:
        raise NotThere(_("There is nobody at this address."), cause=f"profile {to}")
    if login == profile.user_id:
        raise Conflict(_("The profile belongs to this login already."))
    if Profile.objects.filter(user_id=login).count() >= MOST_PROFILES:
        raise Conflict(_("That login has as many profiles as there can be."), code="limit")
    Profile.objects.filter(id=profile_id).update(user_id=login)
    emit(events.ProfileHandedOver(profile_id, at))


@transaction.atomic
def limit_profile(*, profile_id: int, at: datetime) -> None:
    """Show a profile only to those who follow it; whomever it follows from now on is asked.

    Raises:
        NotThere: there is no such profile.
    """
    profile = _own(profile_id)
    _write(profile, {"limited_at": profile.limited_at or at}, at=at)


@transaction.atomic
def unlimit_profile(*, profile_id: int, at: datetime) -> None:
    """Lift the limit.

    Raises:
        NotThere: there is no such profile.
    """
    _write(_own(profile_id), {"limited_at": None}, at=at)


@transaction.atomic
def delete_profile(*, profile_id: int, at: datetime, retire: bool = True) -> None:
    """End a profile for good, with all that hangs on it. Its handle is never given again.

    ``retire=False`` is for one that nobody ever used: its handle is free again.

    Raises:
        NotThere: there is no such profile.
    """
    neighbours = column(SQL["neighbours"], profile=profile_id)
    lock(profile_id, *neighbours)
    profile = _own(profile_id)
    # read again: somebody may have followed while we waited for the lock
    neighbours = column(SQL["neighbours"], profile=profile_id)
    execute(SQL["uncount_profile"], profile=profile_id, neighbours=neighbours)
    if retire and not profile.domain:
        RetiredHandle.objects.get_or_create(skeleton=profile.skeleton, defaults={"retired_at": at})
    emit(events.ProfileDeleted(profile_id, at))
    profile.delete()


def count_posts(*, profile_id: int, change: int, on: date | None = None) -> None:
    """Let the counter of posts follow ``change`` posts more or fewer; ``on`` is the day of a new one.

    Called inside the transaction that writes the posts, as its last statement where possible: the
    counters stay locked until the commit.
    """
    execute(SQL["count_posts"], profile=profile_id, change=change, day=on)
