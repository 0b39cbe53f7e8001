"""The process that draws a plot: a specification comes in, a picture goes out. It has no house in it.

The engine in it is a whole V8: in the server it would stay, 90 MB and more of it. Here it is gone when it is done.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys

_UNPRIVILEGED = (65_432, 65_534)


def main(form: str, fonts: str, cpu_seconds: int, data_bytes: int) -> None:
    """Draw what stands on the standard input."""
    source = sys.stdin.buffer.read()
    # address space says nothing: V8 reserves 64 GB and uses a thousandth of it; data is what it fills
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import vl_convert  # noqa: PLC0415 - under the limits

    if fonts:
        vl_convert.register_font_directory(fonts)
    _give_up_root()
    text = source.decode("utf-8")
    # no addresses: whatever a specification names is not fetched
    if form == "svg":
        drawn = vl_convert.vegalite_to_svg(text, allowed_base_urls=[]).encode("utf-8")
    else:
        drawn = vl_convert.vegalite_to_png(text, scale=2, allowed_base_urls=[])
    sys.stdout.buffer.write(drawn)
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
