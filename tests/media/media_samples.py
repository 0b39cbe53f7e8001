"""Pictures made on the spot, tame and hostile. HEIC cannot be written here, so one of 836 bytes is kept."""

from __future__ import annotations

import base64
import io
import random
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

SECRETS = (b"SECRET-CAMERA", b"SECRET-XMP", b"SECRET-COMMENT", b"SECRET-PROFILE", b"GPS")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="51,30N">'
    b"SECRET-XMP</rdf:Description></x:xmpmeta>"
)


def quarters(width: int = 96, height: int = 64) -> Image.Image:
    """Red, with the quarter at the upper left blue: shows which way is up."""
    image = Image.new("RGB", (width, height), (220, 30, 30))
    ImageDraw.Draw(image).rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=(30, 30, 220))
    return image


def photo(width: int = 800, height: int = 600, seed: int = 1) -> Image.Image:
    """Soft shapes with grain: many colours, compresses like a photo."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), (90, 120, 160))
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, r = chance.randrange(width), chance.randrange(height), chance.randrange(10, max(width // 4, 11))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(chance.randrange(256) for _ in range(3)))
    return Image.blend(image, Image.effect_noise((width, height), 60).convert("RGB"), 0.25)


def drawing(width: int = 200, height: int = 120, alpha: bool = False) -> Image.Image:
    """Four flat colours, as a logo has; with ``alpha`` a transparent corner."""
    image = Image.new("RGBA" if alpha else "RGB", (width, height), (250, 250, 240, 255)[: 4 if alpha else 3])
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 80, 80), fill=(200, 0, 60))
    draw.ellipse((90, 30, 160, 100), fill=(0, 90, 200))
    if alpha:
        draw.rectangle((0, 0, 15, 15), fill=(0, 0, 0, 0))
    return image


def encode(image: Image.Image, form: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def decode(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def exif(orientation: int = 1) -> Image.Exif:
    """A camera, a place and an orientation."""
    made = Image.Exif()
    made[0x010F], made[0x0112] = "SECRET-CAMERA", orientation
    made.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 0.0), 3: "E", 4: (0.0, 7.0, 0.0), 29: "GPS-DATE"})
    return made


def swapped_profile() -> bytes:
    """An ICC profile in which the red primary is blue's and the reverse: red pixels are meant blue."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace(b"rXYZ", b"XXXX").replace(b"bXYZ", b"rXYZ").replace(b"XXXX", b"bXYZ")
    return profile.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


def tagged_profile() -> bytes:
    """An ICC profile with a secret behind its end."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"SECRET-PROFILE"


def with_metadata(form: str) -> bytes:
    """A picture that tells all it can: EXIF with GPS, XMP, ICC, comments, text."""
    profile = tagged_profile()
    if form == "JPEG":
        return encode(quarters(), form, exif=exif(), xmp=XMP, icc_profile=profile, comment=b"SECRET-COMMENT")
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "SECRET-COMMENT")
        text.add_itxt("XML:com.adobe.xmp", XMP.decode())
        return encode(quarters(), form, exif=exif(), icc_profile=profile, pnginfo=text)
    if form == "GIF":
        return encode(quarters(), form, comment=b"SECRET-COMMENT")
    if form == "HEIF":
        return heic()
    return encode(quarters(), form, exif=exif(), xmp=XMP, icc_profile=profile)


def animation(form: str, frames: int = 5, size: tuple[int, int] = (120, 80), **options: Any) -> bytes:
    """A ball that moves, on paper."""
    drawn = []
    for number in range(frames):
        frame = Image.new("RGB", size, (240, 240, 230))
        x, y = number * 10 % size[0], number * 10 // size[0] * 5
        ImageDraw.Draw(frame).ellipse((x - 15, y, x + 15, y + 30), fill=(200, 0, 0))
        drawn.append(frame)
    options = {"duration": 80, "loop": 0} | options
    return encode(drawn[0], form, save_all=True, append_images=drawn[1:], **options)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *extra: bytes, bits: int = 1) -> bytes:
    """A black PNG written by hand, so that a huge one costs no memory here."""
    packer, row = zlib.compressobj(9), bytes(1 + (width * bits + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    chunks = [png_chunk(b"IHDR", head), *extra, png_chunk(b"IDAT", packed), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def gif(width: int, height: int, frames: int, frame_size: tuple[int, int] = (1, 1)) -> bytes:
    """A GIF of any claim and any number of frames, 44 bytes with one."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, *frame_size, 0) + b"\x02\x02\x44\x01\x00"
    wait = b"\x21\xf9\x04\x00\x00\x00\x00\x00"
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    return head + (wait + frame) * frames + b"\x3b"


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1) for name, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_canvas(width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8X", b"\x02\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")


def heic() -> bytes:
    """96 × 64 of quarters(), with EXIF orientation 6, camera, GPS and XMP."""
    return zlib.decompress(base64.b85decode(_HEIC))


_HEIC = (
    "c-mc4O=uHQ5T3W2zd}u<RjeYxDnd<=HtMNVNlhaZjcDybdNJG0E_t|{eQcJxUP_A;iU;u&P!KAfgrY$_g+T1BC-tIY"
    "K`jbBD2O1mK`U|I+clO9``*0y=6f@|nOOihs5>`VQKKrLm{d>kvq=>lfP6DGM*&aziv`2>&%mhaK!=>8h9!cGr9lS5"
    "Pg2a&C<TxNQf?zvWTD7M+DJdHX-Z4Fu()?G8k)F>oZ^g{f*l~?A+s(O^h6t!`7=xn6vhmyDh{<ugLXkrx~3uGMj3TX"
    "@MFR{Wi~_of-==Y?P8V;kvVi%km5gJ`%kk85R>zGqc2UmNvp*PGH1yAi`S&Ig3jbwLOMK4L-WDP*YRUdO45Pu2!~er"
    "7D-PdKRiZO?CRk(rs-8J!!D_Yi|{T8%^|dhmYL?4CXb8Lb~EZyQJqKxqd^z7Er(aCk23RLs|b+byd(z}@H{|mP51Gr"
    "S}3bnG$LN^S+Zx5(`G^8EzJ**r@eFTn}yXz>sS5qwcm$ojn{AMJu9=zw^|#4d$Skz-F~<}`QhWc>gVg5o6DzYy^>l}"
    "t4eZejlTc6-+E>>#$Rney8me-kqHmK+=8J8wHwXnkH0T&b)Bz#S;8D4uW7j)B+!b0Ok!d>qPR|w9?^LMA%MlB5b*oN"
    "9}icunThP=@yuv0J249A6C(i9MKM|s^rvP9cY$X)9%$ot{5qWUW5#_A9Xh<z9&v|Vlkp$njGz8$?$XHMfAlXo+oeV"
)
