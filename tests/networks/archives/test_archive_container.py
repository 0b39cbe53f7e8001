"""Hostile and broken containers: what is refused whole, what is left out, and that the rest goes on."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from majlis.core.errors import Refused
from majlis.networks.archives.container import ArchiveTooLarge, BrokenMemberError, UnreadableArchive
from majlis.networks.archives.limits import Limits
from majlis.networks.archives.opening import open_container

SMALL = Limits(total_bytes=2**20, entries=50, ratio_from=64 * 1024)


def refusals(path: Path, **limits: Any) -> dict[str, str]:
    with open_container(path, limits=Limits(**limits) if limits else SMALL) as container:
        return {skipped.what: skipped.code for skipped in container.refused}


def names(path: Path) -> list[str]:
    with open_container(path, limits=SMALL) as container:
        return sorted(container.sizes)


def raw_zip(path: Path, entries: list[tuple[str, bytes]]) -> Path:
    """A zip whose names are written as given, which the library would tidy on writing."""
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as packed:
        warnings.simplefilter("ignore", UserWarning)
        for name, value in entries:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.orig_filename = name
            packed.writestr(info, value)
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../escaped.json", "name_outside"),
        ("data/../../escaped.json", "name_outside"),
        ("data/.. /escaped.json", "name_outside"),
        ("..\\..\\escaped.json", "name_outside"),
        ("/etc/passwd", "name_outside"),
        ("\\\\server\\share", "name_outside"),
        ("C:\\windows\\x", "name_outside"),
        ("c:x", "name_outside"),
        ("data/a\nb.js", "name_unusable"),
        ("x" * 300, "name_unusable"),
        ("d/" * 600 + "x", "name_unusable"),
        ("inner.zip", "member_nested"),
        ("data/media.TAR.GZ", "member_nested"),
    ],
)
def test_listmonk_3065_zip_slip_and_other_names_are_left_out(tmp_path: Path, name: str, code: str) -> None:
    path = raw_zip(tmp_path / "a.zip", [(name, b"x"), ("data/good.js", b"y")])
    with open_container(path, limits=SMALL) as container:
        assert [each.code for each in container.refused] == [code]
        assert list(container.sizes) == ["data/good.js"]
        assert container.read("data/good.js", up_to=10) == b"y"
        assert "\n" not in container.refused[0].what


def test_a_name_that_goes_on_behind_a_nul_is_left_out(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", [("good.js#../x", b"x")])
    path.write_bytes(path.read_bytes().replace(b"good.js#", b"good.js\0"))
    assert list(refusals(path).values()) == ["name_unusable"]


def test_the_second_file_of_a_name_is_left_out(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", [("a.js", b"first"), ("./a.js", b"second"), ("a.js", b"third")])
    with open_container(path, limits=SMALL) as container:
        assert [each.code for each in container.refused] == ["name_repeated", "name_repeated"]
        assert container.read("a.js", up_to=10) == b"first"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_left_out(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        info = zipfile.ZipInfo("link")
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        packed.writestr(info, "/etc/passwd")
    assert refusals(path) == {"link": "not_a_file"}


def test_cve_2025_32949_a_bomb_of_one_member_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bomb.js", b"\0" * 50_000_000)
        packed.writestr("good.js", b"[]")
    assert refusals(path, total_bytes=2**30, total_ratio=10**6) == {"bomb.js": "member_ratio"}


def test_cve_2025_32949_a_bomb_of_many_members_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(40):
            packed.writestr(f"{number}.js", b"\0" * 60_000)
    with pytest.raises(ArchiveTooLarge) as refused:
        open_container(path, limits=Limits(ratio_from=64 * 1024))
    assert refused.value.code == "archive_suspicious"
    with pytest.raises(ArchiveTooLarge) as refused:
        open_container(path, limits=SMALL)
    assert refused.value.code == "archive_too_large"


def test_cve_2025_32949_overlapping_entries_are_refused_whole(tmp_path: Path) -> None:
    path = overlapping(tmp_path / "overlap.zip", entries=30)
    with zipfile.ZipFile(path) as packed:  # the library opens it gladly; only newer ones stop at reading
        assert len(packed.namelist()) == 30
    with pytest.raises(UnreadableArchive) as refused:
        open_container(path)
    assert refused.value.code == "archive_overlapping"


def overlapping(path: Path, *, entries: int) -> Path:
    """Many directory entries for one and the same stretch of packed bytes."""
    plain = b"\0" * 100_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(plain) + packer.flush()
    name = b"a.js"
    common = struct.pack(
        "<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(plain), len(data), len(plain), len(name), 0
    )
    local = b"PK\x03\x04" + common + name + data
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    directory = entry * entries
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, entries, entries, len(directory), len(local), 0)
    path.write_bytes(local + directory + end)
    return path


def test_more_entries_than_are_taken_are_refused_before_they_are_kept(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "many.zip", [(f"{number}.js", b"") for number in range(51)])
    with pytest.raises(ArchiveTooLarge) as refused:
        open_container(path, limits=SMALL)
    assert refused.value.code == "archive_too_many_files"


def encrypted(path: Path, names: list[str], *, plain: list[str]) -> Path:
    """The encryption flag set in both headers of some entries."""
    raw_zip(path, [(name, b"secret") for name in [*names, *plain]])
    data = bytearray(path.read_bytes())
    for name in names:
        for mark, flags, start in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
            at = data.find(name.encode())
            while at >= 0:
                if data[at - start : at - start + 4] == mark:
                    data[at - start + flags] |= 1
                at = data.find(name.encode(), at + 1)
    path.write_bytes(data)
    return path


def test_a_zip_with_a_password_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArchive, match="archive_encrypted") as refused:
        open_container(encrypted(tmp_path / "e.zip", ["one.js", "two.js"], plain=[]))
    assert "password" in str(refused.value.sentence)


def test_single_members_with_a_password_are_left_out(tmp_path: Path) -> None:
    path = encrypted(tmp_path / "e.zip", ["one.js"], plain=["two.js"])
    assert refusals(path) == {"one.js": "member_encrypted"}
    assert names(path) == ["two.js"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packing_methods_are_left_out(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as packed:
        packed.writestr("a.js", b"x" * 1000)
    assert refusals(path) == {"a.js": "member_method"}


def test_every_truncation_of_a_zip_is_a_sentence(tmp_path: Path) -> None:
    whole = raw_zip(tmp_path / "a.zip", [("a.js", b"x" * 50), ("b.js", b"y" * 50)]).read_bytes()
    path = tmp_path / "cut.zip"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(UnreadableArchive):
            open_container(path)


def test_every_flipped_byte_of_a_zip_is_a_sentence_or_a_broken_member(tmp_path: Path) -> None:
    whole = raw_zip(tmp_path / "a.zip", [("a.js", b"x" * 50), ("b.js", b"y" * 50)]).read_bytes()
    path = tmp_path / "bent.zip"
    for at in range(len(whole)):
        for change in (0x01, 0x80, 0xFF):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])
            read_whatever_there_is(path)


def read_whatever_there_is(path: Path) -> None:
    try:
        container = open_container(path, limits=SMALL)
    except Refused:
        return
    with container:
        for name in container.sizes:
            with suppress(BrokenMemberError):
                assert len(container.read(name, up_to=2**20)) == container.sizes[name]


def test_a_wrong_checksum_breaks_the_member_and_not_the_archive(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", [("a.js", b"x" * 50), ("b.js", b"y" * 50)])
    path.write_bytes(path.read_bytes().replace(b"x" * 50, b"x" * 49 + b"z"))
    with open_container(path) as container:
        with pytest.raises(BrokenMemberError):
            container.read("a.js", up_to=100)
        assert container.read("b.js", up_to=100) == b"y" * 50


def test_a_media_file_is_copied_under_a_name_of_ours_and_gone_afterwards(tmp_path: Path) -> None:
    path = raw_zip(tmp_path / "a.zip", [("-rf.jpg", b"picture")])
    with open_container(path) as container:
        with container.copied("-rf.jpg", up_to=100) as copy:
            assert copy.read_bytes() == b"picture"
            assert "-rf" not in copy.name
        assert not copy.exists()
        with pytest.raises(BrokenMemberError) as broken, container.copied("-rf.jpg", up_to=3):
            pass
        assert broken.value.code == "media_too_large"
        with pytest.raises(KeyError):
            container.open("../-rf.jpg")


# Tar ----------------------------------------------------------------------------------------------


def tar_of(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], **how: Any) -> Path:
    with tarfile.open(path, "w:gz", **how) as packed:
        for info, data in members:
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return path


def of_type(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = "/etc/passwd"
    return info


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_with_long_and_arabic_names_is_read_in_any_order(tmp_path: Path, form: int) -> None:
    long = "media_attachments/" + "/".join(["folder"] * 20) + "/original/picture.png"
    members = [("actor.json", b"{}"), (long, b"picture"), ("خبز.png", b"bread")]
    path = tar_of(
        tmp_path / "a.tar.gz", [(tarfile.TarInfo(name), data) for name, data in members], format=form
    )
    with open_container(path) as container:
        assert {name: container.read(name, up_to=99) for name in reversed(container.sizes)} == dict(members)
        assert container.refused == []
        assert container.bytes_read == container.bytes_total == 14


def test_links_devices_and_escapes_in_a_tar_are_left_out(tmp_path: Path) -> None:
    kinds = [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
    members = [(of_type(f"special{number}", kind), b"") for number, kind in enumerate(kinds)]
    members += [
        (tarfile.TarInfo("../up"), b"x"),
        (tarfile.TarInfo("/root"), b"x"),
        (tarfile.TarInfo("ok"), b"y"),
    ]
    path = tar_of(tmp_path / "a.tar.gz", members)
    assert list(refusals(path).values()) == ["not_a_file"] * 5 + ["name_outside"] * 2
    assert names(path) == ["ok"]


def test_a_tar_gz_bomb_stops_at_the_cap(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tar.gz"
    with gzip.open(path, "wb") as packed:
        packed.write(b"\0" * 30_000_000)
    with pytest.raises(ArchiveTooLarge):
        open_container(path, limits=SMALL)


def test_a_cut_tar_gz_is_a_sentence(tmp_path: Path) -> None:
    whole = tar_of(tmp_path / "a.tar.gz", [(tarfile.TarInfo("outbox.json"), os.urandom(5000))]).read_bytes()
    for length in range(2, len(whole) - 1, 97):
        (tmp_path / "cut.tar.gz").write_bytes(whole[:length])
        with pytest.raises(UnreadableArchive):
            open_container(tmp_path / "cut.tar.gz")


@pytest.mark.parametrize(
    "size", [b"\xff" * 12, b"\xff" + b"\xfe" * 11, b"\x80" + b"\x7f" * 11, b"77777777777\0"]
)
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
def test_cve_2025_8194_sizes_that_lead_backwards_or_beyond_are_refused(
    tmp_path: Path, size: bytes, kind: bytes
) -> None:
    header = bytearray(of_type("a", kind).tobuf(tarfile.GNU_FORMAT))
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(bytes(header) + b"\0" * 1024))
    with pytest.raises(UnreadableArchive):
        open_container(path)


def test_extension_headers_without_end_are_refused(tmp_path: Path) -> None:
    header = of_type("a", tarfile.XHDTYPE)
    path = tmp_path / "a.tar.gz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) * 5000))
    with pytest.raises(UnreadableArchive):
        open_container(path)


# Folders and other things -------------------------------------------------------------------------


def test_a_folder_does_not_lead_out_through_links(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("secret")
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "good.js").write_text("[]")
    (folder / "link.js").symlink_to(tmp_path / "secret" / "key")
    (folder / "linked").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    assert names(folder) == ["good.js"]
    assert refusals(folder) == {"link.js": "not_a_file", "linked": "not_a_file", "pipe": "not_a_file"}


def test_a_file_replaced_by_a_link_after_the_check_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "a.js").write_text("public")
    with open_container(folder) as container:
        (folder / "a.js").unlink()
        (folder / "a.js").symlink_to(tmp_path / "secret")
        with pytest.raises(BrokenMemberError):
            container.open("a.js")


@pytest.mark.parametrize(
    "data", [b"", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"<html>", b"PK\x05\x06"]
)
def test_what_is_no_archive_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UnreadableArchive):
        open_container(tmp_path / "a.zip")
    with pytest.raises(UnreadableArchive, match="archive_not_there"):
        open_container(tmp_path / "nothing.zip")


def test_names_of_old_packers_are_read_as_utf_8(tmp_path: Path, zip_at: Callable[..., Path]) -> None:
    path = zip_at(tmp_path / "a.zip", {"صور/خبز.jpg": b"x"})
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        data[data.find(mark) + flags] &= ~0x08  # the flag for UTF-8, bit 11
    path.write_bytes(data)
    assert names(path) == ["صور/خبز.jpg"]
