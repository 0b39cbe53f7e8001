"""What a finished file is made of, read without Pillow, so that nothing can hide in it."""

from __future__ import annotations

import struct

# everything a picture needs to be shown, and nothing that could tell of where it was made
ALLOWED = {
    "image/jpeg": {"SOI", "JFIF", "DB", "C0", "C4", "DA", "EOI"},
    "image/png": {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"},
    "image/webp": {"VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"},
}


def parts(mime: str, data: bytes) -> list[str]:
    """Names of all segments or chunks, to the very last byte."""
    return {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[mime](data)


def _jpeg(data: bytes) -> list[str]:
    assert data[:2] == b"\xff\xd8"
    found, at = ["SOI"], 2
    while True:
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        assert data[at] == 0xFF
        is_jfif = marker == 0xE0 and data[at + 4 : at + 9] == b"JFIF\0" and length == 16
        found.append("JFIF" if is_jfif else f"{marker:02X}")
        at += 2 + length
        if marker == 0xDA:
            # nothing may follow the end of the picture
            assert data.index(b"\xff\xd9", at) == len(data) - 2
            return [*found, "EOI"]


def _png(data: bytes) -> list[str]:
    found, at = [], 8
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        found.append(name.decode())
        at += 12 + length
    assert at == len(data)
    return found


def _webp(data: bytes) -> list[str]:
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    found, at = [], 12
    while at < len(data):
        name, length = struct.unpack("<4sI", data[at : at + 8])
        found.append(name.decode())
        if name == b"VP8X":
            assert data[at + 8] & 0b0010_1100 == 0, "flags for ICC, EXIF or XMP"
        at += 8 + length + (length & 1)
    assert at == len(data)
    return found


def assert_tells_nothing(mime: str, data: bytes, secrets: tuple[bytes, ...]) -> None:
    """0 bytes of metadata: only parts that make the picture, and none of ``secrets`` anywhere."""
    assert set(parts(mime, data)) <= ALLOWED[mime]
    for secret in secrets:
        assert secret not in data
