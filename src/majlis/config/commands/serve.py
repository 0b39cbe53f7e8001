"""The process that answers: Granian, one port, one or several processes under it.

It loads the whole product while the database still starts, and waits for a line on standard input before
it listens. Its worker processes are forked from it, so that they share what is loaded and one that dies
is replaced at once. Until the fork nothing connects and no thread is made, not even one to be started later:
Python 3.13.0 cannot start a thread that was made in another process.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from majlis.config.commands import machine
from majlis.core.postgres.parent import end_with_parent

TARGET: Final = "majlis.config.server:Server"
GO: Final = b"go\n"
BACKLOG: Final = 8192
"""Connections waiting to be accepted; the kernel's somaxconn may hold it lower."""
BACKPRESSURE: Final = 8192
"""Requests at once per process. Each open stream is one, and Granian stops accepting at this number."""
LONGEST_HEAD: Final = 128 * 1024
"""Bytes of a request line and its headers; more is refused with 431."""
HEAD_PATIENCE: Final = 20_000
"""Milliseconds in which they have to arrive."""
_ENDING: Final = 5  # seconds that open requests get before their process is ended


class HangingUp(Granian):  # type: ignore[misc, valid-type]  # which of its servers it is depends on the Python
    """Granian, which waits for open connections at the end, and would wait for streams until its patience ends."""

    def _stop_workers(self) -> None:
        for process in multiprocessing.active_children():
            if process.pid is not None:
                os.kill(process.pid, signal.SIGUSR1)  # config.server ends the streams
        super()._stop_workers()


def load(target: str) -> Callable[..., Any]:
    """The ASGI application, made in the worker process."""
    main_process = multiprocessing.parent_process()
    if main_process is not None and main_process.pid is not None:
        # nothing may hold the port when the main process was killed
        end_with_parent(signal.SIGKILL, parent=main_process.pid)
    gc.enable()
    module, name = target.split(":")
    application: Callable[..., Any] = getattr(import_module(module), name)()
    return application


def main(host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    gc.disable()  # nearly all that is loaded stays: looking through it again and again takes a seventh of the time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads would not survive the fork
    machine.set_up_django()
    import_module(TARGET.partition(":")[0])
    if sys.stdin.buffer.readline() != GO:
        return  # whoever started us is gone
    server = HangingUp(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=LONGEST_HEAD, header_read_timeout=HEAD_PATIENCE),
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.05,
        workers_kill_timeout=_ENDING,
    )
    gc.freeze()  # what is loaded stays shared with the processes forked from here
    server.serve(target_loader=load)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
