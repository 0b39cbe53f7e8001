from contextlib import suppress
from subprocess import SubprocessError

from django.apps import AppConfig

from majlis.config import plotting
from majlis.config.stale import stale_catalogues


class ConfigConfig(AppConfig):
    """Wires events to reactions once all modules are loaded, and sees that what is made of sources is there."""

    name = "majlis.config"
    label = "config"

    def ready(self) -> None:
        from majlis import wiring  # noqa: PLC0415  # models must be loaded first

        wiring.install()
        if stale_catalogues():
            from majlis.config.catalogues import compile_catalogues  # noqa: PLC0415 - rarely needed, slow to load

            with suppress(OSError):  # an installation that cannot be written to has them from its setup
                compile_catalogues()
        if plotting.is_stale():
            with suppress(OSError, SubprocessError):  # without it plots are tables
                plotting.make()
