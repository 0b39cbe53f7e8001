"""The work on pixels: decode, turn upright, sRGB, sizes, encode. Runs in the bounded child only.

Imports nothing but Pillow, pi-heif and blurhash-rs. Nothing of the input is copied to an output but
pixels: every output is encoded from an image whose ``info`` (EXIF, XMP, ICC, comments) was emptied.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import blurhash_rs
import pi_heif  # type: ignore[import-untyped]
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageColor,
    ImageFile,
    ImagePalette,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

# The child may open no file while it works, so what Pillow would import late is imported here; and
# outside libheif it may start no thread, so decoders are told to keep to one.
LATE_IMPORTS: Final = (ImageColor, ImagePalette, TiffImagePlugin)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pi_heif.options.DECODE_THREADS = 1
pi_heif.options.THUMBNAILS = pi_heif.options.DEPTH_IMAGES = pi_heif.options.AUX_IMAGES = False
Image.preinit()

# The decoder is named by the kind that the header showed; Pillow never guesses among its fifty.
_OPENERS: Final[dict[str, type[ImageFile.ImageFile]]] = {
    "jpeg": JpegImagePlugin.JpegImageFile,
    "png": PngImagePlugin.PngImageFile,
    "gif": GifImagePlugin.GifImageFile,
    "webp": WebPImagePlugin.WebPImageFile,
    "avif": AvifImagePlugin.AvifImageFile,
    "heif": pi_heif.HeifImageFile,
}
_EXIF_ORIENTATION: Final = 0x0112
# EXIF 2.32, 4.6.4: what makes a stored picture upright.
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB: Final = ImageCms.createProfile("sRGB")
_MIME: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}

_FLAT_COLOURS: Final = 32_768
"""A drawing or a screenshot has fewer colours than this, a photo has more."""
_LOSSLESS_BYTES: Final = 1_000_000
_ANIMATION_OUTPUT_PIXELS: Final = 80_000_000
"""Frames × width × height of an animated output: about four seconds of encoding."""
_SHORTEST_FRAME: Final = 20
"""Milliseconds; below it browsers show a frame for 100, and so do we."""
_LONGEST_FRAME: Final = 60_000


class SizeError(Exception):
    """The decoder sees a larger picture than the header told."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One output: name of the variant, MIME type, size in pixels, bytes."""

    name: str
    mime: str
    width: int
    height: int
    animated: bool
    data: bytes


def transform(file: BinaryIO, job: dict[str, Any]) -> tuple[dict[str, Any], list[Encoded]]:
    """All variants of the picture in ``file`` and what is told about it.

    ``job``: ``kind``; ``max_pixels``, ``max_frames``; ``crop`` [width, height] or null; ``side``, the
    longest side of the original in pixels; ``animation_side``; ``sizes`` as [[name, longest side], …],
    falling.
    """
    image = _OPENERS[job["kind"]](file)
    frames = 1 if job["kind"] == "heif" else getattr(image, "n_frames", 1)
    if image.width * image.height > job["max_pixels"] or frames > job["max_frames"]:
        raise SizeError(f"{image.width} x {image.height}, {frames} frames")
    shape = _Shape(image, job)
    hidden = int(bool(getattr(image, "default_image", False)))  # an APNG's picture for old programs
    moving = frames - hidden > 1
    if not moving:
        hidden = 0
        shape.draft()
    else:
        image.seek(hidden)
    first = shape.finish()
    unscaled = first.size in (image.size, image.size[::-1])
    lossless = job["kind"] in ("png", "gif") and unscaled and _few_colours(first)
    original = _encode_original(first, lossless)
    web = list(_sized(first, job["sizes"], exact=original.mime == "image/png", every=bool(job["crop"])))
    film = _animate(shape, range(hidden, frames), job) if moving else None
    arrange = _fixed_names if job["crop"] else _with_still
    return _told(first, moving), arrange(original, web, film)


def _with_still(original: Encoded, web: list[Encoded], film: Encoded | None) -> list[Encoded]:
    return [original, *web] if film is None else [film, _renamed(original, "still"), *web]


def _fixed_names(original: Encoded, web: list[Encoded], film: Encoded | None) -> list[Encoded]:
    """Avatars and headers are addressed by key alone: large, still and small are there, as WebP, always."""
    large, *smaller = web
    moving = [original, large] if film is None else [film, _renamed(film, "large")]
    return [*moving, _renamed(large, "still"), *smaller]


class _Shape:
    """How frames of one file become upright sRGB pictures of the wanted size."""

    def __init__(self, image: ImageFile.ImageFile, job: dict[str, Any]) -> None:
        self.image = image
        self.crop: tuple[int, int] | None = tuple(job["crop"]) if job["crop"] else None
        self.side: int = job["side"]
        self.orientation = _orientation(image)
        self.profile = image.info.get("icc_profile")

    def draft(self) -> None:
        """Let the JPEG decoder give a half, quarter or eighth, if that is nearly the size wanted.

        A 12-megapixel photo then costs 40 ms instead of 170 and 200 more for resizing; the original may
        be up to a fifth smaller than its cap (2,016 instead of 2,048 for most telephones).
        """
        wanted = self._factor() * (1.0 if self.crop else 0.8)
        for divisor in (8, 4, 2):
            if isinstance(self.image, JpegImagePlugin.JpegImageFile) and 1 / divisor >= wanted:
                width, height = self.image.size
                self.image.draft(None, (max(width // divisor, 1), max(height // divisor, 1)))
                return

    def finish(self, factor: float = 1.0) -> Image.Image:
        """The present frame: scaled (``factor`` more than needed), sRGB, upright, cropped, without info."""
        frame = _resizable(self.image)
        frame = _scaled(frame, self._factor() * factor)
        frame = _srgb(frame, self.profile)
        if self.orientation in _UPRIGHT:
            frame = frame.transpose(_UPRIGHT[self.orientation])
        frame = _cropped(frame, self.crop) if self.crop else frame
        frame = _without_needless_alpha(frame)
        frame.info = {}
        return frame

    def _factor(self) -> float:
        width, height = self.image.size
        if self.crop is None:
            return min(1.0, self.side / max(width, height))
        if self.orientation >= 5:
            width, height = height, width
        return min(1.0, max(self.crop[0] / width, self.crop[1] / height))


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(_EXIF_ORIENTATION, 1)
    except Exception:  # EXIF is written by anything; a broken one must not cost the picture
        return 1
    return found if isinstance(found, int) and found in _UPRIGHT else 1


def _resizable(image: Image.Image) -> Image.Image:
    """The frame in a mode that can be resized: L, LA, RGB, RGBA or CMYK."""
    image.load()
    if image.mode.startswith("I") or image.mode == "F":
        # 16-bit grey: Pillow's convert() would cut off instead of scaling
        return image.convert("I").point(lambda value: value * (1 / 257), "L")
    if image.mode in ("L", "RGB") and image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    if factor >= 1.0:
        return image.copy()
    size = (max(round(image.width * factor), 1), max(round(image.height * factor), 1))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _srgb(image: Image.Image, profile: object) -> Image.Image:
    """RGB or RGBA in sRGB; a profile that cannot be read is as good as none."""
    wanted = "RGBA" if image.mode in ("LA", "RGBA") else "RGB"
    if isinstance(profile, bytes) and profile and image.mode in ("L", "RGB", "RGBA", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in (source.profile.profile_description or ""):
                image = ImageCms.profileToProfile(image, source, _SRGB, outputMode=wanted) or image
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image if image.mode == wanted else image.convert(wanted)


def _cropped(image: Image.Image, crop: tuple[int, int]) -> Image.Image:
    """The middle in the proportions of ``crop``, never enlarged."""
    factor = min(1.0, image.width / crop[0], image.height / crop[1])
    width, height = max(round(crop[0] * factor), 1), max(round(crop[1] * factor), 1)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _without_needless_alpha(image: Image.Image) -> Image.Image:
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image


def _few_colours(image: Image.Image) -> bool:
    return image.getcolors(_FLAT_COLOURS) is not None


def _encoded(image: Image.Image, name: str, form: str, **options: Any) -> Encoded:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    animated = bool(options.get("save_all"))
    return Encoded(name, _MIME[form], image.width, image.height, animated, buffer.getvalue())


def _renamed(output: Encoded, name: str) -> Encoded:
    return Encoded(name, output.mime, output.width, output.height, output.animated, output.data)


def _encode_original(image: Image.Image, lossless: bool) -> Encoded:
    """What apps get: PNG for drawings, JPEG for photos, WebP for photos that let light through.

    Mastodon serves an upload in its own format and HEIC or AVIF as JPEG: every app knows these three.
    """
    if lossless:
        drawing = _encoded(image, "original", "PNG", optimize=True)
        if len(drawing.data) <= _LOSSLESS_BYTES:
            return drawing
    if image.mode == "RGBA":
        return _encoded(image, "original", "WEBP", quality=85, method=2)
    return _encoded(image, "original", "JPEG", quality=85, optimize=True)


def _sized(image: Image.Image, sizes: list[list[Any]], *, exact: bool, every: bool) -> Iterator[Encoded]:
    """WebP for the web, each from the one before; the first always, the others if smaller or ``every``.

    With ``exact`` the first is lossless if it is not scaled. No AVIF: at equal PSNR it saved 9 % of the
    bytes for 2.5 times the CPU time of WebP (speed 10), or 12 % for eight times (speed 8).
    """
    last = None
    for name, side in sizes:
        if last is not None and max(last) <= side and not every:
            continue
        smaller = _scaled(image, side / max(image.size))
        unchanged = exact and smaller.size == image.size and last is None
        options = {"lossless": True, "quality": 50} if unchanged else {"quality": 80}
        yield _encoded(smaller, name, "WEBP", method=2, **options)
        image, last = smaller, smaller.size


class _Frames:
    """The second frame to the last, as Pillow's WebP writer walks through them, one in memory at a time."""

    def __init__(self, shape: _Shape, numbers: range, factor: float, durations: list[int]) -> None:
        self.shape, self.numbers, self.factor, self.durations = shape, numbers, factor, durations
        self.n_frames = len(numbers)
        self.mode = "RGBA"
        self.encoderinfo: dict[str, Any] = {}

    def seek(self, position: int) -> None:
        self.shape.image.seek(self.numbers[position])
        self.frame = self.shape.finish(self.factor).convert("RGBA")
        # the writer reads each duration only after it has taken the frame
        self.durations.append(_duration(self.shape.image))

    def getim(self) -> Any:
        return self.frame.getim()


def _animate(shape: _Shape, numbers: range, job: dict[str, Any]) -> Encoded:
    """An animated WebP, scaled so that the whole of it stays within the budget for encoding."""
    shape.image.seek(numbers[0])
    first = shape.finish()
    budget = (_ANIMATION_OUTPUT_PIXELS / (len(numbers) * first.width * first.height)) ** 0.5
    factor = min(1.0, budget, job["animation_side"] / max(first.size))
    if shape.crop:
        factor = min(1.0, budget)
        shape.crop = (max(round(first.width * factor), 1), max(round(first.height * factor), 1))
    first = shape.finish(factor).convert("RGBA")
    durations = [_duration(shape.image)]
    rest = _Frames(shape, numbers[1:], factor, durations)
    return _encoded(
        first,
        "original",
        "WEBP",
        save_all=True,
        append_images=[rest],
        duration=durations,
        loop=_loops(shape.image),
        quality=75,
        method=0,
        # no key frames in between: a third smaller and twice as fast, and nobody seeks in these
        kmin=0,
        kmax=0,
    )


def _duration(image: Image.Image) -> int:
    told = image.info.get("duration", 0)
    milliseconds = int(told) if isinstance(told, (int, float)) and told < _LONGEST_FRAME else 0
    return milliseconds if milliseconds >= _SHORTEST_FRAME else 100


def _loops(image: Image.Image) -> int:
    """0 is for ever; a GIF without the loop extension plays once."""
    told = image.info.get("loop", 1 if image.format == "GIF" else 0)
    return min(told, 1_000) if isinstance(told, int) and told >= 0 else 0


def _told(first: Image.Image, moving: bool) -> dict[str, Any]:
    thumb = _scaled(first, 32 / max(first.size))
    paper = Image.new("RGB", thumb.size, "white")
    paper.paste(thumb, mask=thumb.getchannel("A") if thumb.mode == "RGBA" else None)
    across, down = (4, 3) if paper.width >= paper.height else (3, 4)
    red, green, blue = paper.resize((1, 1), Image.Resampling.BOX).tobytes()
    return {
        "blurhash": blurhash_rs.blurhash_encode(paper, x_components=across, y_components=down),
        "colour": f"#{red:02x}{green:02x}{blue:02x}",
        "animated": moving,
    }
