"""The process that sets a document: data comes in, a PDF goes out. It has no house in it."""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from pathlib import Path

_UNPRIVILEGED = (65_432, 65_534)


def main(template: str, fonts: str, cpu_seconds: int, data_bytes: int) -> None:
    """Set what stands on the standard input. Nothing is written, nothing is fetched: no packages, no files."""
    data = sys.stdin.buffer.read().decode("utf-8")
    source = Path(template).read_bytes()
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # noqa: PLC0415 - under the limits

    families = typst.Fonts(
        include_system_fonts=not fonts, include_embedded_fonts=True, font_paths=[fonts] if fonts else []
    )
    _give_up_root()
    out = None
    # the standard allows no sign that no font has (an emoji in a post): such a print is tagged, and no more than that
    for strict in (True, False):
        with contextlib.suppress(typst.TypstError) if strict else contextlib.nullcontext():
            compiler = typst.Compiler(source, font_paths=families, sys_inputs={"data": data})
            out = compiler.compile(format="pdf", pdf_standards="ua-1" if strict else None)
            break
    sys.stdout.buffer.write(out if isinstance(out, bytes) else b"")
    sys.stdout.buffer.flush()
    os._exit(0)  # its threads have nothing to tidy up


def _give_up_root() -> None:
    if os.geteuid() != 0:
        return
    os.setgroups([])
    for number in _UNPRIVILEGED:
        with contextlib.suppress(OSError):  # a container may not map every number
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            return
