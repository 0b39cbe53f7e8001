"""The child process that migrates: the only one of a start that loads every application for it."""

from __future__ import annotations

import os
import sys

import psycopg

from majlis.config.commands import machine, schema


def main() -> None:
    """Run all migrations and remember it. Does nothing when another process did so meanwhile."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as turn:
        schema.take_turn(turn)
        if schema.is_current(turn):
            return
        machine.set_up_django()
        from django.core.management import call_command  # noqa: PLC0415 - needs the applications loaded

        ahead = _of_a_newer_version()
        if ahead:
            sys.exit(
                f"The database was made by a newer Majlis (it has {ahead[0]}). Nothing was changed: "
                "use that version again, or restore a backup made by this one."
            )
        call_command("migrate", interactive=False, verbosity=0)
        schema.mark_current(turn)


def _of_a_newer_version() -> list[str]:
    """Migrations of the product that the database has and this version does not know.

    Those of libraries do not count: their old ones are put together and removed in time.
    """
    from django.apps import apps  # noqa: PLC0415 - needs the applications loaded
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    loader = MigrationLoader(connection)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("majlis.")}
    unknown = set(loader.applied_migrations) - set(loader.disk_migrations)
    return sorted(f"{label}.{name}" for label, name in unknown if label in ours)


if __name__ == "__main__":
    main()
