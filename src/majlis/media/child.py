"""The process in which strangers' pictures are decoded. The server starts it; it imports no Django.

It stays warm: having imported the decoders once (0.12 s), it forks for every picture. The fork has
all files open that it needs and from then on may open none (so: no path, no socket), may start no
process or thread (except for HEIC, whose decoder wants a thread), and is killed by the kernel beyond
its memory, its CPU seconds or its wall time.
Whatever a decoder does, one picture fails and the server goes on.

Invariant: this process itself never reads a byte of a picture, only its fork does.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from dataclasses import asdict
from typing import Any, BinaryIO, Final, NoReturn

from majlis.media import pixels

LONGEST_MESSAGE: Final = 65_536
_UNPRIVILEGED: Final = (65_432, 65_534)
"""Account numbers used when started by root: first one that nothing else has, then "nobody"."""
_IDLE_SECONDS: Final = 300
"""A warm child that nobody needs gives its 25 MB back."""


def main(control_fd: int) -> None:
    """Take jobs from the server, one at a time, until it is gone or has had none for a while."""
    control = socket.socket(fileno=control_fd)
    control.settimeout(_IDLE_SECONDS)
    _give_up_root()
    gc.collect()
    gc.freeze()  # the fork then copies no page only because of the collector
    with control, contextlib.suppress(TimeoutError, ConnectionError):
        while True:
            message, fds, _flags, _address = socket.recv_fds(control, LONGEST_MESSAGE, 2)
            if not message:
                return
            control.sendall(_supervise(json.loads(message), fds[0], fds[1], control))
            for fd in fds:
                os.close(fd)


def _give_up_root() -> None:
    if os.geteuid() != 0:
        return
    os.setgroups([])
    for number in _UNPRIVILEGED:
        with contextlib.suppress(OSError):  # a container may not map every number
            os.setresgid(number, number, number)
            os.setresuid(number, number, number)
            return


def _supervise(job: dict[str, Any], source: int, target: int, control: socket.socket) -> bytes:
    """Fork, wait no longer than the job may take, and say how it ended, as JSON."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        control.close()
        os.close(reading)
        _work(job, source, target, writing)
    os.close(writing)
    said, in_time = _listen(reading, time.monotonic() + job["limits"]["wall_seconds"] + 1)
    os.close(reading)
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    _pid, status, usage = os.wait4(pid, 0)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)  # whatever the fork may have started
    ended = {
        "status": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
        "said": said.decode(errors="replace"),
    }
    return json.dumps(ended).encode()


def _listen(reading: int, deadline: float) -> tuple[bytes, bool]:
    said = b""
    while len(said) < LONGEST_MESSAGE // 4:
        ready, _w, _x = select.select([reading], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            return said, False
        piece = os.read(reading, 4_096)
        if not piece:
            return said, True
        said += piece
    return said, False


def _work(job: dict[str, Any], source: int, target: int, writing: int) -> NoReturn:
    """In the fork: do the job and say so in one line. Never returns."""
    try:
        with open(source, "rb", closefd=False) as file, open(target, "wb", closefd=False) as output:
            _confine(job["limits"], threads=job["kind"] == "heif")
            answer = _answer(job, file, output)
        os.write(writing, json.dumps(answer).encode())
        os._exit(0)
    except BaseException:
        os._exit(70)


def _answer(job: dict[str, Any], file: BinaryIO, output: BinaryIO) -> dict[str, Any]:
    try:
        _rehearse(job.get("drill"), output)
        told, outputs = pixels.transform(file, job)
        return told | {"variants": [_written(output, each) for each in outputs]}
    except MemoryError:
        return {"failure": "media_heavy", "cause": "memory"}
    except pixels.SizeError as much:
        return {"failure": "media_pixels", "cause": str(much)}
    except Exception as error:  # a decoder may raise anything; to the person it is a damaged picture
        return {"failure": "media_damaged", "cause": f"{type(error).__name__}: {error}"[:300]}


def _written(output: BinaryIO, encoded: pixels.Encoded) -> dict[str, Any]:
    start = output.tell()
    output.write(encoded.data)
    output.flush()
    return asdict(encoded) | {"data": None, "start": start, "length": len(encoded.data)}


def _confine(limits: dict[str, int], *, threads: bool) -> None:
    """From here on the kernel holds the bounds. Lowered hard limits cannot be raised again."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process even inside C code
    signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"])
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits["cpu_seconds"],
        resource.RLIMIT_AS: limits["memory_bytes"],
        resource.RLIMIT_FSIZE: limits["output_bytes"],
        resource.RLIMIT_NOFILE: 0,
    }
    if not threads:
        bounds[resource.RLIMIT_NPROC] = 0
    for which, bound in bounds.items():
        resource.setrlimit(which, (bound, bound))


def _rehearse(drill: str | None, output: BinaryIO) -> None:
    """Misbehave on purpose, so that the bounds can be tried without a picture that breaks a decoder."""
    if drill == "hang":
        time.sleep(3_600)
    elif drill == "spin":
        while True:
            pass
    elif drill == "hoard":
        hoard = []
        while True:
            hoard.append(bytearray(1_000_000))
    elif drill == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif drill == "flood":
        while True:
            output.write(bytes(1_000_000))
    elif drill == "escape":
        _try_to_get_out()


def _try_to_get_out() -> None:
    """Succeeds at nothing; whatever succeeds ends the process with 99."""
    attempts = (
        lambda: os.open(os.devnull, os.O_RDONLY),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        os.fork,
        lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    )
    for attempt in attempts:
        with contextlib.suppress(OSError, ValueError):
            attempt()
            os._exit(99)


if __name__ == "__main__":
    main(int(sys.argv[1]))
