"""The process that takes jobs. Several may run, on one machine or many."""

from __future__ import annotations

import os
import sys

from majlis.config.commands import machine


def main() -> int:
    """Take jobs until SIGTERM or SIGINT. The database's address is in the environment."""
    machine.set_up_django()
    from majlis.core.jobs import worker  # noqa: PLC0415 - needs the applications loaded

    return worker.main()


def run(*, settings: object) -> int:
    """``majlis worker``: take jobs in this process."""
    return main()


if __name__ == "__main__":
    if "DATABASE_URL" not in os.environ:
        sys.exit("Start it with 'majlis worker'.")
    sys.exit(main())
