"""The process that sets a document: data comes in, a PDF goes out. It has no house in it."""

from __future__ import annotations

import sys
from pathlib import Path

from majlis.media.alone_child import answer, bounded, give_up_root


def main(template: str, fonts: str, *, cpu_seconds: int, data_bytes: int) -> None:
    """Set what stands on the standard input. Nothing is written, nothing is fetched: no packages, no files."""
    data = sys.stdin.buffer.read().decode("utf-8")
    source = Path(template).read_bytes()
    bounded(cpu_seconds=cpu_seconds, data_bytes=data_bytes)
    import typst  # noqa: PLC0415 - under the limits

    families = typst.Fonts(
        include_system_fonts=not fonts, include_embedded_fonts=True, font_paths=[fonts] if fonts else []
    )
    give_up_root()
    try:
        out = typst.Compiler(source, font_paths=families, sys_inputs={"data": data}).compile(
            pdf_standards="ua-1"
        )
    except typst.TypstError:
        # the standard allows no sign that no font has (an emoji in a post): such a print is tagged, and no more than
        # that; a compiler forgets a source that came as bytes once it was asked, so it is a second one
        out = typst.Compiler(source, font_paths=families, sys_inputs={"data": data}).compile()
    answer(out if isinstance(out, bytes) else b"")
