"""Archives made up on the spot, and what is read from them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from majlis.networks.archives.detect import read
from majlis.networks.archives.limits import DEFAULT, Limits
from majlis.networks.archives.opening import open_container
from majlis.networks.archives.options import Options
from majlis.networks.archives.records import (
    ArchiveFollow,
    ArchivePost,
    ArchiveProfile,
    ArchiveReference,
    Record,
    Skipped,
)
from majlis.networks.archives.report import Report

Files = Mapping[str, Any]


class Taken:
    """All records of an archive, by kind."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.posts = [each for each in records if isinstance(each, ArchivePost)]
        self.follows = [each for each in records if isinstance(each, ArchiveFollow)]
        self.references = [each for each in records if isinstance(each, ArchiveReference)]
        self.skipped = [each for each in records if isinstance(each, Skipped)]
        self.profile = next((each for each in records if isinstance(each, ArchiveProfile)), None)
        self.report = Report()
        for each in records:
            self.report.add(each)

    @property
    def codes(self) -> list[str]:
        return [each.code for each in self.skipped]


def content(value: Any) -> bytes:
    """Bytes as they are, text in UTF-8, everything else as JSON."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode()


def pack_zip(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in files.items():
            packed.writestr(name, content(value))
    return path


def read_all(path: Path, *, limits: Limits = DEFAULT, boosts: Any = "skip") -> Taken:
    with open_container(path, limits=limits) as container:
        return Taken(list(read(container, options=Options(boosts=boosts))))


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., Taken]:
    """Packs the files into a zip and reads it."""

    def pack_and_read(files: Files, **choices: Any) -> Taken:
        return read_all(pack_zip(tmp_path / "archive.zip", files), **choices)

    return pack_and_read


def ytd(part: str, entries: list[Any]) -> str:
    """A part of an X archive as X writes it."""
    return f"window.YTD.{part}.part0 = {json.dumps(entries)}"


def tweet(number: int, text: str, **more: Any) -> dict[str, Any]:
    """A post of Alice's X archive (account 7001)."""
    return {
        "tweet": {
            "id_str": str(number),
            "created_at": "Wed Sep 04 13:51:55 +0000 2019",
            "full_text": text,
            "lang": "en",
            **more,
        }
    }


ALICE_ON_X: Files = {
    "data/account.js": ytd(
        "account",
        [
            {
                "account": {
                    "username": "alice_x",
                    "accountId": "7001",
                    "createdAt": "2010-01-02T03:04:05.000Z",
                    "accountDisplayName": "Alice أليس",
                }
            }
        ],
    )
}


@pytest.fixture
def take_x(take: Callable[..., Taken]) -> Callable[..., Taken]:
    """Reads an X archive of Alice with these posts and further files."""

    def pack_and_read(posts: list[Any], more: Files | None = None, **choices: Any) -> Taken:
        return take({**ALICE_ON_X, "data/tweets.js": ytd("tweets", posts), **(more or {})}, **choices)

    return pack_and_read


@pytest.fixture
def make_tweet() -> Callable[..., dict[str, Any]]:
    return tweet


@pytest.fixture
def make_part() -> Callable[[str, list[Any]], str]:
    return ytd


@pytest.fixture
def zip_at() -> Callable[[Path, Files], Path]:
    return pack_zip


@pytest.fixture
def read_path() -> Callable[..., Taken]:
    return read_all
