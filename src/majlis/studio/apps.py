from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "majlis.studio"
    label = "studio"

    def ready(self) -> None:
        # models must be loaded first
        from majlis.studio import jobs as publishing  # noqa: PLC0415, F401
        from majlis.studio.promotion import jobs  # noqa: PLC0415, F401
