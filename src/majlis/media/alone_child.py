"""What processes of ``alone`` do with themselves. They have no house in them."""

from __future__ import annotations

import contextlib
import os
import resource
import sys

_UNPRIVILEGED = (65_432, 65_534)


def bounded(*, cpu_seconds: int, data_bytes: int) -> None:
    """From now on: so much time and memory, and no files."""
    # address space says nothing: V8 reserves 64 GB and uses a thousandth of it; data is what it fills
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (data_bytes, data_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def give_up_root() -> None:
    """Be nobody, where one was root."""
    if os.geteuid() != 0:
        return
    os.setgroups([])
    for number in _UNPRIVILEGED:
        with contextlib.suppress(OSError):  # a container may not map every number
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            return


def answer(result: bytes) -> None:
    """The answer, and the end: an engine's threads have nothing to tidy up."""
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()
    os._exit(0)
