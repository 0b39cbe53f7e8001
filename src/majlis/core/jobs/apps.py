from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "majlis.core.jobs"
    label = "jobs"
