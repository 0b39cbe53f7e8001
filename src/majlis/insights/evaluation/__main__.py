"""``python -m majlis.insights.evaluation DATA [--out evaluation.json]``: measures, and writes the table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from majlis.insights.evaluation import Row, evaluated


def main(arguments: list[str] | None = None) -> int:
    """0 when the table was written, whatever stands in it; 2 when there is no such folder."""
    parser = argparse.ArgumentParser(prog="python -m majlis.insights.evaluation", description=__doc__)
    parser.add_argument("data", type=Path, help="a folder laid out like ../shared/data")
    parser.add_argument("--out", type=Path, default=Path("evaluation.json"))
    told = parser.parse_args(arguments)
    if not told.data.is_dir():
        sys.stderr.write(f"There is no folder {told.data}.\n")
        return 2
    rows: list[Row] = []
    for row in evaluated(told.data, missing=lambda what: _say(f"left out: {what}")):
        rows.append(row)
        _say(f"{_MARKS[row.meets]} {row.name}: {row.value} (published: {row.target})")
    told.out.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n")
    _say(f"{sum(row.meets is True for row in rows)} of {len(rows)} as published, "
         f"{sum(row.meets is False for row in rows)} not; written to {told.out}")  # fmt: skip
    return 0


_MARKS = {True: "ok ", False: "NOT", None: "   "}


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
