"""Pictures drawn for the example: hills, sea, bread, tiles, windows; and patterns as avatars."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
_SIZE: Final = (960, 720)
# each from dark to light: ground, middle, accent, light
_PALETTES: Final[tuple[tuple[Colour, ...], ...]] = (
    ((38, 70, 83), (42, 157, 143), (233, 196, 106), (250, 237, 205)),
    ((61, 52, 86), (142, 85, 114), (242, 166, 121), (255, 232, 204)),
    ((27, 58, 75), (71, 119, 140), (214, 140, 90), (240, 228, 209)),
    ((70, 53, 42), (139, 94, 60), (221, 161, 94), (254, 250, 224)),
    ((45, 64, 47), (96, 122, 83), (203, 176, 109), (241, 239, 220)),
    ((84, 36, 55), (168, 80, 83), (232, 172, 120), (250, 232, 212)),
)


@dataclass(frozen=True)
class Picture:
    """A finished drawing, its words in both languages, and whether it goes with bread, with walks or with all."""

    data: bytes
    alt: dict[str, str]
    about: str


def photos(chance: Random, *, count: int) -> list[Picture]:
    """So many different pictures."""
    return [_picture(_KINDS[number % len(_KINDS)], chance) for number in range(count)]


def about(subject: str, chance: Random, *, count: int) -> list[Picture]:
    """So many different pictures that go with one subject."""
    kinds = [kind for kind in _KINDS if kind.about == subject]
    return [_picture(kinds[number % len(kinds)], chance) for number in range(count)]


def avatar(chance: Random) -> bytes:
    """A pattern of 400 by 400 pixels."""
    palette = chance.choice(_PALETTES)
    image = Image.new("RGB", (800, 800), chance.choice(palette[:2]))
    chance.choice((_rings, _star, _leaves, _quarters))(ImageDraw.Draw(image), palette, chance)
    return _encoded(image.resize((400, 400), Image.Resampling.LANCZOS))


def header(chance: Random) -> bytes:
    """Hills, wide."""
    return _encoded(_hills((1200, 400), chance.choice(_PALETTES), chance))


def _picture(kind: _Kind, chance: Random) -> Picture:
    image = kind.draw(_SIZE, chance.choice(_PALETTES), chance)
    return Picture(_encoded(image), {"en": kind.english, "ar": kind.arabic}, kind.about)


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return r, g, b


def _sky(size: tuple[int, int], top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, 64))
    for y in range(64):
        column.putpixel((0, y), _mix(top, bottom, y / 63))
    return column.resize(size, Image.Resampling.BICUBIC)


def _hills(size: tuple[int, int], palette: tuple[Colour, ...], chance: Random) -> Image.Image:
    width, height = size
    image = _sky(size, palette[2], palette[3])
    draw = ImageDraw.Draw(image)
    x, y, r = chance.uniform(0.2, 0.8) * width, height * chance.uniform(0.2, 0.4), height * 0.09
    draw.ellipse((x - r, y - r, x + r, y + r), fill=_mix(palette[3], (255, 255, 255), 0.6))
    for layer in range(5):
        share = layer / 4
        base, swing = height * (0.45 + 0.12 * layer), height * 0.09
        phase, speed = chance.uniform(0, 6.3), chance.uniform(1.5, 4.5)
        ridge = [
            (
                x,
                base
                + swing * math.sin(phase + speed * x / width * 2)
                + swing / 3 * math.sin(9 * x / width + phase),
            )
            for x in range(0, width + 9, 8)
        ]
        draw.polygon([(0, height), *ridge, (width, height)], fill=_mix(palette[1], palette[0], share))
    return image


def _sea(size: tuple[int, int], palette: tuple[Colour, ...], chance: Random) -> Image.Image:
    width, height = size
    image = _sky(size, palette[3], palette[2])
    draw = ImageDraw.Draw(image)
    horizon = round(height * chance.uniform(0.4, 0.6))
    image.paste(_sky((width, height - horizon), palette[1], palette[0]), (0, horizon))
    for _wave in range(140):
        y = horizon + (chance.random() ** 1.6) * (height - horizon)
        length = 12 + (y - horizon) / (height - horizon) * 120
        x = chance.uniform(-40, width)
        draw.line((x, y, x + length, y), fill=_mix(palette[1], palette[3], chance.uniform(0.1, 0.7)), width=2)
    x, side = chance.uniform(0.25, 0.75) * width, 34
    draw.polygon([(x, horizon + 10), (x, horizon - 90), (x + 60, horizon + 2)], fill=palette[3])
    draw.polygon([(x - side, horizon + 8), (x + 66, horizon + 8), (x + 44, horizon + 26), (x - 16, horizon + 26)],
                 fill=palette[0])  # fmt: skip
    return image.filter(ImageFilter.GaussianBlur(0.6))


def _bread(size: tuple[int, int], palette: tuple[Colour, ...], chance: Random) -> Image.Image:
    width, height = size
    image = _sky(size, _mix(palette[0], (0, 0, 0), 0.2), palette[1])
    draw = ImageDraw.Draw(image)
    crust, light = (168, 104, 52), (232, 190, 128)
    for number in range(chance.choice((1, 2, 3))):
        x, y = width * (0.3 + 0.2 * number), height * chance.uniform(0.45, 0.6)
        across, tall = width * chance.uniform(0.2, 0.27), height * chance.uniform(0.17, 0.23)
        draw.ellipse(
            (x - across, y - tall + 22, x + across, y + tall + 30), fill=_mix(palette[0], (0, 0, 0), 0.5)
        )
        for step in range(16):
            left = 1 - step / 20
            box = (x - across * left, y - tall * left - step, x + across * left, y + tall * left - step)
            draw.ellipse(box, fill=_mix(crust, light, step / 18))
        for cut in (-0.45, -0.15, 0.15, 0.45):
            draw.arc((x + across * cut - 26, y - tall * 0.62, x + across * cut + 40, y + tall * 0.5), 100, 250,
                     fill=(250, 226, 178), width=9)  # fmt: skip
    for _crumb in range(260):
        x, y, r = chance.uniform(0, width), chance.uniform(height * 0.35, height), chance.uniform(0.6, 2.4)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=_mix(light, (255, 255, 255), 0.5))
    return image.filter(ImageFilter.GaussianBlur(1.1))


def _tiles(size: tuple[int, int], palette: tuple[Colour, ...], chance: Random) -> Image.Image:
    image = Image.new("RGB", size, palette[3])
    draw = ImageDraw.Draw(image)
    side = chance.choice((120, 160, 240))
    for x in range(0, size[0] + side, side):
        for y in range(0, size[1] + side, side):
            _eight_points(draw, x, y, side * 0.48, palette[(x // side + y // side) % 2])
            _eight_points(draw, x, y, side * 0.26, palette[2])
            _eight_points(draw, x + side / 2, y + side / 2, side * 0.14, palette[1])
    return image


def _eight_points(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, fill: Colour) -> None:
    points = [
        (x + (r if step % 2 else r * 0.72) * math.cos(step * math.pi / 8),
         y + (r if step % 2 else r * 0.72) * math.sin(step * math.pi / 8))
        for step in range(16)
    ]  # fmt: skip
    draw.polygon(points, fill=fill)


def _windows(size: tuple[int, int], palette: tuple[Colour, ...], chance: Random) -> Image.Image:
    width, height = size
    image = _sky(size, _mix(palette[0], (0, 0, 20), 0.5), palette[0])
    draw = ImageDraw.Draw(image)
    at = 0
    while at < width:
        across, tall = chance.randint(90, 200), chance.randint(height // 3, height - 120)
        draw.rectangle(
            (at, height - tall, at + across, height), fill=_mix(palette[0], palette[1], chance.random())
        )
        for x in range(at + 14, at + across - 20, 34):
            for y in range(height - tall + 18, height - 20, 46):
                lit = palette[2] if chance.random() < 0.45 else _mix(palette[0], (0, 0, 0), 0.3)
                draw.rectangle((x, y, x + 16, y + 26), fill=lit)
        at += across + chance.randint(0, 14)
    return image


def _fruit(size: tuple[int, int], palette: tuple[Colour, ...], chance: Random) -> Image.Image:
    image = _sky(size, palette[3], _mix(palette[3], palette[2], 0.4))
    draw = ImageDraw.Draw(image)
    for _slice in range(9):
        x, y, r = chance.uniform(60, size[0] - 60), chance.uniform(60, size[1] - 60), chance.uniform(70, 130)
        hue = chance.choice(((238, 150, 60), (226, 92, 60), (240, 205, 80), (150, 180, 80)))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=hue)
        draw.ellipse(
            (x - r * 0.9, y - r * 0.9, x + r * 0.9, y + r * 0.9), fill=_mix(hue, (255, 255, 255), 0.75)
        )
        turn = chance.uniform(0, 40)
        for piece in range(0, 360, 40):
            box = (x - r * 0.84, y - r * 0.84, x + r * 0.84, y + r * 0.84)
            draw.pieslice(box, piece + turn + 3, piece + turn + 37, fill=_mix(hue, (255, 255, 255), 0.15))
    return image


def _rings(draw: ImageDraw.ImageDraw, palette: tuple[Colour, ...], chance: Random) -> None:
    x, y = chance.randint(200, 600), chance.randint(200, 600)
    for number, r in enumerate(range(700, 40, -chance.choice((60, 90, 110)))):
        draw.ellipse((x - r, y - r, x + r, y + r), fill=palette[number % 4])


def _star(draw: ImageDraw.ImageDraw, palette: tuple[Colour, ...], chance: Random) -> None:
    for r, fill in ((390, palette[3]), (290, palette[2]), (chance.randint(120, 220), palette[0])):
        _eight_points(draw, 400, 400, r, fill)


def _leaves(draw: ImageDraw.ImageDraw, palette: tuple[Colour, ...], chance: Random) -> None:
    for _leaf in range(9):
        x, y, r, turn = (
            chance.randint(0, 800),
            chance.randint(0, 800),
            chance.randint(160, 330),
            chance.randint(0, 3),
        )
        draw.pieslice(
            (x - r, y - r, x + r, y + r), turn * 90, turn * 90 + 90, fill=chance.choice(palette[1:])
        )


def _quarters(draw: ImageDraw.ImageDraw, palette: tuple[Colour, ...], chance: Random) -> None:
    for x in range(0, 800, 200):
        for y in range(0, 800, 200):
            draw.rectangle((x, y, x + 200, y + 200), fill=chance.choice(palette))
            corner = chance.choice(((0, 0, 0), (200, 0, 90), (200, 200, 180), (0, 200, 270)))
            box = (x + corner[0] - 200, y + corner[1] - 200, x + corner[0] + 200, y + corner[1] + 200)
            draw.pieslice(box, corner[2], corner[2] + 90, fill=chance.choice(palette))


@dataclass(frozen=True)
class _Kind:
    draw: Callable[[tuple[int, int], tuple[Colour, ...], Random], Image.Image]
    english: str
    arabic: str
    about: str


_KINDS: Final = (
    _Kind(_hills, "Hills under a low sun (a drawing)", "تلال تحت شمس منخفضة (رسم)", "walks"),
    _Kind(_bread, "Round loaves with cuts in the crust (a drawing)", "أرغفة مستديرة مشقوقة القشرة (رسم)", "food"),
    _Kind(_tiles, "Tiles with eight-pointed stars (a drawing)", "بلاط بنجوم ثمانية (رسم)", "craft"),
    _Kind(_sea, "A small boat on a wide sea (a drawing)", "قارب صغير في بحر واسع (رسم)", "walks"),
    _Kind(_windows, "Houses at night, some windows lit (a drawing)", "بيوت ليلًا وبعض نوافذها مضاء (رسم)", "city"),
    _Kind(_fruit, "Slices of oranges and lemons (a drawing)", "شرائح برتقال وليمون (رسم)", "food"),
)  # fmt: skip
