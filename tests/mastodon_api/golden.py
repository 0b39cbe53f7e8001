"""Golden JSON: whole answers kept in ``tests/golden``, with ids and times made readable.

An id becomes the name that the test gives it, ``post(1)``; moments are numbered in their order; keys of
pictures likewise. After a wanted change: ``MAJLIS_TESTS_WRITE_GOLDEN=1 make test``, and read the diff.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent.parent / "golden"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_DAY = re.compile(r'(?<=")\d{4}-\d\d-\d\d(?=")')
_KEY = re.compile(r"[a-z2-7]{2}/[a-z2-7]{2}/[a-z2-7]{32}")
_WRITE = "MAJLIS_TESTS_WRITE_GOLDEN"


def readable(answer: Any, names: Mapping[int, str]) -> Any:
    """The answer with ids, moments and keys replaced by names."""
    text = json.dumps(answer, ensure_ascii=False)
    for id_ in sorted(names, key=lambda number: -len(str(number))):
        text = re.sub(rf"(?<!\d){id_}(?!\d)", names[id_], text)
    text = _numbered(_MOMENT, "time", _DAY.sub("day", text), in_order=True)
    return json.loads(_numbered(_KEY, "key", text, in_order=False))


def _numbered(pattern: re.Pattern[str], word: str, text: str, *, in_order: bool) -> str:
    found = list(dict.fromkeys(pattern.findall(text)))
    places = {value: place for place, value in enumerate(sorted(found) if in_order else found)}
    return pattern.sub(lambda match: f"{word}({places[match[0]]})", text)


def check(name: str, answer: Any, names: Mapping[int, str]) -> None:
    """Compare with what is kept under ``name``."""
    path = _FOLDER / f"{name}.json"
    seen = readable(answer, names)
    if os.environ.get(_WRITE):
        path.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert path.exists(), f"run once with {_WRITE}=1"
    assert seen == json.loads(path.read_text(encoding="utf-8"))
