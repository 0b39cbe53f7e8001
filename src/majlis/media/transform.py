"""From the bytes of an upload to safe pictures in every size wanted: the one way in.

The caller gives bytes and a preset and gets finished files. What was uploaded is never kept or served:
every byte that leaves was encoded here from pixels, so it carries no place, no name and no program.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from majlis.media.bounded import ChildPool, Limits, Report, VariantReport, shared_pool
from majlis.media.inspect import (
    MAX_FRAMES,
    MAX_PIXELS,
    Inspected,
    Kind,
    check_size,
    inspect_image,
    refusal,
)

EXTENSIONS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
"""What is stored and served, and nothing else is."""
_KIND_OF: Final = {"image/jpeg": Kind.JPEG, "image/png": Kind.PNG, "image/webp": Kind.WEBP}


@dataclass(frozen=True, slots=True)
class Preset:
    """Sizes in pixels: longest side of the original and of an animation, and the smaller WebP variants.

    With ``crop`` (width, height) the middle is cut out in these proportions, and every size is there under
    its name, as WebP, with ``still`` beside it. Nothing is ever enlarged.
    """

    side: int
    animation_side: int
    sizes: tuple[tuple[str, int], ...]
    crop: tuple[int, int] | None = None


ATTACHMENT: Final = Preset(
    side=2048, animation_side=800, sizes=(("large", 1280), ("small", 640), ("tiny", 320))
)
AVATAR: Final = Preset(side=400, animation_side=400, sizes=(("large", 400), ("small", 128)), crop=(400, 400))
HEADER: Final = Preset(
    side=1500, animation_side=750, sizes=(("large", 1500), ("small", 750)), crop=(1500, 500)
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A finished file: pixels, MIME type, bytes; ``animated`` when it moves."""

    name: str
    width: int
    height: int
    mime: str
    animated: bool
    data: bytes

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.data)

    @property
    def file_name(self) -> str:
        """Name with extension, as stored below the picture's key."""
        return f"{self.name}.{EXTENSIONS[self.mime]}"


@dataclass(frozen=True, slots=True)
class ProcessedImage:
    """All variants of a picture, largest first, and what is told about it.

    ``original`` (for apps: JPEG, PNG or WebP) and ``large`` (WebP) are always there, the smaller ones when
    the picture is larger than they; ``still`` stands beside an animated ``original``. ``colour`` is the
    average as #rrggbb. ``cpu_seconds`` and ``peak_bytes`` are what the child took.
    """

    variants: tuple[Variant, ...]
    blurhash: str
    colour: str
    animated: bool
    cpu_seconds: float
    peak_bytes: int

    @property
    def width(self) -> int:
        """Pixels of the original."""
        return self.variant("original").width

    @property
    def height(self) -> int:
        """Pixels of the original."""
        return self.variant("original").height

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.width / self.height

    def variant(self, name: str) -> Variant:
        """The variant called ``name``, or the next larger one (for ``still`` the original)."""
        found = {each.name: each for each in self.variants}
        for stand_in in (name, *_LARGER.get(name, ())):
            if stand_in in found:
                return found[stand_in]
        raise KeyError(name)


_LARGER: Final = {"still": ("original",), "tiny": ("small", "large"), "small": ("large",)}


def process_image(
    *,
    source: bytes | Path,
    preset: Preset,
    max_bytes: int,
    limits: Limits | None = None,
    pool: ChildPool | None = None,
    drill: str | None = None,
) -> ProcessedImage:
    """Every variant that ``preset`` asks for, upright, in sRGB and without metadata.

    Takes 0.05 to 0.4 s for a photo and up to some 15 s for the longest animation; call it from a job or
    a thread. Raises BadInput or TooLarge with the reason (codes of inspect.SENTENCES), NotNow when the
    machine cannot do it now. ``drill`` rehearses a failing decoder (see ChildPool.run).
    """
    data = source if isinstance(source, bytes) else _read(source, max_bytes)
    inspected = inspect_image(data=data, max_bytes=max_bytes)
    with _private_file(data) as reading, _private_file() as writing:
        report, ended = (pool or shared_pool()).run(
            job=_job(inspected, preset),
            source=reading,
            target=writing,
            limits=limits or Limits(),
            drill=drill,
        )
        variants = tuple(_checked(each, writing) for each in report.variants)
    return _processed(report, variants, ended.cpu_seconds, ended.peak_bytes)


def _read(path: Path, max_bytes: int) -> bytes:
    """The file, read once: what is checked is what is decoded, whatever happens to the path."""
    with path.open("rb") as file:
        check_size(os.fstat(file.fileno()).st_size, max_bytes=max_bytes)
        return file.read(max_bytes + 1)


@contextmanager
def _private_file(data: bytes = b"") -> Iterator[BinaryIO]:
    """A file without a name that no other process can open, gone when closed."""
    with tempfile.TemporaryFile(prefix="majlis-") as file:
        file.write(data)
        file.seek(0)
        yield file


def _job(inspected: Inspected, preset: Preset) -> dict[str, Any]:
    return {
        "kind": inspected.kind.value,
        "max_pixels": MAX_PIXELS,
        "max_frames": MAX_FRAMES + 1,  # an APNG's still picture counts with Pillow
        "crop": preset.crop,
        "side": preset.side,
        "animation_side": preset.animation_side,
        "sizes": preset.sizes,
    }


def _checked(told: VariantReport, output: BinaryIO) -> Variant:
    """The bytes the child wrote, if they are what it says: it may have been taken over by what it decoded."""
    data = os.pread(output.fileno(), max(told.length, 0), max(told.start, 0))
    kind = _KIND_OF.get(told.mime)
    seen = inspect_image(data=data, max_bytes=Limits().output_bytes)
    if (seen.kind, seen.width, seen.height) != (kind, told.width, told.height):
        raise refusal("media_damaged", cause=f"child said {told}, wrote {seen}")
    return Variant(told.name, told.width, told.height, told.mime, told.animated, data)


def _processed(
    report: Report, variants: tuple[Variant, ...], cpu_seconds: float, peak_bytes: int
) -> ProcessedImage:
    names = [each.name for each in variants]
    if "original" not in names or "large" not in names or len(set(names)) != len(names):
        raise refusal("media_damaged", cause=f"child wrote {names}")
    return ProcessedImage(variants, report.blurhash, report.colour, report.animated, cpu_seconds, peak_bytes)
