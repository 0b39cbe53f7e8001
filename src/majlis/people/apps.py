from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "majlis.people"
    label = "people"

    def ready(self) -> None:
        from majlis.people import jobs  # noqa: PLC0415, F401  # models must be loaded first
