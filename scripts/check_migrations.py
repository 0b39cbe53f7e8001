"""Run every migration on an empty database and compare the result with the models."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from majlis.core.postgres import ensure


def main() -> int:
    """Exit status 0 when the migrations are complete."""
    with tempfile.TemporaryDirectory(prefix="majlis-migrations-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # started by root, the server runs as another account and must pass through
        server = ensure(folder, "wheel", durable=False, bound=True, tell=lambda line: None)
        os.environ |= {
            "DATABASE_URL": server.url,
            "MAJLIS_DATA_DIR": name,
            "DJANGO_SETTINGS_MODULE": "majlis.config.django_settings",
        }
        try:
            return _check()
        finally:
            server.stop()


def _check() -> int:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit as refusal:
        print("The models have changes that no migration makes.", file=sys.stderr)
        return int(refusal.code or 1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
