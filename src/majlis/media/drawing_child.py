"""The process that draws a plot: a specification comes in, a picture goes out. It has no house in it.

The engine in it is a whole V8: in the server it would stay, 90 MB and more of it. Here it is gone when it is done.
"""

from __future__ import annotations

import sys

from majlis.media.alone_child import answer, bounded, give_up_root


def main(form: str, fonts: str, *, cpu_seconds: int, data_bytes: int) -> None:
    """Draw what stands on the standard input."""
    text = sys.stdin.buffer.read().decode("utf-8")
    bounded(cpu_seconds=cpu_seconds, data_bytes=data_bytes)
    import vl_convert  # noqa: PLC0415 - under the limits

    if fonts:
        vl_convert.register_font_directory(fonts)
    give_up_root()
    # no addresses: whatever a specification names is not fetched
    if form == "svg":
        answer(vl_convert.vegalite_to_svg(text, allowed_base_urls=[]).encode("utf-8"))
    else:
        answer(vl_convert.vegalite_to_png(text, scale=2, allowed_base_urls=[]))
