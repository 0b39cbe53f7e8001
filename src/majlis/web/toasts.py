"""Toasts: a short word about what was done, with the way back. The script of the page shows them."""

from __future__ import annotations

from django.http import HttpResponse

from majlis.core import json


def toast(response: HttpResponse, text: str, *, undo: str = "") -> HttpResponse:
    """Let the answer bring a toast. Letters beyond ASCII are written as escapes: it travels in a header."""
    told = {"toast": {"text": text, "undo": undo}}
    response["HX-Trigger"] = _ascii(json.encode(told).decode())
    return response


def _ascii(text: str) -> str:
    return "".join(letter if letter.isascii() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    units = letter.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
