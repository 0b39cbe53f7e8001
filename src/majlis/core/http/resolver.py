"""From a host's name to its addresses, within a time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence

# (host, port, seconds) -> addresses as text, the preferred first; empty when the host is unknown
Resolver = Callable[[str, int, float], Sequence[str]]


def resolve(host: str, port: int, timeout: float) -> Sequence[str]:
    """The addresses of a host as the system knows them; numbers in any spelling are addresses too.

    The system's look-up has no time limit of its own, so it runs beside and is left alone when the
    time is over. Raises TimeoutError then; an unknown host gives nothing.
    """
    found: list[str] = []
    failed: list[Exception] = []

    def look_up() -> None:
        try:
            found.extend(_addresses(host, port))
        except Exception as error:  # raised again below, in the thread that asked
            failed.append(error)

    thread = threading.Thread(target=look_up, name="resolver", daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        raise TimeoutError(f"looking up {host} took longer than {timeout:.1f} s")
    if failed and not isinstance(failed[0], (socket.gaierror, UnicodeError)):
        raise failed[0]
    return found


def _addresses(host: str, port: int) -> list[str]:
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))
