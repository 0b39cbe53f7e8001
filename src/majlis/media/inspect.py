"""The first look at an upload: what it is by its content, and whether it is worth decoding at all.

The name and the type an uploader gives are never asked. Only the six kinds below pass; everything
else is refused by what it is, in a sentence. Nothing is decoded here: sizes are read from the header.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from majlis.core.errors import BadInput, Refused, TooLarge
from majlis.media.headers import Header, HeaderError, read_boxes, read_gif, read_jpeg, read_png, read_webp

MAX_PIXELS: Final = 33_177_600
"""7680 × 4320, "33 megapixels"; also the limit that Mastodon servers tell their apps."""
MAX_SIDE: Final = 16_384
"""Pixels; the longest side that WebP (16,383) and most graphics hardware can hold."""
MAX_FRAMES: Final = 600
MAX_ANIMATION_PIXELS: Final = 300_000_000
"""Frames × width × height: about eight seconds of decoding, whatever the format."""

# Browsers that sniff look no further than this, so a page hidden deeper is only bytes to them.
_SNIFFED: Final = 1_024


class Kind(StrEnum):
    """What is taken. HEIC pictures (Apple's name) are HEIF files."""

    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    AVIF = "avif"
    HEIF = "heif"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What the header says: pixels as stored (before orientation), frames (1 when still), bytes."""

    kind: Kind
    width: int
    height: int
    frames: int
    size: int


_WANTED = _("Please send JPEG, PNG, GIF, WebP, AVIF or HEIC.")
SENTENCES: Final[dict[str, str | Promise]] = {
    "media_empty": _("This file is empty."),
    "media_svg": _(
        "SVG drawings cannot be uploaded, because they can carry programs. Please send a PNG or JPEG."
    ),
    "media_playlist": _("This is a playlist, not a picture. Playlists cannot be uploaded."),
    "media_video": _("Video and audio cannot be uploaded yet. Pictures can."),
    "media_pdf": _("This is a PDF document, not a picture. Please send it as a JPEG or PNG."),
    "media_page": _("This is a web page or a program, not a picture."),
    "media_archive": _("This is an archive or an office document, not a picture."),
    "media_disguised": _("This file is made to look like a picture and like something else at once."),
    "media_format": format_lazy("{} {}", _("Pictures of this format cannot be uploaded."), _WANTED),
    "media_unknown": format_lazy("{} {}", _("This is not a picture that can be uploaded."), _WANTED),
    "media_damaged": _("This picture is damaged or incomplete."),
    "media_heavy": _("This picture takes more time or memory than one picture may."),
    "media_pixels": format_lazy(
        _("This picture has too many pixels: {megapixels} megapixels and {side} pixels a side are the most."),
        megapixels=MAX_PIXELS // 1_000_000,
        side=MAX_SIDE,
    ),
    "media_frames": format_lazy(
        _("This animation is too long or too large: {frames} frames are the most."), frames=MAX_FRAMES
    ),
}

# (offset, bytes, reason), in this order; the six kinds are looked for before.
_FOREIGN: Final[tuple[tuple[int, bytes, str], ...]] = (
    *((4, mark, "media_video") for mark in (b"ftyp", b"moov", b"mdat", b"wide")),
    *((8, mark, "media_video") for mark in (b"AVI ", b"WAVE", b"AIFF", b"AIFC", b"8SVX")),
    *(
        (0, mark, "media_video")
        for mark in (
            b"\x1aE\xdf\xa3",
            b"OggS",
            b"fLaC",
            b"ID3",
            b"FLV\x01",
            b"\x00\x00\x01\xba",
            b"MThd",
            b"caff",
            b"\x00\x00\x01\xb3",
            b"0&\xb2u\x8ef\xcf\x11",
            b"#!AMR",
            b"\xff\xfb",
            b"\xff\xf3",
            b"\xff\xf1",
        )
    ),
    (0, b"%!PS", "media_format"),
    (0, b"\xc5\xd0\xd3\xc6", "media_format"),  # EPS with a preview
    *(
        (0, mark, "media_format")
        for mark in (
            b"II*\x00",
            b"MM\x00*",
            b"II+\x00",
            b"MM\x00+",
            b"8BPS",
            b"BM",
            b"\x00\x00\x01\x00",
            b"\x00\x00\x02\x00",
            b"\x00\x00\x00\x0cjP",
            b"\xffO\xffQ",
            b"\xff\x0a",
            b"\x00\x00\x00\x0cJXL",
            b"DDS ",
            b"qoif",
            b"icns",
            b"gimp xcf",
            b"v/1\x01",
            b"#?RADIANCE",
            b"SIMPLE  =",
            b"FORM",
        )
    ),
    *(
        (0, mark, "media_archive")
        for mark in (
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"\x1f\x8b",
            b"7z\xbc\xaf",
            b"Rar!",
            b"BZh",
            b"\xfd7zXZ",
            b"\xd0\xcf\x11\xe0",
        )
    ),
    *((0, mark, "media_page") for mark in (b"\x7fELF", b"MZ", b"#!", b"\xca\xfe\xba\xbe")),
)
_PLAYLISTS: Final = (
    b"#extm3u",
    b"#ext-x-",
    b"ffconcat",
    b"[playlist]",
    b"[reference]",
    b"<mpd",
    b"<smil",
    b"<asx",
)
_IMPOSTORS: Final = (
    b"<script",
    b"<html",
    b"<!doctype",
    b"<svg",
    b"<?php",
    b"<body",
    b"<iframe",
    b"%pdf-",
    b"#extm3u",
)
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_HEIF_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"heif"}
_OPEN_BRANDS: Final = {b"mif1", b"msf1", b"mif2", b"miaf"}
"""Major brands that leave the codec to the compatible ones."""
_READERS: Final = {
    Kind.JPEG: read_jpeg,
    Kind.PNG: read_png,
    Kind.GIF: read_gif,
    Kind.WEBP: read_webp,
    Kind.AVIF: read_boxes,
    Kind.HEIF: read_boxes,
}


def refusal(code: str, *, cause: str | None = None) -> Refused:
    """The refusal for ``code``, a key of SENTENCES; ``cause`` is for the log."""
    error = TooLarge if code in ("media_pixels", "media_frames") else BadInput
    return error(SENTENCES[code], code=code, field="file", cause=cause)


def inspect_image(*, data: bytes, max_bytes: int) -> Inspected:
    """What ``data`` is, by its content, if it may be decoded.

    Raises TooLarge (bytes, pixels, frames) or BadInput, each with a ``code`` of SENTENCES
    or ``media_bytes``.
    """
    check_size(len(data), max_bytes=max_bytes)
    kind = sniff(data)
    if kind is None:
        raise refusal(_why_foreign(data))
    if any(mark in data[:_SNIFFED].lower() for mark in _IMPOSTORS):
        raise refusal("media_disguised")
    try:
        header = _READERS[kind](data, MAX_FRAMES)
    except HeaderError as damage:
        raise refusal("media_damaged", cause=str(damage)) from damage
    if kind is Kind.HEIF:  # of a HEIC burst or film only the main picture is taken
        header = Header(header.width, header.height)
    _check_caps(header)
    return Inspected(
        kind=kind, width=header.width, height=header.height, frames=header.frames, size=len(data)
    )


def check_size(size: int, *, max_bytes: int) -> None:
    """Raises when a file of ``size`` bytes is empty or over ``max_bytes``."""
    if size == 0:
        raise refusal("media_empty")
    if size > max_bytes:
        sentence = format_lazy(
            _("This file is too large: {megabytes} MB are the most."),
            megabytes=max(max_bytes // 1_000_000, 1),
        )
        raise TooLarge(sentence, code="media_bytes", field="file", cause=f"{size} bytes")


def sniff(data: bytes) -> Kind | None:
    """Which of the six kinds the first bytes announce, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.WEBP
    return _sniff_boxes(data) if data[4:8] == b"ftyp" else None


def _sniff_boxes(data: bytes) -> Kind | None:
    length = min(int.from_bytes(data[:4], "big"), 256)
    major = data[8:12]
    brands = {major} | {data[at : at + 4] for at in range(16, length, 4)}
    if major not in _AVIF_BRANDS | _HEIF_BRANDS | _OPEN_BRANDS:
        return None
    if major in _AVIF_BRANDS or (major in _OPEN_BRANDS and brands & _AVIF_BRANDS):
        return Kind.AVIF
    return Kind.HEIF


def _why_foreign(data: bytes) -> str:
    # UTF-16 text loses its zeros here, so that an SVG in UTF-16 is still an SVG.
    text = data[: 4 * _SNIFFED].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\r\n\t ").lower()
    if text.startswith(_PLAYLISTS) or (text.startswith(b"<") and any(mark in text for mark in _PLAYLISTS)):
        return "media_playlist"
    if text.startswith(b"<"):
        return "media_svg" if b"<svg" in text else "media_page"
    if b"%pdf-" in text[:_SNIFFED]:
        return "media_pdf"
    for offset, mark, reason in _FOREIGN:
        if data[offset : offset + len(mark)] == mark:
            return reason
    return "media_page" if any(mark in text[:_SNIFFED] for mark in _IMPOSTORS) else "media_unknown"


def _check_caps(header: Header) -> None:
    pixels = header.width * header.height
    claim = f"{header.width} x {header.height}, {header.frames} frames"
    if pixels == 0:
        raise refusal("media_damaged", cause=claim)
    if pixels > MAX_PIXELS or max(header.width, header.height) > MAX_SIDE:
        raise refusal("media_pixels", cause=claim)
    if header.frames > MAX_FRAMES or (header.frames > 1 and pixels * header.frames > MAX_ANIMATION_PIXELS):
        raise refusal("media_frames", cause=claim)
