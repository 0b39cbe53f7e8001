from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "majlis.accounts"
    label = "accounts"

    def ready(self) -> None:
        from majlis.accounts import jobs, reactions  # noqa: PLC0415, F401  # models must be loaded first
