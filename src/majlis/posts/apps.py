from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "majlis.posts"
    label = "posts"
