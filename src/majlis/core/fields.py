"""Model fields that every module uses."""

from __future__ import annotations

from typing import Any

from django.db import models

from majlis.core.ids import new_id


class Id(models.BigIntegerField):  # type: ignore[type-arg]
    """A primary key taken from ``core.ids``: decimal, ordered by time, known before the insert."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(primary_key=True, default=new_id, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for given in ("primary_key", "default", "editable"):
            kwargs.pop(given, None)
        return name, path, args, kwargs
