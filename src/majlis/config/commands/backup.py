"""``majlis backup``: everything into one file, while the server runs or not."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import track

from majlis.config.commands import archive, machine, schema, tools
from majlis.config.settings import Settings
from majlis.core.clock import now
from majlis.core.errors import NotNow
from majlis.core.postgres import Server


def run(*, data_dir: Path | None, file: Path) -> None:
    """Write the backup and say how large it is."""
    settings = machine.settings_for(data_dir)
    server = machine.open_database(settings)
    try:
        schema.bring_up_to_date(server.url)
        write(settings, server, file.absolute())
    except OSError as error:
        raise NotNow(f"The backup could not be written: {error.strerror}: {error.filename}") from error
    finally:
        server.stop()
    machine.tell(f"{file}: {file.stat().st_size / 1e6:.1f} MB.")


def write(settings: Settings, server: Server, file: Path) -> None:
    """Write the backup beside its name and rename it when it is whole and on disk.

    The dump comes first: a photo that it mentions is there until somebody deletes it, and one that
    came later does no harm.
    """
    listing = archive.Listing(version("majlis"), tools.server_major(server.url), now().isoformat())
    with tempfile.TemporaryDirectory(prefix=".majlis-backup-", dir=file.parent) as folder:
        dump = Path(folder, archive.DUMP)
        tools.run_tool(
            tools.find_tool("pg_dump", server),
            ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"],
            server.url,
        )
        with _whole(file, Path(folder)) as target:
            writer = archive.Writer(target, listing)
            writer.add(dump, archive.DUMP)
            files = list(archive.kept_files(settings.data_dir))
            for path in track(files, "Files", console=Console(stderr=True), transient=True):
                writer.add(path, f"{archive.FILES}/{path.relative_to(settings.data_dir).as_posix()}")
            writer.finish()


@contextmanager
def _whole(file: Path, folder: Path) -> Iterator[IO[bytes]]:
    """A new file, readable by its owner only, that takes the name once everything is on disk."""
    fresh = folder / "whole"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        yield target
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(file)
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
