"""Our figures beside those that others published: ``python -m majlis.insights.evaluation DATA``.

Every module here is a part with ``rows(data)``, which yields a :class:`Row` a figure; a new file is found by itself.
A part reads only from the folder it is given, raises FileNotFoundError where what it needs is not there, and ValueError with
a sentence where it is not such. A published value is a target only for the very data that it was published of.
"""

from __future__ import annotations

import csv
import math
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

import msgspec

from majlis.core.errors import BadInput

Value = float | int | str | None | Sequence[float]


class Row(msgspec.Struct, frozen=True):
    """A figure. ``target``: the published value, or [least, most]; None where nobody published one for this data, and
    then ``meets`` is None too. ``source``: who says so."""

    name: str
    value: Value
    target: Value
    meets: bool | None
    source: str


def equal(
    name: str,
    value: float | None,
    target: float | None,
    source: str,
    *,
    relative: float = 1e-6,
    absolute: float = 1e-9,
) -> Row:
    """A figure that must come out as published: to a millionth, unless it was published with fewer digits."""
    if value is None or target is None:
        return Row(name, value, target, None if target is None else False, source)
    return Row(name, value, target, math.isclose(value, target, rel_tol=relative, abs_tol=absolute), source)


def rounded(name: str, value: float, target: float, source: str, *, digits: int) -> Row:
    """A figure published with so many digits after the point."""
    return Row(
        name, value, target, math.isclose(round(value, digits), target, abs_tol=10.0**-digits / 1e3), source
    )


def within(name: str, value: float | None, low: float, high: float, source: str) -> Row:
    """A figure that must lie between two others."""
    return Row(name, value, [low, high], value is not None and low <= value <= high, source)


def unpublished(name: str, value: Value, source: str) -> Row:
    """A figure for data of which nobody published an answer."""
    return Row(name, value, None, None, source)


Rows = Callable[[Path], Iterator[Row]]
NO_MORE: Final[Mapping[str, Rows]] = {}


def parts() -> dict[str, Rows]:
    """Every part by its name, in the order of names."""
    names = sorted(
        module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
    )
    return {name: import_module(f"{__name__}.{name}").rows for name in names}


def evaluated(
    data: Path, *, missing: Callable[[str], None], more: Mapping[str, Rows] = NO_MORE
) -> Iterator[Row]:
    """The rows of every part, and of those that layers above bring (``more``); ``missing`` is told what could not be
    measured: its data is not there, or not such."""
    for name, rows in {**parts(), **more}.items():
        try:
            yield from rows(data)
        except FileNotFoundError as error:
            missing(f"{name}: there is no {error.filename or error}")
        except (ValueError, BadInput) as error:
            missing(f"{name}: its data cannot be read: {error}")
        except Exception as error:  # whatever is odd in one file, the other parts are measured
            missing(f"{name}: its data cannot be read: {type(error).__name__}: {error}")


def table(path: Path, *columns: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The lines of a file with a heading. Raises ValueError where a column is missing, or there is no line."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines, delimiter=delimiter, restval="")
        lacking = [name for name in columns if name not in (reader.fieldnames or ())]
        if lacking:
            raise ValueError(f"{path.name} has no column {', '.join(lacking)}")
        found = list(reader)
    if not found:
        raise ValueError(f"{path.name} is empty")
    return found
