"""What the disk says against an import or an export is told as what it is, in both languages."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings as django_settings
from django.utils import translation
from tests import cast

from majlis.config import exporting as command
from majlis.core.errors import NotNow
from majlis.networks import actions, disk, importing, queries
from majlis.networks.importing import Request
from small_disks import fill, small_disk

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACTOR = "https://old.example/users/alice"
CAUSES = {
    errno.ENOSPC: "no_room",
    errno.EDQUOT: "no_room",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.EROFS: "not_allowed",
    errno.ENOENT: "not_there",
    errno.EIO: "disk_away",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    return move_to(settings, tmp_path / "data")


def move_to(settings: Any, folder: Path) -> Path:
    settings.MAJLIS = msgspec.structs.replace(settings.MAJLIS, data_dir=folder)
    return folder


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    with small_disk(folder, 1):
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield


@contextmanager
def nobody() -> Iterator[None]:
    """Root may read everything: she steps back for a moment."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def archive(folder: Path) -> Path:
    note = {"id": f"{ACTOR}/statuses/1", "type": "Note", "attributedTo": ACTOR, "content": "<p>one</p>",
            "published": "2021-03-01T10:00:00Z", "to": ["https://www.w3.org/ns/activitystreams#Public"]}  # fmt: skip
    items = [{"type": "Create", "actor": ACTOR, "object": note}]
    path = folder / "archive.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("outbox.json", json.dumps({"orderedItems": items}))
    return path


@pytest.mark.parametrize("number", CAUSES)
def test_each_cause_has_its_code_and_its_path_stays_in_the_log(number: int) -> None:
    error = OSError(number, os.strerror(number), "/a/secret/place")
    told = {
        disk.not_kept(error).code: disk.not_kept(error),
        disk.not_taken(error).code: disk.not_taken(error),
    }
    assert set(told) == {CAUSES[number], f"import_{CAUSES[number]}"}
    for refusal in told.values():
        assert "/a/secret/place" in (refusal.cause or "")
        for code, _name in django_settings.LANGUAGES:
            with translation.override(code):
                assert "/a/secret/place" not in str(refusal.sentence)


def test_no_two_causes_share_a_sentence_in_any_language() -> None:
    errors = [OSError(number, "") for number in (errno.ENOSPC, errno.EACCES, errno.ENOENT, errno.EIO)]
    refusals = [tell(error) for error in errors for tell in (disk.not_kept, disk.not_taken)]
    said = set()
    for code, _name in django_settings.LANGUAGES:
        with translation.override(code):
            said |= {str(refusal.sentence) for refusal in refusals}
    assert len(said) == len(refusals) * len(django_settings.LANGUAGES)


def take(who: cast.Member, path: Path) -> str:
    """Why it was not taken, as a code, and as the page tells it."""
    with pytest.raises(NotNow) as refused:
        actions.take_in_place(profile_id=who.id, path=path, at=AT)
    (told, *_earlier) = queries.imports(by=who.id)
    assert (told.state, told.failure, told.why) == ("failed", refused.value.code, str(refused.value.sentence))
    return refused.value.code


def test_a_full_disk(tmp_path: Path, own_folder: Path) -> None:
    alice, path = cast.alice(), archive(tmp_path)
    with small_disk(own_folder, 1):
        actions.imports_dir()
        fill(own_folder, leave=0)
        assert take(alice, path) == "import_no_room"


def test_a_disk_that_is_read_only(tmp_path: Path, own_folder: Path) -> None:
    alice, path = cast.alice(), archive(tmp_path)
    with read_only(own_folder):
        assert take(alice, path) == "import_not_allowed"
        with pytest.raises(NotNow) as refused:
            actions.ask_import(by=alice.id, chunks=[b"x"], name="archive.zip", at=AT)
        assert refused.value.code == "not_allowed"


def test_a_folder_that_cannot_be(tmp_path: Path, settings: Any) -> None:
    alice, path = cast.alice(), archive(tmp_path)
    move_to(settings, Path("/proc/majlis-is-not-here"))
    assert take(alice, path) == "import_not_there"


def test_whatever_else_it_is_nobody_looks_for_room(tmp_path: Path, settings: Any) -> None:
    alice, path = cast.alice(), archive(tmp_path)
    (tmp_path / "file").write_text("no folder")
    move_to(settings, tmp_path / "file" / "data")
    assert take(alice, path) == "import_disk_away"


def test_a_folder_of_files_that_may_not_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with zipfile.ZipFile(archive(tmp_path)) as packed:
        packed.extractall(folder)
    alice = cast.alice()
    folder.chmod(0)
    with nobody(), pytest.raises(NotNow) as refused:
        importing.take(Request(profile_id=alice.id, path=folder, at=AT))
    assert refused.value.code == "import_not_allowed"


def test_an_export_that_may_not_be_written_says_so_on_its_page_and_on_the_terminal(own_folder: Path) -> None:
    alice, charlie = cast.alice(), cast.charlie()
    export_id = actions.ask_export(by=alice.id, at=AT)
    with read_only(own_folder):
        actions.run_export(export_id=export_id, at=AT)
        with pytest.raises(NotNow) as refused:
            command.give_out(profile_id=alice.id, output=own_folder / "out.zip", at=AT)
    told = queries.last_export(by=alice.id)
    assert told is not None
    assert (told.state, told.failure) == ("failed", "not_allowed")
    assert told.why == str(refused.value.sentence)
    assert queries.last_export(by=charlie.id) is None
