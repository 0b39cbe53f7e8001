"""What a picture says of itself in its first bytes: size and number of frames, nothing decoded.

Pure Python on purpose: this runs inside the server on bytes of strangers, where no C decoder may.
Every loop here ends after a number of steps that the length of the input does not decide.
Sources: ITU-T T.81 B.2 (JPEG), W3C PNG 3rd edition 5 and 11, GIF89a, RFC 9649 (WebP),
ISO/IEC 14496-12 and 23008-12 (boxes of AVIF and HEIC).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Real files need a few thousand; hostile ones are made of the smallest possible pieces.
_MAX_CHUNKS: Final = 100_000
_MAX_SUB_BLOCKS: Final = 400_000
_MAX_BOXES: Final = 20_000


class HeaderError(ValueError):
    """The bytes do not follow their own format; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Header:
    """Width and height in pixels of the largest canvas a decoder would make, and frames (1 when still)."""

    width: int
    height: int
    frames: int = 1


def _number(data: bytes, start: int, length: int, *, little: bool = False) -> int:
    piece = data[start : start + length]
    if len(piece) < length:
        raise HeaderError(f"ends at {len(data)}, {length} bytes wanted at {start}")
    return int.from_bytes(piece, "little" if little else "big")


def read_jpeg(data: bytes, frame_limit: int) -> Header:
    """Size from the first start-of-frame marker; a JPEG has one frame."""
    position = 2
    for _ in range(_MAX_CHUNKS):
        if _number(data, position, 1) != 0xFF:
            raise HeaderError(f"no marker at {position}")
        marker = _number(data, position + 1, 1)
        if marker == 0xFF:
            position += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            position += 2
        elif marker in (0xD9, 0xDA):
            raise HeaderError("picture data before its size")
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return Header(_number(data, position + 7, 2), _number(data, position + 5, 2))
        else:
            position += 2 + max(_number(data, position + 2, 2), 2)
    raise HeaderError("too many segments")


def read_png(data: bytes, frame_limit: int) -> Header:
    """Size from IHDR; frames as claimed by acTL or as counted from fcTL, whichever is more."""
    if data[12:16] != b"IHDR":
        raise HeaderError("IHDR is not the first chunk")
    width, height = _number(data, 16, 4), _number(data, 20, 4)
    claimed = counted = 0
    position = 8
    for _ in range(_MAX_CHUNKS):
        name = data[position + 4 : position + 8]
        if name == b"acTL":
            claimed = max(claimed, _number(data, position + 8, 4))
        elif name == b"fcTL":
            counted += 1
        if name in (b"IEND", b"") or max(claimed, counted) > frame_limit:
            return Header(width, height, max(claimed, counted, 1))
        position += 12 + _number(data, position, 4)
    raise HeaderError("too many chunks")


def read_gif(data: bytes, frame_limit: int) -> Header:
    """Size of the logical screen, grown by frames that stick out of it, as decoders do."""
    width, height = _number(data, 6, 2, little=True), _number(data, 8, 2, little=True)
    position = 13 + _colour_table(_number(data, 10, 1))
    frames, steps = 0, 0
    while frames <= frame_limit and position < len(data):
        introducer = data[position]
        if introducer == 0x2C:
            left, top, wide, high = (_number(data, position + at, 2, little=True) for at in (1, 3, 5, 7))
            width, height, frames = max(width, left + wide), max(height, top + high), frames + 1
            position += 11 + _colour_table(_number(data, position + 9, 1))
        elif introducer == 0x21:
            position += 2
        else:  # the trailer, or rubbish that decoders take for it
            break
        position, steps = _skip_sub_blocks(data, position, steps)
    if frames == 0:
        raise HeaderError("no frame")
    return Header(width, height, frames)


def _colour_table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _skip_sub_blocks(data: bytes, position: int, steps: int) -> tuple[int, int]:
    end = len(data)
    while position < end and data[position]:
        position += data[position] + 1
        steps += 1
        if steps > _MAX_SUB_BLOCKS:
            raise HeaderError("too many sub-blocks")
    return position + 1, steps


def read_webp(data: bytes, frame_limit: int) -> Header:
    """The largest size any chunk claims; frames as counted from ANMF."""
    width = height = frames = 0
    position = 12
    for _ in range(_MAX_CHUNKS):
        name = data[position : position + 4]
        if len(name) < 4 or frames > frame_limit:
            break
        wide, high = _webp_size(data, name, position + 8)
        width, height = max(width, wide), max(height, high)
        frames += name == b"ANMF"
        length = _number(data, position + 4, 4, little=True)
        position += 8 + length + (length & 1)
    else:
        raise HeaderError("too many chunks")
    if not width or not height:
        raise HeaderError("no picture in it")
    return Header(width, height, max(frames, 1))


def _webp_size(data: bytes, name: bytes, start: int) -> tuple[int, int]:
    if name == b"VP8X":
        return _number(data, start + 4, 3, little=True) + 1, _number(data, start + 7, 3, little=True) + 1
    if name == b"ANMF":
        return _number(data, start + 6, 3, little=True) + 1, _number(data, start + 9, 3, little=True) + 1
    if name == b"VP8 ":
        wide, high = _number(data, start + 6, 2, little=True), _number(data, start + 8, 2, little=True)
        return wide & 0x3FFF, high & 0x3FFF
    if name == b"VP8L":
        bits = _number(data, start + 1, 4, little=True)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0


def read_boxes(data: bytes, frame_limit: int) -> Header:
    """AVIF and HEIC: the largest picture that any property or track claims; frames of the longest track.

    Tiles and thumbnails are smaller than the picture they belong to, so the largest is the picture.
    """
    sizes = [(0, 0)]
    frames = 1
    for box, start, end in _boxes_below(
        data, {b"meta": 4, b"iprp": 0, b"ipco": 0, b"moov": 0, b"trak": 0, b"mdia": 0, b"minf": 0, b"stbl": 0}
    ):
        if box == b"ispe" and end - start >= 12:
            sizes.append((_number(data, start + 4, 4), _number(data, start + 8, 4)))
        elif box == b"stsd" and end - start >= 44:
            sizes.append((_number(data, start + 40, 2), _number(data, start + 42, 2)))
        elif box == b"stsz" and end - start >= 12:
            frames = max(frames, _number(data, start + 8, 4))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    if not width or not height:
        raise HeaderError("no size in it")
    return Header(width, height, frames)


def _boxes_below(data: bytes, containers: dict[bytes, int]) -> Iterator[tuple[bytes, int, int]]:
    """Every box as (name, start of content, end), going into the containers named (with bytes to skip)."""
    spans = [(0, len(data))]
    for _ in range(_MAX_BOXES):
        while spans and spans[-1][1] - spans[-1][0] < 8:
            spans.pop()
        if not spans:
            return
        position, limit = spans.pop()
        length, head = _number(data, position, 4), 8
        if length == 1:
            length, head = _number(data, position + 8, 8), 16
        end = limit if length == 0 else min(position + max(length, head), limit)
        name = data[position + 4 : position + 8]
        spans.append((end, limit))
        if name in containers:
            spans.append((position + head + containers[name], end))
        yield name, position + head, end
    raise HeaderError("too many boxes")
