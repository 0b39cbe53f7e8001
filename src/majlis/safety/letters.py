"""What both sides are told by mail, in their own language. No letter says who decided or who reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from majlis.accounts import letters as post_office
from majlis.core import sql
from majlis.people import queries as people
from majlis.safety.models import Decision, Report

_SQL: Final = sql.load("majlis.safety")
_SALT: Final = "majlis.safety.decision"


class Reader(NamedTuple):
    """The login behind a profile, as far as a letter and a decision need it."""

    user_id: int
    email: str
    language: str
    is_operator: bool
    closed: bool


def reader_of(profile_id: int) -> Reader | None:
    """Who reads for a profile; None for examples and profiles of other servers."""
    row = sql.one(_SQL["login_of"], profile=profile_id)
    return Reader(row[0], row[1], row[2], row[3], row[4] is not None) if row else None


def decision_key(decision_id: int) -> str:
    """What stands in the link of a letter: whoever holds it may read the decision and appeal once."""
    return signing.Signer(salt=_SALT).sign(str(decision_id))


def decision_of_key(key: str) -> int | None:
    """The decision a link is about; None when it was not made here."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(key))
    except (signing.BadSignature, ValueError):
        return None


def _send(reader: Reader | None, write: Callable[[], tuple[str, str]]) -> None:
    if reader is None:
        return
    with translation.override(reader.language or settings.LANGUAGE_CODE):
        subject, text = write()
        post_office.post(to=[reader.email], subject=f"[{settings.MAJLIS.server_name}] {subject}", text=text)


def decided(decision: Decision) -> None:
    """To the profile that something was decided about."""

    def write() -> tuple[str, str]:
        parts = [what_was_done(decision.kind, len(decision.post_ids), _acct(decision.about_id))]
        if decision.text:
            parts.append(_("The operators write:") + "\n\n" + decision.text)
        link = f"{settings.MAJLIS.base_url}/decisions/{decision_key(decision.pk)}"
        parts.append(_("If you think this is wrong, you can ask for a second look:") + "\n\n" + link)
        return _("A decision about your profile"), "\n\n".join(parts)

    _send(reader_of(decision.about_id), write)


def what_was_done(kind: str, posts: int, acct: str) -> str:
    """A decision as a sentence to the one it is about."""
    name = {"acct": f"@{acct}", "n": posts}
    sentences = {
        "none": _("Nothing was done about %(acct)s."),
        "delete_statuses": ngettext(
            "%(n)d post of %(acct)s was taken down.", "%(n)d posts of %(acct)s were taken down.", posts
        ),
        "mark_statuses_as_sensitive": ngettext(
            "%(n)d post of %(acct)s was marked as sensitive.",
            "%(n)d posts of %(acct)s were marked as sensitive.",
            posts,
        ),
        "take_down": _("What %(acct)s wrote was taken down."),
        "silence": _("%(acct)s was limited: only those who follow it see its posts."),
        "suspend": _("%(acct)s was suspended: nobody sees the profile or its posts."),
        "disable": _("The login of %(acct)s was closed: nobody can sign in with it."),
    }
    return sentences[kind] % name


def _acct(profile_id: int) -> str:
    found = people.profile(profile_id)
    return found.acct if found else ""


def lifted(decision: Decision, answer: str) -> None:
    """To the profile: a decision was taken back."""

    def write() -> tuple[str, str]:
        done = what_was_done(decision.kind, len(decision.post_ids), _acct(decision.about_id))
        parts = [_("This decision was taken back, and what it did is undone:"), done, answer]
        return _("A decision was taken back"), "\n\n".join(filter(None, parts))

    _send(reader_of(decision.about_id), write)


def appeal_refused(decision: Decision) -> None:
    """To the profile: the second look was taken, and the decision stands."""

    def write() -> tuple[str, str]:
        done = what_was_done(decision.kind, len(decision.post_ids), _acct(decision.about_id))
        parts = [_("We looked again, and this decision stands:"), done, decision.appeal_answer]
        return _("The second look"), "\n\n".join(filter(None, parts))

    _send(reader_of(decision.about_id), write)


def report_answered(report: Report, *, acted: bool) -> None:
    """To the reporter: it was looked at, and whether something was done; not what."""
    if report.reporter_id is None:
        return

    def write() -> tuple[str, str]:
        name = {"acct": f"@{_acct(report.about_id)}"}
        text = (
            _("We looked at your report about %(acct)s and acted on it. Thank you for telling us.")
            if acted
            else _(
                "We looked at your report about %(acct)s and found nothing that breaks the rules. You can "
                "mute or block the profile: then you see nothing more of it."
            )
        )
        return _("Your report"), text % name

    _send(reader_of(report.reporter_id), write)


def work_waits(*, reports: int, appeals: int) -> None:
    """To the operators: what waits for them."""
    for email, language in sql.rows(_SQL["operators"]):
        with translation.override(language or settings.LANGUAGE_CODE):
            counted = [
                ngettext("%(n)d report is open.", "%(n)d reports are open.", reports) % {"n": reports},
                ngettext("%(n)d appeal waits.", "%(n)d appeals wait.", appeals) % {"n": appeals},
            ]
            lines = [line for line, n in zip(counted, (reports, appeals), strict=True) if n]
            link = f"{settings.MAJLIS.base_url}/accounts/login/?next=/backoffice/"
            text = "\n".join([*lines, "", link])
            subject = f"[{settings.MAJLIS.server_name}] " + _("Reports wait for you")
            post_office.post(to=[email], subject=subject, text=text)
