from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Wires events to reactions once all modules are loaded."""

    name = "majlis.config"
    label = "config"

    def ready(self) -> None:
        from majlis import wiring  # noqa: PLC0415  # models must be loaded first

        wiring.install()
