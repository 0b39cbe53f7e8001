"""The script that draws plots in browsers: taken out of the vl-convert wheel, never downloaded, not kept in git.

``python -m majlis.config.plotting`` makes it at setup; a start that finds none, or that of another version,
makes it too. Taking it out loads V8, so a process of its own does it and is gone.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent / "web" / "static" / "majlis" / "made"
NAME: Final = "vega.js"
_WHEEL: Final = "vl-convert-python"
_PATIENCE: Final = 120  # seconds; it takes one or two


def is_stale(folder: Path = FOLDER) -> bool:
    """Whether there is no script, or it came from another version of the wheel. False where there is no wheel:
    then tables stand alone."""
    mark = _mark()
    if not mark:
        return False
    try:
        with (folder / NAME).open("r", encoding="utf-8") as file:
            return file.readline().strip() != mark or not (folder / f"{NAME}.gz").exists()
    except OSError:
        return True


def make(folder: Path = FOLDER) -> bool:
    """Make it where it is stale; whether anything was made. Processes that start together do not meet.

    Raises:
        OSError: the folder cannot be written to.
        subprocess.SubprocessError: the wheel gave nothing.
    """
    if not is_stale(folder):
        return False
    folder.mkdir(exist_ok=True)
    command = "import sys, vl_convert; sys.stdout.buffer.write(vl_convert.javascript_bundle().encode())"
    done = subprocess.run(
        [sys.executable, "-I", "-c", command], check=True, capture_output=True, timeout=_PATIENCE
    )
    text = f"{_mark()}\n".encode() + done.stdout
    _put(folder / f"{NAME}.gz", gzip.compress(text, mtime=0))
    _put(folder / NAME, text)
    return True


def _mark() -> str:
    try:
        return f"// {_WHEEL} {version(_WHEEL)}"
    except PackageNotFoundError:
        return ""


def _put(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


if __name__ == "__main__":
    make()
