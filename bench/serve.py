"""The product's server with the product's options, for an application of the benchmark's."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from majlis.config.commands import serve


def main(application: str, port: int, workers: int) -> None:
    """Serve until SIGTERM."""
    Granian(
        application,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        backlog=serve.BACKLOG,
        backpressure=serve.BACKPRESSURE,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
