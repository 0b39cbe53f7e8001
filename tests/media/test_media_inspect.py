"""What is taken and what is refused, decided from the first bytes and never from a name."""

from __future__ import annotations

import resource
import struct
import time
import tracemalloc
import zipfile
from contextlib import suppress
from io import BytesIO

import media_samples as samples
import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from majlis.core.errors import BadInput, Refused, TooLarge
from majlis.media.inspect import MAX_PIXELS, SENTENCES, Inspected, Kind, inspect_image

TEN_MEGABYTES = 10_000_000
TAKEN = {
    Kind.JPEG: lambda: samples.encode(samples.quarters(), "JPEG"),
    Kind.PNG: lambda: samples.encode(samples.quarters(), "PNG"),
    Kind.GIF: lambda: samples.encode(samples.quarters(), "GIF"),
    Kind.WEBP: lambda: samples.encode(samples.quarters(), "WEBP"),
    Kind.AVIF: lambda: samples.encode(samples.quarters(), "AVIF"),
    Kind.HEIF: samples.heic,
}


def look(data: bytes, max_bytes: int = TEN_MEGABYTES) -> Inspected:
    return inspect_image(data=data, max_bytes=max_bytes)


def code_of(data: bytes, max_bytes: int = TEN_MEGABYTES) -> str:
    with pytest.raises(Refused) as caught:
        look(data, max_bytes)
    assert isinstance(caught.value, (BadInput, TooLarge))
    return caught.value.code


def cheaply_refused(data: bytes) -> str:
    """The code of the refusal, which takes little CPU time and little memory, the process's peak included."""
    peak, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    code = code_of(data, 50_000_000)
    assert time.process_time() - start < 1.0
    tracemalloc.start()
    try:
        code_of(data, 50_000_000)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024 < 150_000_000
    return code


@pytest.mark.parametrize("kind", TAKEN)
def test_six_kinds_are_taken_with_their_size(kind: Kind) -> None:
    data = TAKEN[kind]()
    assert look(data) == Inspected(kind=kind, width=96, height=64, frames=1, size=len(data))


@pytest.mark.parametrize(
    "options", [{"lossless": True}, {"quality": 50}, {"quality": 50, "exif": samples.exif()}]
)
def test_every_flavour_of_webp_tells_its_size(options: dict[str, object]) -> None:
    seen = look(samples.encode(samples.photo(301, 203), "WEBP", **options))
    assert (seen.width, seen.height) == (301, 203)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_frames_of_an_animation_are_counted(form: str) -> None:
    seen = look(samples.animation(form, frames=7))
    assert (seen.width, seen.height, seen.frames) == (120, 80, 7)


def test_a_jpeg_with_its_size_behind_long_metadata_is_read() -> None:
    data = samples.encode(samples.quarters(), "JPEG", exif=samples.exif(), comment=b"x" * 60_000)
    assert look(data).width == 96


# Bombs: refused from the header


def _avif_claiming(width: int, height: int) -> bytes:
    data = TAKEN[Kind.AVIF]()
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def _jpeg_claiming(width: int, height: int) -> bytes:
    data = TAKEN[Kind.JPEG]()
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


BOMBS = {
    "png 13000 x 13000, 1 bit": lambda: samples.png(13_000, 13_000),
    "gif of 44 bytes": lambda: samples.gif(65_535, 65_535, 1),
    "gif with a frame larger than its screen": lambda: samples.gif(1, 1, 1, frame_size=(65_535, 65_535)),
    "webp canvas": lambda: samples.riff(samples.webp_canvas(16_383, 16_383), (b"VP8L", b"\x2f" + bytes(9))),
    "webp picture larger than its canvas": lambda: samples.riff(
        samples.webp_canvas(2, 2), (b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(9))
    ),
    "avif": lambda: _avif_claiming(20_000, 20_000),
    "jpeg": lambda: _jpeg_claiming(65_535, 65_535),
    "heic": lambda: samples.heic().replace(struct.pack(">II", 96, 64), struct.pack(">II", 60_000, 60_000)),
    "one very long row": lambda: samples.png(20_000, 1),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_cve_2022_45198_pixel_bombs_are_refused_from_the_header(bomb: str) -> None:
    data = BOMBS[bomb]()
    assert len(data) < 50_000
    assert cheaply_refused(data) == "media_pixels"


def test_a_picture_of_exactly_the_cap_is_taken_and_one_row_more_is_not() -> None:
    assert look(samples.png(7_680, 4_320)).width * 4_320 == MAX_PIXELS
    assert code_of(samples.png(7_680, 4_321)) == "media_pixels"


def _endless_webp() -> bytes:
    frame = bytes(6) + b"\x00\x00\x00" + b"\x00\x00\x00" + bytes(4)
    return samples.riff(samples.webp_canvas(1, 1), *([(b"ANMF", frame)] * 100_000))


def _endless_avif() -> bytes:
    data = samples.animation("AVIF")
    at = data.index(b"stsz") + 12
    return data[:at] + struct.pack(">I", 1_000_000) + data[at + 4 :]


ENDLESS = {
    "gif": lambda: samples.gif(1, 1, 1_000_000),
    "png that claims": lambda: samples.png(
        1, 1, samples.png_chunk(b"acTL", struct.pack(">II", 1_000_000, 0))
    ),
    "png that has": lambda: samples.png(1, 1, *([samples.png_chunk(b"fcTL", bytes(26))] * 100_000)),
    "webp": _endless_webp,
    "avif": _endless_avif,
    "few frames, many pixels": lambda: samples.gif(5_000, 5_000, 13),
}


@pytest.mark.parametrize("form", ENDLESS)
def test_peertube_815_endless_animations_are_refused_quickly(form: str) -> None:
    data = ENDLESS[form]()
    assert cheaply_refused(data) == "media_frames"


def test_peertube_815_a_gif_of_the_smallest_blocks_is_given_up() -> None:
    data = samples.gif(1, 1, 1)[:-3] + b"\x01\x07" * 10_000_000
    assert cheaply_refused(data) == "media_damaged"


def test_a_png_of_a_million_empty_chunks_is_given_up() -> None:
    data = samples.png(1, 1, samples.png_chunk(b"tEXt", b"") * 1_000_000)
    assert cheaply_refused(data) == "media_damaged"


# What is not a picture of ours


def _zip() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.jpg", b"x")
    return buffer.getvalue()


FOREIGN = {
    "svg": (b'<?xml version="1.0"?>\n<!-- hi --><svg xmlns="http://www.w3.org/2000/svg"/>', "media_svg"),
    "svg with a mark": (b"\xef\xbb\xbf  \n<SVG onload=alert(1)>", "media_svg"),
    "svg in UTF-16": ('<?xml version="1.0"?><svg/>'.encode("utf-16"), "media_svg"),
    "m3u8": (b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n", "media_playlist"),
    "m3u8 with a mark": (b"\xef\xbb\xbf#EXTM3U\n", "media_playlist"),
    "ffconcat": (b"ffconcat version 1.0\nfile /etc/passwd\n", "media_playlist"),
    "dash": (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>', "media_playlist"),
    "mp4": (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "media_video"),
    "mp4 that names avif too": (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00avifheicmif1mp41", "media_video"),
    "mov": (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "media_video"),
    "webm": (b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1f", "media_video"),
    "ogg": (b"OggS\x00\x02", "media_video"),
    "mp3": (b"ID3\x04\x00", "media_video"),
    "wav": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "media_video"),
    "avi": (b"RIFF\x24\x00\x00\x00AVI LIST", "media_video"),
    "pdf": (b"%PDF-1.7\n", "media_pdf"),
    "pdf behind rubbish": (b"\n\n  rubbish %PDF-1.4", "media_pdf"),
    "html": (b"<!DOCTYPE html><script>alert(1)</script>", "media_page"),
    "xml": (b"<image><read filename='/etc/passwd'/></image>", "media_page"),
    "text with html": (b"hello <script>alert(1)</script>", "media_page"),
    "program": (b"\x7fELF\x02\x01\x01", "media_page"),
    "zip": (_zip(), "media_archive"),
    "gzip, an svgz say": (b"\x1f\x8b\x08\x00", "media_archive"),
    "mvg": (b"push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'ephemeral:/x'", "media_unknown"),
    "text": (b"just words", "media_unknown"),
    "nothing but zeros": (bytes(4_096), "media_unknown"),
    "empty": (b"", "media_empty"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_cve_2023_36460_what_is_no_picture_is_refused_by_what_it_is(name: str) -> None:
    data, code = FOREIGN[name]
    assert code_of(data) == code


def test_ghsa_wq5f_xc86_pv6w_cve_2021_3741_cve_2021_3742_svg_is_refused_whatever_it_is_called() -> None:
    assert code_of(b"<svg><script>alert(1)</script></svg>") == "media_svg"


def test_cve_2026_107695_cve_2016_1898_a_playlist_that_names_itself_is_refused_by_content() -> None:
    assert code_of(b"#EXTM3U\n#EXTINF:1,\nself.m3u8\n") == "media_playlist"


# Formats Pillow opens and does not write, by their first bytes.
UNWRITTEN = {
    "PSD": b"8BPS\x00\x01" + bytes(20),
    "FLI": bytes(4) + b"\x11\xaf" + bytes(122),
    "FITS": b"SIMPLE  =                    T",
    "CUR": b"\x00\x00\x02\x00\x01\x00" + bytes(30),
    "GBR": b"\x00\x00\x00\x1c\x00\x00\x00\x02" + bytes(30),
    "WMF": b"\xd7\xcd\xc6\x9a" + bytes(30),
    "EMF": b"\x01\x00\x00\x00" + bytes(36) + b" EMF",
    "MPEG": b"\x00\x00\x01\xb3" + bytes(30),
    "PIXAR": b"\200\350\000\000" + bytes(500),
    "SUN": b"\x59\xa6\x6a\x95" + bytes(30),
    "DCX": struct.pack("<I", 0x3ADE68B1) + bytes(30),
    "FTEX": b"FTEX" + bytes(30),
    "XPM": b"/* XPM */\nstatic char * a[] = {",
    "XVTHUMB": b"P7 332\n#END_OF_COMMENTS\n1 1 255\n",
    "MCIDAS": b"\x00\x00\x00\x00\x00\x00\x00\x04" + bytes(260),
    "BigTIFF": b"II+\x00\x08\x00\x00\x00" + bytes(30),
    "JPEG XL": b"\xff\x0a" + bytes(30),
}


def _written_by_pillow() -> dict[str, bytes]:
    Image.init()
    made = {}
    for form in sorted(set(Image.SAVE) - {"JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "PDF"}):
        for mode in ("RGB", "P", "L", "1", "RGBA"):
            try:
                made[form] = samples.encode(samples.quarters().convert(mode), form)
                break
            except (OSError, ValueError, KeyError, RuntimeError, DeprecationWarning):
                continue
    return made


def test_cve_2024_53863_thirty_other_formats_of_pillow_are_refused() -> None:
    others = _written_by_pillow() | UNWRITTEN
    assert len(others) >= 30, sorted(others)
    for form, data in others.items():
        assert code_of(data) in ("media_format", "media_unknown", "media_video"), form


def test_eps_tiff_and_psd_are_named_as_formats_not_taken() -> None:
    made = _written_by_pillow() | UNWRITTEN
    for form in ("EPS", "TIFF", "PSD", "BMP", "ICO", "JPEG2000"):
        assert code_of(made[form]) == "media_format", form


IMPOSTORS = (
    b"<script>alert(1)</script>",
    b"<html><body>",
    b"<!DOCTYPE html>",
    b"%PDF-1.4",
    b"<?php system('id');",
)


@pytest.mark.parametrize("payload", IMPOSTORS)
def test_nodebb_6680060_polyglots_that_a_browser_would_sniff_are_refused(payload: bytes) -> None:
    assert code_of(samples.encode(samples.quarters(), "JPEG", comment=payload)) == "media_disguised"
    assert code_of(b"GIF89a" + payload + bytes(30)) == "media_disguised"
    text = samples.png_chunk(b"tEXt", b"Comment\0" + payload)
    assert code_of(samples.png(8, 8, text)) == "media_disguised"


# Broken input


@pytest.mark.parametrize("kind", TAKEN)
def test_every_beginning_of_a_file_is_taken_or_refused_and_nothing_else(kind: Kind) -> None:
    data = TAKEN[kind]()
    for length in range(len(data)):
        with suppress(Refused):
            assert look(data[:length]).size == length


@given(
    kind=st.sampled_from(list(Kind)), changes=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255)))
)
def test_no_damage_raises_anything_but_a_refusal(kind: Kind, changes: list[tuple[int, int]]) -> None:
    data = bytearray(TAKEN[kind]())
    for at, value in changes:
        data[at % len(data)] = value
    try:
        seen = look(bytes(data))
    except Refused:
        return
    assert 0 < seen.width * seen.height <= MAX_PIXELS


def test_gts_497ebd8_bytes_over_the_limit_are_refused_and_the_limit_itself_is_not() -> None:
    data = TAKEN[Kind.JPEG]()
    assert look(data, max_bytes=len(data)).size == len(data)
    with pytest.raises(TooLarge) as caught:
        look(data, max_bytes=len(data) - 1)
    assert caught.value.code == "media_bytes"


def test_every_refusal_has_a_sentence() -> None:
    with override("en"):
        for code, sentence in SENTENCES.items():
            assert str(sentence).endswith("."), code
            assert "{" not in str(sentence), code
