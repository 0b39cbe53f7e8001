"""``python -m majlis.insights.evaluation DATA [--out evaluation.json] [--strict]``: measures, and writes the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from majlis.insights.evaluation import NO_MORE, Row, Rows, evaluated


def main(arguments: list[str] | None = None, *, more: Mapping[str, Rows] = NO_MORE) -> int:
    """0 when the table was written (with ``--strict`` 1 when a figure in it misses its target); 2 without such a folder."""
    parser = argparse.ArgumentParser(prog="python -m majlis.insights.evaluation", description=__doc__)
    parser.add_argument("data", type=Path, help="a folder laid out like ../shared/data")
    parser.add_argument("--out", type=Path, default=Path("evaluation.json"))
    parser.add_argument("--strict", action="store_true", help="end with 1 when a figure misses its target")
    told = parser.parse_args(arguments)
    if not told.data.is_dir():
        sys.stderr.write(f"There is no folder {told.data}.\n")
        return 2
    rows: list[Row] = []
    left_out: list[str] = []
    for row in evaluated(told.data, missing=left_out.append, more=more):
        rows.append(row)
        _say(f"{_MARKS[row.meets]} {row.name}: {row.value} (published: {row.target})")
    told.out.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")
    missed = [row for row in rows if row.meets is False]
    _say(f"{sum(row.meets is True for row in rows)} of {len(rows)} as published, {len(missed)} not, the others have no "
         f"target; written to {told.out}")  # fmt: skip
    for row in missed:
        _say(f"not as published: {row.name}: {row.value} ({row.target})")
    for what in left_out:
        _say(f"left out: {what}")
    return 1 if told.strict and missed else 0


_MARKS = {True: "ok ", False: "NOT", None: "   "}


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
