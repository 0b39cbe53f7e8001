"""From a data folder to a database with the schema of this version, for every command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from majlis.config.settings import Settings, get_settings
from majlis.core.postgres import DatabaseProblem, Server, address, ensure


def default_data_dir() -> Path:
    """MAJLIS_DATA_DIR, else a folder of this account's; root's is the machine's."""
    said = os.environ.get("MAJLIS_DATA_DIR")
    if said:
        return Path(said)
    if os.geteuid() == 0:
        return Path("/var/lib/majlis")
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "majlis"


def settings_for(data_dir: Path | None) -> Settings:
    """The settings, with the data folder that was asked for, for this process and its children.

    Raises:
        SettingsProblem: a value cannot be used.
    """
    folder = (data_dir or default_data_dir()).absolute()
    os.environ["MAJLIS_DATA_DIR"] = str(folder)
    if "MAJLIS_BASE_URL" not in os.environ and (address := _last_address(folder)):
        os.environ["MAJLIS_BASE_URL"] = address
    get_settings.cache_clear()
    return get_settings()


def keep_address(data_dir: Path, address: str) -> None:
    """Remember where this folder is served: what other commands write beside it leads there too."""
    with suppress(OSError):  # a full disk: it is a convenience
        (data_dir / "address").write_text(address + "\n", encoding="utf-8")


def keep_uploads(settings: Settings) -> None:
    """Have children put temporary files (uploads, photos being worked on, archives being read) into the data
    folder, and remove what a killed server left there. Only for who has the folder to herself."""
    folder = settings.uploads_dir()
    for path in folder.iterdir():
        with suppress(OSError):
            path.unlink()
    os.environ["TMPDIR"] = str(folder)  # the standard library's tempfile goes by it


def _last_address(data_dir: Path) -> str:
    try:
        return (data_dir / "address").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def tell(line: str) -> None:
    """One line to the operator; not on standard output, which may be read by a program."""
    print(line, file=sys.stderr, flush=True)


def make_data_dir(data_dir: Path) -> None:
    """Make the data folder where it is missing, closed to others.

    Made by root it can be passed through, not listed: the database runs as another account inside it.

    Raises:
        DatabaseProblem: it cannot be made there.
    """
    try:
        if not data_dir.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            data_dir.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        sentence = (
            f"The data folder {data_dir} cannot be made ({error.strerror}). Choose another with --data-dir."
        )
        raise DatabaseProblem(sentence, cause=str(error)) from error


def announce_database(settings: Settings) -> None:
    """Put the address of the database into the environment before it runs: children can load meanwhile.

    Raises:
        DatabaseProblem: the data folder cannot be used.
    """
    make_data_dir(settings.data_dir)
    os.environ["DATABASE_URL"] = settings.database_url or address(settings.data_dir, tell=tell)


def open_database(settings: Settings, *, bound: bool = False, at_least: int = 0) -> Server:
    """The database of the settings, running; children find it in DATABASE_URL.

    Raises:
        DatabaseProblem: with a sentence that says what to do.
    """
    make_data_dir(settings.data_dir)
    server = ensure(
        settings.data_dir,
        settings.postgres,
        url=settings.database_url,
        bound=bound,
        at_least=at_least,
        tell=tell,
    )
    os.environ["DATABASE_URL"] = server.url
    return server


@contextmanager
def house(data_dir: Path | None) -> Iterator[Settings]:
    """Everything ready for a domain call: database, schema, Django. Left as it was found afterwards."""
    from majlis.config.commands import schema  # noqa: PLC0415 - the driver; a start loads it while others work

    settings = settings_for(data_dir)
    server = open_database(settings)
    try:
        schema.bring_up_to_date(server.url)
        set_up_django()
        yield settings
    finally:
        close_connections()
        server.stop()


def set_up_django() -> None:
    """Load the applications, with the database now in the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "majlis.config.django_settings")
    get_settings.cache_clear()
    import_module("django").setup()


def close_connections() -> None:
    """Close Django's connections, if it was loaded."""
    if "django.db" in sys.modules:
        sys.modules["django.db"].connections.close_all()


def run(data_dir: Path | None, command: str, **arguments: Any) -> Any:
    """Call ``command`` ("module:function" of this package) inside the :func:`house`.

    Its module is imported only then: it needs Django's applications loaded.
    """
    module, function = command.split(":")
    with house(data_dir) as settings:
        return getattr(import_module(f"majlis.config.commands.{module}"), function)(
            settings=settings, **arguments
        )
