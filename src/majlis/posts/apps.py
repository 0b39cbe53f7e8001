from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "majlis.posts"
    label = "posts"

    def ready(self) -> None:
        from majlis.posts import jobs  # noqa: PLC0415, F401  # models must be loaded first
