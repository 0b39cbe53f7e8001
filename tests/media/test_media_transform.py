"""What comes out of a picture: upright, sRGB, every size, nothing told about where and by whom."""

from __future__ import annotations

from pathlib import Path

import blurhash_rs
import media_samples as samples
import pytest
from media_structure import assert_tells_nothing
from PIL import Image, ImageChops, ImageStat

from majlis.core.errors import BadInput, NotNow, Refused, TooLarge
from majlis.media.transform import ATTACHMENT, AVATAR, HEADER, Preset, ProcessedImage, process_image

MAX_BYTES = 40_000_000


def process(data: bytes, preset: Preset = ATTACHMENT) -> ProcessedImage:
    return process_image(source=data, preset=preset, max_bytes=MAX_BYTES)


def opened(result: ProcessedImage, name: str = "original") -> Image.Image:
    return samples.decode(result.variant(name).data)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Root mean square over 24 × 24 pixels and three channels, of 255."""
    small = [image.convert("RGB").resize((24, 24), Image.Resampling.BOX) for image in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).rms)


def is_upright(image: Image.Image) -> bool:
    """Whether quarters() has its blue corner at the upper left and nowhere else."""
    points = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
    small = image.convert("RGB")
    colours = [small.getpixel((int(x * small.width), int(y * small.height))) for x, y in points]
    return [blue > red for red, _green, blue in colours] == [True, False, False, False]


# Orientation

STORED = {  # what turns an upright picture into the stored one that the orientation undoes
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_orientation_comes_out_upright(form: str, orientation: int) -> None:
    turn = STORED[orientation]
    stored = samples.quarters() if turn is None else samples.quarters().transpose(turn)
    result = process(samples.encode(stored, form, exif=samples.exif(orientation)))
    for variant in result.variants:
        assert (variant.width, variant.height) == (96, 64)
        assert is_upright(samples.decode(variant.data)), variant.name


def test_a_heic_is_turned_once_and_not_twice() -> None:
    result = process(samples.heic())
    assert (result.width, result.height) == (64, 96)
    turned = samples.quarters().transpose(Image.Transpose.ROTATE_270)
    assert difference(opened(result), turned) < 10


def test_a_broken_exif_costs_only_the_orientation() -> None:
    data = samples.encode(samples.quarters(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40)
    assert is_upright(opened(process(data)))


@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
def test_eighteen_photos_come_out_upright(shared_data: Path, shape: str) -> None:
    folder = shared_data / "data" / "media" / "orientation"
    upright = Image.open(folder / f"{shape}_1.jpg")
    for number in range(9):
        result = process((folder / f"{shape}_{number}.jpg").read_bytes())
        assert (result.width, result.height) == upright.size
        for variant in result.variants:
            assert difference(samples.decode(variant.data), upright) < 3, (number, variant.name)
    sideways = upright.transpose(Image.Transpose.ROTATE_180)
    assert difference(sideways, upright) > 20, "the measure must be able to tell"


# Nothing is told


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"])
@pytest.mark.parametrize("preset", [ATTACHMENT, AVATAR, HEADER], ids=["attachment", "avatar", "header"])
def test_masto_251_exif_no_byte_of_metadata_is_left(form: str, preset: Preset) -> None:
    data = samples.with_metadata(form)
    assert any(secret in data for secret in samples.SECRETS)
    for variant in process(data, preset).variants:
        assert_tells_nothing(variant.mime, variant.data, samples.SECRETS)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_masto_251_exif_animations_tell_nothing_either(form: str) -> None:
    told = {"GIF": {"comment": b"SECRET-COMMENT"}}.get(
        form, {"exif": samples.exif(), "icc_profile": samples.tagged_profile()}
    )
    result = process(samples.animation(form, **told))
    assert result.animated
    for variant in result.variants:
        assert_tells_nothing(variant.mime, variant.data, samples.SECRETS)


def test_nodebb_6680060_what_hangs_behind_or_inside_a_picture_is_gone() -> None:
    payload = b"<script>alert('SECRET-PAYLOAD')</script>"
    jpeg = samples.encode(samples.quarters(), "JPEG", comment=b"x" * 2_000 + payload)
    photo = samples.photo(200, 150)
    behind = [samples.encode(photo, form) + payload for form in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")]
    for data in (jpeg, *behind):
        for variant in process(data).variants:
            assert_tells_nothing(variant.mime, variant.data, (b"SECRET-PAYLOAD", b"<script"))


# Colour


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_colour_profile_is_applied_and_not_kept(form: str) -> None:
    red = Image.new("RGB", (64, 64), (250, 10, 10))
    result = process(samples.encode(red, form, icc_profile=samples.swapped_profile()))
    for variant in result.variants:
        r, _g, b = samples.decode(variant.data).convert("RGB").getpixel((30, 30))
        assert b > 200 > 60 > r, variant.name


def test_a_profile_that_cannot_be_read_is_ignored() -> None:
    data = samples.encode(samples.quarters(), "JPEG", icc_profile=b"\xff" * 500)
    assert difference(opened(process(data)), samples.quarters()) < 12


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_mode_of_png_keeps_its_look(mode: str) -> None:
    image = samples.drawing(alpha=mode in ("LA", "RGBA")).convert(mode)
    result = opened(process(samples.encode(image, "PNG"))).convert("RGBA")
    assert ImageChops.difference(result, image.convert("RGBA")).getbbox() is None


def test_sixteen_bit_grey_is_scaled_and_not_cut() -> None:
    image = Image.new("I;16", (64, 64), 128 * 257)
    assert opened(process(samples.encode(image, "PNG"))).convert("L").getpixel((5, 5)) == 128


def test_cmyk_becomes_rgb() -> None:
    result = process(samples.encode(samples.quarters().convert("CMYK"), "JPEG", quality=95))
    assert opened(result).mode == "RGB"
    assert difference(opened(result), samples.quarters()) < 12


# Sizes and formats


def test_a_large_photo_gets_every_size() -> None:
    result = process(samples.encode(samples.photo(4_032, 3_024), "JPEG"))
    shapes = [(each.name, max(each.width, each.height), each.mime) for each in result.variants]
    assert shapes == [
        ("original", 2_016, "image/jpeg"),
        ("large", 1_280, "image/webp"),
        ("small", 640, "image/webp"),
        ("tiny", 320, "image/webp"),
    ]
    assert result.aspect == pytest.approx(4 / 3, rel=0.01)
    sizes = [each.size for each in result.variants]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(("width", "height"), [(2_500, 1_000), (3_000, 3_000), (2_100, 700), (6_000, 4_000)])
def test_the_original_is_capped_and_hardly_smaller_than_its_cap(width: int, height: int) -> None:
    result = process(samples.encode(Image.new("RGB", (width, height), "teal"), "JPEG"))
    assert 0.8 * 2_048 <= max(result.width, result.height) <= 2_048


def test_a_small_photo_is_not_enlarged_and_larger_variants_stand_in() -> None:
    result = process(samples.encode(samples.photo(500, 300), "JPEG"))
    assert [(each.name, each.width) for each in result.variants] == [
        ("original", 500),
        ("large", 500),
        ("tiny", 320),
    ]
    assert result.variant("small") is result.variant("large")
    assert result.variant("still") is result.variant("original")
    with pytest.raises(KeyError):
        result.variant("huge")


@pytest.mark.parametrize("size", [(1, 1), (16_384, 1), (1, 9_000), (3, 2)])
@pytest.mark.parametrize("preset", [ATTACHMENT, AVATAR, HEADER], ids=["attachment", "avatar", "header"])
def test_odd_shapes_come_through(size: tuple[int, int], preset: Preset) -> None:
    for form in ("PNG", "JPEG"):
        result = process(samples.encode(Image.new("RGB", size, "teal"), form), preset)
        assert all(each.width >= 1 and each.height >= 1 for each in result.variants)


@pytest.mark.parametrize("alpha", [False, True])
def test_a_drawing_stays_lossless_for_apps_and_web(alpha: bool) -> None:
    image = samples.drawing(alpha=alpha)
    result = process(samples.encode(image, "PNG"))
    assert result.variant("original").mime == "image/png"
    for name in ("original", "large"):
        kept = opened(result, name).convert("RGBA")
        # WebP may change the colour of what is fully transparent, which nobody sees
        seen = [
            Image.alpha_composite(Image.new("RGBA", kept.size, "gold"), each)
            for each in (kept, image.convert("RGBA"))
        ]
        assert ImageChops.difference(*seen).getbbox() is None


def test_a_photo_saved_as_png_becomes_a_jpeg() -> None:
    result = process(samples.encode(samples.photo(900, 700), "PNG"))
    assert result.variant("original").mime == "image/jpeg"


def test_a_photo_that_lets_light_through_keeps_its_alpha() -> None:
    image = samples.photo(900, 700)
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    result = process(samples.encode(image, "PNG"))
    assert result.variant("original").mime == "image/webp"
    for each in result.variants:
        low, high = samples.decode(each.data).getchannel("A").getextrema()
        assert low < 20 < 235 < high


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"])
def test_apps_get_only_what_every_app_can_show(form: str) -> None:
    assert process(samples.with_metadata(form)).variant("original").mime in ("image/jpeg", "image/png")


def test_avatar_is_the_middle_square_and_header_is_three_to_one() -> None:
    image = Image.new("RGB", (1_600, 900), "white")
    image.paste((200, 0, 0), (700, 350, 900, 550))
    data = samples.encode(image, "JPEG")
    avatar, header = process(data, AVATAR), process(data, HEADER)
    assert [(each.name, each.width, each.height) for each in avatar.variants] == [
        ("original", 400, 400),
        ("large", 400, 400),
        ("still", 400, 400),
        ("small", 128, 128),
    ]
    assert [(each.name, each.width, each.height) for each in header.variants] == [
        ("original", 1_500, 500),
        ("large", 1_500, 500),
        ("still", 1_500, 500),
        ("small", 750, 250),
    ]
    for result in (avatar, header):
        middle = opened(result).getpixel((result.width // 2, result.height // 2))
        assert middle[0] > 180 > 30 > middle[1]
        assert min(opened(result).getpixel((2, 2))) > 240


def test_a_turned_photo_is_cropped_as_it_is_seen() -> None:
    stored = samples.quarters(1_200, 2_400).transpose(Image.Transpose.ROTATE_90)
    result = process(samples.encode(stored, "JPEG", exif=samples.exif(6)), HEADER)
    assert (result.width, result.height) == (1_200, 400)
    assert is_upright(opened(result))


# Animations


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("preset", [ATTACHMENT, AVATAR], ids=["attachment", "avatar"])
def test_animations_stay_animated_with_a_still_beside(form: str, preset: Preset) -> None:
    result = process(samples.animation(form, frames=6), preset)
    moving = opened(result)
    assert result.animated
    assert result.variant("original").mime == "image/webp"
    assert moving.n_frames == 6
    assert moving.info["loop"] == 0
    for number in (0, 5):
        moving.seek(number)
        moving.load()
        assert moving.info["duration"] == 80
    still = opened(result, "still")
    assert getattr(still, "n_frames", 1) == 1
    moving.seek(0)
    assert difference(moving, still) < 12
    moves = ["original", "large"] if preset.crop else ["original"]
    assert [each.name for each in result.variants if each.animated] == moves


@pytest.mark.parametrize("preset", [AVATAR, HEADER], ids=["avatar", "header"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF"])
@pytest.mark.parametrize("side", [20, 300, 2_000])
def test_avatars_and_headers_always_have_the_same_file_names(preset: Preset, form: str, side: int) -> None:
    still = process(samples.encode(samples.drawing(side, side), form), preset)
    moving = process(samples.animation("GIF", size=(side, side)), preset)
    for result in (still, moving):
        names = {each.file_name for each in result.variants}
        assert {"large.webp", "still.webp", "small.webp"} <= names
        assert not result.variant("still").animated
        assert not result.variant("small").animated
    assert moving.variant("large").animated


def test_frames_without_a_duration_get_a_tenth_of_a_second() -> None:
    moving = opened(process(samples.animation("GIF", duration=0)))
    moving.load()
    assert moving.info["duration"] == 100


def test_the_still_for_old_programs_in_an_apng_is_not_part_of_the_film() -> None:
    still = Image.new("RGB", (60, 40), "green")
    film = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    data = samples.encode(still, "PNG", save_all=True, append_images=film, default_image=True, duration=90)
    moving = opened(process(data))
    assert moving.n_frames == 2
    assert moving.convert("RGB").getpixel((5, 5))[0] > 200


def test_a_long_animation_is_scaled_to_what_its_encoding_may_cost() -> None:
    result = process(samples.animation("GIF", frames=140, size=(900, 700)))
    moving = opened(result)
    assert moving.n_frames == 140
    assert 50_000_000 < 140 * result.width * result.height < 81_000_000
    assert result.cpu_seconds < 20
    assert max(opened(result, "still").size) == 900


def test_an_animated_avatar_is_square() -> None:
    result = process(samples.animation("GIF", size=(900, 500)), AVATAR)
    assert (result.width, result.height) == (400, 400)


# What is told


def test_blurhash_and_colour_resemble_the_picture() -> None:
    result = process(samples.encode(samples.photo(), "JPEG"))
    assert difference(blurhash_rs.blurhash_decode(result.blurhash, 32, 24), samples.photo()) < 60
    mean = ImageStat.Stat(samples.photo()).mean
    told = [int(result.colour[at : at + 2], 16) for at in (1, 3, 5)]
    assert all(abs(one - other) < 8 for one, other in zip(told, mean, strict=True))


def test_the_same_bytes_give_the_same_files() -> None:
    data = samples.encode(samples.photo(), "JPEG")
    assert [each.data for each in process(data).variants] == [each.data for each in process(data).variants]


# Refusals


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF"])
def test_a_truncated_file_is_refused_in_one_sentence(form: str) -> None:
    data = samples.heic() if form == "HEIF" else samples.encode(samples.photo(300, 200), form)
    with pytest.raises(BadInput) as caught:
        process(data[: len(data) * 6 // 10])
    assert caught.value.code == "media_damaged"
    assert caught.value.field == "file"


def test_peertube_815_an_animation_that_breaks_off_is_refused_or_ends_there() -> None:
    data = samples.animation("GIF", frames=30)
    for length in range(len(data) // 3, len(data), 97):
        try:
            assert process(data[:length]).variant("original").size > 0
        except Refused as refused:
            if refused.code != "media_damaged":
                raise


def test_what_is_refused_at_first_sight_never_reaches_the_child() -> None:
    with pytest.raises(TooLarge) as caught:
        process(samples.png(13_000, 13_000))
    assert caught.value.code == "media_pixels"


def test_a_file_on_disk_is_taken_by_its_content_and_capped(tmp_path: Path) -> None:
    upload = tmp_path / "photo.svg"
    upload.write_bytes(samples.encode(samples.quarters(), "JPEG"))
    assert process_image(source=upload, preset=ATTACHMENT, max_bytes=MAX_BYTES).width == 96
    with pytest.raises(TooLarge):
        process_image(source=upload, preset=ATTACHMENT, max_bytes=100)
    assert not isinstance(NotNow, BadInput)
