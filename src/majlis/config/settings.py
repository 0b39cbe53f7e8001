"""Every setting of Majlis, read from the environment once and checked with a plain sentence.

``MAJLIS_*`` variables and ``DATABASE_URL``; each is described in docs/operating.md, and a test
compares the two. Everything has a default that works on one's own machine.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsProblem(Exception):
    """A setting cannot be used. The message is one plain sentence per problem, for the operator."""


class Settings(BaseSettings):
    """What an operator can choose. Units stand in each description."""

    model_config = SettingsConfigDict(env_prefix="MAJLIS_", extra="ignore")

    # where
    base_url: str = Field("http://127.0.0.1:8000", description="Address people reach the server at.")
    data_dir: Path = Field(Path("data"), description="Folder for database, media, secrets and mail spool.")
    database_url: str = Field(
        "",
        validation_alias=AliasChoices("DATABASE_URL", "MAJLIS_DATABASE_URL"),
        description="A PostgreSQL of your own; empty starts a private one in the data folder.",
    )
    postgres: Literal["auto", "installed", "wheel"] = Field(
        "auto",
        description="Which private PostgreSQL: an installed one, the one in the wheel, or whichever fits.",
    )
    trusted_proxies: int = Field(
        0,
        ge=0,
        le=8,
        description="How many proxies in front may state the client's address (X-Forwarded-For).",
    )
    allowed_hosts: str = Field("", description="Further host names answered to, separated by commas.")

    # the house
    server_name: str = Field("Majlis", min_length=1, max_length=80, description="Name of this server.")
    description: str = Field(
        "A room where people sit together.", max_length=500, description="One sentence about this server."
    )
    contact_email: str = Field("", description="Where people reach the operator.")
    default_language: Literal["en", "ar"] = Field(
        "en", description="Language where the browser asks for none."
    )
    registrations: Literal["open", "approval", "invitation", "closed"] = Field(
        "open", description="Who may join: anybody, anybody approved, those with an invitation, nobody."
    )
    post_characters: Annotated[int, Field(ge=50, le=100_000)] = Field(
        500, description="Longest post, in characters as a person counts them (grapheme clusters)."
    )
    article_characters: Annotated[int, Field(ge=1_000, le=1_000_000)] = Field(
        100_000, description="Longest article, in characters."
    )
    media_megabytes: Annotated[int, Field(ge=1, le=200)] = Field(16, description="Largest photo, in MB.")
    deletion_grace_days: Annotated[int, Field(ge=0, le=365)] = Field(
        30, description="Days between asking to delete an account and its deletion."
    )

    # mail
    smtp_url: str = Field(
        "", description="smtp://user:password@host:587 or smtps://…; empty: console and spool folder."
    )
    mail_from: str = Field("", description="Sender of mail; empty: majlis@ the server's host.")

    # the machine
    debug: bool = Field(False, description="Show errors in full. Never on a server others can reach.")
    workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="Server processes.")
    web_threads: Annotated[int, Field(ge=1, le=64)] = Field(
        6, description="Threads per server process for pages."
    )
    job_workers: Annotated[int, Field(ge=1, le=64)] = Field(1, description="Worker processes for jobs.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    fast_hashing: bool = Field(False, description="Cheap password hashes, for tests only.")
    limits: bool = Field(True, description="Rate limits on; off only in tests and benchmarks.")

    @field_validator("base_url")
    @classmethod
    def _base_url_is_an_origin(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("is an address such as https://social.example, without a path")
        return f"{parts.scheme}://{parts.netloc}"

    @field_validator("database_url")
    @classmethod
    def _database_is_postgresql(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"postgres", "postgresql"}:
            raise ValueError(
                "is an address such as postgresql://user:password@host/name; only PostgreSQL works"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _smtp_has_a_host(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
            raise ValueError("is an address such as smtp://user:password@mail.example:587")
        return value

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


def _sentence(error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else "?"
        variable = (
            "DATABASE_URL"
            if name.upper() in {"DATABASE_URL", "MAJLIS_DATABASE_URL"}
            else f"MAJLIS_{name.upper()}"
        )
        message = problem["msg"].removeprefix("Value error, ")
        lines.append(f"The setting {variable} cannot be used: {message}.")
    return "\n".join(lines)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingsProblem: one plain sentence for each value that cannot be used.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsProblem(_sentence(error)) from error
    return settings.model_copy(update={"data_dir": settings.data_dir.absolute()})
