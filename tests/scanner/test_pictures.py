"""Pictures are looked at before they are kept."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image, ImageOps

from jobs.errors import RetryLater
from scanner import pictures
from scanner.demo.pictures import poster
from scanner.pictures import BadPicture
from scanner.services import thumbnails

POSTER = poster("Moss", year=2019, width=780)


def encoded(image, form, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def test_a_poster_is_a_picture():
    found = pictures.look(POSTER)

    assert (found.format, found.width, found.height, len(found.sha256)) == ("JPEG", 780, 1170, 64)


BAD = {
    "HTML": b"<!DOCTYPE html><html>Just a moment...</html>",
    "cut": POSTER[: len(POSTER) // 2],
    "empty": b"",
    "only the magic bytes": POSTER[:4],
    "a format we do not keep": encoded(Image.new("RGB", (8, 8)), "GIF"),
    "too many pixels": encoded(Image.new("1", (10_000, 6_000)), "PNG"),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(BadPicture):
        pictures.look(data)


def test_thumbnails_are_small_webp():
    found = pictures.thumbnails(pictures.look(POSTER))

    assert {width: Image.open(io.BytesIO(data)).size for width, data in found.items()} == {
        185: (185, 278),
        342: (342, 513),
    }
    assert all(Image.open(io.BytesIO(data)).format == "WEBP" for data in found.values())
    assert len(found[185]) <= 20_000
    assert len(found[342]) <= 45_000


def test_noise_is_pressed_until_it_fits():
    noise = Image.effect_noise((780, 1170), 120).convert("RGB")

    found = pictures.thumbnails(pictures.look(encoded(noise, "JPEG")))

    assert len(found[185]) <= 20_000
    assert len(found[342]) <= 45_000


def test_a_photograph_that_lies_on_its_side_has_the_size_it_is_shown_in():
    image = Image.new("RGB", (400, 300))
    exif = image.getexif()
    exif[0x0112] = 6

    found = pictures.look(encoded(image, "JPEG", exif=exif))

    assert (found.width, found.height) == (300, 400)
    copies = {width: Image.open(io.BytesIO(data)).size for width, data in pictures.thumbnails(found).items()}
    assert copies == {width: pictures.size_at(width, of=(300, 400)) for width in (185, 342)}


def test_a_small_picture_is_not_blown_up():
    found = pictures.thumbnails(pictures.look(encoded(Image.new("RGB", (100, 150)), "JPEG")))

    assert Image.open(io.BytesIO(found[342])).size == (100, 150)


def test_a_transparent_png_becomes_a_jpeg_on_white():
    found = pictures.as_jpeg(pictures.look(encoded(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG")))

    assert Image.open(io.BytesIO(found.data)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("trouble", [FileNotFoundError, FileExistsError])
def test_two_jobs_that_make_the_same_thumbnail_do_not_wait_for_a_quarter_of_an_hour(
    monkeypatch, settings, tmp_path, trouble
):
    settings.ARTWORK_DIR = tmp_path

    def in_each_others_way(_self, _target):
        raise trouble(2, "the other job has made or taken the scratch file")

    monkeypatch.setattr(Path, "replace", in_each_others_way)
    with pytest.raises(RetryLater) as put_off:
        thumbnails.show(pictures.look(POSTER))

    assert put_off.value.until < timezone.now() + timedelta(seconds=10)


def test_odd_exif_is_no_reason_to_fail_and_the_picture_is_upright():
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "words"
    data = encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif)
    odd = data.replace(b"\x01\x0e\x00\x02", b"\x01\x00\x00\x02")  # a width that is words

    made = pictures.made_anew(odd, png=False)

    assert odd != data
    assert (made.width, made.height) == (20, 40)
    assert pictures.thumbnails(pictures.look(odd), {10: 20_000})[10]


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_turned_as_exif_says(turn):
    image, exif = Image.new("RGB", (48, 32), "black"), Image.Exif()
    image.paste((255, 255, 255), (0, 0, 16, 16))
    exif[0x0112] = turn
    data = encoded(image, "PNG", exif=exif)

    made = Image.open(io.BytesIO(pictures.made_anew(data, png=True).data))

    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    assert (made.size, made.convert("RGB").tobytes()) == (expected.size, expected.tobytes())


def test_nothing_but_the_pixels_of_what_a_person_sent_is_kept():
    image = Image.new("RGB", (40, 20))
    commented = encoded(image, "JPEG", comment=b"where we live", icc_profile=b"where we live" * 20)

    for png in (False, True):
        assert b"where we live" not in pictures.made_anew(commented, png=png).data
