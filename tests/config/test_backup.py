"""Backup and restore: everything comes back, and a damaged or hostile file changes nothing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import psycopg
import pytest

from majlis.config.commands import archive
from majlis.core.errors import BadInput
from majlis.core.postgres import ensure
from running import majlis

pytestmark = pytest.mark.slow


def _ask(data_dir: Path, question: str) -> object:
    server = ensure(data_dir, "wheel", bound=True, tell=lambda line: None)
    try:
        with psycopg.connect(server.url) as connection:
            row = connection.execute(question.encode()).fetchone()
            return row[0] if row else None
    finally:
        server.stop()


def _make_house(data_dir: Path, name: str) -> None:
    arguments = ("--email", f"{name}@example.org", "--password", "kerze-mond-9", "--data-dir", data_dir)
    made = majlis("account", "create", name, *arguments)
    assert made.returncode == 0, made.stderr
    photo = data_dir / "media" / "aa" / "صورة.webp"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a photo of " + name.encode())


def test_everything_comes_back_and_a_wrong_file_changes_nothing(folder: Path) -> None:
    data, other, file = folder / "data", folder / "other", folder / "majlis.tar"
    _make_house(data, "alice")
    secret = (data / "secrets" / "django").read_bytes()
    running = ensure(data, "wheel", bound=True, tell=lambda line: None)  # beside a running server
    done = majlis("backup", file, "--data-dir", data)
    running.stop()
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o777 == 0o600  # it holds secrets
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []

    # into an empty folder
    done = majlis("restore", file, "--data-dir", other)
    assert done.returncode == 0, done.stderr
    assert (other / "media" / "aa" / "صورة.webp").read_bytes() == b"a photo of alice"
    assert (other / "secrets" / "django").read_bytes() == secret
    assert (other / "secrets" / "django").stat().st_mode & 0o077 == 0
    assert _ask(other, "SELECT email FROM accounts_user") == "alice@example.org"
    assert _ask(other, "SELECT handle FROM people_profile") == "alice"

    # a folder in use is left alone, unless told otherwise
    third = folder / "third"
    _make_house(third, "bob")
    done = majlis("restore", file, "--data-dir", third)
    assert done.returncode == 1
    assert "--force" in done.stderr
    assert _ask(third, "SELECT handle FROM people_profile") == "bob"

    # a file that was cut off is known before anything is touched
    cut = folder / "cut.tar"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    done = majlis("restore", cut, "--data-dir", third, "--force")
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert _ask(third, "SELECT handle FROM people_profile") == "bob"
    assert (third / "media" / "aa" / "صورة.webp").read_bytes() == b"a photo of bob"

    done = majlis("restore", file, "--data-dir", third, "--force")
    assert done.returncode == 0, done.stderr
    assert _ask(third, "SELECT handle FROM people_profile") == "alice"
    assert (third / "media" / "aa" / "صورة.webp").read_bytes() == b"a photo of alice"
    assert (third / "secrets" / "django").read_bytes() == secret


def _archive(folder: Path) -> io.BytesIO:
    (folder / "dump").write_bytes(b"dump")
    (folder / "photo").write_bytes(b"photo")
    file = io.BytesIO()
    writer = archive.Writer(file, archive.Listing("0", 18, "now"))
    writer.add(folder / "dump", archive.DUMP)
    writer.add(folder / "photo", "files/media/photo")
    writer.finish()
    file.seek(0)
    return file


def test_an_archive_unpacks_to_what_was_put_in(tmp_path: Path) -> None:
    listing = archive.unpack(_archive(tmp_path), tmp_path / "out")
    assert (listing.version, listing.postgres) == ("0", 18)
    assert (tmp_path / "out" / "files" / "media" / "photo").read_bytes() == b"photo"


@pytest.mark.parametrize("position", range(0, 2048, 97))
def test_a_changed_byte_is_noticed_or_harmless(tmp_path: Path, position: int) -> None:
    text = bytearray(_archive(tmp_path).getvalue())
    text[position] ^= 0x01
    try:
        archive.unpack(io.BytesIO(bytes(text)), tmp_path / "out")
    except BadInput:
        return
    assert (tmp_path / "out" / archive.DUMP).read_bytes() == b"dump"
    assert (tmp_path / "out" / "files" / "media" / "photo").read_bytes() == b"photo"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../evil", tarfile.REGTYPE),
        ("files/../../evil", tarfile.REGTYPE),
        ("/tmp/evil", tarfile.REGTYPE),
        ("files/link", tarfile.SYMTYPE),
        ("files/hard", tarfile.LNKTYPE),
        ("files/device", tarfile.CHRTYPE),
        ("elsewhere/file", tarfile.REGTYPE),
    ],
)
def test_strange_members_are_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        member = tarfile.TarInfo(name)
        member.type = kind
        member.linkname = "/etc/passwd"
        tar.addfile(member)
    file.seek(0)
    with pytest.raises(BadInput):
        archive.unpack(file, tmp_path / "out")
    assert not (tmp_path / "evil").exists()
    assert not Path("/tmp/evil").exists()
