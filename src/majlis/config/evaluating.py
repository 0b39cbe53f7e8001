"""``python -m majlis.config.evaluating DATA``: what ``insights`` measures, and what ``care`` above it does."""

from __future__ import annotations

import sys

from majlis.care import evaluation as care
from majlis.insights.evaluation.__main__ import main

if __name__ == "__main__":
    sys.exit(main(more={"care": care.rows}))
