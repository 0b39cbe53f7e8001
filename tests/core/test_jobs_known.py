"""Every job that the source has is known to a worker: one in a module that nothing loads would never be run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import majlis

_SOURCE = Path(majlis.__file__).parent
_LOADED = (
    "import django, sys; django.setup(); print(*(name for name in sys.modules if name.startswith('majlis.')))"
)


def test_whoever_sets_the_house_up_has_loaded_every_job() -> None:
    # in a process of its own: tests load modules that a worker does not
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], check=True, capture_output=True, text=True, env=os.environ
    )
    loaded = set(done.stdout.split())
    with_jobs = {
        ".".join(path.relative_to(_SOURCE.parent).with_suffix("").parts)
        for path in _SOURCE.rglob("*.py")
        if re.search(r"^@job\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert len(with_jobs) > 10
    assert with_jobs - loaded == set()
