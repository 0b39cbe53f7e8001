"""The server's side of the bounded child: keeps a few warm, hands each a picture, believes none.

Safe for many threads, and for servers that fork. A child that is dead, silent or talks nonsense is
killed and replaced; the caller sees a refusal and never an accident.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from django.utils.translation import gettext_lazy as _

import majlis
from majlis.core.errors import NotNow
from majlis.media.inspect import refusal

_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); from majlis.media.child import main; main(int(sys.argv[2]))"
)
_ROOT: Final = str(Path(majlis.__file__).parent.parent)
_LONGEST_ANSWER: Final = 262_144


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may take. The defaults hold for 33 megapixels of every kind, with room."""

    memory_bytes: int = 1_000_000_000
    cpu_seconds: int = 30
    wall_seconds: int = 60
    output_bytes: int = 64_000_000


class VariantReport(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """Where in the output file a variant lies, and what the child says it is."""

    name: str
    mime: str
    width: int
    height: int
    animated: bool
    start: int
    length: int


class Report(msgspec.Struct, frozen=True):
    """What the fork said: a failure code and cause, or the facts and the variants."""

    failure: str = ""
    cause: str = ""
    blurhash: str = ""
    colour: str = ""
    animated: bool = False
    variants: tuple[VariantReport, ...] = ()


class Ended(msgspec.Struct, frozen=True):
    """How a fork ended: exit code, or minus the signal; seconds of CPU and bytes of memory at the peak."""

    status: int
    cpu_seconds: float
    peak_bytes: int
    said: str


class _LostError(Exception):
    """The warm child did not answer as it should."""


class _WarmChild:
    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.control = ours
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, _ROOT, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # one arena: address space is bounded, and each arena reserves 64 MB of it
                env={"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
                cwd="/",
                start_new_session=True,
            )

    def run(self, job: bytes, source: BinaryIO, target: BinaryIO, patience: float) -> Ended:
        try:
            self.control.settimeout(patience)
            socket.send_fds(self.control, [job], [source.fileno(), target.fileno()])
            return msgspec.json.decode(self.control.recv(_LONGEST_ANSWER), type=Ended)
        except (OSError, msgspec.MsgspecError) as error:
            raise _LostError(str(error)) from error

    def close(self) -> None:
        self.control.close()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class ChildPool:
    """At most ``size`` pictures at once; a further caller waits up to ``patience`` seconds, then NotNow."""

    size: int = 2
    patience: float = 60.0
    _idle: list[_WarmChild] = field(default_factory=list)
    _places: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = threading.BoundedSemaphore(self.size)

    def run(
        self,
        *,
        job: dict[str, Any],
        source: BinaryIO,
        target: BinaryIO,
        limits: Limits,
        drill: str | None = None,
    ) -> tuple[Report, Ended]:
        """Do ``job`` (see pixels.transform) on ``source``, outputs into ``target``.

        ``drill`` makes the fork misbehave on purpose (hang, spin, hoard, flood, crash, escape), for tests.
        Raises the refusal that the failure deserves, or NotNow when no child can be had.
        """
        message = msgspec.json.encode(job | {"limits": asdict(limits), "drill": drill})
        ended = self._run_twice(message, source, target, limits.wall_seconds + 5)
        return _believed(ended), ended

    def close(self) -> None:
        """End all warm children; the pool starts new ones when it is used again."""
        while self._idle:
            self._idle.pop().close()

    def _run_twice(self, job: bytes, source: BinaryIO, target: BinaryIO, patience: float) -> Ended:
        """A fresh child is tried once: a warm one may have ended for want of work."""
        with self._place():
            cause = ""
            for again in (False, True):
                try:
                    child = _WarmChild() if again else self._take()
                except OSError as error:
                    cause = str(error)
                    continue
                try:
                    ended = child.run(job, source, target, patience)
                except _LostError as lost:
                    cause = str(lost)
                    child.close()
                else:
                    self._idle.append(child)
                    return ended
        raise _busy(cause)

    def _take(self) -> _WarmChild:
        try:
            return self._idle.pop()
        except IndexError:
            return _WarmChild()

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=self.patience):
            raise _busy("no free place")
        try:
            yield
        finally:
            self._places.release()


def _busy(cause: str) -> NotNow:
    sentence = _("Pictures cannot be taken in just now. Please try again in a minute.")
    return NotNow(sentence, code="media_busy", field="file", cause=cause)


def _believed(ended: Ended) -> Report:
    if ended.status in (-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGKILL):
        raise refusal("media_heavy", cause=f"signal {-ended.status} after {ended.cpu_seconds:.1f} s of CPU")
    if ended.status != 0:
        raise refusal("media_damaged", cause=f"child ended with {ended.status}")
    try:
        report = msgspec.json.decode(ended.said, type=Report)
    except msgspec.MsgspecError as error:
        raise refusal("media_damaged", cause=f"child said nonsense: {error}") from error
    if report.failure:
        known = report.failure in ("media_heavy", "media_pixels", "media_damaged")
        raise refusal(report.failure if known else "media_damaged", cause=report.cause)
    return report


_pool = ChildPool()


def shared_pool() -> ChildPool:
    """The pool of this process."""
    return _pool


def _forget_after_fork() -> None:
    # the children belong to the process that started them; the copies of their sockets are closed with them
    global _pool
    for child in _pool._idle:
        child.control.close()
        child.process.returncode = 0
    _pool = ChildPool()


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(_pool.close)
