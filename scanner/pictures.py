"""Looking at pictures before they are kept: what they really are, and small WebP copies for the web."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image, ImageOps

MOST_PIXELS = 50_000_000
MOST_BYTES = 20 << 20
FORMATS = ("JPEG", "PNG", "WEBP")
THUMBNAILS = {185: 20_000, 342: 45_000}  # width: most bytes
QUALITIES = (82, 74, 64, 54, 42, 30, 18, 8)


class BadPicture(ValueError):
    """These bytes are no picture that we keep; the text says what they are instead."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was decoded in full; `sha256` is the hash of `data`."""

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
    return Picture(data, str(image.format), image.width, image.height)


def as_jpeg(picture: Picture) -> Picture:
    """Return the picture as the JPEG that files called .jpg must be."""
    if picture.format == "JPEG":
        return picture
    out = io.BytesIO()
    _on_white(_decoded(picture.data)).save(out, "JPEG", quality=90)
    return Picture(out.getvalue(), "JPEG", picture.width, picture.height)


def thumbnails(picture: Picture) -> dict[int, bytes]:
    """Return WebP copies by width, small enough for a page of a hundred; never larger than the picture."""
    upright = _on_white(ImageOps.exif_transpose(_decoded(picture.data)))
    found = {}
    for width, most in THUMBNAILS.items():
        small = upright.copy()
        small.thumbnail((width, width * 3), Image.Resampling.LANCZOS)
        found[width] = _webp(small, most=most)
    return found


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
