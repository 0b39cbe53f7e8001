"""The server's configuration file, written anew at each start, so that an upgrade changes it too.

An operator's own lines go into ``local.conf`` beside it, which is read last and never written.
"""

from __future__ import annotations

from typing import Final

from majlis.core.postgres import room
from majlis.core.postgres.place import PORT, Place

_ALWAYS: Final = {
    # reached by unix socket only, in a folder only the account can enter
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "ssl": "off",
    # nothing acknowledged is lost
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "restart_after_crash": "on",
    # small: a whole idle Majlis stays under 250 MB
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",
    "min_wal_size": "80MB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "autovacuum_max_workers": "2",
    "max_worker_processes": "4",
    # one page must not take both cores, nor the 64 MB of /dev/shm a container has
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "huge_pages": "off",
    # one language and one clock, whatever the machine's are
    "timezone": "UTC",
    "log_timezone": "UTC",
    "datestyle": "iso, ymd",
    "lc_messages": "C",
    "default_text_search_config": "pg_catalog.simple",
    "client_encoding": "UTF8",
    "idle_in_transaction_session_timeout": "10min",
    # what is logged, without a collector process; no statement text, which would hold private words
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_line_prefix": "%m [%p] ",
}
_SINCE_18: Final = {"io_method": "sync"}  # no standing I/O workers: three processes fewer
_RELAXED: Final = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
}


def write(place: Place, *, major: int, durable: bool) -> None:
    """Write ``postgresql.conf`` and ``pg_hba.conf`` beside the cluster.

    ``durable=False`` is for the throwaway servers of tests and benchmarks only.
    """
    settings = dict(_ALWAYS)
    settings |= _SINCE_18 if major >= 18 else {}
    settings |= {} if durable else _RELAXED
    settings["unix_socket_directories"] = str(place.run)
    lines = ["# Written at each start. Your own lines go into local.conf beside this file."]
    lines += [f"{name} = '{_quoted(value)}'" for name, value in settings.items()]
    lines.append("include_if_exists = 'local.conf'")
    lines.append(f"include_if_exists = '{room.FILE}'")
    _replace(place, "postgresql.conf", lines)
    _replace(
        place,
        "pg_hba.conf",
        ["# Only those who can enter the socket's folder get here.", "local all all trust"],
    )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _replace(place: Place, name: str, lines: list[str]) -> None:
    fresh = place.home / f".{name}.new"
    fresh.write_text("\n".join(lines) + "\n")
    fresh.chmod(0o644)
    fresh.replace(place.home / name)
