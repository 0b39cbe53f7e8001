"""Every setting of Majlis: its name, what it means, what may stand in it, and what it is when nobody says.

``MAJLIS_*`` variables and ``DATABASE_URL``; each is described in docs/operating.md, and a test
compares the two. Everything has a default that works on one's own machine.
"""

from __future__ import annotations

import os
import re
import secrets
from decimal import Decimal
from email.utils import parseaddr
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from msgspec import Meta, Struct
from msgspec.structs import replace

from majlis.config import environment
from majlis.config.environment import About, SettingsProblem

__all__ = ["About", "Settings", "SettingsProblem", "get_settings"]


class Settings(Struct, frozen=True, kw_only=True):
    """What an operator can choose. Units stand in each description."""

    # where
    base_url: Annotated[str, Meta(description="Address people reach the server at.")] = (
        "http://127.0.0.1:8000"
    )
    data_dir: Annotated[Path, Meta(description="Folder for database, media, secrets and mail spool.")] = Path(
        "data"
    )
    database_url: Annotated[
        str,
        Meta(description="A PostgreSQL of your own; empty starts a private one in the data folder."),
    ] = ""
    postgres: Annotated[
        Literal["auto", "installed", "wheel"],
        Meta(
            description="Which private PostgreSQL: an installed one, the one in the wheel, or whichever fits."
        ),
    ] = "auto"
    trusted_proxies: Annotated[
        int,
        Meta(
            ge=0,
            le=8,
            description="How many proxies in front may state the client's address (X-Forwarded-For).",
        ),
    ] = 0
    allowed_hosts: Annotated[
        str, Meta(description="Further host names answered to, separated by commas.")
    ] = ""

    # the house
    server_name: Annotated[str, Meta(min_length=1, max_length=80, description="Name of this server.")] = (
        "Majlis"
    )
    description: Annotated[str, Meta(max_length=500, description="One sentence about this server.")] = (
        "A room where people sit together."
    )
    contact_email: Annotated[str, Meta(description="Where people reach the operator.")] = ""
    default_language: Annotated[
        Literal["en", "ar"], Meta(description="Language where the browser asks for none.")
    ] = "en"
    time_zone: Annotated[
        str, Meta(description="Time zone where the reader's is not known, such as Africa/Cairo.")
    ] = "UTC"
    registrations: Annotated[
        Literal["open", "approval", "invitation", "closed"],
        Meta(description="Who may join: anybody, anybody approved, those with an invitation, nobody."),
    ] = "open"
    post_characters: Annotated[
        int,
        Meta(
            ge=50,
            le=100_000,
            description="Longest post, in characters as a person counts them (grapheme clusters).",
        ),
    ] = 500
    article_characters: Annotated[
        int, Meta(ge=1_000, le=1_000_000, description="Longest article, in characters.")
    ] = 100_000
    media_megabytes: Annotated[int, Meta(ge=1, le=200, description="Largest photo, in MB.")] = 16
    deletion_grace_days: Annotated[
        int,
        Meta(ge=0, le=365, description="Days between asking to delete an account and its deletion."),
    ] = 30
    # break-even looks back four weeks at single facts
    facts_days: Annotated[
        int,
        Meta(
            ge=30,
            le=3_650,
            description="Days that single facts about posts of pages stay in the database before they move to files.",
        ),
    ] = 35

    # promotion
    promoted_per_ten: Annotated[
        int,
        Meta(ge=0, le=1, description="Promoted posts among ten items of a home feed at most: 0 (none) or 1."),
    ] = 1
    promotion_floor: Annotated[
        str,
        Meta(description="The least that an impression of a promotion costs, in the house's currency."),
    ] = "0.001"
    currency: Annotated[
        str, Meta(description="Currency of balances and prices, three letters (ISO 4217).")
    ] = "USD"

    # mail
    smtp_url: Annotated[
        str,
        Meta(description="smtp://user:password@host:587 or smtps://…; empty: console and spool folder."),
    ] = ""
    mail_from: Annotated[str, Meta(description="Sender of mail; empty: majlis@ the server's host.")] = ""

    # the machine
    debug: Annotated[bool, Meta(description="Show errors in full. Never on a server others can reach.")] = (
        False
    )
    workers: Annotated[int, Meta(ge=1, le=64, description="Server processes.")] = 1
    web_threads: Annotated[int, Meta(ge=1, le=64, description="Threads per server process for pages.")] = 6
    job_workers: Annotated[int, Meta(ge=1, le=64, description="Worker processes for jobs.")] = 1
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="How much is logged.")
    ] = "info"
    fast_hashing: Annotated[bool, Meta(description="Cheap password hashes, for tests only.")] = False
    dns_server: Annotated[
        str,
        Meta(
            description="Name server asked for proofs of domains, such as 192.0.2.53; empty: the machine's."
        ),
    ] = ""
    limits: Annotated[bool, Meta(description="Rate limits on; off only in tests and benchmarks.")] = True

    @classmethod
    def described(cls) -> dict[str, About]:
        """Every setting by its name here, in the order above."""
        return environment.described(cls)

    @classmethod
    def misspelt(cls) -> list[str]:
        """A sentence for each variable that looks like a setting and is none."""
        return environment.misspelt(cls, os.environ, others=_NO_SETTINGS)

    @property
    def host(self) -> str:
        """The host (with port, when unusual) that handles and ids carry."""
        return urlsplit(self.base_url).netloc

    @property
    def secure(self) -> bool:
        """Whether the server is reached over TLS."""
        return self.base_url.startswith("https://")

    @property
    def media_dir(self) -> Path:
        """Where photos lie."""
        return self.data_dir / "media"

    def uploads_dir(self) -> Path:
        """Where files lie while they are being uploaded, on the disk whose room is looked after; made at first
        use. Of no worth to a backup, as its name says."""
        path = self.data_dir / ".uploads"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def secret_key(self) -> str:
        """The server's secret, made at first use and kept in the data folder, readable by its owner only."""
        path = self.data_dir / "secrets" / "django"
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = path.with_name(f".django-{secrets.token_hex(8)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(64))
            try:
                # link, not rename: of two processes starting at once the first one's secret stands
                path.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text()


def _is_an_origin(value: str) -> str:
    parts = _split(value)
    whole = parts and parts.scheme in {"http", "https"} and parts.hostname
    if not parts or not whole or parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in value:
        raise ValueError("it is an address such as https://social.example, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _split(value: str) -> SplitResult | None:
    """The parts of an address, None where even its host or port cannot be one."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return None if any(character.isspace() for character in value) else parts


def _are_hosts(value: str) -> str:
    # no "*": links in letters are made from the host that was asked for
    if all(_HOST.fullmatch(name.strip()) for name in value.split(",") if name.strip()):
        return value
    raise ValueError("it is host names without http://, port or *, separated by commas")


def _is_a_mail_address(value: str) -> str:
    if value and not _MAIL.fullmatch(parseaddr(value)[1]):
        raise ValueError("it is a mail address such as majlis@social.example")
    return value


def _is_postgresql(value: str) -> str:
    if value and not value.startswith(("postgres://", "postgresql://")):
        raise ValueError(
            "it is an address such as postgresql://user:password@host/name; only PostgreSQL works"
        )
    return value


def _has_a_mail_host(value: str) -> str:
    parts = _split(value)
    if value and (not parts or parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("it is an address such as smtp://user:password@mail.example:587")
    return value


def _is_a_price(value: str) -> str:
    if not _PRICE.fullmatch(value) or not 0 < Decimal(value) <= 1_000:
        raise ValueError("it is a price such as 0.001, above 0 and up to 1000, with four decimals at most")
    return value


def _is_a_currency(value: str) -> str:
    if not _CURRENCY.fullmatch(value):
        raise ValueError("it is the three letters of a currency, such as EGP")
    return value


def _is_a_time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("it is the name of a time zone such as Africa/Cairo")
    return value


def _is_a_name_server(value: str) -> str:
    parts = _split(f"//{value}" if value.count(":") < 2 or "[" in value else f"//[{value}]")
    try:
        ip_address(parts.hostname or "" if parts else "")
    except ValueError:
        if value:
            raise ValueError(
                "it is an address such as 192.0.2.53, with a port where that is not 53"
            ) from None
    return value


_NO_SETTINGS: Final = ("MAJLIS_SHARED", "MAJLIS_TESTS_")
"""Beginnings of variables that the project's own tests read."""
_HOST: Final = re.compile(r"\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?|\[[0-9a-f:]+\]", re.IGNORECASE)
_PRICE: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_MAIL: Final = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_CHECKS: dict[str, Any] = {
    "allowed_hosts": _are_hosts,
    "base_url": _is_an_origin,
    "contact_email": _is_a_mail_address,
    "currency": _is_a_currency,
    "database_url": _is_postgresql,
    "dns_server": _is_a_name_server,
    "mail_from": _is_a_mail_address,
    "promotion_floor": _is_a_price,
    "smtp_url": _has_a_mail_host,
    "time_zone": _is_a_time_zone,
}


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsProblem: one plain sentence for each value that cannot be used.
    """
    settings = environment.read(Settings, os.environ, _CHECKS)
    return replace(settings, data_dir=settings.data_dir.absolute())
