from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "majlis.studio"
    label = "studio"

    def ready(self) -> None:
        from majlis.studio import jobs  # noqa: PLC0415, F401  # models must be loaded first
        from majlis.studio.customers import jobs as customers  # noqa: PLC0415, F401
        from majlis.studio.experiments import jobs as experiments  # noqa: PLC0415, F401
        from majlis.studio.promotion import jobs as promotion  # noqa: PLC0415, F401
