from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "majlis.people"
    label = "people"
