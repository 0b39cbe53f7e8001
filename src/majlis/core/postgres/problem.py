"""What can go wrong with the database server, as one plain sentence for the operator."""

from __future__ import annotations

from majlis.core.errors import NotNow


class DatabaseProblem(NotNow):
    """The database cannot be used, and the sentence says what to do about it.

    Plain English, not a lazy translation: it is raised before Django knows its settings.
    """

    default_code = "database"

    def __str__(self) -> str:
        return str(self.sentence)
