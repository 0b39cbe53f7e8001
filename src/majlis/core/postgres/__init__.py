"""The private PostgreSQL: found, created, started, watched and stopped.

Owns the folder ``postgres`` inside the data folder. Knows nothing about tables: whoever connects does.
"""

from majlis.core.postgres.binaries import SUPPORTED, Binaries, Choice, available
from majlis.core.postgres.problem import DatabaseProblem
from majlis.core.postgres.server import PrivateServer, Server, address, ensure

__all__ = [
    "SUPPORTED",
    "Binaries",
    "Choice",
    "DatabaseProblem",
    "PrivateServer",
    "Server",
    "address",
    "available",
    "ensure",
]
