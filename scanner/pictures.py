"""Looking at pictures before they are kept: what they really are, and small WebP copies for the web."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image

MOST_PIXELS = 50_000_000
MOST_BYTES = 20 << 20
FORMATS = ("JPEG", "PNG", "WEBP")
SHEET = {185: 20_000, 342: 45_000}  # width: most bytes
TALLEST = 3  # times its width; a copy of something taller is narrower
LARGEST = (3840, 3840)  # pixels of what a person sends
ORIENTATION, LYING = 0x0112, (5, 6, 7, 8)  # how EXIF says that a picture lies on its side
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
QUALITIES = (82, 74, 64, 54, 42, 30, 18, 8)


class BadPicture(ValueError):
    """These bytes are no picture that we keep; the text says what they are instead."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded in full; `sha256` is the hash of `data`, its sizes are those it is shown in."""

    data: bytes
    format: str
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """The hash that its thumbnails are named by."""
        return hashlib.sha256(self.data).hexdigest()


def look(data: bytes) -> Picture:
    """Return the picture in these bytes, after decoding all of it; raises BadPicture."""
    image = _decoded(data)
    width, height = image.size
    if _orientation(image) in LYING:
        width, height = height, width
    return Picture(data, str(image.format), width, height)


def as_jpeg(picture: Picture) -> Picture:
    """Return the picture as the JPEG that files called .jpg must be."""
    if picture.format == "JPEG":
        return picture
    return _encoded(_on_white(_decoded(picture.data)), "JPEG", quality=90)


def as_png(picture: Picture) -> Picture:
    """Return the picture as the PNG that files called .png must be, with what is transparent in it."""
    if picture.format == "PNG":
        return picture
    return _encoded(_with_alpha(_decoded(picture.data)), "PNG")


def made_anew(data: bytes, *, png: bool) -> Picture:
    """Return what a person sent as a picture of our own making: nothing but its pixels is kept; raises BadPicture."""
    image = _upright(_decoded(data))
    image.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    if png:
        return _encoded(_with_alpha(image), "PNG")
    return _encoded(_on_white(image), "JPEG", quality=92)


def thumbnails(picture: Picture, web: Mapping[int, int] = SHEET, *, alpha: bool = False) -> dict[int, bytes]:
    """Return WebP copies by width, small enough for a page of a hundred; never larger than the picture."""
    image = _upright(_decoded(picture.data))
    upright = _with_alpha(image) if alpha else _on_white(image)
    found = {}
    for width, most in web.items():
        small = upright.copy()
        small.thumbnail((width, width * TALLEST), Image.Resampling.LANCZOS)
        found[width] = _webp(small, most=most)
    return found


def size_at(width: int, *, of: tuple[int, int]) -> tuple[int, int]:
    """Return the size that the copy of this width has, of a picture of that size; both at least 1."""
    full_width, full_height = (max(1, side) for side in of)
    scale = min(1.0, width / full_width, width * TALLEST / full_height)
    return max(1, round(full_width * scale)), max(1, round(full_height * scale))


def _encoded(image: Image.Image, form: str, **options: int) -> Picture:
    out = io.BytesIO()
    image.info = {}  # comments and profiles, which would be written along
    image.save(out, form, **options)
    return Picture(out.getvalue(), form, image.width, image.height)


def _decoded(data: bytes) -> Image.Image:
    if len(data) > MOST_BYTES:
        raise BadPicture(f"{len(data):,} bytes are too many for a picture")
    if data.lstrip()[:1] == b"<":
        raise BadPicture("a page of markup came in place of a picture")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise BadPicture(f"{image.width} x {image.height} pixels are too many for a picture")
        image.load()
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise BadPicture(str(error) or "it cannot be decoded") from error
    except Image.DecompressionBombWarning as error:  # where warnings are errors
        raise BadPicture(str(error)) from error
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture as EXIF says it stands; Pillow's own function writes EXIF anew, and fails where it is odd."""
    turn = TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        struct.error,
    ):  # what cameras and programs write there
        return 1


def _with_alpha(image: Image.Image) -> Image.Image:
    return image if image.mode == "RGBA" else image.convert("RGBA")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _webp(image: Image.Image, *, most: int) -> bytes:
    """Return the best quality that fits; noise that never fits comes in the lowest."""
    encoded = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        encoded = out.getvalue()
        if len(encoded) <= most:
            break
    return encoded
