"""Figures, as a table and as JSON."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``target`` and ``sense`` say what is good; ``beside`` is the peer's or limit's figure."""

    name: str
    value: float
    unit: str
    target: float | None = None
    sense: Literal["at most", "at least"] = "at most"
    beside: str = ""

    @property
    def meets(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value <= self.target if self.sense == "at most" else self.value >= self.target


def table(figures: list[Figure]) -> str:
    """The figures as Markdown."""
    lines = ["| figure | value | target | met | beside |", "|---|---|---|---|---|"]
    for figure in figures:
        target = f"{figure.sense} {figure.target:g} {figure.unit}" if figure.target is not None else ""
        met = {True: "yes", False: "NO", None: ""}[figure.meets]
        lines.append(
            f"| {figure.name} | {figure.value:.3g} {figure.unit} | {target} | {met} | {figure.beside} |"
        )
    return "\n".join(lines)


def write(figures: list[Figure]) -> None:
    """Keep the figures of this run."""
    RESULTS.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    kept = {
        "at": at.isoformat(),
        "machine": {"python": platform.python_version(), "processor": platform.machine()},
        "figures": [{**asdict(figure), "meets": figure.meets} for figure in figures],
    }
    (RESULTS / f"{at:%Y%m%dT%H%M%S}.json").write_text(json.dumps(kept, indent=1))
