"""Parts of addresses: ids of ours."""

from __future__ import annotations

from django.urls import register_converter


class IdConverter:
    """An id of ours: decimal, positive, under 2**63. Anything longer is no page at all."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number >= 2**63:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


def register() -> None:
    """Let addresses say ``<id:…>``. Called once, before any address is read."""
    register_converter(IdConverter, "id")
