"""Child processes that are started again when they die, later each time they die young."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from majlis.core.postgres.parent import end_with_parent

_GROWN: Final = 30.0  # seconds after which a child counts as well and its next death as its first
_FIRST_PAUSE: Final = 0.25  # seconds
_LONGEST_PAUSE: Final = 30.0


@dataclass
class Child:
    """One process that should run. ``patience`` is what it gets to end by itself, in seconds."""

    name: str
    command: list[str]
    patience: float
    first_words: bytes = b""
    deaths: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _started: float = 0.0
    _due: float = 0.0

    def start(self) -> None:
        """Start it. It ends with this process, and hears nothing of the terminal's Ctrl-C."""
        self._started = time.monotonic()
        us = os.getpid()
        self._process = subprocess.Popen(
            self.command,
            stdin=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(signal.SIGTERM, parent=us),
        )

    def let_go(self) -> None:
        """Say the first words, on which it begins. A child that needs none just runs."""
        if self._process is None or self._process.stdin is None or self._process.stdin.closed:
            return
        try:
            self._process.stdin.write(self.first_words)
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it died; the watch will notice

    def watch(self) -> str | None:
        """Start it again when it died and its pause is over. Returns a line to tell, if there is one."""
        now = time.monotonic()
        if self._process is not None:
            status = self._process.poll()
            if status is None:
                return None
            return self._note_death(status, now)
        if now >= self._due:
            self.start()
            self.let_go()
        return None

    def _note_death(self, status: int, now: float) -> str:
        self._sweep()
        self._process = None
        self.deaths = 1 if now - self._started > _GROWN else self.deaths + 1
        pause = 0.0 if self.deaths == 1 else min(_FIRST_PAUSE * 2**self.deaths, _LONGEST_PAUSE)
        self._due = now + pause
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        return f"The {self.name} {how}; it starts again" + (f" in {pause:.0f} s." if pause >= 1 else ".")

    def ask_to_end(self) -> None:
        """Ask it to end in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """Wait for it to end, and then leave nothing of it."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self.patience)
        self._sweep()
        self._process.wait()

    def _sweep(self) -> None:
        """End whatever the child started and left behind."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None else None
