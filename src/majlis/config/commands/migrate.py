"""The child process that migrates: the only one of a start that loads every application for it."""

from __future__ import annotations

import os

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

        call_command("migrate", interactive=False, verbosity=0)
        schema.mark_current(turn)


if __name__ == "__main__":
    main()
