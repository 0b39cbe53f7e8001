"""A 12-megapixel JPEG to all variants, beside the plain way to a single one, in the same run.

    python bench/media.py [--rounds 5]

Prints JSON, milliseconds at the median: ``all_variants_cpu`` and ``all_variants_wall`` for what an upload
costs (four variants, blurhash, colour; a bounded child that is warm), ``avatar_cpu``, ``first_wall`` for
the first picture, when the child must be started, and as the limit ``one_variant_cpu``: Pillow in this
process decodes the JPEG whole, resizes it to 1280 and encodes WebP with its defaults, without any bound.
``ratio`` is all variants to that one. ``peak_megabytes`` is the child's largest memory.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import time

import django
from django.conf import settings
from PIL import Image, ImageDraw

from majlis.media.bounded import ChildPool
from majlis.media.transform import ATTACHMENT, AVATAR, Preset, process_image


def twelve_megapixels() -> bytes:
    """4032 × 3024, as telephones make them: shapes with grain, about 3 MB."""
    image = Image.radial_gradient("L").resize((4_032, 3_024)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for number in range(200):
        x, y = number * 977 % 4_032, number * 613 % 3_024
        draw.ellipse((x, y, x + 300, y + 200), fill=(number, 255 - number, number * 7 % 256))
    grain = Image.effect_noise((4_032, 3_024), 40).convert("RGB")
    buffer = io.BytesIO()
    Image.blend(image, grain, 0.15).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def one_variant(data: bytes) -> float:
    """Milliseconds of CPU for one 1280-pixel WebP the plain way."""
    start = time.process_time()
    image = Image.open(io.BytesIO(data))
    image.resize((1_280, 960), Image.Resampling.LANCZOS).save(io.BytesIO(), "WEBP")
    return (time.process_time() - start) * 1_000


def run(data: bytes, preset: Preset, pool: ChildPool) -> tuple[float, float, int]:
    """Milliseconds of CPU (this process and the child), of the wall clock, and bytes at the peak."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = process_image(source=data, preset=preset, max_bytes=40_000_000, pool=pool)
    ours = time.process_time() - cpu
    return (ours + result.cpu_seconds) * 1_000, (time.perf_counter() - wall) * 1_000, result.peak_bytes


def measure(rounds: int) -> dict[str, float]:
    """The figures named above."""
    data, pool = twelve_megapixels(), ChildPool(size=1)
    first = run(data, ATTACHMENT, pool)
    all_variants = [run(data, ATTACHMENT, pool) for _ in range(rounds)]
    avatars = [run(data, AVATAR, pool) for _ in range(rounds)]
    plain = statistics.median(one_variant(data) for _ in range(rounds))
    pool.close()
    cpu = statistics.median(each[0] for each in all_variants)
    return {
        "input_megabytes": round(len(data) / 1e6, 1),
        "all_variants_cpu": round(cpu),
        "all_variants_wall": round(statistics.median(each[1] for each in all_variants)),
        "avatar_cpu": round(statistics.median(each[0] for each in avatars)),
        "first_wall": round(first[1]),
        "one_variant_cpu": round(plain),
        "ratio": round(cpu / plain, 2),
        "peak_megabytes": round(max(each[2] for each in all_variants) / 1e6),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="CPU time of a 12-megapixel JPEG to all variants.")
    parser.add_argument("--rounds", type=int, default=5)
    settings.configure(USE_I18N=False)
    django.setup()
    print(json.dumps(measure(parser.parse_args().rounds), indent=2))


if __name__ == "__main__":
    main()
