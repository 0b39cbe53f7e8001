"""``majlis demo``, ``import`` and ``export``. Loaded once Django's applications are."""

from __future__ import annotations

from importlib import import_module, util
from pathlib import Path
from typing import Any

from majlis.config.settings import Settings
from majlis.core.clock import now
from majlis.core.errors import NotThere
from majlis.people import access


def fill_with_demo(*, settings: Settings, seed: int) -> None:
    """Make the example community, if this version has one."""
    _part("majlis.config.demo", "an example community").fill(seed=seed, at=now())


def take_in(*, settings: Settings, archive: Path, account: str, audience: str = "") -> None:
    """Take an archive in for a profile and print the report.

    Raises:
        NotThere: nobody has the name. BadInput: there is no such audience.
    """
    part = _part("majlis.config.importing", "the import of archives")
    part.take_in(profile_id=_profile(account), archive=archive, audience=audience, at=now())


def give_out(*, settings: Settings, account: str, output: Path | None) -> None:
    """Write everything of one profile into a file, and print its name.

    Raises:
        NotThere: nobody has the name.
    """
    part = _part("majlis.config.exporting", "the export of accounts")
    print(part.give_out(profile_id=_profile(account), output=output, at=now()))


def _profile(account: str) -> int:
    return access.see_acct(acct=account, viewer_id=None).id


def _part(name: str, what: str) -> Any:
    if util.find_spec(name) is None:
        raise NotThere(f"This version has not got {what} yet.")
    return import_module(name)
