"""Child processes that end when the one that started them is gone, however it went (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent(number: signal.Signals, *, parent: int) -> None:
    """Have the kernel send ``number`` to this process when the thread that started it ends.

    ``parent`` is that one's process id. To be called in the child: between fork and exec, and after
    any change of account, which undoes it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it went before we asked
            os.kill(os.getpid(), number)
