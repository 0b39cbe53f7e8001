"""Django's PostgreSQL backend, with one question less. Named in the settings as ``ENGINE``."""
